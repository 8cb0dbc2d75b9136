"""What screen, sound and type would find on this machine, without showing or playing anything.

The law of this file: it takes a device for a moment and gives it back. Not beside a kiosk that serves: a
screen has one master.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import font_source_sans_pro
import pygame

from ui import tones

UNSEEN: Final = frozenset({"dummy", "offscreen"})  # video drivers that show nobody anything
UNHEARD: Final = frozenset({"dummy", "disk"})
VOICE: Final = "espeak-ng"


@dataclass(frozen=True, slots=True)
class Display:
    """`error` is "" when a window could be opened; `sizes`: each screen, in pixels."""

    driver: str = ""
    sizes: tuple[tuple[int, int], ...] = ()
    error: str = ""

    @property
    def seen(self) -> bool:
        """Somebody could look at it."""
        return not self.error and self.driver not in UNSEEN


@dataclass(frozen=True, slots=True)
class Mixer:
    """`error` is "" when the sound device could be opened."""

    driver: str = ""
    error: str = ""

    @property
    def heard(self) -> bool:
        """Somebody could hear it."""
        return not self.error and self.driver not in UNHEARD


def display() -> Display:
    """Ask SDL for a screen. Leaves an open display of this process as it is."""
    had = pygame.display.get_init()
    try:
        with _hushed():
            pygame.display.init()
        return Display(pygame.display.get_driver(), tuple(pygame.display.get_desktop_sizes()))
    except pygame.error as error:
        return Display(error=str(error))
    finally:
        if not had:
            pygame.display.quit()


def mixer() -> Mixer:
    """Ask SDL for the sound device, as `ui.sound.Speaker` does."""
    had = pygame.mixer.get_init()
    try:
        with _hushed():
            pygame.mixer.init(tones.RATE, -16, 1, 1024)
        return Mixer(pygame.mixer.get_driver())
    except pygame.error as error:
        return Mixer(error=str(error))
    finally:
        if not had:
            pygame.mixer.quit()


def missing_fonts() -> tuple[str, ...]:
    """Font files of the package that are not there."""
    cuts = (font_source_sans_pro.SourceSansPro, font_source_sans_pro.SourceSansProBold)
    return tuple(str(cut) for cut in cuts if not Path(cut).is_file())


def has_voice() -> bool:
    """Whether sentences can be spoken, or tones alone."""
    return shutil.which(VOICE) is not None


@contextmanager
def _hushed() -> Iterator[None]:
    """Libraries below SDL complain on standard error by themselves; what is wrong is told in one line."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
