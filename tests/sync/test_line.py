"""The line between sync and run: what is well formed goes through, everything else is an error."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.framing import LineClosedError, LineError, receive_message, send_message
from sync.line import Damaged, Line, Refused
from sync.messages import MAX_LINE_BYTES, Head
from tests.sync.world import FakeRun, World


def _sent(raw: bytes) -> dict[str, object]:
    """What the reading end makes of these bytes before the writer closes."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            theirs.sendall(raw)
        return receive_message(ours, 5.0)


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


def test_a_message_of_a_megabyte_arrives_as_it_was_sent() -> None:
    ours, theirs = socket.socketpair()
    message: dict[str, object] = {"jwe": "a" * 2**20, "chữ": "Đặng"}
    with ours, theirs:
        writer = threading.Thread(target=send_message, args=(theirs, message, 5.0))
        writer.start()
        assert receive_message(ours, 5.0) == message
        writer.join()


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (_framed(b'{"a":1}')[:-1], "middle"),
        (b"\x00\x00", "middle"),
        ((MAX_LINE_BYTES + 1).to_bytes(4, "big"), "cap"),
        (_framed(b"\xff\xfe"), "JSON"),
        (_framed(b'{"a":NaN}'), "JSON"),
        (_framed(b"[" * 100_000), "JSON"),
        (_framed(b"[1]"), "object"),
        (_framed(b""), "JSON"),
    ],
)
def test_a_broken_message_is_an_error_that_names_what_happened(raw: bytes, word: str) -> None:
    with pytest.raises(LineError, match=word):
        _sent(raw)


def test_an_end_between_messages_is_told_from_one_inside() -> None:
    with pytest.raises(LineClosedError):
        _sent(b"")


def test_silence_and_half_a_message_end_at_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with pytest.raises(LineError, match="stopped after 0"):
            receive_message(ours, 0.01)
        theirs.sendall(_framed(b'{"a":1}')[:-1])
        with pytest.raises(LineError, match="stopped after 6 of 7"):
            receive_message(ours, 0.01)


def test_a_reader_that_never_reads_does_not_hold_the_writer_up() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(LineError, match="did not read"):
        send_message(ours, {"a": "x" * 2**20}, 0.01)


def test_a_message_over_the_cap_is_not_sent() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with pytest.raises(LineError, match="cap"):
            send_message(ours, {"a": "x" * MAX_LINE_BYTES}, 5.0)
        theirs.settimeout(0)
        with pytest.raises(BlockingIOError):
            theirs.recv(1)


def test_nobody_there_is_an_error_that_names_the_socket(tmp_path: Path) -> None:
    with pytest.raises(LineError, match="nobody"):
        Line(tmp_path / "nobody").manifest()


@contextmanager
def _answering(path: Path, answer: dict[str, object]) -> Iterator[Line]:
    """Whatever is asked, this is the answer."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def once() -> None:
            peer, _ = listener.accept()
            with peer:
                receive_message(peer, 5.0)
                send_message(peer, answer, 5.0)

        thread = threading.Thread(target=once)
        thread.start()
        yield Line(path, 5.0)
        thread.join()


ASKS: list[tuple[Callable[[Line], object], dict[str, object]]] = [
    (lambda line: line.statements(0, 5), {"statements": [5], "head": {"seq": 1, "hash": ""}}),
    (lambda line: line.statements(0, 5), {"head": {"seq": 1, "hash": ""}}),
    (lambda line: line.wait(0, 0.0), {"head": {"seq": -1, "hash": ""}}),
    (lambda line: line.wait(0, 0.0), {"head": {"seq": True, "hash": ""}}),
    (lambda line: line.manifest(), {"ver": 1}),
    (lambda line: line.offer_manifest("x"), {"accepted": "yes"}),
    (lambda line: line.health(), {"health": []}),
    (lambda line: line.status(), {"error": "not for you"}),
]


@pytest.mark.parametrize(("ask", "answer"), ASKS)
def test_an_answer_of_another_form_is_an_error(
    tmp_path: Path, ask: Callable[[Line], object], answer: dict[str, object]
) -> None:
    with _answering(tmp_path / "s", answer) as line, pytest.raises(LineError):
        ask(line)


def test_every_verb_comes_back_as_values(world: World, tmp_path: Path) -> None:
    run = FakeRun(tmp_path / "run.sock", world.keys, world.enrolled.central)
    run.state("started")
    run.state("fault")
    run.damaged.add(2)
    line = Line(run.path)
    batch = line.statements(0, 10)
    assert batch.rows == (run.journal.rows[0], Damaged(2))
    assert batch.head == line.wait(0, 0.0) == Head(2, str(run.journal.head["hash"]))
    assert (line.manifest().ver, line.manifest().hash) == (0, "")
    assert line.health() == {"doors": "ok"}
    line.contact("2026-11-21T15:04:00.000Z")
    assert run.contacts == ["2026-11-21T15:04:00.000Z"]
    refused = line.offer_manifest("rubbish")
    assert isinstance(refused, Refused)
    assert refused.rung == "outer_form"
    run.close()


def test_waiting_ends_with_the_next_statement(world: World, tmp_path: Path) -> None:
    run = FakeRun(tmp_path / "run.sock", world.keys, world.enrolled.central)
    writer = threading.Thread(target=run.state, args=("started",))
    writer.start()
    assert Line(run.path).wait(0, 30.0).seq == 1
    writer.join()
    run.close()
