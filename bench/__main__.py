"""`./dev bench [GROUP…] [--json]`: measure, and say how each number stands to its aim."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Mapping

from bench import appliance, central, collect, hardware, maintenance, sync
from bench.measure import FULL, QUICK, Measure, Metric, Numbers, Size, tell

GROUPS: Mapping[str, tuple[Mapping[str, Metric], Mapping[str, Measure]]] = {
    "collect": (collect.METRICS, collect.MEASURES),
    "maintenance": (maintenance.METRICS, maintenance.MEASURES),
    "hardware": (hardware.METRICS, hardware.MEASURES),
    "sync": (sync.METRICS, sync.MEASURES),
    "central": (central.METRICS, central.MEASURES),
    "appliance": (appliance.METRICS, appliance.MEASURES),
}


def measured(groups: list[str], size: Size, only: str = "") -> Numbers:
    """Every number of these groups; `only` keeps the measures whose name holds it."""
    numbers: Numbers = {}
    for group in groups:
        for name, measure in GROUPS[group][1].items():
            if only in name:
                tell(f"{group}: {name}")
                numbers |= measure(size)
    return numbers


def table(numbers: Numbers) -> str:
    """Name, value, unit, aim and verdict in columns."""
    metrics = {name: metric for known, _ in GROUPS.values() for name, metric in known.items()}
    rows = [("name", "value", "unit", "aim", "")]
    for name, value in numbers.items():
        metric = metrics[name]
        verdict = {None: "", True: "met", False: "MISSED"}[metric.met(value)]
        rows.append((name, rounded(value), metric.unit, metric.wanted, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [
        f"{row[0]:{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:{widths[2]}}"
        f"  {row[3]:{widths[3]}}  {row[4]}"
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def rounded(value: float) -> str:
    """Three figures that matter, without an exponent."""
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return f"{value:.{max(0, digits)}f}"


def main(arguments: list[str] | None = None) -> int:
    """Measure the groups named, or all."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}")
    parser.add_argument("--json", action="store_true", help="one object, name → number")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run at all?")
    parser.add_argument("--only", default="", help="measures whose name holds this text")
    told = parser.parse_args(arguments)
    if unknown := sorted(set(told.groups) - set(GROUPS)):
        parser.error(f"no group {', '.join(unknown)}; there is {', '.join(GROUPS)}")
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"  # stdout is for numbers
    numbers = measured(told.groups or list(GROUPS), QUICK if told.quick else FULL, told.only)
    print(json.dumps(numbers) if told.json else table(numbers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
