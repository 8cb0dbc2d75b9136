"""The cabinet and the ward as configured: what never changes while the kiosk runs."""

from __future__ import annotations

from dataclasses import dataclass

from sync.messages import SIZES


@dataclass(frozen=True, slots=True)
class CompartmentPlan:
    """One compartment on the wall. Rows and columns count from 1 at the top left, facing the cabinet."""

    number: int
    row: int
    column: int
    height: int = 1
    size: str = "A4"
    low: bool = False
    bank: str = "1"
    proven: bool = True  # False: its board was changed, and nobody has seen its lock move its door
    changes: int = 0  # how often that board was changed: a proof by key is of one change

    def takes(self, size: str) -> bool:
        """True when papers of `size` fit: its own size and every smaller one."""
        return SIZES.index(self.size) >= SIZES.index(size)


@dataclass(frozen=True, slots=True)
class Site:
    """Who and where this kiosk is."""

    kiosk: str
    epoch: int
    unit: str  # "Phường Bình Tiên"
    address: str
    hotline: str
    language: str
    version: str
    built_ms: int  # the clock's first floor
    compartments: tuple[CompartmentPlan, ...]
    screen_cell: tuple[int, int, int] = (0, 0, 0)  # row, column, height of the touchscreen
    scanner: bool = True
    printer: bool = False
    central: str = ""  # `x` of the central key of the enrolment
    central_next: str = ""  # and of the one that was announced then, "" for none

    def plan(self, number: int) -> CompartmentPlan:
        """The compartment painted with `number`.

        Raises:
            KeyError: there is none.
        """
        for plan in self.compartments:
            if plan.number == number:
                return plan
        raise KeyError(number)

    def bank_of(self, number: int) -> tuple[int, ...]:
        """Every compartment on the same lock bank as `number`, itself included."""
        bank = self.plan(number).bank
        return tuple(p.number for p in self.compartments if p.bank == bank)
