"""`kiosk commission`: find out which lock opens which door, and write it down.

Exit status 0: the kiosk may go live and its configuration is written. 1: it may not, or the round was
stopped; the configuration is as it was.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from kiosk import clock
from kiosk.commission import report, session, show
from kiosk.commission.cabinet import assembled, doubted
from kiosk.commission.files import Files, check_place
from kiosk.commission.findings import judge, sound
from kiosk.commission.prepare import Job, Wanted, prepare
from kiosk.commission.rig import Rig
from kiosk.commission.session import Console
from kiosk.commission.slip import printed
from kiosk.commission.state import State, Step
from kiosk.commission.terminal import Terminal
from kiosk.config import Config, ConfigError, load, load_without_cabinet
from kiosk.config_write import cabinet_toml
from kiosk.times import local
from sync.framing import LineError
from sync.line import Line
from ui.service_screens import Wizard

OK, FAILED = 0, 1
STDIN = 0  # its file descriptor


@dataclass(frozen=True, slots=True)
class Options:
    """The command line. `lang` None: as the screen speaks."""

    config: Path
    wanted: Wanted
    touch: bool = False
    out: Path | None = None
    dry_run: bool = False
    lang: str | None = None


def run(options: Options) -> int:
    """The whole of it."""
    config = load_without_cabinet(options.config) or load(options.config)
    _refuse_beside_run(config)
    lang = options.lang or config.language
    with opened(config, lang, touch=options.touch) as console, terminated():
        try:
            return conduct(options, console)
        except KeyboardInterrupt:
            print("stopped; every lock is off, what was found is kept", file=sys.stderr)
            return FAILED


def conduct(options: Options, console: Console) -> int:
    """One round before a console that is there already: here, or within the guided start.

    Raises:
        ConfigError, JournalError, IdentityError: what stands against it; no lock was pulsed, or every
        coil is off again.
    """
    bare = load_without_cabinet(options.config)
    config = bare or load(options.config)
    folder = options.out or options.config.parent
    if not options.dry_run:
        check_place(options.config, folder)
        folder.mkdir(parents=True, exist_ok=True)
    files = Files(folder, dry=options.dry_run)
    lang = options.lang or config.language
    try:
        job = prepare(config, options.wanted, console, clock.up_ms, described=bare is None)
        if job is not None and job.renewed is not None and not files.dry:
            files.write_cabinet(doubted(config.cabinet, job.renewed))
        state = _round(job, files, console) if job is not None else None
        if job is None or state is None or state.step is Step.STOPPED:
            done = len(state.found) if state is not None else 0
            _end(console, Wizard(show.phrase("stopped"), choices=("finish",), done=done))
            return FAILED
        return _finish(config, job, state, files, console, lang)
    except OSError as error:
        raise ConfigError(f"{folder}: {error}; the configuration is as it was") from error


def _refuse_beside_run(config: Config) -> None:
    try:
        Line(config.socket).status()
    except LineError:
        return
    raise ConfigError(
        "kiosk run holds the locks of this cabinet: stop it first (systemctl stop kiosk). "
        "No lock was pulsed"
    )


def _round(job: Job, files: Files, console: Console) -> State:
    plan = job.plan
    if not plan.pulsed:  # papers behind every door of this board: staff will open them by key
        return State(plan, step=Step.DONE)
    found = files.kept(plan)
    rig = Rig(job.base, job.buses, plan, clock.up_ms)
    try:
        rig.start()
        return session.conduct(
            plan, found, rig, console, clock.up_ms, lambda more: files.keep(plan, more)
        )
    finally:
        rig.close()


def _finish(
    config: Config, job: Job, state: State, files: Files, console: Console, lang: str
) -> int:
    judged = judge(job.plan, state.found, job.buses, job.kept)
    base = job.base if job.renewed is None else doubted(job.base, job.renewed)
    cabinet = assembled(base, job.wall, job.buses, judged, job.plan.occupied, job.renewed)
    at = local(clock.wall_ms())
    about = report.About(config.kiosk, at, job.buses, job.plan.occupied)
    lines = report.lines(judged, about, lang)
    console.tell(lines)
    if files.dry:
        console.tell(cabinet_toml(cabinet).splitlines())
        _end(console, show.result(judged, (show.phrase("dry"),)))
        return OK if judged.may_go_live else FAILED
    if judged.may_go_live:
        told = show.phrase("written", file=show.short(files.write_cabinet(cabinet)))
    else:
        files.write_draft(cabinet)
        files.keep(job.plan, sound(job.plan, state.found, judged))
        told = show.phrase("kept")
    reported = show.phrase("report", file=show.short(files.write_report(lines, at)))
    if judged.may_go_live:
        files.forget()  # last: until then a power cut leads back here, and no door moves again
    if config.cabinet.printer.port is not None and not printed(config.cabinet.printer, lines):
        print("the receipt printer did not take the report", file=sys.stderr)
    _end(console, show.result(judged, (told, reported)))
    return OK if judged.may_go_live else FAILED


def _end(console: Console, page: Wizard) -> None:
    """The last page; at the touchscreen it stands until it is touched."""
    if isinstance(console, Terminal):
        console.end(page)
    else:
        session.ask(console, page)


@contextmanager
def opened(config: Config, lang: str, *, touch: bool) -> Iterator[Console]:
    """A terminal, or the touchscreen."""
    if not touch:
        yield Terminal(lang, STDIN, sys.stdout)
        return
    from kiosk.commission.touch import TouchConsole
    from ui.face import Face
    from ui.screens import Frame

    face = Face(config.screen, fullscreen=config.fullscreen)
    frame = Frame(config.unit, config.address, config.hotline, None, lang)
    try:
        yield TouchConsole(face, frame, clock.up_ms, lambda: local(clock.wall_ms()))
    finally:
        face.close()


@contextmanager
def terminated() -> Iterator[None]:
    """SIGTERM ends it as Ctrl-C does: every coil off, what was found is kept."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
