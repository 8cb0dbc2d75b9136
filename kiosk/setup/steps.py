"""The guided start: which step is next, by what stands on the disk and what was answered since it began.

The law of this file: pure, and nothing here is remembered. After a power cut the files are looked at again,
so that no record of progress can say more than they do. What only a person can say (a slip came out) is
asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """In the order of the work."""

    WELCOME = "welcome"
    LETTER = "letter"  # who this kiosk is, where central is, and the enrolment code
    ENROL = "enrol"
    SEAL = "seal"  # keys to this machine
    COMMISSION = "commission"
    GEAR = "gear"  # scanner, printer, light, sound
    DOCTOR = "doctor"
    REPORT = "report"
    START = "start"
    DONE = "done"


WORK = tuple(step for step in Step if step not in (Step.WELCOME, Step.DONE))


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands on the disk."""

    configured: bool  # kiosk.toml can be read
    enrolled: bool  # keys and central's answer, in the clear or sealed
    sealed: bool  # every key sealed, none in the clear; or this machine cannot seal
    commissioned: bool  # cabinet.toml, and the round that wrote it came to its end
    reported: bool  # the report of a finished start
    unfinished: bool  # a start was begun and has not ended


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered, or shown, since this process began."""

    begun: bool = False
    letter: bool = False  # a code is in hand
    gear: bool = False
    doctor: bool = False


def next_step(facts: Facts, said: Said) -> Step:
    """What is to be done now."""
    if facts.reported and facts.configured and not facts.unfinished:
        return Step.DONE
    ladder = (
        (said.begun, Step.WELCOME),
        ((facts.enrolled and facts.configured) or said.letter, Step.LETTER),
        (facts.enrolled and facts.configured, Step.ENROL),
        (facts.sealed, Step.SEAL),
        (facts.commissioned, Step.COMMISSION),
        (facts.reported or said.gear, Step.GEAR),
        (facts.reported or said.doctor, Step.DOCTOR),
        (facts.reported, Step.REPORT),
    )
    return next((step for done, step in ladder if not done), Step.START)


def done(facts: Facts) -> tuple[Step, ...]:
    """What need not be done again."""
    told = (
        (facts.enrolled, Step.LETTER),
        (facts.enrolled, Step.ENROL),
        (facts.enrolled and facts.sealed, Step.SEAL),
        (facts.commissioned, Step.COMMISSION),
        (facts.reported, Step.GEAR),
        (facts.reported, Step.DOCTOR),
        (facts.reported, Step.REPORT),
    )
    return tuple(step for is_done, step in told if is_done)
