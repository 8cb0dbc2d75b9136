"""What the statements of one request speak of: results with their parts, holders and messages, read at once.

The law of this file: it is filled and used under the kiosk's row lock, in one transaction, so what was read
stays true until the end of it. Results, parts and holders are changed as objects; the session writes them
before it asks the database anything of them. Messages are only added: whoever asks for those calls `write`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from sync.central.office_tables import Task
from sync.central.tables import Holder, Notice, Part, Result

_NOTICES = cast("Table", Notice.__table__)
_TOLD = ("waiting", "sent")


class Papers:
    """The results of one kiosk, as far as they were asked for."""

    def __init__(self, session: Session, kiosk: str) -> None:
        self._session = session
        self._kiosk = kiosk
        self._results: dict[str, Result | None] = {"": None}
        self._parts: dict[str, dict[int, Part]] = defaultdict(dict)
        self._holders: dict[str, list[Holder]] = defaultdict(list)
        self._told: set[tuple[str, str, str]] = set()
        self._to_phone: set[str] = set()
        self._queued: list[dict[str, object]] = []  # messages that are not written yet

    def read(self, cids: Iterable[str]) -> None:
        """Have these at hand, as far as they are this kiosk's: five questions in all."""
        fresh = set(cids) - self._results.keys()
        if not fresh:
            return
        self._results |= dict.fromkeys(fresh)
        mine = select(Result).where(Result.cid.in_(fresh), Result.kiosk == self._kiosk)
        found = {result.cid: result for result in self._session.scalars(mine)}
        self._results |= found
        if not found:
            return
        for part in self._session.scalars(select(Part).where(Part.cid.in_(found))):
            self._parts[part.cid][part.compartment] = part
        theirs = select(Holder).where(Holder.cid.in_(found)).order_by(Holder.cid, Holder.id)
        for held in self._session.scalars(theirs):
            self._holders[held.cid].append(held)
        self._read_told(found)
        open_ = (Task.cid.in_(found), Task.done_ms == 0)
        self._to_phone.update(self._session.scalars(select(Task.cid).where(*open_)))

    def result(self, cid: str) -> Result | None:
        """None: there is no such result at this kiosk."""
        self.read([cid])
        return self._results[cid]

    def part(self, cid: str, compartment: int) -> Part | None:
        """None: nothing of it was ever stated to lie there, or it was taken out."""
        self.read([cid])
        return self._parts[cid].get(compartment)

    def phases(self, cid: str) -> set[str]:
        """Of all its parts."""
        return {part.phase for part in self._parts[cid].values()}

    def holders(self, cid: str) -> Sequence[Holder]:
        """Everybody who may collect it, in order."""
        self.read([cid])
        return self._holders[cid]

    def put(self, cid: str, compartment: int, phase: str) -> None:
        """A part has this phase now, wherever it was before."""
        part = self.part(cid, compartment)
        if part is None:
            part = Part(cid=cid, compartment=compartment, phase=phase)
            self._parts[cid][compartment] = part
            self._session.add(part)
        part.phase = phase

    def lying_in(self, compartment: int) -> list[tuple[Result, Part]]:
        """What is believed to lie there, and is not collected."""
        there = (Part.compartment == compartment, Part.phase != "collected")
        wanted = select(Part.cid).join(Result).where(Result.kiosk == self._kiosk, *there)
        cids = self._session.scalars(wanted).all()
        lying = [(self.result(cid), self.part(cid, compartment)) for cid in cids]
        return [(result, part) for result, part in lying if result is not None and part is not None]

    def take_out(self, part: Part) -> None:
        """It does not lie there any more."""
        del self._parts[part.cid][part.compartment]
        if part in self._session.new:
            self._session.expunge(part)
        else:
            self._session.delete(part)

    def queue(self, cid: str, kind: str, cause: str, *, due: int, at: int) -> None:
        """One message to each holder who was not told, nor is about to be. `due`, `at`: milliseconds.

        `at` is when that happened which is told; `cause` names it.
        """
        for held in self.holders(cid):
            named = (cid, held.id, kind)
            if named not in self._told:
                self._told.add(named)
                where = {"cid": cid, "holder": held.id, "channel": held.channel}
                why = {"cause": f"{kind}:{cause}:{cid}:{held.id}", "kind": kind}
                self._queued.append({**why, **where, "due_ms": due, "at_ms": at})

    def write(self) -> None:
        """The messages, all at once."""
        if self._queued:
            with self._session.no_autoflush:  # results and holders that they name are there
                self._session.execute(insert(_NOTICES), self._queued)
            self._queued = []

    def look_again(self, cid: str) -> None:
        """Messages about it were voided just now: the next one is told anew."""
        self._told = {named for named in self._told if named[0] != cid}
        self._read_told([cid])

    def to_phone(self, cid: str) -> bool:
        """Whether somebody is to be phoned about it."""
        return cid in self._to_phone

    def _read_told(self, cids: Iterable[str]) -> None:
        told = (Notice.cid.in_(cids), Notice.state.in_(_TOLD))
        rows = self._session.execute(select(Notice.cid, Notice.holder, Notice.kind).where(*told))
        self._told.update((row.cid, row.holder, row.kind) for row in rows)
