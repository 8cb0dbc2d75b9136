"""A whole machine in one folder, and a cabinet to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gpiozero.pins.mock import MockFactory

from drivers import pins
from kiosk.config import Config, load
from kiosk.doctor.findings import Finding, Level
from kiosk.doctor.machine import Machine
from tests.kiosk.station import CONFIG, UP_MS, WALL_MS, config_file

TOP = CONFIG.partition("[cabinet]")[0]
OK, WARNING, FAILED = Level.OK, Level.WARNING, Level.FAILED


def configured(folder: Path, cabinet: str, top: str = TOP) -> Config:
    """A configuration with this cabinet."""
    return load(config_file(folder, top + cabinet))


def boards(port: str, more: str = "", *, family: str = "xor-8a80", count: int = 2) -> str:
    """A bus `a` with board 1 and `count` doors on channels 1…; `more` is added to each door."""
    doors = "".join(
        f'[[compartment]]\nnumber = {n}\nrow = {n}\ncolumn = 1\nbus = "a"\nboard = 1\n'
        f"channel = {n}\n{more}\n"
        for n in range(1, count + 1)
    )
    bus = f'[[bus]]\nname = "a"\nfamily = "{family}"\nport = "{port}"\n'
    return f'[cabinet]\ndriver = "boards"\n{bus}{doors}'


def gpio(
    pairs: Iterable[tuple[int, int]] = ((17, 27), (22, 23)), extra: str = "", more: str = ""
) -> str:
    """Relays and contacts by pin; `extra` goes into [gpio], `more` stands by itself."""
    doors = "".join(
        f"[[compartment]]\nnumber = {n}\nrow = {n}\ncolumn = 1\nlock_pin = {lock}\n"
        f"contact_pin = {contact}\n"
        for n, (lock, contact) in enumerate(pairs, 1)
    )
    head = f'[cabinet]\ndriver = "gpio"\n[gpio]\nsafeguard = "one_shot"\n{extra}\n'
    return f"{head}{more}\n{doors}"


@dataclass
class Ward:
    """`machine` is what `root` holds; `allowed` False: this user may open nothing."""

    root: Path
    wall_ms: int = WALL_MS
    allowed: bool = True
    grabbed: bool = False  # somebody else has every keyboard
    said: dict[str, str] = field(default_factory=dict)  # what systemctl says, by unit
    pins: pins.Factory = field(default_factory=MockFactory)

    @property
    def machine(self) -> Machine:
        return Machine(
            root=self.root,
            up_ms=lambda: UP_MS,
            wall_ms=lambda: self.wall_ms,
            command=self._command,
            header=lambda: self.pins,
            may=lambda path, _mode: self.allowed and path.exists(),
            grab=self._grab,
        )

    def lay(self, path: str, text: str = "") -> Path:
        """A file of this machine."""
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        return place

    def _command(self, command: Sequence[str]) -> str | None:
        return self.said.get(command[-1])

    def _grab(self, _descriptor: int) -> None:
        if self.grabbed:
            raise OSError("busy")


def one(findings: Iterable[Finding], name: str) -> Finding:
    """The only finding of this name."""
    found = [finding for finding in findings if finding.name == name]
    assert len(found) == 1, (name, found)
    return found[0]


def levels(findings: Iterable[Finding]) -> dict[str, Level]:
    """The level of each name."""
    return {finding.name: finding.level for finding in findings}
