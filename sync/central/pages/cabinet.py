"""The ward's page: its cabinet as it stands; and the city's: its fleet by who needs a human."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from sync.central import fleet, rotation, tasks
from sync.central.accounts import PageRole
from sync.central.office_tables import Task
from sync.central.pages import words
from sync.central.pages.cabinet_facts import alarms, calls, handle, items, tiles
from sync.central.pages.fleet_facts import fleet_facts
from sync.central.pages.frame import Here, OwnForm, PageRoute
from sync.central.store import UnknownError
from sync.central.tables import Alarm, Kiosk, Result
from sync.central.words import Words

router = APIRouter(include_in_schema=False, route_class=PageRoute)
KioskId = Annotated[str, Path(max_length=64)]


@router.get("/fleet")
def the_fleet(here: Here) -> Response:
    """Every kiosk that this guest may see, whoever needs a person first on top."""
    store, ward = here.desk.store, here.guest.role is PageRole.WARD
    with store.begin() as session:
        facts = fleet_facts(session, here.guest.kiosks if ward else None, store.now())
        late = rotation.behind(store, session) if not ward else ()
    lines = fleet.order(facts, store.now())
    levels = [
        (level.name.lower(), words.LEVELS[level], [line for line in lines if line.level is level])
        for level in fleet.Level
    ]
    units = {one.kiosk: one.unit for one in facts}
    return here.page(
        "fleet.html", levels=levels, units=units, said=said, total=len(facts), late=late
    )


@router.get("/kiosks/{kiosk}")
def cabinet(here: Here, kiosk: KioskId) -> Response:
    """What lies in it and since when, what must be done, when it was last heard."""
    here.must_see(kiosk)
    store, names = here.desk.store, here.guest.role is PageRole.WARD
    with store.begin() as session:
        row = session.get(Kiosk, kiosk)
        if row is None:
            raise UnknownError(kiosk)
        found = items(store, session, row, names=names)
        shown = tiles(session, row, found)
        facts = fleet_facts(session, [kiosk], store.now())[0]
        open_ = alarms(session, kiosk, store.now())
        phone = calls(session, kiosk)
    return here.page(
        "cabinet.html",
        kiosk=row,
        tiles=shown,
        looks=words.TILES,
        groups={
            kind: [item for item in found if item.kind == kind]
            for kind in ("lost", "check", "retrieve", "waiting", "expected")
        },
        phases=words.PHASES,
        reasons=fleet.reasons(facts, store.now()),
        silent=fleet.silent(facts, store.now()),
        places=words.PLACES,
        said=said,
        alarms=open_,
        calls=phone,
        people={item.cid: item for item in found},
        call_words=words.CALLS,
        faults=[words.named(words.FAULTS, what) for what in _faults(row)],
    )


@router.post("/alarms/{alarm}/handled")
def handled(here: OwnForm, alarm: Annotated[int, Path(ge=1, le=2**53)]) -> Response:
    """Somebody has taken care of it, and of those like it before."""

    def unit(session: Session) -> str:
        found = session.get(Alarm, alarm)
        if found is None:
            raise UnknownError("no such alarm")
        here.must_see(found.kiosk)
        here.must_be_ward()
        here.desk.store.kiosk(session, found.kiosk)  # two presses at once stand in line
        handle(session, found, here.guest.name, here.desk.store.now())
        return found.kiosk

    kiosk = here.desk.store.run(unit)
    return RedirectResponse(f"/kiosks/{kiosk}#alarms", HTTPStatus.SEE_OTHER)


@router.post("/tasks/{task}/done")
def phoned(here: OwnForm, task: Annotated[int, Path(ge=1, le=2**53)]) -> Response:
    """Somebody has called that person."""

    def unit(session: Session) -> str:
        found = session.get(Task, task)
        if found is None:
            raise UnknownError("no such task")
        kiosk = session.get_one(Result, found.cid).kiosk
        here.must_see(kiosk)
        here.must_be_ward()
        tasks.done(here.desk.store, session, task, here.guest.name)
        return kiosk

    kiosk = here.desk.store.run(unit)
    return RedirectResponse(f"/kiosks/{kiosk}#calls", HTTPStatus.SEE_OTHER)


def said(reason: fleet.Reason) -> Words:
    """A reason in words."""
    table = words.OUTAGES if "service" in reason.need or "serving" in reason.need else words.FAULTS
    what = [words.named(table, word) for word in reason.words]
    told = words.NEEDS[reason.need]
    return Words(
        told.vi.format(n=reason.n, what=", ".join(w.vi for w in what) or "chưa rõ vì sao"),
        told.en.format(n=reason.n, what=", ".join(w.en for w in what) or "reason unknown"),
    )


def _faults(kiosk: Kiosk) -> list[str]:
    found = kiosk.health.get("faults")
    if kiosk.revoked_ms or not isinstance(found, list):
        return []
    return [str(what)[:64] for what in found[: fleet.MOST_FAULTS]]
