"""What time it is, and how far to believe it (DESIGN §8). Pure: the caller tells, this room judges.

A Pi may wake with no idea of the time, and a clock may be set by a hostile or broken neighbour. The floor
is the build time or the `iat` of the newest accepted manifest, never our own clock. A jump that uptime
does not explain makes the clock unknown until a newly accepted manifest, signed by central, agrees.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sync.messages import Clock

JUMP_MS = 5 * 60_000  # more than a month's drift of a battery clock
FRESH_MANIFEST_MS = 26 * 3_600_000  # central makes a new manifest at least once a day


@dataclass(frozen=True, slots=True)
class Now:
    """One moment as the machine tells it: `clock` is the operating system's own claim."""

    up_ms: int
    wall_ms: int
    clock: Clock


@dataclass(frozen=True, slots=True)
class ClockState:
    """What is believed: `trust` after judgement, `claim` before it."""

    floor_ms: int
    up_ms: int = 0
    wall_ms: int = 0
    claim: Clock = Clock.UNKNOWN
    trust: Clock = Clock.UNKNOWN
    jumped: bool = False

    @property
    def trusted(self) -> bool:
        """True when holding times and TOTP may be judged by it."""
        return self.trust is not Clock.UNKNOWN


def judge(before: ClockState, now: Now) -> ClockState:
    """The clock as it is to be believed at `now`."""
    drift = abs((now.wall_ms - before.wall_ms) - (now.up_ms - before.up_ms))
    just_synced = now.clock is Clock.SYNCED and before.claim is not Clock.SYNCED
    jumped = before.jumped or (before.trusted and drift > JUMP_MS and not just_synced)
    believable = now.wall_ms >= before.floor_ms and not jumped
    return ClockState(
        floor_ms=before.floor_ms,
        up_ms=now.up_ms,
        wall_ms=now.wall_ms,
        claim=now.clock,
        trust=now.clock if believable else Clock.UNKNOWN,
        jumped=jumped,
    )


def confirm(state: ClockState, iat_ms: int) -> ClockState:
    """Raise the floor to a newly accepted manifest's `iat`; a fresh one that agrees ends a jump."""
    age = state.wall_ms - iat_ms
    agrees = -JUMP_MS <= age <= FRESH_MANIFEST_MS
    jumped = state.jumped and not agrees
    floor = max(state.floor_ms, iat_ms)
    below = state.wall_ms < floor - JUMP_MS
    trust = Clock.UNKNOWN if jumped or below else state.claim
    return replace(state, floor_ms=floor, jumped=jumped, trust=trust)
