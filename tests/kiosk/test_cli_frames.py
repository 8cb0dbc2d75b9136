"""`kiosk frames`: captured bytes in words, operations in bytes; without any configuration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.cli import main

KEYS = ["valid", "operation", "board", "channel", "doors", "hex"]
Capture = pytest.CaptureFixture[str]


def _frames(*words: str) -> int:
    return main(["--config", str(Path("/nowhere") / "kiosk.toml"), "frames", *words])


def _object(capsys: Capture) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def test_bytes_that_may_be_request_or_answer_are_said_to_be_both(capsys: Capture) -> None:
    assert _frames("xor-8a80", "8A 01 01 11 9B") == 0
    said = capsys.readouterr().out
    assert "request to open board 1 channel 1" in said
    assert "or the answer" in said
    assert "contact closed" in said


@pytest.mark.parametrize(
    "text", ["8a0101009B 8A", "0x8A,0x01,0x01,0x00,0x9B,0x8A", "8A:01 01009B8A"]
)
def test_hex_may_be_written_in_any_usual_way(text: str, capsys: Capture) -> None:
    assert _frames("xor-8a80", text, "--json") == 1
    assert _object(capsys)["hex"] == "8A 01 01 00 9B 8A"


def test_hex_may_be_given_without_quotes(capsys: Capture) -> None:
    assert _frames("wkly", *["57", "4B", "4C", "59", "0A", "00", "85", "02", "00", "84"]) == 0
    assert "channel 2 of board 0 reports a change unasked" in capsys.readouterr().out


def test_one_frame_is_one_object(capsys: Capture) -> None:
    assert _frames("xor-8a80", "--json", "8A 01 0C 00 87") == 0
    said = _object(capsys)
    assert list(said) == KEYS
    assert said == {
        "valid": True,
        "operation": "open",
        "board": 1,
        "channel": 12,
        "doors": {"12": False},
        "hex": "8A 01 0C 00 87",
    }


def test_several_frames_are_listed_behind_the_first(capsys: Capture) -> None:
    assert _frames("kerong-cu16", "02 05 31 03 3B FF 02 00 35 FE FF 00 00 03 37", "--json") == 0
    said = _object(capsys)
    assert list(said) == [*KEYS, "frames"]
    assert [frame["operation"] for frame in said["frames"]] == ["open", "query"]
    assert {key: said[key] for key in KEYS} == said["frames"][0]
    assert said["frames"][1]["doors"]["1"] is False
    assert list(said["frames"][1]["doors"]) == [str(channel) for channel in range(1, 17)]


def test_every_frame_and_the_noise_between_them_is_told(capsys: Capture) -> None:
    assert _frames("wkly", "00 FF 57 4B 4C 59 09 00 82 01 83 57 4B 4C 59 09 00 88 02 8A") == 0
    request, hold, noise = capsys.readouterr().out.splitlines()
    assert "request to open channel 1 of board 0" in request
    assert "HOLD ON" in hold
    assert "never sends it" in hold
    assert noise.startswith("noise: 2 byte")


def test_a_wrong_check_is_named_and_fails(capsys: Capture) -> None:
    assert _frames("xor-8a80", "80 01 01 00 81") == 1
    assert "bad check" in capsys.readouterr().out
    assert _frames("xor-8a80", "80 01 01 00 81", "--json") == 1
    assert _object(capsys) == {
        "valid": False,
        "operation": None,
        "board": None,
        "channel": None,
        "doors": {},
        "hex": "80 01 01 00 81",
    }


def test_the_order_of_status_bytes_can_be_turned(capsys: Capture) -> None:
    assert _frames("xor-8a80", "80 01 80 00 01 33 33", "--json", "--status-first") == 0
    assert [n for n, closed in _object(capsys)["doors"].items() if closed] == ["8", "17"]


@pytest.mark.parametrize(
    ("family", "words", "wanted"),
    [
        ("xor-8a80", ("open", "1/12"), "8A 01 0C 11 96"),
        ("xor-8a80", ("query", "1"), "80 01 00 33 B2"),
        ("waveshare-modbus", ("open", "1/1"), "01 05 02 00 00 05 0C 71"),
        ("kerong-cu16", ("open", "1/4"), "02 13 31 03 49"),
        ("kerong-cu12", ("open", "0/6"), "02 00 05 81 00 00 03 8B"),
        ("wkly", ("query", "0"), "57 4B 4C 59 08 00 84 85"),
    ],
)
def test_the_bytes_of_an_operation_are_printed(
    family: str, words: tuple[str, str], wanted: str, capsys: Capture
) -> None:
    assert _frames(family, *words) == 0
    assert capsys.readouterr().out == wanted + "\n"
    assert _frames(family, *words, "--json") == 0
    said = _object(capsys)
    board, _, channel = words[1].partition("/")
    assert list(said) == KEYS
    assert said["valid"] is True
    assert (said["operation"], said["hex"], said["doors"]) == (words[0], wanted, {})
    assert (said["board"], said["channel"]) == (int(board), int(channel or 0))


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("xor-8a80", "8A 01 0"), "'0' is not hex"),
        (("xor-8a80", "8A 0G"), "'0G' is not hex"),
        (("xor-8a80", ""), "'' is not hex"),
        (("xor-8a80", "close", "1/1"), "'close' is not hex"),
        (("xor-8a80", "open"), "open BOARD/CHANNEL"),
        (("xor-8a80", "open", "1"), "open BOARD/CHANNEL"),
        (("xor-8a80", "open", "1/2/3"), "open BOARD/CHANNEL"),
        (("xor-8a80", "open", "1/²"), "open BOARD/CHANNEL"),
        (("xor-8a80", "open", "1/0"), "channel 0 is not in 1 to 50"),
        (("xor-8a80", "open", "0/1"), "board 0 is not in 1 to 32"),
        (("kerong-cu12", "open", "0/13"), "channel 13 is not in 1 to 12"),
        (("wkly", "query", "32"), "board 32 is not in 0 to 31"),
        (("wkly", "query", "all"), "query BOARD"),
        (("winnsen", "open", "1/1"), "no family is called 'winnsen'"),
        (("xor-8a80", "00" * 65_537), "more than 65536 bytes"),
    ],
)
def test_wrong_use_says_what_is_wrong(words: tuple[str, ...], part: str, capsys: Capture) -> None:
    assert _frames(*words) == 2
    shown = capsys.readouterr()
    assert part in shown.err
    assert shown.out == ""


def test_the_help_explains_the_object(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        main(["frames", "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert '"frames"' in said
    assert "raw contact bit" in said
