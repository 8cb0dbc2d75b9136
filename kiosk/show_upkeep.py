"""Maintenance beyond loading, projected from the state; a technician is shown no name and no dossier."""

from __future__ import annotations

from kiosk.core import (
    audit,
    hub,
    loading,
    service,
    settings,
    staff_doors,
    station,
    takeback,
    wall,
)
from kiosk.core import upkeep_scenes as at
from kiosk.core.clock import Now
from kiosk.core.login import PIN_DIGITS
from kiosk.core.staff_scenes import Session
from kiosk.core.state import State
from kiosk.show_state import state_lines
from kiosk.times import local
from sync.messages import SETTINGS, Role
from ui import screens, service_screens, staff_screens, upkeep_screens, walls


def upkeep_body(  # noqa: C901, PLR0911  # one line per scene
    state: State, scene: at.Upkeep, now: Now, cabinet: walls.Cabinet, urge: walls.Urge
) -> screens.Body:
    """The body for one of these scenes."""
    match scene:
        case at.Menu():
            return _menu(state, scene, now)
        case at.Apology():
            dossier, name = named(state, scene.session, scene.cid)
            return upkeep_screens.Apology(dossier, name)
        case at.DoorOpening() | at.DoorOpen() | at.DoorAsk():
            return _door(state, scene, cabinet, urge)
        case at.TakeList():
            return _take_list(state, scene, now)
        case at.Audit():
            return _audit(state, scene, cabinet)
        case at.CabinetView() | at.Story() | at.Reasons():
            return _wall(state, scene, now)
        case at.Service():
            return _service(state, scene, now)
        case at.KioskState():
            return _kiosk_state(state, scene, now)
        case at.Settings():
            return _settings(state)
        case at.Unlock():
            return upkeep_screens.Unlock(
                scene.session.staff, len(scene.pin), PIN_DIGITS, scene.trouble, scene.checking
            )


def named(state: State, session: Session, cid: str) -> tuple[str, str]:
    """Dossier code and masked name, for those who may see them; ("", "") else."""
    if session.role is Role.TECHNICIAN:
        return "", ""
    result = state.result(cid)
    if result is None:
        return cid, ""
    return (result.dossiers[0] if result.dossiers else cid), result.recipient


def _menu(state: State, scene: at.Menu, now: Now) -> upkeep_screens.Menu:
    held = state.memory.compartments.values()
    return upkeep_screens.Menu(
        staff=scene.session.staff,
        role=str(scene.session.role),
        entries=tuple(upkeep_screens.Entry(e) for e in hub.entries(state, scene.session)),
        expected=len(loading.expected(state)),
        take_back=len(takeback.due(state, now)),
        to_check=sum(not (c.serves and c.proven) for c in held),
        free=len(loading.free(state, now.up_ms)),
    )


def _door(
    state: State,
    scene: at.DoorOpening | at.DoorOpen | at.DoorAsk,
    cabinet: walls.Cabinet,
    urge: walls.Urge,
) -> screens.Body:
    task = scene.task
    dossier, name = named(state, scene.session, task.cid) if task.cid else ("", "")
    asked = upkeep_screens.Purpose(task.purpose)
    match scene:
        case at.DoorOpening():
            return upkeep_screens.DoorOpening(
                asked, task.compartment, cabinet, dossier, name, scene.stuck
            )
        case at.DoorOpen():
            return upkeep_screens.DoorOpen(
                asked, task.compartment, cabinet, urge, dossier, name, scene.scanned
            )
        case at.DoorAsk():
            answers = staff_doors.ANSWERS[task.purpose]
            return upkeep_screens.DoorAsk(
                asked,
                task.compartment,
                tuple(upkeep_screens.Answer(a) for a in answers),
                dossier,
                name,
            )


def _take_list(state: State, scene: at.TakeList, now: Now) -> upkeep_screens.TakeList:
    items = takeback.due(state, now)
    rows = []
    for item in takeback.on_page(items, scene.page):
        dossier, name = named(state, scene.session, item.cid) if item.cid else ("", "")
        why = upkeep_screens.TakeWhy(item.why)
        rows.append(upkeep_screens.TakeItem(item.compartment, dossier, name, why))
    return upkeep_screens.TakeList(
        tuple(rows),
        scene.page,
        takeback.pages(items),
        staff_screens.LoadTrouble(scene.trouble),
        scene.trouble_at,
    )


