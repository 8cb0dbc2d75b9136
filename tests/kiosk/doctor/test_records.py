"""Keys, journal, manifest and disk: real files, a real journal, a manifest that central sealed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kiosk import identity
from kiosk.config import Config, load
from kiosk.core.clock import FRESH_MANIFEST_MS
from kiosk.core.host import LOW_SPACE_BYTES
from kiosk.doctor import records
from kiosk.doctor.findings import Finding
from kiosk.doctor.records import Held
from kiosk.identity import Enrolment
from kiosk.version import VERSION
from sync.keys import new_signing_key, public, save_key
from sync.messages import Kind
from tests.kiosk.doctor.ward import FAILED, OK, WARNING, Ward, levels, one
from tests.kiosk.station import EPOCH, KIOSK, WALL_MS, Station, config_file, said


class Enrolled:
    """A kiosk with keys, enrolment, a journal of two rows and one accepted manifest."""

    def __init__(self, folder: Path) -> None:
        self.config: Config = load(config_file(folder))
        self.station = Station(folder / "data")
        self.station.folder.mkdir()
        self.keys = self.config.keys
        identity.make(self.keys)
        save_key(self.keys / identity.STATEMENT, self.station.keys.statement)
        save_key(self.keys / identity.MANIFEST, self.station.keys.manifest)
        identity.keep_enrolment(self.keys, self.station.enrolment)

    def accept(self, *, stated: str = "") -> None:
        """Central's manifest is accepted; `stated`: another hash stands in the journal."""
        self.station.office.register("r1")
        sealed = self.station.sealed()
        payload = self.station.office.published[-1]
        lists = ("floors", "forgotten", "voided", "lifted", "recalled", "suspended", "conflicts")
        named = {"ver": payload["ver"], "iat_ms": WALL_MS, "hash": stated or sealed.hash}
        fields: dict[str, object] = {**{key: [] for key in lists}, **named, "policy": {}}
        journal = self.station.journal()
        journal.append(said(1, Kind.STARTED, version=VERSION, compartments=[1, 2]))
        journal.append(said(2, Kind.MANIFEST_ACCEPTED, **fields), sealed=sealed.jwe)
        journal.close()

    def look(self, wall_ms: int = WALL_MS) -> list[Finding]:
        keys, held = records.check_keys(self.config)
        journal, held = records.check_journal(self.config, held)
        return [*keys, *journal, *records.check_manifest(self.config, held, wall_ms)]


@pytest.fixture
def kiosk(tmp_path: Path) -> Enrolled:
    return Enrolled(tmp_path)


def test_a_kiosk_in_order_is_fine(kiosk: Enrolled) -> None:
    kiosk.accept()
    found = kiosk.look()
    assert set(levels(found).values()) == {OK}
    assert one(found, "journal").words == "2 statements; the newest are as they were signed"
    assert one(found, "manifest").words.endswith("1 results")


def test_looking_changes_no_file(kiosk: Enrolled) -> None:
    kiosk.accept()
    before = {p: p.read_bytes() for p in kiosk.config.data.rglob("*") if p.is_file()}
    kiosk.look()
    assert {p: p.read_bytes() for p in before} == before


def test_no_secret_is_told(kiosk: Enrolled) -> None:
    kiosk.accept()
    told = str(kiosk.look())
    for result in kiosk.station.office.results.values():
        assert result.recipient not in told
        assert result.holders["h1"].secret not in told


def test_a_new_kiosk_has_neither_journal_nor_manifest(kiosk: Enrolled) -> None:
    assert levels(kiosk.look())["journal"] is WARNING
    journal = kiosk.station.journal()
    journal.append(said(1, Kind.STARTED, version=VERSION, compartments=[1, 2]))
    journal.close()
    found = kiosk.look()
    assert (one(found, "journal").level, one(found, "manifest").level) == (OK, WARNING)


def test_a_missing_key_is_told_and_the_journal_is_not_looked_at(kiosk: Enrolled) -> None:
    kiosk.accept()
    (kiosk.keys / identity.MANIFEST).unlink()
    found = levels(kiosk.look())
    assert (found["keys"], found["journal"]) == (FAILED, WARNING)
    assert "manifest" not in found


@pytest.mark.parametrize(
    ("name", "says"), [(identity.STATEMENT, "keys"), (identity.TRANSPORT, "transport key")]
)
def test_a_key_that_others_may_read_fails(kiosk: Enrolled, name: str, says: str) -> None:
    (kiosk.keys / name).chmod(0o644)
    found = one(kiosk.look(), says)
    assert (found.level, "chmod 600" in found.words) == (FAILED, True)


