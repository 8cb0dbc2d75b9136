"""Codecs under arbitrary bytes and splits: they never raise, lose nothing, and believe only checks."""

from __future__ import annotations

from functools import reduce
from operator import xor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.boards import Frame, Operation, Scan
from drivers.locks.families import FAMILIES
from drivers.locks.modbus import crc16
from tests.drivers.board_bytes import cu12, summed, wkly, xored

EVERY = pytest.mark.parametrize("family", FAMILIES)
OURS = ("xor-8a80", "kerong-cu16", "kerong-cu12", "wkly")
MODEST = settings(max_examples=150, derandomize=True, deadline=None)

# Bytes that codecs care for, so that heads, lengths and checks are hit often.
TELLING = [0x00, 0x01, 0x02, 0x03, 0x05, 0x09, 0x0B, 0x10, 0x11, 0x30, 0x31, 0x33, 0x35, 0x36, 0x37]
TELLING += [0x80, 0x81, 0x82, 0x84, 0x85, 0x8A, 0x90, 0x9A, 0xFF, *b"WKLY"]
HOSTILE = st.lists(st.sampled_from(TELLING) | st.integers(0, 255), max_size=60).map(bytes)
CUTS = st.lists(st.integers(0, 80), max_size=8)
BOARD, CHANNEL = st.integers(1, 14), st.integers(1, 12)


def _is_clear(data: bytes) -> bool:
    """No shorter 8A/80 frame fits the beginning of this whole-board answer by chance."""
    return all(reduce(xor, data[:n]) for n in range(5, len(data)))


BYTE, BIT = st.integers(0, 255), st.integers(0, 1)
GROUPS = st.lists(BYTE, min_size=2, max_size=7)
CONTACT = st.sampled_from([0x00, 0x11])
SAID: dict[str, st.SearchStrategy[bytes]] = {
    "xor-8a80": st.one_of(
        st.builds(lambda b, c, s: xored(0x8A, b, c, s), BOARD, CHANNEL, CONTACT),
        st.builds(lambda b, c, s: xored(0x80, b, c, s), BOARD, CHANNEL, CONTACT),
        st.builds(lambda b: xored(0x80, b, 0, 0x33), BOARD),
        st.builds(lambda b, g: xored(0x80, b, *g, 0x33), BOARD, GROUPS).filter(_is_clear),
    ),
    "kerong-cu16": st.one_of(
        st.builds(lambda b, c: summed(0x02, b << 4 | c, 0x31, 0x03), BOARD, CHANNEL),
        st.builds(lambda b, h, g: summed(0x02, b << 4, 0x35, h, g, 0, 0, 0x03), BOARD, BYTE, BYTE),
    ),
    "kerong-cu12": st.one_of(
        st.builds(
            lambda b, c, k: cu12(b, c - 1, 0x81, k), BOARD, CHANNEL, st.sampled_from([0, 16, 17])
        ),
        st.builds(lambda b, h, g: cu12(b, 0, 0x80, 0x10, h, g), BOARD, BYTE, BYTE),
    ),
    "wkly": st.one_of(
        st.builds(lambda b, c, d: wkly(b, 0x82, 0, c, d), BOARD, CHANNEL, BIT),
        st.builds(lambda b, c, d: wkly(b, 0x85, c, d), BOARD, CHANNEL, BIT),
        st.builds(
            lambda b, d: wkly(b, 0x84, 0, len(d), *d),
            BOARD,
            st.lists(BIT, min_size=1, max_size=24),
        ),
    ),
}


def _check_fits(family: str, data: bytes) -> bool:
    if family in ("xor-8a80", "wkly"):
        return reduce(xor, data) == 0
    if family == "waveshare-modbus":
        return crc16(data) == 0
    at = len(data) - 1 if family == "kerong-cu16" else 7
    return (sum(data) - data[at]) & 0xFF == data[at]


def _piecemeal(family: str, data: bytes, cuts: list[int]) -> tuple[list[Frame], int]:
    """As a port delivers: pieces, the rest of each carried over to the next, and a quiet at the end."""
    codec, frames, noise, rest = FAMILIES[family], list[Frame](), 0, b""
    ends = [*sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for start, end in zip([0, *ends], ends, strict=False):
        scan = codec.scan(rest + data[start:end], final=False)
        assert len(scan.rest) <= codec.longest
        frames, noise, rest = [*frames, *scan.frames], noise + scan.noise, scan.rest
    last = codec.scan(rest, final=True)
    assert last.rest == b""
    return [*frames, *last.frames], noise + last.noise


def _whole(family: str, data: bytes) -> Scan:
    return FAMILIES[family].scan(data, final=True)


@EVERY
@MODEST
@given(data=HOSTILE, cuts=CUTS)
def test_any_bytes_in_any_pieces_say_the_same_and_none_is_lost(
    family: str, data: bytes, cuts: list[int]
) -> None:
    whole = _whole(family, data)
    frames, noise = _piecemeal(family, data, cuts)
    assert (tuple(frames), noise) == (whole.frames, whole.noise)
    assert sum(len(frame.data) for frame in frames) + noise == len(data)


@EVERY
@MODEST
@given(data=HOSTILE)
def test_whatever_is_found_has_a_check_that_fits_and_can_be_explained(
    family: str, data: bytes
) -> None:
    codec = FAMILIES[family]
    asked = codec.open(1, 1, codec.capabilities.pulse_ms[0])
    for frame in _whole(family, data).frames:
        assert frame.data in data
        assert _check_fits(family, frame.data)
        assert codec.explain(frame)
        assert codec.answers(asked, frame) in (True, False)


@pytest.mark.parametrize("family", OURS)
@MODEST
@given(drawn=st.data())
def test_frames_in_a_row_are_found_wherever_they_are_split(
    family: str, drawn: st.DataObject
) -> None:
    said = drawn.draw(st.lists(SAID[family], min_size=1, max_size=6))
    frames, noise = _piecemeal(family, b"".join(said), drawn.draw(CUTS))
    assert ([frame.data for frame in frames], noise) == (said, 0)


@pytest.mark.parametrize("family", OURS)
@MODEST
@given(drawn=st.data())
def test_one_damaged_byte_makes_no_answer_to_an_opening(family: str, drawn: st.DataObject) -> None:
    said = drawn.draw(SAID[family])
    at = drawn.draw(st.integers(0, len(said) - 1))
    damaged = bytearray(said)
    damaged[at] ^= drawn.draw(st.integers(1, 255))
    codec = FAMILIES[family]
    for frame in _whole(family, bytes(damaged)).frames:
        assert len(frame.data) < len(said)  # a shorter one hidden in it; never the whole
        assert _check_fits(family, frame.data)
        assert frame.operation is not Operation.OPEN
        assert not codec.answers(codec.open(1, 1, codec.capabilities.pulse_ms[0]), frame)
