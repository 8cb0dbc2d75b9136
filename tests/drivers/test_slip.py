"""A slip is a picture: Vietnamese letters composed, lines broken, the width of the paper."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers.panel.slip import BODY_PX, HEAD_PX, MARGIN_PX, MOST_LINES, PaperWidth, draw

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ("", "̀", "́", "̃", "̉", "̣")
VOWELS = "aăâeêioôơuưy"


def black(image: Image.Image) -> int:
    return sum(8 - byte.bit_count() for byte in image.tobytes())


def body(text: str) -> Image.Image:
    return draw(["", text], PaperWidth.MM_80)


@pytest.mark.parametrize("width", PaperWidth)
def test_a_slip_is_as_wide_as_its_paper_and_has_no_grey(width: PaperWidth) -> None:
    image = draw(["Giấy hẹn", "Hồ sơ H29.915-261121-0042"], width)
    assert image.mode == "1"
    assert image.width == width
    assert black(image) > 500


def test_every_letter_of_vietnamese_has_its_own_picture() -> None:
    small = {unicodedata.normalize("NFC", v + tone) for v in VOWELS for tone in TONES} | set(
        LETTERS
    )
    letters = small | {letter.upper() for letter in small}
    pictures = {body(letter).tobytes() for letter in letters}
    assert len(letters) == 178
    assert len(pictures) == len(letters)
    assert body("￾").tobytes() not in pictures  # none of them is the box of a missing letter


def test_a_letter_with_its_marks_apart_is_drawn_composed() -> None:
    apart = unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ưỡng")
    assert body(apart).tobytes() == body("Nguyễn Thị Ngọc Ưỡng").tobytes()


def test_a_long_line_is_broken_between_words_and_a_long_word_within() -> None:
    one = draw(["", "mời"], PaperWidth.MM_58).height
    assert draw(["", "mời " * 60], PaperWidth.MM_58).height > 5 * BODY_PX + one
    assert draw(["", "M" * 60], PaperWidth.MM_58).height > one


def test_nothing_is_drawn_past_the_edge_of_the_paper() -> None:
    image = draw(["M" * 60, "W" * 60, "i " * 90], PaperWidth.MM_58)
    edge = image.crop((PaperWidth.MM_58 - MARGIN_PX, 0, PaperWidth.MM_58, image.height))
    assert black(edge) == 0


def test_a_slip_has_an_end() -> None:
    assert (
        draw(["a"] * 1_000, PaperWidth.MM_58).height
        == draw(["a"] * MOST_LINES, PaperWidth.MM_58).height
    )
    assert draw(["a"] * 1_000, PaperWidth.MM_58).height < 2 * HEAD_PX * MOST_LINES


@given(st.lists(st.text(max_size=60), max_size=5))
def test_whatever_the_lines_there_is_a_picture(lines: list[str]) -> None:
    assert draw(lines, PaperWidth.MM_58).width == PaperWidth.MM_58
