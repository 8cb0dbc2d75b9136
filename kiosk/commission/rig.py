"""The cabinet during a round: every candidate as a virtual compartment whose raw contact is told.

Nothing but locks and contacts is built: no scanner, panel or printer.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from drivers.devices import DeviceEvent, DeviceState, Trouble
from drivers.doors import DoorsRead, DriverEvent, PulseDone
from drivers.simulated.remote import ScriptRequest
from kiosk import body
from kiosk.commission.find import Answering
from kiosk.commission.plan import MOST, Candidate, Plan
from kiosk.hardware import Bus, Cabinet, Driver, Printer, Reader, Wiring

POLL_S = 0.04  # how often the hands are looked at
MOST_WAITING = 10_000  # events; a round takes them at once
_LOG = logging.getLogger("kiosk.commission")
NAMES = "abcdefghijklmnopqrstuvwxyz"


def buses_of(answering: tuple[Answering, ...], known: tuple[Bus, ...]) -> tuple[Bus, ...]:
    """A bus for each port that answers; one that the configuration knows keeps its name.

    The order of status bytes is taken as usual at first: the round finds out.
    """
    by_port = {(bus.port, bus.family): bus for bus in known}
    free = [name for name in NAMES if name not in {bus.name for bus in known}]
    buses = []
    for one in answering:
        bus = by_port.get((one.port, one.family))
        bus = bus or Bus(free.pop(0), one.family, one.port, 0, status_first=False)
        buses.append(replace(bus, status_first=False))
    return tuple(buses)


def channels_of(answering: tuple[Answering, ...], buses: tuple[Bus, ...]) -> tuple[Candidate, ...]:
    """Every channel of every board that answers, bus by bus; at most MOST."""
    places = [
        (bus.name, board, channel)
        for one, bus in zip(answering, buses, strict=True)
        for board, contacts in sorted(one.boards.items())
        for channel in range(1, contacts + 1)
    ]
    return tuple(Candidate(n, *place) for n, place in enumerate(places[:MOST], 1))


def channels_as_wired(cabinet: Cabinet) -> tuple[Candidate, ...]:
    """The channels that the configuration names; a simulated door keeps its number."""
    if cabinet.driver is Driver.SIMULATED:
        return tuple(Candidate(wire.compartment) for wire in cabinet.wiring)
    wires = sorted(cabinet.wiring, key=lambda w: (w.bus, w.board, w.channel, w.compartment))
    return tuple(
        Candidate(n, w.bus, w.board, w.channel, w.lock_pin, w.contact_pin)
        for n, w in enumerate(wires, 1)
    )


class Rig:
    """The locks of one round, and what they say."""

    def __init__(
        self, base: Cabinet, buses: tuple[Bus, ...], plan: Plan, up_ms: Callable[[], int]
    ) -> None:
        """ConfigError: the wires cannot be driven."""
        self._events: queue.Queue[DriverEvent | DeviceEvent | ScriptRequest] = queue.Queue(
            MOST_WAITING
        )
        self._body = body.build(_virtual(base, buses, plan), self._post, up_ms)

    def start(self) -> None:
        """Begin to read the contacts; no coil moves."""
        self._body.start(self._post)

    def pulse(self, virtual: int) -> None:
        """One pulse."""
        self._body.bank.pulse(virtual)

    def wait(self) -> list[DoorsRead | PulseDone]:
        """What happened, or nothing within POLL_S."""
        events = []
        try:
            events.append(self._events.get(timeout=POLL_S))
            while True:
                events.append(self._events.get_nowait())
        except queue.Empty:
            return [event for event in events if isinstance(event, DoorsRead | PulseDone)]

    def close(self) -> None:
        """Every coil off. Safe twice."""
        self._body.close()

    def _post(self, event: DriverEvent | DeviceEvent | ScriptRequest) -> None:
        if isinstance(event, DeviceState) and event.trouble is not Trouble.NONE:
            _LOG.warning("%s %s: %s", event.device, event.name, event.trouble)
        self._events.put(event)


def _virtual(base: Cabinet, buses: tuple[Bus, ...], plan: Plan) -> Cabinet:
    old = {(w.bus, w.board, w.channel, w.lock_pin): w for w in base.wiring}
    wiring = []
    for one in plan.candidates:
        before = old.get((one.bus, one.board, one.channel, one.lock_pin))
        wire = before or Wiring(one.virtual)
        wiring.append(
            replace(
                wire,
                compartment=one.virtual,
                bus=one.bus,
                board=one.board,
                channel=one.channel,
                lock_pin=one.lock_pin,
                contact_pin=one.contact_pin,
                shut_when="closed",
            )
        )
    used = {wire.bus for wire in wiring}
    panel = replace(
        base.panel,
        light_pin=None,
        buzzer_pin=None,
        tamper_pin=None,
        mains_pin=None,
        battery=False,
        thermometer="none",
    )
    return replace(
        base,
        buses=tuple(bus for bus in buses if bus.name in used),
        scanner=Reader("none", None),
        keypad=None,
        panel=panel,
        printer=Printer(None, base.printer.width_px),
        compartments=(),
        wiring=tuple(wiring),
    )


def is_port(path: Path, bus: Bus) -> bool:
    """Whether this bus hangs on that port, by whatever name."""
    return path == bus.port or path.resolve() == bus.port.resolve()
