"""The second half of a visit: accepted, pulsed, opened, closed (DESIGN §5, §12).

Decide, record, pulse: the statement that authorises a pulse stands before it in the effects of the same
step. What a door did is stated in `settle`, where every contact is judged alike; here the person is led.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from drivers.doors import Reading
from kiosk.core.codes import Match, Standing, as_it_stands
from kiosk.core.entry import tell
from kiosk.core.judge import may_pulse, openable, serves, verdict
from kiosk.core.memory import Phase
from kiosk.core.scenes import (
    Again,
    Closed,
    Grant,
    Idle,
    Next,
    Open,
    Opening,
    PutBack,
    Ready,
    Reclose,
    Stuck,
    Why,
    WrongDoor,
)
from kiosk.core.state import Turn
from sync.messages import KNOWN_DIGITS, Kind

OPENING_MS = 10_000  # a bound only: the supervisor decides after 2.5 or 5 s
STUCK_MS = 60_000
OPEN_MS = 180_000
NEXT_MS = 45_000
CLOSED_MS = 60_000
RECLOSE_MS = 180_000
FORGOT_MS = 60_000


def open_ready(turn: Turn, scene: Ready, _value: str) -> None:
    """The button. Everything is checked again; then accepted or resumed, and pulsed, in one step."""
    match = as_it_stands(turn.state.codes, scene.match)
    why = verdict(turn.state, match or scene.match, turn.now)
    if match is None or why is not None:
        tell(turn, why or Why.REPLACED, scene.match.cid)
        return
    parts = openable(turn.state, match)
    if match.standing is Standing.FINISHES:
        turn.record(Kind.RESUMED, cid=match.cid, holder=match.holder)
    elif _put_back_earlier(turn, match.cid):
        _accept(turn, match, parts)
    else:
        tell(turn, Why.CHECKED, match.cid)
        return
    pulse_next(turn, Grant(match, left=parts))


def still_ready(turn: Turn) -> None:
    """*Ready* stands only while a lock behind it may be pulsed: else plain words, nothing accepted."""
    scene = turn.state.scene
    if isinstance(scene, Ready) and not openable(turn.state, scene.match):
        tell(turn, Why.CHECKED, scene.match.cid)


def not_mine(turn: Turn, scene: Ready, _value: str) -> None:
    """The name is somebody else's: nothing was opened, nothing is used up."""
    tell(turn, Why.NOT_MINE, scene.match.cid)


def _put_back_earlier(turn: Turn, cid: str) -> bool:
    """Parts accepted earlier and never opened go back to loaded first; False when one cannot."""
    for number, phase in turn.memory.parts_of(cid).items():
        if phase is not Phase.ACCEPTED:
            continue
        if turn.state.doors.reading(number, turn.up_ms) is not Reading.CLOSED:
            return False
        turn.record(Kind.NOT_OPENED, cid=cid, compartment=number)
    return True


def _accept(turn: Turn, match: Match, parts: tuple[int, ...]) -> None:
    turn.record(
        Kind.ACCEPTED,
        cid=match.cid,
        holder=match.holder,
        gen=match.gen,
        counter=match.counter,
        compartments=list(parts),
        via="token" if match.by_token else "code",
    )


def pulse_next(turn: Turn, grant: Grant) -> None:
    """Pulse the first part that is left; each pulse asks again whether it still may."""
    parts = turn.memory.parts_of(grant.match.cid)
    left = tuple(n for n in grant.left if parts[n] is Phase.ACCEPTED and serves(turn.state, n))
    why = may_pulse(turn.state, grant.match)
    if why is not None or not left:  # a door may have opened by itself while *next* stood there
        tell(turn, why or Why.CHECKED, grant.match.cid)
        return
    grant, number = replace(grant, left=left), left[0]
    turn.go(Opening(turn.up_ms + OPENING_MS, grant, number))
    if turn.state.doors.reading(number, turn.up_ms) is not Reading.OPEN:
        turn.pulse(number, cid=grant.match.cid)


def opened(turn: Turn, scene: Opening | Stuck, _value: str) -> None:
    """The asked door was seen to open."""
    grant = replace(scene.grant, left=tuple(n for n in scene.grant.left if n != scene.compartment))
    turn.go(Open(turn.up_ms + OPEN_MS, grant, scene.compartment, turn.up_ms))


def stayed_closed(turn: Turn, scene: Opening, _value: str) -> None:
    """Good readings, and the door did not move."""
    turn.go(Stuck(turn.up_ms + STUCK_MS, scene.grant, scene.compartment, scene.retried))


def pulse_again(turn: Turn, scene: Stuck, _value: str) -> None:
    """One retry, if the code may still open."""
    if scene.retried:
        return
    if not scene.grant.reopened:
        why = may_pulse(turn.state, scene.grant.match)
        if why is not None or not serves(turn.state, scene.compartment):
            tell(turn, why or Why.CHECKED, scene.grant.match.cid)
            return
    turn.go(Opening(turn.up_ms + OPENING_MS, scene.grant, scene.compartment, retried=True))
    # After a pulse the door is read first: what cannot be read is not pulsed again.
    if turn.state.doors.reading(scene.compartment, turn.up_ms) is Reading.CLOSED:
        turn.pulse(scene.compartment, cid=scene.grant.match.cid)


def give_up(turn: Turn, scene: Stuck, _value: str) -> None:
    """It would not open: the papers are safe and the code stays good; the rest is not held back."""
    if scene.grant.reopened:
        turn.go(Idle())
        return
    turn.fault(f"stuck:{scene.compartment}", compartment=scene.compartment)
    go_on(turn, scene.grant, scene.compartment, Why.NOT_OPENED)


