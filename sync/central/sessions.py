"""Signing in and staying signed in, whichever replica answers.

The law of this file: a try is counted before it is judged, a TOTP step is good once, and what the cookie
holds is nowhere in the database. Too many tries pause the account or the address, never the whole city.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from sync.central.accounts import PageRole, matching_step
from sync.central.page_tables import Account, PageSession, PageTry
from sync.central.store import Store
from sync.compact import encode

MINUTE_MS = 60_000
IDLE_MS = 15 * MINUTE_MS
ABSOLUTE_MS = 10 * 60 * MINUTE_MS  # a working day
WINDOW_MS = 15 * MINUTE_MS
ACCOUNT_TRIES = 10  # in one window
ADDRESS_TRIES = 30  # a whole office may share one address
MOST_SESSIONS = 5  # of one account; the oldest goes first
SEEN_MS = MINUTE_MS  # how exactly the last use is kept
ID_BYTES = 32
MOST_ID = 64  # characters
_IPV6_PREFIX = 64  # one household has so many addresses


class SignInError(Exception):
    """Not signed in; nothing is said about which part was wrong."""


class PausedError(SignInError):
    """Too many tries; right ones are refused, too, until the window is over."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who looks at a page."""

    name: str
    role: PageRole
    kiosks: tuple[str, ...]  # of a ward; empty for a city, which sees all
    form_token: str = field(repr=False)  # must come back with every form

    def sees(self, kiosk: str) -> bool:
        """Whether this kiosk is theirs to look at."""
        return self.role is PageRole.CITY or kiosk in self.kiosks


def sign_in(store: Store, name: str, password: str, code: str, address: str) -> str:
    """What the cookie must hold from now on.

    Raises:
        PausedError: too often tried. SignInError: name, password or code is wrong, or was used.
    """
    digits = "".join(code.split())
    keys = {_key(store, f"account {name}"): ACCOUNT_TRIES}
    keys[_key(store, f"address {_network(address)}")] = ADDRESS_TRIES

    def count(session: Session) -> Account | None:
        now = store.now()
        session.execute(delete(PageTry).where(PageTry.since_ms <= now - WINDOW_MS))
        for key, most in sorted(keys.items()):
            tried = session.get(PageTry, key, with_for_update=True)
            if tried is None:
                tried = PageTry(key=key, count=0, since_ms=now)
                session.add(tried)
            if tried.count >= most:
                raise PausedError
            tried.count += 1
        return session.get(Account, name)

    account = store.run(count)
    step = matching_step(store, account, password, digits)
    if step is None or account is None:
        raise SignInError
    sealed = account.sealed

    def enter(session: Session) -> str:
        held = session.get(Account, name, with_for_update=True, populate_existing=True)
        if held is None or held.sealed != sealed or step <= held.last_step:
            raise SignInError
        held.last_step = step
        session.execute(delete(PageTry).where(PageTry.key == _key(store, f"account {name}")))
        _tidy(store, session, name)
        fresh, now = secrets.token_urlsafe(ID_BYTES), store.now()
        session.add(PageSession(id=_hash(fresh), account=name, made_ms=now, seen_ms=now))
        return fresh

    return store.run(enter)


def guest(store: Store, session_id: str) -> Guest | None:
    """Who this is, or None: unknown, idle for too long, or signed in too long ago."""
    if not 0 < len(session_id) <= MOST_ID:
        return None

    def unit(session: Session) -> Guest | None:
        held = session.get(PageSession, _hash(session_id))
        if held is None or _over(held, store.now()):
            return None
        account = session.get_one(Account, held.account)
        if store.now() - held.seen_ms >= SEEN_MS:
            held.seen_ms = store.now()
        return Guest(
            account.name,
            PageRole(account.role),
            tuple(account.kiosks),
            _form_token(store, session_id),
        )

    return store.run(unit)


def sign_out(store: Store, session_id: str) -> None:
    """Whatever the cookie still holds means nothing any more."""
    with store.begin() as session:
        session.execute(delete(PageSession).where(PageSession.id == _hash(session_id)))


def form_fits(who: Guest, token: str) -> bool:
    """Whether a form came from a page of this session."""
    return hmac.compare_digest(who.form_token.encode(), token.encode())


def _over(held: PageSession, now_ms: int) -> bool:
    return now_ms - held.seen_ms >= IDLE_MS or now_ms - held.made_ms >= ABSOLUTE_MS


def _tidy(store: Store, session: Session, name: str) -> None:
    now = store.now()
    dead = or_(PageSession.seen_ms <= now - IDLE_MS, PageSession.made_ms <= now - ABSOLUTE_MS)
    session.execute(delete(PageSession).where(dead))
    mine = select(PageSession.id).where(PageSession.account == name)
    newest = mine.order_by(PageSession.made_ms.desc(), PageSession.id).offset(MOST_SESSIONS - 1)
    old = session.scalars(newest.limit(MOST_SESSIONS)).all()
    session.execute(delete(PageSession).where(PageSession.id.in_(old)))


def _hash(session_id: str) -> str:
    return encode(hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).digest())


def _form_token(store: Store, session_id: str) -> str:
    key = store.settings.derived("page forms")
    return encode(hmac.digest(key, session_id.encode(), hashlib.sha256))


def _key(store: Store, what: str) -> str:
    digest = hmac.digest(store.fingerprint_secret, what.encode("utf-8", "replace"), hashlib.sha256)
    return encode(digest)


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _IPV6_PREFIX), strict=False))
    return str(found)
