"""GPIO relays as a `LockBank`: the small cabinet, whose pulses the controller itself must end.

The law of this file: three threads (pulses, contacts, watchdog), and as soon as one of them ends
unasked every coil is put off and each further pulse is NOT_SENT until the program starts again. Every
pulse is answered exactly once, by its thread or, when that hangs, by the watchdog.

How long a coil can stay on, for a pulse of P ms (at most 2,000) and a one-shot of R ms:

| what happens | what ends the pulse | on for at most |
|---|---|---|
| nothing unusual | its own thread, on a monotonic deadline | P |
| exception in its thread, or in another one | `finally` | P |
| SIGTERM | `close`, called by the process in its `finally` | P |
| its thread hangs | the watchdog's thread | P + 200 + 100 ms |
| rail relay: its thread hangs | no more edges on the rail pin | R after the last edge |
| one-shot: the process hangs, SIGKILL, the kernel hangs | the hardware safeguard alone | R |
| rail relay: the same | the same, R after the last edge of the pulse | P + R |

The last row is why a safeguard must be stated: by default a Pi's kernel keeps an output as it was
when its process died. `dtparam=strict_gpiod` in config.txt makes it an input again at once; that
helps against SIGKILL, not against a hang.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections.abc import Callable
from contextlib import ExitStack

from drivers.devices import Device, DeviceState, Tell, Trouble
from drivers.doors import Capabilities, Inbox, Outcome, PulseDone
from drivers.locks.duty import Duty
from drivers.locks.gpio_coils import Clock, Coils, Pause
from drivers.locks.gpio_contacts import SAMPLE_MS, Contacts
from drivers.locks.gpio_wiring import LONGEST_PULSE_MS, SHORTEST_PULSE_MS, GpioWire, GpioWiring
from drivers.locks.outlet import Outlet
from drivers.pins import Factory, PinError

WATCH_MS = 100  # between two looks of the watchdog
CLAIM_MS = 10_000  # longer a pulse does not wait for a hot coil or a busy supply: NOT_SENT
CLAIM_STEP_MS = 50  # another bus may free the supply earlier than it said
MOST_WAITING = 64  # pulses; a kiosk asks for one at a time
JOIN_S = 1.0  # per thread, at the end

_LOG = logging.getLogger(__name__)


class GpioBank:
    """A `LockBank` over the Pi's own pins. PinError on construction: a pin cannot be had.

    `factory` (of `drivers.pins.header`) is shared with the panel and closed by who opened it, after this
    bank. `tell` hears OUTPUT_STUCK and LOST of a `Device.BOARD` called `name`. `up_ms` is the machine's
    monotonic clock; `pause` waits for so many seconds, or until `close`, and is for tests.
    """

    def __init__(
        self,
        wiring: GpioWiring,
        duty: Duty,
        tell: Tell,
        up_ms: Clock,
        *,
        factory: Factory,
        name: str = "gpio",
        pause: Pause | None = None,
    ) -> None:
        self._wires = {wire.compartment: wire for wire in wiring.wires}
        self._duty = duty
        self._tell = tell
        self._name = name
        self._up_ms = up_ms
        self._closing = threading.Event()
        self._pause = self._closing.wait if pause is None else pause
        self._inbox: Inbox | None = None
        self._outlet: Outlet | None = None
        self._lock = threading.Lock()  # over the two below
        self._open: dict[int, int] = {}  # unanswered tickets and their compartments, oldest first
        self._current: int | None = None
        self._ended = False  # a thread did, unasked: for good
        self._hangs = False  # the pulses' thread does, for now
        self._tickets = itertools.count()
        self._asked: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._trouble = Trouble.NONE
        self._sampled_ms = self._watched_ms = 0  # each written by its thread alone
        with ExitStack() as undo:
            self._contacts = Contacts(wiring, factory=factory)
            undo.callback(self._contacts.close)
            self._coils = Coils(
                wiring,
                factory=factory,
                now_ms=up_ms,
                pause=self._pause,
                stopped=self._closing.is_set,
            )
            undo.pop_all()
        self._threads = [
            threading.Thread(target=self._guarded, args=(loop,), name=f"{name}-{job}", daemon=True)
            for job, loop in (
                ("pulses", self._work),
                ("contacts", self._sample),
                ("watchdog", self._watch),
            )
        ]

    @property
    def capabilities(self) -> Capabilities:
        """The controller times the pulse; a busy machine may make it longer than asked."""
        return Capabilities(
            board_times_pulse=False,
            has_feedback=True,
            parallel_pulses=1,
            pulse_ms=(SHORTEST_PULSE_MS, LONGEST_PULSE_MS),
        )

    @property
    def turned_ms(self) -> int:
        """As of `Turning`: the pulses' thread may wait for work; that it hangs the watchdog's knows."""
        return min(self._sampled_ms, self._watched_ms)

    def start(self, inbox: Inbox) -> None:
        """As the port says: no coil moves."""
        assert self._inbox is None, "a bank is started once"
        self._inbox = inbox
        self._outlet = Outlet(inbox, self._tell, self._up_ms)
        for thread in self._threads:
            thread.start()

    def pulse(self, compartment: int) -> None:
        """As the port says; one after the other, in the order of asking."""
        assert self._inbox is not None, "a bank is started before it is used"
        with self._lock:
            serves = not (self._ended or self._hangs or self._closing.is_set())
            if serves and compartment in self._wires and len(self._open) < MOST_WAITING:
                ticket = next(self._tickets)
                self._open[ticket] = compartment
                self._asked.put(ticket)
                return
            self._inbox(PulseDone(compartment, Outcome.NOT_SENT))

    def close(self) -> None:
        """Every coil off, at once; then the threads end and the pins are given back. Safe twice."""
        with self._lock:
            self._closing.set()
            self._open.clear()
        if self._outlet is not None:
            self._outlet.close()
        self._coils.all_off()
        self._asked.put(None)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(JOIN_S)
        self._coils.close()
        try:
            self._contacts.close()
        except PinError as error:
            _LOG.error("at the end: %s", error)

    # What is told

    def _answer(self, ticket: int, outcome: Outcome) -> None:
        """The one place where a pulse that was taken is answered; a second answer is dropped."""
        with self._lock:
            compartment = self._open.pop(ticket, None)
        if compartment is not None and self._outlet is not None:
            self._outlet.pulsed(compartment, outcome)

    def _abandon(self) -> None:
        """Answer what nobody will carry out: the one that hangs may have fired, the others did not."""
        with self._lock:
            waiting = [(n, n == self._current) for n in self._open]
        for ticket, fired in waiting:
            self._answer(ticket, Outcome.NO_ANSWER if fired else Outcome.NOT_SENT)

    def _judge(self) -> None:
        trouble = Trouble.NONE
        if self._ended or self._hangs or self._contacts.lost or self._coils.lost:
            trouble = Trouble.LOST
        if self._coils.stuck:
            trouble = Trouble.OUTPUT_STUCK
        with self._lock:
            news, self._trouble = trouble is not self._trouble, trouble
        if news and self._outlet is not None:
            state = DeviceState(Device.BOARD, trouble, self._name, tuple(self._wires))
            self._outlet.device(state)

    # The threads

    def _guarded(self, loop: Callable[[], None]) -> None:
        try:
            loop()
        finally:
            self._ended = True
            self._coils.all_off()
            if not self._closing.is_set():
                _LOG.critical("a thread of the locks ended: no lock is pulsed until the next start")
                self._abandon()
                self._judge()

    def _watch(self) -> None:
        while not self._closing.wait(WATCH_MS / 1_000):
            now = self._up_ms()
            self._hangs = self._coils.check(now)
            if not self._hangs:
                self._watched_ms = now
            if self._hangs or self._ended:
                self._abandon()
            self._judge()

    def _sample(self) -> None:
        while True:
            self._sampled_ms = now = self._up_ms()
            readings = self._contacts.sample(now)
            if readings is not None and self._outlet is not None:
                self._outlet.doors(readings)
            if self._closing.wait(SAMPLE_MS / 1_000):
                return

    def _work(self) -> None:
        while (ticket := self._asked.get()) is not None:
            with self._lock:
                compartment = self._open.get(ticket)
                self._current = ticket
            if compartment is not None:
                self._answer(ticket, self._carry_out(self._wires[compartment]))

    def _carry_out(self, wire: GpioWire) -> Outcome:
        if not (self._coils.surely_off and self._claim(wire)) or self._ended:
            return Outcome.NOT_SENT  # also without a watchdog, or blind
        try:
            return self._coils.pulse(wire.compartment, wire.pulse_ms)
        finally:
            # When that is not known the limiter waits as for a lost answer.
            if self._coils.surely_off:
                self._duty.end(wire.compartment, self._up_ms())

    def _claim(self, wire: GpioWire) -> bool:
        give_up_ms = self._up_ms() + CLAIM_MS
        while not self._duty.begin(
            wire.compartment, wire.pulse_ms, wire.cool_down_ms, self._up_ms()
        ):
            if self._closing.is_set() or self._up_ms() >= give_up_ms:
                return False
            wait_ms = self._duty.wait_ms(wire.compartment, self._up_ms())
            self._pause(max(1, min(wait_ms, CLAIM_STEP_MS)) / 1_000)
        return not self._closing.is_set()
