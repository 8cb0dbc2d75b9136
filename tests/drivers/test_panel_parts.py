"""Beats of light and buzzer, and what is made of the kernel's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.panel.patterns import BUZZES, LIGHTS, MOST_BUZZ_MS, Buzz, Light
from drivers.panel.sysfs import Thermometer, battery_percent, mains, milli_celsius

W1 = "bus/w1/devices/28-0119"


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n")


def test_every_pattern_has_a_beat() -> None:
    assert set(LIGHTS) == set(Light)
    assert set(BUZZES) == set(Buzz)


@pytest.mark.parametrize("buzz", list(Buzz))
def test_every_buzz_falls_silent_by_itself(buzz: Buzz) -> None:
    beat = BUZZES[buzz]
    assert beat.lasts_ms is not None
    assert beat.lasts_ms <= MOST_BUZZ_MS
    assert not any(beat.is_on(ms) for ms in range(beat.lasts_ms, 3 * MOST_BUZZ_MS, 7))


def test_a_call_sounds_for_less_than_half_of_its_time() -> None:
    on = [BUZZES[Buzz.CALL].is_on(ms) for ms in range(10_000)]
    assert sum(on) == 4_000
    assert on[0]
    assert not on[-1]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({f"{W1}/temperature": "23437"}, 23_437),
        ({f"{W1}/temperature": "-1500"}, -1_500),
        ({f"{W1}/hwmon/hwmon3/temp1_input": "23437"}, 23_437),
        ({f"{W1}/temperature": ""}, None),
        ({f"{W1}/temperature": "85000"}, None),  # it has not measured yet
        ({f"{W1}/temperature": "127937"}, None),  # beyond what the chip can measure
        ({f"{W1}/temperature": "85000", "bus/w1/devices/28-02/temperature": "20000"}, 20_000),
        ({"class/thermal/thermal_zone0/temp": "51234"}, None),  # that one was not asked for
    ],
)
def test_a_ds18b20_is_read_or_is_not(
    tmp_path: Path, files: dict[str, str], expected: int | None
) -> None:
    put(tmp_path, files)
    assert milli_celsius(tmp_path, Thermometer.W1) == expected


def test_the_boards_own_thermometer_may_well_be_at_85_degrees(tmp_path: Path) -> None:
    put(tmp_path, {"class/thermal/thermal_zone0/temp": "85000"})
    assert milli_celsius(tmp_path, Thermometer.BOARD) == 85_000


BATTERY = "class/power_supply/battery"
CHARGER = "class/power_supply/charger"
INA219 = "class/hwmon/hwmon2"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({f"{BATTERY}/type": "Battery", f"{BATTERY}/capacity": "57"}, 57),
        ({f"{BATTERY}/type": "Battery", f"{BATTERY}/capacity": "104"}, 100),
        ({f"{BATTERY}/type": "Battery"}, None),
        ({f"{CHARGER}/type": "Mains", f"{CHARGER}/online": "1"}, None),
        ({f"{INA219}/name": "ina219", f"{INA219}/in1_input": "7200"}, 50),
        ({f"{INA219}/name": "ina219", f"{INA219}/in1_input": "8700"}, 100),
        ({f"{INA219}/name": "ina219", f"{INA219}/in1_input": "5000"}, 0),
        ({f"{INA219}/name": "cpu_thermal", f"{INA219}/in1_input": "7200"}, None),
    ],
)
def test_the_charge_is_the_gauges_or_reckoned_from_the_voltage(
    tmp_path: Path, files: dict[str, str], expected: int | None
) -> None:
    put(tmp_path, files)
    assert battery_percent(tmp_path) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({f"{CHARGER}/type": "Mains", f"{CHARGER}/online": "1"}, True),
        ({f"{CHARGER}/type": "Mains", f"{CHARGER}/online": "0"}, False),
        ({f"{CHARGER}/type": "Mains", f"{CHARGER}/online": "?"}, None),
        ({f"{BATTERY}/type": "Battery", f"{BATTERY}/online": "1"}, None),
    ],
)
def test_a_battery_that_is_online_is_no_mains(
    tmp_path: Path, files: dict[str, str], *, expected: bool | None
) -> None:
    put(tmp_path, files)
    assert mains(tmp_path) is expected
