"""`kiosk central --add-user`: told once, usable at once."""

from __future__ import annotations

import re
from pathlib import Path

import pyotp
import pytest

from kiosk import clock
from kiosk.cli import main
from sync.central.accounts import PageRole
from sync.central.sessions import guest, sign_in
from sync.central.settings import load_settings
from sync.central.store import Store
from tests.pages.town import Town


@pytest.fixture
def folder(town: Town) -> Path:
    town.store.close()
    return town.folder / "central"


def _told(text: str) -> dict[str, str]:
    return dict(re.findall(r"^(name|password|totp) +(\S+)$", text, re.MULTILINE))


def test_an_account_made_on_the_command_line_can_sign_in(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["central", str(folder), "--add-user", "hoa", "--role", "ward", "--kiosk", "bt01"]
    assert main(line) == 0
    told = _told(capsys.readouterr().out)
    store = Store(load_settings(folder, {}), clock.wall_ms)
    code = pyotp.TOTP(told["totp"]).at(store.now() // 1000)
    who = guest(store, sign_in(store, "hoa", told["password"], code, "127.0.0.1"))
    store.close()
    assert who is not None
    assert (who.role, who.kiosks) == (PageRole.WARD, ("bt01",))


@pytest.mark.parametrize(
    "more",
    [
        ["--add-user", "hoa", "--role", "ward", "--kiosk", "nowhere"],
        ["--add-user", "hoa", "--role", "ward"],
        ["--add-user", "Hoa"],
        ["--remove-user", "hoa"],
    ],
)
def test_what_cannot_be_done_is_said_and_fails(
    folder: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    assert main(["central", str(folder), *more]) == 1
    said = capsys.readouterr()
    assert "hoa" in (said.out + said.err).lower()
    assert "password " not in said.out


def test_a_removed_account_is_said_to_be_gone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["central", str(folder), "--remove-user", "lan"]) == 0
    assert "can no longer sign in" in capsys.readouterr().out
