"""The bucket's arithmetic (DESIGN §7)."""

from __future__ import annotations

from kiosk.core.guessing import Bucket, full, refilled, taken, tries, wait_ms
from sync.messages import Policy

POLICY = Policy()
QUARTER_MS = 900_000


def emptied(up_ms: int = 1_000) -> Bucket:
    bucket = full(POLICY, up_ms)
    for _ in range(10):
        bucket = taken(bucket, up_ms, POLICY)
    return bucket


def test_a_full_bucket_has_ten_tries() -> None:
    assert tries(full(POLICY), 0, POLICY) == 10
    assert tries(full(POLICY), 10**12, POLICY) == 10


def test_each_refusal_takes_one_and_never_more_than_there_is() -> None:
    assert tries(taken(full(POLICY), 0, POLICY), 0, POLICY) == 9
    assert tries(emptied(), 1_000, POLICY) == 0
    assert taken(emptied(), 1_000, POLICY).level_ms == 0


def test_one_try_comes_back_per_quarter_of_an_hour() -> None:
    assert tries(emptied(), 1_000 + QUARTER_MS - 1, POLICY) == 0
    assert tries(emptied(), 1_000 + QUARTER_MS, POLICY) == 1
    assert tries(emptied(), 1_000 + 3 * QUARTER_MS, POLICY) == 3


def test_a_reboot_earns_only_its_own_uptime() -> None:
    late = emptied(up_ms=10**9)
    assert tries(late, QUARTER_MS - 1, POLICY) == 0
    assert tries(late, QUARTER_MS, POLICY) == 1


def test_many_short_boots_earn_no_more_than_they_lasted() -> None:
    bucket = emptied()
    for _ in range(100):
        bucket = refilled(bucket, 5_000, POLICY)
        bucket = refilled(bucket, 1_000, POLICY)
    assert bucket.level_ms <= 100 * 6_000


def test_the_wait_is_said_to_the_millisecond() -> None:
    assert wait_ms(emptied(), 1_000, POLICY) == QUARTER_MS
    assert wait_ms(emptied(), 1_001, POLICY) == QUARTER_MS - 1
    assert wait_ms(full(POLICY), 0, POLICY) == 0


def test_a_tighter_policy_shrinks_the_bucket_at_once() -> None:
    tight = Policy(bucket=3, refill_s=1_800)
    assert tries(full(POLICY), 0, tight) == 3
    assert tries(Bucket(2 * QUARTER_MS, 0), 0, tight) == 1
