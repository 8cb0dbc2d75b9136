import hashlib

import pytest
from joserfc import jws as joserfc_jws

from sync.envelopes import (
    BadEnvelope,
    check_statement,
    hash_of,
    peek_statement,
    sign_statement,
)
from sync.keys import new_opening_key, new_signing_key, public
from sync.messages import MAX_STATEMENT_BYTES, Refusal
from tests.sync.hostile import INNER, SIGNER, STRANGER, as_json, b64, signed

STATEMENT = {"kiosk": "q6-p02", "seq": 7, "kind": "accepted", "cid": "c1", "note": "tủ số 1"}
COMPACT = sign_statement(STATEMENT, SIGNER)
HEADER = {**INNER, "typ": "hoso-statement+jws"}

ROWS = [
    ("too long", Refusal.SIZE, "a" * (MAX_STATEMENT_BYTES + 1)),
    ("two segments", Refusal.INNER_FORM, COMPACT.rsplit(".", 1)[0]),
    ("letters outside ASCII", Refusal.INNER_FORM, "ngăn." + COMPACT),
    ("alg none", Refusal.INNER_FORM, signed(b"{}", {**HEADER, "alg": "none"})),
    ("a stranger's kid", Refusal.KEY_ID, sign_statement(STATEMENT, STRANGER)),
    ("a stranger's signature", Refusal.SIGNATURE, signed(b"{}", HEADER, STRANGER)),
    ("a manifest", Refusal.TYPE, signed(as_json(STATEMENT), INNER)),
    ("a list", Refusal.SCHEMA, signed(b"[]", HEADER)),
]


@pytest.mark.parametrize(("why", "text"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_hostile_statement_is_refused_by_its_own_name(why: Refusal, text: str) -> None:
    with pytest.raises(BadEnvelope) as caught:
        check_statement(text, public(SIGNER))
    assert caught.value.refusal is why


def test_a_signed_statement_comes_back_as_it_was() -> None:
    assert check_statement(COMPACT, public(SIGNER)) == STATEMENT
    assert check_statement(COMPACT, SIGNER) == STATEMENT


def test_a_bare_jose_library_verifies_our_statement() -> None:
    token = joserfc_jws.deserialize_compact(COMPACT, public(SIGNER).jwk, algorithms=["Ed25519"])
    assert token.headers() == HEADER
    assert (
        token.payload
        == '{"kiosk":"q6-p02","seq":7,"kind":"accepted","cid":"c1","note":"tủ số 1"}'.encode()
    )


def test_peeking_reads_what_nobody_has_verified() -> None:
    assert peek_statement(sign_statement(STATEMENT, STRANGER)) == STATEMENT


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", f"{b64(b'{}')}.+.a", f"{b64(b'{}')}.e.a"])
def test_peeking_at_dust_is_refused(text: str) -> None:
    with pytest.raises(BadEnvelope):
        peek_statement(text)


def test_the_hash_is_the_sha256_of_the_compact_text() -> None:
    assert hash_of(COMPACT) == b64(hashlib.sha256(COMPACT.encode()).digest())


def test_a_statement_longer_than_anybody_would_read_is_never_signed() -> None:
    with pytest.raises(ValueError, match="bytes"):
        sign_statement({"x": "y" * MAX_STATEMENT_BYTES}, SIGNER)


def test_what_is_not_json_is_never_signed() -> None:
    with pytest.raises(ValueError, match="JSON"):
        sign_statement({"up": float("nan")}, SIGNER)


def test_only_a_private_signing_key_signs() -> None:
    for key in (public(SIGNER), new_opening_key(), public(new_signing_key())):
        with pytest.raises(ValueError, match="private Ed25519"):
            sign_statement(STATEMENT, key)


def test_decomposed_letters_are_signed_as_one_normal_form() -> None:
    compact = sign_statement({"reason": "ho\u0302\u0300 so\u031b"}, SIGNER)
    assert peek_statement(compact) == {"reason": "h\u1ed3 s\u01a1"}
