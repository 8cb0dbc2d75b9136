"""Colours: what must be read can be read, by day and by night."""

import pytest

from tests.ui.rules import PORTRAIT
from ui.paint import compose
from ui.samples import SAMPLES, variant
from ui.scene import Colour, Plate, Rect, Scene, Sign, Words
from ui.studio import Studio
from ui.theme import CONTRASTS, DAY, MAY_READ, NIGHT, Palette, contrast

PALETTES = [pytest.param(DAY, id="day"), pytest.param(NIGHT, id="night")]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("text", "ground", "least"), CONTRASTS)
def test_a_text_stands_out_from_its_ground(
    palette: Palette, text: str, ground: str, least: float
) -> None:
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= least


@pytest.mark.parametrize("night", [False, True])
def test_every_painted_text_uses_a_tested_pair(night: bool) -> None:  # noqa: FBT001 - a parameter of the test
    palette, studio = (NIGHT if night else DAY), Studio()
    pairs = {(getattr(palette, t), getattr(palette, g)) for t, g, _ in CONTRASTS}
    strange = set()
    for name, screen in SAMPLES:
        scene = compose(variant(screen, "vi", large=False, night=night), PORTRAIT, studio)
        strange |= {(name, pair) for pair in _pairs(scene) if pair not in pairs}
    assert strange == set()


def _pairs(scene: Scene) -> set[tuple[Colour, Colour]]:
    """Every text with the ground on which it stands."""
    pairs = set()
    grounds: list[tuple[Rect, Colour]] = []
    for item in scene.items:
        if isinstance(item.art, Plate):
            grounds.append((item.rect, item.art.fill))
        if isinstance(item.art, Words):
            below = [fill for rect, fill in grounds if rect.contains(item.rect)]
            pairs.add((item.art.colour, below[-1] if below else scene.paper))
    return pairs


def test_icons_on_discs_can_be_told() -> None:
    studio = Studio()
    scenes = [
        compose(variant(screen, "vi", large=False, night=night), PORTRAIT, studio)
        for _, screen in SAMPLES
        for night in (False, True)
    ]
    signs = {item.art for scene in scenes for item in scene.items if isinstance(item.art, Sign)}
    faint = [s for s in signs if contrast(s.colour, s.disc or s.hole) < MAY_READ]
    assert faint == []


def test_a_typing_mistake_is_never_red() -> None:
    screen = dict(SAMPLES)["refused"]
    for palette, night in ((DAY, False), (NIGHT, True)):
        scene = compose(variant(screen, "vi", large=False, night=night), PORTRAIT, Studio())
        arts = {item.art for item in scene.items}
        assert palette.stop not in {art.fill for art in arts if isinstance(art, Plate)}
        assert palette.stop not in {art.disc for art in arts if isinstance(art, Sign)}


def test_night_changes_the_colours_and_nothing_else() -> None:
    screen = dict(SAMPLES)["ready"]
    day, night = (
        compose(variant(screen, "vi", large=False, night=dark), PORTRAIT, Studio())
        for dark in (False, True)
    )
    assert [item.rect for item in day.items] == [item.rect for item in night.items]
    assert day.targets == night.targets
    assert day.paper != night.paper
