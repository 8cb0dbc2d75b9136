"""The folded state as bytes: canonical, whole, and refused when it is something else."""

from __future__ import annotations

import json

import pytest

from kiosk.core.fold import fold
from kiosk.core.memory import Memory, decode, empty, encode
from sync.messages import Kind
from tests.core.make import a_memory, a_result, a_statement, accepted, at, loaded, merged


def rich() -> Memory:
    """Something in every field."""
    memory = a_memory(
        (Kind.STAFF_IN, {"staff": "7", "role": "clerk", "step": 59}),
        (Kind.STAFF_REFUSED, {"staff": ""}),
        merged(a_result("r1"), a_result("r2")),
        loaded(),
        loaded("r1", 2),
        accepted("r1", 1, 2),
        at(Kind.OPENED, 1),
        (Kind.REFUSED, {"via": "code", "typed_for": [["r2", "h1"]]}),
        (Kind.CONFLICT, {"cid": "r1", "what": "revoked_after_opening"}),
        (Kind.CHECKPOINT, {"encoding": 1}),
        (Kind.CONFLICT, {"what": "memory", "seq_there": 9}),
    )
    kind, fields = merged(a_result("r2"), memory=memory)
    named = {"recalled": ["r3"], "suspended": ["r1"], "voided": ["r1"]}
    return fold(memory, a_statement(memory, kind, {**fields, **named}))


def test_decoding_gives_back_the_same_memory() -> None:
    memory = rich()
    assert decode(encode(memory)) == memory
    assert encode(decode(encode(memory))) == encode(memory)


def test_folding_on_from_a_checkpoint_is_the_same_as_folding_everything() -> None:
    memory = rich()
    later = [at(Kind.COLLECTED, 1, holder="h1"), at(Kind.NOT_OPENED, 2), (Kind.STARTED, {})]
    whole, resumed = memory, decode(encode(memory))
    for kind, fields in later:
        statement = a_statement(whole, kind, fields)
        whole, resumed = fold(whole, statement), fold(resumed, statement)
    assert resumed == whole


def test_the_same_memory_gives_the_same_bytes_whatever_came_first() -> None:
    one = a_memory(merged(a_result("r1"), a_result("r2")), loaded(), loaded("r2", 2))
    other = a_memory(merged(a_result("r2"), a_result("r1")), loaded("r2", 2), loaded())
    assert encode(one) == encode(other)


@pytest.mark.parametrize(
    "damaged",
    [b"", b"[]", b"{}", b"null", b"\xff", b'{"parts":1}', b'{"parts":[["r1"]]}'],
)
def test_bytes_that_are_something_else_are_a_value_error(damaged: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # any: the caller folds anew
        decode(damaged)


@pytest.mark.parametrize("change", [{"extra": 1}, {"bucket": {}}, {"parts": [["r1", 1, "gone"]]}])
def test_another_encoding_is_a_value_error(change: dict[str, object]) -> None:
    raw = json.loads(encode(rich()))
    with pytest.raises(ValueError):  # noqa: PT011  # any: the caller folds anew
        decode(json.dumps({**raw, **change}).encode())


def test_the_first_epoch_starts_free_and_every_later_one_unchecked() -> None:
    assert all(c.serves for c in empty("bt1", 1, (1, 2)).compartments.values())
    assert not any(c.serves for c in empty("bt1", 2, (1, 2)).compartments.values())


def test_every_field_of_a_rich_memory_is_in_the_bytes() -> None:
    raw = json.loads(encode(rich()))
    assert set(raw) == {name for name in Memory.__slots__ if name not in {"moving", "places"}}
