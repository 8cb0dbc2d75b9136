"""Who may come in by the kiosks' door, and that nobody else does.

The law of this file: a request is believed when the kiosk's transport key signed exactly this method,
path and body, over a stamp of ours that is not too old; nothing else about it is believed. Believing
and answering is one transaction, under the kiosk's row lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from sync.calls import REQUEST_HEADER
from sync.central import kiosk_keys, watching
from sync.central.alarm_words import REVOKED
from sync.central.crowd import Rank
from sync.central.desk import Desk, desk_of
from sync.central.journal import Stop
from sync.central.problems import ProblemError
from sync.central.tables import Kiosk
from sync.jws import BadEnvelope
from sync.keys import read_key
from sync.stamps import check_request, check_stamp

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came; nobody is believed yet."""

    desk: Desk
    kiosk: str
    method: str
    target: str
    body: bytes
    proof: str

    async def answered(self, rank: Rank, work: Callable[[Session, Kiosk], T]) -> T:
        """Believe it or refuse it, and do `work` in the same transaction; in its turn.

        `work` may be done anew, as a unit of `Store.run`.

        Raises:
            ProblemError: 401, 403; 503 when too many ask now. UnknownError: there is no such kiosk.
        """
        return await self.desk.crowd.do(rank, partial(self._answered, work))

    def _answered(self, work: Callable[[Session, Kiosk], T]) -> T:
        store = self.desk.store

        def unit(session: Session) -> ProblemError | tuple[T]:
            row = store.kiosk(session, self.kiosk)
            word = self._believed(session, row)
            return refused(word) if word else (work(session, row),)

        done = store.run(unit)
        if isinstance(done, ProblemError):  # raised after the transaction: its alarm is to be kept
            raise done
        return done[0]

    async def known(self) -> Caller:
        """Believe it or refuse it; a revoked kiosk is known too."""
        unit = partial(self.desk.store.run, self._known)
        word = await self.desk.crowd.do(Rank.ASK, unit)
        if word == Stop.STALE_EPOCH:
            raise refused(word)
        return Caller(self.desk, self.kiosk, revoked=word == REVOKED)

    def _known(self, session: Session) -> str:
        return self._believed(session, self.desk.store.kiosk(session, self.kiosk))

    def _believed(self, session: Session, row: Kiosk) -> str:
        """`REVOKED`, `Stop.STALE_EPOCH`, or "" for a kiosk that is to be served."""
        store = self.desk.store
        signed = partial(
            check_request, self.proof, method=self.method, path=self.target, body=self.body
        )
        try:
            stamp = signed(key=read_key(row.transport_jwk))
        except BadEnvelope as error:
            if not _of_before(session, row, signed):
                raise ProblemError(401, "signature", str(error)) from error
            store.alarm_again(
                session, row.id, Stop.STALE_EPOCH, "a call with keys of an earlier epoch"
            )
            return Stop.STALE_EPOCH
        if row.revoked_ms:
            store.alarm_again(session, row.id, REVOKED, "a call of the revoked kiosk")
            return REVOKED
        if not check_stamp(store.stamp_secret, stamp, store.now()):
            raise ProblemError(401, "stamp", "too old: repeat with the stamp of this answer")
        watching.heard(session, row, store.now())
        return ""


@dataclass(frozen=True, slots=True)
class Caller:
    """A kiosk that proved itself; perhaps one that was revoked."""

    desk: Desk
    kiosk: str
    revoked: bool = False


def refused(word: str) -> ProblemError:
    """403: `REVOKED` or `Stop.STALE_EPOCH`."""
    return ProblemError(403, word, "this kiosk was enrolled anew, or must not serve any more")


async def _call(request: Request, kiosk: str) -> Call:
    target = request.scope["raw_path"].decode("ascii")
    if query := request.scope["query_string"].decode("ascii"):
        target += "?" + query
    proof = request.headers.get(REQUEST_HEADER, "")
    desk, body = desk_of(request), await request.body()
    return Call(desk, kiosk, request.method, target, body, proof)


Asked = Annotated[Call, Depends(_call)]


async def _known(asked: Asked) -> Caller:
    return await asked.known()


Known = Annotated[Caller, Depends(_known)]


def _of_before(session: Session, row: Kiosk, signed: Callable[..., str]) -> bool:
    """Whether a transport key of an earlier epoch signed it."""
    for key in kiosk_keys.former(session, row, "transport").values():
        try:
            signed(key=key)
        except BadEnvelope:
            continue
        return True
    return False
