"""Which envelope, which compartment."""

from __future__ import annotations

from dataclasses import replace

from drivers.doors import DoorsRead, Reading
from kiosk.core.doors import Doors, observe
from kiosk.core.loading import best, by_dossier, by_ending, expected, free
from kiosk.core.site import CompartmentPlan
from kiosk.core.state import State
from sync.messages import Kind, Result
from tests.core.make import (
    Said,
    a_manifest,
    a_memory,
    a_result,
    a_site,
    a_state,
    accepted,
    at,
    loaded,
    merged,
)

PLANS = (
    CompartmentPlan(1, 1, 1),
    CompartmentPlan(2, 2, 1),
    CompartmentPlan(3, 3, 1, size="A3"),
    CompartmentPlan(4, 4, 1, size="bulky", low=True),
)
NOBODY: frozenset[int] = frozenset()


def cabinet(*said: Said, results: tuple[Result, ...] = (), ajar: tuple[int, ...] = ()) -> State:
    """Four compartments of three sizes, all read; `ajar` ones open."""
    memory = a_memory(*said, numbers=(1, 2, 3, 4))
    doors = Doors()
    for up_ms in (0, 200):
        readings = {n: Reading.OPEN if n in ajar else Reading.CLOSED for n in (1, 2, 3, 4)}
        doors, _ = observe(doors, DoorsRead(up_ms, readings))
    return replace(a_state(memory, a_manifest(*results), a_site(*PLANS)), doors=doors)


def test_expected_is_what_central_wants_here_and_nothing_else() -> None:
    fine, fee, away = a_result("r1"), a_result("r2", fee_due=True), a_result("r3", place="bt2")
    assert [r.cid for r in expected(cabinet(results=(fine, fee, away)))] == ["r1"]
    assert expected(cabinet(merged(fine), loaded(), results=(fine,))) == ()
    assert expected(replace(cabinet(), manifest=None)) == ()


def test_a_dossier_is_found_in_any_dash_and_case_expected_ones_first() -> None:
    lying, fresh = a_result("r1"), a_result("r2")
    state = cabinet(merged(lying, fresh), loaded("r1"), results=(lying, fresh))
    found = by_dossier(state, " h29.915\u2013261121\u20130042 ")
    assert found is not None
    assert found.cid == "r2"
    only = by_dossier(cabinet(merged(lying), loaded("r1"), results=(lying,)), lying.dossiers[0])
    assert only is not None
    assert only.cid == "r1"
    assert by_dossier(state, "H29.915-261121-0043") is None


def test_an_ending_finds_every_expected_result() -> None:
    first, second = a_result("r1"), a_result("r2", dossier="H30.001-261121-10042")
    state = cabinet(results=(first, second, a_result("r3", fee_due=True)))
    assert [r.cid for r in by_ending(state, "0042")] == ["r1", "r2"]
    assert by_ending(state, "9999") == ()


def test_only_checked_unblocked_compartments_seen_closed_are_offered() -> None:
    blocked = (Kind.BLOCKED, {"compartment": 1, "reason": "x"})
    pried = (Kind.OPENED_UNASKED, {"compartment": 2})
    assert free(cabinet(blocked, pried, ajar=(3,)), 200) == (4,)
    assert free(cabinet(loaded()), 200) == (2, 3, 4)
    assert free(cabinet(), 200, frozenset({2})) == (1, 3, 4)
    assert free(cabinet(), 10_000) == ()


def test_the_smallest_that_fits_is_taken_and_low_where_asked() -> None:
    assert best(cabinet(), a_result(), 200, NOBODY) == 1
    assert best(cabinet(), a_result(size="A3"), 200, NOBODY) == 3
    assert best(cabinet(), a_result(size="bulky"), 200, NOBODY) == 4
    assert best(cabinet(), a_result(low=True), 200, NOBODY) == 4
    assert best(cabinet(loaded("r9", 4)), a_result(size="bulky"), 200, NOBODY) is None


def test_surely_free_comes_before_presumed_empty_and_little_worn_before_much() -> None:
    used = [loaded(), accepted(), at(Kind.OPENED), at(Kind.COLLECTED)]
    assert best(cabinet(merged(a_result()), *used), a_result("r2"), 200, NOBODY) == 2
    worn = (Kind.OPENED, {"compartment": 1, "staff": "7"})
    assert best(cabinet(worn), a_result(), 200, NOBODY) == 2


def test_a_lost_memory_offers_nothing() -> None:
    assert free(cabinet((Kind.CONFLICT, {"what": "memory"})), 200) == ()
