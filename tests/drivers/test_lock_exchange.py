"""One request and what lines that misbehave make of its answer."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from drivers.boards import Codec, Operation, Request
from drivers.locks.exchange import (
    MOST_BYTES,
    QUIET_MS,
    Asker,
    Ear,
    Heard,
    Verdict,
    drain,
    quiet_ms,
    wire_ms,
)
from drivers.locks.families import FAMILIES
from tests.drivers.scripted_line import ScriptedLine

XOR = FAMILIES["xor-8a80"]
MODBUS = FAMILIES["waveshare-modbus"]
WKLY = FAMILIES["wkly"]

OPEN = bytes.fromhex("8A 01 01 11 9B")
OPENED = bytes.fromhex("8A 01 01 00 8A")
STAYED_SHUT = OPEN  # "did not open" is the request, byte for byte
OPENED_2 = bytes.fromhex("8A 01 02 00 89")
OPENED_BY_BOARD_2 = bytes.fromhex("8A 02 01 00 89")
WRONG_CHECK = bytes.fromhex("8A 01 01 00 8B")
QUERY = bytes.fromhex("80 01 00 33 B2")
DOORS = bytes.fromhex("80 01 00 00 02 33 B0")
DOORS_OF_2 = bytes.fromhex("80 02 00 00 02 33 B3")
MOVED = bytes.fromhex("81 01 03 11 92")
NOISE = bytes.fromhex("00 FF 55")

Pieces = Sequence[tuple[int, bytes]]


def ask(
    request: Request, pieces: Pieces, ear: Ear, codec: Codec = XOR
) -> tuple[Heard, ScriptedLine]:
    line = ScriptedLine(lambda _: pieces)
    asker = Asker(line, codec, 9_600, line.up_ms)
    return asker.ask(request, ear, lambda: False), line


def pulse(pieces: Pieces, *, echo: bool = False) -> Heard:
    return ask(XOR.open(1, 1, 300), pieces, Ear(echo))[0]


def query(pieces: Pieces, *, echo: bool | None = None, size: int = 0) -> tuple[Heard, int]:
    heard, line = ask(XOR.query(1, 24), pieces, Ear(echo, size=size))
    return heard, line.now_ms - 1_000


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ([(310, OPENED)], Verdict.ANSWERED),
        ([(310, STAYED_SHUT)], Verdict.ANSWERED),
        ([(310, NOISE), (2, OPENED)], Verdict.ANSWERED),
        ([(310, NOISE + OPENED)], Verdict.ANSWERED),
        ([(310, OPENED[:2]), (16, OPENED[2:])], Verdict.ANSWERED),
        ([(310, OPENED[:2]), (90, OPENED[2:])], Verdict.ANSWERED),
        ([(310, DOORS + OPENED)], Verdict.ANSWERED),
        ([(310, OPENED_BY_BOARD_2), (5, OPENED)], Verdict.ANSWERED),
        ([(310, WRONG_CHECK), (200, OPENED)], Verdict.ANSWERED),
        ([], Verdict.SILENT),
        ([(1_600, OPENED)], Verdict.SILENT),
        ([(310, MOVED)], Verdict.SILENT),
        ([(310, WRONG_CHECK)], Verdict.CORRUPT),
        ([(310, OPENED[:3])], Verdict.CORRUPT),
        ([(310, NOISE)], Verdict.CORRUPT),
        ([(310, DOORS)], Verdict.CORRUPT),
        ([(310, MOVED + NOISE)], Verdict.CORRUPT),
        ([(310, OPENED_BY_BOARD_2)], Verdict.FOREIGN),
        ([(310, OPENED_2)], Verdict.FOREIGN),
        ([(310, NOISE + OPENED_2)], Verdict.FOREIGN),
        ([(310, DOORS_OF_2)], Verdict.FOREIGN),
    ],
)
def test_what_a_pulse_hears_on_a_line_without_echo(line: Pieces, verdict: Verdict) -> None:
    heard = pulse(line)
    assert heard.verdict is verdict
    assert (heard.answer is not None) == (verdict is Verdict.ANSWERED)


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ([(6, OPEN), (310, OPENED)], Verdict.ANSWERED),
        ([(6, OPEN), (310, STAYED_SHUT)], Verdict.ANSWERED),
        ([(6, OPEN + STAYED_SHUT)], Verdict.ANSWERED),
        ([(3, OPEN[:2]), (3, OPEN[2:]), (310, OPENED)], Verdict.ANSWERED),
        ([(6, NOISE + OPEN), (310, NOISE + OPENED)], Verdict.ANSWERED),
        ([(6, OPEN[:3] + b"\x00" + OPEN[4:]), (310, OPENED)], Verdict.ANSWERED),
        ([(6, OPEN)], Verdict.CORRUPT),
        ([(6, NOISE + OPEN)], Verdict.CORRUPT),
        ([(6, OPEN), (310, OPENED[:4])], Verdict.CORRUPT),
        ([(6, OPEN), (310, OPENED_BY_BOARD_2)], Verdict.FOREIGN),
        ([], Verdict.SILENT),
    ],
)
def test_what_a_pulse_hears_on_a_line_that_echoes(line: Pieces, verdict: Verdict) -> None:
    assert pulse(line, echo=True).verdict is verdict


@pytest.mark.parametrize(
    ("line", "echo"),
    [
        ([(20, DOORS)], False),
        ([(20, NOISE + DOORS)], False),
        ([(5, QUERY), (20, DOORS)], True),
        ([(5, QUERY + DOORS)], True),
        ([(5, NOISE + QUERY), (20, DOORS)], True),
        ([(5, QUERY)], True),  # the board is dead, the adapter is not
        ([(5, QUERY), (20, NOISE)], None),
        ([(20, NOISE)], None),
        ([(20, DOORS_OF_2)], None),
        ([], None),
    ],
)
def test_a_query_teaches_whether_the_line_echoes(line: Pieces, echo: bool | None) -> None:  # noqa: FBT001
    assert query(line)[0].echo is echo


def test_an_answer_that_holds_the_request_within_itself_is_no_echo() -> None:
    doors = bytes.fromhex("80 01 00 33 B2 33")
    check = 0
    for byte in doors:
        check ^= byte
    answer = doors + bytes([check])
    assert answer.startswith(QUERY)
    assert query([(20, answer)])[0].echo is not True
    known = query([(20, answer)], echo=False)[0]
    assert known.verdict is Verdict.ANSWERED


def test_what_is_known_of_the_echo_stays_known_when_nothing_comes() -> None:
    assert query([], echo=True)[0].echo is True
    assert query([(20, NOISE)], echo=False)[0].echo is False


def test_a_frame_without_a_length_is_believed_at_the_quiet() -> None:
    heard, took_ms = query([(20, DOORS[:3]), (10, DOORS[3:])], echo=False)
    assert heard.verdict is Verdict.ANSWERED
    assert took_ms == 30 + QUIET_MS


def test_a_frame_as_long_as_the_last_one_needs_no_quiet() -> None:
    heard, took_ms = query([(20, DOORS[:3]), (10, DOORS[3:])], echo=False, size=len(DOORS))
    assert heard.verdict is Verdict.ANSWERED
    assert took_ms == 30
    assert heard.size == len(DOORS)


def test_reports_in_between_are_handed_on() -> None:
    assert [f.operation for f in pulse([(5, MOVED), (300, OPENED)]).unasked] == [Operation.CHANGE]
    assert [f.operation for f in pulse([(5, MOVED)]).unasked] == [Operation.CHANGE]


def test_silence_lasts_as_long_as_the_answer_may_take_and_no_longer() -> None:
    request = XOR.query(1, 24)
    _, took_ms = query([])
    assert took_ms == wire_ms(len(request.data), 9_600) + request.answer_ms


def test_a_line_that_babbles_is_given_up_at_once() -> None:
    heard, line = ask(XOR.open(1, 1, 300), [(1, b"\xff" * 64)] * 100, Ear(echo=False))
    assert heard.verdict is Verdict.CORRUPT
    assert line.now_ms - 1_000 <= MOST_BYTES // 64 + 1


def test_a_refusal_is_an_answer() -> None:
    exception = bytes.fromhex("01 85 02 C3 51")
    heard, _ = ask(MODBUS.open(1, 1, 700), [(10, exception)], Ear(echo=False), MODBUS)
    assert heard.answer is not None
    assert heard.answer.refused


def test_a_modbus_pulse_on_a_line_that_echoes_needs_both_copies() -> None:
    request = MODBUS.open(1, 1, 700)
    once, _ = ask(request, [(10, request.data)], Ear(echo=True), MODBUS)
    twice, _ = ask(request, [(10, request.data), (10, request.data)], Ear(echo=True), MODBUS)
    assert (once.verdict, twice.verdict) == (Verdict.CORRUPT, Verdict.ANSWERED)


def test_a_request_is_written_once_whatever_comes_back() -> None:
    for pieces in ([], [(10, NOISE)], [(10, WRONG_CHECK)], [(10, OPENED_2)]):
        _, line = ask(XOR.open(1, 1, 300), pieces, Ear(echo=False))
        assert line.written == [OPEN]


def test_who_stops_does_not_wait_for_the_answer() -> None:
    line = ScriptedLine(lambda _: [])
    asker = Asker(line, XOR, 9_600, line.up_ms)
    asker.ask(XOR.open(1, 1, 300), Ear(echo=False), lambda: line.now_ms > 1_000)
    assert line.now_ms - 1_000 <= 100


def test_a_drain_takes_what_is_there_and_ends_on_a_line_that_never_rests() -> None:
    line = ScriptedLine(lambda _: [])
    line.say([(0, b"\x01" * 300)] * 100)
    assert len(drain(line)) == MOST_BYTES
    assert line.read(0) != b""


def test_quiet_grows_on_slow_lines() -> None:
    assert quiet_ms(9_600) == QUIET_MS
    assert quiet_ms(1_200) > QUIET_MS
