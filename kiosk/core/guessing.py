"""The guessing policy's bucket (DESIGN §7): refused tries are taken out, uptime refills it.

Restarts do not refill it: time counts only as `up`, seconds since boot, which every statement carries.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.messages import Policy


@dataclass(frozen=True, slots=True)
class Bucket:
    """`level_ms` is uptime earned: one try per `refill` of it, at most a full bucket."""

    level_ms: int
    up_ms: int


def _refill_ms(policy: Policy) -> int:
    return policy.refill_s * 1000


def full(policy: Policy, up_ms: int = 0) -> Bucket:
    """A bucket nobody has tried yet."""
    return Bucket(policy.bucket * _refill_ms(policy), up_ms)


def refilled(bucket: Bucket, up_ms: int, policy: Policy) -> Bucket:
    """The bucket at `up_ms`; a smaller `up_ms` than before means a reboot, which earns only itself."""
    earned = up_ms - bucket.up_ms if up_ms >= bucket.up_ms else up_ms
    most = policy.bucket * _refill_ms(policy)
    return Bucket(min(most, bucket.level_ms + earned), up_ms)


def taken(bucket: Bucket, up_ms: int, policy: Policy) -> Bucket:
    """One refused try; never below empty."""
    now = refilled(bucket, up_ms, policy)
    return Bucket(max(0, now.level_ms - _refill_ms(policy)), up_ms)


def tries(bucket: Bucket, up_ms: int, policy: Policy) -> int:
    """How many refusals are left."""
    return refilled(bucket, up_ms, policy).level_ms // _refill_ms(policy)


def wait_ms(bucket: Bucket, up_ms: int, policy: Policy) -> int:
    """Uptime until the next try; 0 when there is one now."""
    return max(0, _refill_ms(policy) - refilled(bucket, up_ms, policy).level_ms)
