"""The command line: one command, one name per job. Exit status 0, 1 failed, 2 wrong use.

Every job imports what it needs when it is asked for: `kiosk journal show` must not wait for a touchscreen.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import cli_appliance, cli_hardware, cli_reading
from kiosk.config import DEFAULT_PATH, Config, ConfigError, load
from kiosk.config_cabinet import FAMILIES
from kiosk.errors import PlainError, tell
from kiosk.version import VERSION
from sync import logs

if TYPE_CHECKING:
    from sync.central.settings import Settings

FAILED = 1
CABINETS = ("simulated", *FAMILIES)
EVERY_LINE = ("kiosk.central.access",)  # central's requests are counted by whoever collects them


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line."""
    options = _parser().parse_args(arguments)
    logs.begin(service=options.service, every=EVERY_LINE)
    try:
        return int(options.job(options))
    except PlainError as error:
        tell(str(error))
        return FAILED
    except BrokenPipeError:  # `kiosk journal show | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk", description="ATM hồ sơ 24/7: the controller.")
    parser.set_defaults(service=False)
    parser.add_argument("--version", action="version", version=f"kiosk {VERSION}")
    parser.add_argument(
        "--config", type=Path, default=DEFAULT_PATH, help=f"kiosk.toml (default {DEFAULT_PATH})"
    )
    jobs = parser.add_subparsers(title="jobs", required=True, metavar="JOB")
    _demo(jobs.add_parser("demo", help="play the whole cabinet on this machine"))
    _plain(jobs, "run", _run, "open doors: the touchscreen, the locks, the journal")
    _plain(jobs, "sync", _sync, "talk to central for `kiosk run`")
    _central(jobs.add_parser("central", help="the reference central system"))
    _enroll(jobs.add_parser("enroll", help="make this kiosk's keys and have central enter them"))
    cli_reading.add(jobs)
    cli_hardware.add(jobs)
    cli_appliance.add(jobs)
    return parser


Jobs = argparse._SubParsersAction  # noqa: SLF001  # argparse has no public name for it


def _plain(jobs: Jobs[argparse.ArgumentParser], name: str, job: object, help_: str) -> None:
    jobs.add_parser(name, help=help_).set_defaults(job=job, service=True)


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="play one whole story and check it")
    parser.add_argument("--out", type=Path, help="where pictures and story.json go")
    parser.add_argument("--landscape", action="store_true", help="1280×800 instead of 720×1280")
    parser.add_argument(
        "--cabinet",
        metavar="FAMILY",
        choices=CABINETS,
        default=CABINETS[0],
        help="lock boards (fakes on a serial line) instead of the simulated cabinet: "
        + ", ".join(CABINETS[1:]),
    )
    parser.set_defaults(job=_run_demo)


def _run_demo(options: argparse.Namespace) -> int:
    from kiosk.demo import command
    from kiosk.demo.wiring import Setup

    setup = Setup(options.landscape, options.cabinet)
    return command.main(once=options.once, out=options.out, setup=setup)


def _config(options: argparse.Namespace) -> Config:
    return load(options.config)


def _run(options: argparse.Namespace) -> int:
    config = _config(options)
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # stdout is for answers
    from kiosk import compose

    return compose.run(config)


def _sync(options: argparse.Namespace) -> int:
    from kiosk import identity, notify
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
            proxy=config.central_proxy,
        )
    except ValueError as error:
        raise ConfigError(f"{config.path}: {error}") from error
    systemd = notify.Systemd(os.environ)
    systemd.ready("looks for central")
    return client.run(wanted, turned=lambda: systemd.alive("reports and fetches"))


def _central(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="its keys, spool, database and central.toml")
    parser.add_argument("--port-file", type=Path, help="write the port here once it listens")
    parser.add_argument("--enrol", type=Path, metavar="REQUEST", help="enter a kiosk, then end")
    parser.add_argument(
        "--enrolment-code", metavar="KIOSK", help="print a code with which a kiosk enrols, once"
    )
    parser.add_argument("--url", default="", help="with it: central's address, into the QR too")
    parser.add_argument("--letter", type=Path, metavar="FILE", help="with it: for a stick, too")
    parser.add_argument(
        "--revoke-kiosk",
        metavar="KIOSK",
        help="a stolen one: serve it nothing any more; its staff's new credentials, printed once",
    )
    parser.add_argument(
        "--rotate", action="store_true", help="change the key of manifests; again to see and end it"
    )
    _after_a_loss(parser.add_argument_group("after a loss", "docs/operations.md; then end"))
    parser.add_argument("--unit", default="", help='enrolling: "P.Bình Tiên", as in messages')
    parser.add_argument("--address", default="", help="enrolling: where the cabinet stands")
    parser.add_argument("--answer", type=Path, help="with --enrol: where central's answer goes")
    parser.add_argument("--add-user", metavar="NAME", help="account for the pages, printed once")
    parser.add_argument("--role", choices=("ward", "city"), help="with --add-user")
    parser.add_argument("--kiosk", action="append", default=[], help="a ward's, repeatable")
    parser.add_argument("--remove-user", metavar="NAME", help="end an account for the pages")
    parser.add_argument("--add-key", metavar="NAME", help="key for the office's door, printed once")
    parser.add_argument(
        "--scope", default="", help="with --add-key: results,staff,kiosks,print,tasks,read"
    )
    parser.add_argument("--revoke-key", metavar="ID", help="end a key for the office's door")
    _without_a_line(parser.add_argument_group("without a line", "files on a stick, then end"))
    parser.set_defaults(job=_run_central, service=True)


