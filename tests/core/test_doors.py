"""The supervisor: from timestamped readings to what is known of a door (DESIGN §9)."""

from __future__ import annotations

from drivers.doors import DoorsRead, Reading
from kiosk.core.doors import (
    DEBOUNCE_MS,
    FLAP_MS,
    FLAPS,
    MAX_AGE_MS,
    QUIET_MS,
    STEADY_MS,
    Asked,
    Doors,
    Edge,
    in_vain,
    moved,
    observe,
    pulsed,
)

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


STEADY: Trace = [(t, CLOSED) for t in range(0, 1_000, 100)]


def flapping(changes: int, gap_ms: int = 200, begin_ms: int = 1_000) -> Trace:
    """So many changes, one per gap, each read once."""
    return [(begin_ms + n * gap_ms, CLOSED if n % 2 else OPEN) for n in range(changes)]


def still(reading: Reading, begin_ms: int, for_ms: int) -> Trace:
    return [(t, reading) for t in range(begin_ms, begin_ms + for_ms + 1, 100)]


def test_four_changes_in_three_seconds_are_a_busy_hand_and_five_are_flapping() -> None:
    busy, _ = seen([*STEADY, *flapping(FLAPS)])
    assert not busy.flapping
    wild, _ = seen([*STEADY, *flapping(FLAPS + 1)])
    assert wild.flapping == {1}
    assert wild.reading(1, 1_800) is UNKNOWN


def test_five_changes_in_more_than_three_seconds_are_no_flapping() -> None:
    slow, _ = seen([*STEADY, *flapping(FLAPS + 1, gap_ms=FLAP_MS // FLAPS)])
    assert not slow.flapping


def test_a_contact_that_comes_back_without_a_reading_between_is_no_flapping() -> None:
    gaps = [(1_000 + n * 100, UNKNOWN if n % 2 else CLOSED) for n in range(20)]
    assert not seen([*STEADY, *gaps])[0].flapping


def test_a_flapping_contact_is_unknown_until_it_stood_still_for_five_seconds() -> None:
    wild, _ = seen([*STEADY, *flapping(6)])
    last = 1_000 + 5 * 200
    nearly, edges = seen(still(CLOSED, last + 100, STEADY_MS - 200), wild)
    assert (nearly.reading(1, last + STEADY_MS - 100), edges) == (UNKNOWN, [])
    assert nearly.flapping == {1}
    calm, edges = seen(still(CLOSED, last + STEADY_MS, 300), nearly)
    assert (calm.reading(1, last + STEADY_MS + 300), edges) == (CLOSED, [])
    assert not calm.flapping


def test_a_flapping_contact_that_ends_open_was_opened_and_is_not_quiet() -> None:
    wild, before = seen([*STEADY, *flapping(7)])
    assert before == []
    _, edges = seen(still(OPEN, 2_300, STEADY_MS), wild)
    assert edges == [Edge(1, OPEN, quiet=False)]


def test_a_gap_in_the_readings_does_not_calm_a_flapping_contact() -> None:
    wild, _ = seen([*STEADY, *flapping(6)])
    gone, _ = seen([(t, UNKNOWN) for t in range(2_100, 9_000, 100)], wild)
    back, _ = seen(still(CLOSED, 9_000, 400), gone)
    assert back.reading(1, 9_400) is UNKNOWN
    calm, _ = seen(still(CLOSED, 9_500, STEADY_MS), back)
    assert calm.reading(1, 9_500 + STEADY_MS) is CLOSED


def test_a_flapping_contact_does_not_hold_up_the_start() -> None:
    wild, _ = seen([*STEADY, *flapping(6)])
    assert not wild.settling


def test_a_board_that_comes_back_finds_its_doors_as_they_were() -> None:
    lost: Trace = [(t, UNKNOWN) for t in range(1_000, 20_000, 500)]
    back, edges = seen([*STEADY, *lost, (20_000, CLOSED), (20_200, CLOSED)])
    assert (back.reading(1, 20_200), edges) == (CLOSED, [])


def test_a_door_that_opened_while_its_board_was_lost_opened_on_a_restless_contact() -> None:
    steady: Trace = [(t, CLOSED) for t in range(0, 2 * QUIET_MS, 200)]
    lost: Trace = [(t, UNKNOWN) for t in range(4_000, 8_000, 500)]
    _, edges = seen([*steady, *lost, (8_000, OPEN), (8_200, OPEN)])
    assert edges == [Edge(1, OPEN, quiet=False)]


def test_what_a_door_does_after_its_pulse_is_no_flapping() -> None:
    busy, _ = seen([*STEADY, *flapping(FLAPS)])
    asked = pulsed(busy, Asked(1, 1_800, "r1"))
    assert not seen(flapping(FLAPS, begin_ms=1_800), asked)[0].flapping
    assert seen(flapping(FLAPS, begin_ms=1_800), busy)[0].flapping


def test_pulses_in_vain_are_counted_until_the_contact_moves() -> None:
    doors = in_vain(in_vain(Doors(), 1), 1)
    assert dict(doors.vain) == {1: 2}
    assert dict(moved(in_vain(doors, 2), 1).vain) == {2: 1}
    assert moved(doors, 3) is doors
