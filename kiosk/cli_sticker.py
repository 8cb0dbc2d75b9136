"""`kiosk sticker`: the sheet for the inside of the controller's door, and numbers for the doors, as SVG."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from kiosk.config import Config, ConfigError, load, load_without_cabinet


def add_to(parser: argparse.ArgumentParser) -> None:
    """What can be said to it."""
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="default: here")
    parser.add_argument("--numbers", action="store_true", help="the numbers of the doors, too")
    parser.set_defaults(job=_run)


def _run(options: argparse.Namespace) -> int:
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # stdout is for answers
    from ui import sticker

    bare = load_without_cabinet(options.config)
    if bare is not None and options.numbers:
        raise ConfigError(f"{options.config}: no cabinet is described yet: kiosk commission first")
    config = bare or load(options.config)
    whose = sticker.Sticker(config.kiosk, config.unit, config.address, config.hotline)
    made = {f"sticker-{config.kiosk}.svg": sticker.sheet(whose)}
    if options.numbers:
        pages = sticker.numbers(_numbers(config))
        made |= {f"numbers-{config.kiosk}-{at}.svg": page for at, page in enumerate(pages, 1)}
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            (options.out / name).write_text(text, encoding="utf-8")
            print(options.out / name)
    except OSError as error:
        raise ConfigError(f"{error.filename}: cannot be written: {error.strerror}") from error
    print("Open in a browser and print at 100 %, without margins added.")
    return 0


def _numbers(config: Config) -> list[int]:
    return sorted(plan.number for plan in config.cabinet.compartments)
