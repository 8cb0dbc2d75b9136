"""The codec of Waveshare relay boards: recorded frames both ways, and whatever else a wire may bring."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.boards import Codec, Frame, Operation, Request
from drivers.locks import modbus
from drivers.locks.waveshare_modbus import WaveshareModbus
from tests.drivers.waveshare_vectors import (
    ALL_OFF,
    FLASHES,
    READ_32_RELAYS,
    READ_MODES,
    READS,
    REFUSALS,
    SPOILT,
    STRANGE,
)

CODEC: Codec = WaveshareModbus()
unhurried = settings(derandomize=True, deadline=None)
KNOWN = [
    bytes.fromhex(text)
    for text in (
        *(flash[0] for flash in FLASHES),
        *(text for read in READS for text in read[:2]),
        *(text for strange in STRANGE for text in strange[:2] if text),
        *(text for refusal in REFUSALS for text in refusal[:2]),
        READ_32_RELAYS,
        READ_MODES,
        ALL_OFF,
    )
]
# Bytes that look like heads more often than chance would have it.
WIRE = st.lists(
    st.one_of(
        st.sampled_from(KNOWN),
        st.binary(max_size=12),
        st.sampled_from(KNOWN).flatmap(lambda f: st.integers(1, len(f) - 1).map(lambda n: f[:n])),
        st.lists(st.sampled_from((0, 1, 2, 3, 5, 0x0F, 0x10, 0x85)), max_size=9).map(bytes),
    ),
    max_size=8,
).map(b"".join)


def only(text: str | bytes) -> Frame:
    data = text if isinstance(text, bytes) else bytes.fromhex(text)
    found = CODEC.scan(data, final=False)
    assert (found.noise, found.corrupt, found.rest) == (0, False, b"")
    (frame,) = found.frames
    assert frame.data == data
    return frame


def crc_by_bits(data: bytes) -> int:
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def test_the_crc_has_the_published_check_value() -> None:
    assert modbus.crc16(b"123456789") == 0x4B37


@pytest.mark.parametrize(("text", "board", "channel", "pulse_ms"), FLASHES)
def test_a_pulse_is_a_flash_and_its_echo_acknowledges_it(
    text: str, board: int, channel: int, pulse_ms: int
) -> None:
    request = CODEC.open(board, channel, pulse_ms)
    assert request.data == bytes.fromhex(text)
    frame = only(text)
    assert (frame.operation, frame.board, frame.channel) == (Operation.OPEN, board, channel)
    assert CODEC.answers(request, frame)
    assert f"relay {channel} on for {pulse_ms} ms" in CODEC.explain(frame)


@pytest.mark.parametrize(("asked", "told", "given"), READS)
def test_inputs_and_relays_are_read_by_channel(asked: str, told: str, given: set[int]) -> None:
    inputs = asked.startswith("01 02")
    request = CODEC.query(1, 8) if inputs else CODEC.read_outputs(1, 8)
    assert request is not None
    assert request.data == bytes.fromhex(asked)
    frame = only(told)
    assert frame.operation is request.operation
    bits = frame.contacts if inputs else frame.outputs
    assert bits == {channel: channel in given for channel in range(1, 9)}
    assert CODEC.answers(request, frame)
    assert CODEC.explain(frame).endswith(", ".join(map(str, sorted(given))))
    echo = only(asked)
    assert echo.is_request
    assert not CODEC.answers(request, echo)


def test_thirty_two_relays_are_read_at_once() -> None:
    request = CODEC.read_outputs(1, 32)
    assert request is not None
    assert request.data == bytes.fromhex(READ_32_RELAYS)
    told = only(modbus.sealed(bytes((1, 1, 4, 0, 0, 0, 0x80))))
    assert [channel for channel, on in told.outputs.items() if on] == [32]
    assert CODEC.answers(request, told)
    assert not CODEC.answers(request, only("01 01 01 41 91 B8"))


def test_at_start_every_relay_goes_off_and_the_modes_are_asked_for() -> None:
    off, modes = CODEC.at_start(1, 8)
    assert off.data == bytes.fromhex(ALL_OFF)
    assert only(off.data).operation is off.operation is Operation.ALL_OFF
    assert CODEC.answers(off, only(off.data))
    assert modes.data == bytes.fromhex(READ_MODES)
    echo = only(modes.data)
    assert echo.is_request
    # Its third byte is the very size that the answer for eight channels has.
    assert not CODEC.answers(modes, echo)


def test_a_channel_whose_input_drives_its_relay_is_told() -> None:
    _, request = CODEC.at_start(1, 3)
    frame = only(modbus.sealed(bytes((1, 3, 6, 0, 0, 0, 1, 0, 7))))
    assert frame.modes == {1: 0, 2: 1, 3: 7}
    assert CODEC.answers(request, frame)
    assert "2 linkage" in CODEC.explain(frame)
    assert "3 unknown 7" in CODEC.explain(frame)


@pytest.mark.parametrize(("asked", "told", "board", "channel", "words"), STRANGE)
def test_what_is_never_sent_is_understood_and_answers_nothing(
    asked: str, told: str, board: int, channel: int, words: str
) -> None:
    frame = only(asked)
    assert (frame.operation, frame.board, frame.channel) == (Operation.OTHER, board, channel)
    assert words in CODEC.explain(frame)
    answer = only(told or asked)
    assert answer.operation is Operation.OTHER
    assert "board" in CODEC.explain(answer)
    for request in some_requests(max(board, 1)):
        assert not CODEC.answers(request, frame)
        assert not CODEC.answers(request, answer)


@pytest.mark.parametrize(("asked", "told", "words"), REFUSALS)
def test_an_exception_is_a_refusal_in_words(asked: str, told: str, words: str) -> None:
    request = CODEC.open(1, 10, 500)
    assert request.data == bytes.fromhex(asked)
    frame = only(told)
    assert words in frame.refused
    assert words in CODEC.explain(frame)
    assert CODEC.answers(request, frame)
    assert not CODEC.answers(CODEC.open(2, 10, 500), frame)
    assert not CODEC.answers(CODEC.query(1, 8), frame)


@pytest.mark.parametrize("text", SPOILT)
def test_a_frame_with_a_wrong_check_is_no_frame_but_corrupt(text: str) -> None:
    found = CODEC.scan(bytes.fromhex(text), final=True)
    assert (found.frames, found.noise, found.corrupt, found.rest) == ((), 8, True, b"")


@pytest.mark.parametrize("bit", range(64))
def test_no_single_flipped_bit_is_believed(bit: int) -> None:
    request = CODEC.open(1, 1, 700)
    data = bytearray(request.data)
    data[bit // 8] ^= 1 << bit % 8
    assert CODEC.scan(bytes(data), final=True).frames == ()


def some_requests(board: int) -> tuple[Request, ...]:
    outputs = CODEC.read_outputs(board, 8)
    assert outputs is not None
    asked = (CODEC.open(board, 1, 500), CODEC.query(board, 8), outputs)
    return (*asked, *CODEC.at_start(board, 8))


def test_another_board_channel_duration_or_size_answers_nothing() -> None:
    request = CODEC.open(2, 3, 500)
    for other in (CODEC.open(1, 3, 500), CODEC.open(2, 4, 500), CODEC.open(2, 3, 600)):
        assert not CODEC.answers(request, only(other.data))
    assert not CODEC.answers(CODEC.query(2, 8), only("01 02 01 FF E1 C8"))
    assert not CODEC.answers(CODEC.query(1, 16), only("01 02 01 FF E1 C8"))
    assert not CODEC.answers(CODEC.query(1, 8), only("01 01 01 41 91 B8"))


def test_a_duration_is_rounded_up_to_the_next_hundred_milliseconds() -> None:
    steps = [CODEC.open(1, 1, ms).data[4:6] for ms in (100, 101, 200, 2_999, 3_000)]
    assert [int.from_bytes(step, "big") for step in steps] == [1, 2, 2, 30, 30]


@pytest.mark.parametrize(
    ("board", "channel", "pulse_ms"),
    [(0, 1, 500), (248, 1, 500), (1, 0, 500), (1, 33, 500), (1, 1, 99), (1, 1, 3_001)],
)
def test_what_the_family_has_not_is_refused(board: int, channel: int, pulse_ms: int) -> None:
    with pytest.raises(ValueError, match="waveshare-modbus"):
        CODEC.open(board, channel, pulse_ms)


@pytest.mark.parametrize("channels", [0, 33])
def test_more_channels_than_there_are_are_not_asked_for(channels: int) -> None:
    for ask in (CODEC.query, CODEC.read_outputs, CODEC.at_start):
        with pytest.raises(ValueError, match="channels"):
            ask(1, channels)


@unhurried
@given(st.integers(1, 247), st.integers(1, 32), st.integers(100, 3_000))
def test_every_pulse_ends_by_itself_within_the_cap(board: int, channel: int, pulse_ms: int) -> None:
    data = CODEC.open(board, channel, pulse_ms).data
    assert data[:4] == bytes((board, 5, 2, channel - 1))
    assert pulse_ms <= 100 * int.from_bytes(data[4:6], "big") < pulse_ms + 100
    assert crc_by_bits(data) == 0


@unhurried
@given(st.one_of(st.binary(max_size=300), WIRE), st.booleans())
def test_any_bytes_are_cut_and_accounted_for(data: bytes, final: bool) -> None:  # noqa: FBT001
    found = CODEC.scan(data, final=final)
    lengths = sum(len(frame.data) for frame in found.frames)
    assert lengths + found.noise + len(found.rest) == len(data)
    assert data.endswith(found.rest)
    assert len(found.rest) <= (0 if final else CODEC.longest)
    for frame in found.frames:
        assert CODEC.explain(frame)


@unhurried
@given(WIRE)
def test_no_opening_is_believed_that_no_frame_proves(data: bytes) -> None:
    request = CODEC.open(1, 2, 800)
    found = CODEC.scan(data, final=True)
    believed = [frame for frame in found.frames if CODEC.answers(request, frame)]
    for frame in believed:
        assert crc_by_bits(frame.data) == 0
        assert frame.data in data
        assert frame.refused or frame.data == request.data


@unhurried
@given(WIRE, st.data())
def test_how_the_bytes_were_split_changes_nothing(data: bytes, draw: st.DataObject) -> None:
    cuts = draw.draw(st.lists(st.integers(0, len(data)), max_size=8).map(sorted))
    frames: list[Frame] = []
    rest, noise = b"", 0
    for start, end in pairwise([0, *cuts, len(data)]):
        found = CODEC.scan(rest + data[start:end], final=False)
        frames, rest, noise = [*frames, *found.frames], found.rest, noise + found.noise
    last = CODEC.scan(rest, final=True)
    whole = CODEC.scan(data, final=True)
    assert (*frames, *last.frames) == whole.frames
    assert noise + last.noise == whole.noise


@unhurried
@given(st.sampled_from(KNOWN), st.binary(max_size=6))
def test_garbage_in_front_hides_no_frame(frame: bytes, garbage: bytes) -> None:
    found = CODEC.scan(garbage + frame, final=True)
    assert frame in [seen.data for seen in found.frames]
