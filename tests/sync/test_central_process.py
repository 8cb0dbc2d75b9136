"""Central as a process of its own: its folder, its settings, how it starts and ends."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from sync.central.settings import SettingsError, load_settings
from sync.keys import BadKeyError

SCRIPT = """
import sys
from dataclasses import replace
from pathlib import Path
from sync.central.app import run_central
from sync.central.settings import load_settings
folder = Path(sys.argv[1])
settings = replace(load_settings(folder, {}), port=0)
say = lambda port: print(port, flush=True)
sys.exit(run_central(settings, lambda: 1_795_000_000_000, ready=say, port_file=folder / "port"))
"""


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_it_says_its_port_serves_and_ends_well_when_asked(
    tmp_path: Path, asked: signal.Signals
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    with process.stdout:
        port = int(process.stdout.readline())
        assert int((tmp_path / "port").read_text()) == port
        answer = requests.get(f"http://127.0.0.1:{port}/v1/office/kiosks", timeout=5)
        assert answer.status_code == 401
        process.send_signal(asked)
        assert process.wait(10) == 0


def test_it_may_open_as_many_files_as_the_machine_allows(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 2048)),  # noqa: PLW1509 - no thread
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline()
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    (line,) = [line for line in limits.splitlines() if line.startswith("Max open files")]
    assert line.split()[3:5] == ["2048", "2048"]


def test_a_folder_is_made_once_with_its_own_keys_and_kept(tmp_path: Path) -> None:
    first = load_settings(tmp_path / "a", {})
    again = load_settings(tmp_path / "a", {})
    other = load_settings(tmp_path / "b", {})
    assert (first.secret, first.office_key, first.signer) == (
        again.secret,
        again.office_key,
        again.signer,
    )
    assert first.secret != other.secret
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "a").iterdir()} == {0o600}
    assert first.office_key not in repr(first)
    assert first.derived("at rest") != first.derived("stamps")


def test_secrets_may_come_from_the_environment_and_are_checked(tmp_path: Path) -> None:
    names = {"KIOSK_CENTRAL_SECRET": "A" * 43, "KIOSK_CENTRAL_OFFICE_KEY": "k" * 20}
    settings = load_settings(tmp_path, names)
    assert (settings.secret, settings.office_key) == (b"\0" * 32, "k" * 20)
    assert not (tmp_path / "secret.jwk").exists()
    for name, value in (("KIOSK_CENTRAL_SECRET", "AAAA"), ("KIOSK_CENTRAL_OFFICE_KEY", "short")):
        with pytest.raises(SettingsError):
            load_settings(tmp_path, names | {name: value})


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("nonsense", "central.toml"),
        ("prot = 1", "prot"),
        ("port = 70000", "port"),
        ("name = 5", "name"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "central.toml").write_text(text)
    with pytest.raises(SettingsError, match=word):
        load_settings(tmp_path, {})


def test_settings_come_from_the_file_and_a_key_others_may_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "central.toml").write_text('name = "binh-tien"\nport = 0\n')
    settings = load_settings(tmp_path, {})
    assert (settings.name, settings.port) == ("binh-tien", 0)
    (tmp_path / "central.jwk").chmod(0o644)
    with pytest.raises(BadKeyError):
        load_settings(tmp_path, {})
