"""The guided start: from a machine that was just installed to a kiosk that serves.

The law of this file: what is next is asked of the disk before every step (steps.py), and a step leaves the
disk such that it may be begun again. Whoever stops, stops between two steps.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from kiosk import cli_commission, clock, identity
from kiosk.commission.prepare import Wanted
from kiosk.commission.session import STOP, Console, ask
from kiosk.commission.slip import printed
from kiosk.config import Config, ConfigError, load
from kiosk.doctor.findings import Finding, Level
from kiosk.enroll_code import NotEnrolledError
from kiosk.hardware import Cabinet
from kiosk.identity import IdentityError
from kiosk.journal_values import JournalError
from kiosk.setup import gear, pages, report, vault, who
from kiosk.setup.place import COMMISSIONED, MODE, Place, begin, configured, end, facts
from kiosk.setup.qr import pattern
from kiosk.setup.steps import Facts, Said, Step, next_step
from kiosk.version import VERSION
from sync.enrolment_letter import Letter
from ui.service_screens import Wizard

OK, FAILED = 0, 1
SECONDS = 60.0  # for one call of systemctl
UNITS = ("kiosk.target", "kiosk.service", "kiosk-sync.service")
# True before the kiosk has ever served; they say nothing about this machine.
EXPECTED = frozenset(
    {"guided start", "kiosk run", "kiosk.service", "kiosk-sync.service", "journal", "manifest"}
)


class StoppedError(Exception):
    """The person stops here; what is done stays done."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the start needs of the machine besides files. `system`: which one it is, for the report."""

    examine: Callable[[Path], Iterable[Finding]]
    clock: Callable[[], str]  # synced, holdover or unknown
    now: Callable[[], datetime]  # local time
    system: str
    sticks: who.Sticks
    touch: bool
    boot_files: Callable[[Cabinet], bool]  # as this cabinet needs them; True: they were not
    wanted: Wanted = field(default_factory=Wanted)  # of the round of the doors
    doors: Callable[[cli_commission.Options, Console], int] = cli_commission.conduct


