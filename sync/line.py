"""The AF_UNIX socket between `kiosk run` and `kiosk sync`: framing for both ends, the asking end.

The law of this file: a message is one JSON object behind its length in 4 bytes (big-endian), at
most `MAX_LINE_BYTES`; every read and write has a deadline for the whole message, so that neither
end can hold the other up by trickling bytes. One connection carries one request and its answer.

The verbs, as JSON (`head` is {"seq", "hash"}):

    statements {after, most}   -> {"statements": [compact | {"seq", "damaged": true}], "head"}
    wait {after, timeout_s, calls?} -> {"head", "calls"} once head.seq > after, or when the time
                               is over; with `calls`, also once it is another number: how often
                               staff have called the centre from the screen
    manifest                   -> {"ver", "hash"}; ver 0 and hash "" before the first
    offer_manifest {jwe}       -> {"accepted": true, "ver"} | {"refused", "detail"}
    health, status             -> {"health": {...}}, {"status": {...}}
    contact {at}               -> {}
    usb {stick, timeout_s}     -> {"job": null | {"number", "act", "kiosk", "after", "last"}}: root's
                               helper waits until staff ask for something at the screen
    usb_done {stick, number, outcome, count, sealed} -> {}

Anything else is answered with {"error": "why"}.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from sync.messages import MAX_LINE_BYTES, Head

LENGTH_BYTES = 4
CHUNK_BYTES = 64 * 1024
_KIOSK = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SIGNS = (b",", b"[", b"{")
ANSWER_S = 10.0  # longest that `run` may take over one answer, its own wait not counted


class LineError(Exception):
    """The line failed; the text says how. A message that did not get through changed nothing."""


class LineClosedError(LineError):
    """The other end closed between two messages: the ordinary end of a connection."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """The place of a journal row that can no longer be read. Central keeps the hole."""

    seq: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Journal rows in order, as signed, and how far the journal goes."""

    rows: tuple[str | Damaged, ...]
    head: Head


@dataclass(frozen=True, slots=True)
class InForce:
    """The manifest that the kiosk goes by; `ver` 0 and `hash` "" before the first."""

    ver: int
    hash: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The kiosk goes by the offered manifest now (or did already)."""

    ver: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The kiosk refused the offered manifest; `rung` is a `messages.Refusal`."""

    rung: str
    detail: str


@dataclass(frozen=True, slots=True)
class UsbJob:
    """What staff asked for at the screen: `import`, or `export` of the rows after `after` up to `last`."""

    number: int
    act: str
    kiosk: str
    after: int
    last: int


def send_message(sock: socket.socket, message: Mapping[str, object], deadline_s: float) -> None:
    """Write one message within `deadline_s` seconds.

    Raises:
        LineError: too large, too slow, or the other end is gone.
    """
    body = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    if len(body) > MAX_LINE_BYTES:
        raise LineError(f"a message of {len(body)} bytes is over the cap of {MAX_LINE_BYTES}")
    try:
        sock.settimeout(deadline_s)  # `sendall` holds it over the whole message
        sock.sendall(len(body).to_bytes(LENGTH_BYTES, "big") + body)
    except TimeoutError as error:
        raise LineError(f"the other end did not read within {deadline_s:g} s") from error
    except OSError as error:
        raise LineError(f"the other end is gone: {error}") from error


def receive_message(
    sock: socket.socket, deadline_s: float, most_values: int | None = None
) -> dict[str, object]:
    """Read one message within `deadline_s` seconds.

    `most_values` bounds what a message of the allowed length may become in memory (8 MiB of `[],`
    are 200 MB of lists, and the whole process stands still meanwhile): more commas and brackets
    than that are refused unread. None: the writer is trusted.

    Raises:
        LineClosedError: the other end closed before a first byte.
        LineError: half a message, too slow, too large, or not a JSON object.
    """
    until = time.monotonic() + deadline_s
    length = int.from_bytes(_exactly(sock, LENGTH_BYTES, until), "big")
    if length > MAX_LINE_BYTES:
        raise LineError(f"a message of {length} bytes is over the cap of {MAX_LINE_BYTES}")
    try:
        body = _exactly(sock, length, until)
        if most_values is not None and sum(body.count(sign) for sign in _SIGNS) > most_values:
            raise LineError("the message holds too many values")
        message = json.loads(body, parse_constant=_no_constant)
    except LineClosedError as error:
        raise LineError("the other end closed in the middle of a message") from error
    except (ValueError, RecursionError) as error:
        raise LineError("the message is not JSON") from error
    if not isinstance(message, dict):
        raise LineError("the message is not a JSON object")
    return message


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _exactly(sock: socket.socket, count: int, until: float) -> bytes:
    """`count` bytes before the monotonic moment `until`; the buffer grows with what arrives."""
    got = bytearray()
    while len(got) < count:
        left = until - time.monotonic()
        if left <= 0:
            raise LineError(f"the message stopped after {len(got)} of {count} bytes")
        try:
            sock.settimeout(left)
            chunk = sock.recv(min(count - len(got), CHUNK_BYTES))
        except TimeoutError as error:
            raise LineError(f"the message stopped after {len(got)} of {count} bytes") from error
        except OSError as error:
            raise LineError(f"the other end is gone: {error}") from error
        if not chunk:
            if got:
                raise LineError("the other end closed in the middle of a message")
            raise LineClosedError("the other end closed")
        got += chunk
    return bytes(got)


