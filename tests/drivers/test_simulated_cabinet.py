"""The physics of the simulated cabinet: time is a number, so every story is exact."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.doors import Outcome, PulseDone, Reading
from drivers.simulated.board import ANSWER_MS, LATCH_MS, PULSE_MS, REST_MS, CoilRun
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.door import BOUNCE_MS, HOLD_MS, SPRING_MS

OPEN_BY_THEN_MS = LATCH_MS + SPRING_MS[1]
SETTLED_MS = OPEN_BY_THEN_MS + BOUNCE_MS


def _pulsed(cabinet: Cabinet, n: int, wait_ms: int = SETTLED_MS) -> Cabinet:
    cabinet.board.pulse(n)
    cabinet.at(cabinet.now_ms + wait_ms)
    return cabinet


def test_a_pulse_frees_the_latch_and_the_spring_throws_the_door() -> None:
    cabinet = Cabinet([1, 2])
    cabinet.board.pulse(1)
    cabinet.at(LATCH_MS + SPRING_MS[0] - 1)
    assert not cabinet.is_open(1)
    cabinet.at(OPEN_BY_THEN_MS)
    assert cabinet.is_open(1)
    assert not cabinet.is_open(2)


def test_a_coil_is_on_for_its_rated_time_and_then_the_board_answers() -> None:
    cabinet = Cabinet([1])
    _pulsed(cabinet, 1, PULSE_MS - 1)
    assert cabinet.board.coil_on() == 1
    assert cabinet.board.answers() == ()
    cabinet.at(PULSE_MS)
    assert cabinet.board.coil_on() is None
    assert cabinet.board.coil_runs() == (CoilRun(0, PULSE_MS, 1),)
    assert cabinet.board.answers() == (PulseDone(1, Outcome.ACKNOWLEDGED),)
    assert cabinet.board.answers() == ()


def test_two_pulses_at_once_are_two_coils_one_after_the_other() -> None:
    cabinet = Cabinet([1, 2])
    cabinet.board.pulse(1)
    _pulsed(cabinet, 2, 60_000)
    second = PULSE_MS + REST_MS
    assert cabinet.board.coil_runs() == (
        CoilRun(0, PULSE_MS, 1),
        CoilRun(second, second + PULSE_MS, 2),
    )


@given(
    st.integers(0, 1_000),
    st.lists(st.tuples(st.integers(0, 700), st.integers(1, 3), st.integers(0, 5))),
)
def test_no_coil_is_ever_on_beyond_its_rating_nor_two_at_once(
    seed: int, story: list[tuple[int, int, int]]
) -> None:
    cabinet = Cabinet([1, 2, 3], seed=seed)
    for wait_ms, n, verb in story:
        cabinet.at(cabinet.now_ms + wait_ms)
        match verb:
            case 0 | 1:
                cabinet.board.pulse(n)
            case 2:
                cabinet.board.all_off()
            case 3:
                cabinet.kill_board()
            case 4:
                cabinet.revive_board()
            case _:
                cabinet.board.cross(n, 1)
    cabinet.at(cabinet.now_ms + 3_600_000)
    runs = cabinet.board.coil_runs()
    assert all(run.off_ms - run.on_ms <= PULSE_MS for run in runs)
    assert all(a.off_ms + REST_MS <= b.on_ms for a, b in pairwise(runs))
    assert cabinet.board.coil_on() is None


def test_a_springless_door_opens_to_a_hand_while_its_latch_is_free() -> None:
    cabinet = _pulsed(Cabinet([1], springless=[1]), 1)
    assert not cabinet.is_open(1)
    assert cabinet.pull(1)
    assert cabinet.is_open(1)


def test_a_hand_that_comes_too_late_finds_the_latch_shut() -> None:
    cabinet = _pulsed(Cabinet([1], springless=[1]), 1, LATCH_MS + HOLD_MS)
    assert not cabinet.pull(1)
    assert not cabinet.is_open(1)


def test_a_broken_spring_leaves_the_door_to_the_hand() -> None:
    cabinet = Cabinet([1])
    cabinet.break_spring(1)
    _pulsed(cabinet, 1)
    assert not cabinet.is_open(1)
    assert cabinet.pull(1)


def test_nobody_pulls_a_latched_door_open() -> None:
    assert not Cabinet([1]).pull(1)


def test_a_door_stays_open_until_it_is_pushed_and_then_its_latch_has_caught() -> None:
    cabinet = _pulsed(Cabinet([1]), 1, 3_600_000)
    assert cabinet.is_open(1)
    assert cabinet.push(1)
    assert not cabinet.is_open(1)
    assert not cabinet.push(1)
    assert not cabinet.pull(1)


def test_a_jammed_door_opens_neither_to_spring_nor_hand_nor_key() -> None:
    cabinet = Cabinet([1])
    cabinet.jam(1)
    _pulsed(cabinet, 1)
    assert cabinet.board.coil_runs() == ()
    assert not cabinet.pull(1)
    assert not cabinet.open_by_key(1)
    assert not cabinet.is_open(1)


def test_a_door_freed_of_its_jam_in_time_is_thrown_by_its_spring() -> None:
    cabinet = Cabinet([1])
    cabinet.jam(1)
    _pulsed(cabinet, 1)
    cabinet.mend(1)
    cabinet.at(cabinet.now_ms + SPRING_MS[1])
    assert cabinet.is_open(1)


def test_a_door_that_jams_on_its_way_stays_shut() -> None:
    cabinet = _pulsed(Cabinet([1]), 1, LATCH_MS)
    cabinet.jam(1)
    cabinet.at(60_000)
    assert not cabinet.is_open(1)


def test_the_key_opens_a_door_without_the_board() -> None:
    cabinet = Cabinet([1])
    assert cabinet.open_by_key(1)
    assert cabinet.is_open(1)
    cabinet.at(BOUNCE_MS)
    assert cabinet.readings() == {1: Reading.OPEN}
    assert cabinet.board.coil_runs() == ()


def test_papers_come_and_go_only_through_an_open_door() -> None:
    cabinet = Cabinet([1])
    assert not cabinet.put(1, "H29.1-241001-0001")
    cabinet.open_by_key(1)
    assert cabinet.put(1, "H29.1-241001-0001")
    assert cabinet.put(1, "H29.1-241001-0002")
    cabinet.push(1)
    assert cabinet.take(1) == ()
    assert cabinet.papers(1) == ("H29.1-241001-0001", "H29.1-241001-0002")
    cabinet.open_by_key(1)
    assert cabinet.take(1) == ("H29.1-241001-0001", "H29.1-241001-0002")
    assert cabinet.papers(1) == ()


def _contact_every_ms(seed: int) -> list[Reading]:
    cabinet = Cabinet([1], seed=seed)
    cabinet.open_by_key(1)
    seen = []
    for ms in range(BOUNCE_MS + 1):
        cabinet.at(ms)
        seen.append(cabinet.readings()[1])
    return seen


def _changes(readings: list[Reading]) -> int:
    return sum(a is not b for a, b in pairwise(readings))


def test_a_contact_bounces_and_then_says_how_the_door_stands() -> None:
    stories = [_contact_every_ms(seed) for seed in range(50)]
    assert {story[-1] for story in stories} == {Reading.OPEN}
    assert max(_changes(story) for story in stories) >= 4
    assert min(_changes(story) for story in stories) == 0


def test_the_same_seed_gives_the_same_bounces_and_another_gives_others() -> None:
    assert _contact_every_ms(5) == _contact_every_ms(5)
    assert len({tuple(_contact_every_ms(seed)) for seed in range(50)}) > 25


def test_one_long_step_and_many_short_ones_give_the_same_story() -> None:
    one, many = Cabinet([1, 2], seed=9), Cabinet([1, 2], seed=9)
    for cabinet in (one, many):
        cabinet.board.pulse(1)
        cabinet.board.pulse(2)
    one.at(2_000)
    for ms in range(2_001):
        many.at(ms)
    assert one.board.coil_runs() == many.board.coil_runs()
    assert one.board.answers() == many.board.answers()
    assert one.readings() == many.readings()
    assert one.stirred_ms() == many.stirred_ms()


def test_a_stuck_sensor_says_its_word_whatever_the_door_does_until_mended() -> None:
    cabinet = Cabinet([1])
    cabinet.stick_sensor(1, Reading.CLOSED)
    _pulsed(cabinet, 1)
    assert cabinet.is_open(1)
    assert cabinet.readings() == {1: Reading.CLOSED}
    cabinet.mend(1)
    assert cabinet.readings() == {1: Reading.OPEN}


def test_crossed_wires_open_the_other_door_until_mended() -> None:
    cabinet = Cabinet([1, 2])
    cabinet.board.cross(1, 2)
    _pulsed(cabinet, 1, PULSE_MS)
    assert (cabinet.is_open(1), cabinet.is_open(2)) == (False, True)
    assert cabinet.board.coil_runs()[0].compartment == 2
    assert cabinet.board.answers() == (PulseDone(1, Outcome.ACKNOWLEDGED),)
    cabinet.mend(1)
    _pulsed(cabinet, 1, 60_000)
    assert cabinet.is_open(1)


def test_a_dead_board_reads_nothing_fires_nothing_and_answers_nothing() -> None:
    cabinet = Cabinet([1, 2])
    cabinet.kill_board()
    _pulsed(cabinet, 1, ANSWER_MS)
    assert cabinet.readings() == {1: Reading.UNKNOWN, 2: Reading.UNKNOWN}
    assert cabinet.board.answers() == (PulseDone(1, Outcome.NO_ANSWER),)
    assert cabinet.board.coil_runs() == ()
    cabinet.revive_board()
    _pulsed(cabinet, 1)
    assert cabinet.readings() == {1: Reading.OPEN, 2: Reading.CLOSED}


def test_a_board_that_dies_in_a_pulse_drops_its_coil_and_leaves_the_answer_open() -> None:
    cabinet = _pulsed(Cabinet([1]), 1, LATCH_MS - 1)
    cabinet.kill_board()
    assert cabinet.board.coil_on() is None
    cabinet.at(60_000)
    assert cabinet.board.coil_runs() == (CoilRun(0, LATCH_MS - 1, 1),)
    assert cabinet.board.answers() == (PulseDone(1, Outcome.NO_ANSWER),)
    assert not cabinet.is_open(1)


@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.CORRUPT, Outcome.FOREIGN])
def test_a_spoilt_answer_does_not_mean_that_the_door_stayed_shut(outcome: Outcome) -> None:
    cabinet = Cabinet([1])
    cabinet.board.spoil_answer(outcome)
    _pulsed(cabinet, 1, ANSWER_MS)
    assert cabinet.board.answers() == (PulseDone(1, outcome),)
    assert cabinet.is_open(1)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.NOT_SENT])
def test_a_refused_pulse_moves_no_coil_and_the_next_one_does(outcome: Outcome) -> None:
    cabinet = Cabinet([1])
    cabinet.board.spoil_answer(outcome)
    _pulsed(cabinet, 1, ANSWER_MS)
    assert cabinet.board.answers() == (PulseDone(1, outcome),)
    assert not cabinet.is_open(1)
    _pulsed(cabinet, 1)
    assert cabinet.is_open(1)


def test_who_hangs_up_hears_nothing_but_the_running_pulse_ends_by_itself() -> None:
    cabinet = Cabinet([1, 2])
    cabinet.board.pulse(1)
    cabinet.board.pulse(2)
    cabinet.board.hang_up()
    cabinet.at(60_000)
    assert cabinet.board.answers() == ()
    assert cabinet.board.coil_runs() == (CoilRun(0, PULSE_MS, 1),)
    assert (cabinet.is_open(1), cabinet.is_open(2)) == (True, False)


def test_all_off_before_the_latch_has_moved_leaves_the_door_shut() -> None:
    cabinet = _pulsed(Cabinet([1]), 1, LATCH_MS - 1)
    cabinet.board.all_off()
    assert cabinet.board.coil_on() is None
    cabinet.at(60_000)
    assert not cabinet.is_open(1)


def test_time_does_not_run_back() -> None:
    cabinet = Cabinet([1])
    cabinet.at(10)
    with pytest.raises(AssertionError, match="time runs forward"):
        cabinet.at(9)