def _audit(state: State, scene: at.Audit, cabinet: walls.Cabinet) -> upkeep_screens.Audit:
    left = [n for n in audit.left(state.memory) if n not in scene.session.skip]
    held = state.memory.compartments
    begun = state.memory.audit_round
    differing = sum(c.audited > begun and not c.serves for c in held.values())
    return upkeep_screens.Audit(
        done=audit.done(state.memory),
        left=len(left),
        next_compartment=left[0] if left else 0,
        differences=differing,
        cabinet=cabinet,
        trouble=staff_screens.LoadTrouble(scene.trouble),
        trouble_compartment=scene.trouble_at,
    )


def _wall(state: State, scene: at.CabinetView | at.Story | at.Reasons, now: Now) -> screens.Body:
    match scene:
        case at.CabinetView():
            return _view(state, scene, now)
        case at.Story():
            return upkeep_screens.Story(
                compartment=scene.compartment,
                sign=walls.Sign(wall.sign(state, scene.compartment, now)),
                reason=wall.because(state, scene.compartment),
                happenings=tuple(
                    upkeep_screens.Happening(h.kind, local(h.at_ms), h.detail)
                    for h in scene.happenings
                ),
                acts=tuple(upkeep_screens.Act(a) for a in wall.acts(state, scene)),
            )
        case at.Reasons():
            reasons = tuple(upkeep_screens.Reason(r) for r in wall.REASONS[scene.act])
            act = upkeep_screens.Act(scene.act)
            return upkeep_screens.Reasons(scene.compartment, act, reasons)


def _view(state: State, scene: at.CabinetView, now: Now) -> upkeep_screens.CabinetView:
    plans = state.site.compartments
    row, column, height = state.site.screen_cell
    return upkeep_screens.CabinetView(
        rows=max([p.row + p.height - 1 for p in plans] + [row + height - 1]),
        columns=max([p.column for p in plans] + [column]),
        cells=tuple(
            upkeep_screens.Cell(
                p.number, p.row, p.column, p.height, walls.Sign(wall.sign(state, p.number, now))
            )
            for p in plans
        ),
        screen_row=row,
        screen_column=column,
        screen_height=height,
        trouble=staff_screens.LoadTrouble(scene.trouble),
        trouble_compartment=scene.trouble_at,
    )


def _service(state: State, scene: at.Service, now: Now) -> service_screens.Service:
    numbers = sorted(p.number for p in state.site.compartments)
    first = (scene.page - 1) * service.PAGE_ROWS
    run = scene.session.run
    return service_screens.Service(
        rows=tuple(_row(state, n, now) for n in numbers[first : first + service.PAGE_ROWS]),
        page=scene.page,
        pages=max(1, -(-len(numbers) // service.PAGE_ROWS)),
        running=run.running,
        done=run.done,
        left=len(run.left),
        failed=run.failed,
        trouble=staff_screens.LoadTrouble(scene.trouble),
        trouble_compartment=scene.trouble_at,
    )


def _kiosk_state(state: State, scene: at.KioskState, now: Now) -> service_screens.KioskState:
    told = scene.told
    usable = scene.stick and scene.busy is None and station.may_use_stick(scene.session)
    acts = tuple(service_screens.StickAct) if usable else ()
    return service_screens.KioskState(
        lines=state_lines(state, now),
        call=_call(state, scene, now),
        stick=acts,
        busy=scene.busy is not None,
        told=None
        if told is None
        else service_screens.StickTold(
            service_screens.StickAct(told.act), told.outcome, told.number
        ),
    )


def _settings(state: State) -> service_screens.Settings:
    rows = (
        service_screens.SettingRow(str(name), settings.value(state, name), SETTINGS[name])
        for name in settings.offered(state)
    )
    return service_screens.Settings(tuple(rows))


def _call(state: State, scene: at.KioskState, now: Now) -> service_screens.Call:
    if scene.called_ms is None:
        return service_screens.Call.IDLE
    if station.reached(state.contact_ms, scene.called_ms):
        return service_screens.Call.REACHED
    late = now.up_ms - scene.called_ms >= station.CALL_MS
    return service_screens.Call.SILENT if late else service_screens.Call.CALLING


def _row(state: State, number: int, now: Now) -> service_screens.ServiceRow:
    held = state.memory.compartments.get(number)
    opened = 0 if held is None else held.opened
    return service_screens.ServiceRow(
        compartment=number,
        sign=walls.Sign(wall.sign(state, number, now)),
        reading=str(state.doors.reading(number, now.up_ms)),
        cycles=opened,
        failures=0 if held is None else held.failed,
        mean_open_ms=held.took_ms // opened if held is not None and opened else 0,
    )
