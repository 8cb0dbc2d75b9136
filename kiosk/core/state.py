"""The whole state of a kiosk as one frozen value, and the turn in which a step builds the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from drivers.devices import Device, DeviceState, Trouble, Vitals
from drivers.doors import Outcome
from kiosk.core.clock import ClockState, Now
from kiosk.core.codes import Codes, refresh
from kiosk.core.doors import Asked, Doors, pulsed
from kiosk.core.effects import Effect, Pulse, Record
from kiosk.core.fold import fold
from kiosk.core.memory import ENCODING, Memory, encode
from kiosk.core.scenes import Idle, Scene
from kiosk.core.site import Site
from kiosk.core.upkeep_scenes import Unlock
from sync.messages import Kind, Manifest, Result, Setting, Statement

TALLY_MS = 600_000  # one row per kind of flood and ten minutes
FAULT_ROWS = 12  # faults that come and go, stated one by one per tally window
STATED = {"fault": FAULT_ROWS}  # tallies that say nothing new up to this count
# A board in such trouble gets no pulse; of staff only where a pulse itself would do harm.
NO_CODE = frozenset({Trouble.LOST, Trouble.OUTPUT_STUCK, Trouble.ADDRESS_CLASH, Trouble.WRONG_MODE})
NO_STAFF = frozenset({Trouble.OUTPUT_STUCK, Trouble.WRONG_MODE})


@dataclass(frozen=True, slots=True)
class Face:
    """How this visit wants to be spoken to; forgotten when the kiosk is idle again."""

    lang: str = "vi"
    large: bool = False
    help: bool = False
    extended: int = 0  # how often *more time* was pressed in this scene


@dataclass(frozen=True, slots=True)
class Tally:
    """A flood being counted since `since_ms`."""

    count: int
    since_ms: int


@dataclass(frozen=True, slots=True)
class State:
    """Everything the core knows. `memory` is durable; all else is built anew at every start."""

    site: Site
    memory: Memory
    clock: ClockState
    manifest: Manifest | None = field(default=None, repr=False)
    codes: Codes = field(default_factory=Codes, repr=False)
    doors: Doors = field(default_factory=Doors)
    scene: Scene = field(default_factory=Idle)
    face: Face = field(default_factory=Face)
    started_ms: int = 0
    started_seq: int = 0  # statements up to here are from before this run
    served_ms: int | None = None  # when the screen first served again
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    refusals_seen: frozenset[str] = frozenset()  # manifests refused and stated in this run
    faults: frozenset[str] = frozenset()  # stated and not yet cleared, in this run
    contact_ms: int | None = None
    paused: Unlock | None = None  # work that waits behind the PIN while a citizen is served
    pins_due: int = 0  # scrypt answers under way; the worker answers in the order it was asked
    space_low: bool = False
    space_free: int = 0  # bytes, at the last look
    devices: Mapping[tuple[Device, str], DeviceState] = field(default_factory=dict)  # in trouble
    vitals: Vitals = field(default_factory=Vitals)
    battery_low: bool = False
    hot: bool = False
    aside: bool = False  # own rows that this journal lacks lie aside: it is not the newest
    head_named: int = 0  # the furthest row that a manifest of central's named, in this run
    ajar: frozenset[int] = frozenset()  # unproven doors seen to open in this run, not yet to close

    def barred(self, number: int, *, staff: bool = False) -> bool:
        """True while no pulse may be sent there: an older memory, little power, unproven, a bad board."""
        return (
            self.aside
            or self.battery_low
            or self.unproven(number)
            or self.faulty(number, staff=staff)
        )

    @property
    def outdated(self) -> bool:
        """True while this memory is known not to be the newest: nobody knows what lies where."""
        return self.aside or self.memory.lost

    def unproven(self, number: int) -> bool:
        """True until the lock on a changed board was seen to belong to its door."""
        held = self.memory.compartments.get(number)
        return held is not None and not held.proven

    def faulty(self, number: int, *, staff: bool = False) -> bool:
        """True while its board is in trouble; of staff only where a pulse itself would do harm."""
        unsafe = NO_STAFF if staff else NO_CODE
        return any(d.trouble in unsafe and number in d.compartments for d in self.devices.values())

    def lacks(self, device: Device) -> bool:
        """True while a device of this kind is fitted and does not answer."""
        lost = Trouble.LOST
        return any(d.device is device and d.trouble is lost for d in self.devices.values())

    @property
    def language(self) -> str:
        """What an idle screen speaks: as set on site, else as configured."""
        return self.memory.setting(Setting.LANGUAGE) or self.site.language

    def result(self, cid: str) -> Result | None:
        """The result as the manifest in force has it."""
        if self.manifest is None:
            return None
        return next((r for r in self.manifest.results if r.cid == cid), None)


class Turn:
    """One step being taken: the state so far and the effects so far. Never outlives the step."""

    def __init__(self, state: State, now: Now) -> None:
        self.state = state
        self.now = now
        self.effects: list[Effect] = []
        self.over = False  # the journal is replaced: nothing may follow in this step

    @property
    def up_ms(self) -> int:
        """Up time of this step."""
        return self.now.up_ms

    @property
    def memory(self) -> Memory:
        """The fold so far, statements of this step included."""
        return self.state.memory

    def change(self, **changes: object) -> None:
        """Replace fields of the state."""
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # checked by tests

    def go(self, scene: Scene) -> None:
        """Show another scene. Help closes; *more time* counts anew; idle forgets who stood here."""
        face = replace(self.state.face, help=False, extended=0)
        if isinstance(scene, Idle):
            face = Face(lang=self.state.language)
        self.change(scene=scene, face=face)

    def record(self, kind: Kind, *, sealed: str = "", **fields: object) -> int:
        """State what happened: folded at once, durable before any later effect. Returns its seq."""
        return self._add(self.statement(kind, fields), sealed=sealed)

    def checkpoint(self) -> None:
        """Keep the folded state, this statement included; the journal states its hash."""
        statement = self.statement(Kind.CHECKPOINT, {"encoding": ENCODING})
        self._add(statement, folded=encode(fold(self.memory, statement)))

    def statement(self, kind: Kind, fields: Mapping[str, object], seq: int = 0) -> Statement:
        """As it would be said now; `seq` 0: the next one."""
        return Statement(
            kiosk=self.memory.kiosk,
            epoch=self.memory.epoch,
            seq=seq or self.memory.seq + 1,
            prev="",
            at_ms=self.now.wall_ms,
            clock=self.state.clock.trust,
            up_ms=self.now.up_ms,
            kind=kind,
            fields=fields,
        )

    def _add(self, statement: Statement, *, sealed: str = "", folded: bytes = b"") -> int:
        before = self.memory
        after = fold(before, statement)
        self.effects.append(Record(statement, sealed, folded))
        codes = self.state.codes
        cid = statement.fields.get("cid")
        moved = before.accounts is not after.accounts or before.parts is not after.parts
        if isinstance(cid, str) and moved:
            codes = refresh(codes, self.state.manifest, after, frozenset({cid}))
        self.change(memory=after, codes=codes)
        return statement.seq

    def pulse(self, compartment: int, *, cid: str, staff: str = "") -> None:
        """Free one latch and watch its door. The statement that authorises it came before.

        While the compartment is barred nothing leaves the kiosk: stated as *not sent*.
        """
        asked = Asked(compartment, self.up_ms, cid, staff)
        if self.state.barred(compartment, staff=bool(staff)):
            asked = replace(asked, outcome=Outcome.NOT_SENT)
            self.record(Kind.PULSED, compartment=compartment, outcome=str(Outcome.NOT_SENT))
        else:
            self.effects.append(Pulse(compartment))
        self.change(doors=pulsed(self.state.doors, asked))

    def tally(self, of: str) -> None:
        """Count one of a flood; `flush_tallies` states it when its ten minutes are over."""
        old = self.state.tallies.get(of, Tally(0, self.up_ms))
        counted = {**self.state.tallies, of: Tally(old.count + 1, old.since_ms)}
        self.change(tallies=counted)

    def fault(self, what: str, **fields: object) -> int:
        """State a fault once until it clears. Returns its seq, or 0 when it is known already."""
        if what in self.state.faults:
            return 0
        self.change(faults=self.state.faults | {what})
        return self._add(self.statement(Kind.FAULT, {"what": what, **fields}))

    def clear(self, what: str) -> None:
        """State that a fault is over, if it was stated."""
        if what in self.state.faults:
            self.change(faults=self.state.faults - {what})
            self.record(Kind.FAULT_CLEARED, what=what)
