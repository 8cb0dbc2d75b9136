"""What is stuck to the cabinet: true to size, in the screens' own letters, within its edge."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kiosk.cli import main
from tests.kiosk.station import CONFIG, config_file
from ui import sticker
from ui.letters import Letters
from ui.scene import Cut
from ui.touch import TAPS_MS

WHOSE = sticker.Sticker("bt01", "Phường Bình Tiên", "123 Đường Số 45", "1022")
SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter(f"{SVG}text"))


def said(svg: str) -> str:
    return " ".join(str(text.text) for text in texts(svg))


def test_name_address_number_and_gesture_stand_on_it_vietnamese_first() -> None:
    words = said(sticker.sheet(WHOSE))
    told = ("bt01, Phường Bình Tiên", "123 Đường Số 45", "gọi 1022", "Bấm 5 lần", "5 times")
    places = [words.index(one) for one in told]
    assert places == sorted(places)
    assert f"trong {TAPS_MS // 1000} giây" in words


@pytest.mark.parametrize("address", ["1", "Số 1234/56/7 đường Nguyễn Thị Minh Khai nối dài " * 3])
def test_nothing_goes_over_the_edge_whatever_the_address(address: str) -> None:
    svg = sticker.sheet(sticker.Sticker("bt01", "Phường Bình Hưng Hòa Đông", address, "1022"))
    _, _, wide, tall = map(float, ET.fromstring(svg).attrib["viewBox"].split())
    letters, y = Letters(), 0.0
    for text in texts(svg):
        mm, bold = float(text.attrib["font-size"]), "font-weight" in text.attrib
        cut = Cut(sticker.MEASURE_PX, bold)
        end = float(text.attrib["x"]) + letters.width(str(text.text), cut) * mm / cut.px
        assert end <= wide - sticker.MARGIN_MM + 0.5
        assert float(text.attrib["y"]) >= y + mm  # below the line before
        y = float(text.attrib["y"])
    assert y <= tall - sticker.MARGIN_MM


def test_it_is_as_large_as_it_says_and_brings_its_letters_along() -> None:
    svg = sticker.sheet(WHOSE)
    root = ET.fromstring(svg).attrib
    assert (root["width"], root["viewBox"]) == ("148mm", "0 0 148 105")
    assert len(re.findall(r"@font-face", svg)) == 2
    assert "http://" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_markup_in_a_name_stays_a_name() -> None:
    svg = sticker.sheet(sticker.Sticker("bt01", "<b>&", "x", "1022"))
    assert "<b>&" in said(svg)


def test_every_door_has_its_number_once() -> None:
    pages = sticker.numbers(range(1, 21))
    assert len(pages) == 2
    assert [text.text for page in pages for text in texts(page)] == [str(n) for n in range(1, 21)]


def test_the_command_writes_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = ["--config", str(config_file(tmp_path))]
    assert main([*config, "sticker", "--out", str(tmp_path / "out"), "--numbers"]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "sticker-bt1.svg",
        "numbers-bt1-1.svg",
    }
    assert "100 %" in capsys.readouterr().out
    bare = config_file(tmp_path, CONFIG.partition("[cabinet]")[0])
    assert main(["--config", str(bare), "sticker", "--numbers"]) == 1
    assert "kiosk commission first" in capsys.readouterr().err
