"""Soft tones, made of sine waves in memory: a chime for good news, an alarm that is not to be missed."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ui.screens import Sound

RATE: Final = 22_050  # samples a second, as espeak-ng gives
FADE_S: Final = 0.012  # a tone begins and ends softly, without a click
PEAK: Final = 32_767


@dataclass(frozen=True, slots=True)
class Note:
    """One tone: pitch in Hz, start and length in seconds, loudness 0..1."""

    hertz: float
    at_s: float
    length_s: float
    loud: float = 0.35


TUNES: Final[Mapping[Sound, tuple[Note, ...]]] = MappingProxyType(
    {
        Sound.OPENED: (Note(659.3, 0, 0.25), Note(880, 0.18, 0.5)),
        Sound.CLOSE: (Note(659.3, 0, 0.22), Note(659.3, 0.32, 0.22)),
        Sound.ALARM: (
            Note(880, 0, 0.25, 0.8),
            Note(659.3, 0.28, 0.25, 0.8),
            Note(880, 0.56, 0.25, 0.8),
            Note(0, 0.9, 0.9, 0),  # silence before it repeats
        ),
        Sound.DONE: (Note(523.3, 0, 0.2), Note(659.3, 0.16, 0.2), Note(784, 0.32, 0.5)),
        Sound.REFUSED: (Note(392, 0, 0.25), Note(349.2, 0.22, 0.35)),
    }
)


def samples(notes: tuple[Note, ...]) -> array[int]:
    """The tune as signed 16-bit samples, one channel at `RATE`."""
    end = max(note.at_s + note.length_s for note in notes)
    wave = [0.0] * round(end * RATE)
    for note in notes:
        start, length = round(note.at_s * RATE), round(note.length_s * RATE)
        for step in range(min(length, len(wave) - start)):
            fade = min(1.0, step / RATE / FADE_S, (length - step) / RATE / FADE_S)
            ring = math.exp(-3.0 * step / length)  # a struck bell, not a beep
            turn = math.sin(2 * math.pi * note.hertz * step / RATE)
            wave[start + step] += note.loud * fade * ring * turn
    return array("h", (round(max(-1.0, min(1.0, value)) * PEAK) for value in wave))
