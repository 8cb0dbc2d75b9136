"""A full story, loading included, cut before every single effect, then finished (issue 2, Must hold).

After each cut every object is dropped; statements (through JSON), manifests and the cabinet are left.
"""

from __future__ import annotations

from functools import cache

import pytest

from drivers.doors import Reading
from kiosk.core.events import Key
from kiosk.core.memory import Phase
from kiosk.core.scenes import (
    Again,
    Closed,
    Idle,
    Open,
    Opening,
    Reclose,
    Refused,
    Stuck,
    Told,
)
from kiosk.core.staff_scenes import Loading, LoadOpen, LoadOpening
from sync.messages import Kind
from tests.flows.walk import (
    PowerCutError,
    Walk,
    cut,
    press,
    published,
    push,
    scanned,
    seconds,
    typed,
)
from tests.flows.ways import loading, opening, right_code, to_the_hub, typing


def fresh() -> Walk:
    """r1 lies in compartment 1 already; r9 is expected."""
    walk = Walk({"r1": (1,)})
    walk.central.register("r9", "0530001639")
    walk.publish()
    return walk


def story(walk: Walk) -> None:
    """Loaded, refused once, stuck once, opened, collected, rated, reopened, a manifest, over."""
    walk.go(*to_the_hub(walk), *loading(walk.central.results["r9"].dossiers[0], 2))
    walk.go((press(Key.SIGN_OUT), Idle), *typing("1639", "00000000", Refused))
    walk.go((press(Key.FINISH), Idle), *right_code(walk, "r9"))
    walk.jammed = {2}
    walk.go((press(Key.OPEN), Opening), (seconds(2.5), Stuck))
    walk.jammed = set()
    walk.go((press(Key.RETRY), Opening), (seconds(0.4), Open), (push(2), Closed))
    walk.go((press(Key.RATE, "5"), Closed), (press(Key.FORGOT), Again), (typed("1639"), Again))
    walk.go((press(Key.CONFIRM), Opening), (seconds(0.4), Open), (push(2), Closed))
    walk.go((published, Closed), (press(Key.SKIP), Idle))
    walk.go(*right_code(walk, "r1"), *opening(), (push(1), Closed), (seconds(60), Idle))


@cache
def effects_of_the_story() -> int:
    walk = fresh()
    before = walk.effects_done
    story(walk)
    return walk.effects_done - before


def cut_at(index: int) -> Walk:
    """The story up to effect `index`, which is not carried out; then the power comes back."""
    walk = fresh()
    walk.cut_before = walk.effects_done + index
    with pytest.raises(PowerCutError):
        story(walk)
    walk.cut_before = None
    walk.jammed = set()
    pulses = len(walk.pulses)
    walk.boot(60_000, reboot=True)
    walk.wait(400)
    assert len(walk.pulses) == pulses
    return walk


def close_what_stands_open(walk: Walk) -> None:
    for number, reading in list(walk.readings.items()):
        if reading is Reading.OPEN:
            assert isinstance(walk.scene, Reclose), "the screen asks for the door to be closed"
            push(number)(walk)
    assert isinstance(walk.scene, Idle)


def opens(walk: Walk, cid: str) -> int:
    """How often the doors of a result were stated opened for a citizen, the reopening aside."""
    told = [f for f in walk.said(Kind.OPENED) if f.get("cid") == cid]
    return len(told) - len([f for f in walk.said(Kind.REOPENED) if f["cid"] == cid])


def finish(walk: Walk, cid: str) -> None:
    """What the citizen can still do, and never more than DESIGN allows."""
    phase = next(iter(walk.memory.parts_of(cid).values()), None)
    if phase in {Phase.LOADED, Phase.ACCEPTED}:
        resumed = phase is Phase.ACCEPTED
        before = len(walk.said(Kind.RESUMED))
        number = next(iter(walk.memory.parts_of(cid)))
        walk.go(*right_code(walk, cid), *opening(), (push(number), Closed), (press(Key.SKIP), Idle))
        assert len(walk.said(Kind.RESUMED)) == before + resumed
        assert walk.memory.parts_of(cid) == {number: Phase.COLLECTED}
    else:
        pulses = len(walk.pulses)
        walk.go(*right_code(walk, cid, leads_to=Told), (press(Key.FINISH), Idle))
        assert len(walk.pulses) == pulses


def test_the_story_is_worth_cutting() -> None:
    walk = fresh()
    story(walk)
    assert effects_of_the_story() > 25
    assert walk.pulses == [2, 2, 2, 2, 1]


@pytest.mark.parametrize("part", range(4))
def test_the_citizen_can_finish_after_a_cut_at_any_effect(part: int) -> None:
    for index in range(part, effects_of_the_story(), 4):
        walk = cut_at(index)
        close_what_stands_open(walk)
        for cid in ("r1", "r9"):
            finish(walk, cid)
            assert opens(walk, cid) <= 1, f"cut before effect {index}"
        collected = [f["cid"] for f in walk.said(Kind.COLLECTED)]
        assert len(collected) == len(set(collected))


@pytest.mark.parametrize("part", range(4))
def test_after_ten_minutes_the_code_of_an_unopened_part_works_again(part: int) -> None:
    for index in range(part, effects_of_the_story(), 4):
        walk = cut_at(index)
        close_what_stands_open(walk)
        walk.wait(600_000)
        assert Phase.ACCEPTED not in walk.memory.parts.values(), f"cut before effect {index}"
        for cid in ("r1", "r9"):
            finish(walk, cid)
            assert opens(walk, cid) <= 1


@pytest.mark.parametrize("part", range(4))
def test_a_door_closed_while_the_power_was_out_is_never_called_collected(part: int) -> None:
    for index in range(part, effects_of_the_story(), 4):
        walk = fresh()
        walk.cut_before = walk.effects_done + index
        with pytest.raises(PowerCutError):
            story(walk)
        walk.cut_before = None
        opened = [k for k, phase in walk.refolded().parts.items() if phase is Phase.OPENED]
        collected = walk.said(Kind.COLLECTED)
        walk.readings = dict.fromkeys(walk.readings, Reading.CLOSED)
        walk.boot(60_000, reboot=True)
        walk.wait(400)
        assert walk.said(Kind.COLLECTED) == collected
        assert [k for k, p in walk.memory.parts.items() if p is Phase.UNCONFIRMED] == opened


def test_a_second_cut_after_the_first_changes_nothing() -> None:
    for index in range(0, effects_of_the_story(), 5):
        walk = cut_at(index)
        phases = dict(walk.memory.parts)
        walk.go((cut(), type(walk.scene)))
        assert walk.memory.parts == phases


def test_staff_can_sign_in_and_load_after_a_cut_at_any_effect() -> None:
    for index in range(0, effects_of_the_story(), 3):
        walk = cut_at(index)
        close_what_stands_open(walk)
        walk.central.register("r5", "0530007754")
        walk.publish()
        walk.go(*to_the_hub(walk))
        slip = walk.central.results["r5"].dossiers[0]
        walk.go((scanned(slip), LoadOpening), (seconds(0.4), LoadOpen))
        number = walk.said(Kind.STAFF_AUTHORISED)[-1]["compartment"]
        assert isinstance(number, int)
        walk.go((push(number), Loading), (press(Key.SIGN_OUT), Idle), *right_code(walk, "r5"))
