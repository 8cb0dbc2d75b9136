"""The group `central`: a fleet of kiosks at the reference central, one replica and two.

Real: PostgreSQL, `kiosk central` as processes, HTTP on loopback, keys, signatures, envelopes, enrolment by
code, and sync's own `Fetcher` and `Reporter`, two threads a kiosk, all in this process. Simulated: cabinet,
screen and disk. 168 kiosks; `KIOSK_FLEET=3321 ./dev bench central` takes as many as it says.

In this order: every kiosk enrols over HTTP and fetches its first manifest; on one replica, what requests
cost; all wait in long poll; a calm minute with re-issues; a busy one, where people collect (10 a second: 20 a
day at 168 kiosks, compressed 260 times) and re-issues go on; on one replica, the two ratios; an outage of a
day at all kiosks, in which each is loaded 20 times and collected from 20 times; its end, all knocking at
once. At last central's table is held against every journal, row by row.

`statements_per_s`: rows taken in a second after the outage, between the 5th and the 95th hundredth of them.
`statements_ratio`: the same day's rows of one kiosk, one request, by sync's `Reporter` over HTTP; over the
sum of its floors: the same rows inserted bare into a table like central's on the same PostgreSQL, in one
batch and one commit, and the bare signature check of each. Both in turn, medians. `pickup_ratio`: the same
for the four rows of one pickup.

`nothing_ms` (/healthz), `head_ms`, `poll_ms`, `health_ms`, `report_ms` (one row): what one request takes of
the replica's processor.

`reissue_p50_s`, `reissue_p99_s`: from the office's order, sent over HTTP, to the kiosk having opened and
accepted the manifest; all orders of the calm and the busy minute. `reissue_outage_p99_s`: orders given while
the fleet comes back. `kb_per_waiting_kiosk`: what a replica's resident memory grows by when kiosks begin to
wait, after all of them have been served before; thousands of bytes, each.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from bench.fleet import Fleet, fleet
from bench.fleet_city import City, allow_files, city, resident_kb
from bench.fleet_cost import ASKED, costs
from bench.fleet_day import Day, after_outage, busy, calm
from bench.fleet_floor import ratios
from bench.measure import FULL, Measure, Metric, Numbers, Size, percentile, tell

FLEET = "KIOSK_FLEET"
KIOSKS = 168
TIMES = 500  # each request
TWO = "_2_replicas"


def one(size: Size) -> Numbers:
    """Everything, with one replica."""
    return _run(size, 1)


def two(size: Size) -> Numbers:
    """The same with two, as far as a second one makes a difference."""
    numbers = _run(size, 2)
    return {f"{name}{TWO}": value for name, value in numbers.items() if f"{name}{TWO}" in METRICS}


def _day(size: Size) -> Day:
    if size.pairs < FULL.pairs:
        return Day(kiosks=3, pairs=1, pickups=2, busy_s=1.0, orders=2)
    return Day(int(os.environ.get(FLEET, KIOSKS)), pairs=20, pickups=20, busy_s=60.0, orders=60)


def _run(size: Size, replicas: int) -> Numbers:
    day = _day(size)
    allow_files(day.kiosks)
    with city(replicas) as centre, fleet(centre, day.kiosks, day.aside, day.results) as kiosks:
        tell(f"first manifests: {kiosks.first_manifests():.0f} a second")
        numbers: Numbers = {}
        if replicas == 1:  # before anybody waits: their polls would count
            numbers |= costs(centre, kiosks, TIMES if size.pairs >= FULL.pairs else 2)
        numbers["central.kb_per_waiting_kiosk"] = _waiting(centre, kiosks)
        took = calm(centre, kiosks, day) + busy(centre, kiosks, day)
        numbers["central.reissue_p50_s"] = percentile(took, 0.5)
        numbers["central.reissue_p99_s"] = percentile(took, 0.99)
        if replicas == 1:  # before the outage, whose messages take their time to leave
            numbers |= ratios(centre, kiosks, day)
        numbers |= after_outage(centre, kiosks, day)
        kiosks.check()
    return numbers


def _waiting(centre: City, kiosks: Fleet) -> float:
    """What each waiting kiosk costs in memory, in kB; all replicas together."""
    before = [resident_kb(central.pid) for central in centre.replicas]
    kiosks.start()
    after = [resident_kb(central.pid) for central in centre.replicas]
    tell(
        f"{len(kiosks.all)} wait; replicas have {', '.join(f'{kb / 1000:.0f}' for kb in after)} MB"
    )
    return (sum(after) - sum(before)) / len(kiosks.all)


METRICS: Mapping[str, Metric] = {
    "central.statements_per_s": Metric("1/s"),
    f"central.statements_per_s{TWO}": Metric("1/s"),
    "central.statements_ratio": Metric("×", 3),
    "central.pickup_ratio": Metric("×"),
    "central.reissue_p50_s": Metric("s", 2),
    "central.reissue_p99_s": Metric("s", 2),
    f"central.reissue_p50_s{TWO}": Metric("s", 2),
    f"central.reissue_p99_s{TWO}": Metric("s", 2),
    "central.reissue_outage_p99_s": Metric("s"),
    f"central.reissue_outage_p99_s{TWO}": Metric("s"),
    "central.kb_per_waiting_kiosk": Metric("kB"),
    **{f"central.{name}_ms": Metric("ms") for name in ASKED},
}

MEASURES: Mapping[str, Measure] = {"one": one, "two": two}
