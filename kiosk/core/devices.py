"""What breaks besides locks and doors, power and climate, and what follows from it.

Level-triggered: what is wrong now stands in the state, and `keep` brings the stated faults into line with
it. A thing that breaks and heals again and again is stated a few times and then only counted. Only
trouble that touches locks bars anything; a printer without paper stops nobody.
"""

from __future__ import annotations

from drivers.devices import Device, DeviceState, Trouble, Vitals
from kiosk.core.state import FAULT_ROWS, State, Turn

BATTERY_LOW, BATTERY_GOOD = 15, 20  # per cent: below it a pulse would look like a jam
HOT, COOL = 70, 65  # degrees Celsius inside the cabinet
RESTLESS = "fault"  # the tally of faults that come and go
OURS = frozenset(
    {f"{device}_{trouble}" for device in Device for trouble in Trouble if trouble}
    | {"battery_low", "mains_lost", "hot", "flapping"}
)
_Wanted = dict[str, dict[str, object]]


def told(turn: Turn, event: DeviceState | Vitals) -> None:
    """A driver says how things are."""
    if isinstance(event, DeviceState):
        _changed(turn, event)
    else:
        _measured(turn, event)


def _changed(turn: Turn, event: DeviceState) -> None:
    """One device broke, changed its trouble, or is well again."""
    key = (event.device, event.name)
    if turn.state.devices.get(key) == event:
        return
    others = {k: d for k, d in turn.state.devices.items() if k != key}
    if event.trouble is not Trouble.NONE:
        others[key] = event
    elif key not in turn.state.devices:
        return
    turn.tally(RESTLESS)
    turn.change(devices=others)


def _measured(turn: Turn, vitals: Vitals) -> None:
    """Power and climate. A limit once passed holds until the figure is well back again."""
    state = turn.state
    low = _battery_low(vitals, before=state.battery_low)
    hot = vitals.celsius is not None and vitals.celsius > (COOL if state.hot else HOT)
    lost = (vitals.mains is False) is not (state.vitals.mains is False)
    for differs in (low is not state.battery_low, hot is not state.hot, lost):
        if differs:
            turn.tally(RESTLESS)
    turn.change(vitals=vitals, battery_low=low, hot=hot)


def _battery_low(vitals: Vitals, *, before: bool) -> bool:
    """Only without mains: on mains the supply, not the battery, moves the locks."""
    if vitals.mains is not False or vitals.battery_percent is None:
        return False
    return vitals.battery_percent < (BATTERY_GOOD if before else BATTERY_LOW)


def keep(turn: Turn) -> None:
    """State every fault that is here and not stated, and every one that is over."""
    state = turn.state
    stated = {what for what in state.faults if what.partition(":")[0] in OURS}
    wanted = _wanted(state)
    if wanted.keys() == stated:
        return
    tally = state.tallies.get(RESTLESS)
    if tally is not None and tally.count > FAULT_ROWS:
        return  # its ten minutes will end, and what is true then is stated
    for what in sorted(stated - wanted.keys()):
        turn.clear(what)
    for what in sorted(wanted.keys() - stated):
        turn.fault(what, **wanted[what])


def _wanted(state: State) -> _Wanted:
    found: _Wanted = {f"flapping:{n}": {"compartment": n} for n in state.doors.flapping}
    for device in state.devices.values():
        name = f":{device.name}" if device.name else ""
        served: dict[str, object] = {"compartments": list(device.compartments)}
        what = f"{device.device}_{device.trouble}{name}"
        found[what] = served if device.compartments else {}
    if state.vitals.mains is False:
        found["mains_lost"] = {}
    if state.battery_low:
        percent = state.vitals.battery_percent
        found["battery_low"] = {} if percent is None else {"percent": percent}
    if state.hot:
        found["hot"] = {"celsius": state.vitals.celsius or 0}
    return found
