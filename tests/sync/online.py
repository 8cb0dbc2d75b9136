"""A kiosk with its real core, journal, ladder and doors, and a real line to a real central: sync's own parts.

Time at both ends is the kiosk's, and the test's. Nothing reaches either end but by `report` and `fetch`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pyotp
from sqlalchemy import select

from drivers.devices import PadPressed
from drivers.simulated.remote import ScriptRequest
from kiosk import status
from kiosk.core.events import Contacted, Key
from kiosk.core.scenes import Idle
from kiosk.core.staff_scenes import Loading, LoadOpen, LoadOpening
from kiosk.core.upkeep_scenes import Menu
from kiosk.desk import Desk
from kiosk.identity import RunKeys
from kiosk.journal_values import Damaged
from kiosk.line import Deadlines, LineServer, Requests
from sync.central import holders
from sync.central.tables import Holder
from sync.fetch import Fetcher
from sync.line import Line
from sync.messages import CODE_DIGITS, KNOWN_DIGITS, Head, Role
from sync.report import Reporter
from tests.kiosk.pipeline import Pipeline
from tests.kiosk.station import Station
from tests.sync.world import KIOSK, World, calls, now, received

DOSSIER = "H29.915-261121-0042"
PIN = "135790"
POLL_S = 20.0  # of a poll that is waited for; an answer at its end would be a failure
LOOK_S = 0.02
T = TypeVar("T")


class Online:
    """One kiosk. What arrives over its socket is given to the core by whoever waits for it."""

    def __init__(self, folder: Path, world: World, url: str, role: Role = Role.CLERK) -> None:
        home = folder / "kiosk"
        home.mkdir()
        self.world = world
        self._totp = pyotp.TOTP(world.add_staff(role))
        keys = RunKeys(world.keys.statement, world.keys.manifest)
        self.kiosk = Pipeline(home, Station(home, keys, world.enrolled.central))
        self.desk = Desk()
        self._keep_time()
        reader = self.kiosk.station.reader
        requests = Requests(self.desk, reader, self._open, self._believe, self._contacted)
        self.path = home / "run.sock"
        self._server = LineServer(self.path, requests, "", Deadlines(offer_gap_s=0.0))
        self._server.start()
        self._line = Line(self.path)
        self._fetchers = [
            Fetcher(KIOSK, self._line, calls(url, world.keys.transport), poll_s)
            for poll_s in (0.0, POLL_S)
        ]
        self._reporter = Reporter(KIOSK, self._line, calls(url, world.keys.transport), lambda: 0.0)
        self._aside = ThreadPoolExecutor(1, "sync")
        self.kiosk.wait(500)

    def close(self) -> None:
        self._aside.shutdown()
        self._server.close()
        self.kiosk.close()

    def _open(self, jwe: str, in_force: tuple[int, str] | None, offer: int) -> bool:
        return self.kiosk.worker.open_manifest(jwe, in_force, offer)

    def _believe(self, rows: list[str | Damaged], head: Head, offer: int) -> bool:
        return self.kiosk.worker.believe_rows(rows, head, offer)

    def _contacted(self) -> None:
        self.kiosk.inbox.post(Contacted(0))

    def _keep_time(self) -> None:
        self.world.now.ms = self.kiosk.now.wall_ms

    # The line

    def report(self) -> None:
        """Central holds the whole journal afterwards."""
        while len(received(self.world)) < self.kiosk.journal.head.seq:
            self.step()

    def step(self) -> None:
        """The reporter looks once."""
        self._publish()
        self.serve(self._aside.submit(self._reporter.step))

    def fetch(self) -> None:
        """One poll without waiting, and the core has taken what came."""
        self._publish()
        self.serve(self._aside.submit(self._fetchers[0].step, now()))

    def aside(self, step: Callable[[], None]) -> None:
        """Another step of sync, with the kiosk at the other end of the line."""
        self._publish()
        self.serve(self._aside.submit(step))

    def begin_poll(self) -> Future[None]:
        """A long poll under way: central has believed it. `serve` waits for its end."""
        self._publish()
        self.world.now.ms += 1
        poll = self._aside.submit(self._fetchers[1].step, now())
        while self._contact_ms() < self.world.now.ms:
            assert not poll.done()
        return poll

    def serve(self, step: Future[None]) -> None:
        """What the loop of `run` does, until this step of sync is done."""
        while not step.done():
            item = self.kiosk.inbox.take(LOOK_S)
            if item is not None:
                assert not isinstance(item, ScriptRequest | PadPressed)
                self.kiosk.give(item)
                self._publish()
            for answer in self.kiosk.answers:
                self.desk.answered(answer.offer, answer.ver, answer.refusal)
            for told in self.kiosk.told:
                self.desk.told(told)
            self.kiosk.answers.clear()
            self.kiosk.told.clear()
        step.result()

    def sync(self) -> None:
        """Everything both ways: central is told, and so is the kiosk."""
        self.fetch()
        self.report()

    def _publish(self) -> None:
        self._keep_time()
        state, kiosk = self.kiosk.state, self.kiosk
        health = status.health(state, kiosk.now, 2**30)
        self.desk.publish(kiosk.journal.head, status.in_force(state), health)

    def _contact_ms(self) -> int:
        with self.world.store.begin() as session:
            return self.world.store.kiosk(session, KIOSK).contact_ms

    # The office

    def change(self, order: Callable[[World], None]) -> None:
        """Something is ordered at central; no waiting kiosk is woken."""
        self._keep_time()
        order(self.world)

    def code(self, cid: str, holder: str = "h1") -> tuple[str, str]:
        """Known digits and code, as central would send them now."""
        store = self.world.store
        with store.begin() as session:
            held = session.scalar(
                select(Holder).where(Holder.cid == cid).where(Holder.id == holder)
            )
            assert held is not None
            phone, secret, _ = holders.open_holder(store, held)
            code = pyotp.HOTP(secret, digits=CODE_DIGITS).at(held.counter)
        return phone[-KNOWN_DIGITS:], code

    # Hands

    def load(self, cid: str) -> int:
        """A clerk lays the envelope in; where."""
        kiosk = self.kiosk
        self.sign_in()
        kiosk.scan(DOSSIER)
        number = self.at(LoadOpening).compartment
        kiosk.wait(500)
        self.at(LoadOpen)
        assert kiosk.cabinet.put(number, cid)
        kiosk.cabinet.push(number)
        kiosk.wait(500)
        self.at(Loading)
        kiosk.press(Key.SIGN_OUT)
        self.at(Idle)
        return number

    def at(self, scene: type[T]) -> T:
        """The scene that stands now, which has to be one of these."""
        assert isinstance(self.kiosk.scene, scene)
        return self.kiosk.scene

    def sign_in(self) -> None:
        """The clerk: number, PIN, and what the authenticator shows now."""
        self.kiosk.press(Key.STAFF)
        for entry in ("7", PIN, self._totp.at(self.kiosk.now.wall_ms // 1000)):
            self.kiosk.type(entry)
        self.kiosk.worked()
        self.at(Menu)

    def enter(self, typed: tuple[str, str]) -> None:
        """A citizen types known digits and code."""
        self.kiosk.press(Key.START)
        for digits in typed:
            self.kiosk.type(digits)

    @property
    def pulses(self) -> int:
        return len(self.kiosk.cabinet.board.coil_runs())

    def consequences(self) -> dict[str, object]:
        """What the newest manifest changed here, empty lists left out."""
        accepted = [p for p in self.kiosk.payloads() if p["kind"] == "manifest_accepted"]
        names = ("floors", "voided", "recalled", "suspended", "lifted", "forgotten")
        return {name: accepted[-1][name] for name in names if accepted[-1][name]}

    def said(self, kind: str) -> list[dict[str, object]]:
        return [payload for payload in self.kiosk.payloads() if payload["kind"] == kind]
