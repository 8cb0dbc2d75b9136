"""A technician at the guided start, and the machine before which he stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from textwrap import dedent

from drivers.bench.boards import BenchBoard, BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.simulated.cabinet import Cabinet
from kiosk import hardware
from kiosk.appliance import boot_edit, boot_files
from kiosk.appliance.ground import Ground
from kiosk.cli_commission import Options, conduct
from kiosk.commission.files import Files
from kiosk.commission.plan import Plan
from kiosk.commission.prepare import Wanted
from kiosk.commission.session import Answer, Asked, Console, Text
from kiosk.config import load, load_without_cabinet
from kiosk.core.site import CompartmentPlan
from kiosk.doctor.findings import Finding, Level, doubt, well
from kiosk.hardware import Bus, Driver, Reader, Wiring
from kiosk.setup.guide import Around, Guide
from kiosk.setup.place import Place
from kiosk.setup.who import Stick
from tests.kiosk.commission.technician import Technician
from ui.service_screens import Wizard
from ui.setup_screens import Report, Typing

NOW = datetime(2026, 11, 21, 14, 3)  # noqa: DTZ001 - the report carries local time
OTHERWISE: dict[str, Answer] = {"setup.gear.scan": "absent"}  # than the first that is offered
PATIENCE = 4  # troubles that are answered with another try
FAMILY, CHANNELS = "kerong-cu12", 12
A_FINDING = doubt("battery clock", "there is none", "fit one")

# A sealing that can be undone with the same tool only, and that leaves no key to be read.
SEALER = """\
    #!/bin/sh
    set -e
    verb=$1; from=$3; to=$4
    case $verb in
      encrypt) { echo sealed; base64 "$from"; } >"$to";;
      decrypt) head -n 1 "$from" | grep -q sealed; tail -n +2 "$from" | base64 -d;;
    esac
"""
SYSTEMCTL = """\
    #!/bin/sh
    echo "$*" >>"$(dirname "$0")/asked"
