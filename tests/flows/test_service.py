"""Door service: one door pulsed, or all free ones in turn; never one with papers (issue 3, 5)."""

from __future__ import annotations

import pytest

from kiosk import show
from kiosk.core.events import Key
from kiosk.core.scenes import Idle, Reclose, WrongDoor
from kiosk.core.takeback import TakeWhy, due
from kiosk.core.upkeep_scenes import (
    Answer,
    DoorAsk,
    DoorOpen,
    DoorOpening,
    Entry,
    Menu,
    Service,
    Unlock,
)
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu, staffed
from tests.flows.walk import Walk, cut, press, pull, push, seconds
from tests.flows.ways import collecting, entering, signing_in
from ui import service_screens


def at_the_doors(walk: Walk | None = None) -> Walk:
    walk = walk or at_the_menu(Role.TECHNICIAN, {"r1": (1,), "r2": (2,)})
    return walk.go(*entering(Entry.DOORS, Service))


def next_door(walk: Walk) -> None:
    """Two seconds at most, and the next door is asked to open."""
    for _ in range(21):
        if isinstance(walk.scene, Service):
            walk.wait(100)


def running(walk: Walk, *numbers: int) -> None:
    """Each door opens by itself and is closed by hand; the screen stands a moment between."""
    for number in numbers:
        walk.go((seconds(0.4), DoorOpen), (push(number), DoorAsk))
        walk.go((press(Key.CHOOSE, Answer.EMPTY), Service))
        if number != numbers[-1]:
            walk.go((next_door, DoorOpening))


def test_one_free_door_is_pulsed_and_its_time_and_cycles_are_counted() -> None:
    walk = at_the_doors().go((press(Key.CHOOSE, "3"), DoorOpening), (seconds(0.4), DoorOpen))
    walk.go((push(3), DoorAsk), (press(Key.CHOOSE, Answer.EMPTY), Service))
    assert walk.said(Kind.STAFF_AUTHORISED)[0]["reason"] == "test"
    held = walk.memory.compartments[3]
    assert (held.serves, held.opened, held.failed) == (True, 1, 0)
    assert 0 < held.took_ms < 1_000
    body = show.screen(walk.state, walk.now).body
    assert isinstance(body, service_screens.Service)
    row = body.rows[2]
    assert (row.compartment, row.cycles, row.failures, row.mean_open_ms) == (3, 1, 0, held.took_ms)


@pytest.mark.parametrize("value", ["1", "2", "0", "7", "x", "", "all"])
def test_doors_with_papers_and_doors_that_are_none_are_never_pulsed(value: str) -> None:
    walk = at_the_doors().go((press(Key.CHOOSE, value), Service))
    assert walk.pulses == []


def test_a_compartment_presumed_empty_is_not_tested_because_nobody_has_looked() -> None:
    walk = staffed(Role.TECHNICIAN, {"r1": (1,)})
    walk.go(*collecting(walk, "r1", 1), *signing_in(walk))
    at_the_doors(walk).go((press(Key.CHOOSE, "1"), Service))
    assert walk.pulses == [1]


def test_an_unchecked_or_open_door_is_not_tested() -> None:
    walk = at_the_doors().go((pull(3), Service), (press(Key.CHOOSE, "3"), Service))
    walk.go((push(3), Service), (press(Key.CHOOSE, "3"), Service))
    assert walk.pulses == []


def test_a_run_pulses_every_free_door_once_one_after_the_other() -> None:
    walk = at_the_doors().go((press(Key.CONFIRM), DoorOpening))
    running(walk, 3, 4, 5, 6)
    walk.go((seconds(60), Service))
    assert walk.pulses == [3, 4, 5, 6]
    run = walk.scene.session.run  # type: ignore[union-attr]  # a `Service`, as seen above
    assert (run.running, run.done, run.failed) == (False, 4, ())


def test_papers_in_a_door_that_was_tested_are_found_papers_and_the_run_goes_on() -> None:
    walk = at_the_doors().go((press(Key.CONFIRM), DoorOpening), (seconds(0.4), DoorOpen))
    walk.go((push(3), DoorAsk), (press(Key.CHOOSE, Answer.OTHER), Service))
    assert walk.said(Kind.BLOCKED)[0]["reason"] == "not_empty"
    assert [(d.compartment, d.why) for d in due(walk.state, walk.now)] == [(3, TakeWhy.FOUND)]
    walk.go((next_door, DoorOpening))
    running(walk, 4, 5, 6)
    assert walk.pulses == [3, 4, 5, 6]


