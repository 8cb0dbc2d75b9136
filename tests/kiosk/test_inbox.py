"""The inbox: what repeats itself is bounded, what happens once is never lost, and order is kept."""

import threading

import pytest

from drivers.doors import DoorsRead, Outcome, PulseDone, Reading, Scanned
from kiosk.core.events import Contacted, Event, Key, PinChecked, Pressed, SpaceLeft, Tick
from kiosk.inbox import MOST_WAITING, Inbox

REPEATING: list[Event] = [
    Scanned("junk"),
    DoorsRead(0, {1: Reading.CLOSED}),
    Tick(),
    Contacted(0),
]
ONCE: list[Event] = [
    PulseDone(1, Outcome.ACKNOWLEDGED),
    Pressed(Key.START),
    PinChecked("7", ok=True),
    SpaceLeft(0),
]
FLOOD = 1_000


def _all(inbox: Inbox) -> list[object]:
    taken: list[object] = []
    while (item := inbox.take(0)) is not None:
        taken.append(item)
    return taken


def test_things_come_out_in_the_order_they_went_in() -> None:
    inbox = Inbox()
    for item in (*ONCE, *REPEATING):
        inbox.post(item)
    assert _all(inbox) == [*ONCE, *REPEATING]


@pytest.mark.parametrize("item", REPEATING, ids=lambda item: type(item).__name__)
def test_a_flood_of_what_repeats_itself_is_bounded(item: Event) -> None:
    inbox = Inbox()
    for _ in range(FLOOD):
        inbox.post(item)
    assert len(_all(inbox)) == MOST_WAITING[type(item)]


@pytest.mark.parametrize("item", ONCE, ids=lambda item: type(item).__name__)
def test_nothing_that_happens_once_is_dropped(item: Event) -> None:
    inbox = Inbox()
    for _ in range(FLOOD):
        inbox.post(item)
    assert len(_all(inbox)) == FLOOD


def test_a_vandal_s_scans_hold_back_neither_pulses_nor_sweeps() -> None:
    inbox = Inbox()
    for number in range(FLOOD):
        inbox.post(Scanned(f"junk {number}"))
        if number % 100 == 0:
            inbox.post(PulseDone(1, Outcome.ACKNOWLEDGED))
    inbox.post(DoorsRead(7, {}))
    taken = _all(inbox)
    assert len([t for t in taken if isinstance(t, PulseDone)]) == FLOOD / 100
    assert [t for t in taken if isinstance(t, DoorsRead)] == [DoorsRead(7, {})]
    assert len([t for t in taken if isinstance(t, Scanned)]) == MOST_WAITING[Scanned]


def test_after_a_flood_the_next_scan_comes_through() -> None:
    inbox = Inbox()
    for number in range(FLOOD):
        inbox.post(Scanned(f"junk {number}"))
    _all(inbox)
    inbox.post(Scanned("HS1.bt1.x"))
    assert _all(inbox) == [Scanned("HS1.bt1.x")]


def test_each_taken_scan_makes_room_for_one() -> None:
    inbox = Inbox()
    for number in range(FLOOD):
        inbox.post(Scanned(str(number)))
    inbox.take(0)
    inbox.post(Scanned("one"))
    inbox.post(Scanned("too many"))
    assert [t for t in _all(inbox) if isinstance(t, Scanned)][-1] == Scanned("one")


def test_nothing_there_is_none_at_once_and_after_waiting() -> None:
    assert Inbox().take(0) is None
    assert Inbox().take(-1) is None
    assert Inbox().take(0.001) is None


def test_posts_of_many_threads_all_arrive() -> None:
    inbox = Inbox()

    def post_many() -> None:
        for number in range(FLOOD):
            inbox.post(SpaceLeft(number))

    threads = [threading.Thread(target=post_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    taken = [inbox.take(20) for _ in range(4 * FLOOD)]
    for thread in threads:
        thread.join()
    assert None not in taken
    assert inbox.take(0) is None


def test_a_waiting_loop_wakes_with_the_first_thing() -> None:
    inbox = Inbox()
    writer = threading.Thread(target=inbox.post, args=(Tick(),))
    writer.start()
    assert inbox.take(20) == Tick()
    writer.join()