def _after_a_loss(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--relocate", metavar="KIOSK", help="its cabinet stands elsewhere: with --unit, --address"
    )
    group.add_argument(
        "--replace-key",
        action="store_true",
        help="the key of manifests was stolen: another, at once",
    )


def _without_a_line(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--import-statements", type=Path, metavar="FILE", help="take a kiosk's exported rows in"
    )
    group.add_argument(
        "--take-damaged", action="store_true", help="also rows that the kiosk calls damaged"
    )
    group.add_argument(
        "--export-manifest",
        nargs=2,
        metavar=("KIOSK", "FILE"),
        help="write the newest sealed manifest of a kiosk, to a file or into a folder",
    )


def _run_central(options: argparse.Namespace) -> int:
    from kiosk import cli_central, clock
    from sync.central.app import run_central

    settings = cli_central.settings(options.folder)
    if options.add_user is not None:
        role = options.role or ("ward" if options.kiosk else "city")
        return cli_central.add_user(settings, options.add_user, role, options.kiosk)
    if options.remove_user is not None:
        return cli_central.remove_user(settings, options.remove_user)
    if options.relocate is not None or options.replace_key:
        return _lost(settings, options)
    if options.add_key is not None or options.revoke_key is not None:
        return _office_keys(settings, options)
    if options.rotate or options.enrolment_code is not None or options.revoke_kiosk is not None:
        return cli_central.keys(settings, options)
    if options.import_statements is not None or options.export_manifest is not None:
        return _by_hand(settings, options)
    if options.enrol is None:
        return run_central(settings, clock.wall_ms, port_file=options.port_file)
    answer = options.answer or options.enrol.with_name("answer.json")
    return cli_central.enrol(settings, options.enrol, options.unit, options.address, answer)


def _office_keys(settings: Settings, options: argparse.Namespace) -> int:
    from kiosk import cli_central

    if options.add_key is not None:
        return cli_central.add_office_key(settings, options.add_key, options.scope)
    return cli_central.revoke_office_key(settings, options.revoke_key)


def _lost(settings: Settings, options: argparse.Namespace) -> int:
    from kiosk import cli_loss

    if options.replace_key:
        return cli_loss.replace_key(settings)
    return cli_loss.relocate(settings, options.relocate, options.unit, options.address)


def _by_hand(settings: Settings, options: argparse.Namespace) -> int:
    """Statements first: the manifest then names them."""
    from kiosk import cli_by_hand

    done = 0
    if options.import_statements is not None:
        holes = options.take_damaged
        done = cli_by_hand.import_statements(settings, options.import_statements, holes=holes)
    if options.export_manifest is not None:
        kiosk, file = options.export_manifest
        done = cli_by_hand.export_manifest(settings, kiosk, Path(file)) or done
    return done


def _enroll(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        type=_enroll_action,
        help="central's address, https://…; or `request` or `accept`, by file",
    )
    parser.add_argument("what", help="the enrolment code; or the file to write, or to read")
    parser.set_defaults(job=_run_enroll)


def _enroll_action(text: str) -> str:
    if text not in {"request", "accept"} and "://" not in text:
        raise argparse.ArgumentTypeError("wanted an address https://…, request or accept")
    return text


def _run_enroll(options: argparse.Namespace) -> int:
    from kiosk import enroll, enroll_code

    config = _config(options)
    if options.action == "request":
        return enroll.request(config, Path(options.what))
    if options.action == "accept":
        done = enroll.accept(config, Path(options.what))
        _seal_anew(config)
        return done
    held = enroll_code.enroll(config, options.action, options.what)
    print(f"{held.kiosk} is enrolled: epoch {held.epoch}, central {held.central.kid}")
    if held.epoch > 1:
        print("Every compartment is unchecked until staff have looked in: begin with the audit.")
    _seal_anew(config)
    return 0


def _seal_anew(config: Config) -> None:
    """Of the kiosk of this machine: another configuration's keys never take the place of its own."""
    from kiosk.setup import vault
    from kiosk.setup.place import Place

    if config.path == DEFAULT_PATH and vault.renew(Place(), config.keys):
        print("The new keys are sealed to this machine, in place of the old ones.")
