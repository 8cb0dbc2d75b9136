"""A kiosk's card that can be copied and go on twice, and a central that gives rows back, page by page."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from kiosk.core.restored import Verdict, Weighed
from kiosk.journal_values import Damaged
from kiosk.restoring import believed, weigh
from sync.envelopes import hash_of
from sync.messages import Head, Kind
from tests.contract.journal_contract import EPOCH, KEY, KIOSK, statement
from tests.journal_fake import Disk, MemoryJournal

OWNER = KIOSK, EPOCH
MOST_ANSWERS = 200
Item = str | Damaged


class Card:
    """One journal on a disk in memory."""

    def __init__(self, disk: Disk | None = None) -> None:
        self.disk = disk or Disk()
        self.journal = MemoryJournal(self.disk, kiosk=KIOSK, epoch=EPOCH, key=KEY)

    def grow(self, *kinds: Kind | str, **fields: object) -> Card:
        for kind in kinds:
            self.journal.append(statement(self.journal.head.seq + 1, str(kind), **fields))
        return self

    def copied(self) -> Card:
        """Somebody copies the card."""
        return Card(copy.deepcopy(self.disk))

    @property
    def rows(self) -> list[Item]:
        return [Damaged(seq) if row is None else row for seq, row in enumerate(self.disk.rows, 1)]

    def weigh(self, items: Sequence[Item], head: Head | None = None, *, named: int = 0) -> Weighed:
        """One page; `head` for how far central says that it goes."""
        told = head or head_of(items)
        return weigh(self.journal, believed(items, told, 1, KEY, OWNER), named)

    def walk(self, held: Sequence[Item], *, page: int = 3, named: int = 0) -> Weighed:
        """What `kiosk sync` does with a central that holds these rows."""
        head, after = head_of(held), self.journal.head.seq
        for _ in range(MOST_ANSWERS):
            weighed = self.weigh(held[after : after + page], head, named=named)
            if weighed.verdict is not Verdict.MORE:
                return weighed
            after = weighed.after
        raise AssertionError(f"it never ends: row {after} is wanted again and again")

    def take_in(self, weighed: Weighed) -> None:
        self.journal.take_in([statement(weighed.there.seq + 1, "conflict", what="restored")])


def head_of(held: Sequence[Item]) -> Head:
    last = held[-1] if held else ""
    return Head(len(held), hash_of(last) if isinstance(last, str) and last else "")
