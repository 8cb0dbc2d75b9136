"""Promises 9 and 10: what people are shown, handed and kept waiting for; what must never be written."""

from __future__ import annotations

from kiosk.core.scenes import Closed, Idle, Open, Opening, Out, Outage, Ready, Stuck, Told, Why
from kiosk.core.staff_scenes import LoadOpen, LoadOpening
from kiosk.core.upkeep_scenes import DoorOpen, DoorOpening
from sync.messages import Kind
from tests.simulation.book import Book
from tests.simulation.moments import Left, PromiseBrokenError, Stepped, hold

HOME_AGAIN_MS = 35 * 60_000  # every scene's time, with all the *more time* that may be asked for
STATED_WITHIN_MS = 3_000  # from a leaf that moves to its statement: sweeps, debounce
READ_WELL_MS = 3_000
SEEN_WITHIN_MS = 500  # two sweeps and the debounce: younger movements nobody can know of


def nobody_is_kept_waiting(book: Book, moment: Stepped) -> None:
    """When everybody has left, the screen returns to idle (or says why it cannot)."""
    scene = moment.after.scene
    if isinstance(scene, Idle | Out) or isinstance(moment.before.scene, Idle | Out):
        book.home_ms = book.now_ms
    since = max(book.home_ms, book.touched_ms, book.started_ms)
    name = type(scene).__name__
    hold(book.now_ms - since <= HOME_AGAIN_MS, f"9: nobody is here, and the screen is {name}")


def doors_are_stated(book: Book) -> None:
    """A door that moved open while its contact was read well does not stand open in silence."""
    now = book.now_ms
    silent = now < book.machine.stalled_until_ms
    if silent or now - max(book.started_ms, book.board_ms) < READ_WELL_MS:
        return
    for number in book.cabinet.compartments:
        if not book.cabinet.is_open(number) or not book.trusts(number) or number in book.shown:
            continue
        if (
            number in book.doubts or number in book.blocks
        ):  # stated once; what flaps is only counted
            continue
        moved = book.moved_ms(number)
        late = moved > max(book.started_ms, book.board_ms) and now - moved > STATED_WITHIN_MS
        hold(not late, f"9: door {number} stands open and no statement says so")


def screen_is_true(book: Book, moment: Stepped) -> None:
    """A new scene says what statements and contacts bear out."""
    scene = moment.after.scene
    older = book.lost or book.aside
    hold(not (older and isinstance(scene, Idle)), "9: an older memory serves")
    if type(scene) is type(moment.before.scene) or book.card_restored:
        return
    match scene:
        case Open() | LoadOpen() | DoorOpen():
            number = scene.compartment
            hold(number in book.shown, f"9: the screen says {number} is open; nothing states it")
        case Opening() | Stuck() | LoadOpening() | DoorOpening():
            number = scene.compartment
            known = number in book.authorities or number in book.shown
            hold(known, f"9: the screen opens {number} without authority")
        case Closed(grant=grant):
            part = (grant.match.cid, grant.done[-1])
            hold(part in book.collected, f"9: thanks for {part}, which is not stated as collected")
        case Ready(match=match):
            ready = (book.parts.get((match.cid, n)) for n in book.cabinet.compartments)
            hold({"loaded", "accepted"} & set(ready), f"9: {match.cid} is called ready and is not")
        case Told(why=Why.NOT_OPENED) if isinstance(moment.before.scene, Stuck):
            number = moment.before.scene.compartment
            moving = book.now_ms - book.moved_ms(number) < SEEN_WITHIN_MS
            safe = moving or not book.trusts(number) or not book.cabinet.is_open(number)
            hold(safe, f"9: {number} is called shut and stands open")
        case Out(why=why):
            _out(book, why, gone=book.came_back and moment.after.manifest is None)
        case _:
            pass


def _out(book: Book, why: Outage, *, gone: bool) -> None:
    """Out of service only for the reason that is shown. `gone`: the manifest lay on another card."""
    never = book.manifest is None or gone
    hold(
        never == (why is Outage.NEVER_SYNCED) or why is not Outage.NEVER_SYNCED, "9: it has synced"
    )
    recent = book.now_ms - book.board_ms < 60_000
    blind = recent or book.cabinet.board.dead or bool(book.tainted or book.cabinet.lost)
    hold(why is not Outage.DOORS or blind, "9: the doors are read well, and are called unreadable")
    hold(why is not Outage.POWER or book.low, "9: there is power, and it is called low")
    older = Outage.MEMORY, Outage.RESTORING
    hold(why not in older or book.card_restored, "9: the memory is the newest")


def the_right_papers(book: Book, moment: Left) -> None:
    """Nobody goes home with somebody else's papers; who does everything right gets their own."""
    if book.card_restored:
        return  # an older copy does not know what lies where
    wrong = [p for p in moment.papers if p not in moment.cids and p not in book.misplaced]
    if not book.crossed:
        hold(not wrong, f"9: {moment.who} went home with the papers of {wrong}")
    if moment.served:
        got = moment.cids <= set(moment.papers)
        hold(got, f"9: {moment.who} did everything right and got {moment.papers}")


def no_secret_in(book: Book, text: str, where: str) -> None:
    """10: no code, token, secret, phone or name; known digits stand in no field of a statement."""
    for secret in book.office.secret_texts:
        if secret in text:
            raise PromiseBrokenError(f"10: a secret stands in {where}")


def no_known_digits_in(book: Book, fields: object, kind: str) -> None:
    """10: no decoded value of a statement is, or holds, somebody's known digits or masked name."""
    match fields:
        case dict():
            for name, value in fields.items():
                if name not in ("hash", "state"):
                    no_known_digits_in(book, value, kind)
        case list():
            for value in fields:
                no_known_digits_in(book, value, kind)
        case str():
            hit = any(digits in fields for digits in book.known_texts)
            hold(not hit, f"10: known digits or a name stand in a statement {kind}")
        case _:
            small = kind in (Kind.REFUSED, Kind.ACCEPTED, Kind.STAFF_REFUSED, Kind.REOPENED)
            hold(not small or str(fields) not in book.known_texts, f"10: known digits in {kind}")
