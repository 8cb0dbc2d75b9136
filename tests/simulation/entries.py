"""How the book is kept: what each moment, and each kind of statement, adds to the facts."""

from __future__ import annotations

from collections.abc import Callable

from drivers.doors import Reading, Scanned
from kiosk.core.doors import DEBOUNCE_MS
from kiosk.core.events import ManifestOpened, Pressed
from sync.messages import Holder, Kind, Manifest, Statement, Status
from tests.simulation.book import Accepted, Authority, Book, Contact
from tests.simulation.moments import Moment, Pulsed, Started, Stated, Stepped, Swept


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
        case Started():
            _started(book, moment)
        case Stepped():
            _stepped(book, moment)
        case _:
            pass


def _contact(book: Book, number: int, reading: Reading) -> None:
    contact = book.contacts.setdefault(number, Contact())
    if reading is not contact.reading:
        contact.reading, contact.since_ms = reading, book.now_ms
    if reading is Reading.OPEN and book.now_ms - contact.since_ms >= DEBOUNCE_MS:
        contact.open_ms = book.now_ms


def _started(book: Book, moment: Started) -> None:
    book.contacts = {}
    book.authorities = {}
    book.shown = set()
    book.started_ms = book.board_ms = book.touched_ms = book.now_ms
    book.served_ms = None
    if moment.rebooted:
        book.bucket_ms = book.machine.boot_ms


def _stepped(book: Book, moment: Stepped) -> None:
    scene = moment.after.scene
    if moment.after.served_ms is not None and book.served_ms is None:
        book.served_ms = book.now_ms
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
    """Results that are over and no longer listed: only those collected are remembered, as spent."""
    book.spent |= {cid for cid, _ in book.collected if cid in cids}
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


def _text(statement: Statement, name: str) -> str:
    value = statement.fields.get(name, "")
    assert isinstance(value, str)
    return value


def _number(statement: Statement, name: str = "compartment") -> int:
    value = statement.fields[name]
    assert isinstance(value, int)
    return value


def _who(statement: Statement) -> tuple[str, str]:
    return _text(statement, "cid"), _text(statement, "holder")


def _authorise(book: Book, number: int, statement: Statement, cid: str, who: str) -> None:
    book.authorities[number] = Authority(str(statement.kind), cid, who, statement.seq, book.now_ms)


def _accepted(book: Book, statement: Statement) -> None:
    cid, holder = _who(statement)
    gen, counter = _number(statement, "gen"), _number(statement, "counter")
    book.accepted[cid] = Accepted(holder, gen, counter, statement.seq)
    book.floors[cid, holder] = (gen, counter + 1)
    book.tries.pop((cid, holder), None)
    numbers = statement.fields["compartments"]
    assert isinstance(numbers, list)
    for number in numbers:
        book.parts[cid, number] = "accepted"
        _authorise(book, number, statement, cid, holder)


def _resumed(book: Book, statement: Statement) -> None:
    cid, holder = _who(statement)
    for (of, number), phase in book.parts.items():
        if of == cid and phase == "accepted":
            _authorise(book, number, statement, cid, holder)


def _reopened(book: Book, statement: Statement) -> None:
    cid, holder = _who(statement)
    book.reopened.add((cid, statement.seq))
    _authorise(book, _number(statement), statement, cid, holder)


def _staff_authorised(book: Book, statement: Statement) -> None:
    number = _number(statement)
    book.excused.add(number)
    book.staffed.add(number)
    _authorise(book, number, statement, _text(statement, "cid"), _text(statement, "staff"))


def _opened(book: Book, statement: Statement) -> None:
    number, cid = _number(statement), _text(statement, "cid")
    book.shown.add(number)
    book.authorities.pop(number, None)
    if cid:
        book.opened[cid, number] = book.now_ms
        if book.parts.get((cid, number)) == "accepted":
            book.parts[cid, number] = "opened"


def _collected(book: Book, statement: Statement) -> None:
    number, cid = _number(statement), _text(statement, "cid")
    book.parts[cid, number] = "collected"
    book.collected[cid, number] = book.now_ms
    book.lying.pop(number, None)


def _not_opened(book: Book, statement: Statement) -> None:
    number, cid = _number(statement), _text(statement, "cid")
    book.authorities.pop(number, None)
    if not cid:
        book.staffed.discard(number)
        return
    book.parts[cid, number] = "loaded"
    accepted = book.accepted.get(cid)
    if accepted is not None and not accepted.void:
        who = (cid, accepted.holder)
        if book.floors[who][0] == accepted.gen:
            book.floors[who] = (accepted.gen, accepted.counter)


def _loaded(book: Book, statement: Statement) -> None:
    number, cid = _number(statement), _text(statement, "cid")
    book.authorities.pop(number, None)
    book.staffed.discard(number)
    book.parts[cid, number] = "loaded"
    book.lying[number] = cid
    book.excused.discard(number)


def _excused(book: Book, statement: Statement) -> None:
    number, cid = _number(statement), _text(statement, "cid")
    book.authorities.pop(number, None)
    book.excused.add(number)
    book.staffed.discard(number)
    if cid:
        book.parts[cid, number] = str(statement.kind)


def _released(book: Book, statement: Statement) -> None:
    book.authorities.pop(_number(statement), None)
    book.excused.discard(_number(statement))
    book.staffed.discard(_number(statement))


def _wrong_door(book: Book, statement: Statement) -> None:
    bank = statement.fields["bank"]
    assert isinstance(bank, list)
    opened = _number(statement, "opened")
    book.shown.add(opened)
    book.excused |= {*bank, opened, _number(statement, "asked")}


def _unasked(book: Book, statement: Statement) -> None:
    book.shown.add(_number(statement))
    book.excused.add(_number(statement))


def _staff_in(book: Book, statement: Statement) -> None:
    book.staff_steps[_text(statement, "staff")] = _number(statement, "step")


def _staff_out(book: Book, statement: Statement) -> None:
    staff = _text(statement, "staff")
    for number, authority in list(book.authorities.items()):
        if authority.kind == Kind.STAFF_AUTHORISED and authority.who == staff:
            del book.authorities[number]


def _conflict(book: Book, statement: Statement) -> None:
    book.lost |= _text(statement, "what") == "memory"


def _refused(book: Book, statement: Statement) -> None:
    if _text(statement, "via") != "code":
        return
    book.bucket -= 1
    rows = statement.fields["typed_for"]
    assert isinstance(rows, list)
    for cid, holder in rows:
        book.tries[cid, holder] = book.tries.get((cid, holder), 0) + 1
        if book.tries[cid, holder] >= book.policy.holder_refusals:
            book.locked.add((cid, holder))


_ENTRIES: dict[str, Callable[[Book, Statement], None]] = {
    Kind.ACCEPTED: _accepted,
    Kind.RESUMED: _resumed,
    Kind.REOPENED: _reopened,
    Kind.STAFF_AUTHORISED: _staff_authorised,
    Kind.OPENED: _opened,
    Kind.COLLECTED: _collected,
    Kind.NOT_OPENED: _not_opened,
    Kind.LOADED: _loaded,
    Kind.UNCONFIRMED: _excused,
    Kind.DISPUTED: _excused,
    Kind.BLOCKED: _excused,
    Kind.RELEASED: _released,
    Kind.WRONG_DOOR: _wrong_door,
    Kind.OPENED_UNASKED: _unasked,
    Kind.STAFF_IN: _staff_in,
    Kind.STAFF_OUT: _staff_out,
    Kind.REFUSED: _refused,
    Kind.CONFLICT: _conflict,
}
