"""Staff at the menu, and the doors that they open for a task, as steps of a journey."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.core.events import Key
from kiosk.core.upkeep_scenes import Answer, DoorAsk, DoorOpen
from sync.messages import Role
from tests.flows.walk import Step, Walk, press, push, seconds
from tests.flows.ways import signing_in


def staffed(
    role: Role = Role.SUPERVISOR,
    loaded: Mapping[str, tuple[int, ...]] | None = None,
    *expected: str,
    count: int = 6,
) -> Walk:
    """Nobody stands there yet; staff number 7 has this role, central expects these results besides."""
    walk = Walk(loaded, count=count)
    walk.central.add_staff("7", str(role))
    for cid in expected:
        walk.central.register(cid)
    walk.publish()
    return walk


def at_the_menu(
    role: Role = Role.SUPERVISOR,
    loaded: Mapping[str, tuple[int, ...]] | None = None,
    *expected: str,
    count: int = 6,
) -> Walk:
    """The same, signed in."""
    walk = staffed(role, loaded, *expected, count=count)
    return walk.go(*signing_in(walk))


def slip(walk: Walk, cid: str = "r9") -> str:
    """The dossier code on the slip of a result."""
    return walk.central.results[cid].dossiers[0]


def looked(number: int, answer: Answer, home: type) -> list[Step]:
    """From the pulse to the open door, closed by hand, and what was seen."""
    return [
        (seconds(0.4), DoorOpen),
        (push(number), DoorAsk),
        (press(Key.CHOOSE, answer), home),
    ]
