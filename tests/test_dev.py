"""`./dev` on machines that lack something. No network: Python and pip are scripts."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Makes a venv that is a copy of itself, notes each pip call, lacks no module, is 3.11.9.
FAKE_PYTHON = """#!/bin/sh
case "$1 $2" in
  "-m venv") mkdir -p "$3/bin" "$3/lib/python3.11/site-packages" && cp "$0" "$3/bin/python" ;;
  "-m pip") echo pip >>"$NOTES"; [ -z "$PIP_FAILS" ] || { echo "$PIP_FAILS"; exit 1; } ;;
  "-m kiosk") echo "in $(pwd) with $3 $4" ;;
  "-c import ensurepip, venv") ;;
  *) echo 3.11.9 ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    for name in ("dev", "requirements.lock"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def script(folder: Path, text: str) -> Path:
    path = folder / "python"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def dev(checkout: Path, *args: str, python: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(checkout / "dev"), *args],
        cwd=checkout.parent,
        env=os.environ | {"KIOSK_PYTHON": str(python), "NOTES": str(checkout / "notes")} | env,
        capture_output=True,
        text=True,
        check=False,
    )


def times_installed(checkout: Path) -> int:
    return (checkout / "notes").read_text(encoding="utf-8").count("pip")


@pytest.mark.parametrize("args", [[], ["--help"]])
def test_help_is_given_before_anything_is_set_up(checkout: Path, args: list[str]) -> None:
    done = dev(checkout, *args, python=Path("/nowhere"))
    assert done.returncode == 0
    assert "./dev demo" in done.stdout
    assert not (checkout / ".venv").exists()


def test_an_unknown_command_is_wrong_use(checkout: Path) -> None:
    done = dev(checkout, "dmeo", python=Path("/nowhere"))
    assert done.returncode == 2
    assert "no such command: dmeo" in done.stderr


@pytest.mark.parametrize("version", ["2.7.18", "3.9.2", "3.10.14"])
def test_a_python_too_old_is_named_and_refused(checkout: Path, version: str) -> None:
    done = dev(checkout, "setup", python=script(checkout, f"#!/bin/sh\necho {version}\n"))
    assert done.returncode == 1
    assert f"is Python {version}, too old: 3.11 or newer is needed" in done.stderr


def test_a_python_that_does_not_start_is_named(checkout: Path) -> None:
    done = dev(checkout, "setup", python=Path("/nowhere/python"))
    assert done.returncode == 1
    assert "KIOSK_PYTHON=/nowhere/python is not a Python that starts" in done.stderr


def test_a_missing_ensurepip_is_answered_with_what_to_install(checkout: Path) -> None:
    without = "import sys; sys.modules['ensurepip'] = None"
    python = script(checkout, f'#!/bin/sh\nexec "{sys.executable}" -c "{without}\n$2"\n')
    done = dev(checkout, "demo", python=python)
    assert done.returncode == 1
    assert "sudo apt install python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_second_call_sets_nothing_up(checkout: Path) -> None:
    python = script(checkout, FAKE_PYTHON)
    first, second = (dev(checkout, "setup", python=python) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    assert "Setting up" in first.stderr
    assert second.stderr == ""
    assert times_installed(checkout) == 1


def test_a_changed_lock_file_sets_up_anew(checkout: Path) -> None:
    python = script(checkout, FAKE_PYTHON)
    dev(checkout, "setup", python=python)
    with (checkout / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    assert dev(checkout, "setup", python=python).returncode == 0
    assert times_installed(checkout) == 2


def test_a_failed_install_says_why_and_is_not_taken_for_a_good_one(checkout: Path) -> None:
    python = script(checkout, FAKE_PYTHON)
    failed = dev(checkout, "kiosk", python=python, PIP_FAILS="no route to host")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "no route to host" in failed.stderr
    assert "Without a network" in failed.stderr
    assert dev(checkout, "setup", python=python).returncode == 0
    assert times_installed(checkout) == 2


def test_the_command_runs_in_the_folder_of_the_caller(checkout: Path) -> None:
    done = dev(checkout, "demo", "--once", python=script(checkout, FAKE_PYTHON))
    assert done.stdout == f"in {checkout.parent} with demo --once\n"
