"""Start-up folds what was stated: from a checkpoint if it can, from seq 1 if it must, never by guess."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.core.fold import fold
from kiosk.core.memory import ENCODING, Held, Memory, empty, encode
from kiosk.core.merge import consequences
from kiosk.journal import Journal
from kiosk.journal_tables import KEPT_STATES
from kiosk.journal_values import JournalError, Reason
from kiosk.replay import Replayed, in_force, memory_of
from sync.keys import new_opening_key, new_signing_key, public
from sync.messages import Kind, Statement
from sync.schema import read_manifest
from tests.kiosk.station import EPOCH, KIOSK, Station, a_site, said

NUMBERS = (1, 2, 3)


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


class Writer:
    """Appends statements and folds them, as the loop does."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.memory = empty(KIOSK, EPOCH, ())
        self.say(Kind.STARTED, compartments=list(NUMBERS))

    def say(self, kind: Kind, *, sealed: str | None = None, **fields: object) -> None:
        statement = said(self.memory.seq + 1, kind, **fields)
        self.journal.append(statement, sealed=sealed)
        self.memory = fold(self.memory, statement)

    def checkpoint(self, *, folded: bytes | None = None, encoding: int = ENCODING) -> None:
        """`folded`: what lies in the side table instead of the state."""
        seq = self.memory.seq + 1
        statement: Statement = said(seq, Kind.CHECKPOINT, encoding=encoding)
        after = fold(self.memory, statement)
        self.journal.append(statement, folded=folded or encode(after))
        self.memory = after


def _loads(writer: Writer, *cids: str) -> None:
    for cid in cids:
        number = int(cid[-1])
        writer.say(Kind.LOADED, cid=cid, compartment=number, staff="7")


def _garble(station: Station, seq: int) -> None:
    """Rows that a start-up trusts the checkpoint for: it must not need them."""
    with sqlite3.connect(station.path) as other:
        other.execute("UPDATE statements SET compact = 'papers' WHERE seq = ?", (seq,))
    other.close()


def _replayed(station: Station) -> Memory:
    journal = station.journal()
    try:
        return memory_of(journal, a_site(*NUMBERS)).memory
    finally:
        journal.close()


def test_a_new_journal_is_an_empty_memory(station: Station) -> None:
    assert _replayed(station) == empty(KIOSK, EPOCH, ())


def test_the_rows_give_back_what_was_folded_when_they_were_written(station: Station) -> None:
    writer = Writer(station.journal())
    _loads(writer, "r1", "r2")
    writer.journal.close()
    assert _replayed(station) == writer.memory
    assert writer.memory.compartments[2].held is Held.OCCUPIED


def test_rows_before_the_newest_checkpoint_are_not_needed(station: Station) -> None:
    writer = Writer(station.journal())
    _loads(writer, "r1")
    writer.checkpoint()
    _loads(writer, "r2")
    writer.journal.close()
    _garble(station, 1)
    assert _replayed(station) == writer.memory


def test_a_checkpoint_of_another_encoding_gives_way_to_an_older_one(station: Station) -> None:
    writer = Writer(station.journal())
    _loads(writer, "r1")
    writer.checkpoint()
    _loads(writer, "r2")
    writer.checkpoint(encoding=ENCODING + 1)
    _loads(writer, "r3")
    writer.journal.close()
    _garble(station, 1)
    assert _replayed(station) == writer.memory


def test_what_a_later_version_wrote_is_read_by_this_one_when_it_is_back(station: Station) -> None:
    """A release on trial writes kinds, fields and states of its own; then it is left again."""
    writer = Writer(station.journal())
    _loads(writer, "r1")
    writer.checkpoint()
    for number in range(KEPT_STATES + 1):  # no state of ours is left
        writer.say(Kind.LOADED, cid=f"r{number}", compartment=2, staff="7", shelf="new", at_home=1)
        writer.say("teleported", cid="r1", whither="2")  # type: ignore[arg-type]  # nobody's yet
        writer.checkpoint(folded=b'{"of": "tomorrow"}', encoding=ENCODING + 1)
    _loads(writer, "r3")
    writer.journal.close()
    assert _replayed(station) == writer.memory


UNREADABLE = [b"no state at all", b"{}", b"[1, 2]", b'{"parts": 5}']


@pytest.mark.parametrize("folded", UNREADABLE)
def test_a_state_that_cannot_be_read_gives_way_to_an_older_one(
    station: Station, folded: bytes
) -> None:
    writer = Writer(station.journal())
    _loads(writer, "r1")
    writer.checkpoint()
    _loads(writer, "r2")
    writer.checkpoint(folded=folded)
    writer.journal.close()
    _garble(station, 1)
    assert _replayed(station) == writer.memory


