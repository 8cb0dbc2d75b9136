"""What one request takes of the processors: of the replica's, and of PostgreSQL's.

One kiosk asks the same thing again and again on one connection: nothing queues, and what it takes is
processor time over the number of requests. The messenger rests meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.fleet import Fleet
from bench.fleet_city import City
from bench.fleet_kiosk import FleetKiosk
from bench.measure import Numbers, tell
from sync.calls import Call
from sync.compact import write_json
from sync.fetch import MANIFEST_MEDIA

ASKED = ("nothing", "head", "poll", "health", "report")  # nothing: /healthz; report: of one row
WARM = 5  # times before it counts
_JSON = {"Content-Type": "application/json"}


def costs(city: City, fleet: Fleet, times: int) -> Numbers:
    """Milliseconds of the one replica's processor for each request; PostgreSQL's are told."""
    numbers: Numbers = {}
    fleet.await_told()
    for name, ask in _asked(fleet.aside[-1]).items():
        for _ in range(WARM):
            ask()
        before = city.used()
        for _ in range(times):
            ask()
        after = city.used()
        took = 1000 * (after.central[0] - before.central[0]) / times
        beside = 1000 * (after.postgres - before.postgres) / times
        tell(f"{name}: {took:.2f} ms of the replica's processor, {beside:.2f} ms of PostgreSQL's")
        numbers[f"central.{name}_ms"] = took
    return numbers


def _asked(kiosk: FleetKiosk) -> Mapping[str, Callable[[], object]]:
    """What is measured, by name; reports by sync's own `Reporter`."""
    here, calls = f"/v1/kiosks/{kiosk.run.kiosk}", kiosk.calls()
    tag = {"Accept": MANIFEST_MEDIA, "If-None-Match": f'"{kiosk.run.manifest().hash}"'}
    health = write_json(kiosk.run.health())
    kiosk.run.end()  # the reporter waits for nothing
    reporter = kiosk.reporter()

    def report() -> None:
        kiosk.run.state("pulsed", compartment=1, outcome="acknowledged")
        reporter.step()

    return {
        "nothing": lambda: calls.make(Call("GET", "/healthz")),
        "head": lambda: calls.make(Call("GET", f"{here}/journal/head")),
        "poll": lambda: calls.make(Call("GET", f"{here}/manifest?wait=0", b"", tag)),
        "health": lambda: calls.make(Call("PUT", f"{here}/health", health, _JSON)),
        "report": report,
    }
