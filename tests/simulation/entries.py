"""How the book is kept: what each moment, and each kind of statement, adds to the facts."""

from __future__ import annotations

from collections.abc import Callable

from drivers.doors import Reading, Scanned
from kiosk.core.doors import DEBOUNCE_MS
from kiosk.core.events import ManifestOpened, Pressed
from kiosk.core.restored import Weighed
from sync.messages import Holder, Kind, Manifest, Statement, Status
from tests.simulation.book import Accepted, Book, Contact
from tests.simulation.devices_kept import seen
from tests.simulation.entries_staff import STAFF_ENTRIES, authorise, number_of, restore_floor, text
from tests.simulation.moments import Moment, Pulsed, Started, Stated, Stepped, Swept, TakenIn


def note(book: Book, moment: Moment) -> None:
    """Enter what happened, after the promises were asked about it."""
    match moment:
        case Swept(readings):
            for number, reading in readings.items():
                _contact(book, number, reading)
        case Stated(statement, event):
            _stated(book, statement)
            if isinstance(event, ManifestOpened) and statement.kind == Kind.MANIFEST_ACCEPTED:
                _merged(book, event.manifest)
        case Pulsed(compartment, _):
            book.authorities[compartment].pulses += 1
            if compartment in book.contacts:
                book.contacts[compartment].changes.clear()
        case Started():
            _started(book, moment)
        case TakenIn():
            book.known_again()
        case Stepped():
            _stepped(book, moment)
        case _:
            pass


def _contact(book: Book, number: int, reading: Reading) -> None:
    contact = book.contacts.setdefault(number, Contact())
    before = contact.reading
    if reading is not contact.reading:
        contact.reading, contact.since_ms = reading, book.now_ms
    seen(contact, before, book.now_ms)
    if reading is Reading.OPEN and book.now_ms - contact.since_ms >= DEBOUNCE_MS:
        contact.open_ms = book.now_ms
    if reading is Reading.CLOSED and book.now_ms - contact.since_ms >= DEBOUNCE_MS:
        book.shown.discard(number)


def _started(book: Book, moment: Started) -> None:
    book.contacts = {}
    book.authorities = {}
    book.shown = set()
    book.started_ms = book.board_ms = book.touched_ms = book.now_ms
    book.served_ms = None
    if moment.rebooted:
        book.bucket_ms = book.machine.boot_ms


def _stepped(book: Book, moment: Stepped) -> None:
    book.looked.clear()
    scene = moment.after.scene
    if moment.after.served_ms is not None and book.served_ms is None:
        book.served_ms = book.now_ms
    if isinstance(moment.event, Weighed):
        book.aside = moment.event.aside
    if isinstance(moment.event, Pressed | Scanned):
        book.touched_ms = book.now_ms
    if scene is not moment.before.scene:
        name = type(scene).__name__
        book.scenes.add(name)
        why = getattr(scene, "why", None)
        if why is not None:
            book.whys.add(f"{name}.{why}")


def _merged(book: Book, manifest: Manifest) -> None:
    book.manifest, book.policy = manifest, manifest.policy
    here = set(book.lying.values())
    forgotten = book.statements[-1].fields["forgotten"]
    assert isinstance(forgotten, list)
    _forget(book, set(forgotten))
    for result in manifest.results:
        if result.status is Status.REVOKED and result.cid in here:
            book.recalled.add(result.cid)
        for held in () if result.cid in book.spent else result.holders:
            _allowed(book, (result.cid, held.id), held)


def _forget(book: Book, cids: set[str]) -> None:
    """Results that are over and no longer listed: those collected or taken back are known as spent."""
    book.spent |= {cid for cid, _ in (*book.collected, *book.over) if cid in cids}
    for part in [part for part in book.parts if part[0] in cids]:
        del book.parts[part]
    for who in [who for who in book.floors if who[0] in cids]:
        del book.floors[who]
    for cid in cids:
        book.accepted.pop(cid, None)


def _allowed(book: Book, who: tuple[str, str], held: Holder) -> None:
    named = (held.otp.gen, held.otp.counter)
    old = book.floors.get(who)
    if old is None or named[0] > old[0]:
        book.locked.discard(who)
        book.tries.pop(who, None)
    book.floors[who] = named if old is None else max(old, named)
    accepted = book.accepted.get(who[0])
    if accepted is not None and accepted.holder == who[1]:
        accepted.void |= named > (accepted.gen, accepted.counter)


def _stated(book: Book, statement: Statement) -> None:
    book.refill()
    book.statements.append(statement)
    book.kinds.add(str(statement.kind))
    entry = _ENTRIES.get(statement.kind)
    if entry is not None:
        entry(book, statement)


def _who(statement: Statement) -> tuple[str, str]:
    return text(statement, "cid"), text(statement, "holder")


