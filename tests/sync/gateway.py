"""A gateway of SMS that does what gateways do: it takes, fails, hangs, hangs up, and remembers ids."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "a-key-of-the-gateway"


class FakeGateway:
    """`moods` are used up one by one, then it is well. Phones get each id once."""

    def __init__(self) -> None:
        self.moods: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.phones: dict[str, dict[str, Any]] = {}
        self.url = ""
        self.let_go = threading.Event()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.asked.append(body)
        self.headers.append(dict(handler.headers))
        mood = self.moods.pop(0) if self.moods else "well"
        if mood == "hangs":
            self.let_go.wait(20)
            return
        if mood in ("well", "takes and hangs up"):
            self.phones.setdefault(body["id"], body)
        if mood == "takes and hangs up":
            handler.close_connection = True
            return
        status, text = _ANSWERS.get(mood, (200, json.dumps({"id": body["id"]})))
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(text)))
        if status == 429:
            handler.send_header("Retry-After", "600")
        if status == 302:
            handler.send_header("Location", self.url)
        handler.end_headers()
        handler.wfile.write(text.encode())


_ANSWERS = {
    "fails": (500, "no"),
    "refuses": (422, "{}"),
    "wrong key": (401, "{}"),
    "slow down": (429, "{}"),
    "elsewhere": (302, ""),
    "portal": (200, "<html>please log in</html>"),
    "other id": (200, '{"id": "0"}'),
    "huge": (200, " " * 100_000),
}


@contextmanager
def gateway() -> Iterator[FakeGateway]:
    """Real HTTP on loopback."""
    fake = FakeGateway()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            fake.answer(self)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}/send"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        fake.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
