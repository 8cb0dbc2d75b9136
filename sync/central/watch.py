"""`/healthz` for the balancer and `/metrics` for Prometheus: no proof asked, nothing personal told.

The law of this file: 503 means "send nobody here". A replica that only does not hear the others is
slower by seconds, not wrong: it says so and keeps serving. Both pages answer when the database does not.
"""

from __future__ import annotations

from http import HTTPStatus

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import func, select

from sync.central import alarm_messages, rotation
from sync.central.database import StoreError
from sync.central.desk import desk_of
from sync.central.migrate import HEAD, revision
from sync.central.office_tables import Task
from sync.central.tables import Kiosk, Notice

LATE_MS = 60_000
router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz(request: Request) -> JSONResponse:
    """200 to serve (`ok`, `degraded`) or 503 (`down`), and what it is judged by."""
    return await to_thread.run_sync(_health, request, limiter=desk_of(request).lookouts)


def _health(request: Request) -> JSONResponse:
    desk = desk_of(request)
    try:
        with desk.store.begin() as session:
            stands = revision(session.connection())
    except StoreError:
        stands = None
    # A newer program may have gone ahead while replicas are exchanged one by one.
    serves = stands is not None and stands >= HEAD
    heard = desk.listener.up
    told = {
        "status": ("ok" if heard else "degraded") if serves else "down",
        "database": "down" if stands is None else "ok",
        "migrations": stands or "",
        "wanted": HEAD,
        "listener": "ok" if heard else "down",
    }
    status = HTTPStatus.OK if serves else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse(told, status, headers={"Cache-Control": "no-store"})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Counters of this replica, and the queue of messages that all share."""
    return await to_thread.run_sync(_metrics, request, limiter=desk_of(request).lookouts)


def _metrics(request: Request) -> Response:
    desk = desk_of(request)
    figures, store = desk.figures, desk.store
    waiting = select(func.count()).select_from(Notice).where(Notice.state == "waiting")
    late = waiting.where(Notice.due_ms < store.now() - LATE_MS)
    calls = select(func.count()).select_from(Task).where(Task.done_ms == 0)
    revoked = select(func.count()).select_from(Kiosk).where(Kiosk.revoked_ms > 0)
    try:
        with store.begin() as session:
            figures.notices.set(session.scalar(waiting) or 0)
            figures.late.set(session.scalar(late) or 0)
            figures.tasks.set(session.scalar(calls) or 0)
            figures.revoked.set(session.scalar(revoked) or 0)
            figures.alarms_waiting.set(alarm_messages.waiting(session))
            figures.behind.set(len(rotation.behind(store, session)))
        figures.database.set(1)
    except StoreError:
        figures.database.set(0)
    figures.waiting.set(desk.bells.waiting)
    figures.listener.set(desk.listener.up)
    figures.connections.set(store.connections())
    return Response(figures.text(), media_type=CONTENT_TYPE_LATEST)
