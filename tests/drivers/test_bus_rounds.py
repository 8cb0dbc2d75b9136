"""Whose turn it is on a bus, by plain values and a time that is handed in."""

from __future__ import annotations

from drivers.boards import WHOLE_BOARD, Frame, Operation
from drivers.locks.families import FAMILIES
from drivers.locks.plan import Wire
from drivers.locks.rounds import BUSY_MS, LONG_PROBE, OVERDUE_MS, Rounds
from drivers.locks.watch import BUSY_POLL_MS, CALM_POLL_MS, LOST_POLL_MS, SETTLE_MS, Watch

XOR = FAMILIES["xor-8a80"]
CALM = SETTLE_MS + BUSY_MS + 1  # nothing stirs any more


def boards(count: int) -> list[Watch]:
    wires = [Wire(n, "a", n, 1, "closed", 300) for n in range(1, count + 1)]
    return [Watch("a", wire.board, [wire], XOR) for wire in wires]


def started(count: int) -> tuple[Rounds, list[Watch]]:
    """Every board was met at 0 and polled at CALM."""
    watches = boards(count)
    rounds = Rounds(watches)
    rounds.begin_session(0)
    for now in (0, CALM):
        for watch in watches:
            frame = Frame(b"x", Operation.QUERY, watch.board, WHOLE_BOARD, contacts={1: True})
            watch.answered(watch.request(now), frame, now)
            rounds.visited(watch, now)
    return rounds, watches


def test_boards_are_asked_in_turn() -> None:
    watches = boards(3)
    rounds = Rounds(watches)
    rounds.begin_session(0)
    turns = []
    for now in range(0, 60, 10):
        watch = rounds.next(now)
        assert watch is not None
        turns.append(watch.board)
        watch.due_ms = now + 25
    assert turns == [1, 2, 3, 1, 2, 3]


def test_nobody_is_asked_before_it_is_due() -> None:
    rounds, (one,) = started(1)
    assert rounds.due_ms() == CALM + CALM_POLL_MS
    assert rounds.next(CALM + CALM_POLL_MS - 1) is None
    assert rounds.next(CALM + CALM_POLL_MS) is one


def test_what_stirs_is_asked_more_often() -> None:
    rounds, (one,) = started(1)
    rounds.stir(CALM)
    rounds.visited(one, CALM)
    assert rounds.due_ms() == CALM + BUSY_POLL_MS


def test_lost_boards_are_asked_one_at_a_time_and_seldom() -> None:
    rounds, (one, two, three) = started(3)
    for watch in (two, three):
        watch.lose(CALM)
        rounds.visited(watch, CALM)
    rounds.visited(one, CALM)
    asked = []
    for now in range(CALM, CALM + 2 * LOST_POLL_MS + 1, 10):
        turn = rounds.next(now)
        if turn is not None:
            rounds.visited(turn, now)
            if turn is not one:
                asked.append((now, turn))
    assert asked == [(CALM + LOST_POLL_MS, two), (CALM + 2 * LOST_POLL_MS, three)]


def test_a_lost_board_has_its_turn_on_a_bus_that_is_never_idle() -> None:
    rounds, (one, two) = started(2)
    two.lose(CALM)
    rounds.visited(two, CALM)
    one.due_ms = CALM  # always due
    assert rounds.next(CALM + LOST_POLL_MS - 1) is one
    assert rounds.next(CALM + LOST_POLL_MS) is two


def test_a_lost_board_holds_the_wire_no_longer_than_twice_what_its_neighbours_need() -> None:
    rounds, (one, two) = started(2)
    request = two.request(CALM)
    two.lose(CALM)
    assert rounds.patience(two, request) == request  # nobody has answered yet
    rounds.answered_in(30)
    assert rounds.patience(one, request) == request
    patience = [rounds.patience(two, request).answer_ms for _ in range(LONG_PROBE)]
    assert set(patience) == {60, request.answer_ms}
    assert patience.count(request.answer_ms) == 1


def test_a_board_that_waited_too_long_goes_before_a_pulse_unless_it_is_lost() -> None:
    rounds, (one,) = started(1)
    late = rounds.due_ms() + OVERDUE_MS
    assert not rounds.is_overdue(one, late - 1)
    assert rounds.is_overdue(one, late)
    one.lose(late)
    assert not rounds.is_overdue(one, late)
