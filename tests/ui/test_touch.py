"""From contacts to meanings: one finger, one target, and rain is no hand."""

import pytest

from ui.hands import Action, Pressed, Wet
from ui.scene import Rect, Target
from ui.touch import (
    FINGERS_MAX,
    HOLD_MS,
    TAPS_MS,
    TOUCHES_MAX,
    WET_MS,
    Contact,
    Key,
    Source,
    Touch,
)

ONE = Target(Rect(0, 0, 100, 100), Pressed(Action.DIGIT, "1"))
TWO = Target(Rect(100, 0, 100, 100), Pressed(Action.DIGIT, "2"))
CORNER = Target(Rect(300, 0, 100, 100), Pressed(Action.STAFF), taps=5)
ALL = (ONE, TWO, CORNER)


@pytest.fixture
def touch() -> Touch:
    reader = Touch()
    reader.aim(ALL)
    return reader


def _finger(x: int, *, down: bool, finger: int = 0, y: int = 50) -> Contact:
    return Contact(Source.FINGER, finger, down, x, y)


def _tap(touch: Touch, x: int, up_ms: int) -> object:
    assert touch.contact(_finger(x, down=True), up_ms) is None
    return touch.contact(_finger(x, down=False), up_ms + 80)


def test_a_key_acts_when_the_finger_leaves_inside_it(touch: Touch) -> None:
    assert touch.contact(_finger(50, down=True), 0) is None
    assert touch.held == ONE
    assert touch.contact(_finger(99, down=False), 90) == Pressed(Action.DIGIT, "1")
    assert touch.held is None


def test_a_finger_that_slips_to_another_key_presses_neither(touch: Touch) -> None:
    touch.contact(_finger(50, down=True), 0)
    assert touch.contact(_finger(150, down=False), 90) is None


def test_a_finger_that_came_from_beside_presses_nothing(touch: Touch) -> None:
    touch.contact(_finger(250, down=True), 0)
    assert touch.held is None
    assert touch.contact(_finger(50, down=False), 90) is None


def test_only_the_first_finger_counts(touch: Touch) -> None:
    touch.contact(_finger(50, down=True, finger=0), 0)
    touch.contact(_finger(150, down=True, finger=1), 10)
    assert touch.contact(_finger(150, down=False, finger=1), 20) is None
    assert touch.contact(_finger(50, down=False, finger=0), 30) == ONE.pressed


def test_a_key_that_is_gone_when_the_finger_leaves_acts_no_more(touch: Touch) -> None:
    touch.contact(_finger(50, down=True), 0)
    touch.aim((Target(ONE.rect, Pressed(Action.OPEN)), TWO))
    assert touch.contact(_finger(50, down=False), 90) is None


def test_a_repainted_screen_with_the_same_key_still_takes_the_finger(touch: Touch) -> None:
    touch.contact(_finger(50, down=True), 0)
    touch.aim((ONE, TWO))  # the countdown went on
    assert touch.contact(_finger(50, down=False), 90) == ONE.pressed


def test_the_copy_of_a_finger_that_the_system_makes_is_not_a_second_press(touch: Touch) -> None:
    copy = [Contact(Source.MOUSE_OF_FINGER, 0, down, 50, 50) for down in (True, False)]
    real = [_finger(50, down=down) for down in (True, False)]
    said = [touch.contact(c, 0) for c in (copy[0], real[0], copy[1], real[1])]
    assert said == [None, None, None, ONE.pressed]
    said = [touch.contact(c, 500) for c in (copy[0], real[0], copy[1], real[1])]
    assert said == [None, None, None, ONE.pressed]


def test_a_screen_that_gives_only_copies_works_too(touch: Touch) -> None:
    touch.contact(Contact(Source.MOUSE_OF_FINGER, 0, down=True, x=50, y=50), 0)
    left = Contact(Source.MOUSE_OF_FINGER, 0, down=False, x=50, y=50)
    assert touch.contact(left, 90) == ONE.pressed