def test_a_folder_of_keys_that_is_open_to_others_is_warned_of(kiosk: Enrolled) -> None:
    kiosk.keys.chmod(0o755)
    assert one(kiosk.look(), "keys folder").level is WARNING


def test_keys_of_another_kiosk_fail(kiosk: Enrolled) -> None:
    other = Enrolment("bt2", EPOCH, public(kiosk.station.signer))
    identity.keep_enrolment(kiosk.keys, other)
    found = one(kiosk.look(), "enrolment")
    assert (found.level, "'bt2'" in found.words, "'bt1'" in found.words) == (FAILED, True, True)


def test_a_journal_of_another_epoch_fails(kiosk: Enrolled) -> None:
    kiosk.accept()
    identity.keep_enrolment(kiosk.keys, Enrolment(KIOSK, 2, public(kiosk.station.signer)))
    found = one(kiosk.look(), "journal")
    assert (found.level, "epoch 1" in found.words) == (FAILED, True)


def test_a_journal_that_other_keys_signed_fails(kiosk: Enrolled) -> None:
    kiosk.accept()
    save_key(kiosk.keys / identity.STATEMENT, new_signing_key())
    found = one(kiosk.look(), "journal")
    assert (found.level, found.what_to_do.startswith("copy the folder")) == (FAILED, True)


def test_a_damaged_newest_row_fails(kiosk: Enrolled) -> None:
    kiosk.accept()
    with sqlite3.connect(kiosk.station.path) as file:
        file.execute("UPDATE statements SET compact = 'x' WHERE seq = 2")
    file.close()
    assert one(kiosk.look(), "journal").level is FAILED


def test_a_row_that_cannot_be_understood_fails_and_does_not_end_the_doctor(
    kiosk: Enrolled,
) -> None:
    journal = kiosk.station.journal()
    journal.append(said(1, Kind.MANIFEST_ACCEPTED, ver="one", hash=""))
    journal.close()
    found = one(kiosk.look(), "journal")
    assert (found.level, "KeyError" in found.words) == (FAILED, True)


def test_a_manifest_that_is_not_the_one_stated_fails(kiosk: Enrolled) -> None:
    kiosk.accept(stated="another")
    assert one(kiosk.look(), "manifest").level is FAILED


def test_a_manifest_that_grew_old_is_warned_of(kiosk: Enrolled) -> None:
    kiosk.accept()
    assert one(kiosk.look(WALL_MS + FRESH_MANIFEST_MS), "manifest").level is OK
    assert one(kiosk.look(WALL_MS + FRESH_MANIFEST_MS + 60_000), "manifest").level is WARNING


# Disk


def test_the_disk_and_the_folder_are_looked_at(kiosk: Enrolled, tmp_path: Path) -> None:
    found = levels(records.check_disk(kiosk.config, Ward(tmp_path).machine))
    assert set(found) == {"disk", "data folder"}
    assert found["data folder"] is OK


def test_a_folder_that_cannot_be_written_fails(kiosk: Enrolled, tmp_path: Path) -> None:
    machine = Ward(tmp_path, allowed=False).machine
    assert one(records.check_disk(kiosk.config, machine), "data folder").level is FAILED


def test_a_folder_that_is_still_to_be_made_is_told(tmp_path: Path) -> None:
    config = load(config_file(tmp_path))
    ward = Ward(tmp_path)
    found = one(records.check_disk(config, ward.machine), "data folder")
    assert (found.level, "can make it" in found.words) == (OK, True)
    ward.allowed = False
    found = one(records.check_disk(config, ward.machine), "data folder")
    assert (found.level, "cannot make it" in found.words) == (FAILED, True)


@pytest.mark.parametrize(
    ("free", "level"),
    [
        (LOW_SPACE_BYTES - 1, FAILED),
        (LOW_SPACE_BYTES, WARNING),
        (records.SPARE_BYTES, OK),
    ],
)
def test_the_limits_of_the_disk_are_the_core_s(free: int, level: object) -> None:
    assert records.room(free, Path("data")).level is level


def test_nothing_held_says_nothing_of_a_manifest(kiosk: Enrolled) -> None:
    assert list(records.check_manifest(kiosk.config, Held(), WALL_MS)) == []
