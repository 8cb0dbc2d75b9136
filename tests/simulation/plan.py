"""The figures of a simulated life: when it begins, what the cabinet looks like, how wild it gets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from kiosk.core.site import CompartmentPlan, Site

KIOSK = "bt-sim"
START_WALL_MS = 1_795_000_000_000  # 18 November 2026
BUILT_MS = START_WALL_MS - 30 * 86_400_000
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
COMPARTMENTS = 9
BANKS = 3


class Temper(StrEnum):
    """How much goes wrong in a life."""

    CALM = "calm"  # nothing breaks, nobody means harm: everything must simply work
    USUAL = "usual"
    STORMY = "stormy"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is drawn before a life begins."""

    seed: int
    temper: Temper
    length_ms: int
    results: int
    fault_every_ms: int
    cut_chance: float  # at each boundary between two effects
    springless: frozenset[int]
    real_journal: bool


def plan(seed: int, *, real_journal: bool) -> Plan:
    """The plan of one seed; where there is a folder, every 20th life writes to a real SQLite journal."""
    rng = Random(f"plan {seed}")
    temper = rng.choices(list(Temper), (15, 50, 35))[0]
    wild = {Temper.CALM: 0.0, Temper.USUAL: 0.002, Temper.STORMY: 0.012}[temper]
    pace = {Temper.CALM: 90, Temper.USUAL: 180, Temper.STORMY: 45}[temper]
    return Plan(
        seed=seed,
        temper=temper,
        length_ms=rng.randint(16, 34) * HOUR_MS,
        results=rng.randint(3, 6),
        fault_every_ms=pace * MINUTE_MS,
        cut_chance=wild,
        springless=frozenset(n for n in range(1, COMPARTMENTS + 1) if rng.random() < 0.2),
        real_journal=real_journal and seed % 20 == 0,
    )


def site() -> Site:
    """A cabinet of nine on three boards' worth of wire."""
    return Site(
        kiosk=KIOSK,
        epoch=1,
        unit="Phường Bình Tiên",
        address="123 Đường Số 45",
        hotline="1022",
        language="vi",
        version="simulated",
        built_ms=BUILT_MS,
        compartments=tuple(
            CompartmentPlan(
                number=n,
                row=(n - 1) % 3 + 1,
                column=(n - 1) // 3 + 1,
                size="A3" if n % 3 == 0 else "A4",
                low=n % 3 == 0,
                bank=str((n - 1) // 3 + 1),
            )
            for n in range(1, COMPARTMENTS + 1)
        ),
    )
