"""The page *state of the kiosk*: call the centre now; a stick with manifests and statements.

Files and sockets are the shell's: here stand what is asked for, by whom, and what came of it.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core import hub
from kiosk.core.effects import CallCentre, ExportStick, ImportStick, LookForStick
from kiosk.core.staff_scenes import Session
from kiosk.core.state import Turn
from kiosk.core.upkeep_scenes import KioskState, StickAct, StickDone, Unlock
from sync.messages import Kind, Role

CALL_MS = 30_000  # whoever has not answered by then does not answer
LOOK_MS = 2_000  # how often a stick is looked for
STICK_MS = 60_000  # a stick that takes longer hangs
SILENT = "silent"  # what is said of it then
STICK_ROLES = frozenset({Role.TECHNICIAN, Role.SUPERVISOR})


def call(turn: Turn, scene: KioskState, _value: str) -> None:
    """Ask `sync` to report and fetch at once; one call at a time."""
    called = scene.called_ms
    if called is None or turn.up_ms - called >= CALL_MS or reached(turn.state.contact_ms, called):
        turn.record(Kind.STAFF_DID, staff=scene.session.staff, what="call")
        turn.effects.append(CallCentre())
        later = turn.up_ms + hub.IDLE_MS
        turn.change(scene=replace(scene, called_ms=turn.up_ms, until_ms=later))


def reached(contact_ms: int | None, called_ms: int) -> bool:
    """Whether central has answered since the call."""
    return contact_ms is not None and contact_ms >= called_ms


def may_use_stick(session: Session) -> bool:
    """Technicians and supervisors."""
    return session.role in STICK_ROLES


def stick(turn: Turn, scene: KioskState, value: str) -> None:
    """Read a manifest from the stick, or write the statements that central does not know to it."""
    idle = scene.stick and scene.busy is None
    if value not in set(StickAct) or not idle or not may_use_stick(scene.session):
        return
    act, manifest = StickAct(value), turn.state.manifest
    _state(turn, scene, act)
    if act is StickAct.IMPORT:
        in_force = (turn.memory.ver, turn.memory.manifest_hash) if manifest is not None else None
        turn.effects.append(ImportStick(in_force))
    else:
        known = manifest.head.seq if manifest is not None else 0
        turn.effects.append(ExportStick(known))
    now, later = turn.up_ms, turn.up_ms + hub.IDLE_MS
    turn.change(scene=replace(scene, busy=act, busy_ms=now, until_ms=later, told=None))


def _state(turn: Turn, scene: KioskState, act: StickAct, **outcome: object) -> None:
    fields = {"staff": scene.session.staff, "what": f"stick_{act}", **outcome}
    turn.record(Kind.STAFF_DID, sealed="", **fields)


def look(turn: Turn) -> None:
    """While the page stands: is there a stick? And one that hangs is not waited for."""
    scene = turn.state.scene
    if not isinstance(scene, KioskState) or not may_use_stick(scene.session):
        return
    if scene.busy is not None and turn.up_ms - scene.busy_ms >= STICK_MS:
        scene = replace(scene, busy=None, told=StickDone(scene.busy, SILENT))
        turn.change(scene=scene)
    if scene.busy is None and turn.up_ms >= scene.look_ms:
        turn.effects.append(LookForStick())
        turn.change(scene=replace(scene, look_ms=turn.up_ms + LOOK_MS))


def seen(turn: Turn, *, present: bool) -> None:
    """The worker has looked."""
    scene = turn.state.scene
    if isinstance(scene, KioskState):
        turn.change(scene=replace(scene, stick=present))


def done(turn: Turn, event: StickDone) -> None:
    """The worker, or the ladder, has answered; what left on a stick is stated with its count.

    Nobody may stand here any more: the page may wait behind the PIN, or be left for good.
    """
    state = turn.state
    locked = state.scene if isinstance(state.scene, Unlock) else state.paused
    waiting = None if locked is None else locked.resume
    scene = state.scene if isinstance(state.scene, KioskState) else waiting
    if not isinstance(scene, KioskState) or scene.busy is not event.act:
        return
    if event.act is StickAct.EXPORT:
        _state(turn, scene, event.act, outcome=event.outcome, statements=event.number)
    told = replace(scene, busy=None, told=event, look_ms=turn.up_ms)
    if locked is None or scene is not waiting:
        turn.change(scene=told)
    elif locked is state.scene:
        turn.change(scene=replace(locked, resume=told))
    else:
        turn.change(paused=replace(locked, resume=told))
