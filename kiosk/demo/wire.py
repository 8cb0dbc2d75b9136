"""The demo's network: a TCP forwarder between sync and central, with a switch.

Off means what a pulled cable means: nothing new is taken, what was under way is gone.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

CHUNK_BYTES = 64 * 1024
CONNECT_S = 2.0


class Wire:
    """Listens on loopback and passes every byte on while it is plugged in."""

    def __init__(self, to_port: int, listener: socket.socket | None = None) -> None:
        """`listener`: where it is reached, if that is not a port of its own; it belongs to the wire."""
        self._to = ("127.0.0.1", to_port)
        self._listener = listener or socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._plugged = True
        self._ends: set[socket.socket] = set()
        threading.Thread(target=self._accept, name="wire", daemon=True).start()

    @property
    def plugged(self) -> bool:
        """True while the network is there."""
        with self._lock:
            return self._plugged

    def plug(self) -> None:
        """The network is back."""
        with self._lock:
            self._plugged = True

    def pull(self) -> None:
        """The network is gone, in the middle of whatever was under way."""
        with self._lock:
            self._plugged = False
            ends, self._ends = self._ends, set()
        for end in ends:
            _hang_up(end)

    def close(self) -> None:
        """Pull it for good."""
        self.pull()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # closed
            if not self.plugged:
                near.close()
                continue
            try:
                far = socket.create_connection(self._to, CONNECT_S)
            except OSError:
                near.close()  # central is not there
                continue
            far.settimeout(None)
            with self._lock:
                self._ends |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while chunk := source.recv(CHUNK_BYTES):
                sink.sendall(chunk)
        except OSError:
            pass  # one of the two is gone; both are hung up below
        for end in (source, sink):
            with self._lock:
                self._ends.discard(end)
            _hang_up(end)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):  # the other side was quicker
        end.shutdown(socket.SHUT_RDWR)
    end.close()
