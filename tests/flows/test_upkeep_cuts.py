"""Loading, undoing, taking back, audit, block: cut before every single effect (issue 3, Must hold).

Afterwards memory, screen and papers agree about a compartment, or the screen says plainly that it must be
checked; and one audit round over what is left brings them together again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from drivers.doors import Reading
from kiosk import show
from kiosk.core import audit, wall
from kiosk.core.events import Key
from kiosk.core.memory import Held, Phase
from kiosk.core.scenes import Idle, Reclose
from kiosk.core.staff_scenes import LoadClosing, Loading, LoadOpen, LoadOpening
from kiosk.core.upkeep_scenes import (
    Act,
    Answer,
    Audit,
    CabinetView,
    DoorAsk,
    DoorOpen,
    DoorOpening,
    Entry,
    Menu,
    Reasons,
    Service,
    Story,
    TakeList,
)
from kiosk.core.wall import Sign
from sync.messages import Role
from tests.flows.upkeep import slip
from tests.flows.walk import Do, PowerCutError, Step, Walk, press, push, scanned, seconds
from tests.flows.ways import entering, signing_in
from ui import upkeep_screens

LEFT, EMPTY, OTHER, TAKEN = Answer.LEFT, Answer.EMPTY, Answer.OTHER, Answer.TAKEN
SAYS_SO = {Sign.UNCHECKED, Sign.BLOCKED, Sign.OPEN}


class Hall(Walk):
    """A walk with papers in the compartments. r1 and r2 lie in 1 and 2; r8 and r9 are expected."""

    def __init__(self) -> None:
        self.papers: dict[int, str] = {1: "r1", 2: "r2"}
        super().__init__({"r1": (1,), "r2": (2,)})
        self.central.add_staff("7", Role.SUPERVISOR)
        for cid in ("r8", "r9"):
            self.central.register(cid)
        self.publish()


def put(number: int, cid: str) -> Do:
    """A hand lays papers into a door that stands open."""

    def do(walk: Walk) -> None:
        assert isinstance(walk, Hall)
        assert walk.readings[number] is Reading.OPEN
        walk.papers[number] = cid

    return do


def take(number: int) -> Do:
    def do(walk: Walk) -> None:
        assert isinstance(walk, Hall)
        assert walk.readings[number] is Reading.OPEN
        walk.papers.pop(number, None)

    return do


def answered(number: int, answer: Answer, home: type, hand: Step) -> list[Step]:
    return [
        (seconds(0.4), DoorOpen),
        hand,
        (push(number), DoorAsk),
        (press(Key.CHOOSE, answer), home),
    ]


def stay(_walk: Walk) -> None:
    """A hand that only looks."""


def load_story(walk: Walk) -> None:
    """Two loaded, one of them undone, one not put in, one compartment not empty."""
    walk.go(*signing_in(walk), (scanned(slip(walk, "r8")), LoadOpening), (seconds(0.4), LoadOpen))
    walk.go((put(3, "r8"), LoadOpen), (push(3), Loading))
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen))
    walk.go((put(4, "r9"), LoadOpen), (push(4), Loading), (press(Key.UNDO), DoorOpening))
    walk.go(*answered(4, TAKEN, Loading, (take(4), DoorOpen)))
    walk.go((scanned(slip(walk)), LoadOpening), (seconds(0.4), LoadOpen))
    walk.go((press(Key.CANCEL), LoadClosing), (push(5), DoorAsk))
    walk.go((press(Key.CHOOSE, TAKEN), Loading))
    walk.go((press(Key.SIGN_OUT), Idle))


def take_back_story(walk: Walk) -> None:
    """One stuck at first, then taken; the other one left inside."""
    walk.central.revoke("r1")
    walk.central.drop("r2")
    walk.publish()
    walk.go(*signing_in(walk), *entering(Entry.TAKE_BACK, TakeList))
    walk.jammed = {1}
    walk.go((press(Key.CONFIRM), DoorOpening), (seconds(2.5), DoorOpening))
    walk.jammed = set()
    walk.go((press(Key.RETRY), DoorOpening), *answered(1, TAKEN, TakeList, (take(1), DoorOpen)))
    walk.go((press(Key.CONFIRM), DoorOpening), *answered(2, LEFT, TakeList, (stay, DoorOpen)))
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))


def audit_story(walk: Walk) -> None:
    """One as believed, one compartment that somebody emptied with a key."""
    assert isinstance(walk, Hall)
    walk.go(*signing_in(walk), *entering(Entry.CABINET, CabinetView))
    walk.go((press(Key.CHOOSE, "2"), Story), (press(Key.CHOOSE, Act.BY_KEY), Reasons))
    walk.go((press(Key.CHOOSE, "request"), Story), (press(Key.BACK), CabinetView))
    walk.go((press(Key.BACK), Menu), *entering(Entry.AUDIT, Audit))
    walk.go((press(Key.CONFIRM), DoorOpening), *answered(1, LEFT, Audit, (stay, DoorOpen)))
    walk.go((press(Key.CONFIRM), DoorOpening), *answered(2, EMPTY, Audit, (take(2), DoorOpen)))
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))


def block_story(walk: Walk) -> None:
    """Blocked, released, a free one and one with papers; a door test."""
    walk.go(*signing_in(walk), *entering(Entry.CABINET, CabinetView))
    for number in ("1", "3"):
        walk.go((press(Key.CHOOSE, number), Story), (press(Key.CHOOSE, Act.BLOCK), Reasons))
        walk.go((press(Key.CHOOSE, "lock"), Story), (press(Key.CHOOSE, Act.RELEASE), Reasons))
        walk.go((press(Key.CHOOSE, "repaired"), Story), (press(Key.BACK), CabinetView))
    walk.go((press(Key.BACK), Menu), *entering(Entry.DOORS, Service))
    walk.go((press(Key.CHOOSE, "3"), DoorOpening), (seconds(0.4), DoorOpen), (push(3), DoorAsk))
    walk.go((press(Key.CHOOSE, Answer.EMPTY), Service))
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))


STORIES: list[Callable[[Walk], None]] = [load_story, take_back_story, audit_story, block_story]


@cache
def effects_of(story: Callable[[Walk], None]) -> int:
    walk = Hall()
    before = walk.effects_done
    story(walk)
    agree(walk)
    return walk.effects_done - before


def cut_at(story: Callable[[Walk], None], index: int) -> Hall:
    """The story up to effect `index`, which is not carried out; then the power comes back."""
    walk = Hall()
    walk.cut_before = walk.effects_done + index
    with pytest.raises(PowerCutError):
        story(walk)
    walk.cut_before, walk.jammed = None, set()
    pulses = len(walk.pulses)
    walk.boot(60_000, reboot=True)
    walk.wait(400)
    assert len(walk.pulses) == pulses
    return walk


def agree(walk: Hall) -> None:
    """What is remembered, shown and lying there is the same, or the screen asks for a look."""
    for number, held in walk.memory.compartments.items():
        sign = wall.sign(walk.state, number, walk.now)
        if sign in SAYS_SO:
            continue
        assert held.serves
        assert (held.held is Held.OCCUPIED) is (number in walk.papers), (number, held)
        if held.held is Held.OCCUPIED:
            assert held.cid == walk.papers[number]
            assert walk.memory.parts[(held.cid, number)] is Phase.LOADED


def close_all(walk: Hall) -> None:
    for number, reading in list(walk.readings.items()):
        if reading is Reading.OPEN:
            assert isinstance(walk.scene, Reclose), "the screen asks for the door to be closed"
            push(number)(walk)
    assert isinstance(walk.scene, Idle)


@pytest.mark.parametrize("story", STORIES)
def test_a_cut_before_any_effect_leaves_memory_screen_and_papers_in_agreement(
    story: Callable[[Walk], None],
) -> None:
    assert effects_of(story) > 8
    for index in range(effects_of(story)):
        walk = cut_at(story, index)
        agree(walk)
        close_all(walk)
        agree(walk)


@pytest.mark.parametrize("story", STORIES)
def test_an_audit_after_any_cut_settles_every_doubt(story: Callable[[Walk], None]) -> None:
    for index in range(0, effects_of(story), 2):
        walk = cut_at(story, index)
        close_all(walk)
        walk.go((seconds(60), Idle), *signing_in(walk), *entering(Entry.AUDIT, Audit))
        body = show.screen(walk.state, walk.now).body
        assert isinstance(body, upkeep_screens.Audit)
        assert body.left == len(audit.left(walk.memory))
        press(Key.CONFIRM)(walk)
        while isinstance(walk.scene, DoorOpening):
            number = walk.scene.compartment
            believed = walk.scene.task.cid
            lying = walk.papers.get(number, "")
            seen = EMPTY if not lying else LEFT if lying == believed else OTHER
            walk.go(*answered(number, seen, Audit, (stay, DoorOpen)))
            if audit.left(walk.memory):
                press(Key.CONFIRM)(walk)
        agree(walk)
        doubts = [n for n, c in walk.memory.compartments.items() if c.unchecked]
        assert doubts == [], f"cut before effect {index}"


@pytest.mark.parametrize("story", STORIES)
def test_a_second_cut_changes_nothing(story: Callable[[Walk], None]) -> None:
    for index in range(0, effects_of(story), 3):
        walk = cut_at(story, index)
        before = walk.memory.compartments
        walk.boot(60_000, reboot=True)
        walk.wait(400)
        assert walk.memory.compartments == before
        agree(walk)


def test_staff_can_load_after_a_cut_at_any_effect_of_loading() -> None:
    for index in range(0, effects_of(load_story), 3):
        walk = cut_at(load_story, index)
        close_all(walk)
        walk.central.register("r5")
        walk.publish()
        walk.go((seconds(60), Idle), *signing_in(walk), (scanned(slip(walk, "r5")), LoadOpening))
        assert isinstance(walk.scene, LoadOpening)
        number = walk.scene.compartment
        assert number not in walk.papers, "nobody is sent to a compartment with papers in it"
        walk.go((seconds(0.4), LoadOpen), (put(number, "r5"), LoadOpen), (push(number), Loading))
        agree(walk)
