"""Who may come in by the office's door: a bearer key with the scope that the call needs, not too fast.

The law of this file: every call of that door names the scopes that may make it, here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from sync.central.api_keys import Scope, bearer
from sync.central.desk import Desk, desk_of
from sync.central.problems import ProblemError

MOST_KEY = 400  # characters
REFUSED = (400, 401, 403, 404, 411, 413, 422, 429, 503)  # what any call of this door may end in
_bearer = HTTPBearer(auto_error=False, description="office.key, or a key with scopes")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who came in, and where to."""

    desk: Desk
    name: str
    scopes: frozenset[Scope]


def _may(*scopes: Scope) -> Callable[..., Caller]:
    """Whoever has one of these scopes."""

    def come_in(
        request: Request,
        shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Caller:
        desk = desk_of(request)
        key = "" if shown is None else shown.credentials[:MOST_KEY]
        with desk.store.begin() as session:
            who = bearer(desk.store, session, key)
        if who is None:
            raise ProblemError(401, "office-key", "wanted: Authorization: Bearer <office key>")
        if wait_s := desk.pace.wait_s(who.id):
            slow = HTTPStatus.TOO_MANY_REQUESTS
            raise ProblemError(slow, "slow-down", "too many calls with this key", retry_s=wait_s)
        if who.scopes.isdisjoint(scopes):
            wanted = " or ".join(scopes)
            raise ProblemError(403, "scope", f"this key has not the scope {wanted}")
        return Caller(desk, who.name, who.scopes)

    return come_in


Orders = Annotated[Caller, Depends(_may(Scope.RESULTS))]
Reads = Annotated[Caller, Depends(_may(Scope.READ, Scope.RESULTS))]
Watches = Annotated[Caller, Depends(_may(Scope.READ))]
Revokes = Annotated[Caller, Depends(_may(Scope.KIOSKS))]
Minds = Annotated[Caller, Depends(_may(Scope.STAFF))]
Prints = Annotated[Caller, Depends(_may(Scope.PRINT))]
Phones = Annotated[Caller, Depends(_may(Scope.TASKS))]
SeesTasks = Annotated[Caller, Depends(_may(Scope.READ, Scope.TASKS))]
