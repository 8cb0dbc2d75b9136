"""The search for two consecutive codes: bounded, forward only (DESIGN §8)."""

from __future__ import annotations

import pyotp
import pytest

from kiosk.core import login
from kiosk.core.effects import TotpPair
from kiosk.core.login import find_pair
from tests.core.make import SECRET

CODES = pyotp.HOTP(SECRET)


def pair(first: int, second: int, after: int) -> TotpPair:
    return TotpPair(SECRET, CODES.at(first), CODES.at(second), after)


@pytest.mark.parametrize("ahead", [1, 2, 500])
def test_a_pair_newer_than_what_is_surely_past_is_found(ahead: int) -> None:
    assert find_pair(pair(1_000 + ahead, 1_001 + ahead, 1_000)) == 1_000 + ahead


@pytest.mark.parametrize(("first", "second"), [(1_000, 1_001), (900, 901)])
def test_a_pair_whose_first_code_is_past_is_not_found(
    monkeypatch: pytest.MonkeyPatch, first: int, second: int
) -> None:
    monkeypatch.setattr(login, "PAIR_STEPS", 300)
    assert find_pair(pair(first, second, 1_000)) == -1


@pytest.mark.parametrize(("first", "second"), [(1_006, 1_005), (1_005, 1_007), (1_005, 1_005)])
def test_codes_that_do_not_follow_each_other_are_no_pair(
    monkeypatch: pytest.MonkeyPatch, first: int, second: int
) -> None:
    monkeypatch.setattr(login, "PAIR_STEPS", 300)
    assert find_pair(pair(first, second, 1_000)) == -1


def test_the_search_ends_at_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "PAIR_STEPS", 50)
    assert find_pair(pair(1_048, 1_049, 1_000)) == 1_048
    assert find_pair(pair(1_049, 1_050, 1_000)) == -1


def test_nothing_of_a_pair_is_shown_by_repr() -> None:
    shown = repr(pair(1, 2, 0))
    assert [s for s in (SECRET, CODES.at(1), CODES.at(2)) if s in shown] == []
