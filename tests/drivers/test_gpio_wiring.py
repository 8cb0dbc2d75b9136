"""What a GPIO cabinet's wiring must say, and how its contacts are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.doors import Reading
from drivers.locks.gpio_contacts import BUSY_MS, QUIET_MS, SAMPLE_MS, Contacts
from drivers.locks.gpio_wiring import LONGEST_PULSE_MS, GpioWire, GpioWiring, Safeguard
from tests.drivers.gpio_rig import CONTACT_PINS, Header, mock_factory, wiring

ONE = GpioWire(1, 17, 5, "closed", 500, 2_000)
TWO = GpioWire(2, 18, 6, "open", 500, 2_000)


def test_without_a_hardware_safeguard_gpio_relays_do_not_go_live() -> None:
    with pytest.raises(ValueError, match=r"only with a hardware safeguard.*one_shot.*rail_relay"):
        GpioWiring((ONE, TWO))


@pytest.mark.parametrize(
    ("wires", "words"),
    [
        ((), "no compartment"),
        ((ONE, replace(TWO, compartment=1)), "named once"),
        ((ONE, replace(TWO, lock_pin=17)), "GPIO17 is wired twice"),
        ((ONE, replace(TWO, contact_pin=17)), "GPIO17 is wired twice"),
        ((replace(ONE, lock_pin=28),), "GPIO28 is not on the header"),
        ((replace(ONE, lock_pin=8),), "GPIO8 is pulled up from power-on"),
        ((replace(ONE, pulse_ms=LONGEST_PULSE_MS + 1),), "out of range"),
        ((replace(ONE, pulse_ms=0),), "out of range"),
        ((replace(ONE, cool_down_ms=-1),), "cool_down_ms"),
    ],
)
def test_wiring_that_cannot_be_is_refused_in_words(wires: tuple[GpioWire, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        GpioWiring(wires, Safeguard.ONE_SHOT)


@pytest.mark.parametrize(
    ("safeguard", "rail_pin"), [(Safeguard.ONE_SHOT, 27), (Safeguard.RAIL_RELAY, None)]
)
def test_a_rail_pin_goes_with_a_rail_relay(safeguard: Safeguard, rail_pin: int | None) -> None:
    with pytest.raises(ValueError, match="rail_pin goes with"):
        GpioWiring((ONE, TWO), safeguard, rail_pin)


def test_an_active_low_relay_may_hang_on_a_pin_that_is_pulled_up_at_power_on() -> None:
    wires = (replace(ONE, lock_pin=8),)
    assert GpioWiring(wires, Safeguard.ONE_SHOT, active_high=False).wires == wires


def test_either_polarity_of_a_contact_means_what_the_wiring_says() -> None:
    factory = mock_factory(Header())
    contacts = Contacts(GpioWiring((ONE, TWO), Safeguard.ONE_SHOT), factory=factory)
    assert contacts.sample(0) == {1: Reading.OPEN, 2: Reading.CLOSED}
    factory.pin(5).drive_low()
    factory.pin(6).drive_low()
    assert contacts.sample(1) == {1: Reading.CLOSED, 2: Reading.OPEN}
    contacts.close()
    contacts.close()


def test_every_look_is_told_after_a_change_and_few_otherwise() -> None:
    factory = mock_factory(Header())
    contacts = Contacts(wiring(), factory=factory)

    def look(start_ms: int, end_ms: int) -> list[int]:
        return [ms for ms in range(start_ms, end_ms, SAMPLE_MS) if contacts.sample(ms)]

    look(0, 10_000)
    told = look(10_000, 13_000)
    assert len(told) == 3_000 // QUIET_MS
    factory.pin(CONTACT_PINS[3]).drive_low()
    told = look(13_000, 16_000)
    busy = [ms for ms in told if ms <= 13_000 + BUSY_MS]
    assert busy == list(range(13_000, 13_000 + BUSY_MS + 1, SAMPLE_MS))
    assert len(told) - len(busy) == (3_000 - BUSY_MS) // QUIET_MS - 1
