"""Who gets in: password and TOTP, once per step, not too often, not for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from sync.central.accounts import AccountError, PageRole, add_account, remove_account
from sync.central.page_tables import Account, PageSession, PageTry
from sync.central.sessions import (
    ABSOLUTE_MS,
    ACCOUNT_TRIES,
    ADDRESS_TRIES,
    IDLE_MS,
    MOST_SESSIONS,
    WINDOW_MS,
    PausedError,
    SignInError,
    guest,
    sign_in,
    sign_out,
)
from sync.central.store import UnknownError
from tests.pages.browser import Browser
from tests.pages.town import MINUTE_MS, Town

Browse = Callable[..., Browser]
HOME = "203.0.113.9"


def _enter(town: Town, name: str = "lan", *, address: str = HOME) -> str:
    return sign_in(town.store, name, town.accounts[name].password, town.code(name), address)


def test_password_and_code_together_open_a_session(town: Town) -> None:
    who = guest(town.store, _enter(town))
    assert who is not None
    assert (who.name, who.role, who.kiosks) == ("lan", PageRole.WARD, ("bt01",))


@pytest.mark.parametrize("wrong", ["password", "code", "name"])
def test_any_one_of_the_three_wrong_opens_nothing(town: Town, wrong: str) -> None:
    told = town.accounts["lan"]
    form = {"name": "lan", "password": told.password, "code": town.code("lan"), wrong: "000001"}
    with pytest.raises(SignInError):
        sign_in(town.store, form["name"], form["password"], form["code"], HOME)


def test_the_same_code_is_never_good_twice_nor_an_older_one_after_it(town: Town) -> None:
    told, code = town.accounts["lan"], town.code("lan")
    _enter(town)
    with pytest.raises(SignInError):
        sign_in(town.store, "lan", told.password, code, HOME)
    town.now.ms -= 30_000
    with pytest.raises(SignInError):
        _enter(town)
    town.now.ms += 60_000
    _enter(town)


def test_a_clock_one_step_off_is_borne_and_two_are_not(town: Town) -> None:
    told = town.accounts["lan"]
    code = town.code("lan")
    town.now.ms += 60_000
    with pytest.raises(SignInError):
        sign_in(town.store, "lan", told.password, code, HOME)
    town.now.ms -= 30_000
    sign_in(town.store, "lan", told.password, code, HOME)


def test_too_many_tries_pause_the_account_and_the_window_ends(town: Town) -> None:
    for n in range(ACCOUNT_TRIES):
        with pytest.raises(SignInError):
            sign_in(town.store, "lan", "guess", "123456", f"203.0.113.{n}")
    with pytest.raises(PausedError):
        _enter(town, address="198.51.100.1")
    town.now.ms += WINDOW_MS
    _enter(town, address="198.51.100.1")


def test_one_address_cannot_try_every_name_and_ipv6_neighbours_are_one_address(town: Town) -> None:
    for n in range(ADDRESS_TRIES):
        with pytest.raises(SignInError):
            sign_in(town.store, f"guess{n}", "guess", "123456", f"2001:db8:1:2::{n:x}")
    with pytest.raises(PausedError):
        _enter(town, address="2001:db8:1:2:ffff::1")
    _enter(town, address="2001:db8:1:3::1")


def test_neither_names_nor_addresses_of_tries_are_kept_in_plain_text(town: Town) -> None:
    with pytest.raises(SignInError):
        sign_in(town.store, "my-password-typed-here", "x", "1", HOME)
    with town.store.begin() as session:
        keys = session.scalars(select(PageTry.key)).all()
    assert len(keys) == 2
    assert not [key for key in keys if "my-password" in key or HOME in key]


def test_a_session_ends_when_idle_and_at_the_end_of_the_day_in_any_case(town: Town) -> None:
    first = _enter(town)
    town.now.ms += IDLE_MS
    assert guest(town.store, first) is None
    second = _enter(town)
    for _ in range(ABSOLUTE_MS // (10 * MINUTE_MS) - 1):
        town.now.ms += 10 * MINUTE_MS
        assert guest(town.store, second) is not None
    town.now.ms += 10 * MINUTE_MS
    assert guest(town.store, second) is None


def test_signing_out_ends_it_for_whoever_holds_the_cookie(town: Town) -> None:
    held = _enter(town)
    sign_out(town.store, held)
    assert guest(town.store, held) is None


def test_what_the_cookie_holds_is_nowhere_in_the_database(town: Town) -> None:
    held = _enter(town)
    with town.store.begin() as session:
        ids = session.scalars(select(PageSession.id)).all()
        sealed = session.scalars(select(Account.sealed)).all()
    told = town.accounts["lan"]
    assert held not in ids
    assert not [s for s in sealed if told.password in s or told.totp_secret in s]


def test_an_account_has_no_more_than_a_few_sessions(town: Town) -> None:
    held = []
    for _ in range(MOST_SESSIONS + 1):
        town.now.ms += 30_000
        held.append(_enter(town))
    alive = [guest(town.store, one) is not None for one in held]
    assert alive == [False] + [True] * MOST_SESSIONS


def test_a_new_password_ends_the_old_one_and_every_session(town: Town) -> None:
    old, held = town.accounts["lan"], _enter(town)
    town.account("lan", PageRole.WARD, "bt01")
    assert guest(town.store, held) is None
    with pytest.raises(SignInError):
        sign_in(town.store, "lan", old.password, town.code("lan"), HOME)
    _enter(town)


def test_a_removed_account_is_gone_at_once(town: Town) -> None:
    held = _enter(town)
    assert remove_account(town.store, "lan")
    assert guest(town.store, held) is None
    assert not remove_account(town.store, "lan")


def test_impossible_accounts_are_not_made(town: Town) -> None:
    for name, role, kiosks in (
        ("Lan", PageRole.WARD, ["bt01"]),
        ("", PageRole.CITY, []),
        ("lan", PageRole.WARD, []),
        ("lan", PageRole.CITY, ["bt01"]),
    ):
        with pytest.raises(AccountError):
            add_account(town.store, name, role, kiosks)
    with pytest.raises(UnknownError):
        add_account(town.store, "lan", PageRole.WARD, ["nowhere"])


def test_no_secret_is_in_a_repr(town: Town) -> None:
    told, who = town.accounts["lan"], guest(town.store, _enter(town))
    assert told.password not in repr(told)
    assert told.totp_secret not in repr(told)
    assert who is not None
    assert who.form_token not in repr(who)
