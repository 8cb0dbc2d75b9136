"""A forwarder on loopback that counts what passes: HTTP with its headers, both ways, without TCP and TLS."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

CHUNK_BYTES = 64 * 1024
CONNECT_S = 5.0


class Meter:
    """Listens, and passes every byte on."""

    def __init__(self, to_port: int) -> None:
        self._to = ("127.0.0.1", to_port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock = threading.Lock()
        self._bytes = 0
        threading.Thread(target=self._accept, name="meter", daemon=True).start()

    def read(self) -> int:
        """How many bytes passed since the last reading."""
        with self._lock:
            passed, self._bytes = self._bytes, 0
            return passed

    def close(self) -> None:
        """No more connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # closed
            far = socket.create_connection(self._to, CONNECT_S)
            far.settimeout(None)
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):  # one of the two is gone: both are shut below
            while chunk := source.recv(CHUNK_BYTES):
                with self._lock:  # counted before anybody can have it
                    self._bytes += len(chunk)
                sink.sendall(chunk)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
