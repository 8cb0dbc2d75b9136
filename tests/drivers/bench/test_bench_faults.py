"""Every scripted misfortune of a bus, and how long coils stay on."""

from __future__ import annotations

import pytest

from drivers.bench.boards import Asked
from drivers.bench.bus import QUIET_MS
from drivers.bench.faults import LATE_MS, SPLIT_GAP_MS, Fault
from tests.drivers.bench.bench_rig import Rig, board, shown

OPEN_1, OPENED_1 = "8A 01 01 11 9B", "8A 01 01 00 8A"
QUERY_1, SHUT_1 = "80 01 01 33 B3", "80 01 01 11 91"
QUERY_2, SHUT_2 = "80 02 01 33 B0", "80 02 01 11 92"


def _xor(*faults: Fault, only: Asked | None = None) -> Rig:
    rig = Rig("xor-8a80", board(1), board(2))
    for fault in faults:
        rig.bus.faults.plan(fault, only=only)
    return rig


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.ECHO, f"{QUERY_1} {SHUT_1}"),
        (Fault.GARBAGE, f"00 FF 55 {SHUT_1}"),
        (Fault.SPLIT, SHUT_1),
        (Fault.MERGED, f"{SHUT_1} {SHUT_1}"),
        (Fault.FOREIGN, "80 02 01 11 92"),
        (Fault.SILENCE, ""),
        (Fault.DEAF, ""),
        (Fault.HALF, "80 01"),
        (Fault.CORRUPT, "80 01 01 11 6E"),
        (Fault.REFUSED, ""),
        (Fault.UNASKED, f"82 01 01 11 93 {SHUT_1}"),
        (Fault.LATE, ""),
    ],
)
def test_a_fault_strikes_once_and_then_all_is_well(fault: Fault, said: str) -> None:
    rig = _xor(fault)
    assert rig.ask(QUERY_1, 200) == said
    rig.ask("", LATE_MS)
    assert rig.ask(QUERY_1, 200) == SHUT_1


@pytest.mark.parametrize("fault", Fault)
def test_only_a_lost_or_refused_request_fires_no_coil(fault: Fault) -> None:
    rig = _xor(fault)
    rig.ask(OPEN_1)
    fired = fault not in {Fault.DEAF, Fault.REFUSED}
    assert rig.runs_ms() == ([(1, 300)] if fired else [])


@pytest.mark.parametrize(
    ("family", "address", "request_", "refusal"),
    [
        ("kerong-cu12", 0, "02 00 00 81 00 00 03 86", "02 00 00 81 11 00 03 97"),
        ("wkly", 0, "57 4B 4C 59 09 00 82 01 83", "57 4B 4C 59 09 00 82 FF 7D"),
        ("waveshare-modbus", 1, "01 05 02 00 00 05 0C 71", "01 85 02 C3 51"),
    ],
)
def test_a_board_that_can_says_no(family: str, address: int, request_: str, refusal: str) -> None:
    rig = Rig(family, board(address))
    rig.bus.faults.plan(Fault.REFUSED, only=Asked.OPEN)
    assert rig.ask(request_) == refusal
    assert rig.runs_ms() == []


def test_a_split_answer_comes_in_two_pieces() -> None:
    (first_ms, first), (second_ms, second) = _xor(Fault.SPLIT).timed(QUERY_1)
    assert shown(first + second) == SHUT_1
    assert second_ms - first_ms == SPLIT_GAP_MS


def test_a_late_answer_comes_when_nobody_expects_it() -> None:
    ((late_ms, data),) = _xor(Fault.LATE).timed(QUERY_1, 2 * LATE_MS)
    assert shown(data) == SHUT_1
    assert late_ms > LATE_MS


def test_a_merged_answer_brings_the_one_before_along() -> None:
    rig = _xor()
    rig.ask(QUERY_1)
    rig.bus.faults.plan(Fault.MERGED)
    assert rig.ask(OPEN_1) == f"{SHUT_1} {OPENED_1}"


def test_a_fault_meant_for_pulses_spares_the_polls() -> None:
    rig = _xor(Fault.SILENCE, only=Asked.OPEN)
    assert rig.ask(QUERY_1) == SHUT_1
    assert rig.ask(OPEN_1) == ""
    assert rig.ask(OPEN_1) == OPENED_1


def test_a_fault_meant_for_one_board_spares_the_other() -> None:
    rig = _xor()
    rig.bus.faults.plan(Fault.SILENCE, times=None, board=1)
    assert [rig.ask(QUERY_1), rig.ask(QUERY_2), rig.ask(QUERY_1)] == ["", SHUT_2, ""]
    rig.bus.faults.clear()
    assert rig.ask(QUERY_1) == SHUT_1


