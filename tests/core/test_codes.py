"""Preparing and comparing codes (DESIGN §5), against RFC 4226 Appendix D."""

from __future__ import annotations

import base64
import hashlib

import pytest

from kiosk.core.codes import (
    LOOK_AHEAD,
    SUPERSEDED,
    Codes,
    Match,
    Standing,
    as_it_stands,
    check_token,
    check_typed,
    forget_stale,
    hotp,
    made_ahead,
    prepare,
    refresh,
    the_one,
    typed_for,
)
from kiosk.core.memory import Memory
from sync.messages import Kind, Manifest, Token
from tests.core.make import (
    OTHER_SECRET,
    SECRET,
    Said,
    a_holder,
    a_manifest,
    a_memory,
    a_result,
    accepted,
    at,
    loaded,
    merged,
)

# Dynamic truncation values of RFC 4226 Appendix D; the last eight digits of each are the code.
RFC_4226 = {
    0: 1284755224,
    1: 1094287082,
    2: 137359152,
    3: 1726969429,
    4: 1640338314,
    5: 868254676,
    6: 1918287922,
    7: 82162583,
    8: 673399871,
    9: 645520489,
}
# Derived with the same secret: counters past 31, 32 and 63 bits, and codes with leading zeros.
BIG = {2**31: "04197202", 2**32: "55999456", 2**63 - 1: "50181742"}
ZEROS = {3208: "00044814", 3708: "00011204", 3999: "00096320"}


@pytest.mark.parametrize(("counter", "truncated"), RFC_4226.items())
def test_codes_are_those_of_rfc_4226(counter: int, truncated: int) -> None:
    assert hotp(SECRET, counter) == f"{truncated % 10**8:08d}"


@pytest.mark.parametrize(("counter", "code"), {**BIG, **ZEROS}.items())
def test_big_counters_and_leading_zeros_come_out_whole(counter: int, code: str) -> None:
    assert hotp(SECRET, counter) == code


def pairs(codes: Codes) -> set[tuple[bytes, Match]]:
    return {*zip(codes.typed.texts, codes.typed.matches, strict=True)}


def at_floor(floor: int, *said: Said) -> tuple[Manifest, Memory]:
    """r1 in compartment 1, its counter at `floor`."""
    result = a_result("r1", a_holder(counter=floor))
    return a_manifest(result), a_memory(merged(result), loaded(), *said)


def matches(codes: Codes, counter: int) -> list[Match]:
    return list(check_typed(codes, "4821", hotp(SECRET, counter)))


def test_floor_and_one_more_are_good_and_three_before_are_superseded() -> None:
    manifest, memory = at_floor(7)
    codes = prepare(manifest, memory, {})
    standings = {c: [m.standing for m in matches(codes, c)] for c in range(2, 11)}
    assert standings == {
        **{c: [] for c in (2, 3, 9, 10)},
        **{c: [Standing.SUPERSEDED] for c in (4, 5, 6)},
        **{c: [Standing.GOOD] for c in (7, 8)},
    }
    assert (LOOK_AHEAD, SUPERSEDED) == (1, 3)


def test_the_accepted_counter_finishes_while_a_part_is_unopened() -> None:
    manifest, memory = at_floor(0, accepted())
    assert [m.standing for m in matches(prepare(manifest, memory, {}), 0)] == [Standing.FINISHES]
    _, opened = at_floor(0, accepted(), at(Kind.OPENED))
    assert [m.standing for m in matches(prepare(manifest, opened, {}), 0)] == [Standing.SUPERSEDED]


def test_codes_made_ahead_are_those_that_prepare_would_make() -> None:
    manifest, memory = at_floor(7)
    ahead = made_ahead(manifest)
    assert prepare(manifest, memory, {}).made == ahead
    assert prepare(manifest, memory, ahead).made is ahead


def test_a_refresh_is_the_same_as_preparing_anew() -> None:
    first, second = a_result("r1"), a_result("r2", a_holder(secret=OTHER_SECRET, known="1639"))
    manifest = a_manifest(first, second)
    before = a_memory(merged(first, second), loaded(), loaded("r2", 2))
    after = a_memory(merged(first, second), loaded(), loaded("r2", 2), accepted())
    codes = refresh(prepare(manifest, before, {}), manifest, after, frozenset({"r1"}))
    anew = prepare(manifest, after, {})
    assert pairs(codes) == pairs(anew)
    assert codes.who == anew.who


