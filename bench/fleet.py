"""Many kiosks at once: entered, started, cut off, and held against what central has of them."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

import psycopg

from bench.fleet_city import City
from bench.fleet_kiosk import FleetKiosk
from bench.measure import tell
from kiosk import clock
from kiosk.demo.stage import wait_for

STACK_BYTES = 512 * 1024
# Whoever waits for the interpreter asks for it this often: 5 ms times thousands would be all that is done.
SWITCH_S = 0.5
GENTLY_S = 0.04  # between two kiosks that start or are loaded: this is no outage's end
ASKING = 16  # threads that set the fleet up
SETTLE_S = 900.0  # for things that are not measured
LOOK_S = 0.25
PER_NET = 250  # addresses of 127.1.x.1 and up: a kiosk each
HEADS = "SELECT id, head_seq, head_hash FROM kiosk"
DUE = "SELECT count(*) FROM notice WHERE state = 'waiting' AND due_ms <= %s"
ROWS = "SELECT kiosk, seq, hash, state FROM statement ORDER BY kiosk, epoch, seq"
T = TypeVar("T")


class Fleet:
    """`size` kiosks that live by themselves, and `aside` more that report only when told."""

    def __init__(self, city: City, size: int, aside: int, results: int) -> None:
        self._city = city
        self._stop = threading.Event()
        self._database = psycopg.connect(city.url, autocommit=True)
        self.all = [self._make(number) for number in range(size + aside)]
        self.kiosks, self.aside = self.all[:size], self.all[size:]
        tell(f"{size} + {aside} kiosks enrol; {results} results each")
        self.cids = dict(zip(self.all, self._each(lambda k: self._enter(k, results)), strict=True))

    def close(self) -> None:
        self._stop.set()
        for kiosk in self.all:
            kiosk.run.end()
            kiosk.ring()
        self._database.close()

    def first_manifests(self) -> float:
        """Everybody fetches and reports once, some at a time; manifests a second."""
        begun = perf_counter()
        self._each(lambda kiosk: kiosk.once(self._stop))
        return len(self.all) / (perf_counter() - begun)

    def start(self) -> None:
        """Long polls of all, reports of those that live by themselves."""
        for kiosk in self.all:
            kiosk.start(self._stop, reports=kiosk not in self.aside)
            self._stop.wait(GENTLY_S)
        self.await_waiting()
        self.await_reported(self.kiosks)

    def await_waiting(self) -> None:
        """Until every kiosk waits in a long poll."""
        every = len(self.all)
        wait_for(lambda: self._waiting() >= every, f"{every} wait in long poll", SETTLE_S)

    def await_reported(self, kiosks: Iterable[FleetKiosk], most_s: float = SETTLE_S) -> None:
        """Until central's heads are those of these kiosks."""
        wanted = {(k.run.kiosk, len(k.run.rows), k.run.hashes[-1]) for k in kiosks}
        wait_for(lambda: wanted <= self.heads(), "central holds every journal", most_s)

    def heads(self) -> set[tuple[str, int, str]]:
        """(kiosk, seq, hash) as central has them."""
        return set(self._database.execute(HEADS))

    def taken(self) -> int:
        """Rows that central holds."""
        return sum(seq for _, seq, _ in self.heads())

    def await_told(self) -> None:
        """No message is due: the messenger of a replica rests."""
        wait_for(lambda: self._due() == 0, "messages that have left", SETTLE_S)

    def _due(self) -> int:
        found = self._database.execute(DUE, [clock.wall_ms()]).fetchone()
        assert found is not None
        return int(found[0])

    def check(self) -> None:
        """Central's table equals the journals, row by row."""
        held = self._database.execute(ROWS).fetchall()
        stated = [
            (k.run.kiosk, seq, name, "ok")
            for k in sorted(self.all, key=lambda kiosk: kiosk.run.kiosk)
            for seq, name in enumerate(k.run.hashes, start=1)
        ]
        assert held == stated, "central's rows are not those of the kiosks"
        size = self._database.execute("SELECT pg_total_relation_size('statement')").fetchone()
        each = f"{size[0] / len(held):.0f} bytes each with indexes" if size else ""
        tell(f"{len(held)} rows at central, equal to the kiosks' own, row by row; {each}")

    def connections(self) -> int:
        """Of central at PostgreSQL, in use now."""
        busy = "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND pid <> %s"
        mine = (self._database.info.backend_pid,)
        row = self._database.execute(f"{busy} AND datname = current_database()", mine).fetchone()
        return int(row[0]) if row else 0

    def _waiting(self) -> int:
        return round(sum(central.figure("waiting ") for central in self._city.replicas))

    def _make(self, number: int) -> FleetKiosk:
        replicas = self._city.replicas
        net, host = divmod(number, PER_NET)
        url = replicas[number % len(replicas)].url
        return FleetKiosk(f"k{number:05d}", f"127.1.{net}.{host + 1}", url)

    def _enter(self, kiosk: FleetKiosk, results: int) -> list[str]:
        kiosk.enrol(self._city.code(kiosk.run.kiosk))
        return self._city.register(kiosk.run.kiosk, results)

    def _each(self, do: Callable[[FleetKiosk], T]) -> list[T]:
        with ThreadPoolExecutor(ASKING) as pool:
            return list(pool.map(do, self.all))


@contextmanager
def fleet(city: City, size: int, aside: int, results: int) -> Iterator[Fleet]:
    """Entered at that centre; ended afterwards."""
    before, often = threading.stack_size(STACK_BYTES), sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    quiet = logging.getLogger("kiosk.sync")
    quiet.setLevel(logging.ERROR)  # thousands are told to come again
    made = Fleet(city, size, aside, results)
    try:
        yield made
    finally:
        made.close()
        quiet.setLevel(logging.NOTSET)
        threading.stack_size(before)
        sys.setswitchinterval(often)
