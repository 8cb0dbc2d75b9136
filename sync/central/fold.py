"""What statements mean for central: where the parts lie, which codes are known there, what to tell.

The law of this file: the kiosk owns what happened, so nothing is refused here. A statement that names
what central does not know, or of an unknown kind, changes nothing and is kept all the same.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from sync.central import holders, notices, rotation, stated_alarms, tasks
from sync.central.tables import Holder, Part, Result
from sync.central.texts import COLLECTED, READY
from sync.central.turn import Turn
from sync.messages import Kind

_UNTOUCHED = ("loaded", "accepted", "unconfirmed")  # nobody was seen to open it


def apply(turn: Turn) -> None:
    """Take one statement into account, in the transaction that stores it."""
    kind = turn.statement.kind
    stated_alarms.take(turn.store, turn.session, turn.kiosk.id, turn.statement)
    change = _CHANGES.get(kind)
    if change is not None:
        change(turn)


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
        turn.papers.write()
        notices.forget_collected(turn.session, result.cid)
        turn.papers.look_again(result.cid)
    turn.set_part(result, turn.number("compartment"), "loaded")
    result.loaded_ms = turn.at_ms()
    _lies_there(turn, result)


def _staff_out(turn: Turn) -> None:
    turn.papers.write()
    notices.loading_ended(turn.session, turn.kiosk.id, turn.store.now())


def _accepted(turn: Turn) -> None:
    result = turn.result()
    if result is None:
        return
    # Somebody who was taken off meanwhile may have been faster: the doors are the kiosk's to tell.
    held = turn.holder()
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
    if result.phase == "collected" and turn.papers.to_phone(result.cid):
        tasks.settle(turn.session, result.cid, now)
    cause = f"{turn.kiosk.id}.{turn.kiosk.epoch}.{turn.statement.seq}"
    turn.papers.queue(result.cid, COLLECTED, cause, due=now, at=turn.at_ms())


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
    part = turn.part()
    if result is None or part is None:
        return
    _take_out(turn, result, part)


def _released(turn: Turn) -> None:
    """Staff looked: with the papers inside the part is loaded again, else it is gone."""
    number = turn.number("compartment")
    for result, part in turn.papers.lying_in(number):
        if turn.statement.fields.get("papers") is not True:
            _take_out(turn, result, part)
        elif part.phase != "loaded":
            turn.set_part(result, number, "loaded")
            _lower_floors(turn, result.cid)


def _audited(turn: Turn) -> None:
    """Staff looked in. Papers that nobody was seen to open lie there for their holders, as stated."""
    number, finding = turn.number("compartment"), turn.text("finding")
    if finding == "empty":
        for lying in turn.papers.lying_in(number):
            _take_out(turn, *lying)
        return
    result = turn.result()
    part = turn.part()
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
    held_by = turn.papers.holders(result.cid)
    holders.renew_used(turn.store, turn.session, turn.kiosk, held_by)
    cause = f"{turn.kiosk.id}.{turn.kiosk.epoch}.{turn.statement.seq}"
    due = turn.store.now() + notices.BATCH_MS
    turn.papers.queue(result.cid, READY, cause, due=due, at=turn.at_ms())


def _result_locked(turn: Turn) -> None:
    held = turn.holder()
    if held is not None:
        held.locked = True


def _move_on(turn: Turn, before: tuple[str, ...], phase: str) -> bool:
    """Give the part that is meant another phase, if it had one of these."""
    result = turn.result()
    part = turn.part()
    if result is None or part is None or part.phase not in before:
        return False
    turn.set_part(result, part.compartment, phase)
    return True


def _take_out(turn: Turn, result: Result, part: Part) -> None:
    turn.papers.take_out(part)
    turn.settle(result)
    if result.phase == "retrieved":
        turn.papers.write()
        notices.void(turn.session, result.cid, turn.store.now())
        turn.papers.look_again(result.cid)


def _lower_floors(turn: Turn, cid: str) -> None:
    """The accepted code was not used after all, unless a newer one has voided it since."""
    for held in turn.papers.holders(cid):
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
