"""Why the kiosk sends no pulse to a compartment that staff ask for, in one word."""

from __future__ import annotations

from kiosk.core.staff_scenes import Trouble
from kiosk.core.state import State


def why_barred(state: State, number: int, *, testing: bool = False) -> Trouble:
    """An older memory, too little power, an unproven lock, a board in trouble; or `Trouble.NONE`.

    `testing`: a door test of an empty compartment is refused only where a pulse itself would do harm.
    """
    if state.aside:
        return Trouble.RESTORING
    if state.battery_low:
        return Trouble.POWER
    if state.unproven(number):
        return Trouble.UNPROVEN
    return Trouble.FAULTY if state.faulty(number, staff=testing) else Trouble.NONE
