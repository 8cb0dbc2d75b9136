"""Enrolment by two files, with the real central at the other end."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import cli_central as central
from kiosk import enroll, identity
from kiosk.config import Config, ConfigError, load
from kiosk.identity import IdentityError
from sync.central.enrol import Enrolled, enrol_kiosk, read_kiosk_keys
from sync.central.manifests import current
from sync.central.settings import Settings
from sync.central.store import Store
from sync.envelopes import Opened, open_manifest
from sync.keys import public_jwk
from tests.kiosk.station import WALL_MS, config_file

PLACE = ("P.Bình Tiên", "123 Đường Số 45")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load(config_file(tmp_path))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return central.settings(tmp_path / "central")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    made = Store(settings, lambda: WALL_MS)
    yield made
    made.close()


def _asked(config: Config, tmp_path: Path) -> Path:
    path = tmp_path / "request.json"
    assert enroll.request(config, path) == 0
    return path


def _entered(store: Store, request: Path) -> Enrolled:
    raw = json.loads(request.read_text())
    keys = read_kiosk_keys(raw)
    return enrol_kiosk(store, raw["kiosk"], keys, unit=PLACE[0], address=PLACE[1])


def test_two_files_are_enough_for_a_manifest_that_opens(
    config: Config, settings: Settings, store: Store, tmp_path: Path
) -> None:
    answer = tmp_path / "answer.json"
    assert central.enrol(settings, _asked(config, tmp_path), *PLACE, answer) == 0
    assert enroll.accept(config, answer) == 0
    held = identity.enrolment(config.keys)
    assert (held.kiosk, held.epoch) == ("bt1", 1)
    with store.begin() as session:
        jwe = current(store, session, store.kiosk(session, "bt1"), None).jwe
    opened = open_manifest(
        jwe,
        opening_key=identity.run_keys(config.keys).manifest,
        central_keys=held.central_keys,
        kiosk=held.kiosk,
        epoch=held.epoch,
        in_force=None,
    )
    assert isinstance(opened, Opened)


def test_the_request_holds_public_halves_only(config: Config, tmp_path: Path) -> None:
    text = _asked(config, tmp_path).read_text()
    assert '"d"' not in text
    for name in (identity.STATEMENT, identity.MANIFEST, identity.TRANSPORT):
        assert json.loads((config.keys / name).read_text())["d"] not in text


def test_asking_again_asks_with_the_same_keys(config: Config, store: Store, tmp_path: Path) -> None:
    first = _asked(config, tmp_path).read_text()
    assert _asked(config, tmp_path).read_text() == first
    assert _entered(store, tmp_path / "request.json").epoch == 1
    assert _entered(store, tmp_path / "request.json").epoch == 1


def test_new_keys_are_a_new_epoch(config: Config, store: Store, tmp_path: Path) -> None:
    _entered(store, _asked(config, tmp_path))
    (config.keys / identity.STATEMENT).unlink()
    assert _entered(store, _asked(config, tmp_path)).epoch == 2


def _answer(config: Config, store: Store, tmp_path: Path, **other: object) -> Path:
    told = _entered(store, _asked(config, tmp_path))
    fields = {"kiosk": told.kiosk, "epoch": told.epoch, "central": public_jwk(told.central)}
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({**fields, **other}))
    return path


def test_an_answer_for_another_kiosk_is_not_kept(
    config: Config, store: Store, tmp_path: Path
) -> None:
    path = _answer(config, store, tmp_path, kiosk="bt2")
    with pytest.raises(IdentityError, match="is for kiosk 'bt2', not 'bt1'"):
        enroll.accept(config, path)
    assert not (config.keys / identity.ENROLMENT).exists()


@pytest.mark.parametrize(
    "other",
    [
        {"central": None},
        {"central": {"kty": "OKP", "crv": "X25519", "x": "A" * 43}},
        {"central": {"kty": "oct", "k": "AAAA"}},
        {"epoch": "first"},
        {"epoch": None},
    ],
)
def test_a_damaged_answer_is_told_and_not_kept(
    config: Config, store: Store, tmp_path: Path, other: dict[str, object]
) -> None:
    path = _answer(config, store, tmp_path, **other)
    with pytest.raises(IdentityError, match=r"answer\.json: not an answer of central"):
        enroll.accept(config, path)
    assert not (config.keys / identity.ENROLMENT).exists()


@pytest.mark.parametrize("text", ["", "[]", "{}"])
def test_a_file_that_is_no_answer_is_told(config: Config, tmp_path: Path, text: str) -> None:
    (tmp_path / "answer.json").write_text(text)
    with pytest.raises(IdentityError, match="not an answer of central"):
        enroll.accept(config, tmp_path / "answer.json")


def test_accepting_before_keys_were_made_is_told(
    config: Config, store: Store, tmp_path: Path
) -> None:
    path = _answer(config, store, tmp_path)
    config.keys.rename(tmp_path / "elsewhere")
    with pytest.raises(IdentityError, match="cannot be written"):
        enroll.accept(config, path)


def test_a_request_that_cannot_be_written_is_told(config: Config, tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match=r"request\.json: cannot be written"):
        enroll.request(config, tmp_path / "nowhere" / "request.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kiosk": "bt1"}'])
def test_central_refuses_a_damaged_request(settings: Settings, tmp_path: Path, text: str) -> None:
    (tmp_path / "request.json").write_text(text)
    with pytest.raises(ConfigError, match="the kiosk was not entered"):
        central.enrol(settings, tmp_path / "request.json", *PLACE, tmp_path / "answer.json")
    assert not (tmp_path / "answer.json").exists()


def test_central_says_when_its_answer_cannot_be_written(
    config: Config, settings: Settings, tmp_path: Path
) -> None:
    request = _asked(config, tmp_path)
    with pytest.raises(ConfigError, match="cannot be written"):
        central.enrol(settings, request, *PLACE, tmp_path / "nowhere" / "answer.json")
