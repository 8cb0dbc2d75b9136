"""`kiosk run` and `kiosk sync` as processes, with systemd's end of the socket in the test's hands."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk import identity
from kiosk.identity import Enrolment
from sync.keys import new_signing_key, public
from tests.kiosk.station import CONFIG, EPOCH, KIOSK, NET_S, config_file

ROOT = Path(__file__).resolve().parents[2]


class Service:
    """A job of the command line under a manager that listens."""

    def __init__(self, folder: Path, job: str) -> None:
        keys = folder / "sealed"  # as systemd lays them: not where the configuration says
        identity.make(keys)
        identity.keep_enrolment(keys, Enrolment(KIOSK, EPOCH, public(new_signing_key())))
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(folder / "notify"))
        self.socket.settimeout(NET_S)
        environ = {
            **os.environ,
            "NOTIFY_SOCKET": str(folder / "notify"),
            "WATCHDOG_USEC": "6000000",
            "CREDENTIALS_DIRECTORY": str(keys),
            "SDL_VIDEODRIVER": "dummy",
            "SDL_AUDIODRIVER": "dummy",
        }
        command = [sys.executable, "-m", "kiosk", "--config", str(config_file(folder, CONFIG)), job]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ)

    def next(self) -> list[str]:
        """The lines of the next datagram."""
        return self.socket.recv(4096).decode().split("\n")


@contextmanager
def service(folder: Path, job: str) -> Iterator[Service]:
    running = Service(folder, job)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait(NET_S)
        running.socket.close()


@pytest.fixture(params=["no cabinet", "no journal"])
def trouble(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What is broken: the simulated cabinet is not there, or its journal cannot be opened."""
    if request.param == "no journal":
        (tmp_path / "data" / "journal.db").mkdir(parents=True)
        return "out of order: the journal"
    return "OutOfService"


def test_a_kiosk_that_only_reports_failures_is_ready_and_alive(
    tmp_path: Path, trouble: str
) -> None:
    with service(tmp_path, "run") as run:
        assert run.next() == ["READY=1", f"STATUS=shows {trouble}"]
        assert run.next() == ["WATCHDOG=1", f"STATUS=shows {trouble}"]
        run.process.send_signal(signal.SIGTERM)
        while (said := run.next()) != ["STOPPING=1"]:
            assert "WATCHDOG=1" in said or said[0].startswith("WATCHDOG_USEC=")
        assert run.process.wait(NET_S) == 0


def test_sync_is_ready_and_alive_before_central_answers(tmp_path: Path) -> None:
    with service(tmp_path, "sync") as sync:
        assert sync.next() == ["READY=1", "STATUS=looks for central"]
        assert sync.next() == ["WATCHDOG=1", "STATUS=reports and fetches"]
        sync.process.send_signal(signal.SIGTERM)
        assert sync.process.wait(NET_S) == 0
