import json

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.envelopes import Opened, Refused
from tests.sync.hostile import (
    INNER,
    MANIFEST,
    as_json,
    manifest,
    opened,
    sealed,
    signed,
    unb64,
    with_header,
)

PAYLOAD = as_json(MANIFEST)
GOOD = manifest()
EPK = json.loads(unb64(GOOD.split(".")[0]))["epk"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
unhurried = settings(deadline=None)  # how long an example takes is not what is tested here


@unhurried
@given(st.text() | st.binary())
def test_no_text_is_opened_and_none_raises(text: str | bytes) -> None:
    assert isinstance(opened(text), Refused)


@unhurried
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=3))
def test_no_overwritten_bytes_are_accepted(at: int, other: bytes) -> None:
    text = GOOD.encode()
    changed = text[:at] + other + text[at + len(other) :]
    assert isinstance(opened(changed), Opened if changed == text else Refused)


@unhurried
@given(st.sampled_from(["alg", "enc", "epk", "kid", "zip", "other"]), JSON)
def test_no_other_outer_header_is_accepted(name: str, value: object) -> None:
    assert isinstance(opened(with_header(GOOD, **{name: value})), Refused)


@unhurried
@given(st.sampled_from(["kty", "crv", "x", "d"]), JSON)
def test_no_other_ephemeral_key_is_accepted(name: str, value: object) -> None:
    assert isinstance(opened(with_header(GOOD, epk={**EPK, name: value})), Refused)


@unhurried
@given(st.sampled_from(["alg", "typ", "kid", "b64", "crit", "other"]), JSON)
def test_no_other_inner_header_is_accepted(name: str, value: object) -> None:
    assert isinstance(opened(sealed(signed(PAYLOAD, {**INNER, name: value}))), Refused)


@unhurried
@given(st.sampled_from(sorted(MANIFEST)), JSON)
def test_no_signed_payload_makes_the_ladder_raise(name: str, value: object) -> None:
    assert isinstance(opened(manifest(**{name: value})), Opened | Refused)


@unhurried
@given(st.binary())
def test_no_signed_bytes_are_opened_and_none_raise(payload: bytes) -> None:
    assert isinstance(opened(sealed(signed(payload))), Refused)
