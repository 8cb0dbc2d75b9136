"""Every screen as a picture: `python -m ui.gallery OUT_DIR` writes PNGs and one page to see them all.

Each sample of `ui.samples` is painted in Vietnamese and English, normal and large text, portrait and
landscape, day and night.
"""

from __future__ import annotations

import html
import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pygame

from ui.paint import paint
from ui.samples import SAMPLES, variant
from ui.screens import Screen
from ui.sizes import ScreenSize
from ui.studio import Studio

PORTRAIT: Final = ScreenSize(720, 1280)
LANDSCAPE: Final = ScreenSize(1280, 800)


@dataclass(frozen=True, slots=True)
class Eyes:
    """One way to see every sample."""

    lang: str
    large: bool
    size: ScreenSize
    night: bool

    @property
    def name(self) -> str:
        """For file names: vi-large-portrait-night."""
        return "-".join(
            (
                self.lang,
                "large" if self.large else "normal",
                "portrait" if self.size == PORTRAIT else "landscape",
                "night" if self.night else "day",
            )
        )

    def see(self, screen: Screen, studio: Studio) -> pygame.Surface:
        """The picture of `screen` as these eyes want it."""
        surface = pygame.Surface((self.size.width, self.size.height), depth=32)
        seen = variant(screen, self.lang, large=self.large, night=self.night)
        paint(surface, seen, self.size, studio)
        return surface


def all_eyes() -> Iterator[Eyes]:
    """Every combination."""
    choices = (("vi", "en"), (False, True), (PORTRAIT, LANDSCAPE), (False, True))
    for lang, large, size, night in itertools.product(*choices):
        assert isinstance(lang, str)
        assert isinstance(size, ScreenSize)
        yield Eyes(lang, bool(large), size, bool(night))


def write(folder: Path) -> int:
    """Write every picture and index.html into `folder`; returns how many pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    studio, eyes = Studio(), tuple(all_eyes())
    for seen in eyes:
        for name, screen in SAMPLES:
            pygame.image.save(seen.see(screen, studio), str(folder / f"{name}.{seen.name}.png"))
    (folder / "index.html").write_text(_page(eyes), encoding="utf-8")
    return len(eyes) * len(SAMPLES)


def _page(eyes: tuple[Eyes, ...]) -> str:
    style = "body{font:16px sans-serif;background:#999}img{height:400px;margin:4px}"
    parts = [f"<!doctype html><meta charset=utf-8><title>Screens</title><style>{style}</style>"]
    for name, _ in SAMPLES:
        parts.append(f"<h2>{html.escape(name)}</h2>")
        files = (f"{name}.{seen.name}.png" for seen in eyes)
        parts += [f'<img loading=lazy src="{f}" title="{f}">' for f in files]
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Exit status 0, or 2 for wrong use."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m ui.gallery OUT_DIR\n")
        return 2
    folder = Path(arguments[0])
    sys.stdout.write(f"{write(folder)} pictures: {folder / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
