"""What stands around every page: who looks, in which language, under which headers, and errors as pages.

The law of this file: no page leaves without the headers below, none is kept by a browser, no form counts
that another site or another session made. Outside loopback only TLS is served.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import Depends, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sync.central.accounts import PageRole
from sync.central.database import StoreError
from sync.central.desk import Desk, desk_of
from sync.central.pages.words import ERRORS, MARKS, age, day, period
from sync.central.results import OrderError
from sync.central.sessions import Guest, form_fits, guest
from sync.central.store import UnknownError
from sync.central.stories import clock
from sync.central.words import LANGS, Words

HERE = Path(__file__).parent
STYLE = (HERE / "style.css").read_bytes()
STYLE_PATH = f"/style-{hashlib.sha256(STYLE).hexdigest()[:16]}.css"
LANG_COOKIE = "lang"
YEAR_S = 31_536_000
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_LOG = logging.getLogger("kiosk.central.pages")
_PAGES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.globals.update(style=STYLE_PATH, clock=clock, day=day, age=age, marks=MARKS, period=period)


class PageError(Exception):
    """A page that says what is wrong."""

    def __init__(self, status: HTTPStatus, words: Words) -> None:
        super().__init__(words.en)
        self.status = status
        self.words = words


class SignedOutError(Exception):
    """Nobody is signed in, or not any more."""


class PageRoute(APIRoute):
    """Every page: TLS or loopback, errors for the reader, and the headers."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, with a frame around it."""
        page = super().get_route_handler()

        async def framed(request: Request) -> Response:
            try:
                _must_be_private(request)
                answer = await page(request)
            except SignedOutError:
                answer = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
            except (PageError, UnknownError, OrderError, StoreError, RequestValidationError) as e:
                error = _told(e)
                told = {"status": error.status, "words": error.words}
                answer = render(request, "error.html", told, status=error.status)
            for name, value in HEADERS.items():
                answer.headers[name] = value
            answer.headers.setdefault("Cache-Control", "no-store")
            _keep_lang(request, answer)
            return answer

        return framed


@dataclass(frozen=True, slots=True)
class Seen:
    """One request of somebody who is signed in."""

    request: Request
    desk: Desk
    guest: Guest

    def must_see(self, kiosk: str) -> None:
        """What is not theirs is not there.

        Raises:
            PageError: it is another ward's.
        """
        if not self.guest.sees(kiosk):
            raise PageError(HTTPStatus.NOT_FOUND, ERRORS["unknown"])

    def must_be_ward(self) -> None:
        """The city looks on.

        Raises:
            PageError: this guest is not of a ward.
        """
        if self.guest.role is not PageRole.WARD:
            raise PageError(HTTPStatus.FORBIDDEN, ERRORS["ward_only"])

    def page(self, template: str, **values: object) -> Response:
        """One page for this guest."""
        return render(self.request, template, values, guest=self.guest)


def secure(request: Request) -> bool:
    """Whether the browser's own connection is encrypted (a trusted balancer says so for its own)."""
    return request.url.scheme == "https"


def cookie_name(request: Request) -> str:
    """`__Host-` binds it to this host and to TLS; a browser takes that over TLS only."""
    return "__Host-kiosk" if secure(request) else "kiosk-loopback"


def signed_in(request: Request) -> Seen:
    """Whoever looks; a dependency of every page but the sign-in.

    Raises:
        SignedOutError: nobody is signed in.
    """
    desk = desk_of(request)
    found = guest(desk.store, request.cookies.get(cookie_name(request), ""))
    if found is None:
        raise SignedOutError
    return Seen(request, desk, found)


Here = Annotated[Seen, Depends(signed_in)]


def same_site(request: Request) -> None:
    """A form that another site sends is refused, signed in or not.

    Raises:
        PageError: the browser says that it comes from elsewhere.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    elsewhere = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if elsewhere or site not in {"same-origin", "none"}:
        raise PageError(HTTPStatus.FORBIDDEN, ERRORS["form"])


def own_form(here: Here, form_token: Annotated[str, Form(max_length=100)] = "") -> Seen:
    """Whoever sent a form from a page of their own session.

    Raises:
        PageError: it comes from elsewhere or from an older session.
    """
    same_site(here.request)
    if not form_fits(here.guest, form_token):
        raise PageError(HTTPStatus.FORBIDDEN, ERRORS["form"])
    return here


OwnForm = Annotated[Seen, Depends(own_form)]


def render(
    request: Request,
    template: str,
    values: Mapping[str, object],
    *,
    status: HTTPStatus = HTTPStatus.OK,
    guest: Guest | None = None,
) -> HTMLResponse:
    """A page as HTML, in the language asked for."""
    lang = _lang(request)

    def t(vi: str | Words, en: str = "", **fill: object) -> str:
        words = vi if isinstance(vi, Words) else Words(vi, en)
        return (words.fill(**fill) if fill else words).of(lang)

    other = LANGS[1 - LANGS.index(lang)]
    query = [(k, v) for k, v in request.query_params.multi_items() if k != LANG_COOKIE]
    path = request.url.path if request.method == "GET" else "/"
    link = f"{path}?{urlencode([*query, (LANG_COOKIE, other)])}"
    frame = {"t": t, "lang": lang, "other_lang": other, "other_link": link, "path": path}
    now = desk_of(request).store.now()
    html = _PAGES.get_template(template).render(**frame, guest=guest, now_ms=now, **values)
    return HTMLResponse(html, status)


def _must_be_private(request: Request) -> None:
    if not (secure(request) or _loopback(request)):
        raise PageError(HTTPStatus.FORBIDDEN, ERRORS["tls"])


def _told(error: Exception) -> PageError:
    if isinstance(error, PageError):
        return error
    if isinstance(error, UnknownError):
        return PageError(HTTPStatus.NOT_FOUND, ERRORS["unknown"])
    if isinstance(error, OrderError):
        return PageError(HTTPStatus.CONFLICT, ERRORS["over"])
    if isinstance(error, StoreError):
        _LOG.warning("a page could not be made: %s", type(error).__name__)
        return PageError(HTTPStatus.SERVICE_UNAVAILABLE, ERRORS["database"])
    return PageError(HTTPStatus.UNPROCESSABLE_ENTITY, ERRORS["invalid"])


def _lang(request: Request) -> str:
    asked = request.query_params.get(LANG_COOKIE) or request.cookies.get(LANG_COOKIE)
    return asked if asked in LANGS else LANGS[0]


def _keep_lang(request: Request, answer: Response) -> None:
    asked = request.query_params.get(LANG_COOKIE)
    if asked in LANGS:
        answer.set_cookie(
            LANG_COOKIE,
            asked,
            max_age=YEAR_S,
            secure=secure(request),
            httponly=True,
            samesite="strict",
        )


def _loopback(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
