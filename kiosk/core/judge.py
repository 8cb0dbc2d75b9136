"""May this match open something now? One question, asked when a code is submitted and before every pulse."""

from __future__ import annotations

from kiosk.core.clock import Now
from kiosk.core.codes import Match, Standing
from kiosk.core.memory import Phase
from kiosk.core.scenes import Why
from kiosk.core.state import State
from sync.messages import Result, Status


def verdict(state: State, match: Match, now: Now) -> Why | None:
    """Why a right answer opens nothing, or None: it may go on to *ready*."""
    if match.standing is Standing.SUPERSEDED:
        if _all_collected(state, match.cid):
            return Why.USED
        return Why.CHECKED if _accepted_last(state, match) else Why.REPLACED
    result = state.result(match.cid)
    barred = _barred(state, result, match)
    if barred is not None or result is None:
        return barred or Why.CHECKED
    if not state.memory.parts_of(match.cid):
        return Why.NOT_YET
    finishing = match.standing is Standing.FINISHES
    if not finishing and state.clock.trusted and now.wall_ms > result.hold_until_ms:
        return Why.EXPIRED
    if not match.by_token and state.memory.accounts[(match.cid, match.holder)].locked:
        return Why.CHECKED
    if openable(state, match):
        return None
    return Why.USED if _all_collected(state, match.cid) else Why.CHECKED


def _accepted_last(state: State, match: Match) -> bool:
    """The right code, accepted, and its door in doubt: nothing newer has been sent to anybody."""
    last = state.memory.acceptances.get(match.cid)
    if last is None or last.void:
        return False
    return (last.holder, last.gen, last.counter) == (match.holder, match.gen, match.counter)


def may_pulse(state: State, match: Match) -> Why | None:
    """Why an accepted code may not pulse any more, or None. Holding time no longer matters here."""
    result = state.result(match.cid)
    barred = _barred(state, result, match)
    if barred is not None:
        return barred
    acceptance = state.memory.acceptances.get(match.cid)
    if acceptance is None or acceptance.void:
        return Why.REPLACED
    if (acceptance.holder, acceptance.gen) != (match.holder, match.gen):
        return Why.REPLACED
    return None


def _barred(state: State, result: Result | None, match: Match) -> Why | None:
    """What central or staff have said against this result or this holder."""
    if state.outdated:  # pickups stop, also those under way
        return Why.CHECKED
    if result is None or match.cid in state.memory.suspended:
        return Why.CHECKED
    if result.place:  # moved: revoked here, and waiting somewhere else
        return Why.ELSEWHERE
    if result.status is Status.REVOKED or match.cid in state.memory.recalled:
        return Why.RECALLED
    holder = next((h for h in result.holders if h.id == match.holder), None)
    if holder is None or holder.otp.gen != match.gen:
        return Why.REPLACED
    return None


def openable(state: State, match: Match) -> tuple[int, ...]:
    """The compartments that this match may open, lowest number first.

    Loaded parts for a good code; parts accepted and not yet opened for the one that finishes.
    """
    wanted = Phase.ACCEPTED if match.standing is Standing.FINISHES else Phase.LOADED
    phases = {wanted} if wanted is Phase.ACCEPTED else {Phase.LOADED, Phase.ACCEPTED}
    return tuple(
        number
        for number, phase in sorted(state.memory.parts_of(match.cid).items())
        if phase in phases and serves(state, number)
    )


def serves(state: State, number: int) -> bool:
    """True when the compartment is known, checked, not blocked, and its lock may be pulsed now."""
    held = state.memory.compartments.get(number)
    return held is not None and held.serves and not state.barred(number)


def _all_collected(state: State, cid: str) -> bool:
    phases = set(state.memory.parts_of(cid).values())
    return bool(phases) and phases <= {Phase.COLLECTED}
