"""Everything that the demo needs on this machine: folders, keys, three processes, one cabinet.

Central, sync and run are the real programs in processes of their own. The cabinet with its papers lives
here, so that killing `run` does not erase them.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import pyotp

from drivers.bench.boards import BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.line import SimulatedLine
from kiosk import cli_central, clock, config, enroll, identity
from kiosk.demo import cast, wiring
from kiosk.demo.office import Office
from kiosk.demo.wire import Wire
from kiosk.demo.wiring import Setup
from sync.central.enrol import add_staff
from sync.central.store import Store
from sync.line import Line
from sync.messages import Role

START_S = 30.0  # a cold Raspberry Pi takes its time
END_S = 5.0
POLL_S = 0.02
PLAIN = Setup()
PX_PER_M = 8300  # of the 7-inch panel


class DemoError(Exception):
    """The demo could not go on; the text says where it stood."""


class Stage:
    """The whole cabinet on one machine, as a context manager."""

    def __init__(self, setup: Setup = PLAIN, *, scale: float = 1.0) -> None:
        """`scale`: of the touchscreen's window, for desktops lower than a panel of a kiosk."""
        self.folder = Path(tempfile.mkdtemp(prefix="kiosk-"))  # short: a socket path has 107 bytes
        self.totp_secret = pyotp.random_base32()
        self._landscape = setup.landscape
        self._devices = setup.devices
        self._scale = scale
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        numbers = [int(str(d["number"])) for d in cast.wall()]
        doors = Cabinet(numbers, seed=secrets.randbelow(2**32))
        self.cabinet = SimulatedLine(self.folder / "cabinet.sock", doors)
        self.buses: tuple[BenchBus, ...] = ()
        self.bench: BenchCabinet | None = None
        if setup.cabinet != wiring.SIMULATED:
            self.buses = wiring.buses_of(setup.cabinet, numbers, setup.buses)
            self.bench = BenchCabinet(self.folder, doors, self.buses, hands=self.cabinet.hands)

    def __enter__(self) -> Self:
        with ExitStack() as half_made:
            half_made.callback(self.close)  # a signal in the middle leaves nothing behind
            self._set_up()
            half_made.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _set_up(self) -> None:
        folder = self.folder / "central"
        (folder).mkdir(mode=0o700)
        (folder / "central.toml").write_text("port = 0\n", encoding="utf-8")
        settings = cli_central.settings(folder)
        self._write_config("http://127.0.0.1:1")
        self._enrol()
        store = Store(settings, clock.wall_ms)
        add_staff(
            store,
            cast.KIOSK,
            cast.STAFF_NUMBER,
            Role.CLERK,
            pin=cast.STAFF_PIN,
            totp_secret=self.totp_secret,
        )
        store.close()
        port_file = self.folder / "port"
        self._spawn("central", "central", str(folder), "--port-file", str(port_file))
        wait_for(port_file.exists, "central listens", START_S)
        port = int(port_file.read_text(encoding="ascii"))
        self.wire = Wire(port)
        self.office = Office(f"http://127.0.0.1:{port}", settings.office_key)
        self.spool = folder / "spool"
        self._write_config(f"http://127.0.0.1:{self.wire.port}")
        self.config = config.load(self.folder / "kiosk.toml")
        self.line = Line(self.config.socket)
        self.cabinet.start()
        if self.bench is not None:
            self.bench.start()
        self.start_run()
        self.start_sync()

    def _enrol(self) -> None:
        told = config.load(self.folder / "kiosk.toml")
        request, answer = self.folder / "request.json", self.folder / "answer.json"
        enroll.request(told, request)
        settings = cli_central.settings(self.folder / "central")
        cli_central.enrol(settings, request, cast.SMS_UNIT, cast.ADDRESS, answer)
        enroll.accept(told, answer)

    def _write_config(self, url: str) -> None:
        size = (1280, 800) if self._landscape else (720, 1280)
        lines = [
            f'kiosk = "{cast.KIOSK}"',
            f'unit = "{cast.UNIT}"',
            f'address = "{cast.FULL_ADDRESS}"',
            'data = "data"',
            'keys = "keys"',
            'socket = "run.sock"',
            f'[central]\nurl = "{url}"',
            f"[cabinet]\nscreen_cell = {list(cast.SCREEN_CELL)}",
            'driver = "boards"' if self.buses else 'driver = "simulated"',
            self._devices,
            '[clock]\nsource = "host"',
            f"[screen]\nwidth = {round(size[0] * self._scale)}",
            f"height = {round(size[1] * self._scale)}\npx_per_m = {round(PX_PER_M * self._scale)}",
        ]
        more = wiring.wires(self.buses)
        lines += [wiring.bus_table(bus) for bus in self.buses]
        for door in cast.wall():
            lines.append("[[compartment]]")
            keys = {**door, **more.get(int(str(door["number"])), {})}
            lines += [f"{k} = {_toml(v)}" for k, v in keys.items()]
        (self.folder / "kiosk.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def start_run(self) -> None:
        """Power on: `kiosk run`, and wait until its doors are connected."""
        self._kiosk("run", "run")
        if not self.cabinet.wait_connected(START_S):
            raise DemoError(f"kiosk run did not come up; see {self.folder / 'run.log'}")

    def start_sync(self) -> None:
        """The line to central."""
        self._kiosk("sync", "sync")

    def end(self, name: str) -> None:
        """Ask one process to end, and wait until it has."""
        self._processes[name].terminate()
        self._processes[name].wait(END_S)

    def cut_power(self) -> None:
        """SIGKILL to `run`, as a cut of the power would end it. Papers stay, coils fall."""
        self._processes["run"].send_signal(signal.SIGKILL)
        self.wait_dead()

    def wait_dead(self) -> int:
        """Wait until `run` is gone; its exit status, negative for a signal."""
        status = self._processes["run"].wait(END_S)
        self.cabinet.wait_gone(END_S)
        return status

    def statement_key(self) -> Path:
        """With what the demo reads the kiosk's journal."""
        return self.config.keys / identity.STATEMENT

    def close(self) -> None:
        """End every process and take the folder away."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(END_S)
        if self.bench is not None:
            self.bench.close()
        self.cabinet.close()
        if hasattr(self, "wire"):
            self.wire.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _kiosk(self, name: str, *job: str) -> None:
        self._spawn(name, "--config", str(self.folder / "kiosk.toml"), *job)

    def _spawn(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", "kiosk", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
            )


def _environment() -> dict[str, str]:
    """Without a display `run` draws into memory; with one its window is the touchscreen."""
    env = dict(os.environ)
    if not has_display():
        env.setdefault("SDL_VIDEODRIVER", "dummy")
        env.setdefault("SDL_AUDIODRIVER", "dummy")
    return env


def has_display() -> bool:
    """True when windows can be shown here."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def wait_for(ready: Callable[[], object], what: str, seconds: float) -> None:
    """Look until `ready()` is true.

    Raises:
        DemoError: it was not within `seconds`.
    """
    never = threading.Event()
    until = clock.up_ms() + round(seconds * 1000)
    while not ready():
        if clock.up_ms() > until:
            raise DemoError(f"waited {seconds:g} s in vain for this: {what}")
        never.wait(POLL_S)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
