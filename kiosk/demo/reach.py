"""What a hand does at a door: one rule for mouse and typed commands. Pure.

An open door is pushed shut when there is nothing else to do at it: nothing in the hand, and inside
either nothing or what this hand has just laid there.
"""

from __future__ import annotations

from enum import StrEnum


class Reach(StrEnum):
    """What happens at the door."""

    PULL = "pull"  # it opens only if its latch is free
    PUT = "put"
    TAKE = "take"
    PUSH = "push"


def reach(*, is_open: bool, holding: bool, papers: bool, laid: bool) -> Reach:
    """The deed that a click on this door means.

    `holding`: an envelope is in the hand; `papers`: something lies inside; `laid`: it was put there
    since the door opened.
    """
    if not is_open:
        return Reach.PULL
    if holding:
        return Reach.PUT
    return Reach.TAKE if papers and not laid else Reach.PUSH
