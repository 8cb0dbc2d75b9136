"""Every known frame of the lock boards, in both directions: none is skipped, the bad ones included."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from drivers.boards import WHOLE_BOARD, Frame, Operation, Request
from drivers.locks.families import FAMILIES

Vector = dict[str, Any]
VECTORS: list[Vector] = json.loads(
    (Path(__file__).parent / "frames" / "boards.json").read_text(encoding="utf-8")
)
NAMES = [f"{v['family']} {v['name']} {v['response'] or v['request']}" for v in VECTORS]
EACH = pytest.mark.parametrize("vector", VECTORS, ids=NAMES)


def _only(family: str, text: str) -> Frame:
    scan = FAMILIES[family].scan(bytes.fromhex(text), final=True)
    assert (len(scan.frames), scan.noise, scan.corrupt, scan.rest) == (1, 0, False, b""), text
    return scan.frames[0]


def _request(vector: Vector, operation: str) -> Request:
    codec = FAMILIES[vector["family"]]
    if operation == "open":
        return codec.open(vector["board"], vector["channel"], codec.capabilities.pulse_ms[0])
    return codec.query(vector["board"], codec.channels)


def _contacts(vector: Vector) -> dict[int, bool]:
    if "set" in vector:
        return {n: n in vector["set"] for n in range(1, vector["count"] + 1)}
    return {int(n): bit for n, bit in vector.get("contacts", {}).items()}


def test_the_table_is_whole() -> None:
    assert Counter(vector["family"] for vector in VECTORS) == {
        "xor-8a80": 112,
        "kerong-cu16": 13,
        "kerong-cu12": 12,
        "wkly": 13,
    }
    assert Counter(vector["kind"] for vector in VECTORS) == {
        "open": 106,
        "query": 14,
        "other": 21,
        "change": 5,
        "damaged": 2,
        "truncated": 1,
        "foreign": 1,
    }


@EACH
def test_an_opening_or_a_query_is_made_byte_for_byte(vector: Vector) -> None:
    if vector["kind"] not in ("open", "query") or vector.get("single"):
        # Everything else, single queries included, is read and never made.
        made = {request.data for request in _everything_it_can_say(vector["family"])}
        asked = bytes.fromhex(vector["request"] or "")
        whole_board = vector["kind"] in ("damaged", "truncated") and asked in made
        assert whole_board or asked not in made
        return
    request = _request(vector, vector["kind"])
    assert request.data == bytes.fromhex(vector["request"])
    assert request.operation == vector["kind"]
    assert request.board == vector["board"]
    assert request.channel == (vector["channel"] if vector["kind"] == "open" else WHOLE_BOARD)
    assert request.answer_ms > 0


def _everything_it_can_say(family: str) -> list[Request]:
    codec = FAMILIES[family]
    pulse = codec.capabilities.pulse_ms[0]
    return [
        request
        for board in codec.boards
        for request in (
            codec.query(board, codec.channels),
            *(codec.open(board, channel, pulse) for channel in range(1, codec.channels + 1)),
            *codec.at_start(board, codec.channels),
        )
    ]


@EACH
def test_a_request_on_the_wire_is_understood(vector: Vector) -> None:
    if vector["request"] is None:
        assert vector["kind"] == "change"
        return
    frame = _only(vector["family"], vector["request"])
    codec = FAMILIES[vector["family"]]
    assert frame.board == vector["board"]
    if vector["kind"] == "other":
        assert frame.operation is Operation.OTHER
        assert "never sends" in codec.explain(frame)
        return
    assert frame.operation == ("open" if vector["kind"] == "open" else "query")
    if vector["kind"] == "open":
        assert frame.channel == vector["channel"]
    # In the 8A/80 family an opening and one of its answers are the same bytes.
    assert frame.is_request is not (vector["family"] == "xor-8a80" and vector["kind"] == "open")
    assert "request" in codec.explain(frame)


@EACH
def test_an_answer_on_the_wire_is_understood(vector: Vector) -> None:
    family, kind, text = vector["family"], vector["kind"], vector["response"]
    codec = FAMILIES[family]
    if text is None:
        assert kind in ("open", "other")
        return
    if kind in ("damaged", "truncated"):
        scan = codec.scan(bytes.fromhex(text), final=True)
        assert scan.frames == ()
        assert scan.noise == len(bytes.fromhex(text))
        assert scan.corrupt is (kind == "damaged")
        return
    frame = _only(family, text)
    assert codec.explain(frame)
    if kind == "foreign":
        assert (frame.board, frame.channel) == (2, 1)
        assert not codec.answers(_request(vector, "query"), frame)
        return
    assert frame.board == vector["board"]
    assert frame.refused == vector.get("refused", "")
    assert dict(frame.contacts) == _contacts(vector)
    if kind in ("open", "query"):
        asked = frame.channel if vector.get("single") else vector["channel"]
        assert (frame.operation, frame.channel) == (kind, asked)
        answers = codec.answers(_request(vector, kind), frame)
        assert answers is not vector.get("single", False)  # one contact is no whole board
    else:
        assert frame.operation == kind
