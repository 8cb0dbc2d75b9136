"""Signing in and out.

The law of this file: a wrong name, a wrong password and a wrong or used code look the same.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from sync.central.accounts import PageRole
from sync.central.desk import desk_of
from sync.central.pages.frame import (
    STYLE,
    STYLE_PATH,
    YEAR_S,
    Here,
    OwnForm,
    PageRoute,
    cookie_name,
    render,
    same_site,
    secure,
)
from sync.central.sessions import PausedError, SignInError, sign_in, sign_out

_LOG = logging.getLogger("kiosk.central.pages")
router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/")
def home(here: Here) -> Response:
    """The page that this guest came for."""
    kiosks = here.guest.kiosks
    one = here.guest.role is PageRole.WARD and len(kiosks) == 1
    return RedirectResponse(f"/kiosks/{kiosks[0]}" if one else "/fleet", HTTPStatus.SEE_OTHER)


@router.get("/login")
def form(request: Request) -> Response:
    """Name, password, code."""
    return render(request, "login.html", {"trouble": ""})


@router.post("/login")
def enter(
    request: Request,
    name: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    code: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Sign in, or say that it did not fit."""
    same_site(request)
    store = desk_of(request).store
    address = request.client.host if request.client else ""
    try:
        fresh = sign_in(store, name.strip().lower(), password.strip(), code, address)
    except PausedError:
        _LOG.warning("sign-in paused after too many tries")
        busy = HTTPStatus.TOO_MANY_REQUESTS
        return render(request, "login.html", {"trouble": "paused"}, status=busy)
    except SignInError:
        _LOG.info("sign-in refused")
        wrong = HTTPStatus.FORBIDDEN
        return render(request, "login.html", {"trouble": "refused"}, status=wrong)
    _LOG.info("signed in")  # who: the table of sessions
    answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        cookie_name(request), fresh, secure=secure(request), httponly=True, samesite="strict"
    )
    return answer


@router.post("/logout")
def leave(here: OwnForm) -> Response:
    """Sign out: this session is over everywhere."""
    name = cookie_name(here.request)
    sign_out(here.desk.store, here.request.cookies.get(name, ""))
    answer = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(name, secure=secure(here.request), httponly=True, samesite="strict")
    return answer


@router.get(STYLE_PATH)
def style() -> Response:
    """The one style sheet; another one has another name."""
    forever = {"Cache-Control": f"public, max-age={YEAR_S}, immutable"}
    return Response(STYLE, media_type="text/css", headers=forever)
