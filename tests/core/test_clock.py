"""How far the clock is believed (DESIGN §8)."""

from __future__ import annotations

import pytest

from kiosk.core.clock import FRESH_MANIFEST_MS, JUMP_MS, ClockState, Now, confirm, judge
from sync.messages import Clock
from tests.core.make import WALL_MS

DAY_MS = 86_400_000


def running(claim: Clock = Clock.SYNCED) -> ClockState:
    """Believed at up time 1,000 s."""
    return judge(ClockState(WALL_MS - DAY_MS), Now(1_000_000, WALL_MS, claim))


def later(
    state: ClockState, up_ms: int, jump_ms: int = 0, claim: Clock = Clock.SYNCED
) -> ClockState:
    now = Now(state.up_ms + up_ms, state.wall_ms + up_ms + jump_ms, claim)
    return judge(state, now)


@pytest.mark.parametrize("claim", list(Clock))
def test_a_believable_clock_is_trusted_as_far_as_the_system_claims(claim: Clock) -> None:
    assert running(claim).trust is claim
    assert running(claim).trusted is (claim is not Clock.UNKNOWN)


def test_a_clock_below_the_floor_is_unknown_whatever_it_claims() -> None:
    floor = ClockState(WALL_MS)
    assert judge(floor, Now(0, WALL_MS - 1, Clock.SYNCED)).trust is Clock.UNKNOWN
    assert judge(floor, Now(0, WALL_MS, Clock.SYNCED)).trust is Clock.SYNCED


def test_drift_within_five_minutes_is_no_jump() -> None:
    assert later(running(), 60_000, JUMP_MS).trusted
    assert later(running(), 60_000, -JUMP_MS).trusted


@pytest.mark.parametrize("jump_ms", [JUMP_MS + 1, DAY_MS, -JUMP_MS - 1])
def test_a_jump_that_uptime_does_not_explain_is_unknown_until_confirmed(jump_ms: int) -> None:
    jumped = later(running(), 60_000, jump_ms)
    assert jumped.trust is Clock.UNKNOWN
    assert later(jumped, 60_000).trust is Clock.UNKNOWN


def test_time_that_uptime_explains_is_no_jump() -> None:
    assert later(running(), 40 * DAY_MS).trusted


def test_the_first_synchronisation_may_set_a_drifted_clock_right() -> None:
    drifted = running(Clock.HOLDOVER)
    assert later(drifted, 60_000, DAY_MS, Clock.SYNCED).trust is Clock.SYNCED
    assert later(drifted, 60_000, DAY_MS, Clock.HOLDOVER).trust is Clock.UNKNOWN


def test_an_unknown_clock_may_become_known_by_any_step() -> None:
    woken = judge(ClockState(WALL_MS - DAY_MS), Now(0, 0, Clock.UNKNOWN))
    assert judge(woken, Now(60_000, WALL_MS, Clock.SYNCED)).trust is Clock.SYNCED


@pytest.mark.parametrize("age_ms", [-JUMP_MS, 0, FRESH_MANIFEST_MS])
def test_a_fresh_manifest_that_agrees_ends_a_jump(age_ms: int) -> None:
    jumped = later(running(), 60_000, DAY_MS)
    assert confirm(jumped, jumped.wall_ms - age_ms).jumped is False


@pytest.mark.parametrize("age_ms", [-JUMP_MS - 1, FRESH_MANIFEST_MS + 1])
def test_a_manifest_that_does_not_agree_confirms_nothing(age_ms: int) -> None:
    jumped = later(running(), 60_000, 10 * DAY_MS)
    assert confirm(jumped, jumped.wall_ms - age_ms).trust is Clock.UNKNOWN


def test_a_manifest_raises_the_floor_and_never_lowers_it() -> None:
    state = running()
    assert confirm(state, WALL_MS).floor_ms == WALL_MS
    assert confirm(state, WALL_MS - 10 * DAY_MS).floor_ms == state.floor_ms


def test_a_manifest_from_the_future_makes_the_clock_unknown() -> None:
    assert confirm(running(), WALL_MS + DAY_MS).trust is Clock.UNKNOWN