def unseen(turn: Turn, scene: Opening, _value: str) -> None:
    """Nobody saw whether the door moved: a person is called, the visit goes on."""
    if scene.grant.reopened:  # collected it stays, but papers may lie in there again
        seq = turn.record(Kind.UNCONFIRMED, compartment=scene.compartment, reason="unseen")
        tell(turn, Why.UNCONFIRMED, seq=seq)
        return
    cid = scene.grant.match.cid
    turn.record(Kind.UNCONFIRMED, cid=cid, compartment=scene.compartment, reason="unseen")
    go_on(turn, scene.grant, scene.compartment, Why.UNCONFIRMED)


def go_on(turn: Turn, grant: Grant, failed: int, why: Why) -> None:
    """A part that failed does not hold back the others."""
    left = tuple(n for n in grant.left if n != failed and serves(turn.state, n))
    if left:
        turn.go(Next(turn.up_ms + NEXT_MS, replace(grant, left=left), left[0]))
    else:
        tell(turn, why, grant.match.cid)


def wrong_door(turn: Turn, _scene: Opening | Stuck, value: str) -> None:
    """Another door opened instead; `value` is its number. The supervisor has stated it."""
    turn.go(WrongDoor(turn.up_ms + OPEN_MS, int(value), turn.up_ms, turn.memory.seq))


def wrong_door_closed(turn: Turn, _scene: WrongDoor, _value: str) -> None:
    """Thank you: nothing was taken, staff come."""
    tell(turn, Why.WRONG_DOOR)


def closed(turn: Turn, scene: Open, _value: str) -> None:
    """Seen open, seen closed: this part is collected. On to the next, or done."""
    grant = replace(scene.grant, done=(*scene.grant.done, scene.compartment))
    left = tuple(n for n in grant.left if serves(turn.state, n))
    if left:
        turn.go(Next(turn.up_ms + NEXT_MS, replace(grant, left=left), left[0]))
        return
    at_ms = turn.now.wall_ms if turn.state.clock.trusted else 0
    turn.go(Closed(turn.up_ms + CLOSED_MS, grant, turn.up_ms, at_ms))


def open_next(turn: Turn, scene: Next, _value: str) -> None:
    """The next part of the same result."""
    pulse_next(turn, scene.grant)


def dispute(what: str) -> Callable[[Turn, Open, str], None]:
    """A handler for one of the three complaints at an open door."""

    def disputed(turn: Turn, scene: Open, _value: str) -> None:
        if scene.grant.reopened:
            return
        cid = scene.grant.match.cid
        seq = turn.record(Kind.DISPUTED, cid=cid, compartment=scene.compartment, what=what)
        turn.go(
            PutBack(
                turn.up_ms + OPEN_MS,
                scene.grant,
                scene.compartment,
                scene.since_ms,
                seq,
                empty=what == "empty",
            )
        )

    return disputed


def put_back_closed(turn: Turn, scene: PutBack, _value: str) -> None:
    """The disputed compartment is closed; the other parts are not held back."""
    go_on(turn, scene.grant, scene.compartment, Why.DISPUTED)


def left_open(turn: Turn, scene: Open | PutBack | WrongDoor | Reclose, _value: str) -> None:
    """180 s: the visit ends with an alarm; the other compartments stay in service."""
    turn.record(Kind.LEFT_OPEN, compartment=scene.compartment)
    turn.go(Idle())


def reclosed(turn: Turn, scene: Reclose, _value: str) -> None:
    """One door is closed; another that stands open is asked for next."""
    others = [n for n in turn.state.doors.open_now(turn.up_ms) if n != scene.compartment]
    if others:
        turn.go(Reclose(turn.up_ms + RECLOSE_MS, others[0], turn.up_ms))
    else:
        turn.go(Idle())


def rate(turn: Turn, scene: Closed, value: str) -> None:
    """One to five, once, with nothing that names the result."""
    if scene.rated or value not in {"1", "2", "3", "4", "5"}:
        return
    turn.record(Kind.RATED, score=int(value))
    turn.change(scene=replace(scene, rated=int(value)))


def forgot(turn: Turn, scene: Closed, _value: str) -> None:
    """*I forgot something*: the known digits first, within the minute since the door closed."""
    limit = scene.closed_ms + FORGOT_MS
    if not scene.grant.reopened and turn.up_ms < limit:
        turn.go(Again(limit, scene.grant))


def reopen(turn: Turn, scene: Again, _value: str) -> None:
    """The same part once more, stated first; wrong digits three times end the visit."""
    if len(scene.entered) != KNOWN_DIGITS:
        return
    match, number = scene.grant.match, scene.grant.done[-1]
    result = turn.state.result(match.cid)
    holder = next((h for h in result.holders if h.id == match.holder), None) if result else None
    if holder is None or holder.known_digits != scene.entered:
        again = replace(scene, entered="", tries=scene.tries - 1)
        turn.go(again if again.tries else Idle())
        return
    if not serves(turn.state, number):
        tell(turn, Why.CHECKED, match.cid)
        return
    turn.record(Kind.REOPENED, cid=match.cid, holder=match.holder, compartment=number)
    grant = replace(scene.grant, left=(number,), reopened=True)
    turn.go(Opening(turn.up_ms + OPENING_MS, grant, number))
    if turn.state.doors.reading(number, turn.up_ms) is not Reading.OPEN:
        turn.pulse(number, cid=match.cid)
