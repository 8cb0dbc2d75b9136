"""A clerk with a pile of envelopes before a kiosk on real parts; see `bench.maintenance`."""

from __future__ import annotations

import base64
import hashlib
from collections import deque
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns

import pygame
import pyotp

from bench.collect_kiosk import BOOT_MS, EPOCH, HASH, KIOSK, WALL_MS, payload, site
from drivers.simulated.bank import SimulatedBank
from drivers.simulated.cabinet import Cabinet
from kiosk import show
from kiosk.carry import Carrier
from kiosk.core import automaton, codes
from kiosk.core.clock import Now
from kiosk.core.effects import CheckPin
from kiosk.core.events import Event, Key, ManifestOpened, PinChecked, Pressed, Tick
from kiosk.core.memory import empty
from kiosk.core.scenes import Idle
from kiosk.core.staff_scenes import Loading, LoadOpen
from kiosk.core.upkeep_scenes import Apology, Menu
from kiosk.journal import Journal
from kiosk.work import pin_fits
from sync.keys import new_signing_key
from sync.messages import Clock, Manifest
from sync.schema import read_manifest
from ui.paint import paint
from ui.screens import Screen
from ui.sizes import ScreenSize
from ui.studio import Studio

SIZE = ScreenSize(720, 1280)
SPARE = 4  # compartments more than results
OVERDUE_EVERY = 5  # one in so many is overdue and asks for a touch
DOOR_MS = 4_000  # the hand: envelope in, door shut
READ_MS = 1_500  # the eye: is the letter enclosed?
TOUCH_MS = (
    30  # a touch is looked for this often (`kiosk.run.VISIT_FRAME_S`): the whole of it is charged
)
SLICE_MS = 5  # simulated time goes on in such steps while somebody waits
PATIENCE_MS = 30_000
NUMBER, PIN, SECRET = "1042", "135790", base64.b32encode(b"a clerk of the bench").decode()


