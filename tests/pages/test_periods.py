"""Figures of a month or quarter: counted by hand here."""

from pathlib import Path

import pytest

from sync.central.figure_words import FIGURES
from sync.central.periods import (
    HOUR_MS,
    Course,
    Figure,
    Gap,
    Mark,
    Sums,
    Watched,
    beside,
    figures,
    read_period,
    sum_up,
)
from sync.central.texts import local
from sync.central.workdays import shipped
from tests.pages.town import local_ms

NOVEMBER = read_period("2026-11")
LATER = local_ms("2027-02-01 00:00")
DOCS = Path(__file__).parents[2] / "docs/pages.md"


def _figures(
    courses: list[Course],
    marks: list[Mark] | None = None,
    gaps: tuple[Gap, ...] = (),
    until_ms: int = LATER,
) -> dict[str, Figure]:
    watched = Watched(NOVEMBER.start_ms, until_ms, gaps)
    sums = sum_up(NOVEMBER, courses, marks or [], shipped(), watched, LATER)
    return {figure.key: figure for figure in figures(sums)}


def _course(
    loaded: str, collected: str = "", hold: str = "2026-12-20 07:30", due: str = ""
) -> Course:
    times = [local_ms(text) if text else 0 for text in (loaded, collected, hold, due)]
    return Course(*times)


def test_a_month_begins_and_ends_at_midnight_in_vietnam() -> None:
    assert f"{local(NOVEMBER.start_ms):%Y-%m-%d %H:%M}" == "2026-11-01 00:00"
    assert f"{local(NOVEMBER.end_ms):%Y-%m-%d %H:%M}" == "2026-12-01 00:00"


def test_a_quarter_is_its_three_months() -> None:
    quarter = read_period("2026-Q4")
    assert quarter.start_ms == read_period("2026-10").start_ms
    assert quarter.end_ms == read_period("2027-01").start_ms


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-Q5", "1999-01", "2026-11-01", "x"])
def test_anything_else_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        read_period(text)


@pytest.mark.parametrize(
    ("name", "by", "other"),
    [("2026-01", -1, "2025-12"), ("2026-12", 1, "2027-01"), ("2026-Q1", -1, "2025-Q4")],
)
def test_the_period_beside_crosses_the_year(name: str, by: int, other: str) -> None:
    assert beside(read_period(name), by) == other


def test_loaded_and_collected_count_in_the_period_in_which_they_happened() -> None:
    found = _figures(
        [
            _course("2026-10-31 16:00", "2026-11-01 08:00"),
            _course("2026-11-30 16:00", "2026-12-01 00:00"),
            _course("2026-11-05 09:00", "2026-11-05 20:00"),
        ]
    )
    assert (found["loaded"].value, found["collected"].value) == (2, 2)


def test_the_share_outside_office_hours_is_of_those_collected() -> None:
    found = _figures(
        [
            _course("2026-11-02 09:00", "2026-11-02 09:30"),  # Monday, open
            _course("2026-11-02 09:00", "2026-11-02 12:00"),  # noon
            _course("2026-11-02 09:00", "2026-11-07 10:00"),  # Saturday
        ]
    )
    assert found["outside"] == Figure("outside", 66.7, "percent", 3)


def test_waiting_time_is_one_that_somebody_had() -> None:
    found = _figures(
        [_course("2026-11-02 08:00", f"2026-11-02 {8 + h:02}:00") for h in range(1, 11)]
    )
    assert (found["wait_median"].value, found["wait_90"].value) == (5.0, 9.0)
    assert found["wait_median"].n == 10


def test_expired_is_what_was_loaded_and_not_collected_when_its_holding_ended() -> None:
    end = "2026-11-10 07:30"
    found = _figures(
        [
            _course("2026-11-02 08:00", "", end),
            _course("2026-11-02 08:00", "2026-11-10 07:29", end),
            _course("2026-11-02 08:00", "2026-11-11 09:00", end),  # was late, staff had extended it
            Course(0, 0, local_ms(end)),  # never loaded
            Course(local_ms("2026-11-02 08:00"), 0, local_ms(end), 0, local_ms("2026-11-03 08:00")),
        ]
    )
    assert found["expired"].value == 2


def test_nothing_has_expired_that_is_still_held() -> None:
    held = [_course("2026-11-02 08:00", "", "2026-11-20 07:30")]
    now = local_ms("2026-11-18 09:00")
    sums = sum_up(NOVEMBER, held, [], shipped(), Watched(0, now), now)
    assert sums.expired == 0


def test_on_time_means_loaded_no_later_than_the_due_date_of_those_that_have_one() -> None:
    found = _figures(
        [
            _course("2026-11-02 08:00", due="2026-11-02 08:00"),
            _course("2026-11-02 08:01", due="2026-11-02 08:00"),
            _course("2026-11-02 08:01"),
        ]
    )
    assert found["on_time"] == Figure("on_time", 50.0, "percent", 2)


