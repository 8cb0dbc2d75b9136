"""How many kiosks report at once, so that the end of a city's outage is a queue and not a crush.

The law of this file: taking rows in is the heaviest thing that kiosks ask for and the least urgent, so it
never takes every thread and every connection: a new code finds its way between. Whoever comes when the queue
is full is told when to come again, before anything of it is kept; sync then waits so long and a random
while more. Nothing is lost by it: rows stay at the kiosk until central has said that it has them.
"""

from __future__ import annotations

import http
import re

from starlette.types import ASGIApp, Receive, Scope, Send

from sync.central.problems import answer

AT_WORK = 4  # requests whose rows are being taken in; more would only share the same processor
MOST_REPORTING = 200  # under way, those at work too: each may hold its rows in memory
RETRY_S = 10  # about what the queue takes
_JOURNAL = re.compile(r"/v1/kiosks/[^/]+/journal")


class Crowd:
    """Around the application, within what logs and stamps."""

    def __init__(self, app: ASGIApp, most: int = MOST_REPORTING) -> None:
        self._app = app
        self._most = most
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or not _reports(scope):
            await self._app(scope, receive, send)
            return
        if self._under_way >= self._most:
            await _read_away(receive)  # or it would never read our answer
            told = answer(http.HTTPStatus.SERVICE_UNAVAILABLE, "busy", "many report: try again")
            told.headers["Retry-After"] = str(RETRY_S)
            await told(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1


def _reports(scope: Scope) -> bool:
    return scope["method"] == "POST" and _JOURNAL.fullmatch(scope["path"]) is not None


async def _read_away(receive: Receive) -> None:
    message = await receive()
    while message["type"] == "http.request" and message.get("more_body", False):
        message = await receive()
