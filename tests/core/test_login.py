"""TOTP against RFC 6238 Appendix B, and never the same step twice."""

from __future__ import annotations

import pyotp
import pytest

from kiosk.core.login import TOTP_STEP_MS, totp_step
from sync.messages import Pin, Role, Staff
from tests.core.make import SECRET

MEMBER = Staff("7", Role.CLERK, Pin("AAAA", 1024, 8, 1, "A" * 43), SECRET)
# RFC 6238 Appendix B, SHA-1: Unix time → eight digits, of which ours are the last six.
RFC_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.parametrize(("time_s", "code"), RFC_6238.items())
def test_codes_are_those_of_rfc_6238(time_s: int, code: str) -> None:
    assert pyotp.TOTP(SECRET, digits=8).at(time_s) == code
    assert totp_step(MEMBER, code[-6:], time_s * 1000, -1) == time_s // 30


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_one_step_either_way_is_good(steps: int, good: bool) -> None:  # noqa: FBT001  # a parameter
    code = RFC_6238[1234567890][-6:]
    now_ms = 1234567890_000 + steps * TOTP_STEP_MS
    assert (totp_step(MEMBER, code, now_ms, -1) is not None) is good


@pytest.mark.parametrize("last", [41152263, 41152264, 10**9])
def test_a_step_used_once_or_older_than_the_last_is_refused(last: int) -> None:
    assert totp_step(MEMBER, RFC_6238[1234567890][-6:], 1234567890_000, last) is None


def test_the_step_before_the_last_used_one_is_refused_even_when_it_is_in_the_window() -> None:
    earlier = pyotp.TOTP(SECRET).at(1234567890 - 30)
    assert totp_step(MEMBER, earlier, 1234567890_000, 1234567890 // 30) is None


@pytest.mark.parametrize(
    "typed", ["", "00592", "0059240", "00592a", "\uff10\uff10\uff15\uff19\uff12\uff14"]
)
def test_only_six_ascii_digits_can_be_a_code(typed: str) -> None:
    assert totp_step(MEMBER, typed, 1234567890_000, -1) is None


def test_a_member_does_not_show_the_secret() -> None:
    assert SECRET not in repr(MEMBER)
