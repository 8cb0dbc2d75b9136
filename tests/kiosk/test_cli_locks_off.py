"""`kiosk locks-off`, as systemd calls it after `kiosk run` has ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.cli import main
from tests.drivers.boards_rig import BoardsRig
from tests.drivers.gpio_rig import Header, mock_factory
from tests.kiosk.station import CONFIG, config_file

ALL_OFF = bytes.fromhex("01 05 00 FF 00 00 FD FA")
LAMP, HORN = 12, 13
BOARDS = """
kiosk = "bt1"
unit = "Phường Bình Tiên"
address = "123 Đường Số 45"
[central]
url = "https://central.example"
[cabinet]
driver = "boards"
[[bus]]
name = "a"
family = "waveshare-modbus"
port = "{port}"
[[compartment]]
number = 3
row = 1
column = 1
bus = "a"
board = 1
channel = 1
"""


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[BoardsRig]:
    rig = BoardsRig(tmp_path, "waveshare-modbus")
    yield rig
    rig.bench.close()


def locks_off(folder: Path, text: str) -> int:
    return main(["--config", str(config_file(folder, text)), "locks-off"])


def test_boards_with_relays_that_stay_are_ordered_off(tmp_path: Path, rig: BoardsRig) -> None:
    assert locks_off(tmp_path, BOARDS.format(port=rig.bench.port("a"))) == 0
    assert rig.bench.heard("a").count(ALL_OFF) == 1


def test_what_may_be_on_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert locks_off(tmp_path, BOARDS.format(port=tmp_path / "none")) == 1
    assert "bus a: " in capsys.readouterr().err


def test_a_lamp_that_a_killed_program_left_on_goes_dark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steady would say that somebody serves."""
    header = Header()
    factory = mock_factory(header)
    for pin in (LAMP, HORN):
        factory.pin(pin).function = "output"
        factory.pin(pin).state = True
    monkeypatch.setattr("drivers.pins.header", lambda: factory)
    panel = f"[panel]\nlight_pin = {LAMP}\nbuzzer_pin = {HORN}\n"
    assert locks_off(tmp_path, CONFIG.replace("[[compartment]]", f"{panel}[[compartment]]", 1)) == 0
    assert [(pin, level) for _, pin, level in header.log][-2:] == [(LAMP, False), (HORN, False)]


def test_without_a_gpio_chip_the_lamp_keeps_no_lock_on(tmp_path: Path) -> None:
    panel = f"[panel]\nlight_pin = {LAMP}\n"
    assert locks_off(tmp_path, CONFIG.replace("[[compartment]]", f"{panel}[[compartment]]", 1)) == 0


def test_neither_keys_nor_a_journal_are_needed_or_made(tmp_path: Path) -> None:
    assert locks_off(tmp_path, CONFIG) == 0  # a simulated cabinet looks after itself
    assert [path.name for path in tmp_path.iterdir()] == ["kiosk.toml"]
