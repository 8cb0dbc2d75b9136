"""The transition tables of maintenance: loading, and all that comes after it."""

from __future__ import annotations

from kiosk.core import (
    audit,
    hub,
    load,
    load_door,
    service,
    settings,
    staff_doors,
    station,
    takeback,
    wall,
)
from kiosk.core import login as logins
from kiosk.core.entry import idle
from kiosk.core.events import Key
from kiosk.core.scenes import Idle, WrongDoor
from kiosk.core.staff_scenes import Choosing, LoadClosing, Loading, LoadOpen, LoadOpening, Login
from kiosk.core.table import Row, Signal, Table
from kiosk.core.upkeep_scenes import (
    Apology,
    Audit,
    CabinetView,
    DoorAsk,
    DoorOpen,
    DoorOpening,
    KioskState,
    Menu,
    Reasons,
    Service,
    Settings,
    Story,
    TakeList,
    Unlock,
)

_LOADS = (Loading, Choosing, LoadOpening, Apology)
RESUMED = (
    Menu,
    Loading,
    Choosing,
    Apology,
    DoorAsk,
    DoorOpen,
    TakeList,
    Audit,
    CabinetView,
    Story,
    Reasons,
    Service,
    KioskState,
    Settings,
)

_MENU = Row(hub.back, (Menu,))
_OUT = Row(hub.sign_out, (Idle,))
_LOCK = Row(hub.locked, (Unlock,))
_PAUSE = Row(hub.pause, (Idle,))
_HOME = (Loading, TakeList, Audit, CabinetView, Service)

MORE_TIME_MS = 60_000

