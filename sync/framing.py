"""Framing of `run`'s AF_UNIX socket, for both ends: `sync/line.py` asks, `kiosk/line.py` answers.

The law of this file: a message is one JSON object behind its length in 4 bytes (big-endian), at
most `MAX_LINE_BYTES`; every read and write has a deadline for the whole message, so that neither
end can hold the other up by trickling bytes. One connection carries one request and its answer.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping
from typing import NoReturn

from sync.messages import MAX_LINE_BYTES

LENGTH_BYTES = 4
CHUNK_BYTES = 64 * 1024
_SIGNS = (b",", b"[", b"{")


class LineError(Exception):
    """The line failed; the text says how. A message that did not get through changed nothing."""


class LineAbsentError(LineError):
    """Nobody listens: `run` is not there."""


class LineForbiddenError(LineError):
    """`run` is there, and this user may not ask that."""


class LineSilentError(LineError):
    """The other end is there, and gave no whole answer, or took none, in time."""


class LineClosedError(LineError):
    """The other end closed between two messages: the ordinary end of a connection."""


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
        raise LineSilentError(f"the other end did not read within {deadline_s:g} s") from error
    except ConnectionError as error:
        raise LineClosedError(f"the other end is gone: {error}") from error
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
            raise LineSilentError(f"the message stopped after {len(got)} of {count} bytes")
        try:
            sock.settimeout(left)
            chunk = sock.recv(min(count - len(got), CHUNK_BYTES))
        except TimeoutError as error:
            raise LineSilentError(
                f"the message stopped after {len(got)} of {count} bytes"
            ) from error
        except ConnectionError as error:  # it closed without reading what we said
            kind = LineError if got else LineClosedError
            raise kind(f"the other end is gone: {error}") from error
        except OSError as error:
            raise LineError(f"the other end is gone: {error}") from error
        if not chunk:
            if got:
                raise LineError("the other end closed in the middle of a message")
            raise LineClosedError("the other end closed")
        got += chunk
    return bytes(got)
