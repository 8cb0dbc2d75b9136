"""Lock boards and contacts, asked without moving anything.

The law of this file: it reads. Of the requests that a family knows only those leave that read contacts,
relays or modes; a pulse, an all-off, a setting never do. GPIO: contact pins are made inputs, lock pins are
not touched at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from drivers.boards import Codec, Operation, Request
from drivers.devices import Device, Trouble
from drivers.doors import Reading
from drivers.locks.exchange import Asker, Ear, Heard, Verdict, drain
from drivers.locks.families import FAMILIES
from drivers.locks.plan import Wire
from drivers.locks.port import Port, PortGone
from drivers.pins import PinError, Switch
from kiosk.doctor import nodes
from kiosk.doctor.findings import Finding, doubt, numbers, well, wrong
from kiosk.doctor.machine import Machine
from kiosk.doctor.serving import Serving
from kiosk.doctor.wires import shut_when
from kiosk.hardware import Bus, Cabinet, Driver, Wiring

READS = frozenset({Operation.QUERY, Operation.OUTPUTS, Operation.MODES})
TRIES = 3  # one answer may be spoilt; a board that misses three is lost, as in service
SETTLE_MS = 20
REMEDY = {
    Verdict.SILENT: "look at its 12 V, its address switches, A and B swapped, the plug",
    Verdict.CORRUPT: "look at baud, termination, A and B, and the distance to coil wires",
    Verdict.FOREIGN: "two boards bear one address: set the address switches anew, one by one",
}
WORDS = {
    Verdict.SILENT: "does not answer",
    Verdict.CORRUPT: "answers, but not readably",
    Verdict.FOREIGN: "is silent, and another board answers in its place",
}
STATED = {
    Trouble.LOST: ("does not answer", REMEDY[Verdict.SILENT]),
    Trouble.ADDRESS_CLASH: (WORDS[Verdict.FOREIGN], REMEDY[Verdict.FOREIGN]),
    Trouble.OUTPUT_STUCK: (
        "keeps a relay on after its pulse",
        "switch the locks' supply off now, then change the board",
    ),
    Trouble.WRONG_MODE: (
        "lets contacts switch relays",
        "set every channel to mode normal with the maker's tool",
    ),
}


def check(cabinet: Cabinet, machine: Machine, serving: Serving) -> Iterator[Finding]:
    """One line per board, or what `run` says of it."""
    if cabinet.driver is Driver.SIMULATED:
        return
    if serving.there:
        yield from _stated(cabinet, serving)
    elif cabinet.driver is Driver.GPIO:
        yield _contacts(cabinet.wiring, machine)
    else:
        for bus in cabinet.buses:
            yield from _bus(bus, [w for w in cabinet.wiring if w.bus == bus.name], machine)


def _stated(cabinet: Cabinet, serving: Serving) -> Iterator[Finding]:
    if not serving.health:
        yield doubt("boards", "kiosk run holds them and did not say how they are", "see above")
        return
    broken = 0
    for _, bus in serving.troubles(Device.PORT):
        broken += 1
        yield wrong(f"bus {bus}", "its port is gone", "look at the adapter and its USB plug")
    for trouble, name in serving.troubles(Device.BOARD):
        broken += 1
        words, todo = STATED.get(Trouble(trouble), (trouble, "see docs/operations.md"))
        yield wrong(f"board {name}".rstrip(), words, todo)
    if not broken:
        what = "contacts" if cabinet.driver is Driver.GPIO else "every board answers"
        yield well("boards", f"{what}, says kiosk run")


def _bus(bus: Bus, wires: Sequence[Wiring], machine: Machine) -> Iterator[Finding]:
    if not nodes.usable(machine, bus.port, write=True):
        return  # said by its port already
    codec = FAMILIES[bus.family]
    port = Port(machine.at(bus.port), bus.baud or codec.baud)
    if not port.open():
        yield wrong(
            f"bus {bus.name}",
            f"{bus.port} cannot be opened: another program holds it",
            f"sudo fuser -v {bus.port} names it; end it (a modem manager, a console)",
        )
        return
    try:
        bench = _Listener(bus, codec, Asker(port, codec, bus.baud or codec.baud, machine.up_ms))
        for board in sorted({wire.board for wire in wires}):
            yield from bench.board(board, [_wire(w) for w in wires if w.board == board])
    except PortGone as gone:
        yield wrong(f"bus {bus.name}", str(gone), "look at the adapter and its USB plug")
    finally:
        port.close()


class _Listener:
    """Asks the boards of one bus; learns from the first answer whether the line echoes."""

    def __init__(self, bus: Bus, codec: Codec, asker: Asker) -> None:
        self._bus, self._codec, self._asker = bus, codec, asker
        self._echo: bool | None = None

    def board(self, address: int, wires: Sequence[Wire]) -> Iterator[Finding]:
        name = f"board {self._bus.name}/{address}"
        channels = max(wire.channel for wire in wires)
        try:
            query = self._codec.query(address, channels)
            more = (
                *self._codec.at_start(address, channels),
                self._codec.read_outputs(address, channels),
            )
        except ValueError:
            return  # said by the wires already
        heard = self._ask(query)
        if heard.answer is None:
            yield wrong(name, WORDS[heard.verdict], REMEDY[heard.verdict])
            return
        yield from self._besides(name, [r for r in more if r and r.operation in READS])
        yield _doors(name, wires, heard.answer.contacts)

    def _besides(self, name: str, requests: Sequence[Request]) -> Iterator[Finding]:
        """Modes and relays, where the family can tell; a board that does not know the question is fine."""
        for request in requests:
            answer = self._ask(request).answer
            if answer is None or answer.refused:
                continue
            if any(answer.modes.values()):
                yield wrong(name, *STATED[Trouble.WRONG_MODE])
            if any(answer.outputs.values()):
                todo = STATED[Trouble.OUTPUT_STUCK][1]
                yield wrong(name, "has a relay on that nobody pulsed", todo)

    def _ask(self, request: Request) -> Heard:
        assert request.operation in READS, "the doctor moves nothing"
        for _ in range(TRIES):
            drain(self._asker.line, SETTLE_MS)
            ear = Ear(self._echo, self._bus.status_first)
            heard = self._asker.ask(request, ear, lambda: False)
            self._echo = heard.echo
            if heard.answer is not None:
                break
        return heard


def _wire(wire: Wiring) -> Wire:
    return Wire(
        wire.compartment, wire.bus, wire.board, wire.channel, shut_when(wire), wire.pulse_ms
    )


def _doors(name: str, wires: Sequence[Wire], contacts: Mapping[int, bool]) -> Finding:
    doors = {wire.compartment: wire.reading(contacts.get(wire.channel)) for wire in wires}
    unread = [wire.channel for wire in wires if wire.channel not in contacts]
    if unread:
        words = f"answers, but has no channel {numbers(unread)}"
        return wrong(name, words, "mend the channels, or the kind of board, in cabinet.toml")
    return _seen(name, "answers", doors)


def _seen(name: str, how: str, doors: Mapping[int, Reading]) -> Finding:
    opened = [number for number, reading in doors.items() if reading is Reading.OPEN]
    words = f"{how}; {len(doors)} doors read shut"
    if not opened:
        return well(name, words)
    if len(opened) == len(doors) > 1:
        todo = "close them; if they are shut, shut_when is the wrong way round"
        return doubt(name, f"{how}; all {len(doors)} doors read open", todo)
    todo = "close it; if it is shut, look at its contact, its wire and shut_when"
    return doubt(name, f"{how}; open: compartment {numbers(opened)}", todo)


def _contacts(wiring: Sequence[Wiring], machine: Machine) -> Finding:
    try:
        factory = machine.header()
    except PinError as error:
        return wrong("contacts", str(error), "ask on the Pi itself, as the user of kiosk run")
    try:
        doors = {}
        for wire in wiring:
            switch = Switch(wire.contact_pin, factory=factory)
            doors[wire.compartment] = _wire(wire).reading(switch.is_closed())
            switch.close()
    except PinError as error:
        return wrong("contacts", str(error), "another program holds the pin, or it is not there")
    finally:
        factory.close()
    return _seen("contacts", "can be read", doors)
