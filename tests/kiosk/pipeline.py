"""Core, journal file, workers and simulated cabinet joined as `kiosk run` joins them; time is the test's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from drivers.devices import PadPressed
from drivers.doors import Scanned
from drivers.simulated.bank import SWEEP_MS, SimulatedBank
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.remote import ScriptRequest
from kiosk.carry import Carrier
from kiosk.core import automaton
from kiosk.core.clock import Now
from kiosk.core.effects import AnswerOffer, AnswerRows, TakeIn
from kiosk.core.events import Event, Key, Pressed, Tick
from kiosk.core.scenes import Scene
from kiosk.core.state import State
from kiosk.inbox import Inbox
from kiosk.replay import in_force, memory_of
from kiosk.restoring import OfferedRows, weigh
from kiosk.work import Worker
from sync.envelopes import peek_statement
from sync.messages import Clock, Statement
from tests.kiosk.station import NET_S, WALL_MS, Station, a_site

STARTED_MS = 30_000  # up time at which the program starts after each power-on


class PowerCutError(Exception):
    """The power went right after this statement was on the disk."""


class Pipeline:
    """One kiosk. `boot` starts it on whatever lies on the disk; `cut` drops everything but that."""

    def __init__(
        self, folder: Path, station: Station | None = None, usb: Path | None = None
    ) -> None:
        self.station = station or Station(folder)
        self.usb = usb or folder / "usb"
        self.cabinet = Cabinet((1, 2, 3))
        self.site = a_site(1, 2, 3)
        self.cut_after = ""
        self.answers: list[AnswerOffer] = []
        self.told: list[AnswerRows] = []
        self.boot()

    def boot(self) -> None:
        self._boot_ms = self.cabinet.now_ms - STARTED_MS
        self.inbox = Inbox()
        self.bank = SimulatedBank(self.cabinet, boot_ms=self._boot_ms)
        self.bank.start(self.inbox.post)
        self.journal = self.station.journal()
        keys, enrolment = self.station.keys, self.station.enrolment
        self.worker = Worker(self.inbox.post, keys, enrolment, self.station.reader, self.usb)
        self.carrier = Carrier(
            self.journal,
            self.bank,
            self.worker.check_pin,
            self._answer,
            self._recorded,
            stick=self.worker.stick,
        )
        self._live()

    def _live(self) -> None:
        """One life of the core, from what lies on the disk."""
        memory = memory_of(self.journal, self.site).memory
        held = in_force(self.journal, memory, self.station.keys, self.station.enrolment)
        aside = self.journal.aside() is not None
        self.state: State
        self.state, effects = automaton.start(
            self.site, memory, held.manifest, self.now, held.made, aside=aside
        )
        self.carrier.carry(effects)

    def _answer(self, answer: AnswerOffer | AnswerRows) -> None:
        if isinstance(answer, AnswerRows):
            self.told.append(answer)
        else:
            self.answers.append(answer)

    def cut(self, away_ms: int = 60_000, meanwhile: Callable[[], object] = lambda: None) -> None:
        """The power goes, and comes back later. `meanwhile`: what hands do with the card."""
        self.journal.close()
        self.worker.close()
        meanwhile()
        self.cabinet.at(self.cabinet.now_ms + away_ms)
        self.cut_after = ""
        self.boot()

    def close(self) -> None:
        self.journal.close()
        self.worker.close()

    @property
    def now(self) -> Now:
        at_ms = self.cabinet.now_ms
        return Now(at_ms - self._boot_ms, WALL_MS + at_ms, Clock.SYNCED)

    @property
    def scene(self) -> Scene:
        return self.state.scene

    def give(self, item: Event | OfferedRows) -> None:
        if isinstance(item, OfferedRows):
            item = weigh(self.journal, item, self.state.head_named)
        self.state, effects = automaton.step(self.state, item, self.now)
        self.carrier.carry(effects)
        if any(isinstance(effect, TakeIn) for effect in effects):
            self._live()

    def wait(self, ms: int) -> None:
        """Time passes: the doors are swept, the core is woken when it asked to be."""
        end = self.cabinet.now_ms + ms
        while self.cabinet.now_ms < end:
            self.bank.advance(min(end, self.cabinet.now_ms + SWEEP_MS))
            while (item := self.inbox.take(0)) is not None:
                assert not isinstance(item, ScriptRequest | PadPressed)
                self.give(item)
            due = automaton.wake_at(self.state)
            if due is not None and self.now.up_ms >= due:
                self.give(Tick())

    def worked(self) -> None:
        """Wait for a worker's answer, and take it."""
        item = self.inbox.take(NET_S)
        assert item is not None, "no worker answered"
        assert not isinstance(item, ScriptRequest | PadPressed)
        self.give(item)

    def offer(self) -> None:
        """The office's next manifest, through the ladder."""
        memory = self.state.memory
        force = (memory.ver, memory.manifest_hash) if memory.ver else None
        assert self.worker.open_manifest(self.station.sealed().jwe, force, 1)
        self.worked()

    def press(self, *keys: Key) -> None:
        for key in keys:
            self.give(Pressed(key))

    def type(self, digits: str) -> None:
        for digit in digits:
            self.give(Pressed(Key.DIGIT, digit))
        self.press(Key.CONFIRM)

    def scan(self, text: str) -> None:
        self.give(Scanned(text))

    def payloads(self) -> list[dict[str, object]]:
        """Every row on the disk, decoded."""
        rows = self.journal.after(0, most=10_000, most_bytes=10**9)
        return [peek_statement(row) for row in rows if isinstance(row, str)]

    def kinds(self) -> list[str]:
        return [str(payload["kind"]) for payload in self.payloads()]

    def _recorded(self, statement: Statement) -> None:
        if statement.kind == self.cut_after:
            raise PowerCutError
