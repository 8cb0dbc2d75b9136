"""Staff at the screen: who gets in (DESIGN §7, §8)."""

from __future__ import annotations

import pytest

from kiosk.core.automaton import step
from kiosk.core.effects import CheckPin
from kiosk.core.events import Key, PinChecked, Pressed
from kiosk.core.scenes import Idle
from kiosk.core.staff_scenes import Login, LoginTrouble, Step
from kiosk.core.upkeep_scenes import Menu
from sync.messages import Kind
from tests.flows.walk import Step as Doing
from tests.flows.walk import Walk, cut, press, published, seconds, typed
from tests.flows.ways import signing_in


def trouble(walk: Walk) -> LoginTrouble:
    assert isinstance(walk.scene, Login)
    return walk.scene.trouble


def entering(number: str, pin: str, totp: str, leads_to: type) -> list[Doing]:
    return [
        (press(Key.STAFF), Login),
        (typed(number), Login),
        (press(Key.CONFIRM), Login),
        (typed(pin), Login),
        (press(Key.CONFIRM), Login),
        (typed(totp), Login),
        (press(Key.CONFIRM), leads_to),
    ]


def test_a_clerk_signs_in_and_out() -> None:
    walk = Walk()
    step = walk.wall_ms // 30_000
    walk.go(*signing_in(walk), (press(Key.SIGN_OUT), Idle))
    assert walk.said(Kind.STAFF_IN) == [{"staff": "7", "role": "clerk", "step": step}]
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "signed_out"}]


def test_the_same_totp_step_is_refused_the_second_time() -> None:
    walk = Walk()
    walk.go(*signing_in(walk), (press(Key.SIGN_OUT), Idle), *signing_in(walk, leads_to=Login))
    assert trouble(walk) is LoginTrouble.REFUSED


def test_the_same_totp_step_is_refused_after_the_clock_is_set_back() -> None:
    walk = Walk()
    walk.go(*signing_in(walk), (press(Key.SIGN_OUT), Idle), (seconds(120), Idle))
    walk.wall_ms -= 120_000
    walk.go(*signing_in(walk, leads_to=Login))
    assert trouble(walk) is LoginTrouble.REFUSED


def test_the_same_totp_step_is_refused_after_a_restart() -> None:
    walk = Walk()
    walk.go(*signing_in(walk), (cut(0), Idle), *signing_in(walk, leads_to=Login))
    assert trouble(walk) is LoginTrouble.REFUSED


@pytest.mark.parametrize(("drift_s", "leads_to"), [(-30, Menu), (30, Menu), (-60, Login)])
def test_a_totp_of_one_step_either_way_is_good(drift_s: int, leads_to: type) -> None:
    walk = Walk()
    code = walk.central.totp(walk.wall_ms + drift_s * 1000)
    walk.go(*entering("7", walk.central.pin(), code, leads_to))


def test_a_wrong_pin_and_a_wrong_totp_are_refused_alike() -> None:
    pin, totp = Walk(), Walk()
    pin.pin_right = False
    pin.go(*signing_in(pin, leads_to=Login))
    totp.go(*entering("7", totp.central.pin(), "000000", Login))
    assert trouble(pin) is trouble(totp) is LoginTrouble.REFUSED
    assert pin.scene == totp.scene
    assert pin.said(Kind.STAFF_REFUSED) == totp.said(Kind.STAFF_REFUSED) == [{"staff": "7"}]


def test_an_unknown_number_goes_the_same_way_as_a_known_one() -> None:
    known, unknown = Walk(), Walk()
    known.pin_right = unknown.pin_right = False
    before = known.effects_done, unknown.effects_done
    known.go(*entering("7", "111111", "000000", Login))
    unknown.go(*entering("8", "111111", "000000", Login))
    assert known.scene == unknown.scene
    assert known.effects_done - before[0] == unknown.effects_done - before[1]
    assert unknown.said(Kind.STAFF_REFUSED) == [{"staff": ""}]


def test_each_staff_number_has_its_own_bucket() -> None:
    walk = Walk()
    walk.central.add_staff("9")
    walk.publish()
    walk.pin_right = False
    for _ in range(10):
        walk.go(*signing_in(walk, leads_to=Login), (press(Key.CANCEL), Idle), (seconds(30), Idle))
    walk.pin_right = True
    walk.go(*signing_in(walk, leads_to=Login))
    assert trouble(walk) is LoginTrouble.LOCKED
    walk.go((press(Key.CANCEL), Idle))
    code = walk.central.totp(walk.wall_ms, "9")
    walk.go(*entering("9", walk.central.pin("9"), code, Menu), (press(Key.SIGN_OUT), Idle))
    walk.go((seconds(900), Idle), *signing_in(walk))


def test_a_staff_bucket_is_not_refilled_by_restarts_and_earns_its_uptime_after_them() -> None:
    walk = Walk()
    walk.pin_right = False
    walk.wait(6_000_000)
    for _ in range(10):
        walk.go(*signing_in(walk, leads_to=Login), (press(Key.CANCEL), Idle))
    walk.pin_right = True
    walk.go((cut(), Idle), *signing_in(walk, leads_to=Login), (press(Key.CANCEL), Idle))
    assert walk.up_ms < 6_000_000
    walk.go((seconds(6_100), Idle), *signing_in(walk))


def test_a_worker_that_answers_too_late_lets_nobody_in() -> None:
    walk = Walk()
    walk.go(*signing_in(walk)[:-1])
    walk.state, effects = step(walk.state, Pressed(Key.CONFIRM), walk.now)
    assert [type(effect) for effect in effects] == [CheckPin]
    walk.go((press(Key.CANCEL), Idle))
    walk.give(PinChecked("7", ok=True))
    walk.go((seconds(1), Idle))
    assert "staff_in" not in walk.kinds()


def test_a_staff_member_who_left_the_list_is_a_stranger() -> None:
    walk = Walk()
    totp = walk.central.totp(walk.wall_ms)
    pin = walk.central.pin()
    walk.central.remove_staff("7")
    walk.go((published, Idle), *entering("7", pin, totp, Login))
    assert walk.said(Kind.STAFF_REFUSED) == [{"staff": ""}]


def test_digits_can_be_erased_at_every_step_and_short_entries_go_nowhere() -> None:
    walk = Walk()
    walk.go((press(Key.STAFF), Login), (press(Key.CONFIRM), Login), (typed("79"), Login))
    walk.go((press(Key.ERASE), Login), (press(Key.CONFIRM), Login), (typed("1234567"), Login))
    walk.go((press(Key.ERASE), Login), (press(Key.CONFIRM), Login))
    assert isinstance(walk.scene, Login)
    assert (walk.scene.step, walk.scene.number, walk.scene.pin) == (Step.PIN, "7", "12345")
    walk.go((typed("6"), Login), (press(Key.CONFIRM), Login), (typed("12345"), Login))
    walk.go((press(Key.CONFIRM), Login), (press(Key.ERASE), Login))
    assert isinstance(walk.scene, Login)
    assert (walk.scene.step, walk.scene.totp) == (Step.TOTP, "1234")


def test_a_login_that_nobody_finishes_ends_after_a_minute() -> None:
    walk = Walk()
    walk.go((press(Key.STAFF), Login), (seconds(59), Login), (typed("7"), Login))
    walk.go((seconds(59), Login), (seconds(1), Idle))


def test_no_login_pulses_anything() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*signing_in(walk), (press(Key.SIGN_OUT), Idle))
    assert walk.pulses == []
