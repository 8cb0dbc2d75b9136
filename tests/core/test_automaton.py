"""`step`, `start` and `wake_at` as promises of their own; journeys are in tests/flows."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from drivers.doors import DoorsRead, Reading
from kiosk.core.automaton import outage, start, step, wake_at
from kiosk.core.clock import Now
from kiosk.core.effects import AnswerOffer, Pulse, Record
from kiosk.core.events import Contacted, Event, Key, ManifestRefused, Pressed, SpaceLeft, Tick
from kiosk.core.memory import empty
from kiosk.core.scenes import Idle, Out, Outage, Reclose
from kiosk.core.state import State
from sync.messages import Clock, Kind, Refusal
from tests.core.make import (
    WALL_MS,
    a_manifest,
    a_memory,
    a_result,
    a_site,
    accepted,
    loaded,
    merged,
)


def at(up_ms: int) -> Now:
    return Now(up_ms, WALL_MS + up_ms, Clock.SYNCED)


def serving() -> State:
    """Started at 0, every door read closed, r1 in compartment 1."""
    memory = a_memory(merged(a_result()), loaded())
    state, _ = start(a_site(), memory, a_manifest(a_result()), at(0))
    for up_ms in (0, 200):
        state, _ = step(state, sweep(up_ms), at(up_ms))
    return state


def sweep(up_ms: int, reading: Reading = Reading.CLOSED) -> DoorsRead:
    return DoorsRead(up_ms, {1: reading, 2: reading})


def kinds(effects: tuple[object, ...]) -> list[str]:
    return [effect.statement.kind for effect in effects if isinstance(effect, Record)]


def test_start_up_states_itself_and_pulses_nothing() -> None:
    memory = a_memory(merged(a_result()), loaded(), accepted())
    state, effects = start(a_site(), memory, a_manifest(a_result()), at(5_000))
    assert kinds(effects) == ["started"]
    assert not [effect for effect in effects if isinstance(effect, Pulse)]
    assert isinstance(state.scene, Out)
    assert state.scene.why is Outage.STARTING


def test_the_same_steps_give_the_same_states_and_effects() -> None:
    events: list[Event] = [
        Pressed(Key.START),
        Pressed(Key.DIGIT, "4"),
        Tick(),
        sweep(300),
        SpaceLeft(1),
    ]
    results = []
    for _ in range(2):
        state, told = serving(), []
        for event in events:
            state, effects = step(state, event, at(300))
            told.append(effects)
        results.append((state, told))
    assert results[0] == results[1]


def test_without_a_manifest_the_kiosk_was_never_in_touch() -> None:
    state, _ = start(a_site(), empty("bt1", 1, (1, 2)), None, at(0))
    state, _ = step(state, sweep(0), at(0))
    assert isinstance(state.scene, Out)
    assert state.scene.why is Outage.NEVER_SYNCED


def test_nobody_is_served_before_the_doors_were_read() -> None:
    state, _ = start(a_site(), a_memory(), a_manifest(), at(0))
    state, _ = step(state, Tick(), at(1_000))
    assert outage(state, 1_000) is Outage.STARTING
    assert isinstance(serving().scene, Idle)


def test_the_first_thing_served_is_a_door_that_stands_open() -> None:
    state, _ = start(a_site(), a_memory(), a_manifest(), at(0))
    for up_ms in (0, 200):
        state, _ = step(state, DoorsRead(up_ms, {1: Reading.CLOSED, 2: Reading.OPEN}), at(up_ms))
    assert isinstance(state.scene, Reclose)
    assert state.scene.compartment == 2


def test_a_refused_manifest_is_stated_once_and_then_counted() -> None:
    state, told = serving(), []
    for offer in range(1, 51):
        refused = ManifestRefused(Refusal.SIGNATURE, 0, "hash", offer=offer)
        state, effects = step(state, refused, at(300))
        told += kinds(effects)
        assert [e for e in effects if isinstance(e, AnswerOffer)] == [
            AnswerOffer(offer, 0, Refusal.SIGNATURE)
        ]
    assert told == ["manifest_refused"]
    state, effects = step(state, sweep(600_300), at(600_300))
    assert "tally" in kinds(effects)


def test_different_refused_manifests_are_bounded_too() -> None:
    state, told = serving(), []
    for number in range(1_000):
        refused = ManifestRefused(Refusal.DECRYPT, 0, f"hash{number}")
        state, effects = step(state, refused, at(300))
        told += kinds(effects)
    assert len(told) == 20


def test_every_refusal_has_its_own_row() -> None:
    state, told = serving(), []
    for refusal in Refusal:
        state, effects = step(state, ManifestRefused(refusal, 1, "hash"), at(300))
        rows = [e.statement for e in effects if isinstance(e, Record)]
        told += [row.fields["refusal"] for row in rows if row.kind == Kind.MANIFEST_REFUSED]
    assert told == [str(refusal) for refusal in Refusal]


def test_low_space_is_stated_once_and_cleared_once() -> None:
    state, told = serving(), []
    for free in (10**6, 10**6, 10**12, 10**12):
        state, effects = step(state, SpaceLeft(free), at(300))
        told += kinds(effects)
    assert told == ["fault", "fault_cleared"]


def test_contact_is_remembered_and_stated_nowhere() -> None:
    state, effects = step(serving(), Contacted(250), at(300))
    assert (state.contact_ms, effects) == (250, ())


def test_an_idle_kiosk_states_a_checkpoint_once_a_day() -> None:
    day = 86_400_000
    state, told = serving(), []
    for hour in range(1, 49):
        up_ms = hour * 3_600_000
        for after in (0, 200):
            state, effects = step(state, sweep(up_ms + after), at(up_ms + after))
            told += [e for e in effects if isinstance(e, Record) and e.folded]
    times = [record.statement.at_ms for record in told]
    assert len(times) in {1, 2}
    assert all(b - a >= day for a, b in pairwise(times))


def test_a_checkpoint_comes_with_five_thousand_rows_whatever_the_clock_says() -> None:
    state = serving()
    clock = replace(state.clock, trust=Clock.UNKNOWN, jumped=True)
    memory = replace(state.memory, seq=5_100, checkpoint_seq=101)
    _, effects = step(replace(state, memory=memory, clock=clock), Tick(), at(300))
    assert kinds(effects) == []
    memory = replace(memory, seq=5_101)
    _, effects = step(replace(state, memory=memory, clock=clock), Tick(), at(300))
    assert kinds(effects) == ["checkpoint"]


@pytest.mark.parametrize("key", [Key.START, Key.STAFF])
def test_it_wants_to_be_woken_when_its_scene_ends(key: Key) -> None:
    state, _ = step(serving(), Pressed(key), at(300))
    state, _ = step(state, sweep(59_000), at(59_000))
    assert wake_at(state) == state.scene.until_ms == 60_300


def test_it_never_wants_to_be_woken_in_the_past() -> None:
    state = serving()
    for up_ms in range(300, 2_000_000, 50_000):
        state, _ = step(state, Tick(), at(up_ms))
        wake = wake_at(state)
        assert wake is None or wake > up_ms
