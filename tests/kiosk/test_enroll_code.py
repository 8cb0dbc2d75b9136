"""`kiosk enroll URL CODE` against the real central over HTTP, cut off at every write of a file."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk import enroll_code, identity
from kiosk.cli import main
from kiosk.config import Config, load
from kiosk.identity import IdentityError
from kiosk.journal import Journal
from sync.central.enrolments import new_code
from sync.central.settings import load_settings
from sync.central.store import Store
from sync.central.tables import Kiosk
from sync.keys import load_key
from sync.messages import Clock, Kind, Statement
from tests.kiosk.counter import Counter
from tests.kiosk.station import WALL_MS, config_file
from tests.sync.world import serving

PLACE = {"unit": "P.Bình Tiên", "address": "123 Đường Số 45"}
KEYS = (identity.STATEMENT, identity.MANIFEST, identity.TRANSPORT)


class CutError(Exception):
    """The power fails here."""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load(config_file(tmp_path))


def code(store: Store, kiosk: str = "bt1") -> str:
    return new_code(store, kiosk, **PLACE).text


def epoch_at(store: Store) -> int:
    with store.begin() as session:
        return session.get_one(Kiosk, "bt1").epoch


def journal(config: Config) -> Journal:
    held = identity.enrolment(config.keys)
    key = identity.run_keys(config.keys).statement
    path = config.data / enroll_code.JOURNAL
    return Journal.open(path, kiosk=held.kiosk, epoch=held.epoch, key=key)


def write_a_row(config: Config) -> None:
    epoch = identity.enrolment(config.keys).epoch
    made = journal(config)
    said = {"version": "1", "compartments": [1]}
    row = Statement("bt1", epoch, 1, "", WALL_MS, Clock.SYNCED, 1, Kind.STARTED, said)
    made.append(row)
    made.close()


def files(config: Config) -> dict[str, bytes]:
    return {name: (config.keys / name).read_bytes() for name in enroll_code.FILES}


def test_a_code_is_enough_and_the_keys_are_their_owners_alone(
    config: Config, store: Store, url: str
) -> None:
    text = code(store)
    assert enroll_code.enroll(config, url, text).epoch == 1
    held = identity.enrolment(config.keys)
    assert (held.kiosk, held.epoch) == ("bt1", 1)
    assert held.central.kid == store.settings.signer.kid
    modes = {stat.S_IMODE((config.keys / n).stat().st_mode) for n in (*KEYS, identity.ENROLMENT)}
    assert modes == {0o600}
    assert text.split(".")[1] not in (config.keys / identity.ENROLMENT).read_text()
    assert not list(config.keys.glob(f"{enroll_code.PENDING}*"))


def test_the_same_code_again_changes_nothing(config: Config, store: Store, url: str) -> None:
    text = code(store)
    enroll_code.enroll(config, url, text)
    before = files(config)
    assert enroll_code.enroll(config, url, text).epoch == 1
    assert (files(config), epoch_at(store)) == (before, 1)


def test_another_code_is_the_next_epoch_and_the_journal_is_set_aside(
    config: Config, store: Store, url: str
) -> None:
    enroll_code.enroll(config, url, code(store))
    write_a_row(config)
    before = files(config)
    enroll_code.enroll(config, url, code(store))
    assert identity.enrolment(config.keys).epoch == 2
    assert all(before[name] != (config.keys / name).read_bytes() for name in KEYS)
    aside = Journal.read_only(
        config.data / "journal-before-epoch-2.db", key=load_key(config.keys / identity.STATEMENT)
    )
    assert (aside.owner, aside.head.seq) == (("bt1", 1), 1)
    aside.close()
    anew = journal(config)
    assert anew.head.seq == 0
    anew.close()


def test_a_kiosk_that_lost_its_enrolment_remembers_its_epoch_by_the_journals_set_aside(
    config: Config, store: Store, url: str, tmp_path: Path
) -> None:
    for _ in range(2):
        enroll_code.enroll(config, url, code(store))
        write_a_row(config)
    enroll_code.enroll(config, url, code(store))
    (config.keys / identity.ENROLMENT).write_text("damaged")
    other = Store(replace(load_settings(tmp_path / "restored", {}), port=0), lambda: WALL_MS)
    with serving(other) as elsewhere:
        enroll_code.enroll(config, elsewhere, code(other))
    other.close()
    assert identity.enrolment(config.keys).epoch == 3


@pytest.mark.parametrize("what", ["replace", "rename", "rmdir", "mkdir", "fsync"])
def test_cut_off_anywhere_it_is_run_again_and_ends_whole(
    config: Config, store: Store, url: str, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    enroll_code.enroll(config, url, code(store))
    epoch, cuts = 1, 0
    for until in range(100):
        write_a_row(config)
        before, text = files(config), code(store)
        with monkeypatch.context() as power:
            power.setattr(os, what, failing(getattr(os, what), until))
            try:
                enroll_code.enroll(config, url, text)
            except CutError:
                cuts += 1
                if whole(config):  # the old one or the new one, never some of both
                    now = identity.enrolment(config.keys).epoch
                    assert now == epoch + 1 or (now, files(config)) == (epoch, before)
        enroll_code.enroll(config, url, text)
        epoch += 1
        held = identity.enrolment(config.keys)
        assert (held.epoch, epoch_at(store)) == (epoch, epoch)
        aside = config.data / f"journal-before-epoch-{epoch}.db"
        assert aside.exists()
        assert not (config.data / enroll_code.JOURNAL).exists()
        if cuts <= until:
            break
    assert cuts == until > 0


def whole(config: Config) -> bool:
    return not (config.keys / identity.ENROLLED).exists()


def failing(real: Callable[..., object], after: int) -> Callable[..., object]:
    left = [after]

    def call(*args: object, **named: object) -> object:
        if not left[0]:
            raise CutError
        left[0] -= 1
        return real(*args, **named)

    return call


def test_half_an_enrolment_does_not_serve(config: Config, store: Store, url: str) -> None:
    enroll_code.enroll(config, url, code(store))
    (config.keys / identity.ENROLLED).mkdir()
    for read in (identity.enrolment, identity.run_keys, identity.transport_key):
        with pytest.raises(IdentityError, match="interrupted; run the same"):
            read(config.keys)
    text = code(store)
    assert enroll_code.enroll(config, url, text).epoch == 2
    assert identity.enrolment(config.keys).epoch == 2


def refused(config: Config, url: str, text: str, why: str) -> None:
    with pytest.raises(IdentityError, match=why):
        enroll_code.enroll(config, url, text)
    assert not (config.keys / identity.ENROLMENT).exists()


def test_what_is_no_code_is_told(config: Config, url: str) -> None:
    refused(config, url, "HE1.short", "no enrolment code")


def test_another_central_than_the_code_names_is_not_believed(
    config: Config, store: Store, url: str
) -> None:
    start, _, thumbprint = code(store).rpartition(".")
    refused(config, url, f"{start}.{thumbprint[::-1]}", "not the central that the code is from")


def test_a_code_for_another_kiosk_is_told(config: Config, store: Store, url: str) -> None:
    refused(config, url, code(store, "bt2"), "for kiosk 'bt2'")


def test_an_ended_code_is_told(config: Config, store: Store, url: str) -> None:
    ended = code(store)
    code(store)
    refused(config, url, ended, "ask for a new one")


def test_a_central_that_is_not_there_is_told(config: Config, store: Store) -> None:
    refused(config, "http://127.0.0.1:1", code(store), "run it again")
    refused(config, "http://central.example", code(store), "https:// is required")


def test_nothing_is_enrolled_while_run_serves(config: Config, store: Store, url: str) -> None:
    serves = Counter(config.path.parent)
    try:
        refused(config, url, code(store), "kiosk run is serving")
    finally:
        serves.close()


def test_the_commands_say_what_they_did(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "office"
    place = ["--unit", PLACE["unit"], "--address", PLACE["address"]]
    assert main(["central", str(folder), "--enrolment-code", "bt1", *place]) == 0
    text = capsys.readouterr().out.split()[-1]
    office = Store(load_settings(folder, {}), lambda: WALL_MS + 10**12)
    office.close()
    assert text.startswith("HE1.")
    assert main(["central", str(folder), "--enrolment-code", "bt2"]) == 1
    assert "unit and address are wanted" in capsys.readouterr().err
    command = ["--config", str(config.path), "enroll", "http://127.0.0.1:1", text]
    assert main(command) == 1
    assert json.dumps(text) not in capsys.readouterr().err
