"""The cabinet as staff see it: every compartment's sign, its story, block, release, opened by key."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from drivers.doors import Reading
from kiosk.core import hub, staff_doors
from kiosk.core.clock import Now
from kiosk.core.effects import ReadStory
from kiosk.core.fold_staff import BY_STAFF
from kiosk.core.memory import Compartment, Held
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
from sync.messages import Kind, Role

RELEASABLE = BY_STAFF | {"wrong_door"}  # blocked without a doubt about what lies inside
REASONS: dict[Act, tuple[Reason, ...]] = {
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


def acts(state: State, story: Story) -> tuple[Act, ...]:
    """What this role may do with this compartment now. An occupied one opens in an audit only."""
    held = state.memory.compartments.get(story.compartment)
    if held is None:
        return ()
    allowed = []
    if not held.serves and story.session.role in hub.LOADERS:
        allowed.append(Act.CHECK)
    if not held.blocked:
        allowed.append(Act.BLOCK)
    elif held.blocked in RELEASABLE:
        allowed.append(Act.RELEASE)
    if story.session.role is not Role.TECHNICIAN:
        allowed.append(Act.BY_KEY)
    return tuple(allowed)


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
    """Check opens the door; all else asks for a reason first."""
    if value not in acts(turn.state, scene):
        return
    wanted, number = Act(value), scene.compartment
    if wanted is Act.CHECK:
        task = Task(Purpose.CHECK, number, staff_doors.lying(turn, number))
        staff_doors.authorise(turn, scene.session, task)
    else:
        later = turn.up_ms + hub.IDLE_MS
        turn.go(Reasons(later, scene.session, number, wanted))


def reason(turn: Turn, scene: Reasons, value: str) -> None:
    """The act, with its reason, in the journal."""
    if value not in REASONS[scene.act]:
        return
    number, staff = scene.compartment, scene.session.staff
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
