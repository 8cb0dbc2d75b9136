"""Whole messages over one socket: 4 bytes of length, big-endian, then that much UTF-8 JSON.

The law of this file: a socket never blocks its thread, a message is an object of at most
`MESSAGE_BYTES_MAX`, and what the other side does not read is bounded too. Whatever breaks that is a
`LineError`, after which the channel is only good for closing.
"""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Mapping

HEADER_BYTES = 4
MESSAGE_BYTES_MAX = 8 * 1024 * 1024  # a picture of the screen fits
UNREAD_BYTES_MAX = 2 * MESSAGE_BYTES_MAX
CHUNK_BYTES = 16 * 1024  # as much is allocated for every read, and most are small


class LineError(Exception):
    """The line to or from the simulated cabinet is gone or speaks nonsense; the text says which."""


def monotonic_ms() -> int:
    """Milliseconds of the machine's monotonic clock, the same in every process."""
    return time.monotonic_ns() // 1_000_000


class Channel:
    """One end of a connected socket. Not for two threads at once."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(0)
        self._sock = sock
        self._received = bytearray()
        self._unsent = bytearray()

    def fileno(self) -> int:
        """For select."""
        return self._sock.fileno()

    @property
    def has_unsent(self) -> bool:
        """True: call `flush` when the socket takes more."""
        return bool(self._unsent)

    def send(self, message: Mapping[str, object]) -> None:
        """Queue one message and send what the socket takes at once. ValueError: it is too long."""
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        if len(body) > MESSAGE_BYTES_MAX:
            raise ValueError(f"a message of {len(body)} bytes; at most {MESSAGE_BYTES_MAX} go")
        if len(self._unsent) + len(body) > UNREAD_BYTES_MAX:
            self._hang_up()
            raise LineError("the other side does not read")
        self._unsent += len(body).to_bytes(HEADER_BYTES, "big") + body
        self.flush()

    def flush(self) -> None:
        """Send what the socket takes now."""
        try:
            while self._unsent:
                del self._unsent[: self._sock.send(self._unsent[:CHUNK_BYTES])]
        except BlockingIOError:
            return
        except OSError as error:
            self._hang_up()
            raise LineError(f"sending failed: {error.strerror}") from error

    def receive(self) -> list[dict[str, object]]:
        """Every message that one read completed; call when select says that there is something."""
        try:
            chunk = self._sock.recv(CHUNK_BYTES)
        except BlockingIOError:
            return []
        except OSError as error:
            raise LineError(f"receiving failed: {error.strerror}") from error
        if not chunk:
            raise LineError("the other side hung up")
        self._received += chunk
        messages = []
        while (message := self._next_message()) is not None:
            messages.append(message)
        return messages

    def finish(self, timeout_s: float) -> None:
        """Send the rest and wait until the other side hangs up, at most `timeout_s` for each."""
        # Whoever is gone already needs no goodbye.
        with contextlib.suppress(OSError):
            self._sock.settimeout(timeout_s)
            self._sock.sendall(self._unsent)
            deadline = time.monotonic() + timeout_s
            while self._sock.recv(CHUNK_BYTES) and time.monotonic() < deadline:
                pass

    def close(self) -> None:
        """Hang up. Safe to call twice."""
        self._sock.close()

    def _hang_up(self) -> None:
        # So that whoever sleeps in select on this channel learns of it. It may be down already.
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _next_message(self) -> dict[str, object] | None:
        if len(self._received) < HEADER_BYTES:
            return None
        end = HEADER_BYTES + int.from_bytes(self._received[:HEADER_BYTES], "big")
        if end > HEADER_BYTES + MESSAGE_BYTES_MAX:
            raise LineError(f"a message of more than {MESSAGE_BYTES_MAX} bytes was announced")
        if len(self._received) < end:
            return None
        try:
            message = json.loads(self._received[HEADER_BYTES:end])
        except (ValueError, RecursionError) as error:
            raise LineError("a message is not JSON") from error
        if not isinstance(message, dict):
            raise LineError("a message is not a JSON object")
        del self._received[:end]
        return message


class Waker:
    """Rouses a thread out of select, from any thread."""

    def __init__(self) -> None:
        self._near, self._far = socket.socketpair()
        self._near.settimeout(0)
        self._far.settimeout(0)

    def fileno(self) -> int:
        """For select."""
        return self._near.fileno()

    def wake(self) -> None:
        """The next select returns at once."""
        # Full: it is awake already. Closed: nobody sleeps any more.
        with contextlib.suppress(OSError):
            self._far.send(b"\0")

    def drain(self) -> None:
        """Forget the calls so far."""
        with contextlib.suppress(BlockingIOError):
            while self._near.recv(CHUNK_BYTES):
                pass

    def close(self) -> None:
        """Give both ends back. Safe to call twice."""
        self._near.close()
        self._far.close()
