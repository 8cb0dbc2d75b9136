"""One question, many answers: may this match open something now?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.clock import Now
from kiosk.core.codes import Match, Standing
from kiosk.core.judge import may_pulse, openable, verdict
from kiosk.core.scenes import Why
from kiosk.core.state import State
from sync.messages import Clock, Kind, Result, Status
from tests.core.make import (
    WALL_MS,
    Said,
    a_holder,
    a_manifest,
    a_memory,
    a_result,
    a_state,
    accepted,
    at,
    loaded,
    merged,
)

NOW = Now(1_000, WALL_MS, Clock.SYNCED)
GOOD = Match("r1", "h1", 1, 0, Standing.GOOD)
FINISHES = replace(GOOD, standing=Standing.FINISHES)
LAST = replace(GOOD, standing=Standing.SUPERSEDED)
LOCKED: Said = (Kind.RESULT_LOCKED, {"cid": "r1", "holder": "h1"})
COLLECTED = (accepted(), at(Kind.OPENED), at(Kind.COLLECTED))


def after(*said: Said, result: Result | None = None) -> State:
    """r1 loaded, then this; `result` as the manifest in force has it now."""
    memory = a_memory(merged(a_result()), loaded(), *said)
    return a_state(memory, a_manifest(result or a_result()))


def test_a_good_code_of_a_loaded_result_may_open() -> None:
    assert verdict(after(), GOOD, NOW) is None
    assert openable(after(), GOOD) == (1,)


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (a_result(status=Status.REVOKED), Why.RECALLED),
        (a_result(place="quầy 3"), Why.ELSEWHERE),
        (a_result("r1", a_holder("h2")), Why.REPLACED),
        (a_result("r1", a_holder(gen=2)), Why.REPLACED),
        (a_result("r2"), Why.CHECKED),
    ],
)
def test_central_bars_a_result_before_and_between_pulses(result: Result, why: Why) -> None:
    assert verdict(after(result=result), GOOD, NOW) is why
    assert may_pulse(after(accepted(), result=result), GOOD) is why


def test_a_finishing_code_opens_accepted_parts_only_and_a_good_one_both() -> None:
    state = after(loaded("r1", 2), accepted("r1", 1))
    assert openable(state, FINISHES) == (1,)
    assert openable(state, GOOD) == (1, 2)


@pytest.mark.parametrize(
    "doubt",
    [
        (Kind.BLOCKED, {"compartment": 1, "reason": "x"}),
        (Kind.OPENED_UNASKED, {"compartment": 1}),
        LOCKED,
    ],
)
def test_a_right_code_waits_for_staff_where_there_is_doubt(doubt: Said) -> None:
    assert verdict(after(doubt), GOOD, NOW) is Why.CHECKED


def test_a_lock_is_for_typed_codes_only() -> None:
    assert verdict(after(LOCKED), replace(GOOD, by_token=True), NOW) is None


def test_a_superseded_code_is_told_used_replaced_or_checked() -> None:
    unseen = (accepted(), at(Kind.UNCONFIRMED))
    assert verdict(after(*COLLECTED), LAST, NOW) is Why.USED
    assert verdict(after(), LAST, NOW) is Why.REPLACED
    assert verdict(after(*unseen), LAST, NOW) is Why.CHECKED
    assert verdict(after(*unseen), replace(LAST, counter=7), NOW) is Why.REPLACED


def test_nothing_loaded_is_not_yet() -> None:
    state = a_state(a_memory(merged(a_result())), a_manifest(a_result()))
    assert verdict(state, GOOD, NOW) is Why.NOT_YET


def test_holding_time_is_judged_by_a_trusted_clock_only_and_never_while_finishing() -> None:
    late = replace(NOW, wall_ms=WALL_MS + 2 * 86_400_000)
    state = after()
    trusted = replace(state, clock=replace(state.clock, trust=Clock.HOLDOVER))
    assert verdict(state, GOOD, late) is None
    assert verdict(trusted, GOOD, late) is Why.EXPIRED
    finishing = replace(after(accepted()), clock=trusted.clock)
    assert verdict(finishing, FINISHES, late) is None


def test_every_pulse_needs_the_acceptance_in_force() -> None:
    assert may_pulse(after(), GOOD) is Why.REPLACED
    assert may_pulse(after(accepted()), GOOD) is None
    assert may_pulse(after(accepted(holder="h2")), GOOD) is Why.REPLACED


def test_a_lost_memory_lets_nothing_open() -> None:
    lost = (Kind.CONFLICT, {"what": "memory"})
    assert verdict(after(lost), GOOD, NOW) is Why.CHECKED
    assert may_pulse(after(accepted(), lost), GOOD) is Why.CHECKED
