"""A machine with releases that behave in their ways, and services that obey: the border of an upgrade, faked.

What lies on the disk is real: folders, links, units. The services run whatever `current` names when they are
started, as systemd would.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.appliance import system_files
from kiosk.appliance.ground import Ground
from kiosk.appliance.places import CURRENT, GOOD, STAMP, Places
from kiosk.appliance.services import RUN, SYNC, TARGET
from kiosk.appliance.trial import Seen

SYSTEMD = Path(__file__).resolve().parents[2] / "systemd"
OLD, NEW = "1.0.0+00000000", "2.0.0+11111111"
BOOT_S = 5.0  # until a kiosk answers


class Cut(BaseException):
    """Nothing after this happens."""


@dataclass
class World:
    """`ways`: how each release behaves: well, crash, hang, outage, sync, doctor."""

    root: Path
    ways: dict[str, str] = field(default_factory=dict)
    serving: bool = True  # False: it waits for its first manifest, whatever the release
    up_s: float = 1_000.0
    busy_until_s: float = 0.0
    runs: str = ""  # the release that serves, "" for none
    since_s: float = 0.0
    log: list[str] = field(default_factory=list)

    def lay(self, name: str, way: str = "well") -> None:
        """A release that is whole, with units that tell it apart."""
        self.ways[name] = way
        home = Places(self.root).release(name)
        shutil.copytree(SYSTEMD, home / "systemd")
        for unit in (home / "systemd").glob("*.service"):
            unit.write_text(f"# {name}\n{unit.read_text(encoding='utf-8')}", encoding="utf-8")
        stamp = {"release": name, "version": name.partition("+")[0], "roles": ["kiosk"]}
        (home / STAMP).write_text(json.dumps(stamp), encoding="utf-8")

    def install(self, ground: Ground, name: str) -> None:
        """This one serves."""
        system_files.lay(ground, Places(self.root).release(name), ["kiosk"])
        ground.link(CURRENT, f"releases/{name}")
        ground.link(GOOD, f"releases/{name}")
        system_files.lay_keepers(ground, Places(self.root).release(name), ["kiosk"])
        self.start([RUN, SYNC])

    def power_off(self) -> None:
        """Everything that runs is gone; the disk stays."""
        self.runs = ""

    def boot(self) -> None:
        """What systemd starts after `settle`."""
        self.start([TARGET])

    # As kiosk.appliance.services.Services says:

    def stop(self) -> None:
        self.log.append(f"stop {self.runs}")
        self.runs = ""

    def start(self, units: Sequence[str]) -> None:
        serves = Places(self.root).linked(CURRENT)
        if self.runs or not units:
            return
        self.log.append(f"start {serves}")
        self.runs, self.since_s = serves, self.up_s

    def running(self) -> tuple[str, ...]:
        return (RUN, SYNC) if self.runs else ()

    def busy(self) -> bool:
        return self.up_s < self.busy_until_s

    def seen(self) -> Seen:
        way, age = self.ways.get(self.runs, "well"), self.up_s - self.since_s
        up = bool(self.runs) and age >= BOOT_S and way not in ("crash", "hang")
        serving = up and way != "outage" and self.serving
        return Seen(
            up_s=self.up_s,
            active=up,
            restarts=int(age // 3) if way == "crash" else 0,
            answered=up,
            version=self.runs.partition("+")[0] if up else "",
            serving=serving,
            outage="" if serving or not up else "doors" if way == "outage" else "never_synced",
            synced=bool(self.runs) and way != "sync",
        )

    def doctor(self, release: str) -> frozenset[str]:
        # Some things only show once it serves.
        late = self.ways[release] == "doctor late" and self.runs == release
        ill = self.ways[release] == "doctor" or late
        return frozenset({"keys", "wires"} if ill else {"keys"})

    def pause(self, seconds: float) -> None:
        self.up_s += seconds