@pytest.mark.parametrize("folded", UNREADABLE)
def test_with_no_readable_state_everything_is_folded_anew(station: Station, folded: bytes) -> None:
    writer = Writer(station.journal())
    _loads(writer, "r1")
    writer.checkpoint(folded=folded)
    _loads(writer, "r2")
    writer.checkpoint(folded=folded)
    writer.journal.close()
    assert _replayed(station) == writer.memory


def test_an_alarm_about_a_damaged_state_reaches_the_log(
    station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Writer(station.journal())
    writer.checkpoint()
    writer.journal.close()
    with sqlite3.connect(station.path) as other:
        other.execute("UPDATE checkpoints SET state = x'00'")
    other.close()
    journal = station.journal()
    assert memory_of(journal, a_site(*NUMBERS)) == Replayed(writer.memory, ("journal",))
    journal.close()
    assert "journal row 2: checkpoint cannot be used" in caplog.text


def test_damage_after_the_checkpoint_serves_nobody(station: Station) -> None:
    writer = Writer(station.journal())
    writer.checkpoint()
    _loads(writer, "r1", "r2")
    writer.journal.close()
    _garble(station, 3)
    with pytest.raises(JournalError) as caught:
        _replayed(station)
    assert (caught.value.reason, caught.value.seq) == (Reason.DAMAGED, 3)


def test_a_compartment_that_is_new_in_the_configuration_is_unchecked(station: Station) -> None:
    writer = Writer(station.journal())
    _loads(writer, "r1")
    before = writer.memory.compartments
    writer.say(Kind.STARTED, compartments=[1, 2, 3, 5, 7])
    journal = writer.journal
    memory = memory_of(journal, a_site(1, 2, 3, 7, 5)).memory
    assert {n: c for n, c in memory.compartments.items() if n in before} == before
    fresh = {n: c.unchecked for n, c in memory.compartments.items() if n not in before}
    assert fresh == {5: "new", 7: "new"}
    assert list(memory.compartments) == sorted(memory.compartments)
    journal.close()


def _accepted(station: Station, hash_: str | None = None, sealed: str | None = None) -> Writer:
    """A journal whose newest manifest is `sealed` and is stated to be `hash_`."""
    station.office.register("r1")
    payload = station.office.publish(1_795_305_600_000)
    real = station.sealed(payload)
    writer = Writer(station.journal())
    fields = consequences(writer.memory, read_manifest(payload), hash_ or real.hash)
    plain = json.loads(json.dumps(fields))
    writer.say(Kind.MANIFEST_ACCEPTED, sealed=sealed or real.jwe, **plain)
    return writer


def test_the_manifest_in_force_is_opened_again_with_its_codes(station: Station) -> None:
    writer = _accepted(station)
    found = in_force(writer.journal, writer.memory, station.keys, station.enrolment)
    assert found.manifest is not None
    assert [r.cid for r in found.manifest.results] == ["r1"]
    code = station.office.known_digits("r1") + station.office.code("r1")
    assert found.made["r1", "h1", 1, 0] == code.encode()
    assert code not in repr(found)
    writer.journal.close()


def test_before_the_first_manifest_there_is_none(station: Station) -> None:
    journal = station.journal()
    nothing = in_force(journal, empty(KIOSK, EPOCH, NUMBERS), station.keys, station.enrolment)
    assert (nothing.manifest, nothing.made) == (None, {})
    journal.close()


def test_a_stored_manifest_that_is_not_the_one_named_is_not_used(
    station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    writer = _accepted(station, hash_="A" * 43)
    found = in_force(writer.journal, writer.memory, station.keys, station.enrolment)
    assert (found.manifest, found.made) == (None, {})
    assert "not the one in force" in caplog.text
    writer.journal.close()


def test_a_stored_manifest_that_does_not_open_any_more_is_not_used(station: Station) -> None:
    writer = _accepted(station)
    other_key = replace(station.keys, manifest=new_opening_key())
    assert in_force(writer.journal, writer.memory, other_key, station.enrolment).manifest is None
    other_central = replace(station.enrolment, central=public(new_signing_key()))
    assert in_force(writer.journal, writer.memory, station.keys, other_central).manifest is None
    other_epoch = replace(station.enrolment, epoch=2)
    assert in_force(writer.journal, writer.memory, station.keys, other_epoch).manifest is None
    writer.journal.close()
