"""Every lock output off, from outside: for the moment after the program that drove them has died.

The law of this file: no coil is ever put on here, nothing waits beyond its deadline, and a board that is
silent is ordered off all the same. Families without such an order time their pulses themselves: nothing is
sent to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from drivers.boards import Operation, Request
from drivers.locks.exchange import Asker, Ear, Line, Verdict
from drivers.locks.plan import BusPlan
from drivers.locks.port import PortGone
from drivers.pins import Factory, Output, PinError


def boards_off(
    plan: BusPlan,
    boards: Mapping[int, int],
    line: Line,
    up_ms: Callable[[], int],
    until_ms: int,
) -> list[str]:
    """Order the relays of one bus off; what could not be done, in words. `boards`: most channel of each."""
    orders = {
        board: order for board, most in boards.items() if (order := _order(plan, board, most))
    }
    if not orders:
        return []
    if not line.open():
        return [f"bus {plan.name}: {plan.port} cannot be opened"]
    asker = Asker(line, plan.codec, plan.speed, up_ms)
    troubles: list[str] = []
    try:
        for board, order in orders.items():
            # An order may be answered by its own bytes: whether the line echoes, only a query shows.
            query = plan.codec.query(board, boards[board])
            known = asker.ask(query, Ear(None, plan.status_first), lambda: up_ms() >= until_ms)
            heard = asker.ask(order, Ear(known.echo or False), lambda: up_ms() >= until_ms)
            if heard.verdict is not Verdict.ANSWERED:
                troubles.append(f"board {plan.name}/{board} does not confirm that it is off")
            elif heard.answer is not None and heard.answer.refused:
                troubles.append(f"board {plan.name}/{board} refuses: {heard.answer.refused}")
    except PortGone as error:
        troubles.append(f"bus {plan.name}: {error}")
    finally:
        line.close()
    return troubles


def pins_off(pins: Iterable[int], factory: Factory, *, active_high: bool) -> list[str]:
    """Drive each relay pin to its off level and give it back as an input; what could not be done."""
    troubles: list[str] = []
    for pin in pins:
        try:
            output = Output(pin, factory=factory, active_high=active_high)
            if output.is_on():
                troubles.append(f"GPIO{pin} stays on")
            output.close()
        except PinError as error:
            troubles.append(str(error))
    return troubles


def _order(plan: BusPlan, board: int, channels: int) -> Request | None:
    at_start = plan.codec.at_start(board, channels)
    return next((r for r in at_start if r.operation is Operation.ALL_OFF), None)
