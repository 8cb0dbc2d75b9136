"""What lies under a call: the way to central, TLS as the kiosk's clock allows it, and an end to dawdling.

The law of this file: the way is what the configuration says, never what the environment says. With a
pinned authority the chain and the name are always checked, the dates only by a kiosk that knows the time
(DESIGN §8). A connection that outlives its time is shut from outside, wherever it stands: in the
handshake of TLS or of a proxy, between two bytes of a header.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3 import ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

# X509_V_FLAG_NO_CHECK_TIME of OpenSSL's x509_vfy.h; the module ssl has no name for it.
NO_CHECK_TIME = ssl.VerifyFlags(0x200000)


class NotAllowedError(ValueError):
    """A key of [central] cannot be used; the text says what is wanted."""


def dates_count() -> bool:
    """The kiosk knows the time."""
    return True


@dataclass(frozen=True, slots=True)
class Way:
    """How central is reached.

    `ca`: the only authority to trust for TLS; None: those that come with the program. `proxy` "" for
    none. `dates`: asked before each call with a pinned authority, whether the kiosk's clock can judge
    how long a certificate is valid.

    Raises:
        NotAllowedError: no authority in the file, or no proxy's address.
    """

    ca: Path | None = None
    proxy: str = field(default="", repr=False)  # may hold a password
    dates: Callable[[], bool] = dates_count

    def __post_init__(self) -> None:
        if self.ca is not None:
            _pinned(self.ca)
        if self.proxy:
            _check_proxy(self.proxy)


class Cut:
    """A second hold on one caller's connection, to end it from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: int | None = None  # a file descriptor of our own

    def __del__(self) -> None:
        self._keep(None)

    def hold(self, sock: socket.socket) -> None:
        """From now on this connection; TLS takes the socket itself over, so a copy is kept."""
        self._keep(os.dup(sock.fileno()))

    def end(self) -> None:
        """Shut the connection: whoever reads or writes there wakes up."""
        with self._lock:
            held, self._held = self._held, None
        if held is not None:
            with socket.socket(fileno=held) as sock, suppress(OSError):  # it ended by itself
                sock.shutdown(socket.SHUT_RDWR)

    def _keep(self, held: int | None) -> None:
        with self._lock:
            old, self._held = self._held, held
        if old is not None:
            os.close(old)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """End it when this block takes longer, or fails."""
        timer = threading.Timer(seconds, self.end)
        timer.daemon = True
        timer.start()
        with ExitStack() as unless_done:
            unless_done.callback(self.end)
            try:
                yield
            finally:
                timer.cancel()
            unless_done.pop_all()


class Transport(HTTPAdapter):
    """Connections of one caller. Not for two threads at once."""

    def __init__(self, way: Way) -> None:
        self.cut = Cut()
        self._dates = way.dates
        self._context = _pinned(way.ca) if way.ca is not None else None
        self._flags = self._context.verify_flags if self._context else NO_CHECK_TIME
        self._pools = _pools(self.cut)
        super().__init__()

    def heed_clock(self) -> None:
        """Whether the dates of certificates count for connections made from now on."""
        if self._context is not None:
            self._context.verify_flags = (
                self._flags if self._dates() else self._flags | NO_CHECK_TIME
            )

    def init_poolmanager(self, *args: object, **more: object) -> None:
        """As requests makes it, with our TLS and connections that can be cut."""
        super().init_poolmanager(*args, ssl_context=self._context, **more)  # type: ignore[arg-type]  # handed through
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **more: object) -> ProxyManager:
        """The same behind a proxy."""
        manager: ProxyManager = super().proxy_manager_for(proxy, ssl_context=self._context, **more)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pools(cut: Cut) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            cut.hold(sock)
            return sock

    class Secured(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            cut.hold(sock)
            return sock

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecuredPool(HTTPSConnectionPool):
        ConnectionCls = Secured

    return {"http": PlainPool, "https": SecuredPool}


def _pinned(ca: Path) -> ssl.SSLContext:
    """TLS that trusts this authority alone."""
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise NotAllowedError(
            f"[central] ca: {ca}: wanted a file of certificates (PEM) that can be read: {error}"
        ) from error


def _check_proxy(proxy: str) -> None:
    wanted = "[central] proxy: wanted http://HOST:PORT or http://USER:PASSWORD@HOST:PORT"
    try:
        parts = urlsplit(proxy)
        port = parts.port
    except ValueError:
        raise NotAllowedError(wanted) from None  # its text may repeat the password
    rest = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme != "http" or not parts.hostname or not port or rest:
        raise NotAllowedError(wanted)
