"""The demo to play with: a window beside the touchscreen, or typed lines where there is no display."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from kiosk.demo.ending import Ending
from kiosk.demo.player import Player
from kiosk.demo.stage import Stage, has_display
from kiosk.demo.typed import play_typed
from kiosk.demo.wiring import Setup

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
BEGIN = "Starting central, sync and run; no door of yours will move."
READY = "ready"
WITHOUT = """\
There is no display here, so there are no windows; the demo runs all the same.
  For windows: call this in a desktop session, or set DISPLAY (over ssh: ssh -X).
  As pictures: kiosk demo --once --out DIR plays one whole story and saves its screens.
Type help for what can be typed here; quit, Ctrl-C or SIGTERM ends it."""
WINDOWS = """\
Two windows: the touchscreen, and beside it the cabinet with phone, desk and switches.
The line on top of the second says what to do next; closing that window ends the demo."""


def play(out: Path | None, setup: Setup) -> int:
    """Until the window is closed, quit is typed, or a signal comes; leaves no process behind."""
    ending = Ending()
    try:
        if not (has_display() and _in_windows(ending, setup)):
            _in_words(out, ending, setup)
    except KeyboardInterrupt:  # a signal while something was starting; everything is put away
        print("ended while starting", flush=True)
    return 0


def _in_windows(ending: Ending, setup: Setup) -> bool:
    """Play in windows; False: none can be opened, although a display is named."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    from kiosk.demo import windowed  # pygame is loaded only where it can show something

    try:
        desk = windowed.Desk(landscape=setup.landscape)
    except windowed.NoDisplayError as error:
        print(f"No window can be opened on the display that is set: {error}", flush=True)
        for name in DISPLAYS:
            os.environ.pop(name, None)
        return False
    with ExitStack() as stack:
        stack.callback(desk.close)
        print(BEGIN, WINDOWS, sep="\n", flush=True)
        stage = _begun(stack, setup, scale=desk.scale)
        desk.show_starting(stage.totp_secret)
        player = _entered(stack, stage, ending)
        print(READY, flush=True)
        desk.play(player, stage.totp_secret, ending)
    return True


def _in_words(out: Path | None, ending: Ending, setup: Setup) -> None:
    print(BEGIN, WITHOUT, sep="\n", flush=True)
    with ExitStack() as stack:
        stage = _begun(stack, setup)
        pictures = out or Path(tempfile.gettempdir()) / f"kiosk-screens-{os.getpid()}"
        player = _entered(stack, stage, ending)
        print(READY, flush=True)
        play_typed(player, stage.totp_secret, pictures, ending)


def _begun(stack: ExitStack, setup: Setup, *, scale: float = 1.0) -> Stage:
    """A stage that will be put away, however far it came."""
    stage = Stage(setup, scale=scale)
    stack.callback(stage.close)
    return stage


def _entered(stack: ExitStack, stage: Stage, ending: Ending) -> Player:
    with ending.breaks_off():
        return Player(stack.enter_context(stage), ending)
