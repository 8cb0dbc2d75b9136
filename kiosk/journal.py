"""The journal: what happened at this kiosk, signed, chained, append-only (DESIGN §4, §10).

The law of this file: `append` returns when the statement is on the disk, not before; `head` moves only
then. What the rows mean is the core's business; what SQLite does with them is `kiosk.journal_file`'s;
whether they can be believed is `kiosk.journal_chain`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from kiosk import journal_aside
from kiosk import journal_chain as chain
from kiosk.journal_file import JournalFile
from kiosk.journal_tables import FIRST_SCHEMA, SCHEMA_VERSION
from kiosk.journal_values import Aside, Damaged, Finding, JournalError, Reason, Row, Start
from sync.envelopes import hash_of
from sync.keys import Key
from sync.messages import Head, Statement

Owner = tuple[str, int]  # kiosk, epoch


class Journal:
    """One kiosk's journal on SQLite: `JournalPort` of `kiosk.journal_values`. For one thread."""

    def __init__(self, file: JournalFile, key: Key, owner: Owner, head: Head | None) -> None:
        self._file = file
        self._key = key
        self._owner = owner
        self._head = head  # None: opened for reading, another process moves it

    @classmethod
    def open(cls, path: Path, *, kiosk: str, epoch: int, key: Key) -> Self:
        """Open for service, made anew if it is not there. `key` is the private statement key.

        Raises:
            JournalError: other_kiosk, newer, damaged, io, full.
        """
        file = JournalFile.writing(path)
        try:
            if not file.facts():
                file.create({"kiosk": kiosk, "epoch": str(epoch), "schema": str(FIRST_SCHEMA)})
            owner = owner_of(path, file.facts())
            if owner != (kiosk, epoch):
                raise _other(path, owner)
            return cls(file, key, owner, _newest(file))
        except JournalError:
            file.close()
            raise

    @classmethod
    def read_only(cls, path: Path, *, key: Key) -> Self:
        """Open for reading, also beside the running kiosk. The public half of the key is enough.

        Raises:
            JournalError: missing, newer, damaged, io.
        """
        file = JournalFile.reading(path)
        try:
            return cls(file, key, owner_of(path, file.facts()), None)
        except JournalError:
            file.close()
            raise

    @property
    def owner(self) -> Owner:
        """Kiosk and epoch whose journal this is."""
        return self._owner

    @property
    def head(self) -> Head:
        """The newest row; 0 and "" for none."""
        return self._head or _newest(self._file)

    def append(
        self, statement: Statement, *, sealed: str | None = None, folded: bytes | None = None
    ) -> Row:
        """Sign and keep one statement; durable on return.

        `prev`, and a checkpoint's `state`, are filled in here. `sealed` goes with manifest_accepted
        (whose fields name `ver` and `hash`), `folded` with checkpoint (whose field is `encoding`), in
        the same transaction.

        Raises:
            JournalError: nothing was kept; `head` is what it was, and a later call may go well.
            ValueError: we erred: opened for reading, another kiosk or epoch, not the next number.
        """
        if self._head is None or (statement.kiosk, statement.epoch) != self._owner:
            raise ValueError("this journal is not the one to keep that statement")
        row = chain.link(statement, head=self._head, key=self._key, folded=folded)
        fields = statement.fields
        if sealed:
            manifest = (_whole(fields["ver"]), str(fields["hash"]), sealed)
            self._file.keep_manifest(row.seq, row.compact, manifest)
        elif folded:
            self._file.keep_state(row.seq, row.compact, _whole(fields["encoding"]), folded)
        else:
            self._file.keep(row.seq, row.compact)
        self._head = Head(row.seq, row.hash)
        return row

    def hash_at(self, seq: int) -> str | None:
        """The hash of one row, "" for row 0, None for one that is not there or cannot be read."""
        if seq == 0:
            return ""
        text = dict(self._file.texts(seq - 1, 1)).get(seq)
        return None if text is None else hash_of(text)

    def after(self, seq: int, *, most: int, most_bytes: int) -> list[str | Damaged]:
        """Signed texts after `seq`, each verified (about 0.15 ms): at most `most`, and no more bytes.

        One row is given whatever its size.
        """
        return list(chain.send(self._file, seq, self._key, most=most, most_bytes=most_bytes))

    def in_force(self) -> tuple[int, str, str] | None:
        """The newest manifest kept: (ver, hash, sealed)."""
        found = self._file.manifests()
        return found[0][1:] if found else None

    def accepted(self) -> str | Damaged | None:
        """The statement by which the manifest of `in_force` was accepted."""
        found = self._file.manifests()
        if not found:
            return None
        return next(iter(self.after(found[0][0] - 1, most=1, most_bytes=1)), None)

    def keep_again(self, ver: int, name: str, sealed: str) -> None:
        """As `JournalPort` says; a row that cannot be read any more accepts nothing."""
        seq = chain.accepted_at(self._file, ver, name)
        if seq is not None:
            self._file.in_one(journal_aside.keeping_again(seq, (ver, name, sealed)))

    def aside(self) -> Aside | None:
        """As `JournalPort` says."""
        return journal_aside.lying(self._file)

    def hash_aside(self, seq: int) -> str | None:
        """As `JournalPort` says."""
        return journal_aside.hash_of_row(self._file, seq)

    def gave_way(self, compact: str) -> bool:
        """As `JournalPort` says."""
        return journal_aside.gave_way(self._file, compact)

    def lay_aside(self, after: int, rows: Sequence[str]) -> None:
        """As `JournalPort` says."""
        lying = self.aside()
        fresh = lying is None or after < lying.base.seq
        base = dict(self._file.texts(after - 1, 1)).get(after) if after else ""
        self._file.in_one(journal_aside.laying(after, base or "", rows, fresh=fresh))

    def take_in(self, statements: Sequence[Statement]) -> None:
        """As `JournalPort` says."""
        lying = self.aside()
        if self._head is None or lying is None:
            raise ValueError("nothing lies aside that this journal could take in")
        rows = chain.linked(statements, head=lying.head, key=self._key)
        self._file.in_one(journal_aside.taking_in(lying.base.seq, rows))
        self._head = Head(rows[-1].seq, rows[-1].hash)

    def free_bytes(self) -> int:
        """Room left on its disk."""
        return self._file.free_bytes()

    def start(self, encoding: int, *, before: int | None = None) -> Start:
        """Where to fold from, for states of this encoding; `before` asks for an older checkpoint.

        Raises:
            JournalError: damaged: the newest row does not bear our signature.
        """
        return chain.start(self._file, self._key, encoding, before)

    def verify(self) -> Iterator[Finding]:
        """Check every row, state and manifest; nothing found means nothing is wrong."""
        return chain.verify(self._file, self._key)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _newest(file: JournalFile) -> Head:
    last = file.last_seq()
    text = dict(file.texts(last - 1, 1)).get(last) if last else ""
    if text is None:
        raise JournalError(Reason.DAMAGED, f"row {last}, the newest, cannot be read", seq=last)
    return Head(last, hash_of(text) if text else "")


def owner_of(path: Path, facts: dict[str, str]) -> Owner:
    """Whose journal it is, from the facts in its file.

    Raises:
        JournalError: damaged, newer.
    """
    kiosk, epoch, schema = (facts.get(name, "") for name in ("kiosk", "epoch", "schema"))
    if not (kiosk and epoch.isdecimal() and schema.isdecimal()):
        raise JournalError(Reason.DAMAGED, f"{path} is not a journal of a kiosk; keep a copy of it")
    if int(schema) > SCHEMA_VERSION:
        made = f"{path} was made by a later version (schema {schema})"
        raise JournalError(Reason.NEWER, f"{made}; install that version, nothing was changed")
    return kiosk, int(epoch)


def _other(path: Path, owner: Owner) -> JournalError:
    whose = f"{path} belongs to kiosk {owner[0]}, epoch {owner[1]}"
    detail = f"{whose}; set `kiosk` and `data` in kiosk.toml right, nothing was changed"
    return JournalError(Reason.OTHER_KIOSK, detail)


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("ver and encoding are whole numbers")
    return value