def test_satisfaction_comes_with_n_and_not_at_all_when_n_is_small() -> None:
    at = NOVEMBER.start_ms + 1
    nine = [Mark(at, "rated", score=5)] * 9
    assert _figures([], nine)["satisfied"] == Figure("satisfied", None, "percent", 9)
    ten = [*nine, Mark(at, "rated", score=3)]
    assert _figures([], ten)["satisfied"] == Figure("satisfied", 90.0, "percent", 10)


def test_availability_loses_what_doors_out_of_reach_took_and_not_what_a_printer_did() -> None:
    start = NOVEMBER.start_ms
    marks = [
        Mark(start - HOUR_MS, "fault", "doors"),  # began in October
        Mark(start + 2 * HOUR_MS, "fault", "battery_low"),  # overlaps
        Mark(start + 36 * HOUR_MS, "fault_cleared", "doors"),
        Mark(start + 72 * HOUR_MS, "fault_cleared", "battery_low"),
        Mark(start + 80 * HOUR_MS, "fault", "printer_lost"),
    ]
    found = _figures([], marks)
    assert found["availability"] == Figure("availability", 90.0, "percent", 720)
    assert found["faults"].value == 2


def test_a_restart_ends_what_is_not_stated_anew() -> None:
    start = NOVEMBER.start_ms
    marks = [Mark(start, "fault", "doors"), Mark(start + 72 * HOUR_MS, "started")]
    assert _figures([], marks)["availability"].value == 90.0


def hours(first: float, last: float, *, silent: bool) -> Gap:
    """From so many hours after the month began; `last` 0: not over."""
    start = NOVEMBER.start_ms
    until = start + int(last * HOUR_MS) if last else 0
    return Gap(start + int(first * HOUR_MS), until, silent)


def test_silence_is_neither_broken_nor_serving() -> None:
    found = _figures([], [], (hours(100, 172, silent=True),))
    assert found["availability"] == Figure("availability", 100.0, "percent", 648)
    assert found["silent"] == Figure("silent", 10.0, "percent", 720)
    assert found["out"].value == 0


def test_what_the_kiosk_says_of_its_service_counts_once_beside_its_faults_and_in_silence() -> None:
    start = NOVEMBER.start_ms
    marks = [
        Mark(start + 10 * HOUR_MS, "fault", "doors"),
        Mark(start + 40 * HOUR_MS, "fault_cleared", "doors"),
    ]
    gaps = (hours(20, 60, silent=False), hours(50, 70, silent=True), hours(52, 56, silent=True))
    found = _figures([], marks, gaps)
    assert found["out"].value == 50  # from 10 to 60
    assert found["silent"] == Figure("silent", 1.4, "percent", 720)  # from 60 to 70
    assert found["availability"] == Figure("availability", 93.0, "percent", 710)


def test_an_outage_that_is_not_over_counts_to_the_end_and_one_of_october_from_the_first() -> None:
    found = _figures([], [], (hours(-50, 36, silent=False), hours(684, 0, silent=False)))
    assert found["availability"] == Figure("availability", 90.0, "percent", 720)


def test_nothing_is_looked_at_after_a_kiosk_was_revoked() -> None:
    gone = NOVEMBER.start_ms + 72 * HOUR_MS
    found = _figures([], [], (hours(36, 0, silent=False),), until_ms=gone)
    assert found["availability"] == Figure("availability", 50.0, "percent", 72)


def test_a_checkpoint_that_could_not_be_used_stops_nobody() -> None:
    found = _figures([], [Mark(NOVEMBER.start_ms, "fault", "journal")])
    assert found["availability"].value == 100.0


def test_an_empty_month_has_counts_of_nought_and_no_shares() -> None:
    sums = Sums()
    told = {figure.key: figure.value for figure in figures(sums)}
    assert told == {
        "loaded": 0,
        "collected": 0,
        "outside": None,
        "wait_median": None,
        "wait_90": None,
        "expired": 0,
        "on_time": None,
        "satisfied": None,
        "faults": 0,
        "availability": None,
        "out": 0,
        "silent": None,
    }


def test_the_sums_of_two_kiosks_are_those_of_both_together() -> None:
    a = [_course("2026-11-02 08:00", "2026-11-03 20:00", due="2026-11-04 08:00")]
    b = [_course("2026-11-02 08:00", "2026-11-02 09:00"), _course("2026-11-03 08:00")]
    marks = [Mark(NOVEMBER.start_ms + 5, "rated", score=4)]

    def of(courses: list[Course], since_ms: int) -> Sums:
        return sum_up(
            NOVEMBER, courses, marks[:since_ms], shipped(), Watched(since_ms, LATER), LATER
        )

    both = of(a, 1)
    both.add(of(b, 0))
    assert both == of([*a, *b], 1)


def test_every_figure_has_a_definition_and_docs_tell_the_same_ones() -> None:
    assert list(FIGURES) == [figure.key for figure in figures(Sums())]
    page = DOCS.read_text(encoding="utf-8")
    for words in FIGURES.values():
        for text in (*words.name, *words.definition):
            assert text in page
