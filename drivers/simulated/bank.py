"""The simulated cabinet as a `LockBank`, in process and without a thread: the driver says the time.

The law of this file: events reach the inbox only out of `advance` and `scan` (and the refusal of a
pulse after `close`), in the order of their times. `line.py` drives the same bank by the real clock.
"""

from __future__ import annotations

from drivers.doors import Capabilities, DoorsRead, Inbox, Outcome, PulseDone, Scanned
from drivers.simulated.board import PULSE_MS
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.door import BOUNCE_MS

SWEEP_MS = 100  # between two sweeps over the contacts
SCAN_CHARS_MAX = 512
CAPABILITIES = Capabilities(
    board_times_pulse=True,
    has_feedback=True,
    parallel_pulses=1,
    pulse_ms=(PULSE_MS, PULSE_MS),
)


def scanned(text: str) -> Scanned:
    """What a scanner makes of a text: one line, capped."""
    return Scanned(text.partition("\n")[0].rstrip("\r")[:SCAN_CHARS_MAX])


class SimulatedBank:
    """A `LockBank` over a cabinet that outlives it.

    `boot_ms` is the cabinet's time at which the kiosk booted: events carry times since then, while
    `advance` and `next_ms` speak in the cabinet's own. Long stories may set `quiet_ms` above
    `SWEEP_MS`: sweeps are that far apart while no reading has a reason to change; whatever stirs a
    door stirs the bank, and the next `advance` sweeps again.
    """

    def __init__(self, cabinet: Cabinet, *, boot_ms: int = 0, quiet_ms: int = SWEEP_MS) -> None:
        assert quiet_ms >= SWEEP_MS, "quiet sweeps are the rarer ones"
        self._cabinet = cabinet
        self._boot_ms = boot_ms
        self._quiet_ms = quiet_ms
        self._inbox: Inbox | None = None
        self._swept_ms: int | None = None
        self._closed = False

    @property
    def capabilities(self) -> Capabilities:
        """As of the board in `drivers/simulated/board.py`."""
        return CAPABILITIES

    def start(self, inbox: Inbox) -> None:
        """Begin. The next `advance` brings the first `DoorsRead`; earlier pulses are forgotten."""
        assert self._inbox is None, "a bank is started once"
        self._cabinet.board.hang_up()
        self._inbox = inbox

    def pulse(self, compartment: int) -> None:
        """As the port says; answered out of `advance`, but after `close` with NOT_SENT at once."""
        assert self._inbox is not None, "a bank is started before it is used"
        if self._closed:
            self._inbox(PulseDone(compartment, Outcome.NOT_SENT))
        else:
            self._cabinet.board.pulse(compartment)

    def close(self) -> None:
        """Put every coil off and stop."""
        if not self._closed:
            self._cabinet.board.all_off()
        self._closed = True

    def scan(self, text: str) -> None:
        """Hold something before the scanner."""
        if self._inbox is not None and not self._closed:
            self._inbox(scanned(text))

    def next_ms(self) -> int | None:
        """When `advance` next has something to do; None before `start` and after `close`."""
        if self._inbox is None or self._closed:
            return None
        due = self._cabinet.next_ms()
        return self._sweep_ms() if due is None else min(due, self._sweep_ms())

    def advance(self, now_ms: int) -> None:
        """Let time pass until `now_ms` and deliver all that happened, each at its own time."""
        if self._swept_ms is None:  # nobody was looking until now
            self._cabinet.at(now_ms)
        while (due := self.next_ms()) is not None and due <= now_ms:
            self._cabinet.at(due)
            self._deliver()
        self._cabinet.at(now_ms)

    def _sweep_ms(self) -> int:
        now = self._cabinet.now_ms
        if self._swept_ms is None:
            return now
        calm = self._cabinet.stirred_ms() + BOUNCE_MS < self._swept_ms
        return max(now, self._swept_ms + (self._quiet_ms if calm else SWEEP_MS))

    def _deliver(self) -> None:
        assert self._inbox is not None, "only a started bank delivers"
        now = self._cabinet.now_ms
        for answer in self._cabinet.board.answers():
            self._inbox(answer)
        if self._sweep_ms() <= now and not self._closed:
            self._swept_ms = now
            self._inbox(DoorsRead(now - self._boot_ms, self._cabinet.readings()))
