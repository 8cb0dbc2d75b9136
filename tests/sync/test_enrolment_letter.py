"""The enrolment letter: one line of ASCII that a scanner, a stick and a hand carry alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.readers.framing import MOST_CHARACTERS as SCANNED
from sync.enrolment import Code, CodeError
from sync.enrolment_letter import MOST_CHARACTERS, MOST_FACT, Letter, in_full, read_letter

CODE = Code("a" * 22, "b" * 43)
FACT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=30)


def test_the_code_alone_is_a_letter() -> None:
    assert read_letter(f" {CODE.text}\n") == Letter(CODE)
    assert not Letter(CODE).whole


def test_a_whole_letter_is_ascii_and_short_enough_for_a_scanner() -> None:
    letter = Letter(
        CODE,
        "https://tu.example.vn/hoso",
        "bt01",
        "Phường Bình Hưng Hòa Đông",
        "Số 1234/56/7 đường Nguyễn Thị Minh Khai, khu phố 12",
        "(028) 3855 1234",
    )
    assert letter.whole
    assert letter.text.isascii()
    assert len(letter.text) <= MOST_CHARACTERS <= SCANNED
    assert read_letter(letter.text) == letter


@given(FACT, FACT)
def test_what_is_written_is_what_is_read(unit: str, address: str) -> None:
    letter = Letter(CODE, "https://c.vn", "bt01", unit, address)
    if len(letter.text) <= MOST_CHARACTERS:
        assert read_letter(letter.text) == letter


def test_names_that_are_not_known_yet_are_passed_over() -> None:
    assert read_letter(f"{CODE.text}?kiosk=bt01&colour=red").kiosk == "bt01"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HS1.bt1.abc",
        f"{CODE.text}x",
        f"{CODE.text}?kiosk=a%20b",
        f"{CODE.text}?unit=a%0Ab",
        f"{CODE.text}?unit=%FF",
        f"{CODE.text}?unit={'x' * (MOST_FACT + 1)}",
        f"{CODE.text}?unit={'x' * MOST_CHARACTERS}",
        f"{CODE.text}?" + "&".join(f"a{n}=1" for n in range(40)),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(CodeError):
        read_letter(text)


def test_a_ward_is_written_out_for_the_head_of_the_screen() -> None:
    assert in_full("P.Bình Tiên") == "Phường Bình Tiên"
    assert in_full("X. An Phú") == "Xã An Phú"
    assert in_full("Đặc khu Côn Đảo") == "Đặc khu Côn Đảo"
