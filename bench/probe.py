"""Measures that need a process of their own, because SDL asks where its window is when it loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import cast

LONGEST_S = 240.0


def environment() -> dict[str, str]:
    """The window is memory; byte code is kept, as where the kiosk is installed."""
    env = {**os.environ, "SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
    env["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    return env


def probed(module: str, *arguments: str) -> list[float]:
    """The numbers that a program of ours prints as one JSON list.

    Raises:
        CalledProcessError: it failed; its own words went to stderr.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=environment(),
        timeout=LONGEST_S,
        check=True,
    )
    return cast(list[float], json.loads(done.stdout))
