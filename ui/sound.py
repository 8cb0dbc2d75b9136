"""What is heard: a tone for each `Sound`, and a spoken sentence where espeak-ng is installed.

The law of this file: sound helps and never hinders. Without an audio device or a voice there is
silence, not an error; nothing here waits. `play` is called with every picture and also looks after
the voice, which speaks into a file in a process of its own and is played when it is ready.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pygame

from ui import tones
from ui.screens import Screen, Sound
from ui.texts.say import Say

VOICE_S: Final = 5.0  # a voice that has not spoken by then is stopped
VOICE_BYTES_MAX: Final = 2 * 1024 * 1024
WORDS_A_MINUTE: Final = "140"
RETRY_S: Final = 60.0  # after a failure the device is asked for again this much later
QUIET_S: Final = 10.0  # silent for so long: the device is let go, it costs a little all the time
MELODY, ALARM = 0, 1  # channels
PROMPTS: Final[Mapping[Sound, str]] = MappingProxyType(
    {
        Sound.OPENED: "voice.opened",
        Sound.CLOSE: "voice.close",
        Sound.ALARM: "voice.close",
        Sound.DONE: "voice.thanks",
    }
)


@dataclass(frozen=True, slots=True)
class _Speaking:
    process: subprocess.Popen[bytes]
    folder: tempfile.TemporaryDirectory[str]
    until_s: float

    @property
    def wave(self) -> Path:
        return Path(self.folder.name) / "voice.wav"


class Speaker:
    """Tones and voice of one kiosk."""

    def __init__(
        self, program: str = "espeak-ng", clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`program` speaks like espeak-ng; `clock` gives monotonic seconds."""
        self._program = shutil.which(program)
        self._clock = clock
        self._sound = Sound.NONE
        self._speaking: _Speaking | None = None
        self._retry_s = 0.0
        self._busy_s = 0.0

    def play(self, screen: Screen) -> None:
        """Begin what `screen` asks for when it is another than before; an alarm repeats until then."""
        self._listen()
        if screen.sound is self._sound:
            self._rest()
            return
        self._sound = screen.sound
        self._hush()
        if screen.sound is Sound.NONE or not self._device():
            return
        tune = pygame.mixer.Sound(buffer=tones.samples(tones.TUNES[screen.sound]))
        alarm = screen.sound is Sound.ALARM
        pygame.mixer.Channel(ALARM if alarm else MELODY).play(tune, loops=-1 if alarm else 0)
        self._speak(screen)

    def close(self) -> None:
        """Silence, for good."""
        self._hush()
        pygame.mixer.quit()

    def _device(self) -> bool:
        """Whether there is something to play on; asked for when it is needed, not before."""
        now = self._clock()
        self._busy_s = now
        if pygame.mixer.get_init():
            return True
        if now < self._retry_s:
            return False
        try:
            pygame.mixer.init(tones.RATE, -16, 1, 1024)
        except pygame.error:  # no audio device: silence is right
            self._retry_s = now + RETRY_S
            return False
        return True

    def _hush(self) -> None:
        self._dismiss()
        if pygame.mixer.get_init():
            pygame.mixer.stop()

    def _rest(self) -> None:
        """Let the device go when nothing was heard for a while."""
        if not pygame.mixer.get_init():
            return
        now = self._clock()
        if pygame.mixer.get_busy() or self._speaking:
            self._busy_s = now
        elif now - self._busy_s > QUIET_S:
            pygame.mixer.quit()

    def _speak(self, screen: Screen) -> None:
        prompt = PROMPTS.get(screen.sound)
        if self._program is None or prompt is None:
            return
        number = getattr(screen.body, "compartment", "")
        lang = screen.frame.lang
        text = Say(lang)(prompt, n=number)
        folder = tempfile.TemporaryDirectory(prefix="voice-", ignore_cleanup_errors=True)
        wave = str(Path(folder.name) / "voice.wav")
        call = [self._program, "-v", lang, "-s", WORDS_A_MINUTE, "-w", wave, text]
        quiet = subprocess.DEVNULL
        try:
            process = subprocess.Popen(call, stdin=quiet, stdout=quiet, stderr=quiet)
        except OSError:  # the voice cannot be started: the tone alone does
            folder.cleanup()
            return
        self._speaking = _Speaking(process, folder, self._clock() + VOICE_S)

    def _listen(self) -> None:
        """Play the sentence once it is spoken; stop a voice that takes too long."""
        speaking = self._speaking
        if speaking is None:
            return
        if speaking.process.poll() is None:
            if self._clock() > speaking.until_s:
                self._dismiss()
            return
        try:
            if 0 < speaking.wave.stat().st_size <= VOICE_BYTES_MAX and pygame.mixer.get_init():
                pygame.mixer.Channel(MELODY).queue(pygame.mixer.Sound(str(speaking.wave)))
        except (OSError, pygame.error):  # nothing was spoken, or nothing that can be played
            self._busy_s = self._clock()
        self._dismiss()

    def _dismiss(self) -> None:
        """End the voice, and leave neither a process nor a file behind."""
        speaking, self._speaking = self._speaking, None
        if speaking:
            if speaking.process.poll() is None:
                speaking.process.kill()
            speaking.process.wait()
            speaking.folder.cleanup()
