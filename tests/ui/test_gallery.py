"""The gallery: every sample in every way, and one page to see them on."""

from pathlib import Path

import pytest

from ui import gallery
from ui.samples import SAMPLES


def test_every_way_of_seeing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gallery, "SAMPLES", SAMPLES[:1])
    assert gallery.main([str(tmp_path / "out")]) == 0
    pictures = {path.name for path in (tmp_path / "out").glob("*.png")}
    assert len(pictures) == 16
    assert "idle.en-large-landscape-night.png" in pictures
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert all(name in page for name in pictures)
    assert "16 pictures" in capsys.readouterr().out


def test_wrong_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert gallery.main([]) == 2
    assert "usage" in capsys.readouterr().err
