"""A kiosk that was enrolled anew: nothing serves, and staff look where central last knew the papers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core import audit
from kiosk.core.events import Key
from kiosk.core.memory import Held, Phase
from kiosk.core.scenes import Idle, Reclose
from kiosk.core.upkeep_scenes import Answer, Audit, DoorOpening, Entry, Menu
from sync.messages import Kind, Role
from tests.flows.upkeep import looked
from tests.flows.walk import Step, Walk, cut, press, push
from tests.flows.ways import collecting, entering, signing_in


def anew(**known: list[tuple[int, str]]) -> Walk:
    """A kiosk of epoch 2 with six compartments; `known`: where central believes each result."""
    walk = Walk()
    walk.site = replace(walk.site, epoch=2)
    walk.journal.clear()
    walk.folded = None
    walk.central.epoch = 2
    walk.boot()
    walk.central.add_staff("7", str(Role.SUPERVISOR))
    for at, (cid, places) in enumerate(known.items()):
        entry = walk.central.register(cid, f"05300048{at + 20}")
        entry.last_known = [{"compartment": n, "phase": phase} for n, phase in places]
    walk.publish()
    walk.boot()
    walk.wait(400)
    return walk


def next_one(number: int, answer: Answer) -> list[Step]:
    return [(press(Key.CONFIRM), DoorOpening), *looked(number, answer, Audit)]


def in_the_round(walk: Walk) -> Walk:
    return walk.go(*signing_in(walk), *entering(Entry.AUDIT, Audit))


def leave(walk: Walk) -> Walk:
    return walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))


def test_every_compartment_is_unchecked_and_to_be_audited() -> None:
    walk = anew(r1=[(2, "loaded")])
    assert {c.unchecked for c in walk.memory.compartments.values()} == {"new_epoch"}
    assert audit.left(walk.memory) == (1, 2, 3, 4, 5, 6)


def test_papers_found_where_they_should_lie_are_collected_with_the_new_code() -> None:
    walk = in_the_round(anew(r1=[(2, "loaded")]))
    walk.go(*next_one(1, Answer.EMPTY), (press(Key.CONFIRM), DoorOpening))
    assert isinstance(walk.scene, DoorOpening)
    assert walk.scene.task.cid == "r1"
    walk.go(*looked(2, Answer.LEFT, Audit))
    said = [(f["cid"], f["finding"], f["differs"]) for f in walk.said(Kind.AUDITED)[1:]]
    assert said == [("", "empty", False), ("r1", "papers", False)]
    assert walk.memory.parts_of("r1") == {2: Phase.LOADED}
    held = walk.memory.compartments[2]
    assert (held.held, held.cid, held.serves) == (Held.OCCUPIED, "r1", True)
    leave(walk).go(*collecting(walk, "r1", 2))


def test_papers_that_are_missing_are_an_alarm() -> None:
    walk = in_the_round(anew(r1=[(1, "loaded")])).go(*next_one(1, Answer.EMPTY))
    assert [f["what"] for f in walk.said(Kind.FAULT)] == ["missing:1"]
    assert [f["differs"] for f in walk.said(Kind.AUDITED)[1:]] == [True]
    assert (walk.memory.parts_of("r1"), walk.memory.compartments[1].held) == ({}, Held.FREE)


@pytest.mark.parametrize("phase", ["opened", "collected", "disputed", "something_new"])
def test_papers_that_somebody_was_seen_to_open_are_found_papers(phase: str) -> None:
    walk = in_the_round(anew(r1=[(1, phase)])).go(*next_one(1, Answer.LEFT))
    assert walk.memory.parts_of("r1") == {}
    assert walk.memory.compartments[1].blocked == "found"


def test_where_two_could_lie_neither_is_believed() -> None:
    walk = in_the_round(anew(r1=[(1, "loaded")], r2=[(1, "loaded")])).go(*next_one(1, Answer.LEFT))
    assert walk.memory.compartments[1].blocked == "found"
    assert walk.memory.parts == {}


def test_something_else_than_was_known_opens_to_nobody() -> None:
    walk = in_the_round(anew(r1=[(1, "loaded")])).go(*next_one(1, Answer.OTHER))
    assert (walk.memory.parts, walk.memory.compartments[1].blocked) == ({}, "found")


def test_a_cut_in_the_middle_of_the_look_forgets_nothing_of_it() -> None:
    walk = in_the_round(anew(r1=[(1, "loaded")]))
    walk.go((press(Key.CONFIRM), DoorOpening), (cut(), Reclose), (push(1), Idle))
    in_the_round(walk).go(*next_one(1, Answer.LEFT))
    assert walk.memory.parts_of("r1") == {1: Phase.LOADED}


def test_central_cannot_put_papers_into_a_compartment_that_was_looked_into() -> None:
    walk = in_the_round(anew(r1=[(1, "loaded")])).go(*next_one(1, Answer.EMPTY))
    walk.go(*next_one(2, Answer.EMPTY))
    walk.central.results["r1"].last_known = [{"compartment": 2, "phase": "loaded"}]
    walk.publish()
    assert walk.memory.parts == {}
