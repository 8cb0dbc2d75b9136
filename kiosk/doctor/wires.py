"""What the configuration says of locks and contacts, held against what drivers can do. Opens nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from drivers.locks.duty import HARD_CAP_MS
from drivers.locks.families import FAMILIES
from drivers.locks.gpio_wiring import GpioWire, GpioWiring, Safeguard
from drivers.locks.plan import USUAL_PULSE_MS, usual_pulse_ms
from kiosk.doctor.findings import Finding, doubt, numbers, well, wrong
from kiosk.hardware import Cabinet, Driver, Wiring

MENDS = "mend it in cabinet.toml (docs/configuration.md), or run kiosk commission again"


def check(
    cabinet: Cabinet, health: Mapping[str, object] = MappingProxyType({})
) -> Iterator[Finding]:
    """Wires, proofs, banks. `health`: what a `kiosk run` that serves says; nothing without one."""
    match cabinet.driver:
        case Driver.BOARDS:
            yield from _boards(cabinet)
        case Driver.GPIO:
            yield _gpio(cabinet)
        case Driver.SIMULATED:
            yield doubt(
                "wires",
                'driver = "simulated": no lock and no contact of this cabinet is real',
                "right for a demonstration; for a real cabinet run kiosk commission",
            )
    unproven = [wire.compartment for wire in cabinet.wiring if not wire.proven]
    waiting = health.get("unproven")
    by_key = isinstance(waiting, list) and not set(waiting) & set(unproven)
    if unproven and by_key:
        yield well("proven doors", f"compartment {numbers(unproven)} by key; the journal holds it")
    elif unproven:
        if isinstance(waiting, list):  # a proof by key stands in the journal, not in cabinet.toml
            unproven = [number for number in unproven if number in waiting]
        yield doubt(
            "proven doors",
            f"not proven: compartment {numbers(unproven)}; nothing opens or fills them by screen",
            "open each by key, let the screen see it open and close, and audit it; "
            "or commission free ones again",
        )
    elif cabinet.driver is not Driver.SIMULATED:
        yield well("proven doors", "every door was seen to move with its lock")
    yield from _banks(cabinet)
    yield from _panel(cabinet)


def shut_when(wire: Wiring) -> Literal["closed", "open"]:
    """As drivers write it."""
    return "open" if wire.shut_when == "open" else "closed"


def _boards(cabinet: Cabinet) -> Iterator[Finding]:
    family = {bus.name: bus.family for bus in cabinet.buses}
    refused = []
    for wire in cabinet.wiring:
        codec = FAMILIES[family[wire.bus]]
        pulse_ms = wire.pulse_ms or usual_pulse_ms(codec.capabilities.pulse_ms)
        try:
            codec.open(wire.board, wire.channel, pulse_ms)  # made, never sent
        except ValueError as error:
            refused.append(f"compartment {wire.compartment}: {error}")
        if pulse_ms > HARD_CAP_MS:
            refused.append(f"compartment {wire.compartment}: a pulse is at most {HARD_CAP_MS} ms")
    idle = sorted(set(family) - {wire.bus for wire in cabinet.wiring})
    refused += [f"nothing hangs on bus {name}" for name in idle]
    for words in refused:
        yield wrong("wires", words, MENDS)
    if not refused:
        boards = len({(wire.bus, wire.board) for wire in cabinet.wiring})
        yield well(
            "wires",
            f"doors {len(cabinet.wiring)}, boards {boards}, buses {len(family)}; "
            f"coils on at once: {cabinet.coils}",
        )
    if cabinet.scanner.kind == "simulated":
        yield wrong(
            "scanner kind",
            "the scanner is simulated, the doors are real: QR codes would come out of a file",
            'set kind in [scanner] to the one that is fitted, or "none"',
        )


def _gpio(cabinet: Cabinet) -> Finding:
    gpio = cabinet.gpio
    try:
        wiring = GpioWiring(
            tuple(
                GpioWire(
                    wire.compartment,
                    wire.lock_pin,
                    wire.contact_pin,
                    shut_when(wire),
                    wire.pulse_ms or USUAL_PULSE_MS,
                    wire.cool_down_ms,
                )
                for wire in cabinet.wiring
            ),
            Safeguard(gpio.safeguard) if gpio.safeguard else None,
            gpio.rail_pin,
            gpio.active_high,
        )
    except ValueError as error:
        return wrong("wires", str(error), MENDS)
    return well("wires", f"{len(wiring.wires)} GPIO relays behind a {gpio.safeguard} safeguard")


def _banks(cabinet: Cabinet) -> Iterator[Finding]:
    if cabinet.driver is not Driver.BOARDS:
        return
    bank = {plan.number: plan.bank for plan in cabinet.compartments}
    boards: dict[str, set[str]] = defaultdict(set)
    banks: dict[str, set[str]] = defaultdict(set)
    for wire in cabinet.wiring:
        board = f"{wire.bus}/{wire.board}"
        boards[bank[wire.compartment]].add(board)
        banks[board].add(bank[wire.compartment])
    todo = "leave `bank` out: every board is then a bank of its own"
    if len(banks) > 1 and len(boards) == 1:
        yield doubt(
            "banks",
            f"{len(banks)} boards are one bank: one wrong door takes the whole cabinet out",
            todo,
        )
    split = sorted(board for board, of in banks.items() if len(of) > 1)
    if split:
        yield doubt(
            "banks",
            f"board {', '.join(split)} lies in several banks: "
            "a wrong door there leaves some of its doors in service",
            todo,
        )


def _panel(cabinet: Cabinet) -> Iterator[Finding]:
    panel = cabinet.panel
    fitted = (panel.light_pin, panel.buzzer_pin, panel.tamper_pin, panel.mains_pin)
    used = [pin for pin in fitted if pin is not None]
    twice = sorted({pin for pin in used if used.count(pin) > 1})
    if twice:
        yield wrong("panel pins", f"GPIO{twice[0]} serves two things of [panel]", MENDS)