def test_a_tested_door_that_nobody_speaks_about_stays_unchecked() -> None:
    walk = at_the_doors().go((press(Key.CHOOSE, "3"), DoorOpening), (seconds(0.4), DoorOpen))
    walk.go((push(3), DoorAsk), (seconds(300), Unlock), (press(Key.SIGN_OUT), Idle))
    assert walk.memory.compartments[3].unchecked == "staff:test"


def test_a_run_never_has_two_doors_open() -> None:
    walk = at_the_doors().go((press(Key.CONFIRM), DoorOpening), (seconds(0.4), DoorOpen))
    walk.go((seconds(200), DoorOpen))
    assert walk.pulses == [3]


def test_a_run_can_be_stopped_between_two_doors() -> None:
    walk = at_the_doors().go((press(Key.CONFIRM), DoorOpening))
    running(walk, 3)
    body = show.screen(walk.state, walk.now).body
    assert isinstance(body, service_screens.Service)
    assert (body.running, body.done, body.left) == (True, 1, 3)
    walk.go((press(Key.CANCEL), Service), (seconds(60), Service))
    assert walk.pulses == [3]


def test_a_stuck_door_in_the_middle_is_noted_and_the_run_goes_on() -> None:
    walk = at_the_doors().go((press(Key.CONFIRM), DoorOpening))
    walk.jammed = {4}
    running(walk, 3)
    walk.go((next_door, DoorOpening), (seconds(2.5), DoorOpening), (press(Key.RETRY), DoorOpening))
    walk.go((seconds(2.5), DoorOpening), (press(Key.CANCEL), Service), (next_door, DoorOpening))
    running(walk, 5, 6)
    assert walk.pulses == [3, 4, 4, 5, 6]
    run = walk.scene.session.run  # type: ignore[union-attr]  # a `Service`, as seen above
    assert (run.done, run.failed, run.running) == (4, (4,), False)
    assert walk.memory.compartments[4].failed == 1
    assert [f["what"] for f in walk.said(Kind.FAULT)] == ["stuck:4"]


def test_a_door_that_somebody_opens_meanwhile_is_passed_over() -> None:
    walk = at_the_doors().go((press(Key.CONFIRM), DoorOpening))
    running(walk, 3)
    walk.go((pull(4), Service), (next_door, DoorOpening))
    running(walk, 5, 6)
    assert walk.pulses == [3, 5, 6]


def test_a_wrong_door_ends_the_run() -> None:
    walk = at_the_doors().go((seconds(3), Service))
    walk.swapped = {3: 4}
    walk.go((press(Key.CONFIRM), DoorOpening), (seconds(0.4), WrongDoor), (seconds(60), WrongDoor))
    assert walk.pulses == [3]


def test_a_cut_in_the_middle_of_a_run_ends_it_and_leaves_one_door_unchecked() -> None:
    walk = at_the_doors().go((press(Key.CONFIRM), DoorOpening), (seconds(0.4), DoorOpen))
    walk.go((cut(), Reclose), (push(3), Idle), (seconds(60), Idle))
    assert walk.pulses == [3]
    unchecked = [n for n, c in walk.memory.compartments.items() if c.unchecked]
    assert unchecked == [3]


def test_without_a_free_door_a_run_is_over_at_once() -> None:
    walk = at_the_menu(Role.TECHNICIAN, {"r1": (1,)}, count=1)
    at_the_doors(walk).go((press(Key.CONFIRM), Service), (press(Key.BACK), Menu))
    assert walk.pulses == []


def test_the_doors_have_pages() -> None:
    walk = at_the_menu(Role.TECHNICIAN, count=8)
    walk.go(*entering(Entry.DOORS, Service), (press(Key.ANOTHER), Service))
    body = show.screen(walk.state, walk.now).body
    assert isinstance(body, service_screens.Service)
    assert [r.compartment for r in body.rows] == [7, 8]
    walk.go((press(Key.ANOTHER), Service))
    assert walk.scene.page == 1  # type: ignore[union-attr]  # a `Service`, as seen above
