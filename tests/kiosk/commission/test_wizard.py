"""The pure wizard with plain values: when it pulses, what it asks, what it believes."""

from __future__ import annotations

from drivers.doors import Outcome, PulseDone
from kiosk.commission.state import Choice, Keep, Step, Typed
from kiosk.commission.wizard import TRIES, offered
from tests.kiosk.commission.by_hand import CLOSED, OPEN, PACE, PLAN, Round, begun


def test_nothing_is_pulsed_before_somebody_says_go() -> None:
    made = Round()
    made.wait(20_000)
    assert made.pulsed() == []
    assert made.state.step is Step.BEGIN
    made.choose(Choice.GO)
    assert made.to_watch() == 1


def test_a_whole_round_learns_mapping_and_opening_times() -> None:
    made = begun()
    for channel, number in ((1, 8), (2, 7), (3, 9)):
        assert made.opens(channel).step is Step.ASK
        made.say(Typed(number))
        made.shuts(channel)
    assert made.state.step is Step.DONE
    assert made.pulsed() == [1, 2, 3]
    assert [(one.number, one.contact, one.rest, one.back) for one in made.state.found] == [
        (8, 1, CLOSED, True),
        (7, 2, CLOSED, True),
        (9, 3, CLOSED, True),
    ]
    assert {one.open_ms for one in made.state.found} == {100}
    assert made.effects.count(Keep()) == len(PLAN.candidates)


def test_no_lock_is_pulsed_while_a_contact_still_moves() -> None:
    made = begun()
    for at in range(20):
        made.now += 100
        made.sweep({2: OPEN if at % 2 else CLOSED})
    assert made.pulsed() == []
    made.wait(PACE.quiet_ms)
    assert made.pulsed() == [1]


def test_the_next_lock_waits_for_the_door_to_be_shut() -> None:
    made = begun()
    made.opens(1)
    made.say(Typed(7))
    made.wait(60_000)
    assert made.state.step is Step.SHUT
    assert made.pulsed() == [1]
    made.shuts(1)
    assert made.to_watch() == 2


def test_a_contact_that_only_bounced_back_is_not_taken_for_a_shut_door() -> None:
    made = begun()
    made.opens(1)
    made.say(Typed(7))
    made.now += 100
    made.sweep({1: CLOSED})
    made.now += 100
    made.sweep({1: OPEN})
    assert made.wait(1_000).step is Step.SHUT


def test_a_second_pulse_waits_until_the_coil_is_cool_and_there_is_no_third() -> None:
    made = begun()
    made.opens()
    first = made.state.pulsed_ms
    assert Choice.AGAIN in offered(made.state)
    made.choose(Choice.AGAIN)
    made.to_watch()
    second = made.state.pulsed_ms
    assert first is not None
    assert second is not None
    assert second - first >= PACE.cool_down_ms
    made.say(PulseDone(1, Outcome.ACKNOWLEDGED))
    made.wait(PACE.watch_ms)
    assert len(made.pulsed()) == TRIES
    made.choose(Choice.AGAIN)
    assert made.wait(10_000).step is Step.ASK
    assert len(made.pulsed()) == TRIES


def test_a_door_that_is_pulled_open_late_still_shows_its_contact() -> None:
    made = begun()
    made.opens()
    assert made.state.changed() == ()
    made.now += 4_000
    made.sweep({1: OPEN})
    made.say(Typed(7))
    made.shuts(1)
    (found,) = made.state.found
    assert (found.contact, found.back) == (1, True)
    assert found.open_ms > PACE.watch_ms


def test_its_own_contact_counts_before_another_that_changed_too() -> None:
    made = begun()
    made.opens(3, 1)
    made.say(Typed(7))
    assert made.state.contact == 1
