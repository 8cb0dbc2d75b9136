"""What is held against a round before the kiosk may go live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from drivers.doors import Reading
from kiosk.commission import report
from kiosk.commission.cabinet import assembled
from kiosk.commission.files import PROGRESS, Files
from kiosk.commission.findings import SLOW_MS, Finding, Judged, Kind, judge, sound
from kiosk.commission.plan import Candidate, Plan
from kiosk.commission.state import Found
from kiosk.commission.wall import Wall, from_file, grid
from kiosk.config_table import ConfigError
from kiosk.core.site import CompartmentPlan
from kiosk.hardware import Bus, Wiring
from tests.kiosk.commission.technician import a_cabinet

OPEN, CLOSED = Reading.OPEN, Reading.CLOSED
BUS = Bus("a", "xor-8a80", Path("port"), 0, status_first=False)
NOW = datetime(2026, 11, 22, 14, 3)  # noqa: DTZ001 - a report carries local time


def _plan(*numbers: int, channels: int = 24, boards: int = 1) -> Plan:
    places = [(board, n) for board in range(1, boards + 1) for n in range(1, channels + 1)]
    candidates = tuple(Candidate(v, "a", *place) for v, place in enumerate(places, 1))
    return Plan(candidates, frozenset(numbers), frozenset(numbers))


def _good(virtual: int, number: int, contact: int = 0) -> Found:
    return Found(virtual, number, contact or virtual, CLOSED, 120, back=True)


def _judged(plan: Plan, *found: Found, family: str = "xor-8a80") -> Judged:
    return judge(plan, found, (replace(BUS, family=family),))


def _kinds(judged: Judged) -> list[tuple[Kind, int]]:
    return [(finding.kind, finding.number) for finding in judged.findings]


def test_a_round_without_a_flaw_may_go_live() -> None:
    judged = _judged(_plan(7, 8), _good(1, 8), _good(2, 7), Found(3, 0, skipped=True))
    assert judged.findings == ()
    assert judged.may_go_live
    assert [(d.number, d.candidate.name) for d in judged.doors] == [(7, "a/1/2"), (8, "a/1/1")]


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (Found(2, 8, 0), Kind.SENSOR),
        (replace(_good(2, 8), back=False), Kind.NOT_BACK),
        (_good(2, 8, contact=5), Kind.SWAPPED),
        (_good(2, 7), Kind.DOUBLE),
        (Found(2, 0), Kind.GAP),
        (Found(2, 0, 2, CLOSED), Kind.MOVED),
    ],
)
def test_one_flaw_keeps_the_kiosk_from_going_live(found: Found, kind: Kind) -> None:
    judged = _judged(_plan(7, 8), _good(1, 7), found)
    assert kind in [finding.kind for finding in judged.findings]
    assert not judged.may_go_live


def test_a_slow_door_is_told_of_and_may_go_live() -> None:
    judged = _judged(_plan(7), replace(_good(1, 7), open_ms=SLOW_MS + 1))
    assert _kinds(judged) == [(Kind.SLOW, 7)]
    assert judged.may_go_live


def test_a_door_that_should_have_stayed_shut_is_a_finding() -> None:
    plan = replace(_plan(7, 8), occupied=frozenset({8}), wanted=frozenset({7}))
    assert (Kind.OCCUPIED, 8) in _kinds(_judged(plan, _good(1, 7), _good(2, 8)))


def test_a_door_on_a_kept_wire_is_a_double() -> None:
    plan = replace(_plan(7, 8), taken={8: "b/1/4"}, wanted=frozenset({7}))
    judged = _judged(plan, _good(1, 7), _good(2, 8))
    assert judged.findings == (Finding(Kind.DOUBLE, 8, "a/1/2", "b/1/4"),)


def test_a_mirrored_board_is_a_setting_and_no_fault() -> None:
    judged = _judged(_plan(7, 8, 9), _good(1, 7, 17), _good(2, 8, 18), _good(9, 9, 9))
    assert judged.findings == ()
    assert judged.flipped == {"a"}


def test_two_swapped_sensors_on_a_plain_board_are_not_taken_for_a_mirror() -> None:
    judged = _judged(_plan(7, 8, 9), _good(1, 7, 17), _good(17, 8, 1), _good(2, 9))
    assert judged.flipped == frozenset()
    assert _kinds(judged) == [(Kind.SWAPPED, 7), (Kind.SWAPPED, 8)]


def test_only_8a80_boards_come_mirrored() -> None:
    judged = _judged(_plan(7), _good(1, 7, 17), family="wkly")
    assert _kinds(judged) == [(Kind.SWAPPED, 7)]


def test_boards_of_one_bus_have_to_agree_on_their_order() -> None:
    plan = _plan(7, 8, boards=2)
    judged = _judged(plan, _good(1, 7, 17), _good(25, 8))
    assert judged.findings == (Finding(Kind.STATUS, name="a"),)
    kept = judge(_plan(7), (_good(1, 7, 17),), (BUS,), frozenset({"a"}))
    assert kept.findings == (Finding(Kind.STATUS, name="a"),)


def test_the_configuration_says_what_was_found_and_keeps_the_label_of_the_lock() -> None:
    old = (Wiring(7, "a", 1, 5, pulse_ms=300, cool_down_ms=4_000),)
    base = replace(a_cabinet((BUS,)), wiring=old)
    wall = Wall((CompartmentPlan(7, 1, 1), CompartmentPlan(8, 2, 1, bank="left")))
    judged = _judged(_plan(7, 8), _good(1, 8, 17), replace(_good(2, 7, 18), rest=OPEN))
    made = assembled(base, wall, (BUS,), judged)
    assert [bus.status_first for bus in made.buses] == [True]
    assert made.wiring == (
        Wiring(7, "a", 1, 2, shut_when="open", pulse_ms=300, cool_down_ms=4_000),
        Wiring(8, "a", 1, 1),
    )
    assert [plan.bank for plan in made.compartments] == ["a/1", "left"]


def test_after_a_change_of_one_board_other_wires_stay_and_doors_with_papers_are_unproven() -> None:
    old = tuple(Wiring(n, "a", board, n) for n, board in ((1, 1), (2, 2), (3, 2)))
    base = replace(a_cabinet((BUS,)), wiring=old)
    wall = Wall(tuple(CompartmentPlan(n, n, 1) for n in (1, 2, 3)))
    plan = Plan((Candidate(3, "a", 2, 3),), frozenset({3}), frozenset({1, 2, 3}))
    judged = _judged(plan, Found(3, 3, 3, OPEN, 90, back=True))
    made = assembled(base, wall, (BUS,), judged, frozenset({2}), frozenset({("a", 2)}))
    assert made.wiring == (
        old[0],
        replace(old[1], proven=False),
        replace(old[2], shut_when="open"),
    )


def test_after_a_refusal_only_flawed_channels_are_tried_again() -> None:
    plan, good = _plan(7, 8, 9), _good(1, 7)
    swapped, none = _good(2, 8, contact=5), Found(3, 0)
    found = (good, swapped, _good(4, 9), none, Found(5, 0, skipped=True))
    judged = _judged(plan, *found)
    assert sound(plan, found, judged) == (good, _good(4, 9), none)
    fewer = (good, none, Found(5, 0, skipped=True))
    assert sound(plan, fewer, _judged(plan, *fewer)) == (good,)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_report_names_every_door_and_every_flaw(lang: str) -> None:
    judged = _judged(_plan(7, 8, 9), _good(1, 7), Found(2, 8))
    about = report.About("bt1", NOW, (BUS,), frozenset({12}))
    text = "\n".join(report.lines(judged, about, lang))
    for word in ("bt1", "22/11/2026 14:03", "a/1/1", "a/1/2", "120 ms", "12", "xor-8a80"):
        assert word in text
    assert ("MAY NOT" in text) or ("CHƯA được" in text)
    assert set(report.WORDS["vi"]) == set(report.WORDS["en"])


def test_progress_survives_and_that_of_another_round_does_not_count(tmp_path: Path) -> None:
    plan, files = _plan(7, 8), Files(tmp_path)
    found = (_good(1, 7), Found(2, 0, skipped=True))
    files.keep(plan, found)
    assert files.kept(plan) == found
    assert files.kept(_plan(7, 9)) == ()
    (tmp_path / PROGRESS).write_text('{"plan": "half', encoding="utf-8")
    assert files.kept(plan) == ()
    files.forget()
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    files = Files(tmp_path, dry=True)
    files.keep(_plan(7), ())
    files.write_report(("one",), NOW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("down", "cells"),
    [(True, {2: (2, 1), 3: (1, 2)}), (False, {2: (1, 2), 3: (2, 1)})],
)
def test_a_plain_wall_is_numbered_as_told(
    down: bool,  # noqa: FBT001 - a parameter of the test
    cells: Mapping[int, tuple[int, int]],
) -> None:
    wall = grid(2, 2, down=down)
    assert wall is not None
    assert {p.number: (p.row, p.column) for p in wall.plans if p.number in cells} == cells
    assert grid(16, 16, down=down) is None
    assert grid(0, 3, down=down) is None


def test_a_wall_comes_from_a_file_and_a_wrong_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wall.toml"
    door = '[[compartment]]\nnumber = 7\nrow = 1\ncolumn = 2\nsize = "A3"\nlow = true\n'
    path.write_text(f"screen_cell = [2, 1, 2]\n{door}", encoding="utf-8")
    assert from_file(path) == Wall((CompartmentPlan(7, 1, 2, size="A3", low=True),), (2, 1, 2))
    double = door.replace("number = 7", "number = 8")
    for wrong in (door + door, door + double, door + "lock = 1\n", ""):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(ConfigError, match=r"wall\.toml"):
            from_file(path)
