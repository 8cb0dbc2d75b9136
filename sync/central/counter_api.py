"""The counter, by the office's door: whom to phone, and a QR on paper.

The law of this file: a phone comes out for the scope that phones, and nowhere else; a code comes out on a
slip, for the scope that prints, and every slip is kept in the books.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from sync.central import holders, slips, tasks
from sync.central.api_keys import Scope
from sync.central.office_api import Cid, Holder
from sync.central.office_door import REFUSED, Phones, Prints, SeesTasks
from sync.central.office_tables import Task
from sync.central.problems import documented
from sync.central.store import Store
from sync.central.tables import Holder as HolderRow
from sync.central.tables import Result
from sync.central.texts import local
from sync.central.vault import VaultError

MOST_ID = 2**53
SVG = "image/svg+xml"
router = APIRouter(prefix="/v1/office", tags=["counter"], responses=documented(*REFUSED))
TaskId = Annotated[int, Path(ge=1, le=MOST_ID)]


class TaskOut(BaseModel):
    """Phone this person: the message `about` did not reach them, because of `why`.

    `phone` is null without the scope `tasks`, when it is done, when they may collect no more, and when it
    cannot be read.
    """

    id: int
    kind: str
    about: str
    why: str
    kiosk: str
    cid: str
    holder: str
    recipient: str
    phone: str | None
    made_at: datetime
    done_at: datetime | None
    by: str


@router.get("/tasks")
def listed(
    who: SeesTasks,
    after: Annotated[int, Query(ge=0, le=MOST_ID, description="last id of the page before")] = 0,
    every: Annotated[bool, Query(description="also what is done")] = False,  # noqa: FBT002 - a query
) -> list[TaskOut]:
    """Whom to phone, oldest first, at most 200 a page."""
    store, phones = who.desk.store, Scope.TASKS in who.scopes
    with store.begin() as session:
        found = tasks.listed(session, after, open_only=not every)
        return [_out(store, session, task, phones=phones) for task in found]


@router.post("/tasks/{task}/done")
def done(who: Phones, task: TaskId) -> TaskOut:
    """A person has phoned; again changes nothing."""
    store = who.desk.store

    def unit(session: Session) -> TaskOut:
        row = tasks.done(store, session, task, who.name)
        return _out(store, session, row, phones=True)

    return store.run(unit)


@router.get(
    "/results/{cid}/holders/{holder}/slip",
    response_class=Response,
    responses={200: {"content": {SVG: {"schema": {"type": "string"}}}}},
)
def slip(who: Prints, cid: Cid, holder: Holder) -> Response:
    """A page for the printer: QR, code beneath, where and until when. Each one is counted."""
    store = who.desk.store
    made = store.run(lambda session: slips.print_slip(store, session, cid, holder, who.name))
    return Response(made, media_type=SVG, headers={"Cache-Control": "no-store"})


def _out(store: Store, session: Session, task: Task, *, phones: bool) -> TaskOut:
    result = session.get_one(Result, task.cid)
    held = session.get(HolderRow, (task.cid, task.holder))
    shown = held if phones and not task.done_ms else None
    known = store.vault.open(f"result/{result.cid}", result.sealed)
    return TaskOut(
        id=task.id,
        kind=task.kind,
        about=task.about,
        why=task.why,
        kiosk=result.kiosk,
        cid=task.cid,
        holder=task.holder,
        recipient=str(known["recipient"]),
        phone=None if shown is None else _phone(store, shown),
        made_at=local(task.made_ms),
        done_at=local(task.done_ms) if task.done_ms else None,
        by=task.by,
    )


def _phone(store: Store, held: HolderRow) -> str | None:
    try:
        return holders.open_holder(store, held)[0]
    except VaultError:
        return None  # the task itself may say so (`broken`); the list must not fail over it
