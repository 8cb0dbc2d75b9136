"""One result as a story, found by its dossier code, and its code sent again.

The law of this file: the code goes to the phone that was registered and to nothing that is typed here; who
ordered it is kept and stands in the story.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.central import holders, results
from sync.central.accounts import PageRole
from sync.central.page_tables import PageOrder
from sync.central.pages import story_facts as facts
from sync.central.pages.cabinet_facts import recipient
from sync.central.pages.frame import Here, OwnForm, PageError, PageRoute, Seen
from sync.central.pages.words import ERRORS, PHASES
from sync.central.store import UnknownError
from sync.central.stories import conclusion, story
from sync.central.tables import Holder, Kiosk, Result
from sync.messages import Status

AGAIN_MS = 60_000  # a second click is no second message
RE_ISSUE = "re-issue"
router = APIRouter(include_in_schema=False, route_class=PageRoute)
Cid = Annotated[str, Path(max_length=64)]


@router.get("/find")
def find(here: Here, dossier: Annotated[str, Query(max_length=80)] = "") -> Response:
    """Results that hold a dossier: one is shown at once."""
    code = dossier.strip().upper().replace("–", "-")
    kiosks = here.guest.kiosks if here.guest.role is PageRole.WARD else None
    with here.desk.store.begin() as session:
        found = facts.by_dossier(session, code, kiosks) if code else []
    if len(found) == 1:
        return RedirectResponse(f"/results/{found[0].cid}", HTTPStatus.SEE_OTHER)
    return here.page("found.html", dossier=code, found=found, phases=PHASES)


@router.get("/results/{cid}")
def one(here: Here, cid: Cid, sent: Annotated[str, Query(max_length=8)] = "") -> Response:
    """Registered, loaded, sent, refused, opened, closed: what is known, in order."""
    store, ward = here.desk.store, here.guest.role is PageRole.WARD
    with store.begin() as session:
        result = _result(here, session, cid)
        kiosk = session.get_one(Kiosk, result.kiosk)
        told = facts.told(session, result)
        said = [*facts.said(session, cid), *facts.at_the_counter(session, cid)]
        ordered = facts.ordered(session, cid)
        people = holders.of(session, cid)
        lying = [part for part in results.parts(session, cid) if part.phase != "collected"]
    outline = facts.outline(result)
    sign, verdict = conclusion(outline, told)
    return here.page(
        "result.html",
        result=result,
        kiosk=kiosk,
        recipient=recipient(store, result) if ward else "",
        holders=people,
        parts=lying,
        sign=sign,
        verdict=verdict,
        events=story(outline, told, said, ordered),
        phases=PHASES,
        sent=bool(sent),
        lost=kiosk.revoked_ms > 0 and result.phase not in ("expected", "collected", "retrieved"),
        live=ward and result.status == Status.LIVE and result.phase == "loaded",
    )


@router.get("/results/{cid}/re-issue")
def ask(here: Here, cid: Cid, holder: Annotated[str, Query(max_length=64)] = "h1") -> Response:
    """Whether that is really meant."""
    here.must_be_ward()
    with here.desk.store.begin() as session:
        result = _result(here, session, cid)
        held = _holder(session, cid, holder)
    name = recipient(here.desk.store, result)
    return here.page("re-issue.html", result=result, holder=held, recipient=name)


@router.post("/results/{cid}/re-issue")
def re_issue(here: OwnForm, cid: Cid, holder: Annotated[str, Form(max_length=64)]) -> Response:
    """Send the code again: the same until the kiosk has acknowledged it, then a new one."""
    here.must_be_ward()
    store = here.desk.store

    def unit(session: Session) -> str:
        result = _result(here, session, cid)
        store.kiosk(session, result.kiosk)  # its lock: two clicks at once stand in line
        _holder(session, cid, holder)
        last = select(PageOrder.at_ms).where(PageOrder.cid == cid, PageOrder.holder == holder)
        newest = session.scalar(last.order_by(PageOrder.id.desc()).limit(1))
        if newest is not None and store.now() - newest < AGAIN_MS:
            raise PageError(HTTPStatus.CONFLICT, ERRORS["soon"])
        results.re_issue(store, session, cid, holder)
        who, now = here.guest.name, store.now()
        order = PageOrder(account=who, what=RE_ISSUE, cid=cid, holder=holder, at_ms=now)
        session.add(order)
        return result.kiosk

    here.desk.bells.ring(store.run(unit))
    here.desk.poke()
    return RedirectResponse(f"/results/{cid}?sent=1", HTTPStatus.SEE_OTHER)


def _result(here: Seen, session: Session, cid: str) -> Result:
    result = session.get(Result, cid)
    if result is None:
        raise UnknownError("no such result")
    here.must_see(result.kiosk)
    return result


def _holder(session: Session, cid: str, holder: str) -> Holder:
    held = session.get(Holder, (cid, holder))
    if held is None:
        raise UnknownError("no such holder")
    return held