def test_a_mouse_on_a_desk_works(touch: Touch) -> None:
    for source in (Source.FINGER, Source.MOUSE):
        touch.contact(Contact(source, 0, down=True, x=150, y=50), 0)
        assert touch.contact(Contact(source, 0, down=False, x=150, y=50), 1) == TWO.pressed


def test_many_fingers_at_once_are_rain(touch: Touch) -> None:
    said = [touch.contact(_finger(50, down=True, finger=n), n) for n in range(FINGERS_MAX + 1)]
    assert said == [None] * FINGERS_MAX + [Wet()]


def test_a_flood_of_touches_pauses_input_and_then_it_resumes(touch: Touch) -> None:
    said = []
    for n in range(TOUCHES_MAX + 1):
        said.append(touch.contact(_finger(250, down=True), n * 20))
        touch.contact(_finger(250, down=False), n * 20 + 10)
    assert said == [None] * TOUCHES_MAX + [Wet()]
    began = TOUCHES_MAX * 20
    assert touch.paused(began + WET_MS - 1)
    assert _tap(touch, 50, began + 1500) is None
    assert not touch.paused(began + WET_MS)
    assert _tap(touch, 50, began + WET_MS) == ONE.pressed


def test_a_press_that_began_in_the_pause_is_void(touch: Touch) -> None:
    for n in range(FINGERS_MAX + 1):
        touch.contact(_finger(250, down=True, finger=n), 0)
    for n in range(FINGERS_MAX + 1):
        touch.contact(_finger(250, down=False, finger=n), 1)
    touch.contact(_finger(50, down=True), WET_MS - 10)
    assert touch.contact(_finger(50, down=False), WET_MS + 10) is None


def test_a_storm_says_wet_once_per_pause(touch: Touch) -> None:
    said = [touch.contact(_finger(n % 400, down=True, finger=n), n * 10) for n in range(2000)]
    assert 0 < said.count(Wet()) <= 20_000 // WET_MS + 1
    assert set(said) == {None, Wet()}


def test_fast_typing_is_not_rain(touch: Touch) -> None:
    said = [_tap(touch, 50, n * 125) for n in range(40)]  # eight digits a second
    assert said == [ONE.pressed] * 40


def test_a_finger_that_never_leaves_is_forgotten(touch: Touch) -> None:
    touch.contact(_finger(50, down=True, finger=7), 0)
    assert _tap(touch, 150, HOLD_MS - 100) is None  # another finger, still the second
    assert _tap(touch, 150, HOLD_MS) == TWO.pressed


def test_the_hidden_gesture_takes_five_taps(touch: Touch) -> None:
    said = [_tap(touch, 350, n * 300) for n in range(5)]
    assert said == [None, None, None, None, Pressed(Action.STAFF)]
    assert _tap(touch, 350, 1600) is None


def test_slow_or_broken_taps_are_no_gesture(touch: Touch) -> None:
    assert [_tap(touch, 350, n * TAPS_MS // 3) for n in range(5)] == [None] * 5
    reader = Touch()
    reader.aim(ALL)
    places = [350, 350, 350, 350, 50, 350]
    said = [_tap(reader, x, 100_000 + n * 300) for n, x in enumerate(places)]
    assert said == [None, None, None, None, ONE.pressed, None]


def test_a_number_pad_does_what_the_screen_offers(touch: Touch) -> None:
    assert touch.key("1", 0) == ONE.pressed
    assert touch.key("9", 0) is None
    assert touch.key(Key.ENTER, 0) is None
    confirm, back = (Target(ONE.rect, Pressed(a)) for a in (Action.CONFIRM, Action.BACK))
    touch.aim((confirm, back))
    assert touch.key(Key.ENTER, 0) == confirm.pressed
    assert touch.key(Key.ESCAPE, 0) == back.pressed
    assert touch.key(Key.BACKSPACE, 0) is None
