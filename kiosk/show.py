"""What the screen shows, as a value projected from the state: the only place where core meets face."""

from __future__ import annotations

from drivers.devices import Device
from kiosk.core import guessing, settings
from kiosk.core import scenes as at
from kiosk.core.automaton import MORE_TIMES
from kiosk.core.clock import Now
from kiosk.core.doors import Doors
from kiosk.core.judge import openable
from kiosk.core.opening import FORGOT_MS
from kiosk.core.site import Site
from kiosk.core.state import State
from kiosk.core.upkeep_scenes import Upkeep
from kiosk.show_staff import is_staff, staff_body
from kiosk.show_upkeep import upkeep_body
from kiosk.times import local
from sync.messages import incident
from ui import screens, walls

WARN_MS = 30_000
ALARM_MS = 60_000
NIGHT_HOURS = (19, 6)  # local: dark outside, so the screen is dark too
OFFLINE_MS = 300_000  # without contact for so long the idle screen says so


def screen(state: State, now: Now) -> screens.Screen:
    """The one screen that stands for `state` at `now`."""
    scene = state.scene
    if state.face.help:
        body: screens.Body = screens.Help()
    elif isinstance(scene, Upkeep):
        drawn = cabinet(state, now.up_ms, getattr(scene, "compartment", 0))
        body = upkeep_body(state, scene, now, drawn, urge(scene, now.up_ms))
    elif is_staff(scene):
        body = staff_body(state, now.up_ms, cabinet(state, now.up_ms), urge(scene, now.up_ms))
    else:
        body = _body(state, now)
    return screens.Screen(_frame(state, now), body, _sound(state, now.up_ms))


def _frame(state: State, now: Now) -> screens.Frame:
    clock = local(now.wall_ms) if state.clock.trusted else None
    dark = clock is not None and (clock.hour >= NIGHT_HOURS[0] or clock.hour < NIGHT_HOURS[1])
    contact = state.contact_ms
    last = state.started_ms if contact is None else contact
    return screens.Frame(
        unit=state.site.unit,
        address=state.site.address,
        hotline=state.site.hotline,
        now=clock,
        lang=state.face.lang,
        large=state.face.large,
        night=dark,
        progress=_PROGRESS.get(type(state.scene), 0),
        offline=now.up_ms - last > OFFLINE_MS,
        incident=_incident(state),
        closes_in_s=_closes_in_s(state.scene, now.up_ms),
        more_time=_more_time(state),
    )


_PROGRESS = {
    at.Digits: 1,
    at.Code: 2,
    at.Ready: 3,
    at.Opening: 3,
    at.Stuck: 3,
    at.Open: 3,
    at.Next: 3,
    at.Closed: 3,
}
_TIMED = (
    at.Digits,
    at.Again,
    at.Code,
    at.Refused,
    at.Paused,
    at.Told,
    at.Ready,
    at.Stuck,
    at.Next,
    at.Closed,
)
_EXTENDABLE = (at.Digits, at.Code, at.Ready, at.Stuck, at.Open, at.PutBack, at.Next)