class Guide:
    """One process's way through the start."""

    def __init__(
        self, place: Place, console: Console, around: Around, lang: Callable[[], str]
    ) -> None:
        self._place = place
        self._console = console
        self._around = around
        self._lang = lang
        self._said = Said()
        self._step = Step.WELCOME
        self._letter: Letter | None = None
        self._tried: tuple[gear.Tried, ...] = ()
        self._findings: tuple[Finding, ...] = ()
        self._work: dict[Step, Callable[[Config | None, Facts], None]] = {
            Step.WELCOME: self._welcome,
            Step.LETTER: self._ask_letter,
            Step.ENROL: self._enrol,
            Step.SEAL: self._seal,
            Step.COMMISSION: self._commission,
            Step.GEAR: self._gear,
            Step.DOCTOR: self._doctor,
            Step.REPORT: self._report,
            Step.START: self._start,
        }

    def run(self) -> int:
        """0: the kiosk serves, or it was set up before. 1: stopped; begin again to go on."""
        try:
            while self._step is not Step.DONE:
                try:
                    self._next()
                except (OSError, ConfigError, IdentityError, JournalError) as error:
                    self._trouble(error)
        except StoppedError:
            return FAILED
        return OK

    def _next(self) -> None:
        """One step."""
        self._step = Step.LETTER  # what a kiosk.toml that cannot be read stands against
        config = configured(self._place)
        stands = facts(self._place, config)
        self._step = next_step(stands, self._said)
        if self._step is not Step.DONE:
            self._work[self._step](config, stands)

    def _trouble(self, error: Exception) -> None:
        page = pages.failed(self._step, str(error))
        if isinstance(error, NotEnrolledError):
            page = pages.not_enrolled(error.word, str(error))
        self._heed(self._choose(page))

    def _choose(self, page: Wizard) -> str:
        answer = str(ask(self._console, page))
        if answer == STOP:
            raise StoppedError
        return answer

    def _heed(self, answer: str) -> None:
        if answer == "other_code":
            self._letter, self._said = None, replace(self._said, letter=False)

    def _welcome(self, _config: Config | None, stands: Facts) -> None:
        self._choose(pages.welcome(stands))
        begin(self._place)
        self._said = replace(self._said, begun=True)

    def _ask_letter(self, config: Config | None, _stands: Facts) -> None:
        cabinet = config.cabinet if config is not None else None
        readers = gear.maybe_scanners(cabinet, self._place.dev, wedges=self._around.touch)
        with gear.Ears(readers, alone=False) as ears:
            letter = who.ask_letter(
                self._console,
                config,
                ears.text,
                self._around.sticks,
                again=who.interrupted(config),
            )
        if letter is None:
            raise StoppedError
        self._letter, self._said = letter, replace(self._said, letter=True)

    def _enrol(self, config: Config | None, _stands: Facts) -> None:
        """kiosk.toml first, then the code is spent."""
        letter = self._letter
        assert letter is not None, "a letter was asked for before"
        if not who.says(config, letter):
            who.write_config(self._place, letter)
            config = configured(self._place)
        assert config is not None, "it was just written"
        if facts(self._place, config).enrolled:  # kiosk.toml alone was lost
            return
        self._console.show(pages.working(Step.ENROL))
        heed = who.reached(config)
        if heed is not None:
            self._heed(self._choose(pages.network(self._around.clock(), heed)))
            return
        who.enrol(config, letter)
        if not self._place.seal:
            self._choose(pages.sealed(sealed=False))

    def _seal(self, config: Config | None, _stands: Facts) -> None:
        assert config is not None, "only an enrolled kiosk has keys to seal"
        self._console.show(pages.working(Step.SEAL))
        vault.seal(self._place, config.keys)
        self._choose(pages.sealed(sealed=True))

    def _commission(self, _config: Config | None, _stands: Facts) -> None:
        self._choose(pages.commission())
        options = cli_commission.Options(
            self._place.config, self._around.wanted, self._around.touch, lang=self._lang()
        )
        if self._around.doors(options, self._console) != OK:
            self._choose(pages.commission_again())

    def _gear(self, _config: Config | None, _stands: Facts) -> None:
        config = load(self._place.config)
        tried = gear.try_all(config, self._console, self._place.dev, touch=self._around.touch)
        if tried is None:
            raise StoppedError
        self._tried, self._said = tried, replace(self._said, gear=True)

    def _doctor(self, config: Config | None, _stands: Facts) -> None:
        assert config is not None, "a commissioned kiosk is configured"
        self._console.show(pages.working(Step.DOCTOR))
        # Only now it is known which pins and ports they are to speak of.
        if self._around.boot_files(load(self._place.config).cabinet):
            self._place.restart.touch()
        with vault.opened(self._place, config.keys):
            found = tuple(self._around.examine(self._place.config))
        self._findings = tuple(
            one for one in found if one.level is not Level.WARNING or one.name not in EXPECTED
        )
        if self._choose(pages.doctor(self._findings)) == "go":
            self._said = replace(self._said, doctor=True)

    def _report(self, _config: Config | None, stands: Facts) -> None:
        config = load(self._place.config)
        with vault.opened(self._place, config.keys) as keys:
            held, own = identity.enrolment(keys), identity.run_keys(keys)
            kids = {
                "statement": own.statement.kid,
                "manifest": own.manifest.kid,
                "transport": identity.transport_key(keys).kid,
                "central": held.central.kid,
            }
        rounds = sorted(path.name for path in self._place.folder.glob(COMMISSIONED))
        about = report.About(
            config=config,
            epoch=held.epoch,
            kids=kids,
            sealed=stands.sealed and bool(self._place.seal),
            version=VERSION,
            system=self._around.system,
            at=self._around.now(),
            clock=self._around.clock(),
            tried=self._tried,
            findings=self._findings,
            rounds=rounds[-1:],
        )
        text = "\n".join(report.lines(about, self._lang())) + "\n"
        who.keep_text(self._place.report, text, MODE)

    def _start(self, config: Config | None, _stands: Facts) -> None:
        """The report is shown before the services take the screen."""
        assert config is not None, "a kiosk with a report is configured"
        text = self._place.report.read_text(encoding="utf-8")
        lines = tuple(text.splitlines())
        self._console.tell(lines)
        printer = load(self._place.config).cabinet.printer
        on_paper = printed(printer, lines) if printer.port is not None else None
        code = pattern(report.to_read(text))
        page = pages.report(config.kiosk, self._place.report, code, printed=on_paper)
        if ask(self._console, page) == STOP:
            raise StoppedError
        self._console.show(pages.working(Step.START))
        if self._place.systemctl:
            self._systemctl("enable", *UNITS)
        anew = self._place.restart.exists()
        end(self._place)
        if self._place.systemctl:
            self._begin_services(anew=anew)
        self._console.show(pages.started(services=bool(self._place.systemctl), anew=anew))

    def _begin_services(self, *, anew: bool) -> None:
        """Asked for, not waited for: they begin when this process has left the screen."""
        try:
            if anew:
                self._systemctl("reboot", "--no-block")
            else:
                self._systemctl("start", "--no-block", *UNITS)
        except ConfigError:
            begin(self._place)  # not ended, then
            raise

    def _systemctl(self, *arguments: str) -> None:
        command = [*self._place.systemctl, *arguments]
        try:
            told = subprocess.run(
                command, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ConfigError(f"{' '.join(command)}: no end after {SECONDS:g} s") from error
        if told.returncode:
            raise ConfigError(f"{' '.join(command)}: {told.stderr.strip()[-200:]}")


def clock_now(source: clock.Source = clock.Source.TIMESYNCD) -> str:
    """How far the wall clock can be believed, as a word."""
    return str(clock.clock(source)().clock)
