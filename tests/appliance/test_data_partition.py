"""`systemd/install --data`: what a root that forgets must not hold goes to a partition, once and whole."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kiosk.appliance import data_partition
from kiosk.appliance.data_partition import KEPT, unit_of
from kiosk.appliance.ground import ApplianceError, Ground
from kiosk.appliance.system_files import UNITS
from tests.systemd.units import read, tool, words

ID = "0123456789abcdef0123456789abcdef\n"


class Cut(BaseException):
    """Nothing after this happens."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine that was started once, with a journal and keys; the partition is mounted."""
    tool("systemctl")
    root = tmp_path / "root"
    for path, text in {
        "etc/machine-id": ID,
        "var/lib/kiosk/journal.db": "rows",
        "var/lib/systemd/credential.secret": "secret",
        "etc/credstore.encrypted/kiosk.statement.jwk": "sealed",
        "etc/kiosk/kiosk.toml": "kiosk",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="ascii")
    (root / "var/lib/kiosk").chmod(0o700)
    (root / "data").mkdir()
    return root


def files(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_what_is_there_goes_along_and_each_place_is_bound(root: Path) -> None:
    data_partition.lay(Ground(root, say=lambda _: None), "/data")
    assert (root / "data/kiosk/journal.db").read_text() == "rows"
    assert (root / "data/systemd/credential.secret").read_text() == "secret"
    assert (root / "data/credstore/kiosk.statement.jwk").read_text() == "sealed"
    assert (root / "data/kiosk").stat().st_mode & 0o777 == 0o700
    for folder, (place, _) in KEPT.items():
        unit = (root / UNITS.lstrip("/") / unit_of(place)).read_text(encoding="utf-8")
        assert f"What=/data/{folder}\nWhere={place}\n" in unit
        assert (root / "etc/systemd/system/local-fs.target.wants" / unit_of(place)).is_symlink()


def test_a_second_run_changes_nothing(root: Path) -> None:
    data_partition.lay(Ground(root, say=lambda _: None), "/data")
    (root / "data/kiosk/journal.db").write_text("more rows")
    once, again = files(root), Ground(root, say=lambda _: None)
    data_partition.lay(again, "/data")
    assert (files(root), again.changed) == (once, [])


def test_cut_off_before_any_step_it_is_run_again(root: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    whole = tmp_path / "whole"
    subprocess.run(["cp", "-a", str(root), str(whole)], check=True)
    data_partition.lay(Ground(whole, say=lambda _: None, before=steps.append), "/data")
    assert len(steps) > 2 * len(KEPT)
    for last in range(len(steps)):
        left = [last]

        def before(_what: str, left: list[int] = left) -> None:
            if left[0] == 0:
                raise Cut
            left[0] -= 1

        half = tmp_path / f"cut-{last}"
        subprocess.run(["cp", "-a", str(root), str(half)], check=True)
        with pytest.raises(Cut):
            data_partition.lay(Ground(half, say=lambda _: None, before=before), "/data")
        data_partition.lay(Ground(half, say=lambda _: None), "/data")
        assert files(half) == files(whole)


def test_a_dry_run_changes_nothing(root: Path) -> None:
    before, said = files(root), Ground(root, dry=True, say=lambda _: None)
    data_partition.lay(said, "/data")
    assert files(root) == before
    assert len(said.changed) >= 2 * len(KEPT)


@pytest.mark.parametrize("told", ["", "uninitialized\n"])
def test_a_machine_without_an_id_of_its_own_would_lose_its_secret(root: Path, told: str) -> None:
    (root / "etc/machine-id").write_text(told, encoding="ascii")
    with pytest.raises(ApplianceError, match="machine-id is not on the disk"):
        data_partition.lay(Ground(root), "/data")


def test_a_partition_that_is_not_there_is_refused(root: Path) -> None:
    before = files(root)
    with pytest.raises(ApplianceError, match="no mounted partition"):
        data_partition.lay(Ground(root), "/nowhere")
    assert files(root) == before


def test_units_are_called_as_systemd_calls_them() -> None:
    escape = tool("systemd-escape")
    for place, _ in KEPT.values():
        said = subprocess.run(
            [escape, "--path", "--suffix=mount", place], capture_output=True, text=True, check=True
        )
        assert unit_of(place) == said.stdout.strip()


def test_no_service_begins_before_its_places_are_there() -> None:
    run, sync = read("kiosk.service"), read("kiosk-sync.service")
    secret = {"/etc/kiosk", "/etc/credstore.encrypted", "/var/lib/systemd"}
    assert words(run, "RequiresMountsFor") == secret | {"/var/lib/kiosk"}
    assert words(sync, "RequiresMountsFor") == secret
    assert secret | {"/var/lib/kiosk"} <= {place for place, _ in KEPT.values()}
