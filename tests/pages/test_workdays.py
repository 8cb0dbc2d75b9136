"""Working days: a counter opens neither on a weekend nor on a holiday."""

from datetime import date
from pathlib import Path

import pytest

from sync.central.results import default_hold
from sync.central.settings import SettingsError, load_settings
from sync.central.texts import last_full_day, local
from sync.central.workdays import Workdays, WorkdaysError, load_workdays, shipped
from tests.pages.town import local_ms


def test_holding_ends_when_a_counter_opens_after_five_whole_working_days() -> None:
    until = local(default_hold(local_ms("2026-11-18 20:00")))
    assert f"{until:%a %Y-%m-%d %H:%M}" == "Thu 2026-11-26 07:30"


def test_holidays_are_no_working_days_and_the_message_names_the_last_full_day_before() -> None:
    loaded = local_ms("2026-04-24 10:00")  # Friday; Monday in lieu, Thursday and Friday are shut
    until = default_hold(loaded)
    assert f"{local(until):%Y-%m-%d %H:%M}" == "2026-05-07 07:30"
    assert last_full_day(until).date() == date(2026, 5, 6)


def test_holding_never_ends_within_the_week_of_tet() -> None:
    until = shipped().opening_after(local_ms("2026-02-13 16:00"), 0)
    assert f"{local(until):%Y-%m-%d}" == "2026-02-23"


def test_a_saturday_worked_in_exchange_is_a_working_day() -> None:
    days = Workdays(working=frozenset({date(2026, 8, 22)}))
    assert days.works(date(2026, 8, 22))
    assert not days.works(date(2026, 8, 29))


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-18 07:29", False),
        ("2026-11-18 07:30", True),
        ("2026-11-18 11:30", False),
        ("2026-11-18 13:00", True),
        ("2026-11-18 17:00", False),
        ("2026-11-21 09:00", False),  # Saturday
        ("2026-09-02 09:00", False),  # Quốc khánh
    ],
)
def test_the_counter_is_open_in_its_hours_of_a_working_day(at: str, *, is_open: bool) -> None:
    assert shipped().open_at(local_ms(at)) is is_open


def test_a_file_in_centrals_folder_replaces_the_shipped_one_whole(tmp_path: Path) -> None:
    (tmp_path / "holidays.toml").write_text('dates = [2026-11-20]\nevery_year = ["12-24"]\n')
    days = load_settings(tmp_path, {}).workdays
    assert not days.works(date(2026, 11, 20))
    assert not days.works(date(2030, 12, 24))
    assert days.works(date(2026, 9, 2))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("dates = [", "holidays.toml"),
        ('dates = ["2026-11-20"]', "without quotes"),
        ('every_year = ["2-30"]', "MM-DD"),
        ('every_year = ["02-31"]', "every_year"),
        ("closed = []", "closed"),
        ("dates = 5", "a list"),
    ],
)
def test_a_file_that_says_something_else_names_the_place(
    tmp_path: Path, text: str, names: str
) -> None:
    (tmp_path / "holidays.toml").write_text(text)
    with pytest.raises(WorkdaysError, match=names):
        load_workdays(tmp_path)
    with pytest.raises(SettingsError):
        load_settings(tmp_path, {})


def test_a_calendar_without_working_days_is_a_mistake_and_not_a_loop() -> None:
    every = frozenset((m, d) for m in range(1, 13) for d in range(1, 32))
    with pytest.raises(WorkdaysError, match="in a row"):
        Workdays(every_year=every).opening_after(local_ms("2026-11-18 09:00"), 5)
