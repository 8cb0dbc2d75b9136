"""The duty limiter: no coil too long, too often, or beside too many others."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Barrier, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.locks.duty import COOL_DOWN_MS, HARD_CAP_MS, MARGIN_MS, Duty


def test_a_coil_rests_between_two_pulses() -> None:
    duty = Duty(most_on=2)
    assert duty.begin(7, 500, COOL_DOWN_MS, 0)
    duty.end(7, 500)
    assert duty.wait_ms(7, 500) == COOL_DOWN_MS
    assert not duty.begin(7, 500, COOL_DOWN_MS, 499 + COOL_DOWN_MS)
    assert duty.wait_ms(8, 500) == 0
    assert duty.begin(7, 500, COOL_DOWN_MS, 500 + COOL_DOWN_MS)


def test_a_pulse_without_news_counts_as_on_until_its_margin_is_over() -> None:
    duty = Duty(most_on=1)
    assert duty.begin(7, 500, COOL_DOWN_MS, 1_000)
    over = 1_000 + 500 + MARGIN_MS
    assert duty.wait_ms(8, 1_000) == 500 + MARGIN_MS
    assert not duty.begin(8, 500, COOL_DOWN_MS, over - 1)
    assert duty.wait_ms(7, over) == COOL_DOWN_MS
    assert duty.begin(8, 500, COOL_DOWN_MS, over)


def test_the_end_of_one_pulse_makes_room_for_another_coil() -> None:
    duty = Duty(most_on=1)
    assert duty.begin(7, 3_000, COOL_DOWN_MS, 0)
    assert not duty.begin(8, 500, COOL_DOWN_MS, 400)
    duty.end(7, 400)
    assert duty.begin(8, 500, COOL_DOWN_MS, 400)


def test_no_pulse_is_longer_than_the_hard_cap() -> None:
    duty = Duty(most_on=1)
    for pulse_ms in (0, -1, HARD_CAP_MS + 1):
        assert not duty.begin(7, pulse_ms, COOL_DOWN_MS, 0)
    assert not duty.begin(7, 500, -1, 0)
    assert duty.begin(7, HARD_CAP_MS, COOL_DOWN_MS, 0)


def test_news_of_a_coil_that_was_never_claimed_changes_nothing() -> None:
    duty = Duty(most_on=1)
    duty.end(7, 100)
    assert duty.wait_ms(7, 100) == 0


def test_late_news_makes_the_rest_longer_and_never_shorter() -> None:
    duty = Duty(most_on=1)
    assert duty.begin(7, 500, COOL_DOWN_MS, 0)
    duty.end(7, 2_500)
    assert duty.wait_ms(7, 2_500) == COOL_DOWN_MS


def test_a_supply_that_feeds_no_coil_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Duty(most_on=0)


def test_buses_that_begin_at_the_same_moment_share_the_supply() -> None:
    duty, together = Duty(most_on=3), Barrier(8)
    granted: list[bool] = []

    def bus(compartment: int) -> None:
        together.wait(20)
        granted.append(duty.begin(compartment, 500, COOL_DOWN_MS, 0))

    threads = [Thread(target=bus, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(granted) == [False] * 5 + [True] * 3


@dataclass
class Copper:
    """What the coils really went through: each stays on until told off, or until its margin is over."""

    off_by: dict[int, int] = field(default_factory=dict)
    rested_by: dict[int, int] = field(default_factory=dict)

    def on(self, now: int) -> int:
        return sum(off > now for off in self.off_by.values())


Act = tuple[str, int, int]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(("begin", "begin", "end", "pass", "wait")),
        st.integers(1, 4),
        st.integers(-5, HARD_CAP_MS + 5),
    ),
    max_size=60,
)


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 3), ACTS)
def test_supply_and_rest_hold_whatever_is_asked(most_on: int, acts: list[Act]) -> None:
    duty, copper, now = Duty(most_on), Copper(), 0
    for act, coil, number in acts:
        if act == "begin" and duty.begin(coil, number, COOL_DOWN_MS, now):
            assert 1 <= number <= HARD_CAP_MS
            assert copper.rested_by.get(coil, 0) <= now
            copper.off_by[coil] = now + number + MARGIN_MS
            copper.rested_by[coil] = copper.off_by[coil] + COOL_DOWN_MS
        if act == "end" and coil in copper.off_by:
            duty.end(coil, now)
            copper.off_by[coil] = min(copper.off_by[coil], now)
            copper.rested_by[coil] = now + COOL_DOWN_MS
        if act == "wait":
            now += duty.wait_ms(coil, now)
            assert duty.begin(coil, 1, COOL_DOWN_MS, now), "a wait that was promised is enough"
            copper.off_by[coil] = now + 1 + MARGIN_MS
            copper.rested_by[coil] = copper.off_by[coil] + COOL_DOWN_MS
        if act == "pass":
            now += max(number, 0)
        assert copper.on(now) <= most_on
