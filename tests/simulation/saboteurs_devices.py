"""Mistakes about power, boards and contacts, put into the real core (`tests.simulation.sabotage`)."""

from __future__ import annotations

import pytest

from kiosk.core import barred, devices, doors, judge, loading, proof, service, staff_doors, state
from kiosk.core.doors import Edge
from kiosk.core.staff_scenes import Trouble
from kiosk.core.state import State, Turn
from sync.messages import Kind

Patch = pytest.MonkeyPatch


def low_battery_ignored(patch: Patch) -> None:
    patch.setattr(devices, "_battery_low", lambda *_, **__: False)


def low_battery_remembered_for_ever(patch: Patch) -> None:
    real = devices._battery_low
    patch.setattr(devices, "_battery_low", lambda v, before: before or real(v, before=before))


def code_used_up_without_power(patch: Patch) -> None:
    def serves(kiosk: State, number: int) -> bool:
        held = kiosk.memory.compartments.get(number)
        return held is not None and held.serves

    patch.setattr(judge, "serves", serves)


def unproven_lock_pulsed(patch: Patch) -> None:
    patch.setattr(State, "unproven", lambda *_: False)


def proven_by_the_key_alone(patch: Patch) -> None:
    real = proof.by_key

    def moved(turn: Turn, _edge: Edge) -> None:
        for number in turn.memory.compartments:
            if real(turn.state, number):
                turn.record(Kind.AUDITED, compartment=number, finding="proven")

    patch.setattr(proof, "moved", moved)


def bad_board_pulsed(patch: Patch) -> None:
    patch.setattr(state, "NO_CODE", frozenset())
    patch.setattr(state, "NO_STAFF", frozenset())


def staff_pulse_a_bad_board(patch: Patch) -> None:
    patch.setattr(state, "NO_STAFF", frozenset())
    for room in (loading, service, staff_doors):
        patch.setattr(room, "why_barred", _nothing_is_barred)


def _nothing_is_barred(kiosk: State, number: int, *, testing: bool = False) -> Trouble:
    """But for power and proof."""
    why = barred.why_barred(kiosk, number, testing=testing)
    return Trouble.NONE if why is Trouble.FAULTY else why


def flapping_contact_believed(patch: Patch) -> None:
    patch.setattr(doors, "FLAPS", 10**6)


def healed_device_not_stated(patch: Patch) -> None:
    real = Turn.clear

    def clear(self: Turn, what: str) -> None:
        if not what.startswith("board_"):
            real(self, what)

    patch.setattr(Turn, "clear", clear)
