"""Two consecutive TOTP codes let staff in while nobody knows the time (DESIGN §8; issue 3, 7)."""

from __future__ import annotations

import pytest

from kiosk.core.events import Key
from kiosk.core.scenes import Idle
from kiosk.core.staff_scenes import Login, LoginTrouble, Step
from kiosk.core.upkeep_scenes import Menu
from sync.messages import Clock, Kind
from tests.flows.upkeep import staffed
from tests.flows.walk import Do, Walk, cut, press, seconds, typed

STEP_MS = 30_000


@pytest.fixture(autouse=True)
def _short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound of the search is tested in tests/core; here a wrong pair must not take seconds."""
    monkeypatch.setattr("kiosk.core.login.PAIR_STEPS", 400)


def clockless() -> Walk:
    walk = staffed()
    walk.claim = Clock.UNKNOWN
    return walk


def pair(first: int, second: int) -> Do:
    """Number, PIN, and the codes that the authenticator shows in these two steps from now."""

    def do(walk: Walk) -> None:
        walk.go((press(Key.STAFF), Login), (typed("7"), Login), (press(Key.CONFIRM), Login))
        walk.go((typed(walk.central.pin()), Login), (press(Key.CONFIRM), Login))
        walk.go((code(walk, first), Login), (press(Key.CONFIRM), Login))
        assert isinstance(walk.scene, Login)
        assert walk.scene.step is Step.TOTP2
        walk.go((code(walk, second), Login))
        press(Key.CONFIRM)(walk)

    return do


def code(walk: Walk, steps: int) -> Do:
    return typed(walk.central.totp(walk.wall_ms + steps * STEP_MS))


def test_the_right_pair_lets_staff_in_and_both_codes_are_used_up() -> None:
    walk = clockless().go((pair(0, 1), Menu))
    assert walk.said(Kind.STAFF_IN)[0]["step"] == walk.wall_ms // STEP_MS + 1
    assert walk.journal[-1].clock is Clock.UNKNOWN


def test_one_code_alone_lets_nobody_in() -> None:
    walk = clockless()
    walk.go((press(Key.STAFF), Login), (typed("7"), Login), (press(Key.CONFIRM), Login))
    walk.go((typed(walk.central.pin()), Login), (press(Key.CONFIRM), Login))
    walk.go((code(walk, 0), Login), (press(Key.CONFIRM), Login), (press(Key.CONFIRM), Login))
    walk.go((seconds(60), Idle))
    assert "staff_in" not in walk.kinds()


@pytest.mark.parametrize(("first", "second"), [(1, 0), (0, 2), (0, 0)])
def test_codes_that_do_not_follow_each_other_are_refused_and_charged(
    first: int, second: int
) -> None:
    walk = clockless().go((pair(first, second), Login))
    assert isinstance(walk.scene, Login)
    assert walk.scene.trouble is LoginTrouble.REFUSED
    assert walk.said(Kind.STAFF_REFUSED) == [{"staff": "7"}]


def test_the_right_pair_with_a_wrong_pin_is_refused_and_charged() -> None:
    walk = clockless()
    walk.pin_right = False
    walk.go((pair(0, 1), Login))
    assert walk.said(Kind.STAFF_REFUSED) == [{"staff": "7"}]


@pytest.mark.parametrize("between", [seconds(1), cut(0)])
def test_no_pair_and_no_half_of_it_works_twice_not_even_after_a_restart(between: Do) -> None:
    walk = clockless().go((pair(0, 1), Menu), (press(Key.SIGN_OUT), Idle), (between, Idle))
    for steps in ((0, 1), (1, 2)):
        walk.go((pair(*steps), Login), (press(Key.CANCEL), Idle))
    assert len(walk.said(Kind.STAFF_REFUSED)) == 2
    walk.go((pair(2, 3), Menu))


def test_a_pair_used_without_a_clock_is_refused_when_the_clock_is_known_again() -> None:
    walk = clockless().go((pair(0, 1), Menu), (press(Key.SIGN_OUT), Idle))
    walk.claim = Clock.SYNCED
    walk.publish()  # the newest manifest confirms the time
    walk.go((press(Key.STAFF), Login), (typed("7"), Login), (press(Key.CONFIRM), Login))
    walk.go((typed(walk.central.pin()), Login), (press(Key.CONFIRM), Login))
    walk.go((code(walk, 1), Login), (press(Key.CONFIRM), Login))
    assert walk.said(Kind.STAFF_REFUSED) == [{"staff": "7"}]


def test_pairs_are_guessed_out_of_the_same_bucket() -> None:
    walk = clockless()
    for _ in range(10):
        walk.go((pair(1, 0), Login), (press(Key.CANCEL), Idle))
    walk.go((pair(0, 1), Login))
    assert isinstance(walk.scene, Login)
    assert walk.scene.trouble is LoginTrouble.LOCKED
    assert "staff_in" not in walk.kinds()
