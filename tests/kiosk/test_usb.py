"""Sticks by root's helper: a real vfat on a loop device, the real socket, the real worker."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from kiosk import clock, usb_mount
from kiosk.core.effects import STICK_OFFER, ExportStick, ImportStick, LookForStick, StickEffect
from kiosk.core.events import Event, ManifestOpened, StickSeen
from kiosk.core.upkeep_scenes import StickAct, StickDone
from kiosk.desk import Desk
from kiosk.inbox import Inbox
from kiosk.line import LineServer, RequestError, Requests
from kiosk.stick import StickError, write_statements
from kiosk.usb_desk import SEVERAL, SILENT, Did, UsbDesk
from kiosk.work import Worker
from sync.line import Line, LineError
from sync.messages import Kind
from tests.kiosk.station import NET_S, Station, said

SIZE = 8 * 1024 * 1024  # of a stick, bytes


class Bench:
    """`run`'s side of it: worker, desk and socket over a real journal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.station = Station(folder)
        self.journal = self.station.journal()
        self.inbox = Inbox()
        self.usb = UsbDesk(clock.up_ms)
        st = self.station
        nowhere = folder / "nowhere"
        self.worker = Worker(self.inbox.post, st.keys, st.enrolment, st.reader, nowhere, self.usb)
        requests = Requests(
            Desk(), st.reader, self.worker.open_manifest, lambda: None, self.usb, "bt1"
        )
        self.socket = folder / "run.sock"
        self.server = LineServer(self.socket, requests, "")
        self.server.start()

    def close(self) -> None:
        self.server.close()
        self.worker.close()
        self.journal.close()

    def states(self, count: int) -> list[str]:
        first = self.journal.head.seq + 1
        rows = [said(seq, Kind.RATED) for seq in range(first, first + count)]
        return [self.journal.append(row).compact for row in rows]

    def told(self, effect: StickEffect) -> Event:
        self.worker.stick(effect)
        event = self.inbox.take(NET_S)
        assert event is not None
        return cast(Event, event)

    def until_seen(self) -> None:
        """A helper has said that it is there."""
        while self.told(LookForStick()) != StickSeen(present=True):
            pass


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


# Without a stick: what the desk gives out, and to whom


def test_nothing_is_to_be_done_before_staff_ask(bench: Bench) -> None:
    line = Line(bench.socket)
    assert line.usb("sda1", 0.0) is None
    assert not bench.usb.exporting()


def asked(bench: Bench, act: StickAct, do: Callable[[Line], Did | None]) -> Did:
    """Staff ask; one helper takes the work and does `do`."""
    line = Line(bench.socket)
    with ThreadPoolExecutor(1) as staff:
        did = staff.submit(bench.usb.ask, act, 0, 2, NET_S)
        job = None
        while job is None:
            job = line.usb("sda1", NET_S)
        assert (job.act, job.kiosk, job.after, job.last) == (act, "bt1", 0, 2)
        result = do(line)
        if result is not None:
            line.usb_done("sda1", job.number, result.outcome, result.count, result.sealed)
        return did.result()


def test_statements_are_roots_only_while_an_export_is_under_way(bench: Bench) -> None:
    seen: list[bool] = []

    def export(_: Line) -> Did:
        seen.append(bench.usb.exporting())
        return Did("written", 2)

    assert asked(bench, StickAct.EXPORT, export) == Did("written", 2)
    assert asked(bench, StickAct.IMPORT, export) == Did("written", 2)
    assert seen == [True, False]
    assert not bench.usb.exporting()


def test_the_answer_of_another_job_counts_for_nothing(bench: Bench) -> None:
    def late(line: Line) -> Did:
        line.usb_done("sda1", 99, "written", 7, "")
        line.usb_done("sdb1", 1, "written", 7, "")
        return Did("failed")

    assert asked(bench, StickAct.EXPORT, late) == Did("failed")


