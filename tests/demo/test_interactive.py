"""`kiosk demo` without a display, as a real process with its three children, driven by typed lines."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

PNG_OF_A_PANEL = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (720).to_bytes(4) + (1280).to_bytes(4)
LIMIT_S = 60.0  # for a machine under load; a good run takes a few seconds
GONE = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "SDL_AUDIODRIVER")


class Demo:
    """One demo in a process group and a temporary folder of its own."""

    def __init__(self, folder: Path, **env: str) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in GONE}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "demo", "--out", str(folder / "out")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**kept, "TMPDIR": str(folder), **env},
            start_new_session=True,
            text=True,
            encoding="utf-8",
        )
        self._watchdog = threading.Timer(LIMIT_S, self.kill)
        self._watchdog.start()
        self.heard = ""

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def has_heard(self, words: str) -> None:
        """Wait for these words, unless they were told already: the order of two tellers is open."""
        if words not in self.heard:
            self.hear(words)

    def hear(self, words: str) -> str:
        """The next line with these words."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.heard += line
            if words in line:
                return line
        raise AssertionError(f"never heard {words!r} in:\n{self.heard}")

    def ended(self) -> int:
        """Its exit status, when it has ended."""
        assert self.process.stdout is not None
        self.heard += self.process.stdout.read()
        return self.process.wait()

    def leftovers(self) -> bool:
        """Whether a process of this demo still runs."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """End everything of it that still runs."""
        self._watchdog.cancel()
        if self.leftovers():
            os.killpg(self.process.pid, signal.SIGKILL)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        self.process.wait()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="d") as short:  # a socket path has 107 bytes
        yield Path(short)


@pytest.fixture
def demo(folder: Path) -> Iterator[Demo]:
    started = Demo(folder)
    yield started
    started.kill()


def test_without_a_display_it_says_so_and_obeys_typed_lines(demo: Demo, folder: Path) -> None:
    assert "no display" in demo.hear("display")
    demo.hear("touchscreen: Idle")
    demo.type("help")
    demo.hear("scan CODE")
    demo.type("screen")
    demo.hear("screen-01.png")
    assert (folder / "out" / "screen-01.png").read_bytes().startswith(PNG_OF_A_PANEL)
    demo.type("tap start")
    demo.hear("touchscreen: Digits")
    demo.type("door 7")
    demo.hear("stays locked")
    demo.type("tap no-such-thing\ndoor 99\nnonsense")
    demo.hear("not understood: tap no-such-thing")
    demo.hear("there is no door 99")
    demo.hear("not understood: nonsense")
    demo.type("power off")
    demo.hear("touchscreen: dark (power off)")
    demo.type("scan H29.915-261118-0042\nquit")
    demo.hear("without power")
    assert demo.ended() == 0
    assert not demo.leftovers()
    assert [path.name for path in folder.iterdir()] == ["out"]


def test_when_nothing_more_can_be_typed_it_runs_on_until_sigterm(folder: Path) -> None:
    demo = Demo(folder, DISPLAY=":987654")  # a display is named, but there is none
    try:
        demo.hear("No window can be opened")
        assert demo.process.stdin is not None
        demo.process.stdin.close()
        demo.hear("nothing more can be typed")
        demo.has_heard("touchscreen: Idle")  # what happens is still told
        demo.process.terminate()
        assert demo.ended() == 0
        assert not demo.leftovers()
        assert list(folder.iterdir()) == []
    finally:
        demo.kill()


def test_with_a_display_it_plays_in_windows_until_sigterm(folder: Path) -> None:
    demo = Demo(folder, DISPLAY=":987654", SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy")
    try:
        demo.hear("Two windows")
        demo.hear("ready")
        demo.process.terminate()
        assert demo.ended() == 0
        assert not demo.leftovers()
        assert list(folder.iterdir()) == []
    finally:
        demo.kill()


def test_a_signal_while_it_starts_leaves_nothing_behind(demo: Demo, folder: Path) -> None:
    demo.hear("Type help")
    demo.process.terminate()
    assert demo.ended() == 0
    assert not demo.leftovers()
    assert list(folder.iterdir()) == []
