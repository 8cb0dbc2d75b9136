"""Promises 1 to 3: what pulses a lock, what never opens again, what a contact must have shown."""

from __future__ import annotations

from drivers.doors import DoorsRead, PulseDone, Reading, Scanned
from kiosk.core.doors import DEBOUNCE_MS
from kiosk.core.events import Pressed, Tick
from sync.messages import Kind, Statement
from tests.simulation.book import Book
from tests.simulation.devices_kept import contact_holds
from tests.simulation.keeping import authorising, beliefs_hold, looking, staff_pulse
from tests.simulation.memories import phases_hold
from tests.simulation.moments import Moment, PromiseBrokenError, Pulsed, Stated, Stepped, hold

MOST_PULSES = 6  # one try and one retry, each repeated at most twice when it was not sent
REOPEN_MS = 60_000
BY_CODE = frozenset({Kind.ACCEPTED, Kind.RESUMED})


def promise_1(book: Book, moment: Moment) -> None:
    """No lock is pulsed without a durable statement that authorises it, naming the compartment and its
    occupant or a staff member and a reason."""
    if isinstance(moment, Stated) and moment.statement.kind == Kind.STAFF_AUTHORISED:
        authorising(book, moment.statement)
    if not isinstance(moment, Pulsed):
        return
    number = moment.compartment
    authority = book.authorities.get(number)
    if authority is None:
        raise PromiseBrokenError(f"1: compartment {number} is pulsed and nothing authorises it")
    hold(authority.pulses < MOST_PULSES, f"1: {number} is pulsed again and again")
    hold(authority.who, f"1: {authority} names nobody")
    if authority.kind == Kind.STAFF_AUTHORISED:
        staff_pulse(book, number, authority)
    elif authority.kind in BY_CODE:
        there = book.lying.get(number) == authority.cid or book.unaware
        hold(there, f"1: {number} does not hold {authority.cid}")
    else:
        hold((authority.cid, number) in book.opened, f"1: {number} never was {authority.cid}'s")


def promise_2(book: Book, moment: Moment) -> None:
    """Once a part was seen opened, no code or token opens it again (the stated 60 s reopening aside),
    whatever is replayed, re-ordered or cut."""
    match moment:
        case Pulsed(number, event):
            authority = book.authorities.get(number)
            if authority is not None and authority.kind in BY_CODE:
                again = (authority.cid, number) in book.opened and not book.unaware
                hold(not again, f"2: {authority.cid} in {number} is opened by a code again")
            hold(event is not None, "2: the start pulses a lock")
            run = (
                isinstance(event, Tick | DoorsRead)
                and authority is not None
                and authority.reason == "test"
            )
            asked = run or isinstance(event, Pressed | Scanned | PulseDone)
            hold(asked, f"2: {type(event).__name__} pulses a lock")
            by_code = authority is None or authority.kind != Kind.STAFF_AUTHORISED
            older = book.lost or book.aside
            hold(not (older and by_code), "2: an older memory pulses a lock")
        case Stated(statement, _) if statement.kind == Kind.REOPENED:
            _reopening(book, statement)
        case Stated(statement, _):
            looking(book, statement)
        case Stepped():
            phases_hold(book, moment)
            beliefs_hold(book, moment)
        case _:
            pass


def _reopening(book: Book, statement: Statement) -> None:
    cid, number = str(statement.fields["cid"]), statement.fields["compartment"]
    assert isinstance(number, int)
    closed = book.collected.get((cid, number))
    if closed is None:
        raise PromiseBrokenError(f"2: {number} is reopened and was not collected")
    hold(book.now_ms - closed <= REOPEN_MS, f"2: {number} is reopened after a minute")
    hold(closed >= book.started_ms, f"2: {number} is reopened after a restart")
    accepted = book.accepted[cid]
    earlier = any(of == cid and seq > accepted.seq for of, seq in book.reopened)
    hold(not earlier, f"2: {cid} is reopened twice")


def promise_3(book: Book, moment: Moment) -> None:
    """ "Collected" is stated only when the right door was seen to open and then to close; a pulse proves
    nothing. Neither is "opened" or "loaded"."""
    if not isinstance(moment, Stated):
        return
    kind, fields = moment.statement.kind, moment.statement.fields
    number = fields.get("compartment")
    if kind not in (Kind.OPENED, Kind.COLLECTED, Kind.LOADED) or not isinstance(number, int):
        return
    contact = book.contacts.get(number)
    if contact is None:
        raise PromiseBrokenError(f"3: {kind} in {number}, whose contact was never read")
    contact_holds(contact, number)
    for_ms = book.now_ms - contact.since_ms
    part = (str(fields.get("cid", "")), number)
    if kind == Kind.OPENED:
        hold(contact.reading is Reading.OPEN, f"3: {number} reads {contact.reading}, not open")
        hold(for_ms >= DEBOUNCE_MS, f"3: {number} was open for {for_ms} ms only")
        return
    hold(contact.reading is Reading.CLOSED, f"3: {number} reads {contact.reading}, not closed")
    hold(for_ms >= DEBOUNCE_MS, f"3: {number} was closed for {for_ms} ms only")
    hold(contact.open_ms >= book.started_ms, f"3: {number} was not seen open in this run")
    if kind == Kind.COLLECTED:
        opened = book.opened.get(part)
        hold(opened is not None, f"3: {part} is collected and never was opened")
        hold(contact.open_ms >= (opened or 0), f"3: {part} was not open since it was opened")
    if book.trusts(number):
        hold(not book.cabinet.is_open(number), f"3: {kind}, and door {number} stands open")
