"""A compartment's story, read back from a real journal: newest first, bounded, and nothing of others."""

from __future__ import annotations

from pathlib import Path

from kiosk.happenings import MOST_HAPPENINGS, happenings
from sync.messages import Kind
from tests.kiosk.station import WALL_MS, Station, said


def test_a_story_is_of_one_compartment_and_newest_first(tmp_path: Path) -> None:
    station = Station(tmp_path)
    journal = station.journal()
    journal.append(said(1, Kind.STARTED, version="test", compartments=[1, 2]))
    journal.append(said(2, Kind.LOADED, cid="r1", compartment=1, staff="7"))
    journal.append(said(3, Kind.LOADED, cid="r2", compartment=2, staff="7"))
    journal.append(said(4, Kind.ACCEPTED, cid="r1", holder="h1", compartments=[1]))
    journal.append(said(5, Kind.BLOCKED, compartment=1, staff="9", reason="lock"))
    told = happenings(journal, 1)
    assert [(h.kind, h.at_ms - WALL_MS, h.detail) for h in told] == [
        ("blocked", 5, "9 · lock"),
        ("accepted", 4, ""),
        ("loaded", 2, "7"),
    ]
    journal.close()


def test_a_wrong_door_stands_in_both_stories(tmp_path: Path) -> None:
    journal = Station(tmp_path).journal()
    journal.append(said(1, Kind.WRONG_DOOR, asked=1, opened=2, bank=[1, 2, 3]))
    assert [len(happenings(journal, n)) for n in (1, 2, 3)] == [1, 1, 0]
    journal.close()


def test_a_story_is_bounded_and_looks_beyond_the_newest_page(tmp_path: Path) -> None:
    journal = Station(tmp_path).journal()
    for seq in range(1, 9):
        journal.append(said(seq, Kind.CLOSED, compartment=1))
    for seq in range(9, 160):
        journal.append(said(seq, Kind.CLOSED, compartment=2))
    told = happenings(journal, 1)
    assert [h.at_ms - WALL_MS for h in told] == [8, 7, 6, 5, 4, 3]
    assert len(told) == MOST_HAPPENINGS
    journal.close()
