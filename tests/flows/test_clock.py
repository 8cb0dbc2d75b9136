"""What the clock may and may not do to a visit (DESIGN §8)."""

from __future__ import annotations

from kiosk.core.scenes import Idle, Ready, Told, Why
from sync.messages import Clock
from tests.flows.walk import BUILT_MS, Walk, published, seconds
from tests.flows.ways import right_code

DAY_MS = 86_400_000


def test_a_forward_jump_that_uptime_does_not_explain_expires_nothing() -> None:
    walk = Walk({"r1": (1,)})
    walk.wall_ms += 30 * DAY_MS
    walk.go((seconds(1), Idle), *right_code(walk, leads_to=Ready))
    assert walk.state.clock.trust is Clock.UNKNOWN
    assert walk.journal[-1].clock is not Clock.UNKNOWN  # said before the jump


def test_a_fresh_manifest_that_agrees_confirms_a_jump() -> None:
    walk = Walk({"r1": (1,)})
    walk.wall_ms += 30 * DAY_MS
    walk.go((seconds(1), Idle), (published, Idle), *right_code(walk, leads_to=Told))
    assert walk.state.clock.trust is Clock.SYNCED
    assert isinstance(walk.scene, Told)
    assert walk.scene.why is Why.EXPIRED


def test_statements_carry_how_far_the_clock_was_trusted() -> None:
    walk = Walk({"r1": (1,)})
    rows = len(walk.journal)
    for claim in Clock:
        walk.claim = claim
        walk.boot(1_000)
    assert [statement.clock for statement in walk.journal[rows:]] == list(Clock)


def test_a_clock_below_the_newest_manifest_is_not_trusted_even_after_a_restart() -> None:
    walk = Walk({"r1": (1,)})
    walk.boot(DAY_MS)
    walk.publish()
    walk.wall_ms -= DAY_MS
    walk.boot(0, reboot=True)
    assert walk.state.clock.trust is Clock.UNKNOWN


def test_our_own_clock_never_becomes_the_floor() -> None:
    walk = Walk({"r1": (1,)})
    walk.wall_ms += 3_650 * DAY_MS
    walk.boot(0, reboot=True)
    assert walk.state.clock.trust is Clock.SYNCED
    walk.wall_ms -= 3_650 * DAY_MS
    walk.boot(0, reboot=True)
    assert walk.state.clock.trust is Clock.SYNCED
    assert walk.state.clock.floor_ms > BUILT_MS
