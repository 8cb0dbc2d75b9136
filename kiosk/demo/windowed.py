"""The demo in windows: clicks on its own window become deeds; the touchscreen is `run`'s own window."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

from kiosk import clock
from kiosk.demo import cast
from kiosk.demo.advice import BY_POWER
from kiosk.demo.ending import Ending
from kiosk.demo.player import Player
from kiosk.demo.projection import stage_view
from kiosk.demo.seen import Seen, SeenDoor
from ui.stage import NoDisplayError, StageWindow
from ui.stage_view import HEIGHT, WIDTH, Power, StageClick, StageKind, StageView

__all__ = ["Desk", "NoDisplayError"]

FRAME_S = 0.04  # how often the mouse is looked for
UPRIGHT, ACROSS = (720, 1280), (1280, 800)  # px, the touchscreen's window
BARS = 70  # px, what a desktop takes above and below a window
MARGIN = 16  # px, around windows
LEAST = 0.45  # smaller than this nothing can be read
TOP = 40  # px, below a title bar
RUN_WINDOW = "SDL_VIDEO_WINDOW_POS"  # where `run`, which inherits it, puts its window


class Desk:
    """The demo's window, beside the touchscreen as far as the desktop is wide enough."""

    def __init__(self, *, landscape: bool) -> None:
        """NoDisplayError: no window can be opened."""
        wide, high = StageWindow.desktop()
        touch = ACROSS if landscape else UPRIGHT
        # A keypad below the edge of the desktop cannot be used, so both windows shrink to fit.
        self.scale = max(LEAST, min(1.0, (high - BARS) / touch[1], wide / 2 / touch[0]))
        beside = round(touch[0] * self.scale) + 2 * MARGIN
        fit = max(LEAST, min(1.0, (wide - beside - MARGIN) / WIDTH, (high - BARS) / HEIGHT))
        os.environ.setdefault(RUN_WINDOW, f"{MARGIN},{TOP}")
        size = round(WIDTH * fit), round(HEIGHT * fit)
        self._window = StageWindow(size, left_top=(beside, TOP))
        self._closed = False

    def show_starting(self, totp_secret: str) -> None:
        """The window at once, before there is anything to do."""
        numbers = sorted(int(str(plan["number"])) for plan in cast.wall())
        seen = Seen(tuple(SeenDoor(n) for n in numbers), power=Power.STARTING)
        self._window.show(stage_view(seen, totp_secret, clock.wall_ms()))
        self._drop_clicks()

    def play(self, player: Player, totp_secret: str, ending: Ending) -> None:
        """Until the window is closed or a signal came."""
        pause = threading.Event()
        while not (ending.asked or self._closed):
            view = stage_view(player.seen(), totp_secret, clock.wall_ms())
            self._window.show(view)
            for click in self._window.poll():
                self._do(click, player, view)
            pause.wait(FRAME_S)

    def close(self) -> None:
        """Close the window. Safe to call twice."""
        self._window.close()

    def _do(self, click: StageClick, player: Player, view: StageView) -> None:
        match click.kind:
            case StageKind.CLOSE:
                self._closed = True
            case StageKind.DOOR:
                player.door(int(click.value))
            case StageKind.LEAF:
                player.push(int(click.value))
            case StageKind.ENVELOPE:
                player.envelope(click.value)
            case StageKind.MESSAGE:
                player.read(int(click.value))
            case StageKind.NETWORK:
                player.network(on=not view.network)
            case StageKind.POWER:
                self._power(player, view)

    def _power(self, player: Player, view: StageView) -> None:
        """Coming back takes a second or two, in which the window says so."""
        if view.power is Power.ON:
            player.power(on=False)
            return
        starting = Power.STARTING
        self._window.show(replace(view, power=starting, advice=BY_POWER[starting]))
        player.power(on=True)
        self._drop_clicks()  # they were meant for a kiosk that was not there

    def _drop_clicks(self) -> None:
        clicks = self._window.poll()
        self._closed |= any(click.kind is StageKind.CLOSE for click in clicks)
