"""What statements mean for central: where the parts lie, which codes are known there, what to tell.

The law of this file: the kiosk owns what happened, so nothing is refused here. A statement that names
what central does not know, or of an unknown kind, changes nothing and is kept all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.central import holders, notices, rotation, stated_alarms, tasks
from sync.central.results import parts
from sync.central.store import Store
from sync.central.tables import Holder, Kiosk, Part, Result
from sync.central.texts import COLLECTED, READY
from sync.keys import SIGNING, BadKeyError, read_key
from sync.messages import Clock, Kind, Statement

AHEAD_MS = 5 * 60 * 1000  # a kiosk's clock further ahead of ours is not believed
MOST_NUMBER = 2**53
MOST_COMPARTMENT = 255
_WORD = re.compile(r"[A-Za-z0-9._-]{1,64}")
# The phase of a result is that of the part that needs a person most.
_UNTOUCHED = ("loaded", "accepted", "unconfirmed")  # nobody was seen to open it
_WORST_FIRST = ("disputed", "unconfirmed", "opened", "accepted", "loaded", "collected")


@dataclass(frozen=True, slots=True)
class Turn:
    """One statement being taken in."""

    store: Store
    session: Session
    kiosk: Kiosk
    statement: Statement

    def text(self, name: str) -> str:
        """A plain word among the kind's own fields, "" when it is missing or something else."""
        value = self.statement.fields.get(name)
        return value if isinstance(value, str) and _WORD.fullmatch(value) else ""

    def number(self, name: str) -> int:
        """As `text`; -1 when it is missing or something else."""
        value = self.statement.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            return -1
        return value if 0 <= value <= MOST_NUMBER else -1

    def numbers(self, name: str) -> list[int]:
        """The numbers in a list."""
        values = self.statement.fields.get(name)
        return [v for v in values if type(v) is int] if isinstance(values, list) else []

    def key_id(self, name: str) -> str:
        """The key id of a public JWK, "" when it is missing or something else."""
        try:
            return read_key(self.statement.fields.get(name), curve=SIGNING).kid
        except BadKeyError:
            return ""

    def result(self) -> Result | None:
        """The result that is meant, if it is one of this kiosk's."""
        found = self.session.get(Result, self.text("cid"))
        return found if found is not None and found.kiosk == self.kiosk.id else None

    def at_ms(self) -> int:
        """When it happened, as far as the kiosk's clock can be believed; else now."""
        now = self.store.now()
        trusted = self.statement.clock is not Clock.UNKNOWN
        return self.statement.at_ms if trusted and self.statement.at_ms < now + AHEAD_MS else now

    def set_part(self, result: Result, number: int, phase: str) -> None:
        """A part's phase, and with it the result's."""
        if not 1 <= number <= MOST_COMPARTMENT:
            return
        self.session.merge(Part(cid=result.cid, compartment=number, phase=phase))
        self.settle(result)

    def settle(self, result: Result) -> None:
        """The result's phase, after its parts have changed."""
        self.session.flush()
        result.phase = overall(self.session, result)
        if result.phase != "collected":
            result.collected_ms = 0
        elif not result.collected_ms:
            result.collected_ms = self.at_ms()


def apply(turn: Turn) -> None:
    """Take one statement into account, in the transaction that stores it."""
    kind = turn.statement.kind
    stated_alarms.take(turn.store, turn.session, turn.kiosk.id, turn.statement)
    change = _CHANGES.get(kind)
    if change is not None:
        change(turn)


def overall(session: Session, result: Result) -> str:
    """The phase of a result from those of its parts."""
    phases = {part.phase for part in parts(session, result.cid)}
    return next((phase for phase in _WORST_FIRST if phase in phases), "retrieved")


def _manifest_accepted(turn: Turn) -> None:
    """Everything that this version named is known there now."""
    ver = turn.number("ver")
    turn.kiosk.highest_ver = max(turn.kiosk.highest_ver, ver)
    if "key" in turn.statement.fields:
        keys = turn.key_id("key"), turn.key_id("next")
        rotation.stated(turn.store, turn.session, turn.kiosk, *keys)
    here = select(Result.cid).where(Result.kiosk == turn.kiosk.id)
    known = (Holder.cid.in_(here), Holder.carried_ver.between(1, ver))
    for held in turn.session.scalars(select(Holder).where(*known)):
        held.acknowledged = max(held.acknowledged, held.counter)


def _loaded(turn: Turn) -> None:
    result = turn.result()
    if result is None:
        return
    if result.phase == "collected":
        notices.forget_collected(turn.session, result.cid)
    turn.set_part(result, turn.number("compartment"), "loaded")
    result.loaded_ms = turn.at_ms()
    _lies_there(turn, result)


def _staff_out(turn: Turn) -> None:
    notices.loading_ended(turn.session, turn.kiosk.id, turn.store.now())


def _accepted(turn: Turn) -> None:
    result = turn.result()
    if result is None:
        return
    # Somebody who was taken off meanwhile may have been faster: the doors are the kiosk's to tell.
    held = turn.session.get(Holder, (turn.text("cid"), turn.text("holder")))
    if held is not None and held.gen == turn.number("gen"):
        held.acknowledged = max(held.acknowledged, turn.number("counter"))
        held.floor = turn.number("counter") + 1
    for number in turn.numbers("compartments"):
        turn.set_part(result, number, "accepted")


