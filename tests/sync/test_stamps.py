import pytest

from sync.jws import BadEnvelope
from sync.keys import new_stamp_secret, public
from sync.messages import Refusal
from sync.stamps import STAMP_GOOD_MS, check_request, check_stamp, make_stamp, sign_request
from tests.sync.hostile import SIGNER, STRANGER, as_json, signed

SECRET = new_stamp_secret()
NOW_MS = 1_795_000_000_000
STAMP = make_stamp(SECRET, NOW_MS)
PATH = "/v1/kiosks/q6-p02/journal?after=3"
BODY = b'{"statements":[]}'
REQUEST = sign_request(method="POST", path=PATH, body=BODY, stamp=STAMP, key=SIGNER)


def test_a_request_gives_its_stamp_back() -> None:
    stamp = check_request(REQUEST, method="POST", path=PATH, body=BODY, key=public(SIGNER))
    assert stamp == STAMP


OTHERS: dict[str, tuple[str, str, bytes]] = {
    "method": ("PUT", PATH, BODY),
    "query": ("POST", PATH.replace("3", "4"), BODY),
    "no query": ("POST", PATH.partition("?")[0], BODY),
    "another kiosk": ("POST", PATH.replace("p02", "p03"), BODY),
    "body": ("POST", PATH, BODY + b" "),
}


@pytest.mark.parametrize(("method", "path", "body"), OTHERS.values(), ids=OTHERS)
def test_a_request_signed_for_another_call_is_refused(method: str, path: str, body: bytes) -> None:
    with pytest.raises(BadEnvelope) as caught:
        check_request(REQUEST, method=method, path=path, body=body, key=public(SIGNER))
    assert caught.value.refusal is Refusal.AUDIENCE


def test_a_request_of_another_kiosk_is_refused() -> None:
    with pytest.raises(BadEnvelope) as caught:
        check_request(REQUEST, method="POST", path=PATH, body=BODY, key=public(STRANGER))
    assert caught.value.refusal is Refusal.KEY_ID


@pytest.mark.parametrize("stamp", [None, 5, "x" * 101])
def test_a_request_with_an_odd_stamp_is_refused(stamp: object) -> None:
    header = {"alg": "Ed25519", "typ": "hoso-request+jws", "kid": SIGNER.kid}
    text = signed(as_json({"stamp": stamp}), header)
    with pytest.raises(BadEnvelope) as caught:
        check_request(text, method="POST", path=PATH, body=BODY, key=public(SIGNER))
    assert caught.value.refusal is Refusal.SCHEMA


@pytest.mark.parametrize("away_ms", [0, 1, STAMP_GOOD_MS, -STAMP_GOOD_MS])
def test_a_stamp_is_good_for_ten_minutes(away_ms: int) -> None:
    assert check_stamp(SECRET, STAMP, NOW_MS + away_ms)


@pytest.mark.parametrize("away_ms", [STAMP_GOOD_MS + 1, -STAMP_GOOD_MS - 1])
def test_a_stamp_beyond_ten_minutes_is_stale(away_ms: int) -> None:
    assert not check_stamp(SECRET, STAMP, NOW_MS + away_ms)


FORGED = ["", ".", "x", "1.2", STAMP[:-1], "9" + STAMP, STAMP + "=", "\ud800.\ud800", "٣." + STAMP]


@pytest.mark.parametrize("stamp", FORGED, ids=range(len(FORGED)))
def test_a_forged_stamp_is_refused(stamp: str) -> None:
    assert not check_stamp(SECRET, stamp, NOW_MS)


def test_a_stamp_of_another_secret_is_refused() -> None:
    assert not check_stamp(new_stamp_secret(), STAMP, NOW_MS)
