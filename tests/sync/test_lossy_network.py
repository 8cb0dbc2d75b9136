"""Requests and replies lost, repeated, out of turn: central's table equals the journal in the end."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest
from sqlalchemy import select

from sync.calls import CallError
from sync.central.tables import Row
from sync.framing import LineError
from tests.sync.wire import Relay, listening
from tests.sync.world import KIOSK, FakeRun, World, received, reporter_of, serving


@pytest.mark.parametrize("seed", range(5))
def test_central_holds_the_journal_row_by_row_whatever_the_network_loses(
    world: World, kiosk: FakeRun, seed: int
) -> None:
    random = Random(seed)
    with serving(world.store) as central:
        relay = Relay(central)
        with listening(relay) as url:
            reporters = [reporter_of(world, kiosk, url) for _ in range(2)]  # two, by mistake
            for _ in range(25):
                kiosk.journal.state("started", n=random.random())
                relay.mode = random.choice(["pass", "lost request", "lost reply", "twice"])
                if random.random() < 0.1:
                    kiosk.close()
                with suppress(CallError, LineError):
                    random.choice(reporters).step()
                if not kiosk.path.exists():
                    kiosk.restart()
            relay.mode = "pass"
            kiosk.journal.state("started")
            for _ in range(3):  # one may learn where central is, the next sends
                if len(received(world)) < len(kiosk.journal.rows):
                    with suppress(CallError):
                        reporters[0].step()
    assert received(world) == kiosk.journal.rows


def test_after_a_gap_the_sender_goes_back_to_where_central_is(world: World, kiosk: FakeRun) -> None:
    with serving(world.store) as url:
        reporter = reporter_of(world, kiosk, url)
        kiosk.journal.state("started")
        reporter.step()
        # Central is restored from a copy that is older than the row.
        with world.store.begin() as session:
            for row in session.scalars(select(Row)):
                session.delete(row)
            here = world.store.kiosk(session, KIOSK)
            here.head_seq, here.head_hash = 0, ""
        kiosk.journal.state("fault")
        with pytest.raises(CallError, match="gap"):
            reporter.step()
        reporter.step()
    assert received(world) == kiosk.journal.rows


def test_run_not_there_is_an_error_of_the_line_and_passes(world: World, kiosk: FakeRun) -> None:
    kiosk.journal.state("started")
    with serving(world.store) as url:
        reporter = reporter_of(world, kiosk, url)
        kiosk.close()
        with pytest.raises(LineError):
            reporter.step()
        kiosk.restart()
        reporter.step()
    assert received(world) == kiosk.journal.rows
