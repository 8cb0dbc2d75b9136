"""The command line: one command, one name per job. Exit status 0, 1 failed, 2 wrong use.

Every job imports what it needs when it is asked for: `kiosk journal show` must not wait for a touchscreen.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.config import DEFAULT_PATH, Config, ConfigError, load
from kiosk.identity import IdentityError
from kiosk.journal_values import JournalError
from kiosk.version import VERSION

FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    try:
        return int(options.job(options))
    except (ConfigError, IdentityError, JournalError) as error:
        print(f"kiosk: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # `kiosk journal show | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk", description="ATM hồ sơ 24/7: the controller.")
    parser.add_argument("--version", action="version", version=f"kiosk {VERSION}")
    parser.add_argument(
        "--config", type=Path, default=DEFAULT_PATH, help=f"kiosk.toml (default {DEFAULT_PATH})"
    )
    jobs = parser.add_subparsers(title="jobs", required=True, metavar="JOB")
    _demo(jobs.add_parser("demo", help="play the whole cabinet on this machine"))
    _plain(jobs, "run", _run, "open doors: the touchscreen, the locks, the journal")
    _plain(jobs, "sync", _sync, "talk to central for `kiosk run`")
    _central(jobs.add_parser("central", help="the reference central system"))
    _enroll(jobs.add_parser("enroll", help="make this kiosk's keys and exchange them by file"))
    _status(jobs.add_parser("status", help="how the running kiosk is"))
    _journal(jobs.add_parser("journal", help="what happened at this kiosk"))
    _manifest(jobs.add_parser("manifest", help="what central allows this kiosk now"))
    return parser


Jobs = argparse._SubParsersAction  # noqa: SLF001  # argparse has no public name for it


def _plain(jobs: Jobs[argparse.ArgumentParser], name: str, job: object, help_: str) -> None:
    jobs.add_parser(name, help=help_).set_defaults(job=job)


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="play one whole story and check it")
    parser.add_argument("--out", type=Path, help="where pictures and story.json go")
    parser.add_argument("--landscape", action="store_true", help="1280×800 instead of 720×1280")
    parser.set_defaults(job=_run_demo)


def _run_demo(options: argparse.Namespace) -> int:
    from kiosk.demo import command

    return command.main(once=options.once, out=options.out, landscape=options.landscape)


def _config(options: argparse.Namespace) -> Config:
    return load(options.config)


def _run(options: argparse.Namespace) -> int:
    config = _config(options)
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # stdout is for answers
    from kiosk import compose

    return compose.run(config)


def _sync(options: argparse.Namespace) -> int:
    from kiosk import identity
    from sync import client

    config = _config(options)
    key = identity.transport_key(config.keys)
    try:
        wanted = client.SyncConfig(
            central_url=config.central_url,
            kiosk=config.kiosk,
            line=config.socket,
            key=key,
            ca=config.central_ca,
        )
    except ValueError as error:
        raise ConfigError(f"{config.path}: {error}") from error
    return client.run(wanted)


def _central(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="its keys, spool, database and central.toml")
    parser.add_argument("--port-file", type=Path, help="write the port here once it listens")
    parser.add_argument("--enrol", type=Path, metavar="REQUEST", help="enter a kiosk, then end")
    parser.add_argument("--unit", default="", help='with --enrol: "P.Bình Tiên", as in messages')
    parser.add_argument("--address", default="", help="with --enrol: where the cabinet stands")
    parser.add_argument("--answer", type=Path, help="with --enrol: where central's answer goes")
    parser.set_defaults(job=_run_central)


def _run_central(options: argparse.Namespace) -> int:
    from kiosk import cli_central, clock
    from sync.central.app import run_central

    settings = cli_central.settings(options.folder)
    if options.enrol is None:
        return run_central(settings, clock.wall_ms, port_file=options.port_file)
    answer = options.answer or options.enrol.with_name("answer.json")
    return cli_central.enrol(settings, options.enrol, options.unit, options.address, answer)


def _enroll(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("request", "accept"))
    parser.add_argument("file", type=Path, help="public keys out, or central's answer in")
    parser.set_defaults(job=_run_enroll)


def _run_enroll(options: argparse.Namespace) -> int:
    from kiosk import enroll

    config = _config(options)
    if options.action == "request":
        return enroll.request(config, options.file)
    return enroll.accept(config, options.file)


def _status(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(job=_show_status)


def _show_status(options: argparse.Namespace) -> int:
    from kiosk import cli_report

    return cli_report.status(_config(options).socket, as_json=options.json)


def _journal(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("show", "verify", "export"))
    parser.add_argument("file", type=Path, nargs="?", help="export: where the statements go")
    parser.add_argument("--json", action="store_true", help="JSON lines for show, an object else")
    parser.add_argument("--after", type=_count, metavar="SEQ", help="show what follows it")
    parser.add_argument(
        "--most", type=_count, default=200, help="how many statements (default 200)"
    )
    parser.add_argument("--kind", action="append", default=[], help="only this kind (repeatable)")
    parser.set_defaults(job=_read_journal)


def _count(text: str) -> int:
    """A number of statements; anything else is wrong use."""
    if not (text.isascii() and text.isdecimal()) or len(text) > len("9007199254740991"):
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a whole number from 0")
    return int(text)


def _read_journal(options: argparse.Namespace) -> int:
    from kiosk import identity, journal_cli

    config = _config(options)
    path, key = config.data / "journal.db", config.keys / identity.STATEMENT
    if options.action == "export":
        from kiosk import cli_stick

        return cli_stick.export(config.socket, options.after or 0, options.file)
    if options.action == "verify":
        return journal_cli.verify(path, key, as_json=options.json)
    return journal_cli.show(
        path, after=options.after, most=options.most, kinds=options.kind, as_json=options.json
    )


def _manifest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("show", "offer"))
    parser.add_argument("file", type=Path, nargs="?", help="offer: a sealed manifest, from a stick")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(job=_show_manifest)


def _show_manifest(options: argparse.Namespace) -> int:
    from kiosk import cli_report, cli_stick

    if options.action == "offer":
        return cli_stick.offer(_config(options).socket, options.file)
    return cli_report.manifest(_config(options), as_json=options.json)