def test_two_sticks_are_refused_and_a_silent_one_is_not_waited_for() -> None:
    now = [0]
    desk = UsbDesk(lambda: now[0])
    assert desk.take("sda1", 0.0) is None
    assert desk.ask(StickAct.IMPORT, wait_s=0.0) == Did(SILENT)
    assert desk.take("sdb1", 0.0) is None
    assert desk.ask(StickAct.IMPORT, wait_s=0.0) == Did(SEVERAL)
    now[0] = 6_000
    assert not desk.present()


def test_strangers_may_not_ask_for_work_nor_sync_for_sticks(bench: Bench) -> None:
    stranger = os.getuid() + 4711
    for verb in ("usb", "usb_done", "statements", "status"):
        with pytest.raises(RequestError):
            bench.server._allowed(stranger, verb)
    bench.server._all_of_it = {stranger}  # it is sync now
    assert bench.server._allowed(stranger, "statements") == "statements"
    with pytest.raises(RequestError):
        bench.server._allowed(stranger, "usb")
    assert bench.server._allowed(0, "usb") == "usb"
    with pytest.raises(RequestError):  # nobody has asked for an export
        bench.server._allowed(0, "statements")
    with pytest.raises(RequestError):
        bench.server._allowed(0, "offer_manifest")


# With a stick


@dataclass(frozen=True)
class Stick:
    """A loop device with an empty file system."""

    device: Path
    kinds: Mapping[str, str]
    folder: Path

    def mounted(self, *, writable: bool = False) -> AbstractContextManager[Path]:
        at = self.folder / "look"
        return usb_mount.mounted(self.device, at, writable=writable, kinds=self.kinds)

    def files(self) -> dict[str, str]:
        with self.mounted() as root:
            return {path.name: path.read_text() for path in root.iterdir() if path.is_file()}


# Where the kernel knows no file system of sticks, ext4 stands in for the way: mount, file, unmount.
@pytest.fixture(params=["vfat", "exfat", "ext4"])
def stick(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stick]:
    kind = str(request.param)
    kinds = usb_mount.KINDS if kind in usb_mount.KINDS else {"ext4": ""}
    with _loop(tmp_path, kind, kinds) as device:
        yield Stick(device, kinds, tmp_path)


@contextmanager
def _loop(folder: Path, kind: str, kinds: Mapping[str, str]) -> Iterator[Path]:
    make = shutil.which(f"mkfs.{kind}")
    if os.geteuid() or make is None or shutil.which("losetup") is None:
        pytest.skip(f"NOT CHECKED: root, losetup and mkfs.{kind} are wanted for a stick on a loop")
    image = folder / f"{kind}.img"
    image.write_bytes(b"")
    os.truncate(image, SIZE)
    subprocess.run([make, str(image)], check=True, capture_output=True)
    told = subprocess.run(
        ["losetup", "--find", "--show", str(image)], capture_output=True, text=True, check=False
    )
    if told.returncode:
        pytest.skip(f"NOT CHECKED: no loop device here: {told.stderr.strip()}")
    device = Path(told.stdout.strip())
    try:
        with usb_mount.mounted(device, folder / "probe", kinds=kinds):
            pass
    except StickError:
        subprocess.run(["losetup", "--detach", str(device)], check=False)
        pytest.skip(f"NOT CHECKED: this kernel mounts no {kind}")
    yield device
    subprocess.run(["losetup", "--detach", str(device)], check=False)


@contextmanager
def _helper(bench: Bench, stick: Stick) -> Iterator[subprocess.Popen[bytes]]:
    """As systemd runs it: root, with mounts that nobody else sees."""
    code = (
        "import json, sys; from pathlib import Path; from kiosk.cli_usb import serve\n"
        "sys.exit(serve(*map(Path, sys.argv[1:4]), json.loads(sys.argv[4])))"
    )
    paths = (bench.socket, stick.device, bench.folder / "mounts")
    command = ["unshare", "--mount", sys.executable, "-c", code, *map(str, paths)]
    process = subprocess.Popen([*command, json.dumps(dict(stick.kinds))])
    try:
        bench.until_seen()
        yield process
    finally:
        process.kill()
        process.wait(NET_S)