def _accepted(book: Book, statement: Statement) -> None:
    cid, holder = _who(statement)
    gen, counter = number_of(statement, "gen"), number_of(statement, "counter")
    book.accepted[cid] = Accepted(holder, gen, counter, statement.seq)
    book.floors[cid, holder] = (gen, counter + 1)
    book.tries.pop((cid, holder), None)
    numbers = statement.fields["compartments"]
    assert isinstance(numbers, list)
    for number in numbers:
        book.parts[cid, number] = "accepted"
        authorise(book, number, statement, cid, holder)


def _resumed(book: Book, statement: Statement) -> None:
    cid, holder = _who(statement)
    for (of, number), phase in book.parts.items():
        if of == cid and phase == "accepted":
            authorise(book, number, statement, cid, holder)


def _reopened(book: Book, statement: Statement) -> None:
    cid, holder = _who(statement)
    book.reopened.add((cid, statement.seq))
    authorise(book, number_of(statement), statement, cid, holder)


def _opened(book: Book, statement: Statement) -> None:
    number, cid = number_of(statement), text(statement, "cid")
    book.shown.add(number)
    book.authorities.pop(number, None)
    if cid:
        book.opened[cid, number] = book.now_ms
        if book.parts.get((cid, number)) == "accepted":
            book.parts[cid, number] = "opened"


def _collected(book: Book, statement: Statement) -> None:
    number, cid = number_of(statement), text(statement, "cid")
    book.parts[cid, number] = "collected"
    book.collected[cid, number] = book.now_ms
    book.lying.pop(number, None)


def _not_opened(book: Book, statement: Statement) -> None:
    number, cid = number_of(statement), text(statement, "cid")
    book.authorities.pop(number, None)
    if cid:
        book.parts[cid, number] = "loaded"
        restore_floor(book, cid)
        return
    book.staffed.discard(number)
    before = book.earlier.pop(number, "")
    if before:
        book.doubts[number] = before
    else:
        book.doubts.pop(number, None)
        book.pending.pop(number, None)


def _excused(book: Book, statement: Statement) -> None:
    number, cid = number_of(statement), text(statement, "cid")
    book.authorities.pop(number, None)
    book.blocks[number] = str(statement.kind)
    book.staffed.discard(number)
    if cid:
        book.parts[cid, number] = str(statement.kind)


def _wrong_door(book: Book, statement: Statement) -> None:
    bank = statement.fields["bank"]
    assert isinstance(bank, list)
    opened = number_of(statement, "opened")
    book.shown.add(opened)
    book.blocks.update(dict.fromkeys(bank, "wrong_door"))
    book.doubts.update(dict.fromkeys((opened, number_of(statement, "asked")), "wrong_door"))


def _unasked(book: Book, statement: Statement) -> None:
    book.shown.add(number_of(statement))
    book.doubts[number_of(statement)] = "opened_unasked"


def _staff_in(book: Book, statement: Statement) -> None:
    if statement.fields.get("card") is not True:
        book.staff_steps[text(statement, "staff")] = number_of(statement, "step")


def _staff_out(book: Book, statement: Statement) -> None:
    staff = text(statement, "staff")
    for number, authority in list(book.authorities.items()):
        if authority.kind == Kind.STAFF_AUTHORISED and authority.who == staff:
            del book.authorities[number]


def _conflict(book: Book, statement: Statement) -> None:
    what = text(statement, "what")
    book.lost |= what == "memory"
    if what == "restored":
        book.doubts.update(dict.fromkeys(book.cabinet.compartments, what))


def _refused(book: Book, statement: Statement) -> None:
    if text(statement, "via") != "code":
        return
    book.bucket -= 1
    rows = statement.fields["typed_for"]
    assert isinstance(rows, list)
    for cid, holder in rows:
        book.tries[cid, holder] = book.tries.get((cid, holder), 0) + 1
        if book.tries[cid, holder] >= book.policy.holder_refusals:
            book.locked.add((cid, holder))


_ENTRIES: dict[str, Callable[[Book, Statement], None]] = {
    **STAFF_ENTRIES,
    Kind.ACCEPTED: _accepted,
    Kind.RESUMED: _resumed,
    Kind.REOPENED: _reopened,
    Kind.OPENED: _opened,
    Kind.COLLECTED: _collected,
    Kind.NOT_OPENED: _not_opened,
    Kind.UNCONFIRMED: _excused,
    Kind.DISPUTED: _excused,
    Kind.WRONG_DOOR: _wrong_door,
    Kind.OPENED_UNASKED: _unasked,
    Kind.STAFF_IN: _staff_in,
    Kind.STAFF_OUT: _staff_out,
    Kind.REFUSED: _refused,
    Kind.CONFLICT: _conflict,
}
