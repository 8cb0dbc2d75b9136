"""A short life on real parts: core, SQLite journal, carrier, simulated bank; time is simulated.

Run as a program (`python -m tests.powercut.life KEYS DATA SEED`) it loads and collects without end and says
`seq hash` after every statement that the journal has acknowledged: what it said must survive any power cut.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from random import Random

from drivers.simulated.bank import SimulatedBank
from drivers.simulated.cabinet import Cabinet
from kiosk.carry import Carrier
from kiosk.core import automaton
from kiosk.core.clock import Now
from kiosk.core.codes import made_ahead
from kiosk.core.effects import CheckPin, Effect
from kiosk.core.events import Event, Key, ManifestOpened, PinChecked, Pressed
from kiosk.core.scenes import Idle, Open, Ready, Scene
from kiosk.core.staff_scenes import Loading, LoadOpen
from kiosk.core.upkeep_scenes import Entry, Menu
from kiosk.identity import RunKeys
from kiosk.journal import Journal
from kiosk.replay import in_force, memory_of
from sync.envelopes import Opened, open_manifest
from sync.keys import Key as Jwk
from sync.keys import load_key, new_opening_key, new_signing_key, save_key
from sync.messages import Clock, Statement
from tests.kiosk.station import EPOCH, KIOSK, WALL_MS, Station, a_site

NUMBERS = tuple(range(1, 9))
TICK_MS = 50
TOTP_MS = 61_000
PATIENCE_MS = 20_000
KEY_FILES = ("statement", "manifest", "signer")


def make_keys(folder: Path) -> None:
    """The keys of kiosk and central, for the life and for whoever checks it afterwards."""
    for name in KEY_FILES:
        save_key(
            folder / f"{name}.jwk", new_opening_key() if name == "manifest" else new_signing_key()
        )


def station(keys: Path, data: Path) -> Station:
    statement, manifest, signer = (_load(keys, name) for name in KEY_FILES)
    return Station(data, keys=RunKeys(statement, manifest), signer=signer)


def _load(keys: Path, name: str) -> Jwk:
    return load_key(keys / f"{name}.jwk")


class Life:
    """One kiosk with a cabinet, a clerk and citizens, from whatever lies in `data`."""

    def __init__(self, keys: Path, data: Path, cabinet: Cabinet, *, up_ms: int = 60_000) -> None:
        self.station = station(keys, data)
        self.site = a_site(*NUMBERS)
        self.cabinet = cabinet
        self.up_ms, self.boot_ms = up_ms, up_ms - cabinet.now_ms
        self.inbox: deque[Event] = deque()
        self.pulses: list[int] = []
        self.journal: Journal = self.station.journal()
        memory = memory_of(self.journal, self.site).memory
        held = in_force(self.journal, memory, self.station.keys, self.station.enrolment)
        self.bank = SimulatedBank(cabinet, boot_ms=-self.boot_ms)
        self.bank.start(self.inbox.append)
        carrier = Carrier(self.journal, self.bank, self._check_pin, lambda _: None, self._recorded)
        self.carry: Callable[[tuple[Effect, ...]], None] = carrier.carry  # tests put cuts before it
        self.state, effects = automaton.start(self.site, memory, held.manifest, self.now, held.made)
        self.start_effects = effects
        self.carry(effects)

    @property
    def now(self) -> Now:
        return Now(self.up_ms, WALL_MS + self.up_ms, Clock.SYNCED)

    @property
    def scene(self) -> Scene:
        """A new value after every step."""
        return self.state.scene

    def _check_pin(self, job: CheckPin) -> None:
        self.inbox.append(PinChecked(job.number, ok=True))

    def _recorded(self, statement: Statement) -> None:
        """Told to nobody but a pipe: whoever reads it knows what was acknowledged."""
        sys.stdout.write(f"{statement.seq} {self.journal.head.hash}\n")
        sys.stdout.flush()

    def give(self, event: Event) -> None:
        """One event, and what follows from it at once."""
        self.inbox.append(event)
        self._drain()

    def _drain(self) -> None:
        while self.inbox:
            self.state, effects = automaton.step(self.state, self.inbox.popleft(), self.now)
            self.carry(effects)

    def press(self, key: Key, digits: str = "") -> None:
        for digit in digits:
            self.give(Pressed(Key.DIGIT, digit))
        self.give(Pressed(key))

    def until(self, scene: type) -> None:
        """Let simulated time go on until this scene stands."""
        patience = self.up_ms + PATIENCE_MS
        while not isinstance(self.scene, scene):
            assert self.up_ms < patience, f"{self.scene} instead of {scene.__name__}"
            self.wait()

    def wait(self, ms: int = TICK_MS) -> None:
        self.up_ms += ms
        self.bank.advance(self.cabinet.now_ms + ms)
        self._drain()

    def manifest(self) -> None:
        """Central publishes, the kiosk accepts."""
        office = self.station.office
        head = self.journal.head
        office.received(head.seq, head.hash)
        sealed = self.station.sealed(office.publish(WALL_MS + self.up_ms))
        opened = open_manifest(
            sealed.jwe,
            opening_key=self.station.keys.manifest,
            central_keys=self.station.enrolment.central_keys,
            kiosk=KIOSK,
            epoch=EPOCH,
            in_force=None,
        )
        assert isinstance(opened, Opened)
        made = made_ahead(opened.manifest)
        self.give(ManifestOpened(opened.manifest, opened.hash, sealed.jwe, None, made))

    def load(self, cid: str) -> None:
        """The clerk logs in, loads one result, signs out."""
        office = self.station.office
        self.until(Idle)
        self.wait(TOTP_MS)  # never the same step twice
        self.press(Key.STAFF)
        self.press(Key.CONFIRM, "7")
        self.press(Key.CONFIRM, office.pin())
        self.press(Key.CONFIRM, office.totp(self.now.wall_ms))
        self.until(Menu)
        self.give(Pressed(Key.CHOOSE, Entry.LOAD))
        dossier = office.results[cid].dossiers[0]
        self.press(Key.CONFIRM, dossier[-4:])
        self.until(LoadOpen)
        assert isinstance(self.scene, LoadOpen)
        number = self.scene.compartment
        self.cabinet.put(number, cid)
        self.cabinet.push(number)
        self.until(Loading)
        self.press(Key.SIGN_OUT)

    def collect(self, cid: str) -> None:
        """The citizen types, opens, takes, closes, rates."""
        office = self.station.office
        self.until(Idle)
        self.press(Key.START)
        self.press(Key.CONFIRM, office.known_digits(cid))
        self.press(Key.CONFIRM, office.code(cid))
        self.until(Ready)
        self.press(Key.OPEN)
        self.until(Open)
        assert isinstance(self.scene, Open)
        number = self.scene.compartment
        assert self.cabinet.take(number) == (cid,), "the papers are in the door that opened"
        self.cabinet.push(number)
        self.until(object)
        for _ in range(10):
            self.wait()
        self.press(Key.FINISH)


def main(keys: Path, data: Path, seed: int) -> None:
    """Live until killed."""
    life = Life(keys, data, Cabinet(NUMBERS, seed=seed))
    random = Random(seed)
    number = 0
    while True:
        number += 1
        cid = f"r{number}"
        life.station.office.register(cid, f"05300{random.randrange(10**5):05d}")
        life.manifest()
        life.load(cid)
        life.collect(cid)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
