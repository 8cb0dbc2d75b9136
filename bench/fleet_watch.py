"""What the centre has used and how near it is to its limits: which of them gives first."""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter

from bench.fleet import Fleet
from bench.fleet_city import City, Used, resident_kb
from bench.measure import percentile
from sync.central.database import CONNECTIONS


class Watch:
    """Looks now and then, and keeps the highest of everything."""

    def __init__(self, city: City, fleet: Fleet) -> None:
        self._city = city
        self._fleet = fleet
        self._before, self._begun = city.used(), perf_counter()
        self._files = self._connections = 0
        self._resident_mb = 0.0

    def look(self) -> None:
        """Once."""
        pids = [central.pid for central in self._city.replicas]
        self._files = max(self._files, *(_files(pid) for pid in pids))
        self._resident_mb = max(self._resident_mb, *(resident_kb(pid) / 1000 for pid in pids))
        self._connections = max(self._connections, self._fleet.connections())

    def told(self) -> str:
        """In words: shares of a processor, then the peaks, then what is nearest to its limit."""
        took, used = perf_counter() - self._begun, self._city.used()
        shares = _shares(self._before, used, took)
        pool, most = CONNECTIONS * len(self._city.replicas), _most_files(self._city.replicas[0].pid)
        near = {
            f"processor ({name})": share for name, share in shares.items() if name != "the bench"
        }
        near |= {"connections": self._connections / pool, "open files": self._files / most}
        first = max(near, key=lambda name: near[name])
        words = [f"{name} {100 * share:.0f} %" for name, share in shares.items()]
        return (
            f"processors: {', '.join(words)}; at most {self._connections} of {pool} connections"
            f" busy, {self._files} of {most} files, {self._resident_mb:.0f} MB a replica,"
            f" {sum(central.refused() for central in self._city.replicas)} requests sent away (503);"
            f" nearest to its limit: {first}, {100 * near[first]:.0f} %"
        )


def _shares(before: Used, after: Used, took: float) -> dict[str, float]:
    """Of one processor each; PostgreSQL may use them all."""
    pairs = zip(before.central, after.central, strict=True)
    replicas = {f"replica {n}": (b - a) / took for n, (a, b) in enumerate(pairs, start=1)}
    machine = (after.postgres - before.postgres) / took
    return replicas | {"PostgreSQL": machine, "the bench": (after.fleet - before.fleet) / took}


def told_times(seconds: list[float]) -> str:
    """Median, 99th percentile and the longest, in words."""
    if not seconds:
        return "no order"
    half, late = percentile(seconds, 0.5), percentile(seconds, 0.99)
    return f"median {half:.3f} s, p99 {late:.3f} s, longest {max(seconds):.3f} s"


def _files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 - only their number is wanted


def _most_files(pid: int) -> int:
    """The soft limit of that process."""
    lines = Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[3] for line in lines if line.startswith("Max open files")))
