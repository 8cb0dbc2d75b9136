"""*Open* pressed → pulse handed to the driver, over the bare cost of making one row durable.

Ours: the core's step, the real carrier, the real journal (signed, chained, WAL, FULL), until the lock bank
is called. The floor: the very bytes of the row that was kept last, into a table of the same form, on a held
`sqlite3` connection, WAL and FULL, in the same folder.

Every pair opens another of the 120 results. What is not timed: its visit up to the button, typed anew from
the same idle state, whose memory is only told how far the journal has come meanwhile. Nothing is collected,
so all 120 stay loaded for every single pair.
"""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter_ns

from bench.collect_kiosk import EPOCH, KIOSK, Stocked, keyed, stocked, typed
from bench.measure import Numbers, Size, pair
from drivers.doors import Capabilities, Inbox
from kiosk.carry import Carrier
from kiosk.core.automaton import step
from kiosk.core.events import Key, Pressed
from kiosk.core.scenes import Opening, Ready
from kiosk.core.state import State
from kiosk.journal import Journal
from sync.keys import new_signing_key

LOADED = 120


@dataclass
class NotingBank:
    """A lock bank that notes when it was asked."""

    at_ns: int = 0
    asked: list[int] = field(default_factory=list)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            board_times_pulse=True, has_feedback=True, parallel_pulses=1, pulse_ms=(100, 500)
        )

    def start(self, inbox: Inbox) -> None:
        """Nothing moves here."""

    def pulse(self, compartment: int) -> None:
        self.at_ns = perf_counter_ns()
        self.asked.append(compartment)

    def close(self) -> None:
        """Nothing was on."""


class Held:
    """A table of the same form on a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            "CREATE TABLE statements (seq INTEGER NOT NULL PRIMARY KEY, compact TEXT NOT NULL)"
        )
        self._seq = 0

    def insert(self, compact: str) -> int:
        """One durable row; nanoseconds."""
        self._seq += 1
        begun = perf_counter_ns()
        self._connection.execute("INSERT INTO statements VALUES (?, ?)", (self._seq, compact))
        return perf_counter_ns() - begun

    def close(self) -> None:
        self._connection.close()


class Decision:
    """One kiosk whose button is pressed again and again."""

    def __init__(self, stock: Stocked, journal: Journal) -> None:
        self._stock = stock
        self._journal = journal
        self._bank = NotingBank()
        self._carrier = Carrier(
            journal, self._bank, check_pin=lambda _: None, answer=lambda *_: None
        )
        for statement in stock.statements:
            journal.append(statement, sealed="sealed" if "hash" in statement.fields else None)
        self.row = self._newest()
        self._turn = 0

    def press(self) -> int:
        """One decision; nanoseconds from the touch to the driver."""
        number = self._turn % LOADED + 1
        self._turn += 1
        state, now = self._ready(number), self._stock.now
        begun = perf_counter_ns()
        after, effects = step(state, Pressed(Key.OPEN), now)
        self._carrier.carry(effects)
        took = self._bank.at_ns - begun
        assert self._bank.asked[-1] == number
        assert isinstance(after.scene, Opening)
        self.row = self._newest()
        return took

    def _ready(self, number: int) -> State:
        """The button of one compartment's result on the screen."""
        idle = self._stock.state
        idle = replace(idle, memory=replace(idle.memory, seq=self._journal.head.seq))
        state = typed(idle, self._stock.now, *self._stock.code(number))
        state = keyed(state, self._stock.now, (Key.CONFIRM, ""))
        assert isinstance(state.scene, Ready)
        return state

    def _newest(self) -> str:
        (row,) = self._journal.after(self._journal.head.seq - 1, most=1, most_bytes=1)
        assert isinstance(row, str)
        return row


def decision(size: Size) -> Numbers:
    """`decision_ratio` and `decision_added_ms`."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        key = new_signing_key()
        journal = Journal.open(folder / "journal.db", kiosk=KIOSK, epoch=EPOCH, key=key)
        held = Held(folder / "floor.db")
        try:
            ours = Decision(stocked(LOADED), journal)
            both = pair(size.pairs, ours.press, lambda: held.insert(ours.row))
        finally:
            held.close()
            journal.close()
    return {
        "collect.decision_ratio": both.ratio,
        "collect.decision_added_ms": both.added_ms,
    }
