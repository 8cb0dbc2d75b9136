"""The kiosk as one deterministic automaton: `step(state, event, now) -> (state, effects)`.

Order within a step: the clock, what time has brought about, the event, the rules that always hold.
Nothing here reads a clock, draws a random number, or touches the world.
"""

from __future__ import annotations

from dataclasses import replace

from drivers.devices import DeviceState, Vitals
from drivers.doors import DoorsRead, PulseDone, Scanned
from kiosk.core import (
    arrivals,
    codes,
    devices,
    entry,
    host,
    hub,
    opening,
    restored,
    service,
    settle,
    station,
    wall,
)
from kiosk.core import clock as clocks
from kiosk.core.clock import ClockState, Now
from kiosk.core.doors import BLIND_MS, STAYED_CLOSED_MS, UNSEEN_MS
from kiosk.core.effects import Effect
from kiosk.core.events import (
    Contacted,
    Event,
    Key,
    ManifestOpened,
    ManifestRefused,
    PinChecked,
    Pressed,
    SpaceLeft,
    StickSeen,
    StoryRead,
    Tick,
    UpgradeTold,
)
from kiosk.core.maintenance import MORE_TIME_MS
from kiosk.core.memory import Memory
from kiosk.core.restored import Weighed
from kiosk.core.scenes import Again, Idle, Opening, Out, Outage, Reclose
from kiosk.core.site import Site
from kiosk.core.staff_scenes import LoadOpening
from kiosk.core.state import STATED, TALLY_MS, Face, State, Turn
from kiosk.core.table import Signal, dispatch
from kiosk.core.upkeep_scenes import DoorOpening, Service, StickDone
from kiosk.core.visit import TABLE
from sync.messages import Kind, Manifest

CHECKPOINT_ROWS = 5_000
CHECKPOINT_MS = 24 * 3_600_000
MORE_TIMES = 3  # how often *more time* is granted in one scene
# Their time is the door's, or the minute since it closed.
NO_MORE = Opening | LoadOpening | DoorOpening | Again


def start(
    site: Site,
    memory: Memory,
    manifest: Manifest | None,
    now: Now,
    made: codes.Made | None = None,
    alarms: tuple[str, ...] = (),
    *,
    aside: bool = False,
) -> tuple[State, tuple[Effect, ...]]:
    """The state after a (re)start: folded memory, the manifest in force, prepared codes. Pulses nothing.

    `aside`: rows that this journal lacks lie aside on the disk.
    """
    floor = max(site.built_ms, memory.iat_ms)
    state = State(
        site=site,
        memory=memory,
        clock=clocks.judge(ClockState(floor), now),
        manifest=manifest,
        codes=codes.prepare(manifest, memory, made or {}),
        scene=Out(Outage.STARTING),
        started_ms=now.up_ms,
        started_seq=memory.seq,
        aside=aside,
    )
    turn = Turn(replace(state, face=Face(lang=state.language)), now)
    numbers = sorted(p.number for p in site.compartments)
    doubted = sorted((p.number, p.changes) for p in site.compartments if not p.proven)
    turn.record(
        Kind.STARTED,
        version=site.version,
        compartments=numbers,
        unproven=[number for number, _ in doubted],
        changes=[changes for _, changes in doubted],
    )
    for what in alarms:
        turn.fault(what)
    return turn.state, tuple(turn.effects)


def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """One event taken: the next state, and what is to be done about it, in order."""
    turn = Turn(replace(state, clock=clocks.judge(state.clock, now)), now)
    _advance(turn)
    _take(turn, event)
    if not turn.over:
        _advance(turn)
    return turn.state, tuple(turn.effects)


def _take(turn: Turn, event: Event) -> None:  # noqa: C901, PLR0912  # one line per event
    match event:
        case Pressed(key, value):
            _pressed(turn, key, value)
        case DoorsRead():
            settle.swept(turn, event)
        case PulseDone():
            settle.pulse_done(turn, event)
        case Scanned(text):
            _scanned(turn, text)
        case ManifestOpened():
            arrivals.opened(turn, event)
        case ManifestRefused():
            arrivals.refused(turn, event)
        case Weighed():
            restored.weighed(turn, event)
        case PinChecked(_, ok, pair):
            turn.change(pins_due=max(0, turn.state.pins_due - 1))
            dispatch(TABLE, turn, Signal.PIN_CHECKED, f"{'fits' if ok else 'differs'} {pair}")
        case StoryRead(compartment, happenings):
            wall.story_read(turn, compartment, happenings)
        case Contacted(at_ms):
            turn.change(contact_ms=at_ms)
        case SpaceLeft(free):
            host.space(turn, free)
        case UpgradeTold():
            host.upgraded(turn, event)
        case StickSeen(present):
            station.seen(turn, present=present)
        case StickDone():
            station.done(turn, event)
        case DeviceState() | Vitals():
            devices.told(turn, event)
        case Tick():
            pass


def _scanned(turn: Turn, text: str) -> None:
    if not dispatch(TABLE, turn, Signal.SCAN, text):
        turn.tally("scan_ignored")  # while a door is open, for instance


