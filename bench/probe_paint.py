"""`python -m bench.probe_paint PAIRS`: what a digit on the code screen costs until it is seen.

Ours: a finger's events lie in the window's queue; poll, step of the core, projection, painting, flip. The
floor: the whole surface blitted onto itself and flipped. Portrait, 720 x 1280, 120 results loaded.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from time import perf_counter_ns

import pygame

from bench.collect_kiosk import Stocked, keyed, stocked, typed
from bench.measure import pair
from kiosk import show
from kiosk.core import events
from kiosk.core.automaton import step
from kiosk.core.clock import Now
from kiosk.core.scenes import Code
from kiosk.core.state import State
from sync.messages import CODE_DIGITS
from ui.face import Face
from ui.hands import Action, Pressed
from ui.sizes import ScreenSize

SIZE = ScreenSize(720, 1280)
LOADED = 120
BETWEEN_MS = 250  # a brisk typist; faster than a dozen a second would count as rain


class Typist:
    """Types a code, digit after digit, over and over."""

    def __init__(self, stock: Stocked) -> None:
        self._face = Face(SIZE)
        self._empty = typed(stock.state, stock.now, stock.code(1)[0], "")
        self._state: State = self._empty
        self._now: Now = stock.now
        surface = pygame.display.get_surface()
        assert surface is not None
        self._surface, self._copy = surface, surface.copy()
        self._digit = 0

    def digit(self) -> int:
        """One digit; nanoseconds until it stands on the screen."""
        self._prepare()
        assert self._face.tap(Action.DIGIT, str(self._digit))
        begun = perf_counter_ns()
        (pressed,) = self._face.poll(self._now.up_ms)
        assert isinstance(pressed, Pressed)
        event = events.Pressed(events.Key(pressed.action), pressed.value)
        self._state, _ = step(self._state, event, self._now)
        self._face.show(show.screen(self._state, self._now))
        return perf_counter_ns() - begun

    def blit(self) -> int:
        """The floor."""
        begun = perf_counter_ns()
        self._surface.blit(self._copy, (0, 0))
        pygame.display.flip()
        return perf_counter_ns() - begun

    def _prepare(self) -> None:
        """The screen as it was before; after eight digits they are taken away again."""
        self._digit = (self._digit + 7) % 10
        passed = replace(self._now, up_ms=self._now.up_ms + BETWEEN_MS)
        self._now = replace(passed, wall_ms=passed.wall_ms + BETWEEN_MS)
        scene = self._state.scene
        assert isinstance(scene, Code)
        if len(scene.entered) == CODE_DIGITS:
            erase = [(events.Key.ERASE, "")] * CODE_DIGITS
            self._state = keyed(self._state, self._now, *erase)
        self._face.show(show.screen(self._state, self._now))
        self._copy = self._surface.copy()


def main(pairs: int) -> None:
    """Print `[ratio]`."""
    typist = Typist(stocked(LOADED))
    print(json.dumps([pair(pairs, typist.digit, typist.blit).ratio]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
