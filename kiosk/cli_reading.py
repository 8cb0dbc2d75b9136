"""The reading half of the command line: status, journal, manifest. Nothing here opens a door."""

from __future__ import annotations

import argparse
from pathlib import Path

from kiosk.cli_hardware import Jobs, count
from kiosk.config import Config, load


def add(jobs: Jobs[argparse.ArgumentParser]) -> None:
    """Add these jobs to the others."""
    _status(jobs.add_parser("status", help="how the running kiosk is, in plain words"))
    _journal(jobs.add_parser("journal", help="what happened at this kiosk"))
    _manifest(jobs.add_parser("manifest", help="what central allows this kiosk now"))


def _config(options: argparse.Namespace) -> Config:
    return load(options.config)


def _status(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(job=_show_status)


def _show_status(options: argparse.Namespace) -> int:
    from kiosk import cli_status

    return cli_status.status(_config(options).socket, as_json=options.json)


def _journal(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("show", "verify", "export"))
    parser.add_argument("file", type=Path, nargs="?", help="export: where the statements go")
    parser.add_argument("--json", action="store_true", help="JSON lines for show, an object else")
    parser.add_argument("--after", type=count, metavar="SEQ", help="show what follows it")
    parser.add_argument("--most", type=count, default=200, help="how many statements (default 200)")
    parser.add_argument("--kind", action="append", default=[], help="only this kind (repeatable)")
    parser.set_defaults(job=_read_journal)


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
