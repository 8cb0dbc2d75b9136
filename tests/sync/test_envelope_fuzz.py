"""Whole tokens bent at their joints: whatever comes, both borders answer with a name and nothing else.

`test_manifest_fuzz` overwrites bytes and bends headers one by one; here tokens are cut, spliced from several
genuine ones, blown up and nested, and statements and requests are bent as manifests are.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import jws
from sync.envelopes import (
    Opened,
    Refused,
    check_statement,
    peek_statement,
    sign_statement,
)
from sync.jws import BadEnvelope
from sync.keys import new_opening_key, public
from sync.messages import REQUEST_TYPE, Refusal
from sync.schema import read_statement
from sync.stamps import check_request, check_stamp, make_stamp, sign_request
from tests.sync.hostile import (
    INNER,
    MANIFEST,
    OPENER,
    OUTER,
    SIGNER,
    STRANGER,
    as_json,
    b64,
    manifest,
    opened,
    sealed,
    signed,
    signed_raw,
)

LONGEST_TEXT = 1_000  # an error that repeats what was sent would be a way to fill the log
brief = settings(deadline=None, max_examples=150)
STATEMENT = {
    "kiosk": "q6-p02",
    "epoch": 3,
    "seq": 7,
    "prev": "a" * 43,
    "at": "2026-11-21T15:04:00.000Z",
    "clock": "synced",
    "up": 5.0,
    "kind": "collected",
    "cid": "c1",
}
TOKENS = [
    manifest(),
    manifest(ver=1),
    sealed(signed(as_json(MANIFEST), key=STRANGER)),
    sealed(signed(as_json(MANIFEST)), {**OUTER, "kid": "x" * 43}, new_opening_key()),
    signed(as_json(MANIFEST)),
    sign_statement(STATEMENT, SIGNER),
    sign_statement(STATEMENT, STRANGER),
    sign_request(method="GET", path="/v1/x", body=b"", stamp="1.x", key=SIGNER),
]
PARTS = sorted(
    {part for token in TOKENS for part in token.split(".")} | {"", "e30", "bnVsbA", "=", "é"}
)
GOOD, COMPACT, REQUEST = TOKENS[0], TOKENS[5], TOKENS[7]

# Trees that a parser may stumble over, as JSON text.
HUGE = st.sampled_from(
    [
        "9" * 5_000,
        "-" + "9" * 5_000,
        "1e999999",
        "-1e999999",
        "0." + "0" * 5_000 + "1",
        "NaN",
        "Infinity",
        str(2**53),
        str(2**63),
        str(2**64),
        "1E400",
        "true",
        '"\\ud800"',
        '"\\u0000"',
        "[" * 3_000 + "]" * 3_000,
        '{"a":' * 3_000 + "1" + "}" * 3_000,
        "[" * 100_000,
        "[" + "[]," * 20_000 + "1]",
    ]
)


def spliced(count: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(PARTS), min_size=count, max_size=count).map(".".join)


@st.composite
def bent(draw: st.DrawFn, token: str) -> str:
    """Cut, doubled, or with a piece taken out and put elsewhere; perhaps a sign flipped besides."""
    at, to = sorted(draw(st.tuples(*[st.integers(0, len(token))] * 2)))
    how = draw(st.sampled_from(["cut", "drop", "double", "turn", "flip"]))
    if how == "cut":
        return token[:at]
    if how == "drop":
        return token[:at] + token[to:]
    if how == "double":
        return token[:to] + token[at:]
    if how == "turn":
        return token[at:to] + token[:at] + token[to:]
    sign = draw(st.sampled_from("AZaz09-_.=+/ \n\0é"))
    return token[:at] + sign + token[at + 1 :]


def named(check: Callable[[str], object], token: str) -> Refusal | None:
    """The name of the refusal; None when it was believed. Anything else goes up."""
    try:
        check(token)
    except BadEnvelope as error:
        return error.refusal if len(str(error)) < LONGEST_TEXT else None
    return None


def statement(token: str) -> object:
    return check_statement(token, public(SIGNER))


def request(token: str) -> object:
    return check_request(token, method="GET", path="/v1/x", body=b"", key=public(SIGNER))


@brief
@given(st.one_of(spliced(5), spliced(3), bent(GOOD)))
def test_only_a_genuine_manifest_opens(token: str) -> None:
    told = opened(token)
    assert isinstance(told, Opened if token in (GOOD, TOKENS[1]) else Refused)
    if isinstance(told, Refused):
        assert told.refusal in set(Refusal)
        assert len(told.detail) < LONGEST_TEXT


@brief
@given(st.one_of(spliced(3), bent(COMPACT)))
def test_only_a_genuine_statement_is_believed(token: str) -> None:
    assert (named(statement, token) is None) == (token == COMPACT)
    named(peek_statement, token)


@brief
@given(st.one_of(spliced(3), bent(REQUEST)))
def test_only_a_genuine_request_is_believed(token: str) -> None:
    assert (named(request, token) is None) == (token == REQUEST)


@brief
@given(st.sampled_from(sorted(MANIFEST)), HUGE)
def test_numbers_and_trees_without_end_in_a_signed_manifest_are_refused_by_name(
    field: str, value: str
) -> None:
    rest = {name: other for name, other in MANIFEST.items() if name != field}
    text = f'{{"{field}":{value},{json.dumps(rest)[1:]}'
    assert isinstance(opened(sealed(signed(text.encode()))), Opened | Refused)


@brief
@given(st.sampled_from(sorted(STATEMENT)), HUGE)
def test_numbers_and_trees_without_end_in_a_signed_statement_are_refused_by_name(
    field: str, value: str
) -> None:
    rest = {name: other for name, other in STATEMENT.items() if name != field}
    text = f'{{"{field}":{value},{json.dumps(rest)[1:]}'.encode()
    token = signed_raw(text, as_json({**INNER, "typ": "hoso-statement+jws"}))
    # `BadEnvelope` is one too; the frame's own reader says what is wrong in it.
    with suppress(ValueError):
        assert read_statement(check_statement(token, public(SIGNER))).kiosk == STATEMENT["kiosk"]


@brief
@given(HUGE, st.sampled_from(["alg", "typ", "kid", "crit", "zip", "epk", "other"]))
def test_numbers_and_trees_without_end_in_a_header_are_refused_by_name(
    value: str, name: str
) -> None:
    inner = f'{{"{name}":{value},{json.dumps(INNER)[1:]}'.encode()
    token = signed_raw(as_json(STATEMENT), inner)
    assert named(statement, token) is not None
    outer = b64(f'{{"{name}":{value},{json.dumps(OUTER)[1:]}'.encode())
    assert isinstance(opened(f"{outer}.{GOOD.split('.', 1)[1]}"), Refused)
    assert isinstance(opened(sealed(token)), Refused)


@pytest.mark.parametrize("typ", ["hoso-statement+jws", "hoso-manifest+jws", "hoso-request+jws"])
def test_what_is_signed_for_one_purpose_serves_no_other(typ: str) -> None:
    token = jws.sign(STATEMENT, typ=typ, key=SIGNER, most=4096)
    assert (named(statement, token) is None) == (typ == "hoso-statement+jws")
    assert named(request, token) is (
        Refusal.SCHEMA if typ == REQUEST_TYPE else Refusal.TYPE  # its fields are another's
    )
    told = opened(sealed(token))
    assert isinstance(told, Refused)
    assert told.refusal is (Refusal.SCHEMA if typ == INNER["typ"] else Refusal.TYPE)


@brief
@given(st.one_of(st.text(), bent(make_stamp(b"s" * 32, 1_795_000_000_000))))
def test_no_bent_stamp_is_good(stamp: str) -> None:
    genuine = stamp == make_stamp(b"s" * 32, 1_795_000_000_000)
    assert check_stamp(b"s" * 32, stamp, 1_795_000_000_000) is genuine


def test_the_key_that_opens_is_the_one_that_was_meant() -> None:
    assert OUTER["kid"] == OPENER.kid
    assert isinstance(opened(GOOD), Opened)
