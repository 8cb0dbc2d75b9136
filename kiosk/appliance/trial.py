"""Whether a new release has proved itself. Pure: what is seen goes in, a verdict comes out.

The law of this file: the new one must do what the old one did, and go on doing it for a while; in doubt it
goes back. Being worse than before counts, being as bad as before does not: a kiosk that waited for its
first manifest waits for it on either release.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

STEADY_S = 60  # so long it must serve without a break
LONGEST_S = 600  # so long it may take: a long journal is folded anew
MOST_RESTARTS = 2  # of one service, by systemd


class Why(StrEnum):
    """Why an upgrade failed: as in the kiosk's `fault` and in its health."""

    PACKAGES = "packages"  # it could not be laid: a broken or missing wheel, no room
    BROKEN = "broken"  # it does not start at all, or does not import what it needs
    DOCTOR = "doctor"  # the doctor finds something that was well before
    CRASH_LOOP = "crash_loop"  # a service ends again and again
    NOT_STARTED = "not_started"  # kiosk.service was not ready in time
    SILENT = "silent"  # it is ready, but gives no answer
    NOT_SERVING = "not_serving"  # it answers, and serves nobody, for a reason that is new
    SYNC = "sync"  # the line to central does not run
    INTERRUPTED = "interrupted"  # the power, or whoever judged, was gone meanwhile


class Next(StrEnum):
    """What the one who watches does now."""

    WAIT = "wait"
    ASK_DOCTOR = "ask_doctor"
    GO_BACK = "go_back"


@dataclass(frozen=True, slots=True)
class Before:
    """How the old release was, just before it was stopped."""

    ran: bool  # kiosk.service was not stopped, however well it did
    answered: bool = False
    serving: bool = False
    outage: str = ""  # why it served nobody
    synced: bool = False  # kiosk-sync.service was not stopped
    failed: frozenset[str] = frozenset()  # what its doctor called failed


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at the new release. `up_s` is the machine's up time."""

    up_s: float
    active: bool
    restarts: int  # by systemd since it was started
    answered: bool = False
    version: str = ""
    serving: bool = False
    outage: str = ""
    synced: bool = False
    sync_restarts: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """A trial under way. `steady_s`: up time since when nothing was amiss, None: it is now."""

    before: Before
    version: str
    since_s: float
    steady_s: float | None = None
    restarts: int = 0


def look(watch: Watch, seen: Seen) -> tuple[Watch, Next, Why | None]:
    """The trial after one look, what to do, and why to go back."""
    restarts = seen.restarts + seen.sync_restarts
    if seen.restarts > MOST_RESTARTS:
        return watch, Next.GO_BACK, Why.CRASH_LOOP
    if seen.sync_restarts > MOST_RESTARTS:
        return watch, Next.GO_BACK, Why.SYNC
    amiss = lacking(watch, seen)
    steady = watch.steady_s
    if amiss is not None:
        steady = None
    elif steady is None or restarts != watch.restarts:
        steady = seen.up_s
    watch = replace(watch, steady_s=steady, restarts=restarts)
    if steady is not None and seen.up_s - steady >= STEADY_S:
        return watch, Next.ASK_DOCTOR, None
    if seen.up_s - watch.since_s >= LONGEST_S:
        return watch, Next.GO_BACK, amiss or Why.CRASH_LOOP
    return watch, Next.WAIT, None


def lacking(watch: Watch, seen: Seen) -> Why | None:
    """What the new release does not do that the old one did; None: nothing."""
    before = watch.before
    if before.ran:
        if not seen.active:
            return Why.NOT_STARTED
        if not seen.answered or seen.version != watch.version:
            return Why.SILENT
        if (
            not seen.serving
            and before.answered
            and (before.serving or seen.outage != before.outage)
        ):
            return Why.NOT_SERVING
    if before.synced and not seen.synced:
        return Why.SYNC
    return None


def doctor_says(before: Before, failed: frozenset[str]) -> Why | None:
    """Whether the doctor finds anything that was well before."""
    return Why.DOCTOR if failed - before.failed else None
