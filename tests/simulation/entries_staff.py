"""What staff did with a compartment, as the book keeps it: by statements alone, apart from the fold."""

from __future__ import annotations

from collections.abc import Callable

from sync.messages import Kind, Statement
from tests.simulation.book import Authority, Book

PAPERS_FOUND = frozenset({"not_empty", "dropped", "found"})
KEPT = frozenset({"lock", "sensor", "door", "cleaning", "other"})  # until staff release it


def text(statement: Statement, name: str) -> str:
    """A text field; "" when it is left out."""
    value = statement.fields.get(name, "")
    assert isinstance(value, str)
    return value


def number_of(statement: Statement, name: str = "compartment") -> int:
    """A number that must be there."""
    value = statement.fields[name]
    assert isinstance(value, int)
    return value


def authorise(book: Book, number: int, statement: Statement, cid: str, who: str) -> None:
    """From now on this compartment may be pulsed."""
    authority = Authority(str(statement.kind), cid, who, statement.seq, book.now_ms)
    authority.reason = text(statement, "reason")
    book.authorities[number] = authority


def restore_floor(book: Book, cid: str) -> None:
    """A part that was accepted is loaded again: its code works again."""
    accepted = book.accepted.get(cid)
    if accepted is not None and not accepted.void:
        who = (cid, accepted.holder)
        if who in book.floors and book.floors[who][0] == accepted.gen:
            book.floors[who] = (accepted.gen, accepted.counter)


def _staff_authorised(book: Book, statement: Statement) -> None:
    number, reason = number_of(statement), text(statement, "reason")
    book.staffed.add(number)
    book.earlier[number] = book.doubts.get(number, "")
    book.doubts[number] = f"staff:{reason}"
    if reason == "load":
        book.pending[number] = text(statement, "cid")
    authorise(book, number, statement, text(statement, "cid"), text(statement, "staff"))


def _loaded(book: Book, statement: Statement) -> None:
    number, cid = number_of(statement), text(statement, "cid")
    book.parts[cid, number] = "loaded"
    _settled(book, number)
    book.lying[number] = cid


def _settled(book: Book, number: int) -> None:
    """An outcome was stated, by somebody who looked."""
    book.authorities.pop(number, None)
    book.staffed.discard(number)
    for facts in (book.doubts, book.earlier, book.pending, book.lying):
        facts.pop(number, None)
    if book.blocks.get(number) not in KEPT:
        book.blocks.pop(number, None)
    book.looked.add(number)


def _retrieved(book: Book, statement: Statement) -> None:
    number, cid = number_of(statement), text(statement, "cid")
    part = (cid, number)
    if cid and statement.fields.get("undo") is True:
        book.parts.pop(part, None)
    elif cid and book.parts.get(part) != "collected":
        _is_over(book, cid, number)
    _settled(book, number)


def _is_over(book: Book, cid: str, number: int) -> None:
    book.over.add((cid, number))
    book.parts[cid, number] = "retrieved"


def _audited(book: Book, statement: Statement) -> None:
    number, finding = number_of(statement), text(statement, "finding")
    if finding == "by_key":
        book.doubts[number] = "by_key"
    elif finding == "papers":
        _papers(book, number)
    elif finding == "empty":
        _empty(book, number)
    elif finding == "other":
        _found(book, number, "found")


def _papers(book: Book, number: int) -> None:
    cid = book.lying.get(number, "")
    part = (cid, number)
    untouched = book.parts.get(part) in ("loaded", "accepted", "unconfirmed")
    if not cid or not untouched or part in book.opened:
        _found(book, number, "found")
        return
    if book.parts[part] != "loaded":
        restore_floor(book, cid)
    book.parts[part] = "loaded"
    _settled(book, number)
    book.lying[number] = cid


def _found(book: Book, number: int, reason: str) -> None:
    """Papers lie inside that nobody may collect; whose they are stays as it was believed."""
    cid = book.lying.get(number, "")
    _settled(book, number)
    book.looked.discard(number)
    book.blocks[number] = reason
    if cid:
        book.lying[number] = cid


def _empty(book: Book, number: int) -> None:
    cid = book.lying.get(number, "")
    if cid and book.parts.get((cid, number)) != "collected":
        _is_over(book, cid, number)
    _settled(book, number)


def _blocked(book: Book, statement: Statement) -> None:
    number, reason = number_of(statement), text(statement, "reason")
    if reason in PAPERS_FOUND:
        _found(book, number, reason)
    else:
        book.blocks[number] = reason


def _released(book: Book, statement: Statement) -> None:
    number = number_of(statement)
    if "papers" in statement.fields:
        _empty(book, number)
    else:
        book.blocks.pop(number, None)


STAFF_ENTRIES: dict[str, Callable[[Book, Statement], None]] = {
    Kind.STAFF_AUTHORISED: _staff_authorised,
    Kind.LOADED: _loaded,
    Kind.RETRIEVED: _retrieved,
    Kind.AUDITED: _audited,
    Kind.BLOCKED: _blocked,
    Kind.RELEASED: _released,
}
