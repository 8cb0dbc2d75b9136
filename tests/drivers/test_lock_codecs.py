"""What the codecs of the lock boards refuse, tolerate and never do; limits and capabilities."""

from __future__ import annotations

import pytest

from drivers.boards import WHOLE_BOARD, Frame, Operation
from drivers.doors import Integrity
from drivers.locks.families import FAMILIES
from drivers.locks.kerong_cu12 import KerongCu12
from drivers.locks.kerong_cu16 import KerongCu16
from drivers.locks.wkly import Wkly
from drivers.locks.xor_8a80 import Xor8A80
from tests.drivers.board_bytes import cu12, summed, wkly, xored

XOR, CU16, CU12, WKLY = Xor8A80(), KerongCu16(), KerongCu12(), Wkly()


def _frame(family: str, data: bytes) -> Frame:
    scan = FAMILIES[family].scan(data, final=True)
    assert len(scan.frames) == 1, scan
    return scan.frames[0]


def test_every_family_is_there_under_its_own_name() -> None:
    assert set(FAMILIES) == {"xor-8a80", "waveshare-modbus", "kerong-cu16", "kerong-cu12", "wkly"}
    assert all(codec.family == name for name, codec in FAMILIES.items())


def test_capabilities_are_declared() -> None:
    ours = {name: FAMILIES[name].capabilities for name in ("xor-8a80", "wkly")}
    ours |= {name: FAMILIES[name].capabilities for name in ("kerong-cu16", "kerong-cu12")}
    assert all(c.board_times_pulse and c.has_feedback for c in ours.values())
    assert {c.parallel_pulses for c in ours.values()} == {1}
    assert [n for n, c in ours.items() if c.integrity is Integrity.SUM] == [
        "kerong-cu16",
        "kerong-cu12",
    ]
    assert [n for n, c in ours.items() if c.integrity is Integrity.XOR] == ["xor-8a80", "wkly"]
    assert [n for n, c in ours.items() if c.reports_unasked] == ["wkly"]
    assert [name for name, codec in FAMILIES.items() if codec.baud != 9600] == [
        "kerong-cu16",
        "kerong-cu12",
    ]


@pytest.mark.parametrize("family", FAMILIES)
def test_no_request_reaches_beyond_one_channel_of_one_board(family: str) -> None:
    codec = FAMILIES[family]
    pulse, board = codec.capabilities.pulse_ms[0], codec.boards[-1]
    for wrong in (WHOLE_BOARD, -1, codec.channels + 1):
        with pytest.raises(ValueError, match="channel"):
            codec.open(board, wrong, pulse)
        with pytest.raises(ValueError, match="channels"):
            codec.query(board, wrong)
    for wrong in (codec.boards[0] - 1, board + 1):
        with pytest.raises(ValueError, match="board"):
            codec.open(wrong, 1, pulse)
        with pytest.raises(ValueError, match="board"):
            codec.query(wrong, 1)
        with pytest.raises(ValueError, match="board"):
            codec.at_start(wrong, 1)
        with pytest.raises(ValueError, match="board"):
            codec.read_outputs(wrong, 1)
    for wrong in (codec.capabilities.pulse_ms[0] - 1, codec.capabilities.pulse_ms[1] + 1):
        with pytest.raises(ValueError, match="pulse"):
            codec.open(board, 1, wrong)


@pytest.mark.parametrize("family", ["xor-8a80", "kerong-cu16", "kerong-cu12", "wkly"])
def test_no_request_is_one_that_the_codec_calls_never_sent(family: str) -> None:
    codec = FAMILIES[family]
    pulse = codec.capabilities.pulse_ms[0]
    for board in codec.boards:
        assert _frame(family, codec.query(board, 1).data).operation is Operation.QUERY
        for channel in range(1, codec.channels + 1):
            frame = _frame(family, codec.open(board, channel, pulse).data)
            assert (frame.operation, frame.board, frame.channel) == ("open", board, channel)


@pytest.mark.parametrize(
    ("family", "data"),
    [
        ("xor-8a80", xored(0x9A, 1, 1, 0x11)),
        ("xor-8a80", xored(0x9B, 1, 1, 0x11)),
        ("wkly", wkly(0, 0x88, 2)),
        ("wkly", wkly(0, 0x89, 2)),
    ],
)
def test_a_hold_is_named_and_can_be_taken_for_nothing_else(family: str, data: bytes) -> None:
    codec, frame = FAMILIES[family], _frame(family, data)
    assert frame.operation is Operation.OTHER
    assert "hold" in codec.explain(frame).lower()
    assert "never sends it" in codec.explain(frame)
    pulse = codec.capabilities.pulse_ms[0]
    assert not any(codec.answers(codec.open(1, c, pulse), frame) for c in (1, 2))


# 8A/80


def test_an_answer_without_a_length_waits_for_the_quiet() -> None:
    data = bytes.fromhex("80 01 00 00 00 33 B2")
    waiting = XOR.scan(data, final=False)
    assert (waiting.frames, waiting.rest) == ((), data)
    assert [frame.data for frame in XOR.scan(data, final=True).frames] == [data]


def test_a_status_that_begins_like_a_shorter_frame_is_read_whole() -> None:
    data = xored(0x80, 0x01, 0x01, 0x00, 0x80, 0x33)  # its first five bytes are a frame, too
    assert _frame("xor-8a80", data).contacts == {n: n in (8, 17) for n in range(1, 25)}


