"""The form of what is said about an alarm."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from sync.central.words import Words


class Urgency(IntEnum):
    """When a technician is told."""

    NIGHT = 0  # at any hour: it grows worse until somebody comes
    DAY = 1  # from 7:30 to 20:30
    PAGE = 2  # not at all: it stands on the page


class Advice(NamedTuple):
    """`told`: what it means, one sentence; `todo`: what to do. `heals`: it is over when it is gone."""

    urgency: Urgency
    name: Words
    told: Words
    todo: Words
    heals: bool = False
    restated: bool = False  # after a restart of the kiosk, if it is still so


def say(
    urgency: Urgency,
    name: tuple[str, str],
    told_vi: str,
    told_en: str,
    todo_vi: str,
    todo_en: str,
    *,
    heals: bool = False,
    restated: bool = False,
) -> Advice:
    """One entry of a table."""
    told, todo = Words(told_vi, told_en), Words(todo_vi, todo_en)
    return Advice(urgency, Words(*name), told, todo, heals, restated)
