"""The cabinet's part of the configuration as the round has shown it."""

from __future__ import annotations

from dataclasses import replace

from kiosk.commission.findings import Door, Judged
from kiosk.commission.wall import Wall
from kiosk.core.site import CompartmentPlan
from kiosk.hardware import Bus, Cabinet, Driver, Wiring


def assembled(
    base: Cabinet,
    wall: Wall,
    buses: tuple[Bus, ...],
    judged: Judged,
    unproven: frozenset[int] = frozenset(),
    renewed: frozenset[tuple[str, int]] | None = None,
) -> Cabinet:
    """`base` with the buses and wires that were found; compartments without a wire are left out.

    `renewed`: the round was about these boards alone, and the wires of others are kept. `unproven` are
    compartments on them that were not opened, because papers lie in them: they keep their old channel.
    """
    families = {bus.name: bus.family for bus in base.buses}
    now = {bus.name: bus.family for bus in buses}
    same = {name for name in now if families.get(name) == now[name]} | {""}
    # What the label of a lock says stays with its door, but not beyond what another family can do.
    old = {
        wire.compartment: wire if wire.bus in same else replace(wire, pulse_ms=0)
        for wire in base.wiring
    }
    wires = {door.number: _wire(base.driver, door, old.get(door.number)) for door in judged.doors}
    for number, wire in old.items():
        if renewed is not None and number not in wires:
            if (wire.bus, wire.board) not in renewed:
                wires[number] = wire
            elif number in unproven:
                wires[number] = replace(wire, proven=False)
    plans = tuple(plan for plan in wall.plans if plan.number in wires)
    return replace(
        base,
        screen_cell=wall.screen_cell,
        buses=tuple(
            replace(bus, status_first=bus.status_first != (bus.name in judged.flipped))
            for bus in buses
        ),
        compartments=tuple(_plan(base, plan, wires[plan.number]) for plan in plans),
        wiring=tuple(wires[plan.number] for plan in plans),
    )


def doubted(cabinet: Cabinet, boards: frozenset[tuple[str, int]]) -> Cabinet:
    """The same, but with nothing proven on these boards: somebody has changed them (once more).

    Written before their round begins, so that a round which ends in a refusal leaves no old proof; a proof
    by key that the journal holds is of the change before.
    """
    wiring = tuple(
        replace(wire, proven=False, changes=wire.changes + 1)
        if (wire.bus, wire.board) in boards
        else wire
        for wire in cabinet.wiring
    )
    return replace(cabinet, wiring=wiring)


def _wire(driver: Driver, door: Door, old: Wiring | None) -> Wiring:
    wire = old or Wiring(door.number)
    if driver is Driver.SIMULATED:
        return replace(wire, proven=True)
    one = door.candidate
    return replace(
        wire,
        bus=one.bus,
        board=one.board,
        channel=one.channel,
        lock_pin=one.lock_pin,
        contact_pin=one.contact_pin,
        shut_when=door.shut_when,
        proven=True,
    )


def _plan(base: Cabinet, plan: CompartmentPlan, wire: Wiring) -> CompartmentPlan:
    """A bank that was only named after its board is named after the new one."""
    if base.driver is not Driver.BOARDS:
        return plan
    before = next((w for w in base.wiring if w.compartment == plan.number), None)
    usual = {"1"} if before is None else {"1", f"{before.bus}/{before.board}"}
    return replace(plan, bank=f"{wire.bus}/{wire.board}") if plan.bank in usual else plan
