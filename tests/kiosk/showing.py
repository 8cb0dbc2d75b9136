"""One sample of every scene, and how it is shown."""

from __future__ import annotations

from dataclasses import replace

from kiosk import show
from kiosk.core import scenes as at
from kiosk.core import staff_scenes as staff
from kiosk.core import upkeep_scenes as up
from kiosk.core.clock import Now
from kiosk.core.codes import Match, Standing
from kiosk.core.state import State
from sync.messages import Clock, Role
from tests.flows.walk import WALL_MS, Walk
from ui import screens, service_screens, staff_screens, upkeep_screens

MATCH = Match("r1", "h1", 1, 0, Standing.GOOD)
GRANT = at.Grant(MATCH, left=(3,), done=(3,))
SESSION = staff.Session("7", Role.CLERK)
TASK = up.Task(up.Purpose.TAKE_BACK, 3, "r1")
HAPPENING = up.Happening("loaded", WALL_MS, "7")
UNTIL = 200_000
SINCE = 100_000
SCENES: dict[type, tuple[at.Scene, type]] = {
    at.Idle: (at.Idle(), screens.Idle),
    at.Digits: (at.Digits(UNTIL, "99", "12345678"), screens.Digits),
    at.Again: (at.Again(UNTIL, GRANT, "9"), screens.Digits),
    at.Code: (at.Code(UNTIL, "9999", "1234"), screens.Code),
    at.Refused: (at.Refused(UNTIL, 5, "9999"), screens.Refused),
    at.Paused: (at.Paused(UNTIL), screens.Paused),
    at.Told: (at.Told(UNTIL, at.Why.EXPIRED, 5, "", WALL_MS), screens.Told),
    at.Ready: (at.Ready(UNTIL, MATCH), screens.Ready),
    at.Opening: (at.Opening(UNTIL, GRANT, 3), screens.Opening),
    at.Stuck: (at.Stuck(UNTIL, GRANT, 3, retried=True), screens.Stuck),
    at.Open: (at.Open(UNTIL, GRANT, 3, SINCE), screens.Open),
    at.PutBack: (at.PutBack(UNTIL, GRANT, 3, SINCE, 5, empty=True), screens.PutBack),
    at.WrongDoor: (at.WrongDoor(UNTIL, 2, SINCE, 5), screens.WrongDoor),
    at.Next: (at.Next(UNTIL, GRANT, 3), screens.Next),
    at.Closed: (at.Closed(UNTIL, GRANT, SINCE, WALL_MS), screens.Closed),
    at.Reclose: (at.Reclose(UNTIL, 3, SINCE), screens.Reclose),
    at.Out: (at.Out(at.Outage.DOORS), screens.OutOfService),
    staff.Login: (
        staff.Login(UNTIL, staff.Step.TOTP, "7", "135790", "246802"),
        staff_screens.StaffLogin,
    ),
    staff.Loading: (
        staff.Loading(UNTIL, SESSION, "00", staff.Trouble.NO_ROOM, 2, "r1", 3),
        staff_screens.LoadScan,
    ),
    staff.Choosing: (staff.Choosing(UNTIL, SESSION, ("r1", "gone")), staff_screens.LoadChoose),
    staff.LoadOpening: (staff.LoadOpening(UNTIL, SESSION, "r1", 3), staff_screens.LoadOpening),
    staff.LoadOpen: (staff.LoadOpen(UNTIL, SESSION, "r1", 3, SINCE), staff_screens.LoadOpen),
    staff.LoadClosing: (
        staff.LoadClosing(UNTIL, SESSION, 3, SINCE, full=True),
        staff_screens.LoadClosing,
    ),
    up.Menu: (up.Menu(UNTIL, SESSION), upkeep_screens.Menu),
    up.Apology: (up.Apology(UNTIL, SESSION, "r1"), upkeep_screens.Apology),
    up.DoorOpening: (up.DoorOpening(UNTIL, SESSION, TASK), upkeep_screens.DoorOpening),
    up.DoorOpen: (up.DoorOpen(UNTIL, SESSION, TASK, SINCE), upkeep_screens.DoorOpen),
    up.DoorAsk: (up.DoorAsk(UNTIL, SESSION, TASK), upkeep_screens.DoorAsk),
    up.TakeList: (up.TakeList(UNTIL, SESSION), upkeep_screens.TakeList),
    up.Audit: (up.Audit(UNTIL, SESSION), upkeep_screens.Audit),
    up.CabinetView: (up.CabinetView(UNTIL, SESSION), upkeep_screens.CabinetView),
    up.Story: (up.Story(UNTIL, SESSION, 3, (HAPPENING,)), upkeep_screens.Story),
    up.Reasons: (up.Reasons(UNTIL, SESSION, 3, up.Act.BLOCK), upkeep_screens.Reasons),
    up.Service: (up.Service(UNTIL, SESSION), service_screens.Service),
    up.KioskState: (up.KioskState(UNTIL, SESSION), service_screens.KioskState),
    up.Settings: (up.Settings(UNTIL, SESSION), service_screens.Settings),
    up.Unlock: (up.Unlock(UNTIL, SESSION, up.Menu(UNTIL, SESSION), "1"), upkeep_screens.Unlock),
}


def moment(up_ms: int = SINCE, wall_ms: int = WALL_MS, clock: Clock = Clock.SYNCED) -> Now:
    return Now(up_ms, wall_ms, clock)


def shown(walk: Walk, scene: at.Scene, up_ms: int = SINCE, **state: object) -> screens.Screen:
    changed: State = replace(walk.state, scene=scene, **state)  # type: ignore[arg-type]  # a table of cases
    return show.screen(changed, moment(up_ms))
