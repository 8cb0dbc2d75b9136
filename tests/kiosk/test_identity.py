"""A kiosk's keys as files: made once, never overwritten, and never half believed."""

import json
import stat
from pathlib import Path

import pytest

from kiosk import identity
from kiosk.identity import Enrolment, IdentityError
from sync.keys import load_key, new_opening_key, new_signing_key, public, save_key

FILES = (identity.STATEMENT, identity.MANIFEST, identity.TRANSPORT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "var" / "keys"
    identity.make(made)
    return made


def test_three_keys_are_made_for_their_owner_alone(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in FILES} == {0o600}
    keys = identity.run_keys(folder)
    assert (keys.statement.curve, keys.manifest.curve) == ("Ed25519", "X25519")
    assert len({load_key(folder / name).kid for name in FILES}) == 3


def test_keys_that_are_there_are_never_overwritten(folder: Path) -> None:
    before = {name: (folder / name).read_bytes() for name in FILES}
    (folder / identity.TRANSPORT).unlink()
    identity.make(folder)
    after = {name: (folder / name).read_bytes() for name in FILES}
    assert {n for n in FILES if before[n] != after[n]} == {identity.TRANSPORT}


def test_private_keys_do_not_show_themselves(folder: Path) -> None:
    keys = identity.run_keys(folder)
    for name in FILES:
        secret = json.loads((folder / name).read_text())["d"]
        assert secret not in repr(keys) + repr(identity.transport_key(folder))


@pytest.mark.parametrize("name", [identity.STATEMENT, identity.MANIFEST])
def test_a_missing_key_is_told_with_its_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(IdentityError, match=f"{name}.*make and enrol the keys again"):
        identity.run_keys(folder)


def test_a_key_in_another_key_s_place_is_refused(folder: Path) -> None:
    save_key(folder / identity.STATEMENT, new_opening_key())
    with pytest.raises(IdentityError, match="not an Ed25519 key"):
        identity.run_keys(folder)
    save_key(folder / identity.TRANSPORT, public(new_signing_key()))
    with pytest.raises(IdentityError, match="only the public half"):
        identity.transport_key(folder)


def test_a_key_that_others_may_read_is_refused(folder: Path) -> None:
    (folder / identity.TRANSPORT).chmod(0o644)
    with pytest.raises(IdentityError, match="chmod 600"):
        identity.transport_key(folder)


def test_an_enrolment_comes_back_as_it_was_kept(folder: Path) -> None:
    kept = Enrolment("bt1", 3, public(new_signing_key()))
    identity.keep_enrolment(folder, kept)
    assert identity.enrolment(folder) == kept
    assert identity.enrolment(folder).central_keys == {kept.central.kid: kept.central}


def test_a_kiosk_that_was_never_enrolled_says_so(folder: Path) -> None:
    with pytest.raises(IdentityError, match="this kiosk is not enrolled"):
        identity.enrolment(folder)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"bt1"', '{"kiosk": "bt1"}', '{"kiosk": "bt1", "epoch": "x"}']
)
def test_a_damaged_enrolment_is_told(folder: Path, text: str) -> None:
    identity.keep_enrolment(folder, Enrolment("bt1", 1, public(new_signing_key())))
    (folder / identity.ENROLMENT).write_text(text)
    with pytest.raises(IdentityError, match=r"enrolment\.json: .*; enrol this kiosk again"):
        identity.enrolment(folder)


def test_a_lost_central_key_is_told(folder: Path) -> None:
    identity.keep_enrolment(folder, Enrolment("bt1", 1, public(new_signing_key())))
    (folder / identity.CENTRAL).unlink()
    with pytest.raises(IdentityError, match=r"central\.jwk: cannot be read"):
        identity.enrolment(folder)


def test_a_folder_that_cannot_hold_keys_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(IdentityError, match="keys cannot be kept there"):
        identity.make(tmp_path / "file" / "keys")
    with pytest.raises(IdentityError, match="cannot be written"):
        identity.keep_enrolment(tmp_path / "none", Enrolment("bt1", 1, new_signing_key()))
