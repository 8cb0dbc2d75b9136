"""The installer over a folder that becomes a machine: real venv, real pip, systemd's own tools."""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.appliance import install
from kiosk.appliance.bundle import Bundle
from kiosk.appliance.ground import Ground, quiet
from kiosk.appliance.places import CURRENT, GOOD, RELEASES, STAMP, TRIAL, Places
from tests.appliance import tiny
from tests.systemd.units import tool

MODEL = "Raspberry Pi 5 Model B Rev 1.0\0"
CONFIG = "dtparam=audio=on\n[cm4]\notg_mode=1\n[all]\n"
CMDLINE = "console=serial0,115200 console=tty1 root=PARTUUID=1-02 rootwait\n"


class Cut(BaseException):
    """Nothing after this happens."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """What gets installed; no test changes it."""
    for name in ("systemd-sysusers", "systemd-tmpfiles", "systemctl"):
        tool(name)
    if os.geteuid() != 0:
        pytest.skip("NOT CHECKED: the installer needs root")
    return tiny.bundle(tmp_path_factory.mktemp("here") / "bundle", "1.2.3")


def as_delivered(root: Path) -> Path:
    """A Raspberry Pi, as far as the installer looks."""
    for name, text in {
        "proc/device-tree/model": MODEL,
        "boot/firmware/config.txt": CONFIG,
        "boot/firmware/cmdline.txt": CMDLINE,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return as_delivered(tmp_path / "root")


@pytest.fixture(scope="module")
def whole(here: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Installed once; no test changes it."""
    root = as_delivered(tmp_path_factory.mktemp("whole") / "root")
    assert run(here, root)
    return root


@pytest.fixture
def installed(whole: Path, tmp_path: Path) -> Path:
    """A machine of its own on which it is installed."""
    root = tmp_path / "installed"
    shutil.copytree(whole, root, symlinks=True)
    return root


def run(
    bundle: Bundle, root: Path, *options: str, before: Callable[[str], None] = quiet
) -> list[str]:
    """One run that must go well; what it changed."""
    said: list[str] = []
    ground = Ground(root, dry="--dry-run" in options, say=said.append, before=before)
    status = install.main(["--offline", *options], ground, bundle.folder)
    assert status == 0, said
    return ground.changed


def test_what_lies_there_afterwards(here: Bundle, whole: Path) -> None:
    root = whole
    places, name = Places(root), here.name(["kiosk"])
    assert places.linked(CURRENT) == places.linked(GOOD) == name
    assert (root / "opt/kiosk/current/bin/kiosk").stat().st_mode & 0o777 == 0o755
    stamp = json.loads((places.release(name) / STAMP).read_text(encoding="utf-8"))
    assert (stamp["version"], stamp["roles"]) == ("1.2.3", ["kiosk"])
    units = {path.name for path in (root / "etc/systemd/system").iterdir()}
    assert {"kiosk.service", "kiosk-sync.service", "kiosk.target", "kiosk-settle.service"} <= units
    assert "kiosk-central.service" not in units
    wants = root / "etc/systemd/system/kiosk.target.wants"
    assert {"kiosk.service", "kiosk-sync.service"} <= {path.name for path in wants.iterdir()}
    assert "kiosk-line" in (root / "etc/group").read_text(encoding="utf-8")
    assert (root / "etc/kiosk").stat().st_mode & 0o777 == 0o750
    config = (root / "boot/firmware/config.txt").read_text(encoding="utf-8")
    assert config.startswith(CONFIG)
    assert "dtparam=strict_gpiod" in config
    saved = root / "boot/firmware/config.txt.before-kiosk"
    assert saved.read_text(encoding="utf-8") == CONFIG


def test_a_second_run_changes_nothing(here: Bundle, installed: Path) -> None:
    before = tiny.tree(installed, times=True)
    assert run(here, installed) == []
    after = tiny.tree(installed, times=True)
    # systemd-sysusers takes its lock there, whatever it finds.
    differ = {name for name, told in after.items() if before.get(name) != told} - {"etc"}
    assert differ == set()
    assert after.keys() == before.keys()


def test_a_dry_run_shows_and_changes_nothing(here: Bundle, root: Path) -> None:
    before = tiny.tree(root, times=True)
    said: list[str] = []
    ground = Ground(root, dry=True, say=said.append)
    assert install.main(["--offline", "--dry-run"], ground, here.folder) == 0
    assert tiny.tree(root, times=True) == before
    text = "\n".join(said)
    assert "+dtparam=strict_gpiod" in text
    assert "+++ /etc/systemd/system/kiosk.service" in text
    assert f"{RELEASES}/{here.name(['kiosk'])}" in text


def test_cut_off_before_any_step_it_is_run_again(here: Bundle, root: Path, whole: Path) -> None:
    cut_at: set[str] = set()

    def cut(step: str) -> None:
        # Each step once: all before it was done, by this run or by one before it, and nothing after.
        if step not in cut_at:
            cut_at.add(step)
            raise Cut

    for _ in range(200):
        with suppress(Cut):
            run(here, root, before=cut)
            break
    else:
        pytest.fail("it never comes to its end")
    assert len(cut_at) > 50  # every file, every folder that goes, every command
    wanted, found = tiny.tree(whole), tiny.tree(root)
    assert {name: told for name, told in found.items() if wanted.get(name) != told} == {}
    assert found.keys() == wanted.keys()


