"""A way from idle to every scene, for tests that must begin there. r1 lies in 1 and 3, r2 in 2."""

from __future__ import annotations

from kiosk.core.events import Key
from kiosk.core.scenes import (
    Again,
    Closed,
    Digits,
    Idle,
    Next,
    Opening,
    Paused,
    PutBack,
    Reclose,
    Refused,
    Stuck,
    Told,
    WrongDoor,
)
from kiosk.core.staff_scenes import (
    Choosing,
    LoadClosing,
    Loading,
    LoadOpen,
    LoadOpening,
    Login,
)
from kiosk.core.upkeep_scenes import (
    Act,
    Apology,
    Audit,
    CabinetView,
    DoorAsk,
    DoorOpen,
    DoorOpening,
    Entry,
    KioskState,
    Menu,
    Reasons,
    Service,
    Settings,
    Story,
    TakeList,
    Unlock,
)
from tests.flows.walk import Walk, cut, press, push, scanned, seconds, typed
from tests.flows.ways import entering, opening, right_code, signing_in, to_the_hub, typing

LOADED = {"r1": (1, 3), "r2": (2,)}
DOSSIERS = ("H29.915-261121-0042", "H29.916-261121-0042")


def to_digits(walk: Walk) -> None:
    walk.go((press(Key.START), Digits))


def to_code(walk: Walk) -> None:
    walk.go(*right_code(walk)[:3])


def to_refused(walk: Walk) -> None:
    walk.go(*typing("0001", "00000000", Refused))


def to_paused(walk: Walk) -> None:
    for _ in range(9):
        walk.go(*typing("0001", "00000000", Refused), (press(Key.FINISH), Idle))
    walk.go(*typing("0001", "00000000", Paused))


def to_told(walk: Walk) -> None:
    walk.go((scanned("HS1.bt2.AAAAAAAAAAAAAAAAAAAAAA"), Told))


def to_ready(walk: Walk) -> None:
    walk.go(*right_code(walk))


def to_stuck(walk: Walk) -> None:
    walk.jammed = {1, 3}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(2.5), Stuck))


def to_open(walk: Walk) -> None:
    walk.go(*right_code(walk), *opening())


def to_put_back(walk: Walk) -> None:
    walk.go(*right_code(walk), *opening(), (press(Key.DISPUTE_EMPTY), PutBack))


def to_wrong_door(walk: Walk) -> None:
    walk.swapped = {1: 2}
    walk.go((seconds(3), Idle), *right_code(walk), (press(Key.OPEN), Opening))
    walk.go((seconds(0.4), WrongDoor))


def to_next(walk: Walk) -> None:
    walk.go(*right_code(walk), *opening(), (push(1), Next))


def to_closed(walk: Walk) -> None:
    walk.go(*right_code(walk, "r2"), *opening(), (push(2), Closed))


def to_again(walk: Walk) -> None:
    walk.go(*right_code(walk, "r2"), *opening(), (push(2), Closed), (press(Key.FORGOT), Again))


def to_reclose(walk: Walk) -> None:
    walk.go(*right_code(walk), *opening(), (cut(), Reclose))


def to_login(walk: Walk) -> None:
    walk.go((press(Key.STAFF), Login))


def to_loading(walk: Walk) -> None:
    walk.go(*to_the_hub(walk))


def to_choosing(walk: Walk) -> None:
    for cid, dossier in zip(("r8", "r9"), DOSSIERS, strict=True):
        walk.central.register(cid).dossiers = [dossier]
    walk.publish()
    walk.go(*to_the_hub(walk), (typed("0042"), Loading), (press(Key.CONFIRM), Choosing))


def to_load_opening(walk: Walk) -> None:
    walk.jammed = {4}
    walk.central.register("r9").dossiers = [DOSSIERS[0]]
    walk.publish()
    walk.go(*to_the_hub(walk), (scanned(DOSSIERS[0]), LoadOpening), (seconds(2.5), LoadOpening))


def to_load_open(walk: Walk) -> None:
    walk.central.register("r9").dossiers = [DOSSIERS[0]]
    walk.publish()
    walk.go(*to_the_hub(walk), (scanned(DOSSIERS[0]), LoadOpening), (seconds(0.4), LoadOpen))


def to_load_closing(walk: Walk) -> None:
    to_load_open(walk)
    walk.go((press(Key.NOT_EMPTY), LoadClosing))


def supervised(walk: Walk) -> None:
    """A supervisor stands at the menu; r9 is expected, overdue."""
    walk.central.add_staff("7", "supervisor")
    walk.central.register("r9").overdue = True
    walk.central.results["r9"].dossiers = [DOSSIERS[0]]
    walk.publish()
    walk.go(*signing_in(walk))


def to_menu(walk: Walk) -> None:
    supervised(walk)
    assert isinstance(walk.scene, Menu)


def to_apology(walk: Walk) -> None:
    supervised(walk)
    walk.go((scanned(DOSSIERS[0]), Apology))


def to_take_list(walk: Walk) -> None:
    walk.central.revoke("r2")
    supervised(walk)
    walk.go(*entering(Entry.TAKE_BACK, TakeList))


def to_audit(walk: Walk) -> None:
    supervised(walk)
    walk.go(*entering(Entry.AUDIT, Audit))


def to_cabinet(walk: Walk) -> None:
    supervised(walk)
    walk.go(*entering(Entry.CABINET, CabinetView))


def to_story(walk: Walk) -> None:
    to_cabinet(walk)
    walk.go((press(Key.CHOOSE, "2"), Story))


def to_reasons(walk: Walk) -> None:
    to_story(walk)
    walk.go((press(Key.CHOOSE, Act.BLOCK), Reasons))


def to_service(walk: Walk) -> None:
    supervised(walk)
    walk.go(*entering(Entry.DOORS, Service))


def to_kiosk_state(walk: Walk) -> None:
    supervised(walk)
    walk.go(*entering(Entry.STATE, KioskState))


def to_settings(walk: Walk) -> None:
    walk.central.policy = {"settings": ["language", "sound"]}
    supervised(walk)
    walk.go(*entering(Entry.SETTINGS, Settings))


def to_door_opening(walk: Walk) -> None:
    to_take_list(walk)
    walk.jammed = {2}
    walk.go((press(Key.CONFIRM), DoorOpening), (seconds(2.5), DoorOpening))


def to_door_open(walk: Walk) -> None:
    to_take_list(walk)
    walk.go((press(Key.CONFIRM), DoorOpening), (seconds(0.4), DoorOpen))


def to_door_ask(walk: Walk) -> None:
    to_door_open(walk)
    walk.go((push(2), DoorAsk))


def to_unlock(walk: Walk) -> None:
    to_menu(walk)
    walk.go((seconds(300), Unlock))