def _pressed(turn: Turn, key: Key, value: str) -> None:
    """Language, text size, help and *more time* work everywhere; all else is the table's."""
    face = turn.state.face
    if key is Key.LANGUAGE:
        turn.change(face=replace(face, lang="en" if face.lang == "vi" else "vi"))
    elif key is Key.TEXT_SIZE:
        turn.change(face=replace(face, large=not face.large))
    elif key is Key.HELP:
        turn.change(face=replace(face, help=True))
    elif key is Key.BACK and face.help:
        turn.change(face=replace(face, help=False))
    elif key is Key.MORE_TIME:
        _more_time(turn)
    else:
        dispatch(TABLE, turn, key, value)


def _more_time(turn: Turn) -> None:
    """One minute more, a few times; an open door's warnings move with it."""
    face, scene = turn.state.face, turn.state.scene
    if scene.until_ms is None or face.extended >= MORE_TIMES or isinstance(scene, NO_MORE):
        return
    longer = replace(scene, until_ms=scene.until_ms + MORE_TIME_MS)
    if isinstance(longer, settle.STANDING_OPEN):
        longer = replace(longer, since_ms=longer.since_ms + MORE_TIME_MS)
    turn.change(scene=longer, face=replace(face, extended=face.extended + 1))


def _advance(turn: Turn) -> None:
    """What time alone brings about."""
    devices.keep(turn)
    settle.watch_pulse(turn)
    settle.settle(turn)
    opening.still_ready(turn)
    scene = turn.state.scene
    if scene.until_ms is not None and turn.up_ms >= scene.until_ms:
        dispatch(TABLE, turn, Signal.TIMEOUT)
        settle.settle(turn)
    _outage(turn)
    service.pace(turn)
    station.look(turn)
    hub.end_if_over(turn)
    _flush(turn)


def outage(state: State, up_ms: int) -> Outage | None:
    """Why nobody can be served now, or None."""
    if state.memory.lost:
        return Outage.MEMORY
    if state.aside:
        return Outage.RESTORING
    if state.manifest is None:
        return Outage.NEVER_SYNCED
    if state.battery_low:
        return Outage.POWER
    last = max(state.doors.swept_ms, state.started_ms)
    if up_ms - last > BLIND_MS:
        return Outage.DOORS
    if state.served_ms is None and up_ms - state.started_ms < BLIND_MS and state.doors.settling:
        return Outage.STARTING
    return Outage.STARTING if state.doors.swept_ms < 0 else None


def busy(state: State) -> bool:
    """Whether a visit or a session of staff is under way, also one that waits behind its PIN."""
    return state.paused is not None or not isinstance(state.scene, Idle | Out)


def _outage(turn: Turn) -> None:
    scene = turn.state.scene
    if not isinstance(scene, Idle | Out):
        return
    why = outage(turn.state, turn.up_ms)
    if why is Outage.DOORS:
        turn.fault("doors")
    elif why is None:
        turn.clear("doors")
    if why is not None and (not isinstance(scene, Out) or scene.why is not why):
        turn.go(Out(why))
    elif why is None and isinstance(scene, Out):
        _serve(turn)


def _serve(turn: Turn) -> None:
    """The screen serves (again). A door that stands open after a restart is asked to be closed first."""
    first = turn.state.served_ms is None
    if first:
        turn.change(served_ms=turn.up_ms)
    open_now = turn.state.doors.open_now(turn.up_ms)
    if first and open_now:
        turn.go(Reclose(turn.up_ms + opening.RECLOSE_MS, open_now[0], turn.up_ms))
    else:
        turn.go(Idle())


def _flush(turn: Turn) -> None:
    """Counted floods that are due, the end of a guessing alarm, and a checkpoint while nobody waits."""
    for of, tally in list(turn.state.tallies.items()):
        if turn.up_ms - tally.since_ms >= TALLY_MS:
            left = {k: t for k, t in turn.state.tallies.items() if k != of}
            turn.change(tallies=left)
            if tally.count > STATED.get(of, 0):
                turn.record(Kind.TALLY, of=of, count=tally.count, seconds=TALLY_MS // 1000)
    if "guessing" in turn.state.faults and entry.typed_tries(turn) * 2 >= turn.memory.policy.bucket:
        turn.clear("guessing")
    if isinstance(turn.state.scene, Idle) and _checkpoint_due(turn):
        turn.checkpoint()


def _checkpoint_due(turn: Turn) -> bool:
    memory = turn.memory
    rows = memory.seq - memory.checkpoint_seq
    if rows >= CHECKPOINT_ROWS:
        return True
    aged = turn.now.wall_ms - memory.checkpoint_ms >= CHECKPOINT_MS
    return turn.state.clock.trusted and aged and rows > 1


def wake_at(state: State) -> int | None:
    """The up time in milliseconds at which the core wants a `Tick` even if nothing happens."""
    times = [t.since_ms + TALLY_MS for t in state.tallies.values()]
    if state.scene.until_ms is not None:
        times.append(state.scene.until_ms)
    if state.paused is not None:
        times.append(state.paused.until_ms)
    if isinstance(state.scene, Service) and state.scene.session.run.running:
        times.append(state.scene.session.run.next_ms)
    asked = state.doors.asked
    if asked is not None:
        times += [asked.at_ms + STAYED_CLOSED_MS, asked.at_ms + UNSEEN_MS]
    if state.served_ms is not None:
        times.append(state.served_ms + state.memory.policy.resume_s * 1000)
    times.append(max(state.doors.swept_ms, state.started_ms) + BLIND_MS + 1)
    ahead = [t for t in times if t > state.clock.up_ms]
    return min(ahead, default=None)
