"""What a round is about, before the first coil moves: the wall, the boards, what is to be left alone.

The law of this file: nothing is pulsed here, and whatever stands against a round is said before it begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from drivers.locks import ports
from drivers.locks.families import FAMILIES
from drivers.locks.port import Port
from kiosk.commission import session, wall
from kiosk.commission.find import Answering, Looking, Search, look, why_shut
from kiosk.commission.papers import papers
from kiosk.commission.plan import Pace, Plan
from kiosk.commission.rig import buses_of, channels_as_wired, channels_of
from kiosk.commission.session import Console
from kiosk.commission.show import listed
from kiosk.commission.wall import Wall
from kiosk.config import Config, ConfigError
from kiosk.hardware import COOL_DOWN_MS, Bus, Cabinet, Driver, Reader


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asked for."""

    wall: Path | None = None
    ports: tuple[Path, ...] = ()
    family: str | None = None
    addresses: range | None = None
    board: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that a round needs. `renewed`: only these boards; None: the whole cabinet."""

    base: Cabinet
    wall: Wall
    buses: tuple[Bus, ...]
    plan: Plan
    renewed: frozenset[tuple[str, int]] | None = None

    @property
    def kept(self) -> frozenset[str]:
        """Buses with boards that the round does not try."""
        if self.renewed is None:
            return frozenset()
        return frozenset(w.bus for w in self.base.wiring if (w.bus, w.board) not in self.renewed)


def prepare(
    config: Config,
    wanted: Wanted,
    console: Console,
    up_ms: Callable[[], int],
    *,
    described: bool,
) -> Job | None:
    """The round; None: the person stopped. `described`: the configuration names the cabinet's doors.

    Raises:
        ConfigError, JournalError, IdentityError: what stands against it.
    """
    if wanted.board is not None:
        return _one_board(config, wanted.board)
    known = papers(config).sure if described else frozenset()
    if known:
        raise ConfigError(
            f"papers lie in compartment {listed(known)}: take them back first, or commission one "
            "board alone with --board BUS/ADDRESS. No lock was pulsed"
        )
    base = _base(config, wanted, described=described)
    found_wall = _wall(config, wanted, console, described=described)
    if found_wall is None:
        return None
    if base.driver is Driver.BOARDS:
        answering = _look(wanted, base.buses, console, up_ms)
        if answering is None:
            return None
        buses = buses_of(answering, base.buses)
        candidates = channels_of(answering, buses)
    else:
        buses, candidates = (), channels_as_wired(base)
    cool_down = max((wire.cool_down_ms for wire in base.wiring), default=COOL_DOWN_MS)
    numbers = found_wall.numbers
    return Job(
        base,
        found_wall,
        buses,
        Plan(candidates, numbers, numbers, pace=Pace(cool_down_ms=cool_down)),
    )


def _base(config: Config, wanted: Wanted, *, described: bool) -> Cabinet:
    base = config.cabinet
    if described and not wanted.ports:
        return base
    no_scanner = Reader("none", None)
    scanner = no_scanner if base.scanner.kind == "simulated" else base.scanner
    boards = base.driver is Driver.BOARDS
    return replace(
        base,
        driver=Driver.BOARDS,
        scanner=scanner,
        buses=base.buses if boards else (),
        wiring=base.wiring if boards else (),
    )


def _wall(config: Config, wanted: Wanted, console: Console, *, described: bool) -> Wall | None:
    if wanted.wall is not None:
        return wall.from_file(wanted.wall)
    if described:
        return Wall(config.cabinet.compartments, config.cabinet.screen_cell)
    return session.ask_wall(console)


def _look(
    wanted: Wanted, known: tuple[Bus, ...], console: Console, up_ms: Callable[[], int]
) -> tuple[Answering, ...] | None:
    families = (wanted.family,) if wanted.family else tuple(FAMILIES)
    bauds = {bus.port: bus.baud for bus in known if bus.baud}

    def told(at: Looking) -> bool:
        return session.show_looking(console, at)

    search = Search(families, wanted.addresses, told, up_ms, bauds)
    while True:
        where = wanted.ports or ports.found()
        if not where:
            raise ConfigError(
                "this machine has no serial port: plug the adapter in, or name it with --port"
            )
        answering = look(where, search, passing_over=not wanted.ports)
        answer = session.confirm_boards(console, answering) if answering is not None else None
        if answer == "go":
            return answering
        if answer != "look":
            return None


def _one_board(config: Config, board: tuple[str, int]) -> Job:
    """Only the doors of this board; those that are not known to be free are left alone."""
    cabinet = config.cabinet
    on_it = {w.compartment for w in cabinet.wiring if (w.bus, w.board) == board}
    if cabinet.driver is not Driver.BOARDS or not on_it:
        boards = sorted({f"{w.bus}/{w.board}" for w in cabinet.wiring if w.bus})
        raise ConfigError(
            f"no compartment hangs on board {board[0]}/{board[1]}; there are: "
            f"{', '.join(boards) or 'none'}. No lock was pulsed"
        )
    bus = next(bus for bus in cabinet.buses if bus.name == board[0])
    port = Port(bus.port, bus.baud or FAMILIES[bus.family].baud)
    if not port.open():
        raise ConfigError(why_shut(bus.port))
    port.close()
    left_alone = papers(config).maybe & on_it
    number_at = {(w.bus, w.board, w.channel): w.compartment for w in cabinet.wiring}
    candidates = tuple(
        replace(one, pulsed=number_at[(one.bus, one.board, one.channel)] not in left_alone)
        for one in channels_as_wired(cabinet)
        if one.home == board
    )
    plan = Plan(
        candidates,
        wanted=frozenset(on_it - left_alone),
        wall=frozenset(plan.number for plan in cabinet.compartments),
        taken={
            w.compartment: f"{w.bus}/{w.board}/{w.channel}"
            for w in cabinet.wiring
            if w.compartment not in on_it
        },
        occupied=left_alone,
        pace=Pace(
            cool_down_ms=max(w.cool_down_ms for w in cabinet.wiring if w.compartment in on_it)
        ),
    )
    found_wall = Wall(cabinet.compartments, cabinet.screen_cell)
    return Job(cabinet, found_wall, cabinet.buses, plan, frozenset({board}))
