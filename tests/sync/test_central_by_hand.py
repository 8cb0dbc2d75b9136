"""Statements that come on a stick: as a report, but every row must prove itself (issue 3, 6)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import StringIO

import pytest

from sync.central import by_hand
from sync.central.enrol import enrol_kiosk
from sync.central.store import UnknownError
from sync.central.tables import Alarm, Result, Row
from sync.envelopes import hash_of
from sync.line import Damaged
from sync.messages import Head
from tests.sync.world import KIOSK, Journal, Keys, World


def taken(world: World, *items: str | Damaged, holes: bool = False) -> by_hand.Import:
    return by_hand.take_in(world.store, KIOSK, items, holes=holes)


def kept(world: World, kind: type[Row | Alarm]) -> int:
    with world.store.begin() as session:
        return session.query(kind).count()


def started(journal: Journal, count: int) -> list[str]:
    return [journal.state("started") for _ in range(count)]


def test_rows_are_taken_once_and_it_says_how_many_were_new(world: World) -> None:
    cid = world.register()
    rows = [*started(world.journal, 450), world.journal.state("loaded", cid=cid, compartment=3)]
    done = taken(world, *rows)
    assert done == by_hand.Import(KIOSK, Head(451, hash_of(rows[-1])), 451)
    assert taken(world, *rows).new == 0
    assert taken(world, *rows[300:], world.journal.state("staff_out", staff="7")).new == 1
    with world.store.begin() as session:
        assert session.get_one(Result, cid).phase == "loaded"


def test_a_gap_is_named_and_what_came_before_it_is_kept(world: World) -> None:
    rows = started(world.journal, 5)
    assert taken(world, *rows[:2]).stop == ""
    done = taken(world, *rows[3:])
    assert (done.stop, done.new, done.head.seq) == ("gap", 0, 2)


def test_a_fork_is_named_and_alarms(world: World) -> None:
    taken(world, *started(world.journal, 2))
    other = Journal(world.keys)
    done = taken(world, other.state("started"), other.state("fault"))
    assert (done.stop, done.head.seq) == ("fork", 2)
    assert kept(world, Alarm) == 1


def test_rows_from_before_a_new_enrolment_are_named(world: World) -> None:
    rows = started(world.journal, 2)
    keys = Keys()
    keys.statement = world.keys.statement
    enrol_kiosk(world.store, KIOSK, keys.public(), unit="P.Bình Tiên", address="123 Đường Số 45")
    assert taken(world, *rows).stop == "stale-epoch"


def test_nobody_knows_this_kiosk(world: World) -> None:
    with pytest.raises(UnknownError):
        by_hand.take_in(world.store, "strange", started(world.journal, 1))


def test_what_the_kiosk_did_not_sign_leaves_no_hole(world: World) -> None:
    rows = started(world.journal, 3)
    forged = Journal(Keys())
    forged.rows = rows[:1]
    for bad in (forged.state("collected", cid="r1"), "no statement", rows[1][:-4] + "AAAA"):
        done = taken(world, rows[0], bad, rows[2])
        assert (done.stop, done.head.seq) == ("foreign", 1)
    assert (kept(world, Row), kept(world, Alarm)) == (1, 0)
    assert taken(world, *rows).new == 2


def test_another_kiosks_rows_are_not_mixed_in(world: World) -> None:
    other = Journal(world.keys, kiosk="other")
    assert taken(world, other.state("started")).stop == "foreign"


def test_a_damaged_row_is_a_hole_only_when_a_person_says_so(world: World) -> None:
    rows: list[str | Damaged] = [*started(world.journal, 3)]
    rows[1] = Damaged(2)
    done = taken(world, *rows)
    assert (done.stop, done.head.seq) == ("damaged", 1)
    assert taken(world, *rows, holes=True).head.seq == 3
    assert taken(world, *rows).stop == ""  # the hole is known by now


def read(lines: Iterable[str]) -> list[str | Damaged]:
    return list(by_hand.rows(StringIO("".join(f"{line}\n" for line in lines))))


def test_an_export_is_read_line_by_line(world: World) -> None:
    row = world.journal.state("started")
    assert read([json.dumps(row), '{"seq": 2, "damaged": true}']) == [row, Damaged(2)]
    assert by_hand.whose([Damaged(1), row]) == KIOSK


@pytest.mark.parametrize(
    "line", ["", "{}", "7", "nothing", '{"seq": true, "damaged": true}', '{"seq": 2}', "[" * 9999]
)
def test_a_line_that_is_no_row_is_named(line: str) -> None:
    with pytest.raises(by_hand.ExportError, match="line 2"):
        read(['"a.b.c"', line])


@pytest.mark.parametrize("rows", [[], [Damaged(1)], ["a.b.c"]])
def test_a_file_that_names_no_kiosk_is_no_export(rows: list[str | Damaged]) -> None:
    with pytest.raises(by_hand.ExportError):
        by_hand.whose(rows)


def test_the_manifest_for_a_stick_names_the_journal_as_it_is_here(world: World) -> None:
    first = by_hand.manifest_for(world.store, KIOSK)
    assert by_hand.manifest_for(world.store, KIOSK) == first
    taken(world, *started(world.journal, 2))
    later = by_hand.manifest_for(world.store, KIOSK)
    assert later.ver > first.ver
    assert by_hand.manifest_for(world.store, KIOSK) == later


def test_no_manifest_for_a_kiosk_that_there_is_not(world: World) -> None:
    with pytest.raises(UnknownError):
        by_hand.manifest_for(world.store, "strange")
