"""`kiosk demo`: the whole cabinet on this machine, played by itself or by whoever sits there."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from drivers.simulated.channel import LineError as CabinetError
from kiosk import clock
from kiosk.demo.ending import Ending
from kiosk.demo.hands import Hands
from kiosk.demo.stage import DemoError, Stage
from kiosk.demo.story import Story
from kiosk.demo.wiring import Setup


def main(*, once: bool, out: Path | None, setup: Setup) -> int:
    """Play the demo; 0 only if everything that was promised came true."""
    if once:
        try:
            return play_once(out, setup)
        except KeyboardInterrupt:
            print("broken off; nothing is left running", file=sys.stderr)
            return 1
    from kiosk.demo import interactive  # needs a display, or says so

    return interactive.play(out, setup)


def play_once(out: Path | None, setup: Setup) -> int:
    """The story, step by step; pictures and story.json go to `out`."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    begun = clock.up_ms()
    steps: list[dict[str, object]] = []
    print("Starting central, sync and run; no door of yours will move.")
    with Ending().breaks_off(), Stage(setup) as stage:
        story = Story(stage, Hands(stage, out))
        for name, deed in story.steps():
            trouble = _try(deed)
            at_s = round((clock.up_ms() - begun) / 1000, 2)
            steps.append({"name": name, "ok": not trouble, "at_s": at_s})
            print(f"{'ok ' if not trouble else 'NOT'} {at_s:6.2f} s  {name}", flush=True)
            if trouble:
                print(f"    {trouble}", file=sys.stderr)
                _show_logs(stage.folder)
                break
        else:
            trouble = ""
    told = {"ok": not trouble, "steps": steps}
    if out is not None:
        text = json.dumps(told, indent=2, ensure_ascii=False)
        (out / "story.json").write_text(text + "\n", encoding="utf-8")
        print(f"Pictures and story.json are in {out}")
    return 0 if not trouble else 1


def _try(deed: Callable[[], None]) -> str:
    """Do it; what went wrong in one sentence, or ""."""
    try:
        deed()
    except (DemoError, CabinetError) as error:
        return str(error) or type(error).__name__
    return ""


def _show_logs(folder: Path) -> None:
    for log in sorted(folder.glob("*.log")):
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
        for line in tail:
            print(f"    {log.stem}: {line}", file=sys.stderr)