def test_another_release_takes_its_place_and_the_third_one_goes(
    installed: Path, here: Bundle, tmp_path: Path
) -> None:
    places, first = Places(installed), here.name(["kiosk"])
    oldest = places.release("0.9.0+00000000")
    oldest.mkdir()
    (oldest / STAMP).write_text("{}", encoding="utf-8")
    os.utime(oldest / STAMP, (1, 1))
    later = tiny.bundle(tmp_path / "later", "1.3.0")
    run(later, installed)
    assert places.linked(CURRENT) == places.linked(GOOD) == later.name(["kiosk"])
    assert places.laid() == [first, later.name(["kiosk"])]
    assert not oldest.exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda b: (b / "wheels" / tiny.WHEEL).write_bytes(b"PK"), "could not be installed"),
        (lambda b: (b / "wheels" / tiny.WHEEL).unlink(), "could not be installed"),
        (lambda b: (b / "kiosk/version.py").write_text('VERSION = "9.9.9"\n'), "damaged"),
        (lambda b: (b / "sync/client.py").unlink(), "missing or damaged"),
    ],
    ids=["another wheel", "no wheel", "a changed file", "a lost file"],
)
def test_a_spoilt_bundle_leaves_the_machine_as_it_was(
    here: Bundle,
    root: Path,
    spoil: Callable[[Path], object],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = shutil.copytree(here.folder, tmp_path / "spoilt")
    spoil(folder)
    ground = Ground(root, say=quiet)
    assert install.main(["--offline"], ground, folder) == 1
    assert said in capsys.readouterr().err
    assert not (root / "etc/systemd").exists()
    assert Places(root).linked(CURRENT) == ""
    assert Places(root).laid() == []


def test_a_damaged_wheel_is_named_however_many_sums_are_pinned(
    here: Bundle, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(here.folder, tmp_path / "spoilt")
    lock = folder / "requirements-kiosk.lock"
    for_others = " ".join(f"--hash=sha256:{number:064x}" for number in range(60))
    lock.write_text(f"{lock.read_text(encoding='utf-8').strip()} {for_others}\n", encoding="utf-8")
    tiny.summed(folder)
    (folder / "wheels" / tiny.WHEEL).write_bytes(b"PK")
    assert install.main(["--offline"], Ground(root, say=quiet), folder) == 1
    assert "kiosk-tiny==1.0" in capsys.readouterr().err


@pytest.mark.usefixtures("here")  # skips aloud where the tools are missing
def test_a_checkout_can_be_looked_at_dry_too(root: Path) -> None:
    said: list[str] = []
    status = install.main(["--offline", "--dry-run"], Ground(root, dry=True, say=said.append))
    assert status == 0
    assert "+++ /etc/systemd/system/kiosk.service" in "\n".join(said)


def test_a_machine_stays_what_it_is_unless_told(here: Bundle, installed: Path) -> None:
    stamp = Places(installed).release(here.name(["kiosk"])) / STAMP
    told = json.loads(stamp.read_text(encoding="utf-8"))
    for roles in (["central"], ["central", "kiosk"]):
        stamp.write_text(json.dumps(told | {"roles": roles}), encoding="utf-8")
        options = install._parser().parse_args([])
        assert install.roles_of(options, Places(installed)) == tuple(roles)
    options = install._parser().parse_args(["--central"])
    assert install.roles_of(options, Places(installed)) == ("central",)


@pytest.mark.parametrize("options", [[], ["--uninstall"]])
def test_nothing_is_done_in_the_middle_of_an_upgrade(
    here: Bundle, installed: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Places(installed).at(TRIAL).write_text("{}", encoding="utf-8")
    before = tiny.tree(installed, times=True)
    assert install.main(["--offline", *options], Ground(installed, say=quiet), here.folder) == 1
    assert "under way" in capsys.readouterr().err
    assert tiny.tree(installed, times=True) == before


def test_uninstalling_leaves_data_unless_told(here: Bundle, installed: Path) -> None:
    root = installed
    kept = ["var/lib/kiosk/journal.db", "etc/kiosk/kiosk.toml"]
    kept.append("etc/credstore.encrypted/kiosk.statement.jwk")
    for name in kept:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", encoding="utf-8")
    run(here, root, "--uninstall")
    assert all((root / name).exists() for name in kept)
    assert not (root / "opt/kiosk").exists()
    left = [path for path in (root / "etc").rglob("*") if "kiosk" in path.name and path.is_file()]
    assert {path.relative_to(root).as_posix() for path in left} == set(kept) - {kept[0]}
    assert (root / "boot/firmware/config.txt").read_text(encoding="utf-8") == CONFIG
    run(here, root, "--uninstall", "--purge")
    assert not any((root / name).exists() for name in kept)
    assert run(here, root, "--uninstall", "--purge") == []
