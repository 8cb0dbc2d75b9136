"""One citizen's visit: the transition table of DESIGN §12. `docs/visit.md` is drawn from it.

Language, text size, help and *more time* work in every scene and are handled before the table
(`automaton`). A scene that is asked something that its row does not know stays as it is.
"""

from __future__ import annotations

from kiosk.core import entry, opening
from kiosk.core.events import Key
from kiosk.core.hub import come_back, idle_scan
from kiosk.core.maintenance import MAINTENANCE
from kiosk.core.scenes import (
    Again,
    Closed,
    Code,
    Digits,
    Idle,
    Next,
    Open,
    Opening,
    Out,
    Paused,
    PutBack,
    Ready,
    Reclose,
    Refused,
    Stuck,
    Told,
    WrongDoor,
)
from kiosk.core.staff_scenes import Login
from kiosk.core.table import Row, Signal, Table
from kiosk.core.upkeep_scenes import Unlock

_STARTED = (Digits, Paused)
_SCANNED = (Ready, Told, Refused)
_HOME = Row(entry.idle, (Idle,))
_AGAIN = Row(entry.start, _STARTED)
_PULSED = (Opening, Told)
_LEFT = Row(opening.left_open, (Idle,))


def _scan(scene: type) -> Row:
    """A QR leads on from any of these; anything else that is scanned leaves a typing person alone."""
    return Row(entry.scan, (*_SCANNED, scene))


def _dispute(what: str) -> Row:
    return Row(opening.dispute(what), (PutBack, Open))


VISIT: Table = {
    Idle: {
        Key.START: _AGAIN,
        Key.STAFF: Row(come_back, (Login, Unlock)),
        Signal.SCAN: Row(idle_scan, (*_SCANNED, Idle, Login, Unlock)),
    },
    Digits: {
        Key.DIGIT: Row(entry.digit, (Digits,)),
        Key.ERASE: Row(entry.erase, (Digits,)),
        Key.CONFIRM: Row(entry.digits_confirmed, (Code, Digits)),
        Key.CANCEL: _HOME,
        Signal.SCAN: _scan(Digits),
        Signal.TIMEOUT: _HOME,
    },
    Code: {
        Key.DIGIT: Row(entry.digit, (Code,)),
        Key.ERASE: Row(entry.erase, (Code,)),
        Key.CONFIRM: Row(entry.submit, (Ready, Refused, Paused, Told, Code)),
        Key.CHANGE: Row(entry.change, (Digits,)),
        Key.CANCEL: _HOME,
        Signal.SCAN: _scan(Code),
        Signal.TIMEOUT: _HOME,
    },
    Refused: {
        Key.RETRY: Row(entry.retry, (Code, *_STARTED)),
        Key.CHANGE: Row(entry.change, (Digits,)),
        Key.FINISH: _HOME,
        Signal.SCAN: _scan(Refused),
        Signal.TIMEOUT: _HOME,
    },
    Paused: {
        Key.FINISH: _HOME,
        Signal.SCAN: _scan(Paused),
        Signal.TIMEOUT: _HOME,
    },
    Told: {
        Key.FINISH: _HOME,
        Key.RETRY: _AGAIN,
        Signal.TIMEOUT: _HOME,
    },
    Ready: {
        Key.OPEN: Row(opening.open_ready, _PULSED),
        Key.NOT_MINE: Row(opening.not_mine, (Told,)),
        Signal.TIMEOUT: _HOME,
    },
    Opening: {
        Signal.OPENED: Row(opening.opened, (Open,)),
        Signal.STAYED_CLOSED: Row(opening.stayed_closed, (Stuck,)),
        Signal.UNSEEN: Row(opening.unseen, (Told, Next)),
        Signal.WRONG_DOOR: Row(opening.wrong_door, (WrongDoor,)),
        Signal.TIMEOUT: Row(opening.unseen, (Told, Next)),
    },
    Stuck: {
        Signal.OPENED: Row(opening.opened, (Open,)),
        Signal.WRONG_DOOR: Row(opening.wrong_door, (WrongDoor,)),
        Key.RETRY: Row(opening.pulse_again, (Opening, Told, Stuck)),
        Key.FINISH: Row(opening.give_up, (Told, Next, Idle)),
        Signal.TIMEOUT: Row(opening.give_up, (Told, Next, Idle)),
    },
    Open: {
        Signal.CLOSED: Row(opening.closed, (Closed, Next)),
        Key.DISPUTE_EMPTY: _dispute("empty"),
        Key.DISPUTE_NOT_MINE: _dispute("not_mine"),
        Key.DISPUTE_MISSING: _dispute("missing"),
        Signal.TIMEOUT: _LEFT,
    },
    PutBack: {
        Signal.CLOSED: Row(opening.put_back_closed, (Told, Next)),
        Signal.TIMEOUT: _LEFT,
    },
    WrongDoor: {
        Signal.CLOSED: Row(opening.wrong_door_closed, (Told,)),
        Signal.TIMEOUT: _LEFT,
    },
    Next: {
        Key.OPEN: Row(opening.open_next, _PULSED),
        Signal.TIMEOUT: _HOME,
    },
    Closed: {
        Key.RATE: Row(opening.rate, (Closed,)),
        Key.SKIP: _HOME,
        Key.FINISH: _HOME,
        Key.FORGOT: Row(opening.forgot, (Again, Closed)),
        Key.ANOTHER: _AGAIN,
        Signal.TIMEOUT: _HOME,
    },
    Again: {
        Key.DIGIT: Row(entry.digit, (Again,)),
        Key.ERASE: Row(entry.erase, (Again,)),
        Key.CONFIRM: Row(opening.reopen, (Opening, Again, Told, Idle)),
        Key.CANCEL: _HOME,
        Signal.TIMEOUT: _HOME,
    },
    Reclose: {
        Signal.CLOSED: Row(opening.reclosed, (Idle, Reclose)),
        Signal.TIMEOUT: _LEFT,
    },
    Out: {
        Key.STAFF: Row(come_back, (Login, Unlock)),
    },
}

TABLE: Table = {**VISIT, **MAINTENANCE}
