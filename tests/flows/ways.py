"""Ways through a visit that many journeys share, as lists of steps."""

from __future__ import annotations

from kiosk.core.events import Key
from kiosk.core.scenes import Closed, Code, Digits, Idle, Open, Opening, Ready
from kiosk.core.staff_scenes import Loading, LoadOpen, LoadOpening, Login
from kiosk.core.upkeep_scenes import Entry, Menu, Unlock
from tests.flows.walk import Step, Walk, press, push, scanned, seconds, typed


def typing(known: str, code: str, leads_to: type) -> list[Step]:
    """From the start button to the answer."""
    return [
        (press(Key.START), Digits),
        (typed(known), Digits),
        (press(Key.CONFIRM), Code),
        (typed(code), Code),
        (press(Key.CONFIRM), leads_to),
    ]


def right_code(walk: Walk, cid: str = "r1", *, leads_to: type = Ready) -> list[Step]:
    """What a careful citizen types."""
    return typing(walk.central.known_digits(cid), walk.central.code(cid), leads_to)


def opening() -> list[Step]:
    """From *ready* to the open door."""
    return [(press(Key.OPEN), Opening), (seconds(0.4), Open)]


def collecting(walk: Walk, cid: str, number: int) -> list[Step]:
    """A whole pickup of one part."""
    return [*right_code(walk, cid), *opening(), (push(number), Closed), (press(Key.SKIP), Idle)]


def signing_in(walk: Walk, number: str = "7", leads_to: type = Menu) -> list[Step]:
    """Number, PIN, TOTP of this moment."""
    return [
        (press(Key.STAFF), Login),
        (typed(number), Login),
        (press(Key.CONFIRM), Login),
        (typed(walk.central.pin(number)), Login),
        (press(Key.CONFIRM), Login),
        (lambda then: typed(then.central.totp(then.wall_ms, number))(then), Login),
        (press(Key.CONFIRM), leads_to),
    ]


def entering(entry: Entry, leads_to: type) -> list[Step]:
    """From the menu to one of its entries."""
    return [(press(Key.CHOOSE, entry), leads_to)]


def to_the_hub(walk: Walk) -> list[Step]:
    """A clerk signs in to load."""
    return [*signing_in(walk), *entering(Entry.LOAD, Loading)]


def unlocking(walk: Walk, leads_to: type, number: str = "7") -> list[Step]:
    """The PIN alone."""
    return [(typed(walk.central.pin(number)), Unlock), (press(Key.CONFIRM), leads_to)]


def loading(dossier: str, number: int) -> list[Step]:
    """One envelope from the scanner into its compartment."""
    return [
        (scanned(dossier), LoadOpening),
        (seconds(0.4), LoadOpen),
        (push(number), Loading),
    ]
