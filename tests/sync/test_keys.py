import json
import stat
from pathlib import Path

import pytest

from sync.keys import (
    OPENING,
    SIGNING,
    BadKeyError,
    Key,
    kid,
    load_key,
    load_secret,
    new_opening_key,
    new_signing_key,
    new_stamp_secret,
    public,
    public_jwk,
    read_key,
    save_key,
    save_secret,
)

# RFC 8037, appendix A.1 to A.3: an Ed25519 key and its thumbprint.
RFC_KEY = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
RFC_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_key_id_is_the_thumbprint_of_rfc_8037() -> None:
    assert kid(read_key(RFC_KEY)) == RFC_THUMBPRINT
    assert kid(public(read_key(RFC_KEY))) == RFC_THUMBPRINT


@pytest.mark.parametrize("key", [new_signing_key(), new_opening_key()], ids=[SIGNING, OPENING])
def test_a_key_comes_back_from_its_file(tmp_path: Path, key: Key) -> None:
    path = tmp_path / "key.jwk"
    save_key(path, key)
    assert load_key(path) == key
    assert load_key(path).private
    assert _mode(path) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["key.jwk"]


def test_a_new_key_replaces_the_old_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "key.jwk"
    save_key(path, new_signing_key())
    second = new_signing_key()
    save_key(path, second)
    assert load_key(path) == second


def test_a_key_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(OSError, match="folder"):
        save_key(path, new_signing_key())
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder"]


def test_a_public_key_has_no_private_half_and_may_be_read_by_all(tmp_path: Path) -> None:
    path = tmp_path / "central.jwk"
    save_key(path, public(new_signing_key()))
    assert not load_key(path).private
    assert "d" not in json.loads(path.read_text())
    assert _mode(path) == 0o644


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o666])
def test_a_private_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key.jwk"
    save_key(path, new_signing_key())
    path.chmod(mode)
    with pytest.raises(BadKeyError, match="chmod 600"):
        load_key(path)


@pytest.mark.parametrize("mode", [0o400, 0o440])
def test_a_credential_of_systemd_is_taken(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key.jwk"
    save_key(path, new_signing_key())
    path.chmod(mode)
    assert load_key(path).private


GARBAGE: dict[str, object] = {
    "a list": [],
    "RSA": {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    "another curve": {**RFC_KEY, "crv": "Ed448"},
    "no point": {name: RFC_KEY[name] for name in ("kty", "crv", "d")},
    "a short point": {**RFC_KEY, "x": "AAAA"},
    "another point": {**RFC_KEY, "x": public_jwk(new_signing_key())["x"]},
    "a short secret": {**RFC_KEY, "d": "AAAA"},
    "another kid": {**RFC_KEY, "kid": "mine"},
    "a number": {**RFC_KEY, "x": 5},
}


@pytest.mark.parametrize("jwk", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_not_taken_for_a_key(tmp_path: Path, jwk: object) -> None:
    path = tmp_path / "key.jwk"
    path.write_text(json.dumps(jwk))
    path.chmod(0o600)
    with pytest.raises(BadKeyError) as caught:
        load_key(path)
    assert str(path) in str(caught.value)
    assert RFC_KEY["d"] not in str(caught.value)


def test_a_file_that_is_missing_or_no_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadKeyError, match="cannot be read"):
        load_key(tmp_path / "missing.jwk")
    (tmp_path / "key.jwk").write_bytes(b"\x00\xff")
    with pytest.raises(BadKeyError, match="not a JWK file"):
        load_key(tmp_path / "key.jwk")


def test_a_signing_key_is_not_taken_where_an_opening_key_is_wanted(tmp_path: Path) -> None:
    save_key(tmp_path / "key.jwk", new_signing_key())
    with pytest.raises(BadKeyError, match="not an X25519 key"):
        load_key(tmp_path / "key.jwk", curve=OPENING)


def test_no_repr_shows_a_private_key() -> None:
    key = read_key(RFC_KEY)
    assert RFC_KEY["d"] not in repr(key)
    assert RFC_KEY["d"] not in repr(key.jwk)


def test_a_stamp_secret_comes_back_from_its_file(tmp_path: Path) -> None:
    secret = new_stamp_secret()
    save_secret(tmp_path / "stamp.jwk", secret)
    assert load_secret(tmp_path / "stamp.jwk") == secret
    assert _mode(tmp_path / "stamp.jwk") == 0o600


@pytest.mark.parametrize("text", ['{"kty":"oct","k":"AAAA"}', '{"kty":"oct","k":"é"}', "[]", "{}"])
def test_garbage_is_not_taken_for_a_stamp_secret(tmp_path: Path, text: str) -> None:
    path = tmp_path / "stamp.jwk"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(BadKeyError, match="not a stamp secret"):
        load_secret(path)
