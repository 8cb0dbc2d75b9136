"""What taking a statement in costs, over its floor: its row inserted, its signature checked.

The floor knows the rows beforehand. It has no HTTP, no kiosk to lock, no chain, no meaning: one batch on a
connection that is open, one commit, and one Ed25519 check for each row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter_ns

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench.fleet import Fleet
from bench.fleet_city import City
from bench.fleet_day import Day
from bench.fleet_kiosk import FleetKiosk
from bench.measure import Numbers, pair, tell
from kiosk import clock
from sync.compact import decode
from sync.envelopes import peek_statement
from sync.report import Reporter

# The columns, keys and indexes of central's table, and its reference to the kiosk.
TABLE = """
CREATE TABLE bare (LIKE statement INCLUDING ALL);
ALTER TABLE bare ADD FOREIGN KEY (kiosk) REFERENCES kiosk (id)
"""
INSERT = """
INSERT INTO bare (kiosk, epoch, seq, hash, state, kind, cid, received_ms, compact)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """New rows of one kiosk, as sync reports them and as the floor knows them."""

    reporter: Reporter
    rows: list[tuple[object, ...]]  # values for INSERT
    signed: list[tuple[bytes, bytes]]  # signature and what was signed
    key: Ed25519PublicKey


class Batches:
    """Each made when one side first comes to it: only then does the kiosk state its rows."""

    def __init__(self, source: Iterator[Batch]) -> None:
        self._source = source
        self._made: list[Batch] = []

    def __call__(self) -> Iterator[Batch]:
        """All of them, for one side."""
        number = 0
        while True:
            if number == len(self._made):
                self._made.append(next(self._source))
            yield self._made[number]
            number += 1


def ratios(city: City, fleet: Fleet, day: Day) -> Numbers:
    """`statements_ratio` and `pickup_ratio`, on kiosks that report only here; all else is calm."""
    whole, single = fleet.aside[: day.pairs + 1], fleet.aside[day.pairs + 1 :]
    days = (_day(fleet, kiosk, day) for kiosk in whole)
    visits = (batch for kiosk in single for batch in _visits(fleet, kiosk, day))
    rest = fleet.await_told  # messages of the pair before are not this pair's cost
    with psycopg.connect(city.url) as bare:
        bare.execute(TABLE)
        bare.commit()
        return {
            "central.statements_ratio": _ratio(bare, "a day", Batches(days), day.pairs, rest),
            "central.pickup_ratio": _ratio(bare, "a pickup", Batches(visits), day.pairs, rest),
        }


def _day(fleet: Fleet, kiosk: FleetKiosk, day: Day) -> Batch:
    """As many rows as there are after an outage of a day."""
    reporter = _ready(kiosk)
    before, cids = len(kiosk.run.rows), fleet.cids[kiosk][-day.pickups :]
    kiosk.run.load(cids)
    for cid in cids:
        kiosk.run.collect(cid)
    return _batch(kiosk, reporter, before)


def _visits(fleet: Fleet, kiosk: FleetKiosk, day: Day) -> Iterator[Batch]:
    """One pickup after the other."""
    cids = fleet.cids[kiosk][-day.pickups :]
    kiosk.run.load(cids)
    reporter = _ready(kiosk)
    for cid in cids:
        before = len(kiosk.run.rows)
        kiosk.run.collect(cid)
        yield _batch(kiosk, reporter, before)


def _ready(kiosk: FleetKiosk) -> Reporter:
    """A reporter that has sent what there was, health too, and waits for nothing."""
    kiosk.run.end()
    reporter = kiosk.reporter()
    reporter.step()
    return reporter


def _batch(kiosk: FleetKiosk, reporter: Reporter, before: int) -> Batch:
    rows: list[tuple[object, ...]] = []
    signed: list[tuple[bytes, bytes]] = []
    for seq, compact in enumerate(kiosk.run.rows[before:], start=before + 1):
        said = peek_statement(compact)
        what = ("ok", said["kind"], said.get("cid", ""), clock.wall_ms(), compact)
        rows.append((said["kiosk"], said["epoch"], seq, kiosk.run.hashes[seq - 1], *what))
        text, _, signature = compact.encode().rpartition(b".")
        signed.append((decode(signature), text))
    key = kiosk.run.statement.jwk.public_key
    assert isinstance(key, Ed25519PublicKey)
    return Batch(reporter, rows, signed, key)


def _ratio(
    bare: psycopg.Connection, name: str, batches: Batches, pairs: int, rest: Callable[[], None]
) -> float:
    ours, floor, sizes = batches(), batches(), []

    def report() -> int:
        batch = next(ours)
        sizes.append(len(batch.rows))
        rest()
        begun = perf_counter_ns()
        batch.reporter.step()
        return perf_counter_ns() - begun

    def insert_and_check() -> int:
        batch = next(floor)
        begun = perf_counter_ns()
        with bare.cursor() as cursor:
            cursor.executemany(INSERT, batch.rows)
        bare.commit()
        for signature, signed in batch.signed:
            batch.key.verify(signature, signed)
        return perf_counter_ns() - begun

    both = pair(pairs, report, insert_and_check)
    each = f"{both.ours / sizes[-1] / 1000:.0f} µs, floors {both.floor / sizes[-1] / 1000:.0f} µs"
    tell(f"{name} is {sizes[-1]} rows; each row takes {each}; {pairs} pairs")
    return both.ratio
