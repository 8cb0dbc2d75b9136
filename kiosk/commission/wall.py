"""Which compartments the cabinet has: from the configuration, a file, or columns and rows.

The law of this file: a wall is known before the first coil moves; what was opened is held against it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from kiosk.config_cabinet import MOST_CELLS
from kiosk.config_table import ConfigError, Table
from kiosk.core.site import CompartmentPlan
from sync.messages import SIZES

MOST_DOORS = 255


@dataclass(frozen=True, slots=True)
class Wall:
    """The compartments, and where the touchscreen lies among them (zeros: not)."""

    plans: tuple[CompartmentPlan, ...]
    screen_cell: tuple[int, int, int] = (0, 0, 0)

    @property
    def numbers(self) -> frozenset[int]:
        """As painted on the doors."""
        return frozenset(plan.number for plan in self.plans)


def grid(columns: int, rows: int, *, down: bool) -> Wall | None:
    """A plain wall, numbered from the top left, down the columns or across the rows.

    None: more doors than a kiosk has, or more rows or columns than can be drawn.
    """
    if columns not in MOST_CELLS or rows not in MOST_CELLS or columns * rows > MOST_DOORS:
        return None
    if down:
        cells = [(row, column) for column in range(1, columns + 1) for row in range(1, rows + 1)]
    else:
        cells = [(row, column) for row in range(1, rows + 1) for column in range(1, columns + 1)]
    return Wall(tuple(CompartmentPlan(n, *cell) for n, cell in enumerate(cells, 1)))


def from_file(path: Path) -> Wall:
    """`screen_cell` and [[compartment]] with number, row, column, height, size, low.

    Raises:
        ConfigError: not there, or a key that is wrong.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}; no lock was pulsed") from error
    top = Table(path, "", raw)
    row, column, height = top.numbers(
        "screen_cell", range(41), "of the touchscreen", default=[0, 0, 0]
    )
    plans = tuple(_plan(table) for table in top.tables("compartment"))
    top.done()
    numbers = [plan.number for plan in plans]
    cells = [(plan.row + extra, plan.column) for plan in plans for extra in range(plan.height)]
    cells += [(row + extra, column) for extra in range(height)]
    if not plans or len(set(numbers)) != len(numbers) or len(set(cells)) != len(cells):
        raise ConfigError(
            f"{path}: at least one [[compartment]], each number once, and nothing twice on one row "
            "and column (the touchscreen included); no lock was pulsed"
        )
    return Wall(plans, (row, column, height))


def _plan(table: Table) -> CompartmentPlan:
    plan = CompartmentPlan(
        number=table.number("number", range(1, MOST_DOORS + 1), "as painted on the door"),
        row=table.number("row", MOST_CELLS, "from the top"),
        column=table.number("column", MOST_CELLS, "from the left"),
        height=table.number("height", range(1, 11), "rows that it covers", default=1),
        size=table.choice("size", SIZES, "what fits", default="A4"),
        low=table.flag("low", "within reach from a wheelchair", default=False),
    )
    table.done()
    return plan
