"""Lock outputs put off from outside, after their program has died."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from drivers.bench.faults import Fault
from drivers.locks.all_off import boards_off, pins_off
from drivers.locks.families import FAMILIES
from drivers.locks.plan import BusPlan
from drivers.locks.port import Port
from drivers.simulated.channel import monotonic_ms
from tests.drivers.boards_rig import BoardsRig
from tests.drivers.gpio_rig import LOCK_PINS, Header, mock_factory
from tests.drivers.scripted_line import GONE, ScriptedLine

ALL_OFF = bytes.fromhex("01 05 00 FF 00 00 FD FA")
LONGEST_MS = 2_000
WAVESHARE = FAMILIES["waveshare-modbus"]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[BoardsRig]:
    """A bench whose bank is never started: the program that drove it is dead."""
    rig = BoardsRig(tmp_path, "waveshare-modbus")
    yield rig
    rig.bench.close()


def put_off(rig: BoardsRig) -> list[str]:
    plan = BusPlan("a", WAVESHARE, rig.bench.port("a"))
    line = Port(plan.port, plan.speed)
    return boards_off(plan, {1: 5}, line, monotonic_ms, monotonic_ms() + LONGEST_MS)


def test_every_relay_is_ordered_off_and_the_board_confirms(rig: BoardsRig) -> None:
    assert put_off(rig) == []
    assert rig.bench.heard("a").count(ALL_OFF) == 1


def test_on_a_line_that_echoes_a_board_still_confirms(rig: BoardsRig) -> None:
    rig.bench.fault("a", Fault.ECHO, times=None)
    assert put_off(rig) == []


def test_on_a_line_that_echoes_the_echo_alone_is_no_confirmation() -> None:
    line = ScriptedLine(lambda data: [(1, data)])  # nobody but the adapter itself
    plan = BusPlan("a", WAVESHARE, Path("/dev/null"))
    told = boards_off(plan, {1: 5}, line, line.up_ms, line.now_ms + LONGEST_MS)
    assert told == ["board a/1 does not confirm that it is off"]


def test_a_silent_board_is_ordered_off_all_the_same_and_within_its_time() -> None:
    line = ScriptedLine(lambda _: [])
    plan = BusPlan("a", WAVESHARE, Path("/dev/null"))
    began = line.now_ms
    told = boards_off(plan, dict.fromkeys(range(1, 33), 5), line, line.up_ms, began + LONGEST_MS)
    assert len(told) == 32
    assert len([data for data in line.written if data[1:4] == ALL_OFF[1:4]]) == 32
    assert line.now_ms - began <= LONGEST_MS + 100  # one slice of listening over


def test_a_line_that_breaks_is_told() -> None:
    line = ScriptedLine(lambda _: [(1, GONE)])
    plan = BusPlan("a", WAVESHARE, Path("/dev/null"))
    told = boards_off(plan, {1: 5}, line, line.up_ms, line.now_ms + LONGEST_MS)
    assert told == ["bus a: unplugged"]


def test_a_port_that_is_gone_is_told(tmp_path: Path) -> None:
    plan = BusPlan("a", WAVESHARE, tmp_path / "none")
    line = Port(plan.port, plan.speed)
    told = boards_off(plan, {1: 5}, line, monotonic_ms, monotonic_ms() + LONGEST_MS)
    assert told == [f"bus a: {plan.port} cannot be opened"]


@pytest.mark.parametrize("family", ["xor-8a80", "kerong-cu16", "kerong-cu12", "wkly"])
def test_boards_that_end_their_pulses_themselves_are_sent_nothing(family: str) -> None:
    line = ScriptedLine(lambda _: [])
    plan = BusPlan("a", FAMILIES[family], Path("/dev/null"))
    assert boards_off(plan, {1: 5}, line, line.up_ms, line.now_ms + LONGEST_MS) == []
    assert (line.opened, line.written) == (0, [])


def levels(header: Header, pins: Sequence[int]) -> set[bool]:
    return {level for _, pin, level in header.log if pin in pins}


@pytest.mark.parametrize("active_high", [True, False])
def test_relay_pins_are_put_off_and_given_back_and_never_pass_through_on(
    *, active_high: bool
) -> None:
    header = Header()
    factory = mock_factory(header)
    pins = tuple(LOCK_PINS.values())
    assert pins_off(pins, factory, active_high=active_high) == []
    assert levels(header, pins) <= {not active_high}
    assert {factory.pin(pin).function for pin in pins} == {"input"}


def test_a_pin_that_stays_on_or_cannot_be_had_does_not_keep_the_others_on() -> None:
    header = Header(dead=True)
    told = pins_off((17, 18), mock_factory(header), active_high=True)
    assert [words.split()[0] for words in told] == ["GPIO17", "GPIO18"]
