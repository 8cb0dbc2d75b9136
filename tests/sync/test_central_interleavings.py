"""Lost requests, lost replies, duplicates, late arrivals, restarts of either side, two daemons, two
replicas: whatever the order, central's table equals the journal, row by row.
"""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from sync.calls import CallError, Calls, Stamp
from sync.central.enrol import enrol_kiosk
from sync.central.holders import NewHolder
from sync.central.journal import own_rows
from sync.central.results import NewResult, register
from sync.central.tables import Alarm, Fork
from sync.fetch import Fetcher
from sync.framing import LineError
from sync.line import Line
from sync.report import Reporter
from sync.transport import Way
from tests.sync.postgres import Server
from tests.sync.replicas import Replica
from tests.sync.wire import Relay, listening, read_request
from tests.sync.world import FakeRun, Keys, World, now

MOST_STEPS = 14
MODES = ("pass", "pass", "lost request", "lost reply", "twice", "late", "twice elsewhere")
either = st.sampled_from((0, 1))
steps = st.one_of(
    st.tuples(st.just("report"), either, either, st.sampled_from(MODES)),
    st.tuples(st.just("report"), either, either, st.sampled_from(MODES)),
    st.tuples(st.just("fetch"), either, either, st.sampled_from(MODES)),
    st.tuples(st.just("order"), either),
    st.tuples(st.just("deliver"), either),
    st.tuples(st.just("daemon restarts"), either),
    st.tuples(st.just("run restarts")),
    st.tuples(st.just("replica restarts"), either),
)


class Mail(Relay):
    """As `Relay`, between two centrals; it may also keep a request and deliver it later."""

    def __init__(self, replicas: tuple[Replica, Replica]) -> None:
        super().__init__(replicas[0].url)
        self._replicas = replicas
        self._late: list[bytes] = []

    def towards(self, replica: int, mode: str = "pass") -> None:
        self._other = self._replicas[1 - replica].url
        self.to(self._replicas[replica].url)
        self.mode = mode

    def __call__(self, peer: socket.socket) -> None:
        mode = self.mode
        if mode not in ("late", "twice elsewhere"):
            super().__call__(peer)
            return
        self.mode = "pass"
        request = read_request(peer)
        if mode == "late":
            self._late.append(request)
            return
        self._forward(request)
        self.to(self._other)
        peer.sendall(self._forward(request))

    def deliver(self) -> None:
        """What was kept arrives now, and nobody waits for its answer any more."""
        while self._late:
            self._forward(self._late.pop())


class Street:
    """One kiosk with two sync daemons by mistake, and the mail to two replicas."""

    def __init__(self, world: World, mail: Mail, url: str, folder: str, kiosk: str) -> None:
        self.kiosk = kiosk
        self._world = world
        self._mail = mail
        self._url = url
        self._keys = Keys()
        place = {"unit": "P.Bình Tiên", "address": "123 Đường Số 45"}
        enrolled = enrol_kiosk(world.store, kiosk, self._keys.public(), **place)
        self.run = FakeRun(Path(folder, "run.sock"), self._keys, enrolled.central, kiosk)
        self._daemons = [self._daemon(), self._daemon()]

    def _daemon(self) -> tuple[Reporter, Fetcher]:
        line = Line(self.run.path)
        calls = Calls(self._url, self._keys.transport, Way(), Stamp(), 5.0)
        # Health is never due: it is a snapshot, not a row.
        clock = itertools.chain([1.0], itertools.repeat(0.0))
        reporter = Reporter(self.kiosk, line, calls, lambda: next(clock))
        return reporter, Fetcher(self.kiosk, line, calls, 0.0)

    def do(self, what: str, which: int = 0, replica: int = 0, mode: str = "pass") -> None:
        if what == "order":
            self.order()
        elif what == "deliver":
            self._mail.towards(which)
            self._mail.deliver()
        elif what == "daemon restarts":
            self._daemons[which] = self._daemon()
        elif what == "run restarts":
            self.run.close()
            self._step(0, 0, "pass")
            self.run.restart()
        elif what == "replica restarts":
            self._mail._replicas[which].stop()
            self._mail._replicas[which].start()
        else:
            self.run.state("started")  # so that no reporter waits for more
            self._step(which, replica, mode, fetch=what == "fetch")

    def _step(self, which: int, replica: int, mode: str, *, fetch: bool = False) -> None:
        self._mail.towards(replica, mode)
        reporter, fetcher = self._daemons[which]
        with suppress(CallError, LineError):
            if fetch:
                fetcher.step(now())
            else:
                reporter.step()

    def order(self) -> None:
        person = (NewHolder("0530004821"),)
        new = NewResult(self.kiosk, ("H29.915-261121-0042",), "Nguyễn Văn Anh", person)
        with self._world.store.begin() as session:
            register(self._world.store, session, new)

    def drain(self) -> None:
        for replica in (0, 1, 0, 1):
            if self.received() == self.run.journal.rows:
                return
            self._step(0, replica, "pass")

    def received(self) -> list[str]:
        with self._world.store.begin() as session:
            kiosk = self._world.store.kiosk(session, self.kiosk)
            return [str(row) for row in own_rows(session, kiosk, 0, 1000, 10**7)]

    def complaints(self) -> list[str]:
        with self._world.store.begin() as session:
            forks = session.scalars(select(Fork.hash).where(Fork.kiosk == self.kiosk)).all()
            alarms = session.scalars(select(Alarm.kind).where(Alarm.kiosk == self.kiosk)).all()
            return [*forks, *alarms]


@pytest.fixture(scope="module")
def town(
    postgres: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Mail, str]]:
    with postgres.database() as database:
        world = World(tmp_path_factory.mktemp("town"), database)
        pair = Replica(world), Replica(world)
        mail = Mail(pair)
        with listening(mail) as url:
            yield world, mail, url
        for replica in pair:
            replica.stop()
        world.store.close()


numbers = itertools.count(1)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(story=st.lists(steps, min_size=4, max_size=MOST_STEPS))
def test_central_holds_the_journal_row_by_row_after_any_story(
    town: tuple[World, Mail, str], story: list[tuple[str, int, int, str]]
) -> None:
    with TemporaryDirectory(prefix="run") as folder:
        street = Street(*town, folder, f"k{next(numbers)}")
        try:
            for step in story:
                street.do(*step)
            street.run.state("started")
            street.drain()
            assert street.received() == street.run.journal.rows
            street.do("deliver", 1)
            assert street.received() == street.run.journal.rows
            assert street.complaints() == []
        finally:
            street.run.close()
