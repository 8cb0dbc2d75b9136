"""The supervisor: from timestamped readings to what is known of a door (DESIGN §9)."""

from __future__ import annotations

from drivers.doors import DoorsRead, Reading
from kiosk.core.doors import DEBOUNCE_MS, MAX_AGE_MS, QUIET_MS, Doors, Edge, observe

OPEN, CLOSED, UNKNOWN = Reading.OPEN, Reading.CLOSED, Reading.UNKNOWN
Trace = list[tuple[int, Reading]]


def seen(trace: Trace, doors: Doors | None = None) -> tuple[Doors, list[Edge]]:
    """Door 1 after these readings at these times, and every edge on the way."""
    after = doors or Doors()
    edges: list[Edge] = []
    for up_ms, reading in trace:
        after, new = observe(after, DoorsRead(up_ms, {1: reading}))
        edges += new
    return after, edges


def test_a_reading_counts_once_it_has_stood_still() -> None:
    before, _ = seen([(0, CLOSED), (DEBOUNCE_MS - 1, CLOSED)])
    assert before.reading(1, DEBOUNCE_MS - 1) is UNKNOWN
    assert before.settling
    after, _ = seen([(DEBOUNCE_MS, CLOSED)], before)
    assert after.reading(1, DEBOUNCE_MS) is CLOSED
    assert not after.settling


def test_a_bounce_is_no_edge() -> None:
    trace = [(0, CLOSED), (200, CLOSED), (300, OPEN), (350, CLOSED), (400, OPEN), (450, CLOSED)]
    assert seen([*trace, (700, CLOSED)])[1] == []


def test_an_edge_comes_once_and_says_whether_the_contact_was_quiet() -> None:
    early = [(0, CLOSED), (200, CLOSED), (300, OPEN), (450, OPEN), (600, OPEN)]
    assert seen(early)[1] == [Edge(1, OPEN, quiet=False)]
    steady: Trace = [(t, CLOSED) for t in range(0, 200 + QUIET_MS + 1, 200)]
    last = steady[-1][0]
    assert seen([*steady, (last + 100, OPEN), (last + 250, OPEN)])[1] == [Edge(1, OPEN, quiet=True)]


def test_a_gap_in_the_readings_makes_a_contact_restless() -> None:
    steady: Trace = [(t, CLOSED) for t in range(0, 4_000, 200)]
    blink: Trace = [
        (4_000, UNKNOWN),
        (4_100, CLOSED),
        (4_300, CLOSED),
        (4_400, OPEN),
        (4_600, OPEN),
    ]
    assert seen([*steady, *blink])[1] == [Edge(1, OPEN, quiet=False)]


def test_unknown_is_never_taken_for_closed_and_makes_no_edge() -> None:
    after, edges = seen([(0, OPEN), (200, OPEN), (300, UNKNOWN), (1_000, UNKNOWN)])
    assert after.reading(1, 1_000) is UNKNOWN
    assert edges == [Edge(1, OPEN, quiet=False, found=True)]


def test_open_then_unseen_then_closed_is_a_closing() -> None:
    trace = [(0, OPEN), (200, OPEN), (300, UNKNOWN), (900, CLOSED), (1_100, CLOSED)]
    assert seen(trace)[1][1:] == [Edge(1, CLOSED, quiet=False)]


def test_a_reading_grows_old() -> None:
    after, _ = seen([(0, CLOSED), (200, CLOSED)])
    assert after.reading(1, 200 + MAX_AGE_MS) is CLOSED
    assert after.reading(1, 200 + MAX_AGE_MS + 1) is UNKNOWN


def test_after_a_long_silence_a_reading_must_stand_still_again() -> None:
    after, edges = seen([(0, CLOSED), (200, CLOSED), (9_000, CLOSED)])
    assert after.reading(1, 9_000) is UNKNOWN
    assert edges == []
    assert seen([(9_200, CLOSED)], after)[0].reading(1, 9_200) is CLOSED


def test_a_door_found_closed_is_no_edge_and_one_found_open_says_so() -> None:
    assert seen([(0, CLOSED), (200, CLOSED)])[1] == []
    assert seen([(0, OPEN), (200, OPEN)])[1] == [Edge(1, OPEN, quiet=False, found=True)]


def test_a_sweep_without_any_reading_is_no_sight_of_the_cabinet() -> None:
    assert seen([(0, UNKNOWN), (200, UNKNOWN)])[0].swept_ms == -1
    assert seen([(0, CLOSED), (200, UNKNOWN)])[0].swept_ms == 0


def test_open_doors_are_listed_by_number() -> None:
    doors = Doors()
    for up_ms in (0, 200):
        doors, _ = observe(doors, DoorsRead(up_ms, {3: OPEN, 1: OPEN, 2: CLOSED}))
    assert doors.open_now(200) == (1, 3)
    assert doors.open_now(200 + MAX_AGE_MS + 1) == ()


def test_a_door_that_nobody_ever_read_is_unknown() -> None:
    assert Doors().reading(1, 0) is UNKNOWN
