"""No screen changes unseen: every picture has the hash that was recorded when somebody looked at it."""

import pygame
import pytest

from tests.screens import golden
from ui.samples import SAMPLES

HOW = "look at them, then record: python -m tests.screens.record"


def test_every_sample_is_recorded() -> None:
    kept = golden.load()
    assert set(kept.samples) == {name for name, _ in SAMPLES}, HOW
    assert kept.eyes == [looking.name for looking in golden.eyes()], HOW


def test_every_screen_looks_as_recorded() -> None:
    kept = golden.load()
    if golden.canary() != kept.canary:
        pytest.skip(
            "this machine's SDL or freetype sets other pixels than the one of hashes.json "
            "(the canary differs), so pictures cannot be compared here"
        )
    changed = []
    for name, looking, surface in golden.seen():
        hashes = dict(zip(kept.eyes, kept.samples.get(name, []), strict=False))
        if golden.fingerprint(surface) != hashes.get(looking.name):
            golden.OUT.mkdir(parents=True, exist_ok=True)
            path = golden.OUT / f"{name}.{looking.name}.png"
            pygame.image.save(surface, str(path))
            changed.append(path.name)
    assert not changed, f"{len(changed)} screens changed, written to {golden.OUT}; {HOW}"


def test_another_picture_has_another_hash() -> None:
    surface = pygame.Surface((720, 1280), depth=32)
    before = golden.fingerprint(surface)
    surface.set_at((719, 1279), (0, 0, 1))
    assert golden.fingerprint(surface) != before
