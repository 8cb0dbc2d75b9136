"""The services of this machine as the one who upgrades sees them: started, stopped, asked how they are."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk import clock
from kiosk.appliance.ground import ApplianceError, Ground, ask
from kiosk.appliance.places import RELEASES
from kiosk.appliance.trial import Before, Seen
from kiosk.config import DEFAULT_PATH, ConfigError, load
from sync.framing import LineError
from sync.line import Line

RUN, SYNC, CENTRAL = "kiosk.service", "kiosk-sync.service", "kiosk-central.service"
TARGET = "kiosk.target"
DOCTOR_S = 300.0
ANSWER_S = 5.0
KEYS = ("statement.jwk", "manifest.jwk", "central.jwk", "enrolment.json")  # of kiosk.service
SEALED = "/etc/credstore.encrypted"
FAILED = "failed"


class Services(Protocol):
    """The border of an upgrade: systemd, the socket of `run`, the doctor, and time."""

    def stop(self) -> None:
        """Every service of this machine's roles has ended, with its own release's last words."""
        ...

    def start(self, units: Sequence[str]) -> None:
        """They begin, and nobody waits until they are ready."""
        ...

    def running(self) -> tuple[str, ...]:
        """Which of them run, or are about to, or end just now; at boot, before their turn, none."""
        ...

    def busy(self) -> bool:
        """Whether a visit or a session of staff is under way."""
        ...

    def seen(self) -> Seen:
        """How they are now."""
        ...

    def doctor(self, release: str) -> frozenset[str]:
        """What the doctor of a release calls failed; all of it where it cannot even be asked."""
        ...

    def pause(self, seconds: float) -> None:
        """Wait a little."""
        ...


def before(services: Services, units: Sequence[str], failed: frozenset[str]) -> Before:
    """How the present release is; `units` of it run, as far as systemd is concerned."""
    seen = services.seen()
    return Before(RUN in units, seen.answered, seen.serving, seen.outage, SYNC in units, failed)


@dataclass(frozen=True, slots=True)
class _Unit:
    state: str  # "" where systemd gives no answer
    restarts: int


@dataclass(frozen=True, slots=True)
class Systemd:
    """The real ones. `socket` is where `run` answers; None: nobody has configured it yet."""

    ground: Ground
    roles: tuple[str, ...]
    socket: Path | None
    wait: Callable[[float], object] = threading.Event().wait

    @property
    def units(self) -> tuple[str, ...]:
        """In the order in which they start."""
        kiosk = (RUN, SYNC) if "kiosk" in self.roles else ()
        return (*((CENTRAL,) if "central" in self.roles else ()), *kiosk)

    def stop(self) -> None:
        """As `Services` says."""
        self.ground.run("systemctl", "stop", *self.units)

    def start(self, units: Sequence[str]) -> None:
        """As `Services` says."""
        if units:
            self.ground.run("systemctl", "--no-block", "start", *units)

    def running(self) -> tuple[str, ...]:
        """As `Services` says."""
        return tuple(u for u in self.units if self._unit(u).state not in ("inactive", "failed"))

    def busy(self) -> bool:
        """As `Services` says. Whoever does not answer serves nobody."""
        return self._health().get("busy") is True

    def seen(self) -> Seen:
        """As `Services` says."""
        run, sync, health = self._unit(RUN), self._unit(SYNC), self._health()
        return Seen(
            up_s=clock.up_ms() / 1000,
            active=run.state == "active",
            restarts=run.restarts,
            answered=bool(health),
            version=str(health.get("version", "")),
            serving=health.get("serving") is True,
            outage=str(health.get("outage", "")),
            synced=sync.state == "active",
            sync_restarts=sync.restarts,
        )

    def doctor(self, release: str) -> frozenset[str]:
        """As `Services` says. Asked as the user that `run` has: what root may use proves nothing."""
        if self.socket is None:
            return frozenset()
        program = f"{RELEASES}/{release}/bin/kiosk"
        done = ask([*as_kiosk(self.ground), program, "doctor", "--json"], DOCTOR_S)
        try:
            found = json.loads(done.stdout)["findings"]
            return frozenset(str(one["name"]) for one in found if one["level"] == FAILED)
        except (ValueError, KeyError, TypeError):
            return frozenset({"the doctor itself"})

    def pause(self, seconds: float) -> None:
        """As `Services` says."""
        self.wait(seconds)

    def _unit(self, name: str) -> _Unit:
        said = ask(["systemctl", "show", "--property=ActiveState,NRestarts", name]).stdout
        told = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        restarts = told.get("NRestarts", "0")
        return _Unit(told.get("ActiveState", ""), int(restarts) if restarts.isdecimal() else 0)

    def _health(self) -> Mapping[str, object]:
        if self.socket is None:
            return {}
        try:
            return Line(self.socket, ANSWER_S).status()
        except LineError:
            return {}


def as_kiosk(ground: Ground) -> list[str]:
    """The beginning of a command that has the user and the keys of `run`."""
    sealed = [name for name in KEYS if ground.at(f"{SEALED}/kiosk.{name}").exists()]
    if not sealed:
        return ["runuser", "-u", "kiosk", "--"]
    given = [f"LoadCredentialEncrypted={name}:{SEALED}/kiosk.{name}" for name in sealed]
    wanted = [arg for one in ("User=kiosk", "Group=kiosk-line", *given) for arg in ("-p", one)]
    return ["systemd-run", "--pipe", "--wait", "--quiet", "--collect", *wanted]


def of_this_machine(ground: Ground, roles: tuple[str, ...]) -> Systemd:
    """The services as configured here.

    Raises:
        ApplianceError: systemd does not run this machine.
    """
    if not Path("/run/systemd/system").is_dir():
        raise ApplianceError("systemd does not run this machine: there is nothing to upgrade")
    try:
        socket: Path | None = load(DEFAULT_PATH).socket
    except ConfigError:
        socket = None  # not configured yet, or wrongly: the kiosk does not run either way
    return Systemd(ground, roles, socket)
