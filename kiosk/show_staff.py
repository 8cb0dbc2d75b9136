"""The maintenance screens, projected from the state like a visit's; see `kiosk.show`."""

from __future__ import annotations

from kiosk.core import loading, login
from kiosk.core import scenes as at
from kiosk.core import staff_scenes as staff
from kiosk.core.load import may_undo
from kiosk.core.state import State
from ui import screens, staff_screens, walls

_STAFF = (
    staff.Login,
    staff.Loading,
    staff.Choosing,
    staff.LoadOpening,
    staff.LoadOpen,
    staff.LoadClosing,
)


def is_staff(scene: at.Scene) -> bool:
    """True for the scenes of maintenance."""
    return isinstance(scene, _STAFF)


def staff_body(state: State, up_ms: int, cabinet: walls.Cabinet, urge: walls.Urge) -> screens.Body:
    """The body for a maintenance scene."""
    match state.scene:
        case staff.Login() as scene:
            return _login(state, scene, up_ms)
        case staff.Loading() as scene:
            return _hub(state, scene, up_ms)
        case staff.Choosing() as scene:
            rows = (_named(state, cid) for cid in scene.cids)
            return staff_screens.LoadChoose(tuple(staff_screens.Choice(d, n) for d, n in rows))
        case staff.LoadOpening() as scene:
            dossier, name = _named(state, scene.cid)
            drawn = _asked(cabinet, scene.compartment)
            return staff_screens.LoadOpening(scene.compartment, drawn, dossier, name, scene.stuck)
        case staff.LoadOpen() as scene:
            return _open(state, scene, cabinet, urge)
        case staff.LoadClosing() as scene:
            return staff_screens.LoadClosing(scene.compartment, cabinet, scene.full, urge)
        case other:
            raise AssertionError(type(other).__name__)


def _login(state: State, scene: staff.Login, up_ms: int) -> staff_screens.StaffLogin:
    entered = {
        staff.Step.NUMBER: (len(scene.number), 0),
        staff.Step.PIN: (len(scene.pin), login.PIN_DIGITS),
        staff.Step.TOTP: (len(scene.totp), login.TOTP_DIGITS),
        staff.Step.TOTP2: (len(scene.totp2), login.TOTP_DIGITS),
        staff.Step.WAIT: (0, 0),
    }[scene.step]
    wait = login.staff_wait_ms(state, scene.number, up_ms)
    return staff_screens.StaffLogin(
        step=staff_screens.LoginStep(scene.step),
        number=scene.number,
        entered=entered[0],
        wanted=entered[1],
        trouble=staff_screens.LoginTrouble(scene.trouble),
        minutes=-(-wait // 60_000),
        scanner=state.site.scanner,
    )


def _hub(state: State, scene: staff.Loading, up_ms: int) -> staff_screens.LoadScan:
    done = _named(state, scene.done_cid)[0] if scene.done_cid else ""
    return staff_screens.LoadScan(
        staff=scene.session.staff,
        expected=len(loading.expected(state)),
        free=len(loading.free(state, up_ms, scene.session.skip)),
        loaded=scene.session.loaded,
        entered=scene.entered,
        trouble=staff_screens.LoadTrouble(scene.trouble),
        trouble_compartment=scene.trouble_at,
        done_dossier=done,
        done_compartment=scene.done_at,
        can_undo=may_undo(state, scene.session, up_ms),
        can_add=bool(scene.add_cid),
    )


def _open(
    state: State, scene: staff.LoadOpen, cabinet: walls.Cabinet, urge: walls.Urge
) -> staff_screens.LoadOpen:
    dossier, name = _named(state, scene.cid)
    result = state.result(scene.cid)
    return staff_screens.LoadOpen(
        compartment=scene.compartment,
        cabinet=cabinet,
        dossier=dossier,
        name=name,
        maybe_full=True,  # what is believed free may hold papers too: the clerk looks
        apology=result is not None and result.overdue,
        urge=urge,
    )


def _named(state: State, cid: str) -> tuple[str, str]:
    """Dossier code and masked name of a result; the cid alone when the manifest dropped it."""
    result = state.result(cid)
    if result is None:
        return cid, ""
    return (result.dossiers[0] if result.dossiers else cid), result.recipient


def _asked(cabinet: walls.Cabinet, number: int) -> walls.Cabinet:
    """The same wall with one door glowing, unless it stands open."""
    shut = walls.DoorLook.SHUT
    doors = tuple(
        walls.Door(d.number, d.row, d.column, d.height, walls.DoorLook.ASKED)
        if d.number == number and d.look is shut
        else d
        for d in cabinet.doors
    )
    return walls.Cabinet(
        cabinet.rows,
        cabinet.columns,
        doors,
        cabinet.screen_row,
        cabinet.screen_column,
        cabinet.screen_height,
    )