def test_faults_can_strike_together_and_say_what_is_still_to_come() -> None:
    rig = _xor(Fault.ECHO, Fault.GARBAGE, Fault.CORRUPT)
    rig.bus.faults.plan(Fault.DEAF, times=None, only=Asked.OTHER)
    assert rig.bus.faults.planned() == ("echo 1", "garbage 1", "corrupt 1", "deaf on")
    assert rig.ask(QUERY_1) == f"{QUERY_1} 00 FF 55 80 01 01 11 6E"
    assert rig.bus.faults.planned() == ("deaf on",)


def test_a_dead_board_is_silent_and_its_coil_drops() -> None:
    rig = _xor()
    rig.ask(OPEN_1, 100)
    rig.bus.boards[1].die()
    assert rig.ask(QUERY_1) == ""
    assert rig.ask(QUERY_2) == SHUT_2
    assert rig.runs_ms() == [(1, 100)]
    rig.bus.boards[1].revive()
    assert rig.ask(QUERY_1) == "80 01 01 00 80", "the latch was free when the power went"


def test_a_cabinet_without_board_power_has_only_dead_boards() -> None:
    rig = _xor()
    rig.cabinet.kill_board()
    assert rig.ask(QUERY_1) == rig.ask(QUERY_2) == ""
    rig.cabinet.revive_board()
    assert rig.ask(QUERY_1) == SHUT_1


def test_a_board_is_deaf_while_it_pulses() -> None:
    rig = _xor()
    rig.ask(OPEN_1, 100)
    assert rig.ask(QUERY_1, 100) == ""
    assert rig.ask("", 200) == OPENED_1


def test_noise_before_a_request_and_a_torn_request_do_not_matter() -> None:
    rig = _xor()
    assert rig.ask(f"FF 8A 00 {QUERY_1}") == SHUT_1
    assert rig.ask("80 01", QUIET_MS + 1) == ""
    assert rig.ask(QUERY_1) == SHUT_1
    assert rig.ask("80 01 01", 10) == ""
    assert rig.ask("33 B3") == SHUT_1


def test_bytes_take_their_time_on_the_wire() -> None:
    rig = Rig("xor-8a80", board(1), wire_time=True)
    ((after_ms, _),) = rig.timed(QUERY_1)
    assert after_ms == 6 + 10 + 6, "5 bytes at 9600 baud there, the board, 5 bytes back"


@pytest.mark.parametrize(
    ("family", "address", "request_", "on_ms"),
    [
        ("xor-8a80", 1, OPEN_1, 300),
        ("xor-8a80", 1, "8A 01 01 11 03 98", 3_000),
        ("kerong-cu16", 0, "02 00 31 03 36", 500),
        ("kerong-cu12", 0, "02 00 00 81 00 00 03 86", 500),
        ("wkly", 0, "57 4B 4C 59 09 00 82 01 83", 500),
        ("waveshare-modbus", 1, "01 05 02 00 00 07 8D B0", 700),
    ],
)
def test_the_board_ends_the_pulse_by_itself_when_nobody_speaks_any_more(
    family: str, address: int, request_: str, on_ms: int
) -> None:
    rig = Rig(family, board(address))
    rig.ask(request_, 5_000)
    assert rig.runs_ms() == [(1, on_ms)]
    assert rig.cabinet.is_open(1)
    assert not rig.cabinet.is_open(2)


def test_pulses_of_two_boards_overlap() -> None:
    rig = _xor()
    rig.ask(OPEN_1, 20)
    rig.ask("8A 02 01 11 98", 20)
    assert rig.cabinet.coils_on() == {1, 201}


def test_a_welded_relay_stays_on_and_is_read_back_until_it_is_mended() -> None:
    rig = Rig("waveshare-modbus", board(1))
    rig.cabinet.coils.weld(1)
    rig.ask("01 05 02 00 00 05 0C 71", 2_000)
    rig.ask("01 05 00 FF 00 00 FD FA", 100)
    assert rig.ask("01 01 00 00 00 08 3D CC", 100).startswith("01 01 01 01")
    rig.cabinet.mend(1)
    assert rig.runs_ms() == [(1, 2_200)]


def test_a_crossed_wire_opens_the_wrong_door() -> None:
    rig = _xor()
    rig.cabinet.board.cross(1, 2)
    assert rig.ask(OPEN_1) == OPEN_1, "its own door stayed shut"
    assert rig.runs_ms() == [(2, 300)]
    assert rig.cabinet.is_open(2)


def test_a_broken_contact_wire_reads_as_an_open_contact() -> None:
    rig = _xor()
    rig.cabinet.stick_sensor(1, rig.cabinet.readings()[1].UNKNOWN)
    assert rig.ask(QUERY_1) == "80 01 01 00 80"
