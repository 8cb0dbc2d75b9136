"""The page *state of the kiosk*: one true line for everything that a technician would ask about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.devices import Device, DeviceState, Trouble, Vitals
from drivers.doors import Reading
from kiosk.core.automaton import step
from kiosk.core.events import Event
from kiosk.core.state import State
from kiosk.show_state import state_lines
from tests.flows.walk import Walk
from ui.service_screens import STATE_KEYS, Level


@pytest.fixture
def walk() -> Walk:
    return Walk(banks=2)


def line(walk: Walk, key: str, *events: Event, lang: str = "vi") -> tuple[str, Level]:
    """One line after these events."""
    for event in events:
        walk.give(event)
    state = replace(walk.state, face=replace(walk.state.face, lang=lang))
    lines = state_lines(state, walk.now)
    assert tuple(found.key for found in lines) == STATE_KEYS
    return next((found.value, found.level) for found in lines if found.key == key)


def test_what_is_not_measured_is_not_claimed(walk: Walk) -> None:
    assert line(walk, "temperature") == ("–", Level.OK)
    assert line(walk, "power") == ("–", Level.OK)
    assert line(walk, "printer") == ("–", Level.OK)


def test_temperature_and_power_are_told_with_their_level(walk: Walk) -> None:
    assert line(walk, "temperature", Vitals(celsius=41)) == ("41\u00a0°C", Level.OK)
    assert line(walk, "temperature", Vitals(celsius=71)) == ("71\u00a0°C", Level.BAD)
    on_mains = Vitals(mains=True, battery_percent=96)
    assert line(walk, "power", on_mains) == ("điện lưới, pin 96%", Level.OK)
    lost = replace(on_mains, mains=False)
    assert line(walk, "power", lost, lang="en") == ("no mains, battery 96%", Level.CARE)
    assert line(walk, "power", replace(lost, battery_percent=9)) == ("mất điện, pin 9%", Level.BAD)
    assert line(walk, "power", Vitals(mains=False)) == ("mất điện", Level.CARE)


def test_boards_are_counted_and_the_ill_ones_named(walk: Walk) -> None:
    assert line(walk, "boards") == ("2/2, 6/6", Level.OK)
    ill = DeviceState(Device.BOARD, Trouble.ADDRESS_CLASH, "khoa/2", (1, 3, 5))
    assert line(walk, "boards", ill) == ("1/2 (khoa/2), 6/6", Level.BAD)
    well = replace(ill, trouble=Trouble.NONE)
    assert line(walk, "boards", well) == ("2/2, 6/6", Level.OK)
    walk.readings[4] = Reading.UNKNOWN
    walk.wait(400)
    assert line(walk, "boards") == ("2/2, 5/6", Level.BAD)


def test_scanner_and_printer_are_well_or_say_what_they_lack(walk: Walk) -> None:
    assert line(walk, "scanner") == ("✓", Level.OK)
    gone = DeviceState(Device.SCANNER, Trouble.LOST)
    assert line(walk, "scanner", gone, lang="en") == ("does not answer", Level.CARE)
    printing: State = replace(walk.state, site=replace(walk.site, printer=True))
    out = DeviceState(Device.PRINTER, Trouble.PAPER_OUT)
    state, _ = step(printing, out, walk.now)
    values = {found.key: found.value for found in state_lines(state, walk.now)}
    assert values["printer"] == "hết giấy"
    healed, _ = step(state, replace(out, trouble=Trouble.NONE), walk.now)
    assert {found.key: found.value for found in state_lines(healed, walk.now)}["printer"] == "✓"
