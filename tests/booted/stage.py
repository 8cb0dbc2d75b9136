"""The demo's stage with the kiosk in a container under a real systemd.

`run` and `sync` are the installed services. On this side stay what no power cut of the Pi reaches:
central, the network's cable, the lock boards with their doors (ptys that are bound into the container),
and the hands.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

from kiosk import cli_central, clock, config
from kiosk.demo import cast
from kiosk.demo.office import Office
from kiosk.demo.stage import START_S, DemoError, Stage, wait_for
from kiosk.demo.wire import Wire
from kiosk.demo.wiring import Setup
from kiosk.journal import Journal
from kiosk.journal_values import Damaged
from sync.central import cards
from sync.central.enrol import add_staff
from sync.central.store import Store
from sync.central.tables import Row
from sync.keys import load_key
from sync.messages import Role
from tests.booted.container import Container, Disk
from tests.booted.eyes import Eyes, Looked
from tests.booted.inside import PROGRAM, RUN, SEALED, Inside
from tests.booted.network import listener
from tests.powercut import disk

FAMILY = (
    "waveshare-modbus"  # its relays would stay on: the family for which locks-off does something
)
PORT = 8474
URL = f"http://127.0.0.1:{PORT}"
DATA = "/var/lib/kiosk"
INSTALLER = "/opt/kiosk/current/systemd/install"
PARTITION = "/data"
IMAGE_BYTES = 500 * 2**20  # with less than 200 MiB free nothing is loaded
KEYS = ("statement.jwk", "manifest.jwk", "transport.jwk", "central.jwk", "enrolment.json")
# No screen and no sound here: SDL draws into memory.
DUMMY = "[Service]\nEnvironment=SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy\n"
SYNCED = "run/systemd/timesync/synchronized"  # as systemd-timesyncd, which no container may run


def image_in(folder: Path) -> Path:
    """A disk for the data folder."""
    made = folder / "data.img"
    disk.make(made, IMAGE_BYTES)
    return made


class Appliance(Inside, Stage):
    """As a context manager: entered, the services serve an enrolled kiosk, and the screen is idle."""

    def __init__(
        self,
        lowers: Sequence[Path],
        *,
        image: Path | None = None,
        partition: Path | None = None,
        synced: bool = True,
        family: str = FAMILY,
    ) -> None:
        """`image`: an ext4 file system that holds the data folder; else a folder of this machine does.

        `partition`: a folder that stands for the data partition of a root that forgets.
        `synced`: each time that it is on, its clock counts as synchronised. `family`: of its boards.
        """
        super().__init__(Setup(cabinet=family))
        images = {image: self.folder / "disk"} if image else {}
        self.disk = Disk(lowers, self.folder / "machine", images)
        self._partition = partition
        self.read_only = False  # the root, at the next start
        self._data = self.folder / ("disk" if image else "data")
        self._copy = self.folder / "copy"
        self._data.mkdir()
        self._copy.mkdir()
        self.hands = Eyes(self)  # the only ones: what they hear of the screen they hear once
        self._synced = synced

    # Power

    def power_on(self, *, connected: bool = True) -> None:
        """Boot, plug the network in, wait until all has been started; not connected: wait for nothing."""
        assert self.bench is not None
        port = self.bench.port(self.buses[0].name).readlink()
        binds = {
            port: "/dev/kiosk-bus-a",
            self.folder / "cabinet.sock": "/mnt/cabinet.sock",
            **({self._partition: PARTITION} if self._partition else {self._data: DATA}),
        }
        self.container = Container(self.disk, binds=binds, read_only=self.read_only)
        if not connected:
            return
        self.container.wait_begun()
        self.wire = Wire(self.central_port, listener(self.container.leader, PORT))
        self.container.wait_booted()
        if self._synced:
            flag = self.container.root / SYNCED
            flag.parent.mkdir(parents=True, exist_ok=True)
            flag.touch()

    def power_cut(self) -> None:
        """The whole machine is off at once."""
        self.on.cut_power()
        self.cabinet.wait_gone(START_S)
        self.wire.close()

    # What the demo's stage does otherwise

    def _set_up(self) -> None:
        folder = self.folder / "central"
        folder.mkdir(mode=0o700)
        (folder / "central.toml").write_text("port = 0\n", encoding="utf-8")
        self.settings = cli_central.settings(folder)
        port_file = self.folder / "port"
        self._spawn("central", "central", str(folder), "--port-file", str(port_file))
        wait_for(port_file.exists, "central listens", START_S)
        self.central_port = int(port_file.read_text(encoding="ascii"))
        self.office = Office(f"http://127.0.0.1:{self.central_port}", self.settings.office_key)
        self.spool = folder / "spool"
        self.cabinet.start()
        (self.folder / "cabinet.sock").chmod(0o666)  # its user in there is not ours
        assert self.bench is not None
        self.bench.start()
        self.bench.port("a").readlink().chmod(0o666)
        self._write_config(URL)
        self.power_on()
        if self._partition is not None:
            self.inside(INSTALLER, "--offline", "--data", PARTITION)
        self._configure()
        self._enrol()
        self.serve()

    def _configure(self) -> None:
        text = (self.folder / "kiosk.toml").read_text(encoding="utf-8")
        for here, there in (
            ('data = "data"\nkeys = "keys"\nsocket = "run.sock"\n', ""),
            ('[clock]\nsource = "host"\n', ""),
            ("[central]\n", '[central]\nsync_user = "kiosk-sync"\n'),
            ("[cabinet]\n", '[cabinet]\nsocket = "/mnt/cabinet.sock"\n'),
            ('port = "ttyBus-a"', 'port = "/dev/kiosk-bus-a"'),
        ):
            assert text.count(here) == 1, here
            text = text.replace(here, there)
        self.write("/etc/kiosk/kiosk.toml", text)
        self.write("/etc/systemd/system/kiosk.service.d/no-screen.conf", DUMMY)
        self.inside("systemd-tmpfiles", "--create", "/etc/tmpfiles.d/kiosk.conf")
        self.inside("systemctl", "daemon-reload")

    def _enrol(self) -> None:
        said = StringIO()
        with redirect_stdout(said):
            place = cli_central.Place(cast.KIOSK, cast.SMS_UNIT, cast.ADDRESS)
            cli_central.enrolment_code(self.settings, place)
        code = said.getvalue().splitlines()[-1]
        store = Store(self.settings, clock.wall_ms)
        self.inside(PROGRAM, "enroll", URL, code)
        add_staff(
            store,
            cast.KIOSK,
            cast.STAFF_NUMBER,
            Role.SUPERVISOR,
            pin=cast.STAFF_PIN,
            totp_secret=self.totp_secret,
        )
        with store.begin() as session:
            self.card = cards.issue(store, session, cast.KIOSK, cast.STAFF_NUMBER)
        store.close()
        keys = self.folder / "keys"
        shutil.copytree(self.seen(f"{DATA}/keys"), keys)
        plain = config.load(self.folder / "kiosk.toml")
        data = self._copy if self.disk.images else self._data
        if self._partition is not None:
            data = self._partition / "kiosk"
        self.config = replace(plain, data=data, keys=keys)
        self.line = Looked(self)
        self.seal()

    def seal(self) -> None:
        """As docs/appliance.md says."""
        self.inside("systemd-creds", "setup")
        for name in KEYS:
            plain = f"{DATA}/keys/{name}"
            self.inside(
                "systemd-creds", "encrypt", f"--name={name}", plain, f"{SEALED}/kiosk.{name}"
            )
            self.inside("shred", "-u", plain)

    def serve(self) -> None:
        """Start the services and wait for the idle screen."""
        self.inside("systemctl", "start", "kiosk.target")
        self.hands.see("Idle")

    def start_run(self) -> None:
        """systemd starts it by itself; wait until its doors are connected."""
        if not self.cabinet.wait_connected(START_S):
            raise DemoError(f"kiosk run did not come up:\n{self.log()}")

    def wait_dead(self) -> int:
        """It ended itself, by SIGKILL; wait until that is noticed."""
        if not self.cabinet.wait_gone(START_S):
            raise DemoError("kiosk run goes on")
        return -9

    def cut_power(self) -> None:
        """The power of `run` alone, as in the demo."""
        os.kill(self.pid(RUN), signal.SIGKILL)
        self.wait_dead()

    def close(self) -> None:
        """Everything off, whatever happened."""
        if self.container is not None:
            self.container.cut_power()
        super().close()

    # Looks inside

    def coils_on(self) -> frozenset[int]:
        """The compartments whose locks carry current now."""
        with self.cabinet.hands() as cabinet:
            return cabinet.coils_on()

    def look(self) -> None:
        """Make the journal readable here, at `config.data`; an image is mounted in there alone.

        SQLite goes by the real path of its file, which from outside is another: so it is copied.
        """
        if self.disk.images:
            for name in ("journal.db", "journal.db-wal"):
                shutil.copyfile(self.seen(f"{DATA}/{name}"), self._copy / name)
            (self._copy / "journal.db-shm").unlink(missing_ok=True)

    def rows(self) -> list[str]:
        """The journal as it is, every row whole and signed."""
        self.look()
        path = self.config.data / "journal.db"
        journal = Journal.read_only(path, key=load_key(self.statement_key()))
        try:
            rows = journal.after(0, most=2**31, most_bytes=2**40)
        finally:
            journal.close()
        assert not [row for row in rows if isinstance(row, Damaged)]
        return [row for row in rows if isinstance(row, str)]

    def received(self) -> list[Row]:
        """Central's table of statements, in order."""
        store = Store(self.settings, clock.wall_ms)
        try:
            with store.begin() as session:
                return session.query(Row).order_by(Row.epoch, Row.seq).all()
        finally:
            store.close()
