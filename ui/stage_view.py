"""The demo's own window as a value: a cabinet from outside, a phone, a desk, two switches.

Standard library only. The law of this file: it names what can be seen and clicked, and knows neither a
kiosk nor pygame. Texts that people read come in here; where they stand and how large they are is
`ui.stage_layout`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

WIDTH, HEIGHT = 1180, 800  # px, the window as it opens; it can be resized


class Power(StrEnum):
    """Whether the kiosk inside the cabinet runs."""

    ON = "on"
    OFF = "off"
    STARTING = "starting"


class Where(StrEnum):
    """Where an envelope is."""

    DESK = "desk"  # waits at the clerk's desk
    HELD = "held"  # in the hand
    INSIDE = "inside"  # behind a door
    TAKEN = "taken"  # somebody took it out


@dataclass(frozen=True, slots=True)
class DoorView:
    """One door from outside. Rows and columns count from 1, top left. `papers`: how many can be seen."""

    number: int
    row: int
    column: int
    is_open: bool = False
    papers: int = 0


@dataclass(frozen=True, slots=True)
class Envelope:
    """One dossier's envelope; `compartment` is where it lies when INSIDE, else 0."""

    code: str
    name: str
    where: Where = Where.DESK
    compartment: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the phone got it; `at` is local time, "21:04"."""

    id: int
    to: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class StaffCard:
    """What a clerk knows and holds: number, PIN, one-time password and its seconds left (1 to 30)."""

    number: str
    pin: str
    totp: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Advice:
    """What a newcomer does next, in two languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class StageView:
    """All that the demo's window shows. `reading`: id of the message that is open, 0 none."""

    unit: str
    rows: int
    columns: int
    screen_cell: tuple[int, int, int]  # row, column, height of the touchscreen
    doors: tuple[DoorView, ...]
    envelopes: tuple[Envelope, ...]
    messages: tuple[Message, ...]  # newest first
    staff: StaffCard
    advice: Advice
    power: Power = Power.ON
    network: bool = True
    reading: int = 0


class StageKind(StrEnum):
    """What was clicked."""

    DOOR = "door"  # value: its number
    LEAF = "leaf"  # the leaf of an open door; value: its number
    ENVELOPE = "envelope"  # value: dossier code
    MESSAGE = "message"  # value: its id
    NETWORK = "network"
    POWER = "power"
    CLOSE = "close"  # the window's own button


@dataclass(frozen=True, slots=True)
class StageClick:
    """One click on the demo's window."""

    kind: StageKind
    value: str = ""
