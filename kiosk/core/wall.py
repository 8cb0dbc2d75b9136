"""The cabinet as staff see it: every compartment's sign, its story, block, release, opened by key."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from drivers.doors import Reading
from kiosk.core import hub, staff_doors
from kiosk.core.clock import Now
from kiosk.core.effects import ReadStory
from kiosk.core.fold_staff import BY_STAFF
from kiosk.core.memory import Compartment, Held, Phase, Proof
from kiosk.core.staff_scenes import Trouble
from kiosk.core.state import State, Turn
from kiosk.core.takeback import due
from kiosk.core.upkeep_scenes import (
    Act,
    CabinetView,
    Happening,
    Purpose,
    Reason,
    Reasons,
    Story,
    Task,
)
from sync.messages import Kind, Role, Status

RELEASABLE = BY_STAFF | {"wrong_door"}  # blocked without a doubt about what lies inside
REASONS: dict[Act, tuple[Reason, ...]] = {
    Act.TAKE: (Reason.MISTAKE, Reason.COUNTER, Reason.DAMAGED, Reason.OTHER),
    Act.BLOCK: (Reason.LOCK, Reason.SENSOR, Reason.DOOR, Reason.CLEANING, Reason.OTHER),
    Act.RELEASE: (Reason.REPAIRED, Reason.LOOKED, Reason.OTHER),
    Act.BY_KEY: (Reason.PAPERS, Reason.REQUEST, Reason.LOCK, Reason.OTHER),
}


class Sign(StrEnum):
    """The same words as `ui.walls.Sign`."""

    FREE = "free"
    PRESUMED_EMPTY = "presumed_empty"
    OCCUPIED = "occupied"
    EXPIRED = "expired"
    FAULTY = "faulty"
    BLOCKED = "blocked"
    UNCHECKED = "unchecked"
    OPEN = "open"


def sign(state: State, number: int, now: Now) -> Sign:
    """What stands for a compartment on the wall."""
    held = state.memory.compartments.get(number, Compartment(unchecked="unknown"))
    if state.doors.reading(number, now.up_ms) is Reading.OPEN:
        return Sign.OPEN
    if state.faulty(number):
        return Sign.FAULTY
    if not held.proven:
        return Sign.BLOCKED
    if held.unchecked:
        return Sign.UNCHECKED
    if held.blocked:
        return Sign.BLOCKED
    if (
        f"stuck:{number}" in state.faults
        or state.doors.reading(number, now.up_ms) is Reading.UNKNOWN
    ):
        return Sign.FAULTY
    if held.held is Held.OCCUPIED:
        late = any(item.compartment == number for item in due(state, now))
        return Sign.EXPIRED if late else Sign.OCCUPIED
    return Sign.FREE if held.held is Held.FREE else Sign.PRESUMED_EMPTY


def because(state: State, number: int) -> str:
    """Why a compartment serves nobody, in one word; "" when it serves."""
    held = state.memory.compartments.get(number, Compartment())
    if state.faulty(number):
        return "faulty"
    if not held.proven:
        return "unproven_key" if held.proof is Proof.BY_KEY else "unproven"
    return held.unchecked or held.blocked


def acts(state: State, story: Story) -> tuple[Act, ...]:
    """What this role may do with this compartment now."""
    held = state.memory.compartments.get(story.compartment)
    if held is None:
        return ()
    allowed = []
    if not held.serves and story.session.role in hub.LOADERS:
        allowed.append(Act.CHECK)
    if story.session.role in hub.LOADERS and _healthy(state, story.compartment, held):
        allowed.append(Act.TAKE)
    if not held.blocked:
        allowed.append(Act.BLOCK)
    elif held.blocked in RELEASABLE:
        allowed.append(Act.RELEASE)
    if story.session.role is not Role.TECHNICIAN:
        allowed.append(Act.BY_KEY)
    return tuple(allowed)


def _healthy(state: State, number: int, held: Compartment) -> bool:
    """A loaded result that central still lists: what is wrong otherwise is the take-back list's."""
    result = state.result(held.cid) if held.cid else None
    if result is None or not (held.serves and held.proven) or result.place:
        return False
    live = result.status is Status.LIVE and result.cid not in state.memory.recalled
    return live and state.memory.parts.get((result.cid, number)) is Phase.LOADED


def choose(turn: Turn, scene: CabinetView, value: str) -> None:
    """Touch a compartment for its story."""
    known = {str(plan.number) for plan in turn.state.site.compartments}
    if value in known:
        _story(turn, Story(0, scene.session, int(value)))


def _story(turn: Turn, story: Story) -> None:
    turn.effects.append(ReadStory(story.compartment))
    turn.go(replace(story, until_ms=turn.up_ms + hub.IDLE_MS))


def story_read(turn: Turn, compartment: int, happenings: tuple[Happening, ...]) -> None:
    """The shell has read the journal."""
    scene = turn.state.scene
    if isinstance(scene, Story) and scene.compartment == compartment:
        turn.change(scene=replace(scene, happenings=happenings))


def act(turn: Turn, scene: Story, value: str) -> None:
    """Check opens the door, since the doubt is the reason; all else asks for one first."""
    if value not in acts(turn.state, scene):
        return
    wanted, number = Act(value), scene.compartment
    if wanted is Act.CHECK:
        _open(turn, scene, Task(Purpose.CHECK, number, staff_doors.lying(turn, number)))
    else:
        later = turn.up_ms + hub.IDLE_MS
        turn.go(Reasons(later, scene.session, number, wanted))


def _open(turn: Turn, scene: Story | Reasons, task: Task) -> None:
    """Opened for the task, or the view says why it is not."""
    trouble = staff_doors.authorise(turn, scene.session, task)
    if trouble is not Trouble.NONE:
        later = turn.up_ms + hub.IDLE_MS
        turn.go(CabinetView(later, scene.session, trouble, task.compartment))


def _take(turn: Turn, scene: Reasons, why: str) -> None:
    """The door opens as from the take-back list, unless a manifest came in between."""
    number = scene.compartment
    story = Story(0, scene.session, number)
    if Act.TAKE in acts(turn.state, story):
        cid = turn.memory.compartments[number].cid
        _open(turn, scene, Task(Purpose.TAKE_BACK, number, cid, why))
    else:
        _story(turn, story)


def reason(turn: Turn, scene: Reasons, value: str) -> None:
    """The act, with its reason, in the journal."""
    if value not in REASONS[scene.act]:
        return
    number, staff = scene.compartment, scene.session.staff
    if scene.act is Act.TAKE:
        _take(turn, scene, value)
        return
    match scene.act:
        case Act.BLOCK:
            turn.record(Kind.BLOCKED, compartment=number, staff=staff, reason=value)
        case Act.RELEASE:
            turn.record(Kind.RELEASED, compartment=number, staff=staff, reason=value)
            turn.clear(f"stuck:{number}")
        case Act.BY_KEY:
            turn.record(
                Kind.AUDITED, compartment=number, staff=staff, finding="by_key", reason=value
            )
    _story(turn, Story(0, scene.session, number))


def back_to_wall(turn: Turn, scene: Story, _value: str) -> None:
    """Back to all compartments."""
    turn.go(CabinetView(turn.up_ms + hub.IDLE_MS, scene.session))


def back_to_story(turn: Turn, scene: Reasons, _value: str) -> None:
    """No act after all."""
    _story(turn, Story(0, scene.session, scene.compartment))
