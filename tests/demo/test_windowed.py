"""From clicks on the demo's window to deeds, with a player that only takes note."""

import signal
from collections.abc import Iterator

import pygame
import pytest

from kiosk.demo import cast
from kiosk.demo.ending import SIGNALS, Ending
from kiosk.demo.player import Player
from kiosk.demo.reach import Reach
from kiosk.demo.seen import Seen, SeenDoor, Sent
from kiosk.demo.windowed import RUN_WINDOW, Desk
from ui.stage_view import Power, StageClick, StageKind

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
DOORS = tuple(
    SeenDoor(int(str(plan["number"])), is_open=plan["number"] == 9) for plan in cast.wall()
)
SENT = tuple(Sent(n, "ready", "", "0531230042", "21:04", "MA 4827 1639") for n in (2, 1))


class Notes(Player):
    """Plays a list of clicks, one per look, and ends the demo after the last one."""

    def __init__(self, desk: Desk, clicks: list[StageClick], seen: Seen, ending: Ending) -> None:
        self.deeds: list[str] = []
        self._desk, self._now, self._ending = desk, seen, ending
        self._clicks = iter([None, *clicks])  # nothing can be clicked before it was shown

    def seen(self) -> Seen:
        try:
            click = next(self._clicks)
        except StopIteration:
            self._ending.asked = True
            return self._now
        if click is not None:
            _post(self._desk, click)
        return self._now

    def door(self, number: int) -> Reach:
        self.deeds.append(f"door {number}")
        return Reach.PULL

    def push(self, number: int) -> bool:
        self.deeds.append(f"push {number}")
        return True

    def envelope(self, code: str) -> None:
        self.deeds.append(f"envelope {code}")

    def read(self, message: int) -> None:
        self.deeds.append(f"read {message}")

    def network(self, *, on: bool) -> None:
        self.deeds.append(f"network {on}")

    def power(self, *, on: bool) -> None:
        self.deeds.append(f"power {on}")


def _post(desk: Desk, click: StageClick) -> None:
    if click.kind is StageKind.CLOSE:
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        return
    at = next(hit.rect.middle for hit in desk._window.hits() if hit.click == click)
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        pygame.event.post(pygame.event.Event(kind, {"pos": at, "button": 1, "touch": False}))


@pytest.fixture
def ending() -> Iterator[Ending]:
    # Whoever started the tests in the background may have had some of them ignored.
    before = {number: signal.signal(number, signal.SIG_DFL) for number in SIGNALS}
    yield Ending()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv(RUN_WINDOW, "0,0")
    shown = Desk(landscape=False)
    yield shown
    shown.close()


def _played(desk: Desk, ending: Ending, seen: Seen, clicks: list[StageClick]) -> list[str]:
    notes = Notes(desk, clicks, seen, ending)
    desk.show_starting(SECRET)
    desk.play(notes, SECRET, ending)
    return notes.deeds


def test_every_click_becomes_its_deed(desk: Desk, ending: Ending) -> None:
    clicks = [
        StageClick(StageKind.DOOR, "7"),
        StageClick(StageKind.DOOR, "9"),
        StageClick(StageKind.LEAF, "9"),
        StageClick(StageKind.ENVELOPE, cast.DOSSIERS[3].code),
        StageClick(StageKind.MESSAGE, "1"),
        StageClick(StageKind.NETWORK),
        StageClick(StageKind.POWER),
    ]
    code = cast.DOSSIERS[3].code
    assert _played(desk, ending, Seen(DOORS, SENT, "Idle"), clicks) == [
        "door 7",
        "door 9",
        "push 9",
        f"envelope {code}",
        "read 1",
        "network False",
        "power False",
    ]


def test_a_switch_that_is_off_is_switched_on(desk: Desk, ending: Ending) -> None:
    off = Seen(DOORS, power=Power.OFF, network=False)
    clicks = [StageClick(StageKind.POWER), StageClick(StageKind.NETWORK)]
    assert _played(desk, ending, off, clicks) == ["power True", "network True"]


def test_closing_the_window_ends_the_demo(desk: Desk, ending: Ending) -> None:
    clicks = [StageClick(StageKind.CLOSE), StageClick(StageKind.NETWORK)]
    assert _played(desk, ending, Seen(DOORS), clicks) == []
    assert not ending.asked


def test_clicks_made_while_the_kiosk_starts_are_dropped_but_closing_is_not(
    desk: Desk, ending: Ending
) -> None:
    class Slow(Notes):
        def power(self, *, on: bool) -> None:
            super().power(on=on)
            _post(self._desk, StageClick(StageKind.NETWORK))
            _post(self._desk, StageClick(StageKind.CLOSE))

    notes = Slow(desk, [StageClick(StageKind.POWER)], Seen(DOORS, power=Power.OFF), ending)
    desk.show_starting(SECRET)
    desk.play(notes, SECRET, ending)
    assert notes.deeds == ["power True"]
    assert not ending.asked


def test_the_touchscreen_shrinks_to_a_desktop_that_is_too_low(desk: Desk) -> None:
    wide, high = desk._window.desktop()
    assert 1280 * desk.scale <= max(high, 1280 * 0.45)
    assert 720 * desk.scale <= max(wide / 2, 720 * 0.45)


def test_a_signal_leaves_word_and_breaks_off_only_what_starts(ending: Ending) -> None:
    signal.raise_signal(signal.SIGTERM)
    assert ending.asked
    with pytest.raises(KeyboardInterrupt), ending.breaks_off():
        signal.raise_signal(signal.SIGINT)
    with ending.breaks_off():
        pass
    signal.raise_signal(signal.SIGHUP)


def test_a_signal_that_the_caller_ignores_stays_ignored(ending: Ending) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    again = Ending()
    signal.raise_signal(signal.SIGHUP)
    assert (ending.asked, again.asked) == (False, False)
