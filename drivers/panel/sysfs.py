"""Temperature, battery and mains as the kernel tells them under /sys; nothing here opens a bus.

The law of this file: a value that is not there, not a number or not possible is None, never a guess.

In config.txt, each with `dtparam=i2c_arm=on` where it speaks I²C:

* DS18B20: `dtoverlay=w1-gpio` (GPIO4) gives `bus/w1/devices/28-*`
* MAX17040/17043/17048 at 0x36 (Geekworm X728): `dtoverlay=i2c-sensor,max17040`
* mains as a line: `mains_pin` without an overlay (X728: GPIO6, low while there is mains), or
  `dtoverlay=gpio-charger,gpio=N` where the line is high while there is mains
* INA219 at 0x42 (Waveshare UPS HAT (B)) has no overlay: at boot, as root,
  `echo ina219 0x42 > /sys/bus/i2c/devices/i2c-1/new_device`
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

COLDEST, HOTTEST = -55_000, 125_000  # thousandths of a degree, the span of a DS18B20
NOT_MEASURED_YET = 85_000  # what a DS18B20 says between power-on and its first measurement
FULL_MV, EMPTY_MV = 8_400, 6_000  # two lithium cells in series behind an INA219


class Thermometer(StrEnum):
    """Which one is fitted."""

    W1 = "w1"  # a DS18B20 in the cabinet
    BOARD = "board"  # the Pi's own: its processor, warmer than the cabinet


def milli_celsius(root: Path, thermometer: Thermometer) -> int | None:
    """Thousandths of a degree. May take a second: a DS18B20 measures while it is read."""
    if thermometer is Thermometer.BOARD:
        return _possible(_number(root / "class/thermal/thermal_zone0/temp"))
    for sensor in sorted((root / "bus/w1/devices").glob("28-*")):
        for path in (sensor / "temperature", *sorted(sensor.glob("hwmon/hwmon*/temp1_input"))):
            value = _possible(_number(path))
            if value not in (None, NOT_MEASURED_YET):
                return value
    return None


def battery_percent(root: Path) -> int | None:
    """0 to 100, of the fuel gauge, else reckoned from the voltage that an INA219 measures."""
    for supply in _supplies(root):
        value = _number(supply / "capacity")
        if _text(supply / "type") == "Battery" and value is not None:
            return max(0, min(value, 100))  # gauges overshoot
    for chip in sorted((root / "class/hwmon").glob("hwmon*")):
        millivolts = _number(chip / "in1_input") if _text(chip / "name") == "ina219" else None
        if millivolts is not None:
            percent = (millivolts - EMPTY_MV) * 100 // (FULL_MV - EMPTY_MV)
            return max(0, min(percent, 100))
    return None


def mains(root: Path) -> bool | None:
    """Whether any supply that is not a battery is there; None: the kernel knows of none."""
    online = [
        _number(supply / "online")
        for supply in _supplies(root)
        if _text(supply / "type") not in ("", "Battery")
    ]
    known = [value for value in online if value is not None]
    return any(known) if known else None


def _supplies(root: Path) -> list[Path]:
    return sorted((root / "class/power_supply").glob("*"))


def _possible(value: int | None) -> int | None:
    return value if value is not None and COLDEST <= value <= HOTTEST else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):  # gone, or its chip does not answer
        return ""


def _number(path: Path) -> int | None:
    try:
        return int(_text(path))
    except ValueError:
        return None
