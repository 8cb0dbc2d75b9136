"""Nodes, readers, printer, power: laid out as files of a machine, or on a pseudo-terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import clock
from kiosk.doctor import gear, nodes
from kiosk.doctor.findings import Finding
from kiosk.doctor.machine import Machine, user
from kiosk.doctor.serving import Serving
from tests.drivers.fake_printer import NEAR_END, OFFLINE, OUT, FakePrinter
from tests.drivers.reader_rig import Cable
from tests.kiosk.doctor.ward import (
    FAILED,
    OK,
    TOP,
    WARNING,
    Ward,
    boards,
    configured,
    gpio,
    levels,
    one,
)

STOPPED = Serving(there=False)
BY_ID = "/dev/serial/by-id/usb-1a86-port0"


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    return Ward(tmp_path / "root")


def seen(ward: Ward, cabinet: str, top: str = TOP) -> list[Finding]:
    return list(nodes.check(configured(ward.root.parent, cabinet, top), ward.machine))


def gear_of(ward: Ward, more: str, serving: Serving = STOPPED) -> list[Finding]:
    config = configured(ward.root.parent, more + boards("/dev/none"))
    return list(gear.check(config, ward.machine, serving))


# Nodes


def test_a_port_by_its_id_is_fine(ward: Ward) -> None:
    ward.lay(BY_ID)
    assert levels(seen(ward, boards(BY_ID))) == {"port a": OK}


def test_a_missing_port_is_told_with_what_is_there_instead(ward: Ward) -> None:
    ward.lay("/dev/serial/by-id/usb-other-port0")
    found = one(seen(ward, boards(BY_ID)), "port a")
    assert found.level is FAILED
    assert found.words == f"{BY_ID} is not there; beside it: usb-other-port0"


def test_a_counted_name_is_warned_of_with_its_better_one(ward: Ward) -> None:
    node = ward.lay("/dev/ttyUSB0")
    assert "ls /dev/serial/by-id" in one(seen(ward, boards("/dev/ttyUSB0")), "port a").what_to_do
    ward.lay(BY_ID).unlink()
    ward.machine.at(BY_ID).symlink_to(node)
    found = one(seen(ward, boards("/dev/ttyUSB0")), "port a")
    assert (found.level, found.what_to_do) == (WARNING, f"name it {BY_ID}")


def test_a_port_that_this_user_may_not_use_names_the_group(ward: Ward) -> None:
    ward.lay(BY_ID)
    ward.allowed = False
    found = one(seen(ward, boards(BY_ID)), "port a")
    assert (found.level, user() in found.words, bool(found.what_to_do)) == (FAILED, True, True)


def test_gpio_needs_its_chip_and_the_group(ward: Ward) -> None:
    assert levels(seen(ward, gpio())) == {"GPIO chip": FAILED}
    ward.lay("/dev/gpiochip0")
    assert levels(seen(ward, gpio())) == {"GPIO chip": OK}
    ward.allowed = False
    assert "usermod -aG gpio" in one(seen(ward, gpio()), "GPIO chip").what_to_do


def test_a_whole_screen_needs_its_devices(ward: Ward) -> None:
    top = TOP + "[screen]\nfullscreen = true\n"
    ward.lay(BY_ID)
    ward.lay("/dev/dri/card1")
    found = levels(seen(ward, boards(BY_ID), top))
    assert (found["screen device"], found["touch device"]) == (OK, FAILED)
    ward.lay("/dev/input/event3")
    assert one(seen(ward, boards(BY_ID), top), "touch device").level is OK


# Readers


def test_a_scanner_that_is_not_fitted_is_fine(ward: Ward) -> None:
    assert levels(gear_of(ward, "")) == {"scanner": OK}


def test_a_scanner_s_port_is_opened_and_let_go(ward: Ward, tmp_path: Path) -> None:
    cable = Cable(tmp_path)
    cable.plug()
    try:
        more = f'[scanner]\nkind = "gm65"\nport = "{cable.path}"\n'
        assert one(gear_of(ward, more), "scanner").level is OK
        assert one(gear_of(ward, more), "scanner").level is OK
    finally:
        cable.pull()


def test_a_keyboard_has_to_be_had_alone(ward: Ward) -> None:
    ward.lay("/dev/input/by-id/pad")
    ward.lay("/dev/input/by-id/wedge")
    more = (
        '[keypad]\ndevice = "/dev/input/by-id/pad"\n'
        '[scanner]\nkind = "wedge"\nport = "/dev/input/by-id/wedge"\n'
    )
    assert levels(gear_of(ward, more)) == {"scanner": OK, "number pad": OK}
    ward.grabbed = True
    assert levels(gear_of(ward, more)) == {"scanner": FAILED, "number pad": FAILED}


def test_while_the_kiosk_runs_it_is_asked_about_its_devices(ward: Ward) -> None:
    faults = ["scanner_lost", "printer_paper_out", "tamper_opened", "board_lost:a/1"]
    serving = Serving(there=True, health={"faults": faults})
    more = '[keypad]\ndevice = "/dev/input/by-id/pad"\n'
    found = levels(gear_of(ward, more, serving))
    assert found == {"scanner": FAILED, "printer": WARNING, "tamper": FAILED}
    fine = Serving(there=True, health={"faults": []})
    assert one(gear_of(ward, more, fine), "devices").words.startswith("number pad: nothing")
    assert gear_of(ward, "", fine) == []
    assert gear_of(ward, more, Serving(there=True, why_not="no answer")) == []


# Printer


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[tuple[FakePrinter, str]]:
    cable = Cable(tmp_path)
    fake = FakePrinter(cable.plug())
    yield fake, f'[printer]\nport = "{cable.path}"\n'
    fake.close()
    cable.pull()


@pytest.mark.parametrize(
    ("state", "level", "words"),
    [
        ({}, OK, "on line and has paper"),
        ({"paper": NEAR_END}, WARNING, "near the end"),
        ({"paper": OUT}, WARNING, "no paper"),
        ({"online": OFFLINE}, FAILED, "off line"),
        ({"online": None}, FAILED, "does not answer"),
    ],
)
def test_the_printer_says_how_it_is(
    ward: Ward,
    printer: tuple[FakePrinter, str],
    state: dict[str, int | None],
    level: object,
    words: str,
) -> None:
    fake, more = printer
    for name, value in state.items():
        setattr(fake, name, value)
    config = configured(ward.root.parent, more + boards("/dev/none"))
    found = one(gear.check(config, Machine(ward.root, up_ms=clock.up_ms), STOPPED), "printer")
    assert (found.level, words in found.words) == (level, True)


# Power and climate


def test_a_battery_that_the_kernel_does_not_know_fails(ward: Ward) -> None:
    more = "[panel]\nbattery = true\n"
    assert one(gear_of(ward, more), "battery").level is FAILED
    ward.lay("/sys/class/power_supply/battery/type", "Battery\n")
    ward.lay("/sys/class/power_supply/battery/capacity", "80\n")
    assert one(gear_of(ward, more), "battery").words == "80 %"
    ward.lay("/sys/class/power_supply/battery/capacity", "9\n")
    ward.lay("/sys/class/power_supply/mains/type", "Mains\n")
    ward.lay("/sys/class/power_supply/mains/online", "0\n")
    found = levels(gear_of(ward, more))
    assert (found["battery"], found["mains"]) == (WARNING, WARNING)


@pytest.mark.parametrize(
    ("fitted", "path", "where"),
    [
        ("board", "class/thermal/thermal_zone0/temp", "the Pi's own"),
        ("w1", "bus/w1/devices/28-0001/temperature", "in the cabinet"),
    ],
)
def test_the_thermometer_is_read_where_one_is(
    ward: Ward, fitted: str, path: str, where: str
) -> None:
    more = f'[panel]\nthermometer = "{fitted}"\n'
    assert one(gear_of(ward, more), "thermometer").level is WARNING
    ward.lay(f"/sys/{path}", "48312\n")
    found = one(gear_of(ward, more), "thermometer")
    assert (found.level, found.words) == (OK, f"48 °C, {where}")
    ward.lay(f"/sys/{path}", "71500\n")
    assert one(gear_of(ward, more), "thermometer").level is WARNING
