"""Networks and centrals that misbehave: raw bytes on loopback, and a relay that loses things."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

REQUEST_S = 5.0
MOST_TRICKLES = 200


def read_request(peer: socket.socket) -> bytes:
    """One HTTP request with a Content-Length or none."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += peer.recv(65536) or b"\r\n\r\n"
    head, _, body = got.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += peer.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def listening(talk: Callable[[socket.socket], None], *, v6: bool = False) -> Iterator[str]:
    """Hand every connection to `talk(peer)` in a thread of its own; yields the address."""
    family = socket.AF_INET6 if v6 else socket.AF_INET
    listener = socket.create_server(("::1" if v6 else "127.0.0.1", 0), family=family)

    def accept() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            peer.settimeout(REQUEST_S)
            threading.Thread(target=guarded, args=(peer,), daemon=True).start()

    def guarded(peer: socket.socket) -> None:
        with peer:
            try:
                talk(peer)
            except OSError:
                return  # the other side hung up first, which is its right

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://{'[::1]' if v6 else '127.0.0.1'}:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


class Scripted:
    """A central that says the same bytes to everybody, and counts."""

    def __init__(self, answer: bytes, *, then_silent: bool = False) -> None:
        self.asked: list[bytes] = []
        self.over = threading.Event()
        self._answer = answer
        self._silent = then_silent

    def __call__(self, peer: socket.socket) -> None:
        self.asked.append(read_request(peer))
        peer.sendall(self._answer)
        if self._silent:
            self.over.wait(REQUEST_S)


class Trickle(Scripted):
    """One byte at a time, so slowly that no single read times out."""

    def __call__(self, peer: socket.socket) -> None:
        self.asked.append(read_request(peer))
        peer.sendall(self._answer)
        for _ in range(MOST_TRICKLES):
            if self.over.wait(0.02):
                return
            peer.sendall(b" ")


class Drip(Scripted):
    """A status line, and then a header that never ends, byte by byte."""

    def __call__(self, peer: socket.socket) -> None:
        self.asked.append(read_request(peer))
        peer.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not self.over.wait(0.02):
            peer.sendall(b"y")


class Relay:
    """Stands between sync and the real central; `mode` is what the next request meets."""

    def __init__(self, central: str) -> None:
        self.mode = "pass"  # pass | lost request | lost reply | twice
        self.head = b""  # the answer to every GET, if set
        self._port = 0
        self.to(central)

    def to(self, central: str) -> None:
        """Another central from now on, and its own answers."""
        self.head = b""
        self._port = urlsplit(central).port or 0

    def __call__(self, peer: socket.socket) -> None:
        request = read_request(peer)
        mode, self.mode = self.mode, "pass"
        if mode == "lost request":
            return
        if self.head and request.startswith(b"GET"):
            peer.sendall(self.head)
            return
        answer = self._forward(request)
        if mode == "twice":
            answer = self._forward(request)
        if mode != "lost reply":
            peer.sendall(answer)

    def _forward(self, request: bytes) -> bytes:
        # One request per connection keeps the relay simple: central is asked to close after it.
        head, rest = request.split(b"\r\n", 1)
        rest = b"Connection: close\r\n" + rest
        with socket.create_connection(("127.0.0.1", self._port), REQUEST_S) as upstream:
            upstream.sendall(head + b"\r\n" + rest)
            got = b""
            while chunk := upstream.recv(65536):
                got += chunk
        return got


def http(status: str, *headers: str, body: bytes = b"") -> bytes:
    """An answer, its length told unless a header tells it."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if not any(h.lower().startswith(("content-length", "transfer-encoding")) for h in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\nConnection: close\r\n\r\n" + body
