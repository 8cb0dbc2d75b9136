"""A cabinet of lock boards on serial buses as one `LockBank`.

The law of this file: it knows which bus a compartment hangs on, and nothing of bytes. Plans that do not
fit together are refused before a port is opened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from drivers.devices import Tell
from drivers.doors import Capabilities, Inbox, Integrity, Outcome, PulseDone
from drivers.locks.bus import Bus
from drivers.locks.duty import HARD_CAP_MS, Duty
from drivers.locks.exchange import Line
from drivers.locks.outlet import Outlet
from drivers.locks.plan import BusPlan, Wire
from drivers.locks.port import Port

OpenLine = Callable[[BusPlan], Line]

_WEAKEST_FIRST = (Integrity.NONE, Integrity.XOR, Integrity.SUM, Integrity.CRC16)


def _port(plan: BusPlan) -> Line:
    return Port(plan.port, plan.speed)


def _together(all_of: Sequence[Capabilities]) -> Capabilities:
    """What can be relied on whichever bus a compartment hangs on."""
    return Capabilities(
        board_times_pulse=all(one.board_times_pulse for one in all_of),
        has_feedback=all(one.has_feedback for one in all_of),
        parallel_pulses=min(one.parallel_pulses for one in all_of),
        pulse_ms=(min(one.pulse_ms[0] for one in all_of), max(one.pulse_ms[1] for one in all_of)),
        integrity=min((one.integrity for one in all_of), key=_WEAKEST_FIRST.index),
        reports_unasked=all(one.reports_unasked for one in all_of),
        reads_outputs=all(one.reads_outputs for one in all_of),
    )


def _check(buses: Sequence[BusPlan], wires: Sequence[Wire]) -> None:
    plans = {plan.name: plan for plan in buses}
    twice = [
        *(name for name, n in Counter(plan.name for plan in buses).items() if n > 1),
        *(port for port, n in Counter(str(plan.port) for plan in buses).items() if n > 1),
        *(number for number, n in Counter(wire.compartment for wire in wires).items() if n > 1),
        *(at for at, n in Counter((w.bus, w.board, w.channel) for w in wires).items() if n > 1),
    ]
    if twice:
        raise ValueError(f"named twice: {', '.join(map(str, twice))}")
    for wire in wires:
        if wire.bus not in plans:
            raise ValueError(f"compartment {wire.compartment}: there is no bus {wire.bus}")
        if wire.pulse_ms > HARD_CAP_MS:
            raise ValueError(
                f"compartment {wire.compartment}: a pulse is at most {HARD_CAP_MS} ms long"
            )
        try:
            plans[wire.bus].codec.open(wire.board, wire.channel, wire.pulse_ms)
        except ValueError as wrong:
            raise ValueError(f"compartment {wire.compartment}: {wrong}") from wrong
    idle = sorted(plans.keys() - {wire.bus for wire in wires})
    if idle or not wires:
        raise ValueError(f"nothing hangs on {', '.join(idle) or 'any bus'}")


class BoardsBank:
    """Every compartment of the cabinet, over one thread per bus.

    ValueError: the plans do not fit together (named twice, a bus that is not there, a channel or pulse
    that the family has not). `up_ms` is the machine's monotonic clock.
    """

    def __init__(
        self,
        buses: Sequence[BusPlan],
        wires: Sequence[Wire],
        duty: Duty,
        tell: Tell,
        up_ms: Callable[[], int],
        open_line: OpenLine = _port,
    ) -> None:
        _check(buses, wires)
        self._capabilities = _together([plan.codec.capabilities for plan in buses])
        self._tell = tell
        self._up_ms = up_ms
        self._wires = {wire.compartment: wire for wire in wires}
        self._buses = {
            plan.name: Bus(
                plan,
                [wire for wire in wires if wire.bus == plan.name],
                duty,
                up_ms,
                open_line(plan),
            )
            for plan in buses
        }
        self._inbox: Inbox | None = None
        self._outlet: Outlet | None = None
        self._closed = False

    @property
    def capabilities(self) -> Capabilities:
        """What every bus has; the pulse range spans all of them."""
        return self._capabilities

    @property
    def turned_ms(self) -> int:
        """As of `Turning`: a bus whose boards are dead, or whose port is gone, comes round."""
        return min(bus.turned_ms for bus in self._buses.values())

    def start(self, inbox: Inbox) -> None:
        """Open the ports and begin to read the doors."""
        assert self._outlet is None, "a bank is started once"
        self._inbox = inbox
        self._outlet = Outlet(inbox, self._tell, self._up_ms)
        for bus in self._buses.values():
            bus.start(self._outlet)

    def pulse(self, compartment: int) -> None:
        """As the port says; what cannot be sent at all is answered before this returns."""
        assert self._inbox is not None, "a bank is started before it is used"
        assert self._outlet is not None, "it comes with the inbox"
        wire = self._wires.get(compartment)
        if self._closed:
            self._inbox(PulseDone(compartment, Outcome.NOT_SENT))
        elif wire is None:
            self._outlet.pulsed(compartment, Outcome.NOT_SENT)
        else:
            self._buses[wire.bus].pulse(wire)

    def close(self) -> None:
        """Put every coil off and stop: at most a few seconds, for all buses together."""
        if self._closed or self._outlet is None:
            self._closed = True
            return
        self._closed = True
        self._outlet.close()
        for bus in self._buses.values():
            bus.stop()
        for bus in self._buses.values():
            bus.join()