MAINTENANCE: Table = {
    Login: {
        Key.DIGIT: Row(logins.digit, (Login,)),
        Key.ERASE: Row(logins.erase, (Login,)),
        Key.CONFIRM: Row(logins.confirm, (Login,)),
        Key.CANCEL: Row(idle, (Idle,)),
        Signal.SCAN: Row(logins.scanned, (Login,)),
        Signal.PIN_CHECKED: Row(hub.pin_checked, (Login, Menu)),
        Signal.TIMEOUT: Row(idle, (Idle,)),
    },
    Loading: {
        Key.DIGIT: Row(load.digit, (Loading,)),
        Key.ERASE: Row(load.erase, (Loading,)),
        Key.CONFIRM: Row(load.typed, _LOADS),
        Key.SIGN_OUT: Row(hub.sign_out, (Idle,)),
        Key.ANOTHER: Row(load.add_part, _LOADS),
        Key.UNDO: Row(load.undo, (Loading, DoorOpening)),
        Key.BACK: Row(hub.back, (Menu,)),
        Key.START: Row(hub.pause, (Idle,)),
        Signal.SCAN: Row(load.scanned, _LOADS),
        Signal.TIMEOUT: Row(hub.locked, (Unlock,)),
    },
    Choosing: {
        Key.CHOOSE: Row(load.choose, _LOADS),
        Key.BACK: Row(load.back, (Loading,)),
        Key.SIGN_OUT: Row(hub.sign_out, (Idle,)),
        Key.START: _PAUSE,
        Signal.TIMEOUT: Row(hub.locked, (Unlock,)),
    },
    LoadOpening: {
        Key.RETRY: Row(load_door.pulse_again, (LoadOpening,)),
        Key.CANCEL: Row(load_door.give_up, (Loading,)),
        Signal.OPENED: Row(load_door.opened, (LoadOpen,)),
        Signal.STAYED_CLOSED: Row(load_door.stayed_closed, (LoadOpening,)),
        Signal.UNSEEN: Row(load_door.unseen, (Loading,)),
        Signal.WRONG_DOOR: Row(load_door.wrong_door, (WrongDoor,)),
        Signal.TIMEOUT: Row(load_door.give_up, (Loading,)),
    },
    LoadOpen: {
        Key.NOT_EMPTY: Row(load_door.not_empty, (LoadClosing,)),
        Key.CANCEL: Row(load_door.nothing, (LoadClosing,)),
        Signal.CLOSED: Row(load_door.closed, (Loading,)),
        Signal.TIMEOUT: Row(hub.left_open, (Unlock,)),
    },
    Apology: {
        Key.CONFIRM: Row(load.apology_enclosed, _LOADS),
        Key.CANCEL: Row(load.no_apology, (Loading,)),
        Key.START: _PAUSE,
        Signal.TIMEOUT: Row(hub.locked, (Unlock,)),
    },
    LoadClosing: {
        Signal.CLOSED: Row(load_door.left_closed, (Loading, DoorAsk)),
        Signal.TIMEOUT: Row(load_door.left_open, (Idle,)),
    },
    Menu: {
        Key.CHOOSE: Row(hub.choose, (Menu, Loading, *_HOME, KioskState, Settings)),
        Key.SIGN_OUT: _OUT,
        Key.START: _PAUSE,
        Signal.SCAN: Row(load.scanned, (Menu, Loading, Choosing, LoadOpening, Apology)),
        Signal.TIMEOUT: _LOCK,
    },
    TakeList: {
        Key.CHOOSE: Row(takeback.choose, (TakeList, DoorOpening)),
        Key.CONFIRM: Row(takeback.first, (TakeList, DoorOpening)),
        Key.ANOTHER: Row(takeback.next_page, (TakeList,)),
        Key.BACK: _MENU,
        Key.START: _PAUSE,
        Signal.TIMEOUT: _LOCK,
    },
    Audit: {
        Key.CONFIRM: Row(audit.go_on, (Audit, DoorOpening)),
        Key.BACK: _MENU,
        Key.START: _PAUSE,
        Signal.TIMEOUT: _LOCK,
    },
    CabinetView: {
        Key.CHOOSE: Row(wall.choose, (CabinetView, Story)),
        Key.BACK: _MENU,
        Key.START: _PAUSE,
        Signal.TIMEOUT: _LOCK,
    },
    Story: {
        Key.CHOOSE: Row(wall.act, (Story, Reasons, DoorOpening, CabinetView)),
        Key.BACK: Row(wall.back_to_wall, (CabinetView,)),
        Key.START: _PAUSE,
        Signal.TIMEOUT: _LOCK,
    },
    Reasons: {
        Key.CHOOSE: Row(wall.reason, (Reasons, Story, DoorOpening, CabinetView)),
        Key.BACK: Row(wall.back_to_story, (Story,)),
        Key.START: _PAUSE,
        Signal.TIMEOUT: _LOCK,
    },
    Service: {
        Key.CHOOSE: Row(service.one, (Service, DoorOpening)),
        Key.CONFIRM: Row(service.run_all, (Service, DoorOpening)),
        Key.CANCEL: Row(service.stop, (Service,)),
        Key.ANOTHER: Row(service.next_page, (Service,)),
        Key.BACK: _MENU,
        Key.START: Row(service.pause, (Idle,)),
        Signal.TIMEOUT: _LOCK,
    },
    KioskState: {
        Key.CALL: Row(station.call, (KioskState,)),
        Key.CHOOSE: Row(station.stick, (KioskState,)),
        Key.BACK: _MENU,
        Key.START: _PAUSE,
        Signal.TIMEOUT: _LOCK,
    },
    Settings: {
        Key.CHOOSE: Row(settings.choose, (Settings,)),
        Key.BACK: _MENU,
        Key.START: _PAUSE,
        Signal.TIMEOUT: _LOCK,
    },
    DoorOpening: {
        Key.RETRY: Row(staff_doors.pulse_again, (DoorOpening,)),
        Key.CANCEL: Row(staff_doors.give_up, _HOME),
        Signal.OPENED: Row(staff_doors.opened, (DoorOpen,)),
        Signal.STAYED_CLOSED: Row(staff_doors.stayed_closed, (DoorOpening,)),
        Signal.UNSEEN: Row(staff_doors.unseen, _HOME),
        Signal.WRONG_DOOR: Row(staff_doors.wrong_door, (WrongDoor,)),
        Signal.TIMEOUT: Row(staff_doors.give_up, _HOME),
    },
    DoorOpen: {
        Signal.SCAN: Row(staff_doors.label, (DoorOpen,)),
        Signal.CLOSED: Row(staff_doors.closed, (DoorAsk, *_HOME)),
        Signal.TIMEOUT: Row(hub.left_open, (Unlock,)),
    },
    DoorAsk: {
        Key.CHOOSE: Row(staff_doors.answered, (DoorAsk, DoorOpen, *_HOME)),
        Signal.TIMEOUT: _LOCK,
    },
    Unlock: {
        Key.DIGIT: Row(hub.unlock_digit, (Unlock,)),
        Key.ERASE: Row(hub.unlock_erase, (Unlock,)),
        Key.CONFIRM: Row(hub.unlock_confirm, (Unlock, Idle)),
        Key.SIGN_OUT: Row(hub.unlock_sign_out, (Idle,)),
        Signal.SCAN: Row(hub.unlock_scan, (Unlock, Login)),
        Signal.PIN_CHECKED: Row(hub.unlock_checked, (Idle, Unlock, *RESUMED)),
        Signal.TIMEOUT: Row(hub.unlock_timeout, (Idle,)),
    },
}
