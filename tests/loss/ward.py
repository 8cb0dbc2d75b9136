"""A ward that loses something: central in its folder, a kiosk on its card, a cabinet with papers inside.

Everything is made by the commands that the page names; central answers over real HTTP; the kiosk is its
real core, journal file, ladder and socket over a simulated cabinet. `Card` is what lies on the SD card; the
cabinet and the people outlive it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pyotp
from sqlalchemy import select

from drivers.devices import PadPressed
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.remote import ScriptRequest
from kiosk import cli_central, identity, status
from kiosk.cli import main
from kiosk.config import load
from kiosk.core.events import Contacted, Key, Pressed
from kiosk.core.scenes import Idle
from kiosk.core.staff_scenes import Loading, LoadOpening
from kiosk.core.upkeep_scenes import Answer, Audit, DoorAsk, Entry, Menu
from kiosk.desk import Desk
from kiosk.line import Deadlines, LineServer, Requests
from sync.central import holders, results
from sync.central.enrol import add_staff
from sync.central.holders import NewHolder
from sync.central.store import Store
from sync.central.tables import Holder, Row
from sync.fetch import Fetcher
from sync.line import Line
from sync.messages import CODE_DIGITS, KNOWN_DIGITS, Clock, Role
from sync.report import Reporter
from tests.kiosk.station import KIOSK, WALL_MS
from tests.loss.card import TOML, Card, Kiosk
from tests.sync.world import calls, now, serving

PIN = "135790"
PHONE = "0530004821"
PLACE = ("--unit", "P.Bình Tiên", "--address", "123 Đường Số 45")
LOOK_S = 0.02
DAY_MS = 86_400_000
STEP_MS = 30_000  # of one-time passwords


class Ward:
    """All of it. `power_on` starts what is on the card; `sync` is one contact with central."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.office = folder / "central"
        self.office.mkdir(mode=0o700)
        (self.office / "central.toml").write_text("port = 0\n", encoding="utf-8")
        self.usb = folder / "usb"
        self.usb.mkdir()
        self.home = folder / "card"
        self.cabinet = Cabinet((1, 2, 3))
        self._kiosk: Kiosk | None = None
        self._server: LineServer | None = None
        self._aside = ThreadPoolExecutor(1, "sync")
        self.totp = pyotp.random_base32()
        self.dossiers = 0
        self._step = 0
        self.fresh_card()
        assert self.central("--enrolment-code", KIOSK, *PLACE) == 0
        self.start_central()

    def close(self) -> None:
        self.power_off()
        self._aside.shutdown()
        self.stop_central()

    # Commands

    def central(self, *arguments: str) -> int:
        """`kiosk central FOLDER …`"""
        return main(["central", str(self.office), *arguments])

    def command(self, *arguments: str) -> int:
        """`kiosk …` on the kiosk."""
        return main(["--config", str(self.home / "kiosk.toml"), *arguments])

    def enroll(self, code: str) -> None:
        """`kiosk enroll ADDRESS CODE`, with central there."""
        assert self.command("enroll", self.url, code) == 0

    # The card, the Pi, the power

    @property
    def card(self) -> Card:
        return Card(load(self.home / "kiosk.toml"))

    def fresh_card(self) -> None:
        """The program and kiosk.toml from its copy; no keys, no journal."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        (self.home / "kiosk.toml").write_text(TOML, encoding="utf-8")

    def power_on(self, claim: Clock = Clock.SYNCED, wrong_ms: int = 0) -> Kiosk:
        card = self.card
        self._kiosk = kiosk = Kiosk(card, self.cabinet, self.usb, claim, wrong_ms)
        self._desk = Desk()
        requests = Requests(
            self._desk,
            card.reader,
            kiosk.worker.open_manifest,
            kiosk.worker.believe_rows,
            lambda: kiosk.inbox.post(Contacted(kiosk.now.up_ms)),
        )
        self._server = LineServer(card.config.socket, requests, "", Deadlines(offer_gap_s=0.0))
        self._server.start()
        kiosk.wait(500)
        self._publish()
        return kiosk

    def power_off(self, away_ms: int = 60_000) -> None:
        if self._server is not None and self._kiosk is not None:
            self._server.close()
            self._kiosk.close()
            self.cabinet.at(self.cabinet.now_ms + away_ms)
        self._server = self._kiosk = None

    @property
    def kiosk(self) -> Kiosk:
        assert self._kiosk is not None, "it is off"
        return self._kiosk

    # The line

    def start_central(self) -> None:
        """`kiosk central FOLDER`, in a thread of this process."""
        self.store = Store(cli_central.settings(self.office), self.time)
        self._up = ExitStack()
        self.url = self._up.enter_context(serving(self.store))

    def stop_central(self) -> None:
        self._up.close()
        self.store.close()

    def time(self) -> int:
        """Of the office's clock, which is right: never ahead of a kiosk's that is right as well."""
        return WALL_MS + self.cabinet.now_ms

    def sync(self) -> None:
        """One contact: report all, fetch what there is, report what follows."""
        caller = calls(self.url, identity.transport_key(self.card.config.keys))
        line = Line(self.card.config.socket)
        reporter = Reporter(KIOSK, line, caller, lambda: 0.0)
        self._report(reporter)
        self._serve(self._aside.submit(Fetcher(KIOSK, line, caller, 0.0).step, now()))
        self._report(reporter)

    def _report(self, reporter: Reporter) -> None:
        self._publish()
        while len(self.received()) < self.kiosk.journal.head.seq:
            self._serve(self._aside.submit(reporter.step))

    def _serve(self, step: Future[None]) -> None:
        """What the loop of `run` does until this step of sync is done."""
        kiosk = self.kiosk
        while not step.done():
            item = kiosk.inbox.take(LOOK_S)
            if item is not None:
                assert not isinstance(item, ScriptRequest | PadPressed)
                kiosk.give(item)
                self._publish()
            for answer in kiosk.answers:
                self._desk.answered(answer.offer, answer.ver, answer.refusal)
            for told in kiosk.told:
                self._desk.told(told)
            kiosk.answers.clear()
            kiosk.told.clear()
        kiosk.wait(50)  # what was posted at the very end
        step.result()

    def _publish(self) -> None:
        kiosk = self.kiosk
        health = status.health(kiosk.state, kiosk.now, 2**30)
        self._desk.publish(kiosk.journal.head, status.in_force(kiosk.state), health)

    def received(self) -> list[str]:
        """This epoch's rows as central holds them."""
        epoch = self.card.enrolment.epoch
        wanted = select(Row).where(Row.epoch == epoch).order_by(Row.seq)
        with self.store.begin() as session:
            return [row.compact for row in session.scalars(wanted)]

    def written(self) -> list[str]:
        """The journal on the card."""
        rows = self.kiosk.journal.after(0, most=100_000, most_bytes=10**9)
        return [row for row in rows if isinstance(row, str)]

    # The office

    def add_staff(self, role: Role = Role.SUPERVISOR, pin: str = PIN) -> None:
        self.pin = pin
        add_staff(self.store, KIOSK, "7", role, pin=pin, totp_secret=self.totp)

    def register(self) -> tuple[str, str]:
        """A result: cid, dossier code."""
        self.dossiers += 1
        dossier = f"H29.915-261121-{self.dossiers:04d}"
        new = results.NewResult(
            KIOSK, (dossier,), "NGUYỄN VĂN AN", (NewHolder(PHONE, "self", "vi"),)
        )
        with self.store.begin() as session:
            return results.register(self.store, session, new).cid, dossier

    def code(self, cid: str) -> tuple[str, str]:
        """Known digits and code, as central would send them now."""
        with self.store.begin() as session:
            held = session.scalar(select(Holder).where(Holder.cid == cid))
            assert held is not None
            phone, secret, _ = holders.open_holder(self.store, held)
            return phone[-KNOWN_DIGITS:], pyotp.HOTP(secret, digits=CODE_DIGITS).at(held.counter)

    def phase(self, cid: str) -> str:
        with self.store.begin() as session:
            return results.find(self.store, session, cid)[1].phase

    # Hands

    def stands(self, scene: type) -> bool:
        """Whether the screen is at this."""
        return isinstance(self.kiosk.scene, scene)

    def sign_in(self, pin: str = "", leads_to: type = Menu) -> None:
        kiosk = self.kiosk
        if kiosk.now.wall_ms // STEP_MS == self._step:
            kiosk.wait(STEP_MS)  # a one-time password is good once
        self._step = kiosk.now.wall_ms // STEP_MS
        kiosk.press(Key.STAFF)
        for entry in ("7", pin or self.pin, pyotp.TOTP(self.totp).at(kiosk.now.wall_ms // 1000)):
            kiosk.type(entry)
        kiosk.worked()
        assert isinstance(kiosk.scene, leads_to), kiosk.scene

    def sign_out(self) -> None:
        self.kiosk.press(Key.SIGN_OUT)
        assert isinstance(self.kiosk.scene, Idle)

    def load(self, *registered: tuple[str, str]) -> list[int]:
        """A clerk lays these into the cabinet; where."""
        self.sign_in()
        places = []
        for cid, dossier in registered:
            self.kiosk.scan(dossier)
            opening = self.kiosk.scene
            assert isinstance(opening, LoadOpening), opening
            self.kiosk.wait(500)
            assert self.cabinet.put(opening.compartment, cid)
            self.cabinet.push(opening.compartment)
            self.kiosk.wait(500)
            assert isinstance(self.kiosk.scene, Loading)
            places.append(opening.compartment)
        self.sign_out()
        return places

    def audit(self) -> None:
        """The supervisor opens every compartment that the round asks for and says what lies there."""
        kiosk = self.kiosk
        self.sign_in()
        kiosk.give(Pressed(Key.CHOOSE, Entry.AUDIT))
        for _ in self.cabinet.compartments:
            scene = kiosk.scene
            assert isinstance(scene, Audit), scene
            kiosk.press(Key.CONFIRM)
            kiosk.wait(500)
            (number,) = [n for n in self.cabinet.compartments if self.cabinet.is_open(n)]
            papers = self.cabinet.papers(number)
            self.cabinet.push(number)
            kiosk.wait(500)
            assert isinstance(kiosk.scene, DoorAsk), kiosk.scene
            kiosk.give(Pressed(Key.CHOOSE, Answer.LEFT if papers else Answer.EMPTY))
        kiosk.press(Key.BACK)
        self.sign_out()

    def enter(self, typed: Sequence[str]) -> None:
        """A citizen types known digits and code."""
        self.kiosk.press(Key.START)
        for digits in typed:
            self.kiosk.type(digits)

    def collect(self, cid: str, number: int) -> None:
        """Its citizen fetches it with the newest code."""
        kiosk = self.kiosk
        self.enter(self.code(cid))
        kiosk.press(Key.OPEN)
        kiosk.wait(500)
        assert self.cabinet.take(number) == (cid,)
        self.cabinet.push(number)
        kiosk.wait(500)
        kiosk.press(Key.SKIP)
        assert "collected" in kiosk.kinds()
