"""Central as a web application, put together, and as a process.

The law of this file: everything central is made of is named here once; nothing else starts a thread,
a loop or a socket.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from sync.central import (
    counter_api,
    enrolment_api,
    kiosk_api,
    kiosks_api,
    office_api,
    problems,
    staff_api,
    watch,
)
from sync.central.access import Access
from sync.central.database import StoreError
from sync.central.desk import Desk
from sync.central.figures import Figures
from sync.central.pages import routes
from sync.central.settings import Settings, SettingsError
from sync.central.store import Store

END_S = 2  # for answers under way when asked to end
_LOG = logging.getLogger("kiosk.central")


def make_app(store: Store) -> FastAPI:
    """The application on one store; the caller closes the store."""
    figures = Figures()
    store.on_alarm = figures.alarmed

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.desk = desk = Desk(store, figures)
        messenger = asyncio.create_task(desk.send_messages())
        listener = asyncio.create_task(desk.listener.run())
        yield
        desk.bells.close()
        await messenger
        listener.cancel()
        with suppress(asyncio.CancelledError):
            await listener

    app = FastAPI(
        title="ATM hồ sơ 24/7: central",
        version="1",
        summary="What kiosks fetch and report, and what the office orders.",
        lifespan=lifespan,
    )
    app.include_router(kiosk_api.router)
    app.include_router(enrolment_api.router)
    app.include_router(office_api.router)
    app.include_router(counter_api.router)
    app.include_router(staff_api.router)
    app.include_router(kiosks_api.router)
    app.include_router(watch.router)
    app.include_router(routes.router)
    problems.install(app)
    app.add_middleware(problems.Frame, store=store)
    app.add_middleware(Access, figures=figures)
    return app


class _Server(uvicorn.Server):
    """Tells when it listens, and lets long polls go before it waits for them to end."""

    def __init__(self, app: FastAPI, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._web = app
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._web.state.desk.bells.close()
        await super().shutdown(sockets)
        # Whoever did not end in time, or came at the last moment: the other side asks again. No time passes:
        # in one turn of the loop those appear that the kernel has accepted, in the next they are closed.
        await asyncio.sleep(0)
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)


class Central:
    """A central that serves until `end` is called or the process is asked to end."""

    def __init__(
        self, store: Store, *, ready: Callable[[int], None], port_file: Path | None = None
    ) -> None:
        settings = store.settings
        self._socket = socket.create_server((settings.host, settings.port))
        # Those that are accepted inherit it; asyncio does not see that they are TCP. Without it the body of
        # an answer waits until its head was acknowledged, which the other side puts off for 40 ms.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port: int = self._socket.getsockname()[1]
        app = make_app(store)
        config = uvicorn.Config(
            app,
            log_config=None,  # uvicorn's words go where ours go
            log_level="warning",
            server_header=False,  # kiosks may pay for every byte
            access_log=False,  # `access` has a line for each request
            timeout_graceful_shutdown=END_S,
        )

        def started() -> None:
            if port_file is not None:
                _write(port_file, f"{self.port}\n")
            ready(self.port)

        self._server = _Server(app, config, started)

    def serve(self) -> None:
        """Serve; returns when asked to end."""
        self._server.run(sockets=[self._socket])

    def end(self) -> None:
        """Ask it to end; from any thread."""
        self._server.should_exit = True


def allow_files() -> None:
    """Every kiosk that waits is an open file, and what a process may open at first is often 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def run_central(
    settings: Settings,
    now: Callable[[], int],
    *,
    ready: Callable[[int], None] | None = None,
    port_file: Path | None = None,
) -> int:
    """`kiosk central`: serve until SIGTERM or SIGINT (0); 1 when the database cannot be used.

    `now` is wall time in milliseconds. Once it listens, the port is written to `port_file` and handed
    to `ready`.

    Raises:
        OSError: the port is taken, or a file cannot be written.
    """
    if threading.current_thread() is threading.main_thread():
        allow_files()
    try:
        store = Store(settings, now)
    except (SettingsError, StoreError) as error:
        _LOG.error("%s", error)
        return 1
    if threading.current_thread() is threading.main_thread():
        for asked in (signal.SIGTERM, signal.SIGINT):
            # uvicorn repeats the signal to whom it found here once it has ended: that is no failure.
            signal.signal(asked, lambda *_: None)
    try:
        Central(store, ready=ready or _say, port_file=port_file).serve()
    finally:
        store.close()
    return 0


def _say(port: int) -> None:
    _LOG.info("central listens on port %d", port)


def _write(path: Path, text: str) -> None:
    """Whole or not at all: whoever waits for this file reads it the moment it appears."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="ascii")
    fresh.replace(path)
