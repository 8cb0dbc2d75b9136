"""The demo's end of the line: the cabinet in real time, served over AF_UNIX to `RemoteBank`.

The law of this file: the cabinet lives here and runs by this process's clock, so that killing the
kiosk neither erases papers nor leaves a coil on. One kiosk at a time: the newest connection wins.
Messages to the kiosk: `{doors, up_ms}`, `{pulsed, outcome}`, `{scanned}` and, for the demo's script
alone, `{do, id, …}`. From it: `{pulse}`, `{off}`, `{answer, …}`, `{news}`.
"""

from __future__ import annotations

import logging
import queue
import select
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from drivers.doors import DoorsRead, DriverEvent, PulseDone, Scanned
from drivers.simulated.bank import SimulatedBank
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.channel import Channel, LineError, Waker, monotonic_ms

SOCKET_MODE = 0o600
CLOSE_S = 2.0
QUIET_MS = 300  # between sweeps while nothing stirs: an idle kiosk should cost little

News = Callable[[Mapping[str, object]], None]
_log = logging.getLogger(__name__)


def _message(event: DriverEvent) -> dict[str, object]:
    if isinstance(event, DoorsRead):
        return {"doors": {str(n): r for n, r in event.readings.items()}, "up_ms": event.up_ms}
    if isinstance(event, PulseDone):
        return {"pulsed": event.compartment, "outcome": event.outcome}
    return {"scanned": event.text}


class SimulatedLine:
    """Serves one cabinet at `path`. Every method may be called from any thread."""

    def __init__(self, path: Path, cabinet: Cabinet) -> None:
        self._path = path
        self._cabinet = cabinet
        self._lock = (
            threading.Condition()
        )  # over everything below; notified when a kiosk comes or goes
        self._channel: Channel | None = None
        self._bank: SimulatedBank | None = None
        self._pending: dict[int, queue.SimpleQueue[dict[str, object] | None]] = {}
        self._last_id = 0
        self._on_news: News = lambda _: None
        self._closing = threading.Event()
        self._waker = Waker()
        self._listener = socket.socket(socket.AF_UNIX)
        self._thread = threading.Thread(target=self._run, name="simulated-line", daemon=True)

    def start(self) -> None:
        """Listen. OSError: the path cannot be bound (a Linux socket path has at most 107 bytes)."""
        if self._path.is_socket():
            self._path.unlink()  # of a demo that was killed
        self._listener.bind(str(self._path))
        self._path.chmod(SOCKET_MODE)  # nobody can connect before listen
        self._listener.listen()
        self._listener.settimeout(0)
        self._thread.start()

    def close(self) -> None:
        """Coils off, hang up, remove the socket. Safe to call twice."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._waker.wake()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)
        with self._lock:
            self._cabinet.board.all_off()
            self._drop("the demo ends")
        self._listener.close()
        self._waker.close()
        self._path.unlink(missing_ok=True)

    @contextmanager
    def hands(self) -> Iterator[Cabinet]:
        """The cabinet at this very moment, held still for a hand, an eye or a fault. Be quick."""
        with self._lock:
            self._cabinet.at(max(monotonic_ms(), self._cabinet.now_ms))
            yield self._cabinet
        self._waker.wake()

    def scan(self, text: str) -> None:
        """Hold something before the scanner. LineError: no kiosk is connected."""
        with self._lock:
            self._connected().send(_message(Scanned(text)))
        self._waker.wake()

    def on_news(self, callback: News) -> None:
        """Who hears what the kiosk tells unasked; called on the line's thread."""
        self._on_news = callback

    def wait_connected(self, timeout_s: float) -> bool:
        """Wait until a kiosk is connected; False: none came in time."""
        with self._lock:
            return self._lock.wait_for(lambda: self._channel is not None, timeout_s)

    def wait_gone(self, timeout_s: float) -> bool:
        """Wait until no kiosk is connected, as after a kill; False: one still was."""
        with self._lock:
            return self._lock.wait_for(lambda: self._channel is None, timeout_s)

    def request(self, do: str, timeout_s: float, **fields: object) -> dict[str, object]:
        """Ask the kiosk's script end and wait for its answer. LineError: none came, and why."""
        answer: queue.SimpleQueue[dict[str, object] | None] = queue.SimpleQueue()
        with self._lock:
            self._last_id += 1
            number = self._last_id
            self._connected().send({**fields, "do": do, "id": number})
            self._pending[number] = answer
        self._waker.wake()
        try:
            got = answer.get(timeout=timeout_s)
        except queue.Empty as error:
            raise LineError(f"the kiosk did not answer {do!r} within {timeout_s} s") from error
        finally:
            with self._lock:
                self._pending.pop(number, None)
        if got is None:
            raise LineError(f"the kiosk went away before it answered {do!r}")
        return got

    def _connected(self) -> Channel:
        if self._channel is None:
            raise LineError(f"no kiosk is connected at {self._path}")
        return self._channel

    # The line's thread

    def _run(self) -> None:
        while not self._closing.is_set():
            with self._lock:
                self._tick()
                channel = self._channel
                wait_s = self._wait_s()
                writing = [channel] if channel is not None and channel.has_unsent else []
            reading = [end for end in (self._listener, self._waker, channel) if end is not None]
            readable, writable, _ = select.select(reading, writing, [], wait_s)
            if self._waker in readable:
                self._waker.drain()
            if channel is not None and (channel in readable or writable):
                self._exchange(channel)
            if self._listener in readable:
                self._accept()

    def _tick(self) -> None:
        if self._bank is not None:
            self._bank.advance(max(monotonic_ms(), self._cabinet.now_ms))

    def _post(self, event: DriverEvent) -> None:
        # A kiosk that died may have said something before: `_exchange` reads that, then drops it.
        with suppress(LineError):
            self._connected().send(_message(event))

    def _wait_s(self) -> float | None:
        due = None if self._bank is None else self._bank.next_ms()
        return None if due is None else max(0, due - monotonic_ms()) / 1_000

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):  # hung up again before we looked
            return
        with self._lock:
            self._drop("another kiosk connected")
            self._channel = Channel(sock)
            self._bank = SimulatedBank(self._cabinet, quiet_ms=QUIET_MS)
            self._bank.start(self._post)
            self._lock.notify_all()

    def _exchange(self, channel: Channel) -> None:
        news: list[Mapping[str, object]] = []
        with self._lock:
            try:
                for message in channel.receive():
                    self._hear(message, news)
                channel.flush()
            except LineError as error:
                self._drop(str(error))
        for told in news:
            self._on_news(told)

    def _hear(self, message: dict[str, object], news: list[Mapping[str, object]]) -> None:
        match message:
            case {"pulse": int() as compartment}:
                with self.hands() as cabinet:
                    cabinet.board.pulse(compartment)
            case {"off": True}:
                self._cabinet.board.all_off()
                raise LineError("the kiosk closed its locks")
            case {"answer": int() as number}:
                if number in self._pending:
                    self._pending[number].put({k: v for k, v in message.items() if k != "answer"})
            case {"news": dict() as told}:
                news.append(told)
            case _:
                raise LineError(f"a message with unknown keys {sorted(message)}")

    def _drop(self, reason: str) -> None:
        if self._channel is None:
            return
        _log.info("kiosk disconnected from %s: %s", self._path, reason)
        self._channel.close()
        self._channel = self._bank = None
        self._cabinet.board.hang_up()
        for answer in self._pending.values():
            answer.put(None)
        self._lock.notify_all()