def test_the_order_of_status_bytes_is_the_installations() -> None:
    data = bytes.fromhex("80 01 80 00 01 33 33")
    first = XOR.scan(data, final=True, status_first=True).frames[0]
    assert [n for n, closed in first.contacts.items() if closed] == [8, 17]


def test_garbage_before_an_answer_is_counted_and_no_damage() -> None:
    scan = XOR.scan(bytes.fromhex("8A FF 00 8A 01 01 00 8A"), final=True)
    assert [frame.data.hex() for frame in scan.frames] == ["8a0101008a"]
    assert (scan.noise, scan.corrupt) == (3, False)


def test_a_damaged_frame_before_a_good_one_is_damage() -> None:
    scan = XOR.scan(bytes.fromhex("8A 01 01 00 8B 8A 01 01 00 8A"), final=True)
    assert (len(scan.frames), scan.noise, scan.corrupt) == (1, 5, True)


@pytest.mark.parametrize("status", [0x01, 0x10, 0x22, 0xFF])
def test_a_status_that_is_neither_open_nor_closed_proves_nothing(status: int) -> None:
    assert XOR.scan(xored(0x8A, 1, 1, status), final=True).frames == ()


def test_half_a_frame_is_kept_until_the_quiet_and_then_is_noise() -> None:
    half = bytes.fromhex("8A 01 01")
    assert XOR.scan(half, final=False).rest == half
    assert XOR.scan(half, final=True).noise == 3


def test_the_answer_of_another_board_or_channel_answers_nothing() -> None:
    asked = XOR.open(1, 1, 300)
    assert XOR.answers(asked, _frame("xor-8a80", xored(0x8A, 1, 1, 0x00)))
    assert not XOR.answers(asked, _frame("xor-8a80", xored(0x8A, 2, 1, 0x00)))
    assert not XOR.answers(asked, _frame("xor-8a80", xored(0x8A, 1, 2, 0x00)))
    assert not XOR.answers(asked, _frame("xor-8a80", xored(0x81, 1, 1, 0x00)))


# KERONG


def test_a_cu16_opening_is_answered_by_the_status_of_its_board_alone() -> None:
    asked = CU16.open(1, 4, 500)

    def status(address: int, command: int = 0x35) -> Frame:
        return _frame("kerong-cu16", summed(2, address, command, 0xFF, 0xFF, 0, 0, 3))

    assert CU16.answers(asked, status(0x10))
    assert CU16.answers(asked, status(0x13))
    assert not CU16.answers(asked, status(0x14))
    assert not CU16.answers(asked, status(0x20))
    assert not CU16.answers(asked, status(0x10, 0x36))
    assert not CU16.answers(asked, _frame("kerong-cu16", asked.data))


def test_the_cu16_address_of_every_board_is_never_made() -> None:
    with pytest.raises(ValueError, match="board 15"):
        CU16.open(15, 1, 500)
    assert _frame("kerong-cu16", summed(2, 0xF0, 0x31, 3)).operation is Operation.OTHER


def test_a_cu12_answer_code_says_accepted_or_refused() -> None:
    asked = CU12.open(3, 6, 500)
    accepted, failed = (_frame("kerong-cu12", cu12(3, 5, 0x81, code)) for code in (0x10, 0x11))
    assert (accepted.refused, failed.refused) == ("", "it failed")
    assert CU12.answers(asked, accepted)
    assert CU12.answers(asked, failed)
    assert not CU12.answers(asked, _frame("kerong-cu12", asked.data))
    assert not CU12.answers(asked, _frame("kerong-cu12", cu12(3, 4, 0x81, 0x10)))


def test_a_stray_head_holds_up_no_cu12_answer() -> None:
    answer = bytes.fromhex("02 00 00 81 10 00 03 96")
    assert [frame.data for frame in CU12.scan(b"\x02" + answer, final=False).frames] == [answer]


def test_a_cu12_status_of_another_size_gives_no_contacts() -> None:
    frame = _frame("kerong-cu12", cu12(0, 0, 0x80, 0x10, 0xFF, 0xFF, 0xFF))
    assert (frame.operation, frame.contacts) == (Operation.OTHER, {})


# WKLY


def test_a_wkly_report_between_request_and_answer_is_told_apart() -> None:
    asked = WKLY.open(0, 1, 500)
    scan = WKLY.scan(wkly(0, 0x85, 1, 1) + wkly(0, 0x82, 0, 1, 0), final=False)
    assert [frame.operation for frame in scan.frames] == ["change", "open"]
    assert [WKLY.answers(asked, frame) for frame in scan.frames] == [False, True]


def test_a_wkly_refusal_without_a_channel_answers_the_opening() -> None:
    frame = _frame("wkly", wkly(0, 0x82, 0xFF))
    assert frame.refused
    assert WKLY.answers(WKLY.open(0, 7, 500), frame)
    assert not WKLY.answers(WKLY.open(1, 7, 500), frame)
    assert not WKLY.answers(WKLY.query(0, 24), frame)
    assert not WKLY.answers(WKLY.query(0, 24), _frame("wkly", wkly(0, 0x83, 0xFF)))


def test_a_wkly_door_byte_of_another_value_leaves_the_channel_unread() -> None:
    assert _frame("wkly", wkly(0, 0x84, 0, 3, 0, 7, 1)).contacts == {1: False, 3: True}


def test_a_wkly_count_that_does_not_fit_gives_no_contacts() -> None:
    frame = _frame("wkly", wkly(0, 0x84, 0, 4, 0, 1))
    assert (frame.operation, frame.contacts) == (Operation.OTHER, {})
