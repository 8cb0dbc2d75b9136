"""One kiosk in memory, walked through step by step: what a hand does, and the scene it leads to.

The real core with a journal that is a list, a cabinet that is a dict and a central that is an object.
Every statement goes through JSON and back, every fold is compared with the one in force, and every pulse
is checked against the journal, so that each journey tests those promises besides its own.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping

from drivers.doors import DoorsRead, Outcome, PulseDone, Reading, Scanned
from kiosk.core import codes
from kiosk.core.automaton import start, step, wake_at
from kiosk.core.clock import Now
from kiosk.core.effects import (
    AnswerOffer,
    CheckPin,
    Effect,
    Pulse,
    ReadStory,
    Record,
)
from kiosk.core.events import Event, Key, ManifestOpened, PinChecked, Pressed, StoryRead
from kiosk.core.fold import fold
from kiosk.core.login import find_pair
from kiosk.core.memory import ENCODING, Memory, decode, empty, encode
from kiosk.core.scenes import Scene
from kiosk.core.site import CompartmentPlan, Site
from kiosk.core.state import State
from sync.messages import Clock, Kind, Manifest, Refusal, Statement
from sync.schema import read_manifest, read_statement
from tests.central import Central
from tests.flows.authority import authorised

WALL_MS = 1_795_000_000_000
BUILT_MS = WALL_MS - 30 * 86_400_000
FINE_MS, COARSE_MS, FINE_FOR_MS = 100, 1_900, 600  # sweeps are dense where doors move, never stale
PHONES = {"r1": "0530004821", "r2": "0530001639", "r3": "0530007754"}

Do = Callable[["Walk"], None]
Step = tuple[Do, type]


class PowerCutError(Exception):
    """The power went before the next effect was carried out."""


def a_site(*, kiosk: str = "bt1", epoch: int = 1, count: int = 6, banks: int = 1) -> Site:
    """`count` compartments in one column; the last one is low and takes A3; banks alternate."""
    plans = tuple(
        CompartmentPlan(
            number=n,
            row=n,
            column=1,
            size="A3" if n == count else "A4",
            low=n == count,
            bank=str(n % banks + 1),
        )
        for n in range(1, count + 1)
    )
    return Site(
        kiosk=kiosk,
        epoch=epoch,
        unit="Phường Bình Tiên",
        address="123 Đường Số 45",
        hotline="1022",
        language="vi",
        version="test",
        built_ms=BUILT_MS,
        compartments=plans,
    )


class Walk:
    """A kiosk and everything around it. `loaded` puts results into compartments before it begins."""

    def __init__(
        self, loaded: Mapping[str, tuple[int, ...]] | None = None, *, banks: int = 1, count: int = 6
    ) -> None:
        self.site = a_site(count=count, banks=banks)
        self.central = Central()
        self.up_ms, self.wall_ms, self.claim = 60_000, WALL_MS, Clock.SYNCED
        self.journal: list[Statement] = []
        self.folded: tuple[int, bytes] | None = None  # newest checkpoint
        self.manifests: dict[str, Manifest] = {}
        self.readings = {p.number: Reading.CLOSED for p in self.site.compartments}
        self.jammed: set[int] = set()  # a pulse frees nothing there
        self.swapped: dict[int, int] = {}  # a pulse there frees another door
        self.outcome = Outcome.ACKNOWLEDGED
        self.pin_right = True  # the scrypt worker's answer
        self.pulses: list[int] = []
        self.answers: list[Refusal | None] = []
        self.aside: list[Statement] = []  # what came back from central, of this kiosk's own
        self.effects_done = 0
        self.cut_before: int | None = None
        self.state: State
        self._inbox: deque[Event] = deque()
        self.boot()
        for cid in loaded or {}:
            self.central.register(cid, PHONES.get(cid, "0530000000"))
        self.publish()
        for cid, numbers in (loaded or {}).items():
            for number in numbers:
                self.state_as(Kind.LOADED, cid=cid, compartment=number, staff="7")
        self.boot()
        self.wait(400)

    # What surrounds the core

    @property
    def now(self) -> Now:
        return Now(self.up_ms, self.wall_ms, self.claim)

    @property
    def memory(self) -> Memory:
        return self.state.memory

    @property
    def scene(self) -> Scene:
        return self.state.scene

    def boot(self, away_ms: int = 0, *, reboot: bool = False) -> None:
        """The program starts (again): only the journal and the manifests in it are left."""
        self._inbox.clear()
        self.wall_ms += away_ms
        self.up_ms = 20_000 if reboot else self.up_ms + away_ms
        memory = self.refolded()
        before = len(self.pulses)
        held, aside = self.manifests.get(memory.manifest_hash), bool(self.aside)
        self.state, effects = start(self.site, memory, held, self.now, aside=aside)
        self._carry_out(effects)
        assert len(self.pulses) == before, "start-up pulses nothing"

    def refolded(self) -> Memory:
        """The memory from seq 1; from the newest checkpoint it is the same."""
        memory = empty(
            self.site.kiosk, self.site.epoch, tuple(p.number for p in self.site.compartments)
        )
        for statement in self.journal:
            memory = fold(memory, statement)
        if self.folded is not None:
            seq, state = self.folded
            later = decode(state)
            for statement in self.journal[seq:]:
                later = fold(later, statement)
            assert encode(later) == encode(memory)
        return memory

    def state_as(self, kind: Kind, **fields: object) -> None:
        """A statement from before this walk begins; `boot` after it."""
        seq = len(self.journal) + 1
        self.journal.append(
            Statement("bt1", 1, seq, "", self.wall_ms, self.claim, self.up_ms, kind, fields)
        )

    def give(self, event: Event) -> None:
        """One event into the inbox, and everything that follows at once."""
        self._inbox.append(event)
        while self._inbox:
            self.state, effects = step(self.state, self._inbox.popleft(), self.now)
            self._carry_out(effects)

    def wait(self, ms: int) -> None:
        """Time passes; the doors are swept, and the core is woken when it asked to be."""
        end, fine_until = self.up_ms + ms, self.up_ms + FINE_FOR_MS
        while self.up_ms < end:
            gap = FINE_MS if self.up_ms < fine_until else COARSE_MS
            wake = wake_at(self.state)
            target = min(self.up_ms + gap, end, wake if wake is not None else end)
            self.wall_ms += target - self.up_ms
            self.up_ms = target
            self.give(DoorsRead(self.up_ms, dict(self.readings)))

    def publish(self, *, head_fits: Refusal | None = None) -> str:
        """Central's next manifest, through the whole ladder. Returns its hash."""
        payload = self.central.publish(self.wall_ms)
        manifest = read_manifest(payload)
        return self.offer(manifest, json.dumps(payload, sort_keys=True), head_fits=head_fits)

    def offer(self, manifest: Manifest, text: str, *, head_fits: Refusal | None = None) -> str:
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.manifests[digest] = manifest
        made = codes.made_ahead(manifest)
        self.give(ManifestOpened(manifest, digest, "sealed", head_fits, made, offer=1))
        return digest

    def _carry_out(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if self.effects_done == self.cut_before:
                raise PowerCutError
            self.effects_done += 1
            match effect:
                case Record():
                    self._record(effect)
                case Pulse(number):
                    self._pulse(number)
                case CheckPin(number=number, pair=pair):
                    step = find_pair(pair) if pair is not None and self.pin_right else -1
                    self._inbox.append(PinChecked(number, self.pin_right, step))
                case ReadStory(compartment):
                    self._inbox.append(StoryRead(compartment, ()))
                case AnswerOffer(refusal=refusal):
                    self.answers.append(refusal)
                case _:
                    self._else(effect)

    def _else(self, _effect: Effect) -> None:
        """Nothing that these journeys look at."""

    def _record(self, record: Record) -> None:
        told = record.statement
        kept = read_statement(json.loads(json.dumps(told.payload())))
        assert kept.seq == len(self.journal) + 1
        self.journal.append(kept)
        if record.folded:
            assert told.fields["encoding"] == ENCODING
            assert encode(decode(record.folded)) == record.folded
            self.folded = (kept.seq, record.folded)

    def _pulse(self, number: int) -> None:
        assert authorised(self.journal, number), f"nothing authorises a pulse of {number}"
        self.pulses.append(number)
        freed = self.swapped.get(number, number)
        if number not in self.jammed and self.readings[freed] is Reading.CLOSED:
            self.readings[freed] = Reading.OPEN
        self._inbox.append(PulseDone(number, self.outcome))

    def go(self, *steps: Step) -> Walk:
        """Each step done, each scene reached."""
        for index, (do, scene) in enumerate(steps):
            do(self)
            assert type(self.scene) is scene, f"step {index + 1} led to {self.scene}"
        return self

    def kinds(self) -> list[str]:
        return [s.kind for s in self.journal]

    def said(self, kind: Kind) -> list[Mapping[str, object]]:
        """The fields of every statement of one kind."""
        return [s.fields for s in self.journal if s.kind == kind]


def press(key: Key, value: str = "") -> Do:
    return lambda walk: walk.give(Pressed(key, value))


def typed(digits: str) -> Do:
    def do(walk: Walk) -> None:
        for digit in digits:
            walk.give(Pressed(Key.DIGIT, digit))

    return do


def scanned(text: str) -> Do:
    return lambda walk: walk.give(Scanned(text))


def seconds(time: float) -> Do:
    return lambda walk: walk.wait(round(time * 1000))


def push(number: int) -> Do:
    """A hand closes a door, and the contact settles."""

    def do(walk: Walk) -> None:
        walk.readings[number] = Reading.CLOSED
        walk.wait(400)

    return do


def pull(number: int, reading: Reading = Reading.OPEN) -> Do:
    """A door opens that nobody asked for (or its contact says something else)."""

    def do(walk: Walk) -> None:
        walk.readings[number] = reading
        walk.wait(400)

    return do


def published(walk: Walk) -> None:
    walk.publish()


def cut(away_s: int = 60) -> Do:
    """The power goes and comes back; the first sweeps are read."""

    def do(walk: Walk) -> None:
        walk.boot(away_s * 1000, reboot=True)
        walk.wait(400)

    return do
