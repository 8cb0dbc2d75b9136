"""Golden screens: a hash of the RGB bytes of every sample, kept in hashes.json; pictures are not kept.

SDL and freetype move pixels between versions and processors, so the file also keeps the hash of a
*canary*, a picture painted with bare pygame: where that differs, the pictures cannot be compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import font_source_sans_pro
import pygame

from ui.gallery import Eyes, all_eyes
from ui.samples import SAMPLES
from ui.studio import Studio

HASHES = Path(__file__).with_name("hashes.json")
OUT = Path(__file__).resolve().parents[2] / "out" / "screens"
DIGITS = 10  # hexadecimal digits kept of each hash: a wrong picture passes once in 10^12
NIGHTS = ("vi-normal-portrait-night", "en-large-landscape-night")


@dataclass(frozen=True, slots=True)
class Golden:
    """What hashes.json holds: per sample one hash for each of `eyes`, in their order."""

    canary: str
    eyes: list[str]
    samples: dict[str, list[str]]


def eyes() -> list[Eyes]:
    """All by day, two by night: night changes the colours and nothing else, which is tested."""
    return [seen for seen in all_eyes() if not seen.night or seen.name in NIGHTS]


def seen() -> Iterator[tuple[str, Eyes, pygame.Surface]]:
    """Every sample as every pair of eyes sees it."""
    studio = Studio()
    for looking in eyes():
        for name, screen in SAMPLES:
            yield name, looking, looking.see(screen, studio)


def fingerprint(surface: pygame.Surface) -> str:
    """The hash of a picture."""
    return hashlib.sha256(pygame.image.tobytes(surface, "RGB")).hexdigest()[:DIGITS]


def canary() -> str:
    """How this machine draws, scales, blends and sets type, whatever the project does."""
    pygame.font.init()
    big = pygame.Surface((400, 400), pygame.SRCALPHA)
    pygame.draw.circle(big, (12, 77, 140), (200, 200), 190)
    pygame.draw.polygon(big, (255, 203, 77, 120), [(30, 60), (370, 110), (200, 380)])
    ground = pygame.Surface((200, 160), depth=32)
    ground.fill((247, 245, 240))
    ground.blit(pygame.transform.smoothscale(big, (100, 100)), (7, 9))
    for size, path in ((26, "SourceSansPro"), (52, "SourceSansProBold")):
        font = pygame.font.Font(getattr(font_source_sans_pro, path), size)
        text = font.render("Nguyễn Ẫợ 12", antialias=True, color=(20, 33, 61))
        ground.blit(text, (20, 2 * size))
    return fingerprint(ground)


def load() -> Golden:
    """What was recorded."""
    kept = json.loads(HASHES.read_text(encoding="utf-8"))
    return Golden(kept["canary"], kept["eyes"], kept["samples"])


def save(golden: Golden) -> None:
    """One line per sample, so that a change can be read."""
    rows = [f"  {json.dumps(n)}: {json.dumps(h)}" for n, h in sorted(golden.samples.items())]
    lines = [
        "{",
        f'"canary": {json.dumps(golden.canary)},',
        f'"eyes": {json.dumps(golden.eyes)},',
        '"samples": {',
        ",\n".join(rows),
        "}",
        "}",
    ]
    HASHES.write_text("\n".join(lines) + "\n", encoding="utf-8")
