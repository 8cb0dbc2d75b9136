"""The texts: both languages complete, polite, and nothing that the font cannot draw."""

import re
import string
import unicodedata
from collections.abc import Iterator
from datetime import datetime

import pygame
import pytest

from ui.letters import Letters
from ui.paint import compose
from ui.samples import SAMPLES, variant
from ui.scene import Cut
from ui.sizes import ScreenSize
from ui.sound import PROMPTS
from ui.studio import Studio
from ui.texts import say as saying
from ui.texts.en import EN
from ui.texts.say import FACT_MAX, NO_BREAK, Say, nfc
from ui.texts.vi import VI

NOW = datetime(2026, 11, 21, 22, 4)  # noqa: DTZ001 - screens carry local time


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(VI) == set(EN)


@pytest.mark.parametrize("key", sorted(VI))
def test_both_languages_tell_the_same_facts(key: str) -> None:
    assert _facts(VI[key]) == _facts(EN[key])


def test_every_text_is_nfc_and_has_no_stray_blank() -> None:
    texts = [*VI.values(), *EN.values()]
    assert [t for t in texts if t != unicodedata.normalize("NFC", t) or t != t.strip()] == []
    assert [t for t in texts if "  " in t] == []


def test_people_are_addressed_as_the_house_does() -> None:
    rude = re.compile(r"\b(bạn|khách hàng|hộc)\b", re.IGNORECASE)
    assert [text for text in VI.values() if rude.search(text)] == []


class _Recording(dict[str, str]):
    def __init__(self, texts: dict[str, str], used: set[str]) -> None:
        super().__init__(texts)
        self._used = used

    def __getitem__(self, key: str) -> str:
        self._used.add(key)
        return super().__getitem__(key)


def test_every_text_stands_on_some_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[str] = {*PROMPTS.values(), *(key for key in VI if key.startswith("sticker."))}
    texts = {"vi": _Recording(dict(VI), used), "en": _Recording(dict(EN), used)}
    monkeypatch.setattr(saying, "LANGUAGES", texts)
    studio = Studio()
    for _, screen in SAMPLES:
        for large in (False, True):
            seen = variant(screen, "vi", large=large, night=False)
            compose(seen, ScreenSize(), studio, wet=True)
    composed = {key for key in VI if key.startswith(("weekday.", "row.", "col."))}
    assert set(VI) - used - composed == set()


def _glyphs() -> Iterator[str]:
    yield from sorted(set("".join((*VI.values(), *EN.values()))) - {"~"})
    letters = "aăâeêioôơuưy"
    for letter in letters + letters.upper():
        for mark in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"):
            yield nfc(letter + mark)
    yield from "đĐ*0123456789…•"


@pytest.mark.parametrize("bold", [False, True])
def test_the_font_has_every_glyph(bold: bool) -> None:  # noqa: FBT001 - a parameter of the test
    font = Letters().font(Cut(40, bold))
    box = _pixels(font, "漢")  # what stands for a glyph that the font has not
    assert _pixels(font, "字") == box
    assert [glyph for glyph in _glyphs() if _pixels(font, glyph) == box] == []


def _pixels(font: pygame.font.Font, glyph: str) -> bytes:
    drawn = font.render(glyph, antialias=True, color=(0, 0, 0))
    return pygame.image.tobytes(drawn, "RGBA")


def test_moments_are_told_as_people_say_them() -> None:
    vi, en = Say("vi"), Say("en")
    assert vi.clock(NOW) == "22:04"
    assert vi.date(NOW) == "thứ Bảy 21/11/2026"
    assert vi.moment(NOW).replace(NO_BREAK, " ") == "22 giờ 04, 21/11/2026"
    assert en.moment(NOW) == "22:04, 21/11/2026"


def test_a_fact_that_no_screen_can_hold_is_cut() -> None:
    text = Say("vi")("told.place", place="x" * 10_000)
    assert len(text) < FACT_MAX + 20
    assert text.endswith("…")


def test_decomposed_letters_from_outside_are_composed() -> None:
    assert Say("vi")("told.place", place="Phuo\u031bng") == "Nơi nhận: Phương".replace("ươ", "uơ")


def test_an_unknown_language_speaks_vietnamese() -> None:
    assert Say("fr")("nav.cancel") == "Hủy"
