"""The real drivers before fake boards on a pty: what lines, boards and ports do to them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.bench.boards import Asked
from drivers.bench.faults import Fault
from drivers.boards import Scan
from drivers.devices import Device, DeviceState, Trouble
from drivers.doors import DoorsRead, Outcome, Reading
from drivers.locks.families import FAMILIES
from drivers.locks.xor_8a80 import Xor8A80
from tests.drivers.boards_rig import NET_S, ONE_BOARD, TWO_BOARDS, BoardsRig, last_readings

OPEN_3 = {  # the bytes that open compartment 3, on channel 1 of board 1
    "xor-8a80": bytes.fromhex("8A 01 01 11 9B"),
    "waveshare-modbus": bytes.fromhex("01 05 02 00 00 02 4D B3"),
}
Making = Callable[..., BoardsRig]


@pytest.fixture
def making(tmp_path: Path) -> Iterator[Making]:
    rigs: list[BoardsRig] = []

    def make(*args: object, **kwargs: object) -> BoardsRig:
        rigs.append(BoardsRig(tmp_path, *args, **kwargs))  # type: ignore[arg-type]  # handed on
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()
        assert rig.bench.dangers() == ()


def board(trouble: Trouble, n: int = 1, doors: tuple[int, ...] = (3, 4, 7)) -> DeviceState:
    return DeviceState(Device.BOARD, trouble, f"a/{n}", doors)


def opens(rig: BoardsRig, family: str) -> int:
    return rig.bench.heard("a").count(OPEN_3[family])


@pytest.mark.parametrize(
    ("family", "fault", "outcome"),
    [
        ("xor-8a80", Fault.GARBAGE, Outcome.ACKNOWLEDGED),
        ("xor-8a80", Fault.SPLIT, Outcome.ACKNOWLEDGED),
        ("xor-8a80", Fault.MERGED, Outcome.ACKNOWLEDGED),
        ("xor-8a80", Fault.UNASKED, Outcome.ACKNOWLEDGED),
        ("xor-8a80", Fault.SILENCE, Outcome.NO_ANSWER),
        ("xor-8a80", Fault.CORRUPT, Outcome.CORRUPT),
        ("xor-8a80", Fault.HALF, Outcome.CORRUPT),
        ("xor-8a80", Fault.FOREIGN, Outcome.FOREIGN),
        ("waveshare-modbus", Fault.DEAF, Outcome.NO_ANSWER),
        ("waveshare-modbus", Fault.REFUSED, Outcome.REFUSED),
        ("waveshare-modbus", Fault.CORRUPT, Outcome.CORRUPT),
    ],
)
def test_a_spoilt_answer_has_its_name_and_the_pulse_is_never_repeated(
    making: Making, family: str, fault: Fault, outcome: Outcome
) -> None:
    rig = making(family)
    rig.start()
    rig.bench.fault("a", fault, only=Asked.OPEN)
    assert rig.pulse(3) is outcome
    fires = fault not in (Fault.DEAF, Fault.REFUSED)
    rig.until_read({3: Reading.OPEN if fires else Reading.CLOSED})
    assert opens(rig, family) == 1


@pytest.mark.parametrize("family", OPEN_3)
def test_a_line_that_echoes_serves_as_any_other(making: Making, family: str) -> None:
    rig = making(family)
    rig.bench.fault("a", Fault.ECHO, times=None)
    rig.start()
    assert rig.pulse(3) is Outcome.ACKNOWLEDGED
    rig.until_read({3: Reading.OPEN, 4: Reading.CLOSED})


def test_an_echo_alone_is_never_taken_for_the_answer_of_a_jammed_door(making: Making) -> None:
    rig = making("xor-8a80")
    rig.bench.fault("a", Fault.ECHO, times=None)
    with rig.bench.hands() as cabinet:
        cabinet.jam(3)
    rig.start()
    assert rig.pulse(3) is Outcome.ACKNOWLEDGED  # echo, and the same bytes once more
    rig.bench.fault("a", Fault.SILENCE, only=Asked.OPEN)
    assert rig.pulse(3) is Outcome.CORRUPT  # the echo alone


def test_an_echo_that_the_first_query_did_not_show_is_learnt_from_a_later_one(
    making: Making,
) -> None:
    rig = making("xor-8a80")
    with rig.bench.hands() as cabinet:
        cabinet.jam(3)
    rig.start()
    rig.bench.fault("a", Fault.ECHO, times=None)
    rig.rest()
    rig.bench.fault("a", Fault.SILENCE, only=Asked.OPEN)
    assert rig.pulse(3) is Outcome.CORRUPT


def test_a_foreign_answer_is_told_as_an_address_clash(making: Making) -> None:
    rig = making("xor-8a80")
    rig.start()
    rig.bench.fault("a", Fault.FOREIGN, only=Asked.OPEN)
    rig.pulse(3)
    assert rig.next_told() == board(Trouble.ADDRESS_CLASH)


def test_a_port_that_vanishes_takes_its_doors_along_and_brings_them_back(making: Making) -> None:
    rig = making("xor-8a80", TWO_BOARDS)
    rig.start()
    rig.bench.unplug("a")
    rig.until_read(dict.fromkeys(rig.compartments, Reading.UNKNOWN))
    assert [rig.next_told() for _ in range(3)] == [
        DeviceState(Device.PORT, Trouble.LOST, "a", (3, 4, 7, 8)),
        board(Trouble.LOST, 1, (3, 4)),
        board(Trouble.LOST, 2, (7, 8)),
    ]
    assert rig.pulse(3) is Outcome.NOT_SENT
    rig.bench.plug("a")
    rig.until_read(dict.fromkeys(rig.compartments, Reading.CLOSED))
    assert [rig.next_told() for _ in range(3)] == [
        DeviceState(Device.PORT, Trouble.NONE, "a", (3, 4, 7, 8)),
        board(Trouble.NONE, 1, (3, 4)),
        board(Trouble.NONE, 2, (7, 8)),
    ]
    assert rig.pulse(3) is Outcome.ACKNOWLEDGED


def test_a_port_that_vanishes_in_the_middle_of_a_pulse_leaves_it_unanswered(
    making: Making,
) -> None:
    rig = making("xor-8a80")
    rig.start()
    rig.bank.pulse(3)
    rig.bank.pulse(4)
    rig.until_coil_on()
    rig.bench.unplug("a")
    assert rig.next_outcomes(2) == {3: Outcome.NO_ANSWER, 4: Outcome.NOT_SENT}


def test_a_port_that_is_not_there_at_start_is_awaited(making: Making) -> None:
    rig = making("kerong-cu12", plugged=False)
    rig.bank.start(rig.inbox)
    assert rig.next_told().device is Device.PORT
    rig.until_read(dict.fromkeys(rig.compartments, Reading.UNKNOWN))
    rig.bench.plug("a")
    rig.until_read(dict.fromkeys(rig.compartments, Reading.CLOSED))


def test_a_board_that_is_dead_at_start_harms_no_other(making: Making) -> None:
    rig = making("xor-8a80", TWO_BOARDS)
    rig.bench.kill("a", 2)
    rig.bank.start(rig.inbox)
    rig.until_read(dict.fromkeys((3, 4), Reading.CLOSED) | dict.fromkeys((7, 8), Reading.UNKNOWN))
    assert rig.next_told() == board(Trouble.LOST, 2, (7, 8))
    assert rig.pulse(7) is Outcome.NOT_SENT
    assert rig.pulse(3) is Outcome.ACKNOWLEDGED
    rig.bench.revive("a", 2)
    rig.until_read(dict.fromkeys((7, 8), Reading.CLOSED))
    assert rig.next_told() == board(Trouble.NONE, 2, (7, 8))


def test_a_sweep_holds_the_doors_of_the_board_that_was_read(making: Making) -> None:
    rig = making("xor-8a80", TWO_BOARDS)
    rig.bank.start(rig.inbox)
    events = rig.until(lambda events: len(last_readings(events)) == 4)
    seen = {tuple(sorted(e.readings)) for e in events if isinstance(e, DoorsRead)}
    assert seen == {(3, 4), (7, 8)}


def test_before_its_first_pulse_a_board_was_asked_and_put_off(making: Making) -> None:
    rig = making("waveshare-modbus")
    rig.bank.start(rig.inbox)
    rig.bank.pulse(3)
    assert rig.next_outcomes(1) == {3: Outcome.ACKNOWLEDGED}
    heard = rig.bench.heard("a")
    first = heard.index(OPEN_3["waveshare-modbus"])
    functions = [request[1] for request in heard[:first]]
    assert functions[:3] == [0x02, 0x05, 0x03]  # doors, every relay off, modes


def test_a_board_whose_inputs_would_drive_relays_is_not_pulsed(making: Making) -> None:
    rig = making("waveshare-modbus", modes={8: 1, 2: 2})
    rig.start()
    assert rig.next_told() == board(Trouble.WRONG_MODE)
    assert rig.pulse(3) is Outcome.NOT_SENT
    assert opens(rig, "waveshare-modbus") == 0


def test_a_relay_that_stays_on_stops_its_board_until_it_is_off(making: Making) -> None:
    rig = making("waveshare-modbus")
    rig.start()
    with rig.bench.hands() as cabinet:
        cabinet.coils.weld(3)
    assert rig.pulse(3) is Outcome.ACKNOWLEDGED
    assert rig.next_told() == board(Trouble.OUTPUT_STUCK)
    assert rig.pulse(4) is Outcome.NOT_SENT
    with rig.bench.hands() as cabinet:
        cabinet.coils.unweld(3)
    assert rig.next_told() == board(Trouble.NONE)
    assert rig.pulse(4) is Outcome.ACKNOWLEDGED


def test_a_report_unasked_is_a_reading(making: Making) -> None:
    rig = making("xor-8a80")
    rig.start()
    rig.bench.report("a", 1, 2)
    events = rig.until(
        lambda events: any(isinstance(e, DoorsRead) and set(e.readings) == {4} for e in events)
    )
    assert last_readings(events)[4] is Reading.CLOSED


class Broken(Xor8A80):
    """A codec with a fault of ours."""

    broken = False

    def scan(self, data: bytes, *, final: bool, status_first: bool = False) -> Scan:
        if self.broken:
            raise RuntimeError("nobody foresaw this")
        return super().scan(data, final=final, status_first=status_first)


def test_a_fault_of_ours_is_not_hidden_and_its_doors_become_unknown(
    making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    codec = Broken()
    seen: list[str] = []
    raised = threading.Event()

    def hook(args: threading.ExceptHookArgs) -> None:
        seen.append(str(args.exc_value))
        raised.set()

    monkeypatch.setattr(threading, "excepthook", hook)
    rig = making("xor-8a80", codec=codec)
    rig.start()
    codec.broken = True
    rig.until_read(dict.fromkeys(rig.compartments, Reading.UNKNOWN))
    assert raised.wait(NET_S)
    assert seen == ["nobody foresaw this"]
    assert rig.next_told() == board(Trouble.LOST)
    assert rig.pulse(3) is Outcome.NOT_SENT


@pytest.mark.parametrize("family", FAMILIES)
def test_a_bank_that_closes_in_the_middle_of_a_pulse_leaves_no_coil_on(
    making: Making, family: str
) -> None:
    rig = making(family, ONE_BOARD)
    rig.start()
    rig.bank.pulse(3)
    rig.until_coil_on()
    rig.bank.close()
    assert not rig.coil_is_on()
