"""The network between kiosk and central as the world treats it: lost, late, twice, out of order, silent.

It does what `kiosk sync` does, without its code: it keeps no cursor, asks central how far the journal
goes, sends what follows, asks for the manifest with the head it was told, and offers it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from kiosk.core.events import Contacted
from kiosk.core.restored import Verdict
from kiosk.journal_values import Damaged
from sync.envelopes import sign_statement
from sync.messages import Clock, Head, Statement
from tests.simulation import keys
from tests.simulation.agenda import Agenda
from tests.simulation.machine import Machine
from tests.simulation.moments import Moment, Received, hold
from tests.simulation.office import Office
from tests.simulation.plan import KIOSK, MINUTE_MS, START_WALL_MS

MOST_ROWS = 40
REPEATS = 0.05  # chance that rows are sent which central has
MOST_BYTES = 256 * 1024
PAGE_ROWS = 25  # of rows that come back
MOST_PAGES = 400
LIES = 0.02  # chance that somebody else offers something at a contact


def forged(seq: int, prev: str) -> str:
    """A row that a stranger signed."""
    said = Statement(KIOSK, 1, seq, prev, START_WALL_MS, Clock.SYNCED, 1, "rated", {"score": 5})
    return sign_statement(said.payload(), keys.STRANGER)


class Wire:
    """One long poll after the other."""

    def __init__(
        self,
        rng: Random,
        agenda: Agenda,
        machine: Machine,
        office: Office,
        tell: Callable[[Moment], None],
    ) -> None:
        self.lost = 0.0  # chance that a request or an answer is lost
        self.down_until_ms = 0
        self._rng = rng
        self._agenda = agenda
        self._machine = machine
        self._office = office
        self._tell = tell
        self._offered = ""
        self._liar = Random("liar")  # of its own: what it draws deals no life anew

    def poll(self) -> None:
        """One contact, if the network has it; the next one follows."""
        again = self._rng.randint(MINUTE_MS // 2, 30 * MINUTE_MS)
        if self._agenda.now_ms < self.down_until_ms:
            again = min(again, self.down_until_ms - self._agenda.now_ms)
        elif self._machine.journal is not None and self.report():
            self.give_back()
            self._fetch()
            again = self._rng.randint(1_000, 20_000) if self._behind() else again
        self._agenda.later(again, self.poll)

    def _behind(self) -> bool:
        journal = self._machine.journal
        if self._office.forked:
            return False  # a restored card: these rows are never taken
        return journal is not None and self._office.head.seq < journal.head.seq

    def report(self) -> bool:
        """Send what central has not received; False when a message was lost."""
        journal = self._machine.journal
        if journal is None or self._drops():
            return False
        repeat = self._rng.randint(1, 5) if self._rng.random() < REPEATS else 0
        after = max(0, self._office.head.seq - repeat)
        texts = [str(text) for text in journal.after(after, most=MOST_ROWS, most_bytes=MOST_BYTES)]
        self._office.take(after, texts)
        self._tell(Received())
        self._machine.deliver(Contacted(self._machine.up_ms))
        return not self._drops()

    def give_back(self) -> None:
        """Central holds rows that the kiosk has not, or others: they are offered, page by page."""
        machine, office = self._machine, self._office
        journal = machine.journal
        if journal is None:
            return
        if self._liar.random() < LIES:
            self._lie(journal.head.seq)
        if office.head.seq <= journal.head.seq and not office.forked:
            return
        after = journal.head.seq
        for _ in range(MOST_PAGES):
            if self._drops():
                return
            told = machine.offer_rows(office.received[after : after + PAGE_ROWS], office.head)
            if told is None or told.done:
                office.forked &= told is None or told.done != Verdict.WHOLE
                return
            after = told.after

    def _lie(self, last: int) -> None:
        """Whoever has the line but not the kiosk's key: nothing that is offered changes anything."""
        journal, state = self._machine.journal, self._machine.state
        if journal is None or state is None:
            return
        before = journal.aside(), journal.head
        own = [str(row) for row in journal.after(max(0, last - 3), most=3, most_bytes=MOST_BYTES)]
        junk = [
            forged(last + 1, journal.head.hash),
            *(row[:-9] + "A" * 9 for row in own),
            "",
            "a.b.c",
        ]
        items: list[str | Damaged] = [Damaged(last + 1), *junk, *own]
        self._liar.shuffle(items)
        name = self._liar.choice(("", "x" * 43, journal.head.hash))
        head = Head(self._liar.choice((0, last, last + 1, 10**9)), name)
        self._machine.offer_rows(items, head)
        now = self._machine.journal
        if now is not None:
            hold((now.aside(), now.head) == before, "4: a stranger's rows changed the journal")

    def _fetch(self) -> None:
        journal = self._machine.journal
        if journal is None:
            return
        head = Head(journal.head.seq, journal.head.hash)
        wall_ms = START_WALL_MS + self._agenda.now_ms
        sealed = self._office.manifest(head, wall_ms)
        state = self._machine.state
        gone = self._machine.restored and state is not None and state.manifest is None
        if sealed.hash == self._offered and self._rng.random() < 0.97 and not gone:
            return  # 304
        if self._drops():
            return
        self._offered = sealed.hash
        late = self._rng.choice((0, 0, 0, 5_000, 10 * MINUTE_MS))
        self._agenda.later(late, lambda: self._machine.offer(sealed.jwe))

    def _drops(self) -> bool:
        return self._rng.random() < self.lost

    def nudge(self) -> None:
        """Central has news."""
        self._offered = ""