def manifest(count: int) -> Manifest:
    """`count` results to be loaded, every fifth overdue, and one clerk."""
    plain = payload(count)
    results = plain["results"]
    assert isinstance(results, list)
    for at, result in enumerate(results):
        result["overdue"] = at % OVERDUE_EVERY == 0
    salt, n = b"sixteen bytes of", 2**10
    made = hashlib.scrypt(PIN.encode(), salt=salt, n=n, r=8, p=1, dklen=32)
    pin = {"salt": _base64url(salt), "n": n, "r": 8, "p": 1, "hash": _base64url(made)}
    plain["staff"] = [{"number": NUMBER, "role": "clerk", "pin": pin, "totp_secret": SECRET}]
    return read_manifest(plain)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Clerk:
    """Loads every result of one manifest. `waited_ms`: for the kiosk; `touches`: since the menu."""

    def __init__(self, folder: Path, count: int) -> None:
        self.waited_ms = 0.0
        self.touches = 0
        plan, self._manifest = site(count + SPARE), manifest(count)
        numbers = tuple(p.number for p in plan.compartments)
        self._cabinet = Cabinet(numbers)
        self._up_ms = float(BOOT_MS)
        self._inbox: deque[Event] = deque()
        self._bank = SimulatedBank(self._cabinet, boot_ms=-BOOT_MS)
        self._bank.start(self._inbox.append)
        key = new_signing_key()
        path = folder / "journal.db"
        self._journal = Journal.open(path, kiosk=KIOSK, epoch=EPOCH, key=key)
        self._carrier = Carrier(self._journal, self._bank, self._check_pin, lambda _: None)
        self._surface, self._studio = pygame.Surface((SIZE.width, SIZE.height), depth=32), Studio()
        self._shown: Screen | None = None
        memory = empty(KIOSK, EPOCH, numbers)
        self._state, effects = automaton.start(plan, memory, None, self._now)
        self._carrier.carry(effects)
        made = codes.made_ahead(self._manifest)
        self._give(ManifestOpened(self._manifest, HASH, "sealed", None, made))

    @property
    def _now(self) -> Now:
        up_ms = int(self._up_ms)
        return Now(up_ms, WALL_MS + up_ms, Clock.SYNCED)

    def close(self) -> None:
        """The journal's file."""
        self._journal.close()

    def load_all(self) -> None:
        """Log in, load them all, sign out."""
        self._wait(lambda: isinstance(self._state.scene, Idle))
        self._press(Key.STAFF)
        self._type(NUMBER)
        self._type(PIN)
        self._type(pyotp.TOTP(SECRET).at(self._now.wall_ms // 1000))
        self._wait(lambda: isinstance(self._state.scene, Menu))
        self.waited_ms, self.touches = 0.0, 0
        for result in self._manifest.results:
            self._load(result.dossiers[0])
        self._press(Key.SIGN_OUT)
        self._wait(lambda: isinstance(self._state.scene, Idle))
        assert len(self._state.memory.places) == len(self._manifest.results)

    def _load(self, dossier: str) -> None:
        """Scan; put the envelope in; shut the door; ready for the next one."""
        self._bank.scan(dossier)
        self._wait(lambda: isinstance(self._state.scene, Apology) or self._open() is not None)
        if isinstance(self._state.scene, Apology):
            self._busy(READ_MS)
            self._press(Key.CONFIRM)
            self._wait(lambda: self._open() is not None)
        number = self._open()
        assert number is not None
        self._busy(DOOR_MS)
        opened = self._state.scene
        assert isinstance(opened, LoadOpen)
        assert opened.compartment == number
        self._cabinet.put(number, dossier)
        self._cabinet.push(number)
        self._wait(lambda: isinstance(self._state.scene, Loading))
        ready = self._state.scene
        assert isinstance(ready, Loading)
        assert ready.done_at == number

    def _open(self) -> int | None:
        """The door that stands open, as eyes see it."""
        doors = self._cabinet.compartments
        return next((n for n in doors if self._cabinet.is_open(n)), None)

    def _busy(self, ms: int) -> None:
        """Hands or eyes are at work; the kiosk goes on meanwhile, and nobody waits for it."""
        until_ms = self._up_ms + ms
        while self._up_ms < until_ms:
            self._slice()

    def _wait(self, until: Callable[[], bool]) -> None:
        """Hands are idle: all of this is the kiosk's doing."""
        begun_ms = self._up_ms
        self._drain()
        while not until():
            self._slice()
            assert self._up_ms < begun_ms + PATIENCE_MS, f"still {self._state.scene}"
        self.waited_ms += self._up_ms - begun_ms

    def _press(self, key: Key, value: str = "") -> None:
        self.touches += 1
        self.waited_ms += TOUCH_MS
        self._up_ms += TOUCH_MS
        self._give(Pressed(key, value), waited=True)

    def _type(self, digits: str) -> None:
        for digit in digits:
            self._press(Key.DIGIT, digit)
        self._press(Key.CONFIRM)

    def _give(self, event: Event, *, waited: bool = False) -> None:
        begun_ms = self._up_ms
        self._inbox.append(event)
        self._drain()
        self.waited_ms += self._up_ms - begun_ms if waited else 0

    def _check_pin(self, job: CheckPin) -> None:
        self._inbox.append(PinChecked(job.number, pin_fits(job)))

    def _slice(self) -> None:
        """A little time passes: doors move, the board answers, the kiosk takes what came of it."""
        self._up_ms += SLICE_MS
        self._bank.advance(int(self._up_ms) - BOOT_MS)
        due_ms = automaton.wake_at(self._state)
        if due_ms is not None and self._up_ms >= due_ms:
            self._inbox.append(Tick())
        self._drain()

    def _drain(self) -> None:
        """Step, carry out, project, paint: real work, charged by the wall."""
        while self._inbox:
            event, now = self._inbox.popleft(), self._now
            begun = perf_counter_ns()
            self._state, effects = automaton.step(self._state, event, now)
            self._carrier.carry(effects)
            screen = show.screen(self._state, now)
            if screen != self._shown:
                paint(self._surface, screen, SIZE, self._studio)
                self._shown = screen
            self._up_ms += (perf_counter_ns() - begun) / 1e6
