"""The judge: what is seen goes in, keep or go back comes out."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.appliance import trial
from kiosk.appliance.trial import (
    LONGEST_S,
    MOST_RESTARTS,
    STEADY_S,
    Before,
    Next,
    Seen,
    Watch,
    Why,
    doctor_says,
    look,
)

SERVED = Before(ran=True, answered=True, serving=True, synced=True)
WELL = Seen(0, active=True, restarts=0, answered=True, version="2", serving=True, synced=True)
EVERY_S = 2.0


def judged(before: Before, looks: Iterator[Seen] | Seen) -> tuple[Next, Why | None, float]:
    """Looked at every two seconds; how it ended, and when."""
    watch, up_s = Watch(before, "2", 0), 0.0
    while up_s <= 2 * LONGEST_S:
        seen = looks if isinstance(looks, Seen) else next(looks)
        watch, then, why = look(watch, replace(seen, up_s=up_s))
        if then is not Next.WAIT:
            return then, why, up_s
        up_s += EVERY_S
    raise AssertionError("it is never judged")


def after(seconds: float, first: Seen, then: Seen) -> Iterator[Seen]:
    """The first for so long, then the other for good."""
    for _ in range(int(seconds / EVERY_S)):
        yield first
    while True:
        yield then


def test_whoever_serves_steadily_is_sent_to_the_doctor() -> None:
    assert judged(SERVED, WELL) == (Next.ASK_DOCTOR, None, STEADY_S)


def test_a_slow_start_is_waited_for() -> None:
    starting = replace(WELL, active=False, answered=False, version="")
    then, _, at = judged(SERVED, after(LONGEST_S - STEADY_S - 10, starting, WELL))
    assert then is Next.ASK_DOCTOR
    assert at > STEADY_S


@pytest.mark.parametrize(
    ("amiss", "why"),
    [
        ({"active": False}, Why.NOT_STARTED),
        ({"answered": False}, Why.SILENT),
        ({"version": "1"}, Why.SILENT),  # the old one answers still
        ({"serving": False, "outage": "doors"}, Why.NOT_SERVING),
        ({"serving": False}, Why.NOT_SERVING),
        ({"synced": False}, Why.SYNC),
    ],
)
def test_what_the_old_one_did_and_the_new_one_does_not(amiss: dict[str, object], why: Why) -> None:
    bad = replace(WELL, **amiss)  # type: ignore[arg-type]  # fields of one's own choice
    assert judged(SERVED, bad) == (Next.GO_BACK, why, LONGEST_S)
    # Well for half a minute and then no more: the same.
    assert judged(SERVED, after(STEADY_S / 2, WELL, bad))[:2] == (Next.GO_BACK, why)


@pytest.mark.parametrize(("run", "sync", "why"), [(1, 0, Why.CRASH_LOOP), (0, 1, Why.SYNC)])
def test_a_crash_loop_is_not_watched_to_the_end(run: int, sync: int, why: Why) -> None:
    looks = (
        replace(WELL, restarts=run * (n // 5), sync_restarts=sync * (n // 5)) for n in range(1000)
    )
    then, found, at = judged(SERVED, looks)
    assert (then, found) == (Next.GO_BACK, why)
    assert at <= 5 * (MOST_RESTARTS + 1) * EVERY_S


def test_a_restart_now_and_then_is_never_steady() -> None:
    """Once in 50 s is under the bound for long, but nothing that served a minute without a break."""
    looks = (replace(WELL, restarts=min(n // 25, MOST_RESTARTS)) for n in range(1000))
    then, _, at = judged(SERVED, looks)
    assert then is Next.ASK_DOCTOR  # only after the last of them
    assert at >= MOST_RESTARTS * 50 + STEADY_S


def test_as_bad_as_before_is_good_enough_and_better_too() -> None:
    waits = Before(ran=True, answered=True, outage="never_synced", synced=True)
    same = replace(WELL, serving=False, outage="never_synced")
    assert judged(waits, same)[0] is Next.ASK_DOCTOR
    assert judged(waits, WELL)[0] is Next.ASK_DOCTOR
    assert judged(waits, replace(same, outage="memory"))[:2] == (Next.GO_BACK, Why.NOT_SERVING)
    assert judged(SERVED, same)[:2] == (Next.GO_BACK, Why.NOT_SERVING)


def test_whoever_answers_is_better_than_one_who_did_not() -> None:
    mute = Before(ran=True, synced=True)
    assert judged(mute, replace(WELL, serving=False, outage="doors"))[0] is Next.ASK_DOCTOR
    silent = replace(WELL, serving=False, answered=False)
    assert judged(mute, silent)[:2] == (Next.GO_BACK, Why.SILENT)


def test_nothing_is_asked_of_a_kiosk_that_did_not_run() -> None:
    assert judged(Before(ran=False), Seen(0, active=False, restarts=0))[0] is Next.ASK_DOCTOR


def test_the_doctor_counts_what_is_new() -> None:
    before = replace(SERVED, failed=frozenset({"keys", "screen"}))
    assert doctor_says(before, frozenset({"keys"})) is None
    assert doctor_says(before, frozenset()) is None
    assert doctor_says(before, frozenset({"keys", "wires"})) is Why.DOCTOR


@given(
    st.lists(
        st.builds(
            Seen,
            up_s=st.just(0.0),
            active=st.booleans(),
            restarts=st.integers(0, 4),
            answered=st.booleans(),
            version=st.sampled_from(["1", "2"]),
            serving=st.booleans(),
            outage=st.sampled_from(["", "doors", "starting"]),
            synced=st.booleans(),
            sync_restarts=st.integers(0, 4),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_every_trial_ends_and_none_well_without_a_steady_minute(looks: list[Seen]) -> None:
    watch, up_s, well = Watch(SERVED, "2", 0), 0.0, 0.0
    for n in range(1000):
        seen = replace(looks[min(n, len(looks) - 1)], up_s=up_s)
        watch, then, why = look(watch, seen)
        well = well + EVERY_S if trial.lacking(watch, seen) is None else 0.0
        if then is not Next.WAIT:
            assert (why is None) is (then is Next.ASK_DOCTOR)
            assert then is Next.GO_BACK or well >= STEADY_S
            assert up_s <= LONGEST_S
            return
        up_s += EVERY_S
    pytest.fail("it is never judged")