def _opened(turn: Turn) -> None:
    _move_on(turn, ("accepted",), "opened")


def _collected(turn: Turn) -> None:
    result = turn.result()
    if result is None:
        return
    turn.set_part(result, turn.number("compartment"), "collected")
    now = turn.store.now()
    if result.phase == "collected":
        tasks.settle(turn.session, result.cid, now)
    cause = f"{turn.kiosk.id}.{turn.kiosk.epoch}.{turn.statement.seq}"
    notices.queue(turn.session, result, COLLECTED, cause, due=now, at=turn.at_ms())


def _not_opened(turn: Turn) -> None:
    """A citizen's door stayed shut: the code works again. With `staff` the door was theirs."""
    if not turn.text("staff") and _move_on(turn, ("accepted",), "loaded"):
        _lower_floors(turn, turn.text("cid"))


def _unconfirmed(turn: Turn) -> None:
    _move_on(turn, ("loaded", "accepted", "opened"), "unconfirmed")


def _disputed(turn: Turn) -> None:
    _move_on(turn, ("accepted", "opened"), "disputed")


def _retrieved(turn: Turn) -> None:
    result = turn.result()
    part = turn.session.get(Part, (turn.text("cid"), turn.number("compartment")))
    if result is None or part is None:
        return
    _take_out(turn, result, part)


def _released(turn: Turn) -> None:
    """Staff looked: with the papers inside the part is loaded again, else it is gone."""
    number = turn.number("compartment")
    here = (Result.kiosk == turn.kiosk.id, Part.compartment == number, Part.phase != "collected")
    for part in turn.session.scalars(select(Part).join(Result).where(*here)).all():
        result = turn.session.get_one(Result, part.cid)
        if turn.statement.fields.get("papers") is not True:
            _take_out(turn, result, part)
        elif part.phase != "loaded":
            turn.set_part(result, number, "loaded")
            _lower_floors(turn, result.cid)


def _audited(turn: Turn) -> None:
    """Staff looked in. Papers that nobody was seen to open lie there for their holders, as stated."""
    number, finding = turn.number("compartment"), turn.text("finding")
    if finding == "empty":
        here = (
            Result.kiosk == turn.kiosk.id,
            Part.compartment == number,
            Part.phase != "collected",
        )
        for lying in turn.session.scalars(select(Part).join(Result).where(*here)).all():
            _take_out(turn, turn.session.get_one(Result, lying.cid), lying)
        return
    result = turn.result()
    part = turn.session.get(Part, (turn.text("cid"), number))
    if finding != "papers" or result is None or part is None or part.phase not in _UNTOUCHED:
        return
    if part.phase != "loaded":
        turn.set_part(result, number, "loaded")
        _lower_floors(turn, result.cid)
    if result.withheld:
        _lies_there(turn, result)


def _lies_there(turn: Turn, result: Result) -> None:
    """Its holders may be told: the loading batch decides when."""
    result.withheld = False
    holders.renew_used(turn.store, turn.session, turn.kiosk, result.cid)
    cause = f"{turn.kiosk.id}.{turn.kiosk.epoch}.{turn.statement.seq}"
    due = turn.store.now() + notices.BATCH_MS
    notices.queue(turn.session, result, READY, cause, due=due, at=turn.at_ms())


def _result_locked(turn: Turn) -> None:
    held = turn.session.get(Holder, (turn.text("cid"), turn.text("holder")))
    if turn.result() is not None and held is not None:
        held.locked = True


def _move_on(turn: Turn, before: tuple[str, ...], phase: str) -> bool:
    """Give the part that is meant another phase, if it had one of these."""
    result = turn.result()
    part = turn.session.get(Part, (turn.text("cid"), turn.number("compartment")))
    if result is None or part is None or part.phase not in before:
        return False
    turn.set_part(result, part.compartment, phase)
    return True


def _take_out(turn: Turn, result: Result, part: Part) -> None:
    turn.session.delete(part)
    turn.settle(result)
    if result.phase == "retrieved":
        notices.void(turn.session, result.cid, turn.store.now())


def _lower_floors(turn: Turn, cid: str) -> None:
    """The accepted code was not used after all, unless a newer one has voided it since."""
    for held in holders.of(turn.session, cid):
        held.floor = min(held.floor, held.counter)


_CHANGES: dict[str, Callable[[Turn], None]] = {
    Kind.MANIFEST_ACCEPTED: _manifest_accepted,
    Kind.LOADED: _loaded,
    Kind.STAFF_OUT: _staff_out,
    Kind.ACCEPTED: _accepted,
    Kind.OPENED: _opened,
    Kind.COLLECTED: _collected,
    Kind.NOT_OPENED: _not_opened,
    Kind.UNCONFIRMED: _unconfirmed,
    Kind.DISPUTED: _disputed,
    Kind.RETRIEVED: _retrieved,
    Kind.RELEASED: _released,
    Kind.AUDITED: _audited,
    Kind.RESULT_LOCKED: _result_locked,
}
