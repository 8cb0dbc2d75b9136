"""The kiosk's end of the line to the simulated cabinet: `driver = "simulated"`.

The law of this file: a line that is lost or silent makes every known door UNKNOWN and every pulse
that was on its way NO_ANSWER; then it comes back by itself. The demo's script (touches, pictures)
rides on the same line and exists for this driver only.
"""

from __future__ import annotations

import logging
import select
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from drivers.doors import Capabilities, DoorsRead, DriverEvent, Inbox, Outcome, PulseDone, Reading
from drivers.simulated.bank import CAPABILITIES, scanned
from drivers.simulated.channel import Channel, LineError, Waker, monotonic_ms

RETRY_FIRST_S = 0.05  # between two tries to connect: doubled each time …
RETRY_MAX_S = 1.0  # … up to this
SILENCE_S = 3.0  # sweeps come every 100 ms: so much silence is a lost line
CLOSE_S = 1.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ScriptRequest:
    """What the demo's script wants of this kiosk; `id` goes back with `RemoteBank.answer`."""

    id: int
    do: str
    fields: Mapping[str, object]


def _event(message: dict[str, object]) -> DriverEvent | ScriptRequest:
    match message:
        case {"doors": dict() as doors, "up_ms": int() as up_ms}:
            return DoorsRead(up_ms, {int(n): Reading(reading) for n, reading in doors.items()})
        case {"pulsed": int() as compartment, "outcome": str() as outcome}:
            return PulseDone(compartment, Outcome(outcome))
        case {"scanned": str() as text}:
            return scanned(text)
        case {"do": str() as do, "id": int() as number}:
            fields = {key: value for key, value in message.items() if key not in ("do", "id")}
            return ScriptRequest(number, do, fields)
    raise ValueError(f"unknown keys {sorted(message)}")


class RemoteBank:
    """A `LockBank` at the other end of a socket. Its own thread posts the events.

    `on_script` is called on that thread too: it may only put the request somewhere. `up_ms` stamps
    lost doors and has to be the machine's monotonic clock, which stamps all other readings.
    """

    def __init__(
        self,
        path: Path,
        on_script: Callable[[ScriptRequest], None] | None = None,
        up_ms: Callable[[], int] = monotonic_ms,
    ) -> None:
        self._path = path
        self._on_script = on_script
        self._up_ms = up_ms
        self._inbox: Inbox | None = None
        self._lock = threading.Lock()  # over the three below
        self._channel: Channel | None = None
        self._asked: list[int] = []
        self._known: tuple[int, ...] = ()
        self._turned_ms = 0  # written by the thread alone
        self._closing = threading.Event()
        self._waker = Waker()
        self._thread = threading.Thread(target=self._run, name="simulated-doors", daemon=True)

    @property
    def capabilities(self) -> Capabilities:
        """As of the simulated board."""
        return CAPABILITIES

    @property
    def turned_ms(self) -> int:
        """As of `Turning`: looking for a line that is lost is coming round."""
        return self._turned_ms

    def start(self, inbox: Inbox) -> None:
        """As the port says; connects in the background, for as long as it takes."""
        assert self._inbox is None, "a bank is started once"
        self._inbox = inbox
        self._thread.start()

    def pulse(self, compartment: int) -> None:
        """As the port says; NOT_SENT while there is no line."""
        assert self._inbox is not None, "a bank is started before it is used"
        with self._lock:
            sent = self._channel is not None and not self._closing.is_set()
            if sent:
                self._asked.append(compartment)
                self._send({"pulse": compartment})  # if it fails `_lost` answers
        if not sent:
            self._inbox(PulseDone(compartment, Outcome.NOT_SENT))

    def answer(self, number: int, fields: Mapping[str, object]) -> bool:
        """Answer one `ScriptRequest`. False: nobody listens any more. ValueError: beyond 8 MiB."""
        with self._lock:
            return self._send({**fields, "answer": number})

    def tell(self, news: Mapping[str, object]) -> bool:
        """Tell the demo something unasked. False: nobody listens. ValueError: beyond 8 MiB."""
        with self._lock:
            return self._send({"news": dict(news)})

    def close(self) -> None:
        """Every coil off, and stop; nothing is posted after it returned. Safe to call twice."""
        if self._closing.is_set():
            return
        with self._lock:  # the thread takes it too before it says goodbye
            self._closing.set()
            self._send({"off": True})
        if self._thread.is_alive():
            self._thread.join(3 * CLOSE_S)
        self._waker.close()

    def _send(self, message: Mapping[str, object]) -> bool:
        if self._channel is None:
            return False
        try:
            self._channel.send(message)
        except LineError:  # the channel hung up, so the thread wakes and says why
            return False
        self._waker.wake()
        return True

    # The bank's thread

    def _run(self) -> None:
        delay_s = RETRY_FIRST_S
        while not self._closing.is_set():
            self._turned_ms = self._up_ms()
            try:
                channel = self._connect()
            except OSError as error:
                if delay_s == RETRY_FIRST_S:
                    _log.warning("no cabinet at %s (%s); trying again", self._path, error.strerror)
                self._closing.wait(delay_s)
                delay_s = min(2 * delay_s, RETRY_MAX_S)
                continue
            delay_s = RETRY_FIRST_S
            try:
                self._talk(channel)
            except LineError as error:
                self._lost(channel, error)
                self._closing.wait(delay_s)

    def _connect(self) -> Channel:
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.connect(str(self._path))
        except OSError:
            sock.close()
            raise
        channel = Channel(sock)
        with self._lock:
            self._channel = channel
        return channel

    def _talk(self, channel: Channel) -> None:
        while not self._closing.is_set():
            self._turned_ms = self._up_ms()
            with self._lock:
                writing = [channel] if channel.has_unsent else []
            reading: list[Channel | Waker] = [channel, self._waker]
            readable, _, _ = ready = select.select(reading, writing, [], SILENCE_S)
            if not any(ready):
                raise LineError(f"the cabinet was silent for {SILENCE_S} s")
            if self._waker in readable:
                self._waker.drain()
            with self._lock:
                channel.flush()
                messages = channel.receive()
            for message in messages:
                self._hear(message)
        with self._lock:
            self._channel = None
        channel.finish(CLOSE_S)
        channel.close()

    def _hear(self, message: dict[str, object]) -> None:
        assert self._inbox is not None, "the thread runs after start"
        try:
            event = _event(message)
        except ValueError as error:
            raise LineError(f"a message in another form: {error}") from error
        if isinstance(event, ScriptRequest):
            if self._on_script is not None:
                self._on_script(event)
            return
        with self._lock:
            if isinstance(event, DoorsRead):
                self._known = tuple(event.readings)
            if isinstance(event, PulseDone):
                if event.compartment not in self._asked:
                    raise LineError(f"an answer to a pulse never asked: {event}")
                self._asked.remove(event.compartment)
        self._inbox(event)

    def _lost(self, channel: Channel, why: LineError) -> None:
        assert self._inbox is not None, "the thread runs after start"
        with self._lock:
            self._channel = None
            asked, self._asked = self._asked, []
        channel.close()
        if self._closing.is_set():
            return
        _log.warning("lost the cabinet at %s: %s; its doors are unknown", self._path, why)
        for compartment in asked:
            self._inbox(PulseDone(compartment, Outcome.NO_ANSWER))
        if self._known:
            unknown = dict.fromkeys(self._known, Reading.UNKNOWN)
            self._inbox(DoorsRead(self._up_ms(), unknown))
