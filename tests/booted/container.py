"""A Debian with a real systemd in a container: booted, asked, hung, cut, and always gone afterwards.

The law of this file: every mount lies in a namespace that only the container's processes are in, and they
die with the process that started them, so that even a killed test run leaves no mount, no loop device and
no container. The root is an overlay: below it layers that nobody writes to, above it a folder that is this
machine's disk and outlives a power cut. The machine's own clock cannot be set from inside, and nothing
here tries.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

BOOT_S = 60.0  # safety nets, never measures
RUN_S = 300.0
END_S = 20.0
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}

# nspawn's own notes die with the rest.
# $1 the mount options of the root, $2 where; then pairs IMAGE FOLDER up to `--`, then the command.
MOUNT = """
set -e
mkdir -p /run/systemd/nspawn
mount -t tmpfs tmpfs /run/systemd/nspawn
mount -t overlay overlay -o "$1" "$2"
shift 2
while [ "$1" != -- ]; do mount -o loop "$1" "$2"; shift 2; done
shift
exec "$@"
"""


class ContainerError(Exception):
    """The container did not do what it must; the text says where it stood."""


@dataclass
class Disk:
    """What stays when the power goes: layers below, one folder above, and images that are mounted in it."""

    lowers: Sequence[Path]
    folder: Path  # on a real file system; holds `upper` and what overlayfs needs beside it
    images: dict[Path, Path] = field(default_factory=dict)  # ext4 image → folder on this machine
    machine_id: uuid.UUID = field(default_factory=uuid.uuid4)
    forgets: bool = False  # what is written to the root is gone at the next start

    def path(self, name: str) -> Path:
        """A folder beside `upper`, made."""
        made = self.folder / name
        made.mkdir(parents=True, exist_ok=True)
        return made

    def mount_options(self) -> str:
        """Of the overlay that is its root, at this start."""
        for name in ("work", *(["upper"] if self.forgets else [])):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        # `volatile`: an overlay that is unmounted would have this machine's whole disk written first.
        lowers = ":".join(map(str, self.lowers))
        upper, work = self.path("upper"), self.path("work")
        return f"volatile,lowerdir={lowers},upperdir={upper},workdir={work}"

    def becomes_an_image(self) -> None:
        """What was written until now lies below; from now on the root forgets."""
        image = self.folder / "image"
        self.path("upper").rename(image)
        self.lowers = [image, *self.lowers]
        self.forgets = True


# Whoever of this chain dies takes the whole machine with it; nspawn alone would leave it running.
APART = (
    *("setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private"),
    *("--pid", "--fork", "--kill-child=KILL", "--mount-proc", "sh", "-c", MOUNT, "sh"),
)
NSPAWN = ("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network")


def once(
    disk: Disk, boot: Sequence[str], *command: str, seconds: float
) -> subprocess.CompletedProcess[str]:
    """One command in a root that is not booted, of whatever processor this machine can emulate."""
    root = disk.path("root")
    nspawn = [*NSPAWN, "--as-pid2", "--console=pipe", f"--directory={root}", *boot]
    return subprocess.run(
        [*APART, disk.mount_options(), str(root), "--", *nspawn, *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


class Container:
    """One life of a machine, from power-on to power-off. As a context manager it is always taken down."""

    def __init__(
        self,
        disk: Disk,
        *,
        binds: dict[Path, str] | None = None,
        read_only: bool = False,
        boot: Sequence[str] = (),
    ) -> None:
        """`binds`: what of this machine is seen inside, and where; `boot`: more words for nspawn."""
        self.name = f"kiosk-{uuid.uuid4().hex[:12]}"
        self.leader = 0
        self._log = disk.path("log") / f"{self.name}.log"
        self._notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notify.bind(str(disk.path("notify") / self.name[-6:]))
        self._notify.settimeout(BOOT_S)
        root = disk.path("root")
        images = [str(path) for pair in disk.images.items() for path in pair]
        nspawn = [
            *(*NSPAWN, "--boot", "--notify-ready=yes", "--console=read-only"),
            *(f"--directory={root}", f"--machine={self.name}", f"--uuid={disk.machine_id}"),
            *(["--read-only"] if read_only else []),
            *(f"--bind={here}:{there}" for here, there in (binds or {}).items()),
            *boot,
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*APART, disk.mount_options(), str(root), *images, "--", *nspawn],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={
                    "PATH": os.environ.get("PATH", os.defpath),
                    "NOTIFY_SOCKET": str(self._notify.getsockname()),
                },
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut_power()

    def wait_begun(self) -> None:
        """Wait until its first process is there. ContainerError: it never came."""
        while not self.leader:
            for line in self._told():
                if line.startswith("X_NSPAWN_LEADER_PID="):
                    self.leader = self._seen_from_here(line.partition("=")[2])

    def wait_booted(self) -> None:
        """Wait until its systemd has started everything. ContainerError: it has not in time."""
        self.wait_begun()
        while "READY=1" not in self._told():
            pass
        # Each reload of units is told, too: a queue that nobody reads would stop its systemd in the middle.
        self._notify.close()

    def _told(self) -> list[str]:
        try:
            return self._notify.recv(4096).decode().splitlines()
        except TimeoutError as error:
            raise ContainerError(f"the container did not boot:\n{self.console()}") from error

    def console(self) -> str:
        """The end of what it said while it started."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-3_000:]

    @property
    def root(self) -> Path:
        """Its files, seen from outside."""
        return Path(f"/proc/{self.leader}/root")

    def inside(self, *command: str) -> list[str]:
        """The command line that runs `command` inside."""
        return ["nsenter", "--target", str(self.leader), "--all", "--", *command]

    def run(
        self, *command: str, check: bool = True, text: str | None = None, timeout: float = RUN_S
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as root inside. ContainerError: it failed, and `check`."""
        ran = subprocess.run(
            self.inside(*command),
            input=text,
            stdin=None if text is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
            env=ENVIRONMENT,
        )
        if check and ran.returncode:
            raise ContainerError(f"{' '.join(command)}: {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran

    def begin(self, *command: str) -> subprocess.Popen[str]:
        """Begin a command as root inside, and go on; it ends with the machine at the latest."""
        return subprocess.Popen(
            self.inside(*command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=ENVIRONMENT,
        )

    def asks(self, unit: str, key: str) -> str:
        """What systemd says of a unit."""
        return self.run("systemctl", "show", "--value", "--property", key, unit).stdout.strip()

    def pid(self, unit: str) -> int:
        """The main process of a service, as this machine numbers it; 0: it has none."""
        inner = self.asks(unit, "MainPID")
        return 0 if inner == "0" else self._outer(inner)

    def _seen_from_here(self, leader: str) -> int:
        """The first process of the container, which nspawn knows by its number in its own namespace."""
        (nspawn,) = _children(self._process.pid)
        return next(pid for pid in _children(nspawn) if _numbers(pid)[1:2] == [leader])

    def _outer(self, inner: str) -> int:
        """Which process here is number `inner` in the container; 0: none any more."""
        everyone = [self.leader, *_descendants(self.leader)]
        return next((pid for pid in everyone if _numbers(pid)[-1:] == [inner]), 0)

    def log(self, unit: str) -> str:
        """The log of a unit since the container booted."""
        return self.run("journalctl", "--no-pager", "-b", "-o", "cat", "-u", unit).stdout

    def network(self, *, up: bool) -> None:
        """All the network that it has is there, or gone."""
        state = "up" if up else "down"
        there = ("nsenter", "--target", str(self.leader), "--net", "--")
        subprocess.run([*there, "ip", "link", "set", "lo", state], check=True)

    def power_off(self) -> None:
        """An orderly end, as `systemctl poweroff`."""
        self.run("systemctl", "--no-block", "poweroff", check=False)
        self._process.wait(END_S)
        self.cut_power()

    def cut_power(self) -> None:
        """Every process in it has ended when this returns, by SIGKILL. Safe twice."""
        # The first process of its namespace: it is gone only when all others in there are.
        for pid in _children(self._process.pid) or [self._process.pid]:
            _kill(pid)
        self._process.wait(END_S)
        self.leader = 0
        self._notify.close()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # it was quicker
        os.kill(pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    """Its child processes; none when it has ended."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        lists = [(task / "children").read_text(encoding="ascii") for task in tasks]
    except OSError:
        return []
    return [int(child) for listed in lists for child in listed.split()]


def _descendants(pid: int) -> list[int]:
    found = _children(pid)
    return found + [below for child in found for below in _descendants(child)]


def _numbers(pid: int) -> list[str]:
    """Its number in every namespace that knows it, the outermost first; none when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return next((line.split()[1:] for line in lines if line.startswith("NSpid:")), [])
