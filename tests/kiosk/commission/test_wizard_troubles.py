"""The pure wizard when something is not as it should be: numbers, boards, slips, cuts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.doors import Outcome, PulseDone
from kiosk.commission.show import page
from kiosk.commission.state import Choice, Found, Step, Trouble, Typed
from kiosk.commission.wizard import offered
from tests.kiosk.commission.by_hand import CLOSED, PACE, PLAN, UNKNOWN, Round, begun


def test_a_number_that_is_not_on_the_wall_is_asked_again() -> None:
    made = begun()
    made.opens(1)
    made.say(Typed(77))
    assert (made.state.step, made.state.trouble, made.state.told) == (
        Step.ASK,
        Trouble.NOT_ON_WALL,
        77,
    )
    assert made.say(Typed(77)).step is Step.ASK
    assert made.say(Typed(7)).step is Step.SHUT


def test_a_number_on_a_kept_wire_has_to_be_insisted_on() -> None:
    made = begun(replace(PLAN, taken={9: "b/1/4"}))
    made.opens(1)
    made.say(Typed(9))
    assert made.state.trouble is Trouble.DUPLICATE
    heed = page(made.state).heed
    assert heed is not None
    assert dict(heed.facts)["name"] == "b/1/4"
    made.say(Typed(9))
    assert made.state.step is Step.SHUT


def test_a_door_behind_which_papers_lie_is_told_of_at_once() -> None:
    made = begun(replace(PLAN, occupied=frozenset({9})))
    made.opens(1)
    made.say(Typed(9))
    assert made.state.trouble is Trouble.OCCUPIED


def test_a_channel_that_is_to_be_left_alone_is_never_pulsed() -> None:
    left, *others = PLAN.candidates
    made = begun(replace(PLAN, candidates=(replace(left, pulsed=False), *others)))
    for channel, number in ((2, 7), (3, 9)):
        made.opens(channel)
        made.say(Typed(number))
        made.shuts(channel)
    assert made.state.step is Step.DONE
    assert made.pulsed() == [2, 3]


def test_a_board_that_cannot_be_read_is_told_of_and_not_pulsed() -> None:
    made = begun()
    made.sweep({1: UNKNOWN})
    made.wait(PACE.lost_ms)
    assert (made.state.step, made.state.trouble) == (Step.REST, Trouble.LOST)
    assert made.pulsed() == []
    made.sweep({1: CLOSED})
    assert made.to_watch() == 1


@pytest.mark.parametrize(
    ("outcome", "trouble"),
    [
        (Outcome.NOT_SENT, Trouble.NOT_SENT),
        (Outcome.REFUSED, Trouble.REFUSED),
        (Outcome.NO_ANSWER, Trouble.UNANSWERED),
        (Outcome.CORRUPT, Trouble.UNANSWERED),
        (Outcome.FOREIGN, Trouble.UNANSWERED),
        (Outcome.ACKNOWLEDGED, Trouble.NONE),
    ],
)
def test_a_pulse_that_went_wrong_is_told_of(outcome: Outcome, trouble: Trouble) -> None:
    made = begun()
    made.opens(outcome=outcome)
    assert (made.state.step, made.state.trouble) == (Step.ASK, trouble)


def test_a_contact_that_becomes_unreadable_has_not_changed() -> None:
    made = begun()
    made.to_watch()
    made.say(PulseDone(1, Outcome.ACKNOWLEDGED))
    made.sweep({1: UNKNOWN})
    made.wait(PACE.watch_ms)
    assert made.state.changed() == ()


def test_a_word_that_the_door_is_shut_is_not_proof_that_its_contact_came_back() -> None:
    made = begun()
    made.opens(1)
    made.say(Typed(7))
    made.choose(Choice.SHUT)
    assert made.state.step is Step.SHUT
    made.wait(PACE.back_ms)
    assert [(one.number, one.back) for one in made.state.found] == [(7, False)]


def test_one_back_forgets_the_last_channel_and_waits_for_go() -> None:
    made = begun()
    made.opens(1)
    made.say(Typed(7))
    made.shuts(1)
    made.opens(2)
    made.choose(Choice.BACK)
    assert (made.state.step, made.state.found) == (Step.BEGIN, ())
    made.shuts(2)
    made.choose(Choice.GO)
    assert made.to_watch() == 1


def test_a_slip_of_the_finger_can_be_taken_back_before_the_door_is_shut() -> None:
    made = begun()
    made.opens(1)
    made.say(Typed(8))
    made.choose(Choice.BACK)
    made.say(Typed(7))
    made.shuts(1)
    assert [one.number for one in made.state.found] == [7]


def test_what_is_not_offered_is_not_done() -> None:
    made = begun()
    made.opens(1)
    before = made.state
    for choice in set(Choice) - set(offered(before)):
        assert made.choose(choice) == before


def test_a_round_goes_on_where_it_was_cut() -> None:
    first = Found(1, 7, 1, CLOSED, 100, back=True)
    made = Round(found=(first,))
    made.sweep()
    made.choose(Choice.GO)
    assert made.to_watch() == 2
    assert Round(found=(first, Found(2, 8), Found(3, 9))).state.step is Step.DONE
