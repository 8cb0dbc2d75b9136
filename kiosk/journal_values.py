"""The journal's words: what goes in, what comes out, what can go wrong. Standard library only.

The law of this file: whoever records, replays or sends statements needs these words and nothing of
SQLite. A row that is there but cannot be believed is a value (`Damaged`), because the ones behind it
go on; a journal that cannot keep or give a row is a `JournalError`, because nothing may go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.errors import PlainError
from sync.messages import Head, Statement


class Reason(StrEnum):
    """Why the journal cannot be used."""

    FULL = "full"  # no room on the disk: nothing was written, later appends may go well
    IO = "io"  # the disk or the file refuses: nothing was acknowledged
    DAMAGED = "damaged"  # what lies in the file is not what was written
    OTHER_KIOSK = "other_kiosk"  # it belongs to another kiosk or epoch
    NEWER = "newer"  # a later version of this program made it
    MISSING = "missing"  # opened for reading, and not there


class JournalError(PlainError):
    """The journal cannot be used; `seq` names the row at fault where there is one."""

    def __init__(self, reason: Reason, detail: str, *, seq: int | None = None) -> None:
        super().__init__(f"journal {reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Row:
    """A statement on the disk: its number, the hash that the next one names, its signed text."""

    seq: int
    hash: str
    compact: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Damaged:
    """A row that is gone or does not bear this kiosk's signature any more."""

    seq: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written. `seq` 0: not tied to a row."""

    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Start:
    """Where to fold from: `folded` after row `base_seq`, or nothing at all (None, 0), then the rest.

    `statements` checks the chain as it goes: it raises `JournalError` (damaged) at the first row that
    does not fit, and everything folded until then is void. `alarms`: what was passed over before it.
    """

    base_seq: int
    folded: bytes | None = field(repr=False)
    encoding: int | None
    statements: Iterator[Statement]
    alarms: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A checkpoint's state as it lies in the side table."""

    seq: int
    encoding: int


@dataclass(frozen=True, slots=True)
class Aside:
    """Own rows that came back and wait to be taken in: those after `base` up to `head`, without a gap.

    `base` is the newest row that this journal and they have alike.
    """

    base: Head
    head: Head


class Rows(Protocol):
    """Raw reading, nothing believed: what `kiosk.journal_chain` checks."""

    def last_seq(self) -> int:
        """Number of the newest row, 0 for none."""
        ...

    def texts(self, after: int, most: int) -> list[tuple[int, str | None]]:
        """The rows after `after`, at most `most`, without gaps; None for what cannot be read."""
        ...

    def checkpoints(self) -> list[Stored]:
        """The states kept, newest first."""
        ...

    def state(self, seq: int) -> bytes | None:
        """The state of one checkpoint, None if it is not there."""
        ...

    def manifests(self) -> list[tuple[int, int, str, str]]:
        """The sealed manifests kept, newest first: (seq, ver, hash, sealed)."""
        ...


class JournalPort(Protocol):
    """What the kiosk asks of its journal; SQLite in service, memory in simulations."""

    @property
    def head(self) -> Head:
        """The newest row."""
        ...

    def append(
        self, statement: Statement, *, sealed: str | None = None, folded: bytes | None = None
    ) -> Row:
        """Sign and keep one statement; durable on return.

        `prev`, and a checkpoint's `state`, are filled in here. `sealed` goes with manifest_accepted,
        `folded` with checkpoint, in the same transaction.

        Raises:
            JournalError: nothing was kept; `head` is what it was.
            ValueError: we erred: another kiosk or epoch, or not the next number.
        """
        ...

    def hash_at(self, seq: int) -> str | None:
        """The hash of one row, "" for row 0, None for one that is not there or cannot be read."""
        ...

    def after(self, seq: int, *, most: int, most_bytes: int) -> list[str | Damaged]:
        """Signed texts after `seq`, each verified; never more than `most`, nor more bytes (but one)."""
        ...

    def in_force(self) -> tuple[int, str, str] | None:
        """The newest manifest kept: (ver, hash, sealed)."""
        ...

    def keep_again(self, ver: int, name: str, sealed: str) -> None:
        """Store the manifest that a row accepted and whose copy is not here, without another row.

        Raises:
            JournalError: nothing was kept.
        """
        ...

    def aside(self) -> Aside | None:
        """What waits to be taken in, None for nothing."""
        ...

    def hash_aside(self, seq: int) -> str | None:
        """As `hash_at`, among what `aside` names."""
        ...

    def gave_way(self, compact: str) -> bool:
        """Whether this very row was set aside by an earlier `take_in`: it can never be news again."""
        ...

    def lay_aside(self, after: int, rows: Sequence[str]) -> None:
        """Let these rows follow row `after`, which is one of `aside` or else of this journal.

        What lay aside after it gives way. Durable on return.

        Raises:
            JournalError: nothing was kept.
        """
        ...

    def take_in(self, statements: Sequence[Statement]) -> None:
        """All that lies aside becomes this journal, and these statements follow, in one transaction.

        Rows of this journal after the base are set aside, with their states and manifests. `prev` is
        filled in here.

        Raises:
            JournalError: nothing was taken in.
        """
        ...

    def free_bytes(self) -> int:
        """Room left on its disk."""
        ...

    def start(self, encoding: int, *, before: int | None = None) -> Start:
        """Where to fold from, for states of this encoding; `before` asks for an older checkpoint.

        Raises:
            JournalError: damaged: the newest row does not bear our signature.
        """
        ...

    def verify(self) -> Iterator[Finding]:
        """Check every row, state and manifest; nothing found means nothing is wrong."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
