"""A month without a network, then one reconnect that is not smooth: everything arrives once, in order."""

from __future__ import annotations

import os
import signal
from random import Random
from threading import Event

import pytest

from kiosk.clock import wall_ms
from kiosk.demo import cast
from kiosk.demo.stage import wait_for
from kiosk.journal import Journal
from sync.keys import load_key
from sync.messages import Clock, Kind, Statement
from tests.booted.conftest import nightly
from tests.booted.inside import RUN, SYNC
from tests.booted.stage import Appliance
from tests.booted.ward import Ward

pytestmark = [nightly, pytest.mark.slow]

FIRST, SECOND = cast.DOSSIERS[0], cast.DOSSIERS[2]
DAYS = 30
A_DAY = 100  # statements: some 20 visits
DAY_MS = 86_400_000
MISFORTUNES = 5
NET_S = 120.0


def test_a_month_without_a_network_arrives_once_and_in_order(
    appliance: Appliance, ward: Ward
) -> None:
    ward.fill([FIRST, SECOND])
    appliance.on.network(up=False)
    ward.collect(FIRST)
    a_month_passes(appliance)
    ward.back()
    ward.collect(SECOND)
    rows = appliance.rows()
    assert len(rows) > DAYS * A_DAY
    assert len(appliance.received()) < len(rows) - DAYS * A_DAY

    appliance.on.network(up=True)
    misfortunes(appliance, Random(1))
    wait_for(lambda: len(appliance.received()) >= len(appliance.rows()), "it arrives", NET_S)
    appliance.inside("systemctl", "stop", "kiosk.target")
    kept, there = appliance.rows(), appliance.received()
    assert [row.compact for row in there] == kept[: len(there)]
    assert len(kept) - len(there) <= 1  # what was said while it was stopped
    assert [row.seq for row in there] == list(range(1, len(there) + 1))
    assert {row.state for row in there} == {"ok"}
    came = [row.received_ms for row in there]
    assert came == sorted(came)
    told = [m["to"] for m in ward.hands.messages() if m["kind"] == "collected"]
    assert sorted(map(str, told)) == sorted([FIRST.phone, SECOND.phone])
    assert "all as they were signed" in appliance.verify()


def a_month_passes(appliance: Appliance) -> None:
    """What thirty days of small happenings leave in the journal; the program itself writes it, quicker."""
    appliance.inside("systemctl", "stop", RUN)
    key = load_key(appliance.statement_key())
    journal = Journal.open(appliance.config.data / "journal.db", kiosk=cast.KIOSK, epoch=1, key=key)
    begun = wall_ms() - DAYS * DAY_MS
    try:
        for n in range(DAYS * A_DAY):
            up_ms = n * DAY_MS // A_DAY
            fields = {"via": "code", "typed_for": []}
            seq = journal.head.seq + 1
            journal.append(
                Statement(
                    cast.KIOSK, 1, seq, "", begun + up_ms, Clock.SYNCED, up_ms, Kind.REFUSED, fields
                )
            )
    finally:
        journal.close()
    appliance.hands.forget_screen()
    appliance.inside("systemctl", "start", RUN)


def misfortunes(appliance: Appliance, chance: Random) -> None:
    """While the month is on its way: either service is killed, the line breaks."""
    for _ in range(MISFORTUNES):
        Event().wait(chance.uniform(0.1, 1.5))
        match chance.choice((RUN, SYNC, "line")):
            case "line":
                appliance.wire.pull()
                appliance.wire.plug()
            case unit:
                if pid := appliance.pid(unit):
                    os.kill(pid, signal.SIGKILL)
