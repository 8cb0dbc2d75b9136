"""The menu and its roles: who may do what, and who never sees a name (issue 3, 1)."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from kiosk import show
from kiosk.core.events import Key
from kiosk.core.scenes import Idle
from kiosk.core.staff_scenes import Loading, LoadOpening
from kiosk.core.upkeep_scenes import (
    Act,
    Answer,
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
from sync.messages import Kind, Role
from tests.flows.upkeep import at_the_menu, slip, staffed
from tests.flows.walk import Step, Walk, press, published, pull, push, scanned, seconds
from tests.flows.ways import entering, signing_in, unlocking

BOTH = {Entry.CABINET, Entry.STATE}
MAY = {
    Role.CLERK: {Entry.LOAD, Entry.TAKE_BACK, *BOTH},
    Role.TECHNICIAN: {Entry.DOORS, *BOTH},
    Role.SUPERVISOR: {*Entry} - {Entry.SETTINGS},  # the policy lets nothing be changed
}
LEADS = {
    Entry.LOAD: Loading,
    Entry.TAKE_BACK: TakeList,
    Entry.AUDIT: Audit,
    Entry.CABINET: CabinetView,
    Entry.DOORS: Service,
    Entry.STATE: KioskState,
    Entry.SETTINGS: Settings,
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("entry", list(Entry))
def test_an_entry_leads_where_the_role_may_go_and_nowhere_else(role: Role, entry: Entry) -> None:
    walk = at_the_menu(role)
    walk.go((press(Key.CHOOSE, entry), LEADS[entry] if entry in MAY[role] else Menu))


def test_the_menu_knows_no_other_words() -> None:
    at_the_menu().go((press(Key.CHOOSE, "everything"), Menu), (press(Key.CHOOSE), Menu))


@pytest.mark.parametrize("entry", [e for e in Entry if e is not Entry.LOAD])
def test_every_entry_leads_back_to_the_menu(entry: Entry) -> None:
    walk = at_the_menu()
    walk.central.policy = {"settings": ["sound"]}
    walk.go((published, Menu), *entering(entry, LEADS[entry]), (press(Key.BACK), Menu))


def test_a_scan_at_the_menu_loads_at_once() -> None:
    walk = at_the_menu(Role.CLERK, None, "r9")
    walk.go((scanned(slip(walk)), LoadOpening))


def test_a_technician_who_scans_a_slip_opens_nothing() -> None:
    walk = at_the_menu(Role.TECHNICIAN, None, "r9")
    walk.go((scanned(slip(walk)), Menu))
    assert walk.pulses == []
    assert "staff_authorised" not in walk.kinds()


def test_every_role_is_stated_when_somebody_signs_in() -> None:
    for role in Role:
        assert at_the_menu(role).said(Kind.STAFF_IN)[0]["role"] == role


def test_a_role_that_changed_holds_from_the_next_login_or_unlocking() -> None:
    walk = at_the_menu(Role.SUPERVISOR)
    walk.central.add_staff("7", "technician")
    walk.publish()
    walk.go((seconds(300), Unlock), *unlocking(walk, Idle))
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "revoked"}]
    walk.go(*signing_in(walk), (press(Key.CHOOSE, Entry.LOAD), Menu))


# Names


def test_a_technician_sees_no_name_and_no_dossier_on_any_screen() -> None:
    walk = staffed(Role.TECHNICIAN, {"r1": (1,), "r2": (2,)})
    walk.central.revoke("r2")
    walk.central.results["r1"].overdue = True
    walk.publish()
    seen: list[type] = []

    def look(then: Walk) -> None:
        body = show.screen(then.state, then.now).body
        assert names_in(then, asdict(body)) == [], type(then.scene).__name__
        seen.append(type(then.scene))

    def through(*steps: Step) -> None:
        for do, scene in steps:
            walk.go((do, scene), (look, scene))

    through(*signing_in(walk), *entering(Entry.CABINET, CabinetView))
    through((press(Key.CHOOSE, "2"), Story), (press(Key.CHOOSE, Act.CHECK), Story))
    through((press(Key.CHOOSE, Act.BY_KEY), Story), (press(Key.CHOOSE, Act.BLOCK), Reasons))
    through((press(Key.CHOOSE, "lock"), Story), (press(Key.BACK), CabinetView))
    through((press(Key.BACK), Menu), *entering(Entry.STATE, KioskState), (press(Key.BACK), Menu))
    through(*entering(Entry.DOORS, Service), (press(Key.CHOOSE, "1"), Service))
    through((press(Key.CHOOSE, "3"), DoorOpening), (seconds(0.4), DoorOpen))
    through((seconds(300), Unlock), *unlocking(walk, DoorOpen), (push(3), DoorAsk))
    through((press(Key.CHOOSE, Answer.EMPTY), Service))
    through((press(Key.CHOOSE, "3"), DoorOpening), (seconds(0.4), DoorOpen))
    through((seconds(300), Unlock), (push(3), Unlock), *unlocking(walk, DoorAsk))
    through((press(Key.CHOOSE, "empty"), Service), (press(Key.BACK), Menu))
    through((pull(1), Menu), (push(1), Menu), (seconds(300), Unlock), (seconds(60), Idle))
    assert {Menu, CabinetView, Story, Reasons, KioskState, Service, Unlock, DoorAsk} <= set(seen)


def names_in(walk: Walk, body: object) -> list[str]:
    results = walk.central.results.values()
    words = [w for r in results for w in (r.recipient, *r.dossiers)]
    return [w for w in words if w in repr(body)]


def test_a_clerk_sees_both_so_the_test_above_can_fail() -> None:
    walk = staffed(Role.CLERK, {"r2": (2,)})
    walk.central.revoke("r2")
    walk.publish()
    walk.go(*signing_in(walk), *entering(Entry.TAKE_BACK, TakeList))
    body = show.screen(walk.state, walk.now).body
    assert len(names_in(walk, asdict(body))) == 2


def test_a_technician_may_neither_look_into_nor_note_a_key_for_what_is_unchecked() -> None:
    walk = staffed(Role.TECHNICIAN, {"r1": (1,)})
    walk.go((pull(1), Idle), (push(1), Idle), *signing_in(walk))
    walk.go(*entering(Entry.CABINET, CabinetView), (press(Key.CHOOSE, "1"), Story))
    for act in (Act.CHECK, Act.BY_KEY, Act.RELEASE):
        walk.go((press(Key.CHOOSE, act), Story))
    assert walk.pulses == []
