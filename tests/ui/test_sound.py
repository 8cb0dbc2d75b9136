"""Sound: heard when it can be, silent when it cannot, and never in the way."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from ui.sample_parts import AJAR
from ui.samples import OPEN
from ui.screens import Open, Screen, Sound
from ui.sound import QUIET_S, RETRY_S, VOICE_S, Speaker
from ui.tones import RATE, TUNES, samples
from ui.walls import Urge

# What espeak-ng does: -w FILE TEXT. This one says 0.1 s of silence and keeps what it was asked.
VOICE = """#!/bin/sh
''''exec "{python}" "$0" "$@" # '''
import sys, wave
asked = sys.argv[1:]
with wave.open(asked[asked.index("-w") + 1], "wb") as out:
    out.setnchannels(1)
    out.setsampwidth(2)
    out.setframerate(22050)
    out.writeframes(bytes(4410))
open({log!r}, "a").write("|".join([asked[1], asked[-1]]) + "\\n")
"""


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _no_real_audio(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    yield
    pygame.mixer.quit()


def _screen(sound: Sound) -> Screen:
    return Screen(OPEN, Open(12, AJAR, Urge.CALM), sound)


def _program(tmp_path: Path, text: str) -> str:
    path = tmp_path / "voice"
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_every_sound_but_none_has_a_tune() -> None:
    assert set(TUNES) == set(Sound) - {Sound.NONE}
    for tune in TUNES.values():
        wave = samples(tune)
        assert 0.3 * RATE < len(wave) < 2 * RATE
        assert 3000 < max(wave) <= 32_767
        assert abs(wave[0]) < 300  # begins and ends without a click
        assert abs(wave[-1]) < 300


def test_an_alarm_repeats_until_another_sound_is_asked(clock: Clock) -> None:
    speaker = Speaker("no-such-voice", clock)
    speaker.play(_screen(Sound.ALARM))
    assert pygame.mixer.get_busy()
    speaker.play(_screen(Sound.ALARM))
    assert pygame.mixer.get_busy()
    speaker.play(_screen(Sound.NONE))
    assert not pygame.mixer.get_busy()
    speaker.close()


def test_without_an_audio_device_there_is_silence(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "no-such-driver")
    speaker = Speaker("no-such-voice", clock)
    for sound in Sound:
        speaker.play(_screen(sound))
    assert pygame.mixer.get_init() is None
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    speaker.play(_screen(Sound.OPENED))
    assert pygame.mixer.get_init() is None  # not asked again at once
    clock.now += RETRY_S
    speaker.play(_screen(Sound.DONE))
    assert pygame.mixer.get_init() is not None
    speaker.close()


def test_a_silent_device_is_let_go(clock: Clock) -> None:
    speaker = Speaker("no-such-voice", clock)
    speaker.play(_screen(Sound.OPENED))
    pygame.mixer.stop()
    speaker.play(_screen(Sound.OPENED))
    assert pygame.mixer.get_init() is not None
    clock.now += QUIET_S + 1
    speaker.play(_screen(Sound.OPENED))
    assert pygame.mixer.get_init() is None
    speaker.close()


def test_the_prompt_is_spoken_in_the_language_of_the_screen(tmp_path: Path, clock: Clock) -> None:
    log = tmp_path / "log"
    program = _program(tmp_path, VOICE.format(python=sys.executable, log=str(log)))
    speaker = Speaker(program, clock)
    speaker.play(_screen(Sound.CLOSE))
    assert speaker._speaking is not None
    assert speaker._speaking.process.wait(timeout=20) == 0
    wave = speaker._speaking.wave
    speaker.play(_screen(Sound.CLOSE))
    assert pygame.mixer.Channel(0).get_queue() is not None or pygame.mixer.Channel(0).get_busy()
    assert log.read_text() == "vi|Xin đóng cửa ngăn số 12.\n".replace(" số 12", "\u00a0số\u00a012")
    assert not wave.exists()
    speaker.close()


def test_a_voice_that_hangs_is_stopped_and_leaves_nothing_behind(
    tmp_path: Path, clock: Clock
) -> None:
    program = _program(tmp_path, "#!/bin/sh\nexec sleep 60\n")
    speaker = Speaker(program, clock)
    speaker.play(_screen(Sound.DONE))
    assert speaker._speaking is not None
    process, wave = speaker._speaking.process, speaker._speaking.wave
    clock.now += VOICE_S + 1
    speaker.play(_screen(Sound.DONE))
    assert process.returncode is not None
    assert not wave.parent.exists()
    speaker.close()


@pytest.mark.parametrize("text", ["#!/bin/sh\nexit 1\n", "no program at all", "#!/no/such/shell\n"])
def test_a_broken_voice_leaves_the_tone(tmp_path: Path, clock: Clock, text: str) -> None:
    # The alarm sounds until it is told otherwise: no other tone lasts as long as a slow machine.
    speaker = Speaker(_program(tmp_path, text), clock)
    speaker.play(_screen(Sound.ALARM))
    if speaker._speaking:
        speaker._speaking.process.wait(timeout=20)
    speaker.play(_screen(Sound.ALARM))
    assert speaker._speaking is None
    assert pygame.mixer.get_busy()
    speaker.close()


def test_closing_ends_a_voice_in_the_middle(tmp_path: Path, clock: Clock) -> None:
    speaker = Speaker(_program(tmp_path, "#!/bin/sh\nexec sleep 60\n"), clock)
    speaker.play(_screen(Sound.OPENED))
    assert speaker._speaking is not None
    pid = speaker._speaking.process.pid
    speaker.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
