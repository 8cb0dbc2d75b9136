"""Boards are asked over a real line, and nothing but questions goes out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from drivers.bench.boards import BenchBoard, BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.bench.faults import Fault
from drivers.locks.families import FAMILIES
from drivers.locks.port import Port
from drivers.pins import PinError
from drivers.simulated.cabinet import Cabinet
from kiosk import clock
from kiosk.doctor import boards as checks
from kiosk.doctor.boards import READS
from kiosk.doctor.findings import Finding
from kiosk.doctor.machine import Machine
from kiosk.doctor.serving import Serving
from tests.kiosk.doctor.ward import FAILED, OK, WARNING, Ward, boards, configured, gpio, one

NET_S = 20.0  # a safety net, never a measure
STOPPED = Serving(there=False)


class Bench:
    """One bus with board 1 and two doors, and a look at it."""

    def __init__(
        self, folder: Path, family: str = "xor-8a80", modes: Mapping[int, int] | None = None
    ) -> None:
        self.folder, self.family = folder, family
        self.codec = FAMILIES[family]
        self.cabinet = Cabinet([1, 2])
        board = BenchBoard(1, {1: 1, 2: 2}, modes=modes)
        self.bench = BenchCabinet(folder, self.cabinet, [BenchBus("a", family, [board])])
        self.bench.start()

    def look(self, more: str = "", *, count: int = 2) -> list[Finding]:
        text = boards(str(self.bench.port("a")), more, family=self.family, count=count)
        config = configured(self.folder, text)
        machine = Machine(root=self.folder / "root", up_ms=clock.up_ms)
        return list(checks.check(config.cabinet, machine, STOPPED))

    def operations(self) -> set[str]:
        """What the boards were asked."""
        heard = b"".join(self.bench.heard("a"))
        return {str(f.operation) for f in self.codec.scan(heard, final=True).frames}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.bench.close()


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_answers_and_nothing_moves(tmp_path: Path, family: str) -> None:
    bench = Bench(tmp_path, family)
    try:
        found = one(bench.look(), "board a/1")
        assert (found.level, found.words) == (OK, "answers; 2 doors read shut")
        assert bench.operations() - {str(read) for read in READS} == set()
        with bench.bench.hands() as cabinet:
            assert cabinet.coil_runs() == ()
        assert bench.bench.dangers() == ()
    finally:
        bench.bench.close()


def test_an_open_door_is_named(bench: Bench) -> None:
    with bench.bench.hands() as cabinet:
        assert cabinet.open_by_key(2)
    found = one(bench.look(), "board a/1")
    assert (found.level, found.words) == (WARNING, "answers; open: compartment 2")


def test_contacts_the_wrong_way_round_are_suspected(bench: Bench) -> None:
    found = one(bench.look('shut_when = "open"'), "board a/1")
    assert (found.level, "shut_when" in found.what_to_do) == (WARNING, True)


def test_a_silent_board_is_lost(bench: Bench) -> None:
    bench.bench.kill("a", 1)
    found = one(bench.look(), "board a/1")
    assert (found.level, found.words) == (FAILED, "does not answer")


def test_one_spoilt_answer_is_asked_for_again(bench: Bench) -> None:
    bench.bench.fault("a", Fault.SILENCE)
    assert one(bench.look(), "board a/1").level is OK


def test_a_line_that_echoes_is_understood(bench: Bench) -> None:
    bench.bench.fault("a", Fault.ECHO, times=None)
    assert one(bench.look(), "board a/1").level is OK


def test_a_channel_that_the_board_has_not_is_told(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "xor-8a80")
    try:
        found = one(bench.look(count=40), "board a/1")
        assert (found.level, found.words.startswith("answers, but has no channel")) == (
            FAILED,
            True,
        )
    finally:
        bench.bench.close()


def test_contacts_that_would_switch_relays_fail(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "waveshare-modbus", modes={1: 1})
    try:
        found = [f for f in bench.look() if f.level is FAILED]
        assert found[0].words == "lets contacts switch relays"
    finally:
        bench.bench.close()


def test_a_relay_that_stayed_on_fails(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "waveshare-modbus")
    try:
        with bench.bench.hands() as cabinet:
            cabinet.coils.weld(1)
        other = Port(bench.bench.port("a"), 9_600)
        assert other.open()
        other.write(bench.codec.open(1, 1, 200).data)
        assert other.read(NET_S)  # the board has taken it
        other.close()
        found = [f for f in bench.look() if f.level is FAILED]
        assert [f.words for f in found] == ["has a relay on that nobody pulsed"]
        assert "supply off now" in found[0].what_to_do
    finally:
        bench.bench.close()


def test_a_port_that_another_program_holds_is_told(bench: Bench) -> None:
    other = Port(bench.bench.port("a"), 9_600)
    assert other.open()
    try:
        found = one(bench.look(), "bus a")
        assert (found.level, "another program holds it" in found.words) == (FAILED, True)
    finally:
        other.close()


def test_a_port_that_is_not_there_is_its_node_s_affair(tmp_path: Path) -> None:
    config = configured(tmp_path, boards("ttyGone"))
    assert list(checks.check(config.cabinet, Ward(tmp_path).machine, STOPPED)) == []


def test_beside_a_kiosk_that_runs_no_port_is_opened(bench: Bench) -> None:
    held = Port(bench.bench.port("a"), 9_600)
    assert held.open()
    config = configured(bench.folder, boards(str(bench.bench.port("a"))))
    machine = Ward(bench.folder).machine
    health = {"faults": ["board_lost:a/1", "port_lost:b", "board_output_stuck:a/2", "hot"]}
    try:
        found = list(checks.check(config.cabinet, machine, Serving(there=True, health=health)))
        assert [(f.name, f.level) for f in found] == [
            ("bus b", FAILED),
            ("board a/1", FAILED),
            ("board a/2", FAILED),
        ]
        assert "supply off now" in found[2].what_to_do
        fine = Serving(there=True, health={"faults": []})
        assert [f.level for f in checks.check(config.cabinet, machine, fine)] == [OK]
        mute = Serving(there=True, why_not="no")
        assert [f.level for f in checks.check(config.cabinet, machine, mute)] == [WARNING]
    finally:
        held.close()


def test_gpio_contacts_are_read_and_no_lock_pin_is_touched(tmp_path: Path) -> None:
    factory = MockFactory()
    touched: list[int] = []
    real = factory.pin

    def pin(name: int) -> object:
        touched.append(name)
        return real(name)

    factory.pin = pin
    # Nothing is wired: both contacts are held up, which the first door means by being shut.
    text = gpio().replace("contact_pin = 27", 'contact_pin = 27\nshut_when = "open"')
    ward = Ward(tmp_path, pins=factory)
    found = list(checks.check(configured(tmp_path, text).cabinet, ward.machine, STOPPED))
    assert [(f.name, f.level, f.words) for f in found] == [
        ("contacts", WARNING, "can be read; open: compartment 2")
    ]
    assert set(touched) == {27, 23}


def test_without_a_gpio_chip_that_is_told(tmp_path: Path) -> None:
    def nothing() -> object:
        raise PinError("no chip")

    machine = Machine(root=tmp_path, header=nothing)  # type: ignore[arg-type]  # it only raises
    found = list(checks.check(configured(tmp_path, gpio()).cabinet, machine, STOPPED))
    assert [(f.level, f.words) for f in found] == [(FAILED, "no chip")]


def test_a_port_that_says_nothing_ends_at_the_deadline(tmp_path: Path) -> None:
    far, near = os.openpty()
    try:
        config = configured(tmp_path, boards(os.ttyname(near)))
        machine = Machine(up_ms=clock.up_ms)
        found = one(checks.check(config.cabinet, machine, STOPPED), "board a/1")
        assert (found.level, found.words) == (FAILED, "does not answer")
    finally:
        os.close(far)
        os.close(near)
