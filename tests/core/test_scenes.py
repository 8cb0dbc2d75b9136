"""The core's words are those of the screens, and no scene shows what was typed."""

from __future__ import annotations

from enum import StrEnum

import pytest

from kiosk.core.codes import Match, Standing
from kiosk.core.effects import CheckPin
from kiosk.core.events import Key, Pressed
from kiosk.core.scenes import Again, Code, Digits, Grant, Outage, Refused, Why
from kiosk.core.staff_scenes import Login, LoginTrouble, Step, Trouble
from sync.messages import Pin
from ui import hands, screens, staff_screens

GRANT = Grant(Match("r1", "h1", 1, 0, Standing.GOOD))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Key, hands.Action),
        (Why, screens.Why),
        (Trouble, staff_screens.LoadTrouble),
        (Step, staff_screens.LoginStep),
    ],
)
def test_words_are_the_same_on_both_sides(ours: type[StrEnum], theirs: type[StrEnum]) -> None:
    assert {str(word) for word in ours} == {str(word) for word in theirs}


def test_outages_and_login_troubles_are_words_of_the_screens() -> None:
    assert {str(w) for w in Outage} <= {str(w) for w in screens.Outage}
    told = {str(w) for w in LoginTrouble} - {LoginTrouble.ROLE}
    assert told <= {str(w) for w in staff_screens.LoginTrouble}


@pytest.mark.parametrize(
    "value",
    [
        Digits(1, "4821", "84755224"),
        Code(1, "4821", "84755224"),
        Again(1, GRANT, "4821"),
        Refused(1, 2, "4821"),
        Login(1, number="7", pin="135790", totp="755224"),
        Pressed(Key.DIGIT, "4821"),
        CheckPin("7", "135790", Pin("c2FsdA", 1024, 8, 1, "aGFzaA")),
    ],
)
def test_what_was_typed_is_in_no_repr(value: object) -> None:
    secrets = ("4821", "84755224", "135790", "755224", "c2FsdA", "aGFzaA")
    assert [s for s in secrets if s in repr(value)] == []
