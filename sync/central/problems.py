"""Errors as `application/problem+json` (RFC 9457), and what stands around every answer.

The law of this file: an error names its kind, never a secret and nothing that was sent. Every answer
carries a fresh stamp; no request body is read whose length is not told beforehand, or too large.
"""

from __future__ import annotations

import http
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.calls import PROBLEM, STAMP_HEADER
from sync.central.database import BusyError, DownError, UnkeepableError
from sync.central.people import PersonError
from sync.central.results import OrderError
from sync.central.store import Store, UnknownError
from sync.stamps import make_stamp

MAX_BODY_BYTES = 4 * 1024 * 1024  # one statement of MAX_STATEMENT_BYTES, as JSON
URN = "urn:hoso:problem:"
BUSY_RETRY_S = 1
DOWN_RETRY_S = 10


class ProblemBody(BaseModel):
    """RFC 9457. `seq` and `hash` come with a gap or a fork: how far the journal is received."""

    type: str
    title: str
    status: int
    detail: str = ""
    seq: int | None = None
    hash: str | None = None


class ProblemError(Exception):
    """An answer that is an error; `kind` is the last word of its type. `retry_s`: not sooner."""

    def __init__(
        self, status: int, kind: str, detail: str = "", *, retry_s: int = 0, **extra: object
    ) -> None:
        super().__init__(detail or kind)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.extra = extra
        self.retry_s = retry_s


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may end in these."""
    return {status: {"model": ProblemBody, "content": {PROBLEM: {}}} for status in statuses}


def install(app: FastAPI) -> None:
    """Make every error of this application a problem."""
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    for kind in (OrderError, PersonError):
        app.add_exception_handler(kind, _cannot_be)
    app.add_exception_handler(UnknownError, _unknown)
    app.add_exception_handler(BusyError, _busy)
    app.add_exception_handler(DownError, _down)
    app.add_exception_handler(UnkeepableError, _unkeepable)
    app.add_exception_handler(http.HTTPStatus.INTERNAL_SERVER_ERROR, _failed)


def answer(status: int, kind: str, detail: str = "", **extra: object) -> JSONResponse:
    """The problem itself."""
    title = http.HTTPStatus(status).phrase
    body = {"type": URN + kind, "title": title, "status": status, "detail": detail, **extra}
    return JSONResponse(body, status, media_type=PROBLEM)


async def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)
    told = answer(error.status, error.kind, error.detail, **error.extra)
    if error.retry_s:
        told.headers["Retry-After"] = str(error.retry_s)
    return told


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return answer(error.status_code, "http")


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # Where and what, but not the value: it may be a phone or a name.
    words = [f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()[:5]]
    return answer(http.HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "; ".join(words)[:500])


async def _cannot_be(_: Request, error: Exception) -> JSONResponse:
    return answer(http.HTTPStatus.UNPROCESSABLE_ENTITY, "cannot-be", str(error))


async def _unknown(_: Request, error: Exception) -> JSONResponse:
    return answer(http.HTTPStatus.NOT_FOUND, "unknown", str(error))


async def _busy(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BusyError)
    return _later("busy", BUSY_RETRY_S)


async def _down(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DownError)
    return _later("database", DOWN_RETRY_S)


def _later(kind: str, seconds: int) -> JSONResponse:
    told = answer(http.HTTPStatus.SERVICE_UNAVAILABLE, kind, "nothing was changed: try again")
    told.headers["Retry-After"] = str(seconds)
    return told


async def _unkeepable(_: Request, error: Exception) -> JSONResponse:
    return answer(http.HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", str(error))


async def _failed(_: Request, error: Exception) -> JSONResponse:
    assert error is not None
    return answer(http.HTTPStatus.INTERNAL_SERVER_ERROR, "failed")


class Frame:
    """Around every request: its length is known and bounded; its answer carries a stamp."""

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self._app = app
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                stamp = make_stamp(self._store.stamp_secret, self._store.now())
                headers = [*message["headers"], (STAMP_HEADER.encode(), stamp.encode())]
                message = {**message, "headers": headers}
            await send(message)

        refusal = _unwelcome(dict(scope["headers"]))
        if refusal is None:
            await self._app(scope, receive, stamped)
        else:
            await refusal(scope, receive, stamped)


def _unwelcome(headers: dict[bytes, bytes]) -> JSONResponse | None:
    if b"transfer-encoding" in headers:
        return answer(http.HTTPStatus.LENGTH_REQUIRED, "length")
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > MAX_BODY_BYTES:
        return answer(http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large")
    return None
