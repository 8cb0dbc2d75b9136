"""What is known of one board, by plain values and a time that is handed in."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from drivers.boards import WHOLE_BOARD, Frame, Operation, Request
from drivers.devices import Trouble
from drivers.doors import Outcome, Reading
from drivers.locks.families import FAMILIES
from drivers.locks.plan import Wire
from drivers.locks.watch import (
    CLASH_MS,
    LOST_AFTER,
    MODE_CHECK_MS,
    READ_BACK_MS,
    REPEAT_MS,
    SETTLE_MS,
    STUCK_CHECK_MS,
    Watch,
)

SHUT = {1: True, 2: True}
UNKNOWN = {3: Reading.UNKNOWN, 4: Reading.UNKNOWN}
CLOSED = {3: Reading.CLOSED, 4: Reading.CLOSED}


def watch(family: str = "xor-8a80") -> Watch:
    pulse_ms = FAMILIES[family].capabilities.pulse_ms[0]
    wires = [Wire(n, "a", 1, channel, "closed", pulse_ms) for channel, n in ((1, 3), (2, 4))]
    made = Watch("a", 1, wires, FAMILIES[family])
    made.begin_session(0)
    return made


def about(operation: Operation, **fields: Mapping[int, int] | str) -> Frame:
    return Frame(b"x", operation, 1, WHOLE_BOARD, **fields)  # type: ignore[arg-type]  # per field


def doors(contacts: Mapping[int, bool]) -> Frame:
    return about(Operation.QUERY, contacts=contacts)


def asked(board: Watch, now_ms: int) -> Operation:
    return board.request(now_ms).operation


def answer(board: Watch, frame: Frame, now_ms: int) -> Mapping[int, Reading] | None:
    request = board.request(now_ms)
    assert request.operation is frame.operation
    return board.answered(request, frame, now_ms)


def trusted_waveshare(now_ms: int = 0) -> Watch:
    board = watch("waveshare-modbus")
    answer(board, doors(SHUT), now_ms)
    answer(board, about(Operation.ALL_OFF), now_ms)
    answer(board, about(Operation.MODES, modes={1: 0, 2: 0}), now_ms)
    assert board.ready
    return board


def trouble(board: Watch, now_ms: int) -> Trouble | None:
    state = board.trouble(now_ms)
    return None if state is None else state.trouble


def test_a_board_is_not_pulsed_before_it_answered_a_query() -> None:
    board = watch()
    assert (board.ready, board.refuses) == (False, False)
    assert answer(board, doors(SHUT), 0) == CLOSED
    assert board.ready


def test_a_new_session_trusts_nothing() -> None:
    board = watch()
    answer(board, doors(SHUT), 0)
    board.begin_session(10)
    assert not board.ready


@pytest.mark.parametrize(
    ("shut_when", "contact", "reading"),
    [
        ("closed", True, Reading.CLOSED),
        ("closed", False, Reading.OPEN),
        ("open", True, Reading.OPEN),
        ("open", False, Reading.CLOSED),
        ("open", None, Reading.UNKNOWN),
        ("closed", None, Reading.UNKNOWN),
    ],
)
def test_what_a_contact_means_is_the_installations(
    shut_when: str,
    contact: bool | None,  # noqa: FBT001 - a raw bit
    reading: Reading,
) -> None:
    wire = Wire(3, "a", 1, 1, shut_when, 300)  # type: ignore[arg-type]  # a plain word
    assert wire.reading(contact) is reading


def test_a_channel_that_the_board_did_not_report_is_unknown() -> None:
    assert answer(watch(), doors({1: True}), 0) == {3: Reading.CLOSED, 4: Reading.UNKNOWN}


def test_three_missed_answers_lose_a_board_and_two_do_not() -> None:
    board = watch()
    answer(board, doors(SHUT), 0)
    assert [board.missed(n) for n in range(1, LOST_AFTER)] == [None] * (LOST_AFTER - 1)
    assert trouble(board, 10) is None
    assert board.missed(10) == UNKNOWN
    assert trouble(board, 10) is Trouble.LOST
    assert trouble(board, 11) is None  # said once
    assert board.refuses


def test_an_answer_in_between_starts_the_count_again() -> None:
    board = watch()
    for n in range(2 * LOST_AFTER):
        assert board.missed(n) is None
        if n % 2:
            answer(board, doors(SHUT), n)
    assert not board.lost


def test_a_lost_board_says_unknown_again_but_not_faster_than_any_other() -> None:
    board = watch()
    assert board.lose(0) == UNKNOWN
    assert board.lose(REPEAT_MS - 1) is None
    assert board.lose(REPEAT_MS) == UNKNOWN


def test_a_lost_board_that_answers_is_back_and_is_checked_as_at_start() -> None:
    board = trusted_waveshare()
    board.lose(100)
    assert trouble(board, 100) is Trouble.LOST
    assert answer(board, doors(SHUT), 200) == CLOSED
    assert trouble(board, 200) is Trouble.NONE
    assert not board.ready
    assert asked(board, 200) is Operation.ALL_OFF


def test_steady_readings_are_repeated_and_changed_ones_told_at_every_poll() -> None:
    board = watch()
    answer(board, doors(SHUT), 0)
    calm = SETTLE_MS + REPEAT_MS
    assert answer(board, doors(SHUT), calm) == CLOSED
    assert answer(board, doors(SHUT), calm + REPEAT_MS - 1) is None
    opened = {3: Reading.OPEN, 4: Reading.CLOSED}
    assert answer(board, doors({1: False, 2: True}), calm + REPEAT_MS) == opened
    assert answer(board, doors({1: False, 2: True}), calm + REPEAT_MS + 100) == opened


def test_a_report_unasked_is_believed_of_a_board_that_is_trusted_only() -> None:
    report = Frame(b"x", Operation.CHANGE, 1, 2, contacts={2: False})
    board = watch()
    assert board.changed(report, 0) == {}
    answer(board, doors(SHUT), 0)
    assert board.changed(report, 1) == {4: Reading.OPEN}
    board.lose(2)
    assert board.changed(report, 3) == {}


def test_relays_are_put_off_and_modes_read_before_a_board_is_trusted() -> None:
    board = watch("waveshare-modbus")
    answer(board, doors(SHUT), 0)
    assert not board.ready
    assert board.hurries
    answer(board, about(Operation.ALL_OFF), 1)
    assert not board.ready
    answer(board, about(Operation.MODES, modes={1: 0}), 2)
    assert board.ready


def test_modes_are_checked_each_minute_and_a_wrong_one_stops_pulses_until_it_is_right() -> None:
    board = trusted_waveshare()
    assert asked(board, MODE_CHECK_MS - 1) is Operation.QUERY
    assert asked(board, MODE_CHECK_MS) is Operation.MODES
    answer(board, about(Operation.MODES, modes={1: 0, 2: 1}), MODE_CHECK_MS)
    assert trouble(board, MODE_CHECK_MS) is Trouble.WRONG_MODE
    assert board.refuses
    answer(board, about(Operation.MODES, modes={1: 0, 2: 0}), 2 * MODE_CHECK_MS)
    assert trouble(board, 2 * MODE_CHECK_MS) is Trouble.NONE
    assert board.ready


def test_a_board_without_modes_has_no_wrong_ones_but_one_that_cannot_put_off_is_not_trusted() -> (
    None
):
    board = watch("waveshare-modbus")
    answer(board, doors(SHUT), 0)
    answer(board, about(Operation.ALL_OFF), 0)
    answer(board, about(Operation.MODES, refused="no such register"), 0)
    assert board.ready
    board.begin_session(1)
    answer(board, doors(SHUT), 1)
    answer(board, about(Operation.ALL_OFF, refused="it failed"), 1)
    answer(board, about(Operation.MODES, refused="no such register"), 1)
    assert trouble(board, 1) is Trouble.WRONG_MODE
    answer(board, about(Operation.ALL_OFF), 1 + MODE_CHECK_MS)
    assert trouble(board, 1 + MODE_CHECK_MS) is Trouble.NONE


def test_a_relay_is_read_back_after_its_pulse_and_not_before() -> None:
    board = trusted_waveshare()
    board.pulsed(1, Outcome.NO_ANSWER, 1_000, 500)
    assert asked(board, 1_000 + READ_BACK_MS - 1) is Operation.QUERY
    assert asked(board, 1_000 + READ_BACK_MS) is Operation.OUTPUTS
    assert board.next_ms() <= 1_000 + READ_BACK_MS
    answer(board, about(Operation.OUTPUTS, outputs={1: False, 2: False}), 1_000 + READ_BACK_MS)
    assert asked(board, 2_000) is Operation.QUERY
    assert board.ready


def test_a_relay_that_runs_its_own_time_is_not_stuck() -> None:
    board = trusted_waveshare()
    board.pulsed(1, Outcome.ACKNOWLEDGED, 1_000, 500)
    board.pulsed(2, Outcome.ACKNOWLEDGED, 1_200, 700)
    now = 1_000 + READ_BACK_MS
    answer(board, about(Operation.OUTPUTS, outputs={1: False, 2: True}), now)
    assert board.ready
    assert asked(board, now + 200) is Operation.OUTPUTS  # its turn comes


def test_a_relay_that_stays_on_is_put_off_and_its_board_waits_until_it_is() -> None:
    board = trusted_waveshare()
    board.pulsed(1, Outcome.ACKNOWLEDGED, 1_000, 500)
    now = 1_000 + READ_BACK_MS
    answer(board, about(Operation.OUTPUTS, outputs={1: True, 2: False}), now)
    assert trouble(board, now) is Trouble.OUTPUT_STUCK
    assert board.refuses
    answer(board, about(Operation.ALL_OFF), now)
    assert asked(board, now) is Operation.QUERY
    now += STUCK_CHECK_MS
    answer(board, about(Operation.OUTPUTS, outputs={1: False, 2: False}), now)
    assert trouble(board, now) is Trouble.NONE
    assert board.ready


def test_a_stuck_relay_is_not_forgotten_when_the_port_comes_back() -> None:
    board = trusted_waveshare()
    board.pulsed(1, Outcome.ACKNOWLEDGED, 100, 50)
    answer(board, about(Operation.OUTPUTS, outputs={1: True}), 100 + READ_BACK_MS)
    board.begin_session(5_000)
    answer(board, doors(SHUT), 5_000)
    answer(board, about(Operation.ALL_OFF), 5_000)
    answer(board, about(Operation.MODES, modes={1: 0}), 5_000)
    assert board.refuses
    assert asked(board, 5_000) is Operation.OUTPUTS


def test_a_refused_pulse_is_not_read_back() -> None:
    board = trusted_waveshare()
    board.pulsed(1, Outcome.REFUSED, 1_000, 500)
    assert asked(board, 1_000 + READ_BACK_MS) is Operation.QUERY


def test_an_address_clash_ends_when_nothing_foreign_came_for_a_minute() -> None:
    board = watch()
    answer(board, doors(SHUT), 0)
    board.pulsed(1, Outcome.FOREIGN, 400, 100)
    assert trouble(board, 100) is Trouble.ADDRESS_CLASH
    assert board.ready  # the core judges; the board may be well
    assert trouble(board, 100 + CLASH_MS - 1) is None
    assert trouble(board, 100 + CLASH_MS) is Trouble.NONE


def test_a_family_without_relays_to_read_is_never_asked_for_them() -> None:
    board = watch()
    answer(board, doors(SHUT), 0)
    board.pulsed(1, Outcome.ACKNOWLEDGED, 400, 100)
    requests: list[Request] = [board.request(n) for n in range(0, 5_000, 100)]
    assert {request.operation for request in requests} == {Operation.QUERY}
