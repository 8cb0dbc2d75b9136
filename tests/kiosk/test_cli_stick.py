"""Manifest in and statements out by hand, through the same socket as `kiosk sync`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import cli_stick
from sync.messages import Refusal
from tests.kiosk.counter import Counter


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    behind = Counter(tmp_path)
    yield behind
    behind.close()


def test_a_manifest_from_a_stick_is_offered_like_any_other(
    counter: Counter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counter.verdicts = [(7, None)]
    stick = tmp_path / "manifest.jwe"
    stick.write_text("sealed\n", encoding="ascii")
    assert cli_stick.offer(counter.path, stick) == 0
    assert counter.offers[0][0] == "sealed"
    assert "version 7" in capsys.readouterr().out


def test_a_refusal_is_said_with_its_name(
    counter: Counter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counter.verdicts = [(7, Refusal.SIGNATURE)]
    stick = tmp_path / "manifest.jwe"
    stick.write_text("forged", encoding="ascii")
    assert cli_stick.offer(counter.path, stick) == 1
    assert "refused: signature" in capsys.readouterr().err


def test_all_statements_after_a_row_are_written_as_signed(counter: Counter, tmp_path: Path) -> None:
    texts = [counter.say(score=n % 5 + 1) for n in range(450)]
    assert cli_stick.export(counter.path, 3, tmp_path / "out.jsonl") == 0
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == texts[3:]


@pytest.mark.parametrize("job", [cli_stick.offer, lambda s, f: cli_stick.export(s, 0, f)])
def test_without_a_file_or_a_kiosk_it_says_so(job: object, tmp_path: Path) -> None:
    assert callable(job)
    assert job(tmp_path / "nobody", None) == 2
    (tmp_path / "some").write_text("x", encoding="ascii")
    assert job(tmp_path / "nobody", tmp_path / "some") == 1