def test_an_export_is_on_the_stick_and_unmounted_before_it_is_told(
    bench: Bench, stick: Stick
) -> None:
    rows = bench.states(3)
    with _helper(bench, stick):
        assert bench.told(ExportStick(1)) == StickDone(StickAct.EXPORT, "written", 2)
        files = stick.files()
    assert sorted(files) == ["statements-bt1-3.json"]
    assert [line.strip('"') for line in files["statements-bt1-3.json"].split()] == rows[1:]
    assert str(stick.device) not in Path("/proc/self/mounts").read_text()


def test_a_manifest_climbs_the_ladder_from_a_stick(bench: Bench, stick: Stick) -> None:
    sealed = bench.station.sealed()
    with stick.mounted(writable=True) as root:
        (root / "bt1-7.manifest").write_text(sealed.jwe)
    with _helper(bench, stick):
        event = bench.told(ImportStick(None))
    assert isinstance(event, ManifestOpened)
    assert (event.offer, event.hash) == (STICK_OFFER, sealed.hash)


def test_a_stick_without_a_list_and_a_full_one_are_told(bench: Bench, stick: Stick) -> None:
    bench.states(300)  # more than the last free blocks hold
    with stick.mounted(writable=True) as root, (root / "film").open("wb") as film:
        try:
            while True:
                film.write(bytes(64 * 1024))
        except OSError:
            pass
    with _helper(bench, stick):
        assert bench.told(ImportStick(None)) == StickDone(StickAct.IMPORT, "nothing")
        assert bench.told(ExportStick(0)) == StickDone(StickAct.EXPORT, "full")
    assert sorted(stick.files()) == ["film"]


def test_garbage_in_place_of_a_file_system_harms_nobody(bench: Bench, stick: Stick) -> None:
    bench.states(1)
    stick.device.write_bytes(os.urandom(SIZE))
    with _helper(bench, stick):
        assert bench.told(ImportStick(None)) == StickDone(StickAct.IMPORT, "unreadable")
        assert bench.told(ExportStick(0)) == StickDone(StickAct.EXPORT, "unreadable")


def test_no_file_system_but_those_of_sticks_is_ever_asked() -> None:
    assert list(usb_mount.KINDS) == ["vfat", "exfat"]


def test_a_helper_ends_with_its_stick_and_leaves_this_machines_disks_alone(
    bench: Bench, stick: Stick, capsys: pytest.CaptureFixture[str]
) -> None:
    from kiosk.cli_usb import serve  # noqa: PLC0415

    assert serve(bench.socket, bench.folder / "no-such-device") == 0
    with stick.mounted():
        assert serve(bench.socket, stick.device, bench.folder / "mounts") == 1
    assert "no stick" in capsys.readouterr().err


def test_a_stick_that_fails_at_its_unmount_is_told_as_failed(stick: Stick) -> None:
    held = ExitStack()
    with held, pytest.raises(StickError, match="failed"), stick.mounted(writable=True) as root:
        held.enter_context((root / "x").open("wb"))  # it cannot be unmounted whole


def test_a_helper_that_dies_mid_way_leaves_no_file_that_looks_whole(
    bench: Bench, stick: Stick
) -> None:
    """What a stick that is pulled out leaves: the name comes last."""
    bench.states(3)
    with stick.mounted(writable=True) as root:

        def rows() -> Iterator[str]:
            yield "half"
            raise OSError(errno.EIO, "pulled out")

        with pytest.raises(StickError, match="failed"):
            write_statements(root, "statements-bt1-3.json", rows())
    assert stick.files() == {}
    with _helper(bench, stick):
        assert bench.told(ExportStick(0)) == StickDone(StickAct.EXPORT, "written", 3)


def test_a_mount_forbids_programs_devices_and_writing(stick: Stick) -> None:
    with stick.mounted() as root:
        line = next(
            line for line in Path("/proc/self/mounts").read_text().splitlines() if str(root) in line
        )
        options = set(line.split()[3].split(","))
        with pytest.raises(OSError, match="Read-only"):
            (root / "x").write_text("x")
    assert {"ro", "nosuid", "nodev", "noexec"} <= options


def test_a_socket_that_does_not_answer_is_no_end(bench: Bench) -> None:
    with pytest.raises(LineError):
        Line(bench.folder / "other.sock").usb("sda1", 0.0)