"""


@dataclass
class Person:
    """A `Console` that answers as a careful technician would; `instead` may answer first."""

    doors: Technician
    letter: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    instead: Callable[[Asked], Answer | None] = lambda _: None
    pages: list[Asked] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    answered: Asked | None = None
    heeded: int = 0

    def show(self, page: Asked) -> None:
        """The same trouble told once more is another page; a round tells the same page all the time."""
        ours = page.title.key.startswith("setup.")
        new = page is not self.pages[-1] if ours and self.pages else page not in self.pages[-1:]
        if new:
            self.pages.append(page)

    def poll(self) -> list[Answer]:
        page = self.pages[-1]
        if page is self.answered:
            return []
        self.answered = page
        own = self.instead(page)
        return self._usual(page) if own is None else [own]

    def tell(self, lines: Sequence[str]) -> None:
        self.told += lines

    def keys(self) -> list[str]:
        """The pages that were shown, by their titles."""
        return [page.title.key for page in self.pages]

    def heeds(self) -> list[str]:
        """What had to be heeded."""
        return [p.heed.key for p in self.pages if not isinstance(p, Report) and p.heed is not None]

    def _usual(self, page: Asked) -> list[Answer]:
        key = page.title.key
        self.heeded += key in ("setup.failed", "setup.enrol.not", "setup.network")
        assert self.heeded < PATIENCE, f"it does not get better: {page}"
        if isinstance(page, Typing):
            name = key.rpartition(".")[2]
            return [Text(self.letter if name == "letter" else self.facts[name])]
        if isinstance(page, Report):
            return [page.choices[0]]
        if key.startswith("setup."):
            return [OTHERWISE.get(key, page.choices[0])] if page.choices else []
        return self.doors.usual(page)


class Bench:
    """A cabinet with two doors, wires crossed, and a machine without kiosk.toml."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.etc = folder / "etc"
        board = BenchBoard(1, {1: 2, 2: 1}, CHANNELS, closed_when_shut=False)
        self.cabinet = BenchCabinet(folder, Cabinet([1, 2]), [BenchBus("k", FAMILY, [board])])
        self.cabinet.start()
        self.examined = 0
        self.said: list[str] = []
        self.real_doors = False
        self.sticks: tuple[str, ...] = ()
        self.place = Place(
            config=self.etc / "kiosk.toml",
            credstore=folder / "credstore",
            seal=(str(_script(folder / "sealer", SEALER)),),
            systemctl=(str(_script(folder / "systemctl", SYSTEMCTL)),),
            opened=folder / "opened",
            mounts=folder / "mounts",
            dev=folder / "dev",
            restart=folder / "reboot-required",
            extra='data = "data"\nsocket = "run.sock"',
            fullscreen=False,
        )

    def person(self, letter: str) -> Person:
        return Person(Technician(self.cabinet, [1, 2]), letter, instead=self.wall)

    def wall(self, page: Asked) -> Answer | None:
        """One column, two rows; and no more than two locks hang on the board."""
        match page.title.key:
            case "wizard.columns":
                return 1
            case "wizard.rows":
                return 2
            case "wizard.ask" if isinstance(page, Wizard) and page.done == 2:
                return "empty"
        return None

    def guide(self, person: Person, *, place: Place | None = None) -> Guide:
        around = Around(
            examine=self._examine,
            clock=lambda: "synced",
            now=lambda: NOW,
            system="Test, Debian",
            sticks=lambda: Stick(self.sticks),
            touch=False,
            boot_files=self._boot_files,
            doors=conduct if self.real_doors else self._quick_round,
            wanted=Wanted(ports=(self.cabinet.port("k"),), family=FAMILY, addresses=range(1, 2)),
        )
        return Guide(place or self.place, person, around, lambda: "vi")

    def asked_of_systemd(self) -> list[str]:
        asked = self.folder / "asked"
        return asked.read_text().splitlines() if asked.exists() else []

    def push_all(self) -> None:
        """Nobody leaves a door open when the light goes out."""
        with self.cabinet.hands() as cabinet:
            for n in (1, 2):
                cabinet.push(n)

    def close(self) -> None:
        self.cabinet.close()

    def _quick_round(self, options: Options, console: Console) -> int:
        """What a round leaves, in its order, without its seven seconds of moving doors."""
        config = load_without_cabinet(options.config) or load(options.config)
        plans = tuple(CompartmentPlan(n, n, 1, bank="a/1") for n in (1, 2))
        wiring = tuple(Wiring(n, "a", 1, 3 - n) for n in (1, 2))
        bus = Bus("a", FAMILY, self.cabinet.port("k"), 0, status_first=False)
        files = Files(options.config.parent)
        files.keep(Plan((), frozenset(), frozenset()), ())
        files.write_cabinet(
            replace(
                config.cabinet,
                driver=Driver.BOARDS,
                scanner=Reader("none", None),
                buses=(bus,),
                compartments=plans,
                wiring=wiring,
            )
        )
        files.write_report(("Kết luận",), NOW)
        files.forget()
        console.tell(("Kết luận",))
        return 0

    def pi(self) -> Path:
        """From now on the machine is a Raspberry Pi; its boot partition."""
        model, boot = self.folder / "proc/device-tree/model", self.folder / "boot/firmware"
        model.parent.mkdir(parents=True)
        model.write_text("Raspberry Pi 5 Model B Rev 1.0\0")
        boot.mkdir(parents=True)
        (boot / "config.txt").write_text("dtparam=audio=on\n")
        (boot / "cmdline.txt").write_text("console=tty1 root=PARTUUID=1-02 rootwait\n")
        return boot

    def _boot_files(self, cabinet: hardware.Cabinet) -> bool:
        return boot_files.lay(Ground(self.folder, say=self.said.append), boot_edit.wanted(cabinet))

    def _examine(self, _path: Path) -> Iterable[Finding]:
        self.examined += 1
        yield well("configuration", "is complete")
        yield A_FINDING
        yield Finding("kiosk run", Level.WARNING, "is not running", "start it")


def _script(path: Path, text: str) -> Path:
    path.write_text(dedent(text))
    path.chmod(0o755)
    return path
