"""The wizard: one channel after the other is pulsed, a person says which door opened, contacts are watched.

Pure: `step(state, event, now_ms)` gives the next state and the effects; times are milliseconds of the
monotonic clock. It knows the words of `drivers.doors` and nothing of boards, so it is the same over every
family, GPIO and the simulated cabinet. The law of this file: one coil at a time, only after its contacts
rest and its coil has cooled, at most TRIES times; never a coil that the plan says is to be left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from drivers.doors import DoorsRead, Outcome, PulseDone, Reading
from kiosk.commission.plan import Plan
from kiosk.commission.state import (
    Choice,
    Chosen,
    Effect,
    Event,
    Found,
    Keep,
    Pulse,
    State,
    Step,
    Trouble,
    Typed,
)

TRIES = 2  # pulses of one channel

Told = tuple[State, tuple[Effect, ...]]
_NOTHING: tuple[Effect, ...] = ()


def start(plan: Plan, now_ms: int, found: tuple[Found, ...] = ()) -> State:
    """Before the first channel that is not `found` yet."""
    state = State(plan, found, since_ms=now_ms, stirred_ms=now_ms)
    return state if state.channel is not None else replace(state, step=Step.DONE)


def step(state: State, event: Event, now_ms: int) -> Told:
    """One thing happened."""
    if isinstance(event, DoorsRead):
        state = _read(state, event)
    elif isinstance(event, PulseDone):
        state = _answered(state, event)
    elif isinstance(event, Typed):
        return _typed(state, event.number, now_ms)
    elif isinstance(event, Chosen):
        return _chosen(state, event.choice, now_ms)
    on_time = _ON_TIME.get(state.step)
    return on_time(state, now_ms) if on_time else (state, _NOTHING)


def offered(state: State) -> tuple[Choice, ...]:
    """What can be chosen now, the usual first."""
    match state.step:
        case Step.BEGIN:
            anew = (Choice.ANEW,) if state.found else ()
            return (Choice.GO, *anew, Choice.STOP)
        case Step.REST:
            lost = (Choice.EMPTY,) if state.trouble is Trouble.LOST else ()
            return (*lost, Choice.STOP)
        case Step.ASK:
            unsent = state.outcome is Outcome.NOT_SENT
            again = (Choice.AGAIN,) if state.tries < TRIES or unsent else ()
            empty = () if state.changed() else (Choice.EMPTY,)
            back = (Choice.BACK,) if state.found else ()
            return (Choice.NONE, *again, *empty, *back, Choice.STOP)
        case Step.SHUT:
            return (Choice.SHUT, Choice.BACK, Choice.STOP)
        case _:
            return ()


def _read(state: State, event: DoorsRead) -> State:
    known = {v: r for v, r in event.readings.items() if state.readings.get(v) is not r}
    if not known:
        return state
    moved = dict(state.moved)
    if state.step in (Step.WATCH, Step.ASK):
        for virtual, reading in known.items():
            was = state.rest.get(virtual)
            if was is not None and reading is not was and reading is not Reading.UNKNOWN:
                moved.setdefault(virtual, event.up_ms)
    readings = {**state.readings, **known}
    return replace(state, readings=readings, stirred_ms=event.up_ms, moved=moved)


def _answered(state: State, event: PulseDone) -> State:
    channel = state.channel
    if state.step is Step.WATCH and channel is not None and channel.virtual == event.compartment:
        return replace(state, outcome=event.outcome)
    return state


def _resting(state: State, now_ms: int) -> Told:
    """Pulse as soon as the contact of this channel is known, all are quiet, and the coil is cool."""
    channel = state.channel
    assert channel is not None, "a round that is done does not rest"
    waited = now_ms - state.since_ms
    if state.readings.get(channel.virtual, Reading.UNKNOWN) is Reading.UNKNOWN:
        lost = Trouble.LOST if waited >= state.plan.pace.lost_ms else state.trouble
        return replace(state, trouble=lost), _NOTHING
    if state.trouble is Trouble.LOST:  # it is back, and rests from now on
        return _enter(state, Step.REST, now_ms), _NOTHING
    cool = state.pulsed_ms is None or now_ms - state.pulsed_ms >= state.plan.pace.cool_down_ms
    quiet = (
        now_ms - state.stirred_ms >= state.plan.pace.quiet_ms or waited >= state.plan.pace.lost_ms
    )
    if waited < state.plan.pace.quiet_ms or not (cool and quiet):
        return state, _NOTHING
    rest = {v: r for v, r in state.readings.items() if r is not Reading.UNKNOWN}
    pulsed = _enter(
        replace(state, tries=state.tries + 1, pulsed_ms=now_ms, rest=rest, moved={}, outcome=None),
        Step.WATCH,
        now_ms,
    )
    return pulsed, (Pulse(channel.virtual),)


_OUTCOMES: Mapping[Outcome, Trouble] = MappingProxyType(
    {
        Outcome.ACKNOWLEDGED: Trouble.NONE,
        Outcome.NOT_SENT: Trouble.NOT_SENT,
        Outcome.REFUSED: Trouble.REFUSED,
        Outcome.NO_ANSWER: Trouble.UNANSWERED,
        Outcome.CORRUPT: Trouble.UNANSWERED,
        Outcome.FOREIGN: Trouble.UNANSWERED,
    }
)


def _watching(state: State, now_ms: int) -> Told:
    if state.outcome is None:
        return state, _NOTHING
    trouble = _OUTCOMES[state.outcome]
    over = now_ms - state.since_ms >= state.plan.pace.watch_ms or trouble in (
        Trouble.NOT_SENT,
        Trouble.REFUSED,
    )
    changed = state.changed()
    if changed and now_ms - state.moved[changed[0]] >= state.plan.pace.settle_ms:
        return _enter(state, Step.ASK, now_ms), _NOTHING
    if not over:
        return state, _NOTHING
    return replace(_enter(state, Step.ASK, now_ms), trouble=trouble), _NOTHING


def _shutting(state: State, now_ms: int) -> Told:
    """The door is proven when its contact is back and stays; or somebody says that it is shut."""
    came = state.contact and state.readings.get(state.contact) is state.rest[state.contact]
    if came and now_ms - max(state.stirred_ms, state.since_ms) >= state.plan.pace.settle_ms:
        return _record(state, now_ms, back=True)
    if state.said_ms is None:
        return state, _NOTHING
    if not state.contact or now_ms - state.said_ms >= state.plan.pace.back_ms:
        return _record(state, now_ms, back=False)
    return state, _NOTHING


_ON_TIME: Mapping[Step, Callable[[State, int], Told]] = MappingProxyType(
    {Step.REST: _resting, Step.WATCH: _watching, Step.SHUT: _shutting}
)


def _typed(state: State, number: int, now_ms: int) -> Told:
    if state.step is not Step.ASK:
        return state, _NOTHING
    if number not in state.plan.wall:
        return replace(state, trouble=Trouble.NOT_ON_WALL, told=number), _NOTHING
    wrong = Trouble.NONE
    if number in state.plan.occupied:
        wrong = Trouble.OCCUPIED
    elif state.on_channel(number):
        wrong = Trouble.DUPLICATE
    if wrong is not Trouble.NONE and (state.trouble, state.told) != (wrong, number):
        return replace(state, trouble=wrong, told=number), _NOTHING
    contact = state.changed_here()
    return _enter(replace(state, number=number, contact=contact), Step.SHUT, now_ms), _NOTHING


def _chosen(state: State, choice: Choice, now_ms: int) -> Told:
    if choice not in offered(state):
        return state, _NOTHING
    match choice:
        case Choice.STOP:
            return _enter(state, Step.STOPPED, now_ms), _NOTHING
        case Choice.ANEW:
            return start(state.plan, now_ms), (Keep(),)
        case Choice.GO | Choice.AGAIN:
            return _enter(state, Step.REST, now_ms), _NOTHING
        case Choice.SHUT:
            return _shutting(replace(state, said_ms=now_ms), now_ms)
        case Choice.NONE:
            state = replace(state, number=0, contact=state.changed_here())
            return _record(state, now_ms, back=False)
        case Choice.EMPTY:
            return _skip_board(state, now_ms)
        case Choice.BACK:
            return _back(state, now_ms)


def _record(state: State, now_ms: int, *, back: bool) -> Told:
    channel = state.channel
    assert channel is not None, "only a channel is recorded"
    assert state.pulsed_ms is not None, "it was pulsed"
    contact = state.contact
    found = Found(
        virtual=channel.virtual,
        number=state.number,
        contact=contact,
        rest=state.rest.get(contact, Reading.UNKNOWN),
        open_ms=state.moved[contact] - state.pulsed_ms if contact else 0,
        back=back,
    )
    return _next(state, (*state.found, found), now_ms)


def _skip_board(state: State, now_ms: int) -> Told:
    channel = state.channel
    assert channel is not None, "only a channel is skipped"
    done = {one.virtual for one in state.found}
    left = [o for o in state.plan.pulsed if o.virtual not in done and o.home == channel.home]
    skipped = [Found(one.virtual, 0, skipped=True) for one in left]
    return _next(state, (*state.found, *skipped), now_ms)


def _back(state: State, now_ms: int) -> Told:
    if state.step is Step.SHUT:  # a slip of the finger: which door was it?
        return _enter(state, Step.ASK, now_ms), _NOTHING
    fresh = _fresh(state, state.found[:-1])
    return _enter(fresh, Step.BEGIN, now_ms), (Keep(),)


def _next(state: State, found: tuple[Found, ...], now_ms: int) -> Told:
    fresh = _fresh(state, found)
    to = Step.REST if fresh.channel is not None else Step.DONE
    return _enter(fresh, to, now_ms), (Keep(),)


def _fresh(state: State, found: tuple[Found, ...]) -> State:
    return State(state.plan, found, readings=state.readings, stirred_ms=state.stirred_ms)


def _enter(state: State, to: Step, now_ms: int) -> State:
    return replace(state, step=to, since_ms=now_ms, trouble=Trouble.NONE, told=0, said_ms=None)
