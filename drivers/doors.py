"""Words for the body of the kiosk: locks that are pulsed, doors that are seen. Standard library only.

A driver carries bytes and tells what it saw; it decides nothing. It puts the frozen events below into
the one inbox it was given and never calls back otherwise. Compartments are numbered as painted on the
doors (1 to 255). Times are milliseconds of the machine's monotonic clock (`up_ms`, since boot).

There is no "hold on" and no "open all" here, on purpose (DESIGN §9).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Reading(StrEnum):
    """What a door contact says now. UNKNOWN is never taken for CLOSED."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """How a pulse went on the wire. Only NOT_SENT may be repeated without reading the doors first."""

    NOT_SENT = "not_sent"
    NO_ANSWER = "no_answer"
    CORRUPT = "corrupt"
    FOREIGN = "foreign"
    REFUSED = "refused"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class DoorsRead:
    """One sweep over the contacts; a compartment that is missing here was not read."""

    up_ms: int
    readings: Mapping[int, Reading]


@dataclass(frozen=True, slots=True)
class PulseDone:
    """The answer to one `pulse`: exactly one per call, whatever happens on the wire."""

    compartment: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Scanned:
    """A line from the scanner: at most 512 characters, without its line end. It may be a token."""

    text: str = field(repr=False)


DriverEvent = DoorsRead | PulseDone | Scanned
Inbox = Callable[[DriverEvent], None]


class Integrity(StrEnum):
    """What guards a frame on the wire."""

    NONE = "none"
    XOR = "xor"
    SUM = "sum"
    CRC16 = "crc16"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a lock bank can and cannot do; declared, never guessed."""

    board_times_pulse: bool  # True: a dead controller cannot leave a coil on
    has_feedback: bool  # True: door contacts are read
    parallel_pulses: int  # how many coils may be on at once
    pulse_ms: tuple[int, int]  # shortest and longest pulse it can make
    integrity: Integrity = Integrity.NONE  # how a damaged frame is noticed
    reports_unasked: bool = False  # tells of a door that moved without being polled
    reads_outputs: bool = False  # relays can be read back: a stuck one is noticed


class LockBank(Protocol):
    """A cabinet full of locks and contacts. Every method returns at once; answers come as events."""

    @property
    def capabilities(self) -> Capabilities:
        """What this bank can do."""
        ...

    def start(self, inbox: Inbox) -> None:
        """Begin reading the doors; the first `DoorsRead` follows without being asked. No coil moves."""
        ...

    def pulse(self, compartment: int) -> None:
        """Ask for one pulse. Answered by exactly one `PulseDone`. An unknown number is NOT_SENT."""
        ...

    def close(self) -> None:
        """Put every coil off and stop. Safe to call twice."""
        ...


@runtime_checkable
class Turning(Protocol):
    """A bank that shows that its threads come round. What it finds broken is no reason not to."""

    @property
    def turned_ms(self) -> int:
        """Up time of the last turn of the thread whose last turn is longest ago; 0: not yet."""
        ...
