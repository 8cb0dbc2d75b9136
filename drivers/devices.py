"""Words for everything of the cabinet that is neither a lock nor a door. Standard library only.

A device that breaks says so once, with a `DeviceState`, and once more when it is well again; it degrades
what it serves and nothing else. Nobody here decides anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Device(StrEnum):
    """What kind of thing it is."""

    BOARD = "board"
    PORT = "port"
    SCANNER = "scanner"
    KEYPAD = "keypad"
    PRINTER = "printer"
    LIGHT = "light"
    BUZZER = "buzzer"
    TAMPER = "tamper"
    POWER = "power"
    THERMOMETER = "thermometer"


class Trouble(StrEnum):
    """What is wrong with a device. NONE: it is (again) well."""

    NONE = ""
    LOST = "lost"  # it does not answer, or its port is gone
    OUTPUT_STUCK = "output_stuck"  # a relay stayed on after its pulse
    ADDRESS_CLASH = "address_clash"  # somebody else answered
    WRONG_MODE = "wrong_mode"  # inputs would drive relays (Waveshare linkage)
    OPENED = "opened"  # the tamper loop
    PAPER_OUT = "paper_out"
    PAPER_LOW = "paper_low"


@dataclass(frozen=True, slots=True)
class DeviceState:
    """One device broke, changed its trouble, or is well again.

    `name` tells several of a kind apart: a board is `bus/board` as configured, a port its bus; "" for the
    only one. `compartments` are those that the device serves.
    """

    device: Device
    trouble: Trouble
    name: str = ""
    compartments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Vitals:
    """Power and climate, whenever one of them changed enough to tell; None: not measured here."""

    mains: bool | None = None
    battery_percent: int | None = None  # 0 to 100
    celsius: int | None = None  # inside the cabinet, whole degrees


class PadKey(StrEnum):
    """The keys of a tactile number pad besides its digits."""

    ERASE = "erase"
    CONFIRM = "confirm"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class PadPressed:
    """One key of the number pad: a digit `0` to `9`, or a `PadKey`."""

    key: str = field(repr=False)


DeviceEvent = DeviceState | Vitals | PadPressed
Tell = Callable[[DeviceEvent], None]
