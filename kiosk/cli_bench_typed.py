"""Typed lines as the hands before a bench cabinet, and as the misfortunes of its wires."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from drivers.bench.boards import Asked, BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.bench.faults import Fault
from drivers.doors import Reading
from drivers.simulated.cabinet import Cabinet

LINE_MAX = 200  # characters of a line that are said again
TIMES_MAX = 1_000_000
HELP = f"""\
What you can type (BUS may be left out where there is one; a BOARD is its address, or BUS/ADDRESS):
  door N pull|push|key|jam|spring|mend   a hand at door N, the staff key, a fault of the leaf, all mended
  door N says open|closed|unknown        its contact says this, whatever the door does; mend ends it
  door N weld                            its relay sticks when it is next driven; mend ends it
  fault NAME [TIMES|on] [open|query]     spoil the next exchanges (1); on: until `fault clear`; about pulses
                                         or doors only. NAME: {" ".join(Fault)}
  fault clear                            no scripted fault is left
  kill BOARD, revive BOARD               a board without power
  mode BOARD CHANNEL MODE                Waveshare: 0 normal, 1 linkage
  report BOARD CHANNEL                   the board tells unasked how that contact stands (wkly, 8A/80)
  unplug [BUS], plug [BUS]               the adapter is pulled out, or there again
  status                                 open doors, coils that are on, faults to come, what was heard
  help, quit"""


class _NotUnderstoodError(Exception):
    """What was typed means nothing here."""


class Typed:
    """Obeys one line at a time and prints what moved."""

    def __init__(self, bench: BenchCabinet, buses: Sequence[BenchBus]) -> None:
        self._bench = bench
        self._boards = {bus.name: {board.address for board in bus.boards} for bus in buses}
        self._open: set[int] = set()
        self._on: frozenset[int] = frozenset()
        self._commands: dict[str, Callable[[list[str]], None]] = {
            "help": self._help,
            "door": self._door,
            "fault": self._fault,
            "kill": lambda rest: self._bench.kill(*self._board(rest, 1)),
            "revive": lambda rest: self._bench.revive(*self._board(rest, 1)),
            "mode": self._mode,
            "report": self._report,
            "unplug": lambda rest: self._bench.unplug(self._bus(rest)),
            "plug": lambda rest: self._bench.plug(self._bus(rest)),
            "status": self._status,
        }

    def obey(self, line: str) -> bool:
        """Carry out one typed line; False: it was quit."""
        words = line.split()
        if not words:
            return True
        name, *rest = words
        if name in {"quit", "exit"}:
            return False
        try:
            self._commands.get(name, self._unknown)(rest)
        except _NotUnderstoodError:
            print(f"not understood: {line.strip()[:LINE_MAX]} (help tells more)", flush=True)
        except OSError as error:
            print(f"that did not work: {error}", flush=True)
        else:
            self.report()
        return True

    def report(self) -> None:
        """Print what changed since the last time."""
        with self._bench.hands() as cabinet:
            opened = {n for n in cabinet.compartments if cabinet.is_open(n)}
            coils = cabinet.coils_on()
        for n in sorted(coils ^ self._on):
            print(f"coil {n} is {'on' if n in coils else 'off'}", flush=True)
        for n in sorted(opened ^ self._open):
            print(f"door {n} is {'open' if n in opened else 'closed'}", flush=True)
        self._open, self._on = opened, coils

    # The commands

    def _unknown(self, _rest: list[str]) -> None:
        raise _NotUnderstoodError

    def _help(self, _rest: list[str]) -> None:
        print(HELP, flush=True)

    def _door(self, rest: list[str]) -> None:
        match rest:
            case [number, deed]:
                n = _number(number, 255)
            case [number, "says", reading] if reading in set(Reading):
                n, deed = _number(number, 255), reading
            case _:
                raise _NotUnderstoodError
        with self._bench.hands() as cabinet:
            if n not in cabinet.compartments:
                raise _NotUnderstoodError
            moved = _did(cabinet, n, deed, says=len(rest) > 2)  # noqa: PLR2004  # N says READING
        if not moved:
            print(f"door {n}: it does not move", flush=True)

    def _fault(self, rest: list[str]) -> None:
        if rest == ["clear"]:
            self._bench.clear()
            return
        words = list(rest)
        bus = words.pop() if words and words[-1] in self._boards else ""
        if not words or words[0] not in set(Fault):
            raise _NotUnderstoodError
        times: int | None = 1
        only: Asked | None = None
        for word in words[1:]:
            if word in set(Asked):
                only = Asked(word)
            else:
                times = None if word == "on" else _number(word, TIMES_MAX)
        if times == 0:
            raise _NotUnderstoodError
        self._bench.fault(self._bus([bus]), Fault(words[0]), times=times, only=only)

    def _mode(self, rest: list[str]) -> None:
        bus, board = self._board(rest[:1], 1)
        if len(rest) != 3:  # noqa: PLR2004  # BOARD CHANNEL MODE
            raise _NotUnderstoodError
        self._bench.set_mode(bus, board, self._channel(bus, board, rest[1]), _number(rest[2], 3))

    def _report(self, rest: list[str]) -> None:
        bus, board = self._board(rest[:1], 1)
        if len(rest) != 2:  # noqa: PLR2004  # BOARD CHANNEL
            raise _NotUnderstoodError
        self._bench.report(bus, board, self._channel(bus, board, rest[1]))

    def _status(self, _rest: list[str]) -> None:
        with self._bench.hands() as cabinet:
            opened = [n for n in cabinet.compartments if cabinet.is_open(n)]
            runs = cabinet.coil_runs()
            coils = sorted(cabinet.coils_on())
        longest = max((run.off_ms - run.on_ms for run in runs), default=0)
        print(f"open doors: {_list(opened)}; coils on: {_list(coils)}")
        print(f"coil runs so far: {len(runs)}, the longest {longest} ms")
        for name in self._boards:
            heard = self._bench.heard(name)
            last = heard[-1].hex(" ").upper() if heard else "nothing"
            there = "" if self._bench.port(name).is_symlink() else " (unplugged)"
            planned = ", ".join(self._bench.planned(name)) or "none"
            print(f"bus {name}{there}: {len(heard)} requests heard, last {last}; faults: {planned}")
        for request in self._bench.dangers():
            print(f"DANGEROUS request: {request.hex(' ').upper()}")
        print(end="", flush=True)

    # Names

    def _bus(self, rest: list[str]) -> str:
        names = [name for name in rest if name] or list(self._boards)
        if len(names) != 1 or names[0] not in self._boards:
            raise _NotUnderstoodError
        return names[0]

    def _board(self, rest: list[str], words: int) -> tuple[str, int]:
        if len(rest) != words:
            raise _NotUnderstoodError
        bus, _, address = rest[0].rpartition("/")
        name, board = self._bus([bus]), _number(address, 255)
        if board not in self._boards[name]:
            raise _NotUnderstoodError
        return name, board

    def _channel(self, bus: str, board: int, text: str) -> int:
        channel = _number(text, 255)
        if not 1 <= channel <= self._bench.channels(bus, board):
            raise _NotUnderstoodError
        return channel


def _did(cabinet: Cabinet, n: int, deed: str, *, says: bool) -> bool:
    """One deed at one door; False: it did not move."""
    if says:
        cabinet.stick_sensor(n, Reading(deed))
        return True
    hands: dict[str, Callable[[int], bool]] = {
        "pull": cabinet.pull,
        "push": cabinet.push,
        "key": cabinet.open_by_key,
    }
    faults: dict[str, Callable[[int], None]] = {
        "jam": cabinet.jam,
        "spring": cabinet.break_spring,
        "weld": cabinet.coils.weld,
        "mend": cabinet.mend,
    }
    if deed in hands:
        return hands[deed](n)
    if deed not in faults:
        raise _NotUnderstoodError
    faults[deed](n)
    return True


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        raise _NotUnderstoodError
    if int(text) > most:
        raise _NotUnderstoodError
    return int(text)


def _list(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers)) or "none"