class Line:
    """The asking end. Each call is one connection; a call that fails may be made again.

    Every method raises `LineError`: `run` is not there, too slow, refused, or spoke nonsense.
    """

    def __init__(self, path: Path, answer_s: float = ANSWER_S) -> None:
        self._path = path
        self._answer_s = answer_s

    def statements(self, after: int, most: int) -> Batch:
        """At most `most` journal rows with seq > `after`, in order."""
        answer = self._ask({"ask": "statements", "after": after, "most": most})
        rows = answer.get("statements")
        if not isinstance(rows, list):
            raise LineError("the answer holds no list of statements")
        return Batch(tuple(_row(row) for row in rows), _head(answer))

    def wait(self, after: int, timeout_s: float) -> Head:
        """The head as soon as its seq is over `after`, or as it is after `timeout_s` seconds."""
        ask = {"ask": "wait", "after": after, "timeout_s": timeout_s}
        return _head(self._ask(ask, extra_s=timeout_s))

    def listen(self, after: int, timeout_s: float, calls: int) -> tuple[Head, int]:
        """As `wait`, and as soon as the centre was called more often than `calls` (or `run` is new)."""
        ask = {"ask": "wait", "after": after, "timeout_s": timeout_s, "calls": calls}
        answer = self._ask(ask, extra_s=timeout_s)
        return _head(answer), _number(answer, "calls")

    def manifest(self) -> InForce:
        """Version and hash of the manifest in force."""
        answer = self._ask({"ask": "manifest"})
        return InForce(_number(answer, "ver"), _text(answer, "hash"))

    def offer_manifest(self, jwe: str) -> Taken | Refused:
        """Offer a sealed manifest. Both answers are final: offering it again changes nothing."""
        answer = self._ask({"ask": "offer_manifest", "jwe": jwe})
        if answer.get("accepted") is True:
            return Taken(_number(answer, "ver"))
        return Refused(_text(answer, "refused"), str(answer.get("detail", ""))[:200])

    def health(self) -> dict[str, object]:
        """The latest health snapshot, to be handed on as it is."""
        return _object(self._ask({"ask": "health"}), "health")

    def status(self) -> dict[str, object]:
        """What `kiosk status` shows."""
        return _object(self._ask({"ask": "status"}), "status")

    def contact(self, at: str) -> None:
        """Tell that central answered at `at`, RFC 3339 UTC by central's clock."""
        self._ask({"ask": "contact", "at": at})

    def usb(self, stick: str, timeout_s: float) -> UsbJob | None:
        """What staff want done with this stick; None after `timeout_s` seconds of nothing."""
        ask = {"ask": "usb", "stick": stick, "timeout_s": timeout_s}
        job = self._ask(ask, extra_s=timeout_s).get("job")
        return _job(job) if isinstance(job, dict) else None

    def usb_done(self, stick: str, number: int, outcome: str, count: int, sealed: str) -> None:
        """What became of it; told when the stick is unmounted."""
        ask = {"ask": "usb_done", "stick": stick, "number": number, "outcome": outcome}
        self._ask({**ask, "count": count, "sealed": sealed})

    def _ask(self, message: Mapping[str, object], extra_s: float = 0.0) -> dict[str, object]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            try:
                sock.settimeout(self._answer_s)
                sock.connect(str(self._path))
            except OSError as error:
                raise LineError(f"kiosk run does not answer at {self._path}: {error}") from error
            send_message(sock, message, self._answer_s)
            answer = receive_message(sock, self._answer_s + extra_s)
        if "error" in answer:
            raise LineError(f"kiosk run refused: {str(answer['error'])[:200]}")
        return answer


def _job(raw: Mapping[str, object]) -> UsbJob:
    act, kiosk = _text(raw, "act"), _text(raw, "kiosk")
    if act not in ("import", "export") or not _KIOSK.fullmatch(kiosk):
        raise LineError("the answer holds no job for a stick")
    return UsbJob(_number(raw, "number"), act, kiosk, _number(raw, "after"), _number(raw, "last"))


def _row(row: object) -> str | Damaged:
    if isinstance(row, str):
        return row
    if isinstance(row, dict) and row.get("damaged") is True:
        return Damaged(_number(row, "seq"))
    raise LineError("the answer holds something other than statements")


def _head(answer: Mapping[str, object]) -> Head:
    head = _object(answer, "head")
    return Head(_number(head, "seq"), _text(head, "hash"))


def _object(answer: Mapping[str, object], name: str) -> dict[str, object]:
    value = answer.get(name)
    if not isinstance(value, dict):
        raise LineError(f"the answer holds no {name}")
    return value


def _number(answer: Mapping[str, object], name: str) -> int:
    value = answer.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise LineError(f"the answer holds no {name}")
    return value


def _text(answer: Mapping[str, object], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str):
        raise LineError(f"the answer holds no {name}")
    return value
