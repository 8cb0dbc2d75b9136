"""The rest of the cabinet, on mock pins and a folder in place of /sys; the test says the time."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from drivers.devices import Device, DeviceEvent, DeviceState, Trouble, Vitals
from drivers.panel.panel import Fitted, Panel
from drivers.panel.patterns import Buzz, Light
from drivers.panel.signals import LOST_AFTER, STEADY_MS
from drivers.panel.sysfs import Thermometer
from tests.drivers.gpio_rig import NET_S, monotonic_ms
from tests.drivers.panel_rig import ALL, BUZZER, LIGHT, MAINS, TAMPER, Bench, put


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.warm(24_400)
    bench.charge(80)
    return bench


def test_power_and_climate_are_told_once_they_are_known(bench: Bench) -> None:
    assert bench.measure() == [Vitals(None, 80, 24)]
    assert bench.go(500) == [Vitals(mains=True, battery_percent=80, celsius=24)]
    assert bench.measure() == []


def test_a_change_of_a_degree_is_told_and_a_smaller_one_is_not(bench: Bench) -> None:
    bench.measure()
    bench.warm(25_399)
    assert bench.measure() == []
    bench.warm(25_400)
    assert bench.measure() == [Vitals(None, 80, 25)]
    bench.warm(24_600)
    assert bench.measure() == []


def test_a_percent_of_charge_is_told(bench: Bench) -> None:
    bench.measure()
    bench.charge(79)
    assert bench.measure() == [Vitals(None, 79, 24)]


def test_the_mains_going_and_coming_is_told_without_waiting_for_a_measurement(
    bench: Bench,
) -> None:
    bench.measure()
    bench.go(500)
    bench.factory.pin(MAINS).drive_high()
    assert bench.go(500) == [Vitals(mains=False, battery_percent=80, celsius=24)]
    bench.factory.pin(MAINS).drive_low()
    assert bench.go(500) == [Vitals(mains=True, battery_percent=80, celsius=24)]


def test_a_thermometer_that_is_lost_is_told_once_and_once_more_when_it_is_back(
    bench: Bench,
) -> None:
    bench.measure()
    (bench.sys / "bus/w1/devices/28-0119/temperature").unlink()
    assert bench.measure(LOST_AFTER - 1) == []  # a disturbed wire is no loss
    assert bench.measure(3) == [
        DeviceState(Device.THERMOMETER, Trouble.LOST),
        Vitals(None, 80, None),
    ]
    bench.warm(30_000)
    assert bench.measure() == [
        DeviceState(Device.THERMOMETER, Trouble.NONE),
        Vitals(None, 80, 30),
    ]


def test_a_battery_that_is_lost_leaves_the_temperature(bench: Bench) -> None:
    bench.measure()
    (bench.sys / "class/power_supply/battery/capacity").unlink()
    bench.warm(40_000)
    assert bench.measure(LOST_AFTER) == [
        Vitals(None, 80, 40),
        DeviceState(Device.POWER, Trouble.LOST, "battery"),
        Vitals(None, None, 40),
    ]


def test_an_opened_tamper_loop_is_an_alarm_until_it_is_closed(bench: Bench) -> None:
    bench.go(500)
    bench.factory.pin(TAMPER).drive_high()
    assert bench.go(500) == [DeviceState(Device.TAMPER, Trouble.OPENED)]
    bench.factory.pin(TAMPER).drive_low()
    assert bench.go(500) == [DeviceState(Device.TAMPER, Trouble.NONE)]


def test_a_tamper_loop_that_is_open_at_start_is_an_alarm(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Fitted(tamper_pin=TAMPER))
    bench.factory.pin(TAMPER).drive_high()
    assert bench.go(500) == [DeviceState(Device.TAMPER, Trouble.OPENED)]


def test_a_tamper_loop_that_only_trembles_is_none(bench: Bench) -> None:
    bench.go(500)
    for _ in range(5):
        bench.factory.pin(TAMPER).drive_high()
        assert bench.go(STEADY_MS) == []
        bench.factory.pin(TAMPER).drive_low()
        assert bench.go(STEADY_MS) == []


def test_pins_that_fail_are_told_once_and_the_thermometer_goes_on(bench: Bench) -> None:
    bench.measure()
    bench.go(500)
    bench.header.dead = True
    assert bench.go(500) == [
        DeviceState(Device.LIGHT, Trouble.LOST),
        DeviceState(Device.BUZZER, Trouble.LOST),
        DeviceState(Device.TAMPER, Trouble.LOST),
        DeviceState(Device.POWER, Trouble.LOST, "mains"),
        Vitals(None, 80, 24),
    ]
    bench.warm(50_000)
    assert bench.measure() == [Vitals(None, 80, 50)]
    bench.header.dead = False
    assert bench.go(500) == [
        DeviceState(Device.LIGHT, Trouble.NONE),
        DeviceState(Device.BUZZER, Trouble.NONE),
        DeviceState(Device.TAMPER, Trouble.NONE),
        DeviceState(Device.POWER, Trouble.NONE, "mains"),
        Vitals(mains=True, battery_percent=80, celsius=50),
    ]


def test_without_gpio_what_hangs_on_pins_is_lost_and_the_rest_is_not(tmp_path: Path) -> None:
    events: list[DeviceEvent] = []
    fitted = Fitted(light_pin=LIGHT, tamper_pin=TAMPER, thermometer=Thermometer.BOARD)
    panel = Panel(fitted, events.append, monotonic_ms, factory=None, root=tmp_path)
    put(tmp_path, "class/thermal/thermal_zone0/temp", 51_234)
    panel.step(0)
    panel.measure(0)
    panel.light(Light.READY)
    panel.buzz(Buzz.CHIRP)
    panel.step(50)
    panel.close()
    assert events == [
        DeviceState(Device.LIGHT, Trouble.LOST),
        DeviceState(Device.TAMPER, Trouble.LOST),
        Vitals(celsius=51),
    ]


def test_a_pin_that_is_taken_by_something_else_stops_nobody(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Fitted(light_pin=LIGHT, buzzer_pin=LIGHT, tamper_pin=TAMPER))
    bench.factory.pin(TAMPER).drive_high()
    assert bench.go(500) == [
        DeviceState(Device.BUZZER, Trouble.LOST),
        DeviceState(Device.TAMPER, Trouble.OPENED),
    ]
    bench.panel.light(Light.READY)
    bench.go(50)
    assert bench.is_on(LIGHT)


def test_what_is_not_fitted_is_not_there(tmp_path: Path) -> None:
    events: list[DeviceEvent] = []
    panel = Panel(Fitted(), events.append, monotonic_ms, factory=None, root=tmp_path)
    panel.light(Light.ALARM)
    panel.buzz(Buzz.CALL)
    panel.step(0)
    panel.measure(0)
    panel.close()
    assert events == []


def test_a_buzz_begins_when_it_is_asked_for_and_another_takes_its_place(bench: Bench) -> None:
    bench.panel.buzz(Buzz.CALL)
    bench.go(50)
    assert bench.is_on(BUZZER)
    bench.panel.buzz(Buzz.QUIET)
    bench.go(50)
    assert not bench.is_on(BUZZER)
    bench.panel.buzz(Buzz.CHIRP)
    bench.go(50)
    assert bench.is_on(BUZZER)
    bench.go(1_000)
    assert not bench.is_on(BUZZER)


def test_closing_makes_it_dark_and_silent_and_gives_the_pins_back(bench: Bench) -> None:
    bench.panel.light(Light.READY)
    bench.panel.buzz(Buzz.CALL)
    bench.go(50)
    bench.panel.close()
    bench.panel.close()
    assert not bench.is_on(LIGHT)
    assert not bench.is_on(BUZZER)
    assert bench.go(500) == []
    Panel(ALL, bench.events.append, monotonic_ms, factory=bench.factory, root=bench.sys).close()
    assert bench.events == []


def test_its_threads_tell_without_being_stepped(tmp_path: Path) -> None:
    told: queue.Queue[DeviceEvent] = queue.Queue()
    put(tmp_path, "class/thermal/thermal_zone0/temp", 51_234)
    fitted = Fitted(light_pin=LIGHT, tamper_pin=TAMPER, thermometer=Thermometer.BOARD)
    panel = Panel(fitted, told.put, monotonic_ms, factory=MockFactory(), root=tmp_path)
    panel.start()
    both = [told.get(timeout=NET_S), told.get(timeout=NET_S)]
    panel.close()
    assert set(both) == {Vitals(celsius=51), DeviceState(Device.TAMPER, Trouble.OPENED)}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_fails_leaves_the_buzzer_silent(tmp_path: Path) -> None:
    factory = MockFactory()

    def fails(_: DeviceEvent) -> None:
        raise MemoryError

    panel = Panel(
        Fitted(buzzer_pin=BUZZER, tamper_pin=TAMPER),
        fails,
        monotonic_ms,
        factory=factory,
        root=tmp_path,
    )
    panel.buzz(Buzz.CALL)
    panel.start()
    for thread in panel._threads[:1]:
        thread.join(NET_S)
        assert not thread.is_alive()
    assert not factory.pin(BUZZER).state
    panel.close()
