"""Promises about power, boards and contacts in trouble: what is not pulsed, not used up, not believed."""

from __future__ import annotations

from drivers.devices import Device, DeviceState, Trouble, Vitals
from drivers.doors import Reading
from sync.messages import Kind, Statement
from tests.simulation.book import Book, Contact
from tests.simulation.moments import Ended, Moment, Pulsed, Started, Stated, Stepped, hold

LOW_PERCENT, GOOD_PERCENT = 15, 20
MOST_CHANGES, WILD_MS, CALM_MS = 4, 3_000, 5_000
DANGEROUS = frozenset({Trouble.OUTPUT_STUCK, Trouble.WRONG_MODE})


def told(book: Book, moment: Moment) -> None:
    """Enter what the running program was told of its devices, before it is judged by it."""
    match moment:
        case Started():
            book.ill, book.low = {}, False
        case Stepped(_, DeviceState() as state, _, _):
            book.ill.pop((state.device, state.name), None)
            if state.trouble is not Trouble.NONE:
                book.ill[state.device, state.name] = state
        case Stepped(_, Vitals(mains=mains, battery_percent=percent), _, _):
            limit = GOOD_PERCENT if book.low else LOW_PERCENT
            book.low = mains is False and percent is not None and percent < limit
        case Stated(statement, _) if statement.kind == Kind.STARTED:
            listed, changes = statement.fields["unproven"], statement.fields["changes"]
            assert isinstance(listed, list)
            assert isinstance(changes, list)
            now = dict(zip(listed, changes, strict=True))
            fresh = {n for n, change in now.items() if book.listed.get(n) != change}
            book.unproven = {n for n in now if n in book.unproven} | fresh
            book.listed = now
            book.keyed -= fresh
            book.keyed &= book.unproven
        case _:
            pass


def seen(contact: Contact, before: Reading, now_ms: int) -> None:
    """A contact was read: does it come and go? `before`: what it said until now."""
    if Reading.UNKNOWN not in (before, contact.reading) and before is not contact.reading:
        contact.changes = [t for t in contact.changes if now_ms - t < WILD_MS] + [now_ms]
        contact.wild |= len(contact.changes) > MOST_CHANGES
    still = contact.reading is not Reading.UNKNOWN and now_ms - contact.since_ms >= CALM_MS
    contact.wild &= not still


def power_holds(book: Book, moment: Moment) -> None:
    """8: with little battery left no lock is pulsed: it would jam, and take the controller with it."""
    if isinstance(moment, Pulsed):
        hold(not book.low, f"8: {moment.compartment} is pulsed with an empty battery")


def boards_hold(book: Book, moment: Moment) -> None:
    """9: a board in trouble is left alone, and no code is used up where nothing may open."""
    match moment:
        case Pulsed(number, _):
            authority = book.authorities.get(number)
            staff = authority is not None and authority.kind == Kind.STAFF_AUTHORISED
            for state in book.ill.values():
                bad = not staff or state.trouble in DANGEROUS
                hold(not bad or number not in state.compartments, f"9: {number} hangs on {state}")
        case Stated(statement, _) if statement.kind == Kind.ACCEPTED:
            hold(not book.low, "9: a code is used up with an empty battery")
            _not_used_up(book, statement)
        case Ended(_, state):
            devices = tuple(str(device) for device in Device)
            left = [f for f in state.faults if f.startswith((*devices, "flapping", "mains", "hot"))]
            hold(not left, f"9: everything is well, and {left} is stated")
        case _:
            pass


def proofs_hold(book: Book, moment: Moment) -> None:
    """8: no lock on a changed board is pulsed before a key and its own contact have proven it."""
    match moment:
        case Pulsed(number, _):
            unproven = number in book.unproven and not book.card_restored
            hold(not unproven, f"8: {number} is pulsed, and its board was changed")
        case Stated(statement, _) if statement.kind == Kind.AUDITED:
            _proof(book, statement)
        case _:
            pass


def _proof(book: Book, statement: Statement) -> None:
    number, finding = statement.fields["compartment"], statement.fields["finding"]
    assert isinstance(number, int)
    if finding == "by_key" and number in book.unproven:
        book.keyed.add(number)
    if finding != "proven":
        return
    hold(number in book.keyed, f"8: {number} is proven, and nobody had a key")
    contact = book.contacts.get(number, Contact())
    hold(contact.reading is Reading.CLOSED, f"8: {number} is proven and reads {contact.reading}")
    hold(contact.open_ms >= book.started_ms, f"8: {number} is proven, and never was seen open")
    book.keyed.discard(number)
    book.unproven.discard(number)


def _not_used_up(book: Book, statement: Statement) -> None:
    numbers = statement.fields["compartments"]
    assert isinstance(numbers, list)
    for state in book.ill.values():
        hit = set(numbers) & set(state.compartments)
        hold(not hit, f"9: a code is used up for {sorted(hit)}, and {state} says why not")


def contact_holds(contact: Contact, number: int) -> None:
    """3: a contact that comes and goes proves nothing."""
    hold(not contact.wild, f"3: the contact of {number} flaps, and is believed")
