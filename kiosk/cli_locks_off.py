"""`kiosk locks-off`: every lock output off, while `kiosk run` is not there to do it.

systemd calls it whenever `run` has ended, however that was (`ExecStopPost=`). It reads the configuration and
nothing else: no key, no journal. Beside a `run` that serves it can do nothing: ports and pins are held.
"""

from __future__ import annotations

import contextlib

from kiosk import clock
from kiosk.errors import tell
from kiosk.hardware import Cabinet, Driver

LONGEST_MS = 2_000  # for all buses together; after that boards are ordered off without waiting


def locks_off(cabinet: Cabinet) -> int:
    """Put everything off. Status 1: something may be on, and is named on standard error."""
    troubles: list[str] = []
    match cabinet.driver:
        case Driver.BOARDS:
            troubles = _boards(cabinet)
        case Driver.GPIO:
            troubles = _gpio(cabinet)
        case Driver.SIMULATED:
            pass
    _dark(cabinet)
    for trouble in troubles:
        tell(f"locks-off: {trouble}; if a lock hums, cut its supply")
    return 1 if troubles else 0


def _dark(cabinet: Cabinet) -> None:
    """Light and buzzer too: a lamp that a killed program left steady would say that somebody serves.

    What fails here keeps no lock on, and the next `kiosk run` says so.
    """
    pins = [p for p in (cabinet.panel.light_pin, cabinet.panel.buzzer_pin) if p is not None]
    if not pins:
        return
    from drivers.locks.all_off import pins_off
    from drivers.pins import PinError, header

    with contextlib.suppress(PinError):
        factory = header()
        try:
            pins_off(pins, factory, active_high=True)
        finally:
            factory.close()


def _boards(cabinet: Cabinet) -> list[str]:
    from drivers.locks.all_off import boards_off
    from drivers.locks.families import FAMILIES
    from drivers.locks.plan import BusPlan
    from drivers.locks.port import Port

    until_ms = clock.up_ms() + LONGEST_MS
    troubles: list[str] = []
    for bus in cabinet.buses:
        plan = BusPlan(
            bus.name, FAMILIES[bus.family], bus.port, bus.baud, status_first=bus.status_first
        )
        boards: dict[int, int] = {}
        for wire in cabinet.wiring:
            if wire.bus == bus.name:
                boards[wire.board] = max(wire.channel, boards.get(wire.board, 0))
        line = Port(plan.port, plan.speed)
        troubles += boards_off(plan, boards, line, clock.up_ms, until_ms)
    return troubles


def _gpio(cabinet: Cabinet) -> list[str]:
    from drivers.locks.all_off import pins_off
    from drivers.pins import PinError, header

    pins = [wire.lock_pin for wire in cabinet.wiring]
    rail = cabinet.gpio.rail_pin
    try:
        factory = header()
    except PinError as error:
        return [str(error)]
    try:
        every = [*pins, *([rail] if rail is not None else [])]
        return pins_off(every, factory, active_high=cabinet.gpio.active_high)
    finally:
        factory.close()
