"""How a kiosk is, seen from central: the real snapshot, over the real socket, HTTP and table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.devices import Device, DeviceState, Trouble, Vitals
from kiosk import status
from sync.calls import CallError
from sync.report import HEALTH_S, Reporter
from tests.sync.online import Online
from tests.sync.world import KIOSK, World, calls, serving


class Watched(Online):
    """With a clock for the pace of snapshots, and central's eyes."""

    def __init__(self, folder: Path, world: World, url: str) -> None:
        super().__init__(folder, world, url)
        self.seconds = 0.0
        self.reconnect(url)

    def reconnect(self, url: str) -> None:
        """`kiosk sync` is started anew, or central lies elsewhere."""
        caller = calls(url, self.world.keys.transport)
        self._reporter = Reporter(KIOSK, self._line, caller, lambda: self.seconds)

    def tell_health(self) -> None:
        self._publish()
        self.serve(self._aside.submit(self._reporter._send_health))

    def seen(self) -> dict[str, object]:
        with self.world.store.begin() as session:
            return dict(self.world.store.kiosk(session, KIOSK).health)


@pytest.fixture
def online(tmp_path: Path) -> Iterator[Watched]:
    world = World(tmp_path / "central")
    with serving(world.store) as url:
        made = Watched(tmp_path, world, url)
        yield made
        made.close()
    world.store.close()


def test_version_disk_temperature_faults_and_the_lists_age_reach_central(online: Watched) -> None:
    online.sync()
    online.kiosk.give(Vitals(mains=True, battery_percent=81, celsius=43))
    online.kiosk.give(DeviceState(Device.PRINTER, Trouble.PAPER_OUT))
    online.kiosk.wait(7_000)
    online.seconds += HEALTH_S
    online.tell_health()
    seen = online.seen()
    assert (seen["version"], seen["free_mb"], seen["celsius"]) == ("test", 1024, 43)
    assert (seen["faults"], seen["serving"]) == (["printer_paper_out"], True)
    age = seen["manifest_age_s"]
    assert isinstance(age, int)
    assert age >= 7


def test_a_restart_of_either_half_is_told_without_waiting(online: Watched) -> None:
    online.sync()
    before = online.seen()
    online.kiosk.cut()
    online.kiosk.wait(500)
    online._reporter._health_due = 0.0  # a new `kiosk sync` begins with it
    online.tell_health()
    after = online.seen()
    assert (after["statements"] == before["statements"], after["serving"]) == (False, True)


def test_a_central_that_was_away_gets_the_newest_and_nothing_waits_for_it(
    online: Watched,
) -> None:
    online.sync()
    online.reconnect("http://127.0.0.1:1")
    with pytest.raises(CallError):
        online.tell_health()
    online.kiosk.give(DeviceState(Device.SCANNER, Trouble.LOST))
    with serving(online.world.store) as url:
        online.reconnect(url)
        online.tell_health()
    assert online.seen()["faults"] == ["scanner_lost"]


def test_a_journal_that_refuses_is_told_by_health_since_it_cannot_be_stated(
    online: Watched,
) -> None:
    online.sync()
    site = replace(online.kiosk.site, version="test")
    told = status.out_of_order(online.desk.health, site, online.kiosk.now, "full", 0)
    online.desk.out_of_order(told, "alarm")
    online.serve(online._aside.submit(online._reporter.step))  # hears the call
    online.serve(online._aside.submit(online._reporter._send_health))
    seen = online.seen()
    assert (seen["serving"], seen["outage"], seen["journal"], seen["free_mb"]) == (
        False,
        "journal",
        "full",
        0,
    )
