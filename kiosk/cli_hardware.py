"""The technician's half of the command line: frames, bench-cabinet, doctor, setup, commission."""

from __future__ import annotations

import argparse
from pathlib import Path

from kiosk.config_cabinet import FAMILIES

Jobs = argparse._SubParsersAction  # noqa: SLF001  # argparse has no public name for it


def add(jobs: Jobs[argparse.ArgumentParser]) -> None:
    """Add these jobs to the others."""
    _bench(jobs.add_parser("bench-cabinet", help="fake lock boards on ports of their own"))
    _doctor(jobs.add_parser("doctor", help="check everything and say what to do; opens no door"))
    _locks_off(jobs.add_parser("locks-off", help="put every lock output off, after `run` ended"))
    _frames(jobs.add_parser("frames", help="bytes of lock boards in words, operations in bytes"))
    _sticker(jobs.add_parser("sticker", help="print what is stuck to the cabinet"))
    _usb(jobs.add_parser("usb", help="root's helper for a USB stick, started by udev"))
    _setup(jobs.add_parser("setup", help="from a new machine to a kiosk that serves, step by step"))
    _commission(jobs.add_parser("commission", help="find out which lock opens which door"))


def count(text: str) -> int:
    """A number of statements; anything else is wrong use."""
    if not (text.isascii() and text.isdecimal()) or len(text) > len("9007199254740991"):
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a whole number from 0")
    return int(text)


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(job=_run_doctor)


def _run_doctor(options: argparse.Namespace) -> int:
    from kiosk import cli_doctor

    return cli_doctor.doctor(options.config, as_json=options.json)


def _locks_off(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(job=_run_locks_off)


def _run_locks_off(options: argparse.Namespace) -> int:
    from kiosk import cli_locks_off, config

    return cli_locks_off.locks_off(config.load(options.config).cabinet)


def _frames(parser: argparse.ArgumentParser) -> None:
    from kiosk import cli_frames

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = cli_frames.HELP
    parser.add_argument("family", metavar="FAMILY", help="xor-8a80, waveshare-modbus, …")
    parser.add_argument(
        "words", nargs="+", metavar="BYTES", help="or open BOARD/CHANNEL, query BOARD"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument(
        "--status-first",
        action="store_true",
        help="8A/80: the first status byte is channels 1 to 8",
    )
    parser.set_defaults(job=_show_frames)


def _show_frames(options: argparse.Namespace) -> int:
    from kiosk import cli_frames

    return cli_frames.run(
        options.family, options.words, as_json=options.json, status_first=options.status_first
    )


def _bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--family", choices=FAMILIES, required=True)
    parser.add_argument("--buses", type=count, default=1, help="ports (default 1)")
    parser.add_argument("--boards", type=count, default=1, help="boards on each (default 1)")
    parser.add_argument(
        "--channels", type=count, default=0, help="doors on each board (default: all it has)"
    )
    parser.add_argument("--folder", type=Path, help="where the ports appear (default: a new one)")
    parser.set_defaults(job=_run_bench)


def _run_bench(options: argparse.Namespace) -> int:
    from kiosk import cli_bench

    return cli_bench.run(
        cli_bench.Wanted(options.family, options.buses, options.boards, options.channels),
        options.folder,
    )


def _commission(parser: argparse.ArgumentParser) -> None:
    from kiosk.commission import arguments

    arguments.add_to(parser)


def _setup(parser: argparse.ArgumentParser) -> None:
    from kiosk import cli_setup

    cli_setup.add_to(parser)


def _usb(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("device", type=Path, help="its partition: /dev/sda1")
    parser.set_defaults(job=_run_usb)


def _run_usb(options: argparse.Namespace) -> int:
    from kiosk import cli_usb, config

    bare = config.load_without_cabinet(options.config) or config.load(options.config)
    return cli_usb.serve(bare.socket, options.device)


def _sticker(parser: argparse.ArgumentParser) -> None:
    from kiosk import cli_sticker

    cli_sticker.add_to(parser)
