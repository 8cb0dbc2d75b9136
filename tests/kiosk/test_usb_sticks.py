"""Sticks by root's helper: a real file system on a loop device, the real socket, the real worker."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk import usb_mount
from kiosk.core.effects import STICK_OFFER, ExportStick, ImportStick
from kiosk.core.events import ManifestOpened
from kiosk.core.upkeep_scenes import StickAct, StickDone
from kiosk.stick import StickError, write_statements
from sync.framing import LineError
from sync.line import Line
from tests.kiosk.station import NET_S
from tests.kiosk.usb_bench import Bench

SIZE = 8 * 1024 * 1024  # of a stick, bytes


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


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
