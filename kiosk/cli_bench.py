"""`kiosk bench-cabinet`: fake lock boards on ports of their own, to try the real drivers on any machine.

The law of this file: nothing here drives a lock that exists; whoever opens the printed ports does so
with the same program and configuration as at a cabinet. The doors are moved by typing.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from drivers.bench.boards import BenchBoard, BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.bench.families import FAMILIES
from drivers.simulated.cabinet import COMPARTMENT_MAX, Cabinet
from kiosk.cli_bench_typed import Typed
from kiosk.demo.ending import Ending
from kiosk.demo.lines import Lines

OK, FAILED, USAGE = 0, 1, 2
LOOK_S = 0.25  # how often doors are looked at, and the wish to end
ROWS = 12  # doors above each other on the drawn wall
BUSES_MAX = 26  # named a to z
READY = "ready"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line; `channels` 0: as the family's boards have."""

    family: str
    buses: int = 1
    boards: int = 1
    channels: int = 0


def run(wanted: Wanted, folder: Path | None) -> int:
    """Until quit is typed, or a signal comes."""
    try:
        buses = laid_out(wanted)
    except ValueError as error:
        print(f"kiosk bench-cabinet: {error}", file=sys.stderr)
        return USAGE
    ending = Ending()
    with ExitStack() as stack:
        own = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        bench = BenchCabinet(own.absolute(), _cabinet(buses), buses)
        stack.callback(bench.close)
        try:
            own.mkdir(parents=True, exist_ok=True)
            bench.start()
        except OSError as error:
            print(f"the bench cannot start: {error}; nothing moved", file=sys.stderr)
            return FAILED
        print(excerpt(bench, buses), flush=True)
        for bus in buses:
            print(f"port {bench.port(bus.name)}", flush=True)
        print(READY, flush=True)
        _obey(Typed(bench, buses), ending)
    return OK


def laid_out(wanted: Wanted) -> tuple[BenchBus, ...]:
    """Buses and boards, their doors numbered on and on. ValueError: there is no such cabinet."""
    family = FAMILIES[wanted.family]
    channels = wanted.channels or family.channels
    if not 1 <= wanted.buses <= BUSES_MAX:
        raise ValueError(f"--buses is 1 to {BUSES_MAX}")
    if not 1 <= wanted.boards <= len(family.addresses):
        raise ValueError(f"--boards is 1 to {len(family.addresses)} for {wanted.family}")
    if channels > family.channels_max:
        raise ValueError(f"--channels is 1 to {family.channels_max} for {wanted.family}")
    if wanted.buses * wanted.boards * channels > COMPARTMENT_MAX:
        raise ValueError(f"a cabinet has at most {COMPARTMENT_MAX} doors")
    first = 1
    buses = []
    for name in "abcdefghijklmnopqrstuvwxyz"[: wanted.buses]:
        boards = []
        for address in family.addresses[: wanted.boards]:
            doors = {n: first + n - 1 for n in range(1, channels + 1)}
            first += channels
            boards.append(BenchBoard(address, doors, channels))
        buses.append(BenchBus(name, wanted.family, boards))
    return tuple(buses)


def excerpt(bench: BenchCabinet, buses: Sequence[BenchBus]) -> str:
    """The cabinet's part of kiosk.toml that fits this bench."""
    tables = [_table("[cabinet]", driver="boards")]
    tables += [
        _table("[[bus]]", name=bus.name, family=bus.family, port=str(bench.port(bus.name)))
        for bus in buses
    ]
    tables += [
        _table(
            "[[compartment]]",
            number=n,
            row=(n - 1) % ROWS + 1,
            column=(n - 1) // ROWS + 1,
            bus=bus.name,
            board=board.address,
            channel=channel,
            pulse_ms=FAMILIES[bus.family].pulse_ms,
        )
        for bus in buses
        for board in bus.boards
        for channel, n in board.doors.items()
    ]
    return "\n".join(tables)


def _table(head: str, **values: str | int) -> str:
    # A JSON text or number is also a TOML one.
    rows = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([head, *rows, ""])


def _cabinet(buses: Sequence[BenchBus]) -> Cabinet:
    return Cabinet(n for bus in buses for board in bus.boards for n in board.doors.values())


def _obey(typed: Typed, ending: Ending) -> None:
    lines = Lines("the bench")
    while not ending.asked:
        typed.report()
        for line in lines.wait(LOOK_S):
            if not typed.obey(line):
                return