def test_what_nothing_uses_any_more_is_forgotten() -> None:
    manifest, memory = at_floor(7)
    old = made_ahead(a_manifest(a_result("r1", a_holder(counter=100))))
    codes = prepare(manifest, memory, {**old, **made_ahead(manifest)})
    assert forget_stale(codes).made == made_ahead(manifest)


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ("4821", "8475522"),
        ("4821", "847552240"),
        ("482", "184755224"),
        ("48218", "4755224"),
        ("4821", "8475 224"),
        ("4821", "\uff18\uff14\uff17\uff15\uff15\uff12\uff12\uff14"),
        ("4821", "\u0668\u0664\u0667\u0665\u0665\u0662\u0662\u0664"),
        ("\uff14821", "84755224"),
        ("4821", ""),
        ("", ""),
    ],
)
def test_only_four_and_eight_ascii_digits_can_match(known: str, code: str) -> None:
    manifest, memory = at_floor(0)
    assert check_typed(prepare(manifest, memory, {}), known, code) == ()
    assert check_typed(prepare(manifest, memory, {}), "4821", "84755224") != ()


def test_a_lower_gen_than_known_here_prepares_nothing() -> None:
    high, low = a_result("r1", a_holder(gen=2)), a_result("r1", a_holder(gen=1))
    memory = a_memory(merged(high), loaded())
    assert prepare(a_manifest(low), memory, {}).typed.texts == ()


def test_a_token_is_compared_by_its_hash_and_dies_with_its_counter() -> None:
    token = "abcdefghijklmnopqrstuv"
    digest = hashlib.sha256(token.encode()).digest()
    kept = Token(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), 3)
    for floor, standing in [(3, Standing.GOOD), (4, Standing.SUPERSEDED)]:
        result = a_result("r1", a_holder(counter=floor, token=kept))
        codes = prepare(a_manifest(result), a_memory(merged(result), loaded()), {})
        assert [m.standing for m in check_token(codes, token)] == [standing]
        assert check_token(codes, token.upper()) == ()


def test_two_holders_with_one_code_are_nobody() -> None:
    one = Match("r1", "h1", 1, 0, Standing.GOOD)
    assert the_one((one, Match("r2", "h1", 1, 0, Standing.GOOD))) is None
    assert the_one((one, Match("r1", "h2", 1, 0, Standing.GOOD))) is None
    assert the_one(()) is None
    assert the_one((one,)) is one


def test_a_superseded_code_never_stands_in_the_way_of_a_good_one() -> None:
    good = Match("r1", "h1", 1, 0, Standing.GOOD)
    assert the_one((Match("r2", "h1", 1, 5, Standing.SUPERSEDED), good)) is good


def test_typed_for_names_everybody_with_these_known_digits() -> None:
    first, second = a_result("r1"), a_result("r2", a_holder("h7"), a_holder("h8", known="1639"))
    codes = prepare(a_manifest(first, second), a_memory(), {})
    assert typed_for(codes, "4821") == [["r1", "h1"], ["r2", "h7"]]
    assert typed_for(codes, "0000") == []


def test_a_match_is_looked_up_again_as_it_stands_now() -> None:
    manifest, memory = at_floor(0)
    match = matches(prepare(manifest, memory, {}), 0)[0]
    _, later = at_floor(0, accepted())
    now = as_it_stands(prepare(manifest, later, {}), match)
    assert now is not None
    assert now.standing is Standing.FINISHES
    assert as_it_stands(Codes(), match) is None


def test_without_a_manifest_there_is_no_code() -> None:
    assert prepare(None, a_memory(), {}) == Codes()
    assert refresh(Codes(), None, a_memory(), frozenset({"r1"})) == Codes()


def test_codes_do_not_show_themselves() -> None:
    manifest, memory = at_floor(0)
    assert "84755224" not in repr(prepare(manifest, memory, {}))