def _closes_in_s(scene: at.Scene, up_ms: int) -> int | None:
    if not isinstance(scene, _TIMED):
        return None
    return max(0, (scene.until_ms - up_ms + 999) // 1000)


def _more_time(state: State) -> bool:
    return isinstance(state.scene, _EXTENDABLE) and state.face.extended < MORE_TIMES


def _incident(state: State) -> str:
    scene = state.scene
    seq = scene.seq if isinstance(scene, at.Refused | at.Told | at.PutBack | at.WrongDoor) else 0
    if isinstance(scene, at.Out | at.Stuck | at.Paused) or state.face.help:
        seq = seq or state.memory.seq
    return incident(state.memory.kiosk, seq) if seq else ""


def _scans(state: State) -> bool:
    """Whether a QR code is worth holding up: nobody is told to while the scanner is gone."""
    return state.site.scanner and not state.lacks(Device.SCANNER)


def _body(state: State, now: Now) -> screens.Body:  # noqa: C901, PLR0911, PLR0912  # one line per scene
    scene, up_ms = state.scene, now.up_ms
    match scene:
        case at.Idle():
            return screens.Idle(scanner=_scans(state))
        case at.Digits() | at.Again():
            return screens.Digits(scene.entered, reopening=isinstance(scene, at.Again))
        case at.Code():
            return screens.Code(scene.known, scene.entered)
        case at.Refused():
            return screens.Refused(qr=scene.qr)
        case at.Paused():
            return _paused(state, now)
        case at.Told():
            when = local(scene.at_ms) if scene.at_ms else None
            return screens.Told(screens.Why(scene.why), scene.place, when)
        case at.Ready():
            return _ready(state, scene, up_ms)
        case at.Opening():
            drawn = cabinet(state, up_ms, scene.compartment)
            return screens.Opening(scene.compartment, drawn)
        case at.Stuck():
            drawn = cabinet(state, up_ms, scene.compartment)
            return screens.Stuck(scene.compartment, drawn, can_retry=not scene.retried)
        case at.Next():
            drawn = cabinet(state, up_ms, scene.compartment)
            return screens.Next(scene.compartment, drawn, len(scene.grant.left))
        case at.Closed():
            return _closed(state, scene, up_ms)
        case at.Out():
            return screens.OutOfService(screens.Outage(scene.why))
        case _:
            return _standing_open(state, scene, up_ms)


def _standing_open(state: State, scene: at.Scene, up_ms: int) -> screens.Body:
    """The scenes in which a door stands open."""
    how = urge(scene, up_ms)
    match scene:
        case at.Open():
            drawn = cabinet(state, up_ms, scene.compartment)
            can = not scene.grant.reopened
            return screens.Open(scene.compartment, drawn, how, can_dispute=can)
        case at.PutBack():
            drawn = cabinet(state, up_ms, scene.compartment)
            return screens.PutBack(scene.compartment, drawn, how, scene.empty)
        case at.WrongDoor():
            return screens.WrongDoor(scene.compartment, cabinet(state, up_ms), how)
        case at.Reclose():
            return screens.Reclose(scene.compartment, cabinet(state, up_ms), how)
        case _:
            raise AssertionError(type(scene).__name__)


def urge(scene: at.Scene, up_ms: int) -> walls.Urge:
    """How long the door of this scene has been open: calm, 30 s, 60 s."""
    since = getattr(scene, "since_ms", None)
    if since is None:
        return walls.Urge.CALM
    elapsed = up_ms - since
    if elapsed >= ALARM_MS:
        return walls.Urge.ALARM
    return walls.Urge.WARN if elapsed >= WARN_MS else walls.Urge.CALM


def _paused(state: State, now: Now) -> screens.Paused:
    left = guessing.wait_ms(state.memory.bucket, now.up_ms, state.memory.policy)
    again = local(now.wall_ms + left + 59_999) if state.clock.trusted else None
    return screens.Paused(minutes=max(1, -(-left // 60_000)), again_at=again)


def _ready(state: State, scene: at.Ready, up_ms: int) -> screens.Ready:
    result = state.result(scene.match.cid)
    name = result.recipient if result is not None else ""
    holders = result.holders if result is not None else ()
    authorised = any(h.id == scene.match.holder and h.role == "authorised" for h in holders)
    number = next(iter(openable(state, scene.match)), 0)
    return screens.Ready(name, number, cabinet(state, up_ms, number), authorised)


def _closed(state: State, scene: at.Closed, up_ms: int) -> screens.Closed:
    result = state.result(scene.grant.match.cid)
    late = result is not None and result.overdue
    left = 0 if scene.grant.reopened else max(0, (scene.closed_ms + FORGOT_MS - up_ms) // 1000)
    when = local(scene.at_ms) if scene.at_ms else None
    return screens.Closed(when, late, scene.rated, left)


def cabinet(state: State, up_ms: int, asked: int = 0) -> walls.Cabinet:
    """The wall of doors as it stands: what reads open is drawn open, the asked one glows."""
    plans = state.site.compartments
    row, column, height = state.site.screen_cell
    ends = [p.row + p.height - 1 for p in plans] + [row + height - 1]
    return walls.Cabinet(
        rows=max(ends, default=1),
        columns=max([p.column for p in plans] + [column], default=1),
        doors=tuple(
            walls.Door(
                p.number, p.row, p.column, p.height, _look(state.doors, p.number, up_ms, asked)
            )
            for p in plans
        ),
        screen_row=row,
        screen_column=column,
        screen_height=height,
    )


def _look(doors: Doors, number: int, up_ms: int, asked: int) -> walls.DoorLook:
    if doors.reading(number, up_ms) == "open":
        return walls.DoorLook.OPEN
    return walls.DoorLook.ASKED if number == asked else walls.DoorLook.SHUT


def _sound(state: State, up_ms: int) -> screens.Sound:
    how = urge(state.scene, up_ms)
    if how is walls.Urge.ALARM:
        return screens.Sound.ALARM
    if settings.quiet(state):
        return screens.Sound.NONE
    if how is walls.Urge.WARN or isinstance(state.scene, at.Reclose):
        return screens.Sound.CLOSE
    return _SOUNDS.get(type(state.scene), screens.Sound.NONE)


_SOUNDS = {
    at.Open: screens.Sound.OPENED,
    at.WrongDoor: screens.Sound.CLOSE,
    at.PutBack: screens.Sound.CLOSE,
    at.Closed: screens.Sound.DONE,
    at.Refused: screens.Sound.REFUSED,
}


def out_of_order(site: Site) -> screens.Screen:
    """The screen while the journal cannot be written: nothing can be promised, nothing opens."""
    frame = screens.Frame(
        unit=site.unit,
        address=site.address,
        hotline=site.hotline,
        now=None,  # nobody judges the clock while the core does not run
        incident=site.kiosk.upper(),
    )
    return screens.Screen(frame, screens.OutOfService(screens.Outage.JOURNAL))
