"""A central that is started again and again, and a kiosk without doors, talking over real HTTP."""

from __future__ import annotations

import queue
from dataclasses import replace
from pathlib import Path

from kiosk.believed import central_keys
from kiosk.core import automaton
from kiosk.core.clock import Now
from kiosk.core.effects import AnswerOffer, Record
from kiosk.core.events import Event
from kiosk.core.memory import Memory
from kiosk.identity import Enrolment, RunKeys
from kiosk.journal import Journal
from kiosk.replay import in_force, memory_of
from kiosk.restoring import OfferedRows
from kiosk.work import Worker
from sync.calls import Call
from sync.central.rotation import Progress, rotate
from sync.central.settings import load_settings
from sync.central.store import Store
from sync.compact import write_json
from sync.keys import public_jwk
from sync.messages import Clock, Refusal
from tests.kiosk.station import KIOSK, NET_S, WALL_MS, a_site
from tests.sync.world import Keys, calls, serving

PLACE = {"unit": "P.Bình Tiên", "address": "123 Đường Số 45"}
JSON = {"Content-Type": "application/json"}


class Office:
    """Central's folder; each `store` is central started once more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = WALL_MS

    def store(self) -> Store:
        settings = replace(load_settings(self.folder, {}), port=0)
        return Store(settings, lambda: self.now)

    def rotate(self) -> Progress:
        store = self.store()
        try:
            return rotate(store)
        finally:
            store.close()

    def kid(self) -> str:
        return load_settings(self.folder, {}).signer.kid


class Box:
    """The shell of a kiosk without doors; `boot` is power on."""

    def __init__(self, folder: Path, enrolment: Enrolment, keys: Keys) -> None:
        self.keys = keys
        self.enrolment = enrolment
        self._path = folder / f"{enrolment.epoch}.db"
        self._run = RunKeys(keys.statement, keys.manifest)
        central, after = enrolment.central, enrolment.next
        self._site = replace(
            a_site(1),
            epoch=enrolment.epoch,
            central=public_jwk(central)["x"],
            central_next=public_jwk(after)["x"] if after else "",
        )
        self._events: queue.Queue[Event | OfferedRows] = queue.Queue()
        self.answers: list[Refusal | None] = []
        self.boot()

    def boot(self) -> None:
        self.journal = Journal.open(
            self._path, kiosk=KIOSK, epoch=self.enrolment.epoch, key=self.keys.statement
        )
        memory = memory_of(self.journal, self._site).memory
        held = in_force(self.journal, memory, self._run, self.enrolment)
        assert (held.manifest is not None) == bool(memory.ver)
        reader = Journal.read_only
        self._worker = Worker(
            self._events.put,
            self._run,
            self.enrolment,
            lambda: reader(self._path, key=self.keys.statement),
        )
        self._worker.believe(central_keys(memory, self.enrolment))
        now = self._now()
        self.state, effects = automaton.start(self._site, memory, held.manifest, now, held.made)
        self._carry(effects)

    def cut(self) -> None:
        self._worker.close()
        self.journal.close()
        self.boot()

    def close(self) -> None:
        self._worker.close()
        self.journal.close()

    @property
    def memory(self) -> Memory:
        return self.state.memory

    def kids(self) -> set[str]:
        return set(central_keys(self.memory, self.enrolment))

    def exchange(self, store: Store) -> None:
        """Report everything, fetch what there is, report what follows."""
        with serving(store) as url:
            self.report(url)
            self.offer(self.fetch(url))
            self.report(url)

    def fetch(self, url: str) -> str:
        call = Call("GET", f"/v1/kiosks/{KIOSK}/manifest", most=10**6)
        answer = calls(url, self.keys.transport).make(call)
        assert answer.status == 200, answer.body
        return answer.body.decode()

    def offer(self, jwe: str, *, race: str = "") -> None:
        """`race`: another manifest comes through while this one is being opened."""
        before = (self.memory.ver, self.memory.manifest_hash) if self.memory.ver else None
        assert self._worker.open_manifest(jwe, before, 1)
        event = self._events.get(timeout=NET_S)
        if race:
            self.offer(race)
        assert not isinstance(event, OfferedRows)
        self.state, effects = automaton.step(self.state, event, self._now())
        self._carry(effects)
        self._worker.believe(central_keys(self.memory, self.enrolment))

    def report(self, url: str) -> None:
        path = f"/v1/kiosks/{KIOSK}/journal"
        rows = [r for r in self.journal.after(0, most=200, most_bytes=10**6) if isinstance(r, str)]
        call = Call("POST", path, write_json({"statements": rows}), JSON)
        assert calls(url, self.keys.transport).make(call).status == 200

    def _now(self) -> Now:
        return Now(60_000, WALL_MS, Clock.SYNCED)

    def _carry(self, effects: tuple[object, ...] | list[object]) -> None:
        for effect in effects:
            if isinstance(effect, Record):
                statement = effect.statement
                self.journal.append(
                    statement, sealed=effect.sealed or None, folded=effect.folded or None
                )
            elif isinstance(effect, AnswerOffer):
                self.answers.append(effect.refusal)
