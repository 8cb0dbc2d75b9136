"""The worked examples are true: each is opened, checked or computed again here."""

import base64
import hashlib
import hmac
import json
from typing import Any, cast

import pytest

from docs import protocol_examples, protocol_files
from sync import jws
from sync.compact import decode, encode, read_json
from sync.envelopes import BadEnvelope, Opened, check_statement, hash_of, open_manifest
from sync.keys import Key, read_key
from sync.messages import Manifest
from sync.schema import read_manifest
from sync.stamps import check_request, check_stamp

Json = dict[str, Any]
MADE = cast(Json, protocol_files.kept())
KEYS: dict[str, Key] = {name: read_key(jwk) for name, jwk in MADE["keys"].items()}


def _opened() -> Manifest:
    found = open_manifest(
        MADE["manifest"]["sealed"],
        opening_key=KEYS["manifest"],
        central_keys={KEYS["central"].kid: KEYS["central"]},
        kiosk="bt01",
        epoch=1,
        in_force=None,
    )
    assert isinstance(found, Opened)
    assert found.hash == MADE["manifest"]["hash"]
    return found.manifest


def test_the_sealed_manifest_opens_to_the_payload_that_is_shown() -> None:
    assert _opened() == read_manifest(MADE["manifest"]["payload"])
    payload = MADE["manifest"]["inner"].split(".")[1]
    assert read_json(decode(payload.encode())) == MADE["manifest"]["payload"]


def test_a_manifest_that_was_sealed_before_is_kept_and_a_stale_one_is_not() -> None:
    again = cast(Json, protocol_examples.examples(MADE))
    assert again["manifest"] == MADE["manifest"]
    stale = MADE | {"manifest": {"sealed": "of.another.time.and.key"}}
    fresh = cast(Json, protocol_examples.examples(stale))["manifest"]
    assert fresh["hash"] == MADE["manifest"]["hash"]
    assert fresh["sealed"] != MADE["manifest"]["sealed"]


def test_the_statements_are_signed_and_chained() -> None:
    prev = ""
    for seq, row in enumerate(MADE["statements"], 1):
        payload = check_statement(row["compact"], KEYS["statement"])
        assert payload == row["payload"]
        assert (payload["seq"], payload["prev"]) == (seq, prev)
        prev = encode(hashlib.sha256(row["compact"].encode()).digest())
        assert prev == row["hash"] == hash_of(row["compact"])


def test_the_manifest_names_the_head_of_the_statements() -> None:
    head = _opened().head
    assert (head.seq, head.hash) == (3, MADE["statements"][-1]["hash"])


def test_the_request_is_proven_for_exactly_its_bytes() -> None:
    told = MADE["request"]
    call = {"method": told["method"], "path": told["path"], "key": KEYS["transport"]}
    stamp = check_request(told["proof"], body=told["body"].encode(), **call)
    assert stamp == told["stamp"]
    secret = decode(told["stamp_secret"].encode())
    moment, _, mac = stamp.partition(".")
    expected = hmac.digest(secret, f"hoso-stamp:{moment}".encode(), "sha256")
    assert decode(mac.encode()) == expected
    assert check_stamp(secret, stamp, int(moment))
    with pytest.raises(BadEnvelope):
        check_request(told["proof"], body=told["body"].encode() + b" ", **call)


def test_the_page_names_the_hash_of_an_empty_body() -> None:
    page = protocol_files.PAGE.read_text(encoding="utf-8")
    assert f"`{encode(hashlib.sha256(b'').digest())}`" in page


def test_people_can_use_what_is_shown() -> None:
    held, staff = _opened().results[0].holders[0], _opened().staff[0]
    told = MADE["people"]
    assert told["codes"] == {str(c): _hotp(held.otp.secret, c) for c in range(3)}
    assert held.token is not None
    assert _sha(told["qr"].rpartition(".")[2]) == held.token.sha256
    assert _sha(told["card"].rpartition(".")[2]) == staff.card
    pin, salt = staff.pin, decode(staff.pin.salt.encode())
    cost = {"n": pin.n, "r": pin.r, "p": pin.p, "maxmem": 2**26, "dklen": 32}
    assert encode(hashlib.scrypt(told["pin"].encode(), salt=salt, **cost)) == pin.hash


def test_the_reply_to_an_enrolment_is_signed_by_the_key_that_the_code_names() -> None:
    told = MADE["enrolment"]
    _, code, kid = told["code"].split(".")
    reply = jws.check(told["signed"], typ="hoso-enrolment+jws", keys=[KEYS["central"]], most=8192)
    assert reply == told["reply"]
    assert told["reply"]["code"] == _sha(code)
    assert read_key(told["reply"]["central"]).kid == kid
    assert read_key(told["reply"]["next"]["jwk"]).kid == told["reply"]["next"]["kid"]
    sent = {name: read_key(told["request"][name]).kid for name in told["reply"]["keys"]}
    assert sent == told["reply"]["keys"]


@pytest.mark.parametrize("case", MADE["refused"], ids=lambda case: case["what"])
def test_what_must_be_refused_is_refused_on_that_rung(case: dict[str, str]) -> None:
    with pytest.raises(BadEnvelope) as caught:
        check_statement(case["compact"], KEYS["statement"])
    assert caught.value.refusal == case["refusal"]


def test_nothing_of_the_examples_is_a_secret_of_anybody() -> None:
    text = json.dumps(MADE, ensure_ascii=False)
    assert "0530004821" not in text
    assert text.count('"d"') == len(KEYS)


def _sha(text: str) -> str:
    return encode(hashlib.sha256(text.encode()).digest())


def _hotp(secret: str, counter: int) -> str:
    """RFC 4226 §5.3, by hand."""
    mac = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**8:08d}"
