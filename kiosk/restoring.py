"""Own rows that central gives back, held beside the journal (protocol §9).

The law of this file: a row is believed for this kiosk's own signature and its place in the chain, and for
nothing that central, the network or `kiosk sync` says. What is believed lies aside on the disk; it takes
no more room than this kiosk has ever signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kiosk.core.restored import HARMLESS, Verdict, Weighed
from kiosk.journal_values import Aside, Damaged, JournalPort
from sync.envelopes import BadEnvelope, check_statement, hash_of, peek_statement
from sync.keys import Key
from sync.messages import Head, SchemaError, Statement
from sync.schema import read_statement

MOST_OFFERED = 500  # rows in one offer: each is a signature to be checked
PAGE_ROWS = 256
PAGE_BYTES = 8 * 1024 * 1024
Owner = tuple[str, int]  # kiosk, epoch


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One row that bears our signature."""

    seq: int
    prev: str
    hash: str
    compact: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OfferedRows:
    """A page of what central holds, in order: where a number between two rows is missing is a hole.

    `first` is the number with which the page begins, 0 for an empty one. `head`: how far central goes.
    """

    first: int
    rows: tuple[OwnRow, ...]
    head: Head
    offer: int


def believed(
    items: Sequence[str | Damaged], head: Head, offer: int, key: Key, owner: Owner
) -> OfferedRows:
    """The page up to the first row that is not ours, or not the next one. About 0.15 ms a row."""
    first, rows = 0, list[OwnRow]()
    for place, item in enumerate(items):
        statement = None if isinstance(item, Damaged) else _ours(item, key, owner)
        seq = item.seq if isinstance(item, Damaged) else statement.seq if statement else 0
        first = first or seq
        if not seq or seq != first + place:
            break
        if isinstance(item, str) and statement is not None:
            rows.append(OwnRow(seq, statement.prev, hash_of(item), item))
    return OfferedRows(first, tuple(rows), head, offer)


def _ours(text: str, key: Key, owner: Owner) -> Statement | None:
    try:
        statement = read_statement(check_statement(text, key))
    except (BadEnvelope, SchemaError):
        return None
    return statement if (statement.kiosk, statement.epoch) == owner else None


def weigh(journal: JournalPort, offered: OfferedRows, named: int) -> Weighed:
    """Lay aside what this journal lacks; what is to be thought of it, or which rows are wanted next.

    `named`: the furthest row that a manifest has named; less than that is not all.

    Raises:
        JournalError: nothing more lies aside than before.
    """
    branch = _Branch(journal)
    found = branch.compare(offered)
    if found.torn or _doors_after(journal, branch.common(found.base)):
        return branch.torn(offered)
    if found.rows:
        journal.lay_aside(found.base, [row.compact for row in found.rows])
        branch = _Branch(journal)
    wanted = branch.wanted(offered, found, named)
    if wanted is not None:
        return branch.says(offered, Verdict.MORE, wanted)
    return branch.says(offered, Verdict.WHOLE if branch.aside else Verdict.NEWEST)


@dataclass(frozen=True, slots=True)
class _Found:
    """`rows` follow row `base` and are not here yet; without any, `base` is the newest row here."""

    base: int
    rows: tuple[OwnRow, ...] = ()
    alike: int = 0  # the last row of the page that is here too
    misfit: bool = False  # the first row that is not here follows no row here
    torn: bool = False  # between what both have and the first row that is not here is a hole


class _Branch:
    """The rows that central seems to hold: this journal's up to a row, then those that lie aside."""

    def __init__(self, journal: JournalPort) -> None:
        self._journal = journal
        self.aside: Aside | None = journal.aside()
        self.head = self.aside.head if self.aside else journal.head

    def hash_at(self, seq: int) -> str | None:
        """As `JournalPort` says, along this branch."""
        if self.aside is not None and seq > self.aside.base.seq:
            return self._journal.hash_aside(seq)
        return self._journal.hash_at(seq)

    def common(self, base: int) -> int:
        """The newest row that the journal has alike with rows that follow row `base` of this branch."""
        return base if self.aside is None else min(base, self.aside.base.seq)

    def compare(self, offered: OfferedRows) -> _Found:
        """Where the page leaves this branch, if it does."""
        alike, here = 0, self.head.seq
        begins = offered.rows[0].seq if offered.rows else 0
        if self.aside is not None and offered.first == here + 1 != begins:
            return _Found(here, torn=True)  # a hole is next: what lies aside can never be all
        for place, row in enumerate(offered.rows):
            mine = self.hash_at(row.seq)
            if mine == row.hash:
                alike = row.seq
            elif mine is None and row.seq <= here:
                continue  # damaged here: says nothing
            elif self._journal.gave_way(row.compact):
                return _Found(here, alike=alike)  # settled long ago: somebody says it once more
            elif row.prev == self.hash_at(row.seq - 1):
                return _Found(row.seq - 1, _chained(offered.rows[place:]))
            else:
                before = offered.rows[place - 1].seq if place else offered.first - 1
                hole = before < row.seq - 1
                torn = before <= here if hole else offered.first == 1
                return _Found(here, misfit=row.seq <= here + 1, torn=torn)
        return _Found(here, alike=alike)

    def wanted(self, offered: OfferedRows, found: _Found, named: int) -> int | None:
        """After which row others must come before anything can be said; None: nothing is missing."""
        here, told = self.head.seq, offered.head
        last = min(here, told.seq)
        same = not (told.hash and told.seq) or self.hash_at(told.seq) == told.hash
        if found.misfit:  # back by doubled steps, until a row fits
            return max(0, last - max(1, 2 * (last - (offered.first - 1))))
        if self.aside is None and told.seq <= here and same:
            return None
        if 0 < found.alike < last:
            return found.alike
        if here < (told.seq if self.aside is None else max(told.seq, named)):
            return here
        return None if same else told.seq - 1

    def says(self, offered: OfferedRows, verdict: Verdict, after: int = 0) -> Weighed:
        """The same, for the core."""
        common = self.aside.base.seq if self.aside else self._journal.head.seq
        here, aside = self._journal.head, self.aside is not None
        return Weighed(offered.offer, verdict, aside, after, common, here, self.head)

    def torn(self, offered: OfferedRows) -> Weighed:
        """No way on but a new epoch."""
        there = Head(max(offered.head.seq, self.head.seq), "")
        aside = self.aside is not None
        return Weighed(offered.offer, Verdict.TORN, aside, there=there)


def _chained(rows: Sequence[OwnRow]) -> tuple[OwnRow, ...]:
    """The first rows, as far as each names the one before it; after a hole comes nothing."""
    kept = list(rows[:1])
    for row in rows[1:]:
        if (row.seq, row.prev) != (kept[-1].seq + 1, kept[-1].hash):
            break
        kept.append(row)
    return tuple(kept)


def _doors_after(journal: JournalPort, seq: int) -> bool:
    """Whether a row of this journal after that one authorises or observes a door, or cannot be read."""
    return any(kind not in HARMLESS for kind in _kinds_after(journal, seq))


def _kinds_after(journal: JournalPort, seq: int) -> Iterator[str]:
    while rows := journal.after(seq, most=PAGE_ROWS, most_bytes=PAGE_BYTES):
        for row in rows:
            seq += 1
            yield "" if isinstance(row, Damaged) else str(peek_statement(row).get("kind"))
