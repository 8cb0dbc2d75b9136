"""Bytes of a scanner become texts: whole or not at all, bounded, in any pieces."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.readers.framing import (
    GAP_MS,
    GM65_ACK,
    LONGEST_MS,
    MOST_BYTES,
    MOST_CHARACTERS,
    REPEAT_MS,
    Ending,
    Lines,
    Repeats,
)

TOKEN = "HS1.Q6-01.AAAAAAAAAAAAAAAAAAAAAA"
PIECES = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from([b"\r", b"\n", b"\r\n", GM65_ACK, b"HS1.", b"A" * 600, "Ễ|".encode()]),
    ),
    max_size=12,
)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_each_usual_line_end_ends_one_text(end: bytes) -> None:
    data = TOKEN.encode() + end + b"H29.915-261121-0042" + end
    assert Lines().feed(data, 0) == [TOKEN, "H29.915-261121-0042"]


def test_a_line_end_that_is_cut_in_two_ends_one_text() -> None:
    lines = Lines()
    assert lines.feed(b"one\r", 0) == ["one"]
    assert lines.feed(b"\ntwo\r", 1) == ["two"]


def test_half_a_code_is_never_handed_on() -> None:
    lines = Lines()
    assert lines.feed(b"H29.915-261121-0042", 0) == []
    assert lines.quiet(GAP_MS - 1) == []
    assert lines.dropped == 0
    assert lines.quiet(GAP_MS) == []
    assert lines.dropped == 1
    assert lines.feed(b"whole\r", GAP_MS + 1) == ["whole"]


def test_bytes_that_waited_in_the_kernel_are_one_code_however_late_they_are_read() -> None:
    lines = Lines()
    lines.feed(b"HS1.Q6-01.", 0)
    assert lines.feed(b"AAAA\r", 5 * GAP_MS) == ["HS1.Q6-01.AAAA"]


def test_without_a_suffix_silence_ends_the_code() -> None:
    lines = Lines(Ending.GAP)
    assert lines.feed(b"HS1.Q6", 0) == []
    assert lines.feed(b"-01", 90) == []
    assert lines.quiet(90 + GAP_MS - 1) == []
    assert lines.quiet(90 + GAP_MS) == ["HS1.Q6-01"]
    assert lines.quiet(90 + 2 * GAP_MS) == []


def test_a_full_line_passes_and_one_character_more_does_not() -> None:
    lines = Lines()
    full = "ễ" * MOST_CHARACTERS
    assert lines.feed(f"{full}\r".encode(), 0) == [full]
    assert lines.feed(f"{full}e\r".encode(), 0) == []
    assert lines.dropped == 1


def test_after_a_flood_the_next_line_is_read_again() -> None:
    lines = Lines()
    assert lines.feed(b"x" * (MOST_BYTES + 1), 0) == []
    assert lines.dropped == 1
    assert lines.feed(b"x" * 100_000, 1) == []
    assert lines.feed(b"tail of the flood\rgood\r", 2) == ["good"]
    assert lines.dropped == 1


def test_a_line_that_drips_is_dropped() -> None:
    lines = Lines()
    for at_ms in range(0, LONGEST_MS + 1, 1_000):
        lines.feed(b"a", at_ms)
    assert lines.feed(b"b", LONGEST_MS + 1) == []
    assert lines.dropped == 1
    assert lines.feed(b"c\rgood\r", LONGEST_MS + 2) == ["good"]


def test_the_acknowledgement_of_a_gm65_is_no_part_of_the_code() -> None:
    lines = Lines()
    assert lines.feed(GM65_ACK[:3], 0) == []
    assert lines.feed(GM65_ACK[3:] + b"HS1.Q6\r", 1) == ["HS1.Q6"]


def test_an_acknowledgement_without_a_code_is_not_counted_as_half_a_code() -> None:
    lines = Lines()
    lines.feed(GM65_ACK, 0)
    assert lines.quiet(GAP_MS) == []
    assert lines.dropped == 0


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("NGUYỄN VĂN A".encode(), "NGUYỄN VĂN A"),
        (unicodedata.normalize("NFD", "Nguyễn").encode(), "Nguyễn"),
        (b"Nguy\xea\xde\x6e", "Nguyễn"),  # cp1258: e with roof, combining tilde
        (b"\xd2\xd2\xd2", "̉̉̉"),  # cp1258: hooks without a letter are no reason to fail
        (b"caf\xe9 \xd0 \x8a", "café Ð �"),  # 8A is no character of cp1258: Latin-1
        (b"  spaced\t", "spaced"),
        (b"a\x00b\x1bc", "a�b�c"),
    ],
)
def test_text_is_utf_8_or_else_vietnamese_windows_or_else_latin_1(data: bytes, text: str) -> None:
    assert Lines().feed(data + b"\r", 0) == [text]


def test_empty_lines_are_no_codes() -> None:
    assert Lines().feed(b"\r\n\r\n   \r", 0) == []


def test_a_spoilt_line_is_dropped_up_to_its_end() -> None:
    lines = Lines()
    lines.feed(b"H29.915-", 0)
    lines.spoil()
    assert lines.feed(b"0042\rnext\r", 1) == ["next"]
    assert lines.dropped == 1


@given(PIECES)
def test_whatever_comes_the_texts_are_bounded_and_fit_to_be_stored(pieces: list[bytes]) -> None:
    lines = Lines()
    for at_ms, piece in enumerate(pieces):
        for text in lines.feed(piece, at_ms) + lines.quiet(at_ms + GAP_MS):
            assert 1 <= len(text) <= MOST_CHARACTERS
            assert text.encode()
            assert not any(unicodedata.category(c)[0] == "C" for c in text)


@given(PIECES, st.integers(min_value=1, max_value=50))
def test_the_texts_do_not_depend_on_how_the_bytes_are_cut(pieces: list[bytes], size: int) -> None:
    data = b"".join(pieces)
    at_once, cut = Lines(), Lines()
    expected = at_once.feed(data, 0)
    parts = [data[n : n + size] for n in range(0, len(data), size)]
    assert [text for part in parts for text in cut.feed(part, 0)] == expected
    assert cut.dropped == at_once.dropped


def test_a_held_code_comes_once_in_two_seconds_and_another_at_once() -> None:
    repeats = Repeats()
    assert repeats.fresh("a", 0)
    assert not repeats.fresh("a", REPEAT_MS - 1)
    assert repeats.fresh("a", REPEAT_MS)
    assert repeats.fresh("b", REPEAT_MS + 1)
    assert repeats.fresh("a", REPEAT_MS + 2)
