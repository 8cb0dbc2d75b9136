"""What happens to the fleet in a day: re-issues, pickups, an outage and its end."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

from bench.fleet import GENTLY_S, LOOK_S, Fleet
from bench.fleet_city import City
from bench.fleet_kiosk import FleetKiosk
from bench.fleet_watch import Watch, told_times
from bench.measure import Numbers, percentile, tell

VISITS_PER_S = 10.0
AT_ONCE = 64  # visits and orders under way
ANSWER_S = 60.0  # longest that an order is waited for
MOST_LEFT_S = 1800.0  # until the fleet is through after the outage
FIRST, LAST = 0.05, 0.95  # of the rows: between these the rate is taken
OUTAGE_ORDERS_PER_S = 2.0


@dataclass(frozen=True, slots=True)
class Day:
    """How much of everything. Of a kiosk's results the first is for re-issues, the last for the outage."""

    kiosks: int
    pairs: int  # alternating pairs of each ratio
    pickups: int  # per kiosk and day
    busy_s: float
    orders: int  # of re-issues in the calm minute, and again in the busy one

    @property
    def aside(self) -> int:
        """Kiosks that report only when told: for the ratios, and a first of each that does not count."""
        return self.pairs + 1 + -(-(self.pairs + 1) // self.pickups)

    @property
    def visits(self) -> int:
        """Pickups per kiosk in the busy minute."""
        wanted = max(1, round(VISITS_PER_S * self.busy_s / self.kiosks))
        return min(self.pickups, wanted)

    @property
    def results(self) -> int:
        """Of one kiosk."""
        return 1 + self.visits + self.pickups


def calm(city: City, fleet: Fleet, day: Day) -> list[float]:
    """Re-issues one after the other, to kiosks that wait in long poll; seconds."""
    tell(f"{day.orders} re-issues while all is calm")
    took = [_re_issue(city, fleet, number) for number in range(day.orders)]
    tell(f"from order to kiosk: {told_times(took)}")
    fleet.await_reported(fleet.kiosks)
    return took


def busy(city: City, fleet: Fleet, day: Day) -> list[float]:
    """People collect, and re-issues go on; seconds."""
    pause = threading.Event()
    visits = [
        (k, cid) for n in range(day.visits) for k in fleet.kiosks for cid in _nth(fleet, k, n)
    ]
    visits = visits[: max(1, round(VISITS_PER_S * day.busy_s))]
    for kiosk in dict.fromkeys(kiosk for kiosk, _ in visits):
        kiosk.run.load(fleet.cids[kiosk][: 1 + day.visits])
        pause.wait(GENTLY_S)
    fleet.await_reported(fleet.kiosks)
    tell(f"{len(visits)} pickups at {VISITS_PER_S:g} a second, {day.orders} re-issues among them")
    watch, begun = Watch(city, fleet), perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as hands, ThreadPoolExecutor(AT_ONCE) as office:
        orders: list[Future[float]] = []
        for number, (kiosk, cid) in enumerate(visits):
            pause.wait(max(0.0, begun + number / VISITS_PER_S - perf_counter()))
            hands.submit(kiosk.run.collect, cid, pause)
            if len(orders) * len(visits) <= number * day.orders:
                orders.append(office.submit(_re_issue, city, fleet, day.orders + len(orders)))
        took = [order.result() for order in orders]
    fleet.await_reported(fleet.kiosks)
    watch.look()
    tell(watch.told())
    tell(f"from order to kiosk: {told_times(took)}")
    return took


def _nth(fleet: Fleet, kiosk: FleetKiosk, number: int) -> list[str]:
    return fleet.cids[kiosk][1 + number : 2 + number]


def _re_issue(city: City, fleet: Fleet, number: int) -> float:
    """One order at the replicas in turn, for the kiosks in turn; seconds until it is there."""
    kiosk = fleet.kiosks[number % len(fleet.kiosks)]
    # Its own replica and another one in turn: a balancer knows nothing of who waits where.
    central = city.replicas[number // len(city.replicas) % len(city.replicas)]
    cid = fleet.cids[kiosk][0]
    before, begun = kiosk.run.counter(cid), perf_counter()
    central.re_issue(cid)
    there = kiosk.run.await_code(cid, before, ANSWER_S)
    return ANSWER_S if there is None else there - begun


def after_outage(city: City, fleet: Fleet, day: Day) -> Numbers:
    """A day without central, and all come back at once."""
    tell(f"an outage: {day.pickups} loadings and {day.pickups} pickups at each kiosk")
    for central in city.replicas:
        central.stop()
    for kiosk in fleet.kiosks:
        cids = fleet.cids[kiosk][-day.pickups :]
        kiosk.run.load(cids)
        for cid in cids:
            kiosk.run.collect(cid)
    for kiosk in fleet.all:
        kiosk.long_out()
    for central in city.replicas:
        central.start()
    return _drained(city, fleet)


def _drained(city: City, fleet: Fleet) -> Numbers:
    held = fleet.taken()
    aside = {kiosk.run.kiosk for kiosk in fleet.aside}
    wanted = sum(len(kiosk.run.rows) for kiosk in fleet.kiosks)
    wanted += sum(seq for name, seq, _ in fleet.heads() if name in aside)
    watch, begun = Watch(city, fleet), perf_counter()
    for kiosk in fleet.all:
        kiosk.ring()
    curve = [(0.0, held)]
    pause = threading.Event()
    with ThreadPoolExecutor(AT_ONCE) as office:
        orders: list[Future[float]] = []
        while curve[-1][1] < wanted and curve[-1][0] < MOST_LEFT_S:
            if len(orders) < min(len(fleet.kiosks), curve[-1][0] * OUTAGE_ORDERS_PER_S):
                orders.append(office.submit(_re_issue, city, fleet, len(orders)))
            pause.wait(LOOK_S)
            watch.look()
            curve.append((perf_counter() - begun, fleet.taken()))
        told = watch.told()
        took = [order.result() for order in orders]
    fleet.await_reported(fleet.kiosks)
    tell(f"{wanted - held} rows in {curve[-1][0]:.1f} s; {told}")
    tell(f"from order to kiosk meanwhile: {told_times(took)}")
    return {
        "central.statements_per_s": _rate(curve),
        "central.reissue_outage_p99_s": percentile(took, 0.99) if took else 0.0,
    }


def _rate(curve: list[tuple[float, int]]) -> float:
    """Rows a second in the middle of it."""
    low, high = curve[0][1], curve[-1][1]
    begin = next(p for p in curve if p[1] >= low + FIRST * (high - low))
    end = next(p for p in curve if p[1] >= low + LAST * (high - low))
    if end == begin:  # all within one look
        begin = curve[0]
    return (end[1] - begin[1]) / (end[0] - begin[0])
