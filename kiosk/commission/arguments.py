"""The command line of `kiosk commission`. What it does is loaded when it is asked for."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from kiosk.config_cabinet import FAMILIES

MOST_DIGITS = 3  # of an address


def add_to(parser: argparse.ArgumentParser) -> None:
    """Everything that can be said to it."""
    add = parser.add_argument
    add("--touch", action="store_true", help="ask at the touchscreen instead of here")
    add("--lang", choices=("vi", "en"), help="default: as the screen speaks")
    add("--wall", type=Path, metavar="FILE", help="the doors as [[compartment]], see the docs")
    add("--port", type=Path, action="append", default=[], help="look here only (repeatable)")
    add("--family", choices=FAMILIES, help="look for these boards only")
    add("--addresses", type=_span, metavar="FIRST-LAST", help="look at these only: 1-4")
    add("--board", type=_board, metavar="BUS/ADDRESS", help="after a change of this board alone")
    add("--out", type=Path, metavar="DIR", help="where files go (default: beside kiosk.toml)")
    add("--dry-run", action="store_true", help="write nothing, print the configuration")
    parser.set_defaults(job=_run)


def _span(text: str) -> range:
    first, _, last = text.partition("-")
    return range(_address(first), _address(last or first) + 1)


def _board(text: str) -> tuple[str, int]:
    bus, _, board = text.rpartition("/")
    if not bus:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not BUS/ADDRESS, as in a/2")
    return bus, _address(board)


def _address(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not the address of a board")
    return int(text)


def _run(options: argparse.Namespace) -> int:
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # stdout is for answers
    from kiosk import cli_commission  # noqa: PLC0415 - the command line alone needs no driver
    from kiosk.commission.prepare import Wanted  # noqa: PLC0415

    wanted = Wanted(
        options.wall, tuple(options.port), options.family, options.addresses, options.board
    )
    return cli_commission.run(
        cli_commission.Options(
            options.config, wanted, options.touch, options.out, options.dry_run, options.lang
        )
    )
