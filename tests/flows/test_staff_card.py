"""A staff card and the PIN sign in without a TOTP; a wrong card is told nothing (issue 3, 1; DESIGN §7)."""

from __future__ import annotations

import json

import pytest

from kiosk import show
from kiosk.core.effects import CheckPin
from kiosk.core.events import Key
from kiosk.core.login import PIN_DIGITS
from kiosk.core.scenes import Digits, Idle, Refused
from kiosk.core.staff_scenes import Loading, Login, LoginTrouble, Step, Trouble
from kiosk.core.upkeep_scenes import Entry, Menu, Unlock
from sync.messages import Clock, Kind
from tests.flows.walk import Step as Doing
from tests.flows.walk import Walk, cut, press, published, scanned, seconds, typed
from tests.flows.ways import entering, signing_in, unlocking
from ui.staff_screens import StaffLogin

STRANGE = "abcdefghijklmnopqrstuv"


def carded() -> tuple[Walk, str]:
    """Nobody stands there; staff number 7 has a card."""
    walk = Walk()
    card = walk.central.issue_card()
    walk.publish()
    return walk, card


def by_card(walk: Walk, card: str, leads_to: type = Menu) -> list[Doing]:
    """A card held before the scanner, then the PIN."""
    pin = typed(walk.central.pin())
    return [(scanned(card), Login), (pin, Login), (press(Key.CONFIRM), leads_to)]


def refused(walk: Walk) -> bool:
    """At the beginning again, and told nothing."""
    scene = walk.scene
    assert isinstance(scene, Login)
    return (scene.trouble, scene.step, scene.card) == (LoginTrouble.REFUSED, Step.NUMBER, "")


def test_a_card_and_the_pin_sign_in_and_no_totp_is_asked() -> None:
    walk, card = carded()
    walk.go(*by_card(walk, card))
    assert walk.said(Kind.STAFF_IN) == [{"staff": "7", "role": "clerk", "card": True}]
    assert walk.memory.staff_steps == {}
    walk.go((press(Key.SIGN_OUT), Idle), *by_card(walk, card))


def test_the_card_may_be_shown_at_the_login_screen_too() -> None:
    walk, card = carded()
    walk.go((press(Key.STAFF), Login), (typed("12"), Login), *by_card(walk, card))


def test_the_screen_asks_for_the_pin_and_the_number_is_the_cards() -> None:
    walk, card = carded()
    walk.go((scanned(card), Login))
    body = show.screen(walk.state, walk.now).body
    assert isinstance(body, StaffLogin)
    assert (body.step, body.number, body.wanted) == ("pin", "7", PIN_DIGITS)


def test_a_card_signs_in_while_nobody_knows_the_time() -> None:
    walk, card = carded()
    walk.claim = Clock.UNKNOWN
    walk.go((cut(), Idle), *by_card(walk, card))


@pytest.mark.parametrize("number", ["7", "4"])
def test_a_strange_card_asks_for_the_pin_and_is_refused_like_any_wrong_login(number: str) -> None:
    walk, _ = carded()
    walk.go(*by_card(walk, f"HSC1.{number}.{STRANGE}", Login))
    assert refused(walk)
    assert walk.said(Kind.STAFF_REFUSED) == [{"staff": "7" if number == "7" else ""}]


def test_a_right_card_with_a_wrong_pin_is_refused() -> None:
    walk, card = carded()
    walk.pin_right = False
    walk.go(*by_card(walk, card, Login))
    assert refused(walk)


def test_a_card_that_was_withdrawn_or_replaced_is_refused_and_the_new_one_is_not() -> None:
    walk, old = carded()
    walk.central.withdraw_card()
    walk.go((published, Idle), *by_card(walk, old, Login))
    assert refused(walk)
    new = walk.central.issue_card()
    walk.go((published, Login), *by_card(walk, old, Login), *by_card(walk, new))


def test_a_card_withdrawn_while_the_pin_is_typed_is_refused() -> None:
    walk, card = carded()
    walk.go((scanned(card), Login))
    walk.central.withdraw_card()
    walk.go((published, Login), (typed(walk.central.pin()), Login), (press(Key.CONFIRM), Login))
    assert refused(walk)


def test_staff_that_were_removed_are_refused_with_their_card() -> None:
    walk, card = carded()
    pin = walk.central.pin()
    walk.central.remove_staff("7")
    walk.go((published, Idle), (scanned(card), Login), (typed(pin), Login))
    walk.go((press(Key.CONFIRM), Login))
    assert refused(walk)


def test_a_member_without_a_card_is_not_let_in_by_any() -> None:
    walk = Walk()
    walk.go(*by_card(walk, f"HSC1.7.{STRANGE}", Login))
    assert refused(walk)


def test_wrong_cards_empty_the_bucket_of_that_number_and_scrypt_rests_then() -> None:
    walk, card = carded()
    for _ in range(10):
        walk.go(*by_card(walk, f"HSC1.7.{STRANGE}", Login))
    walk.go(*by_card(walk, card, Login))
    assert isinstance(walk.scene, Login)
    assert walk.scene.trouble is LoginTrouble.LOCKED
    assert len(walk.said(Kind.STAFF_REFUSED)) == 10
    walk.go((cut(), Idle), *by_card(walk, card, Login))
    assert len(walk.said(Kind.STAFF_REFUSED)) == 10


def test_a_second_scan_while_the_pin_is_typed_changes_nothing() -> None:
    walk, card = carded()
    walk.go((scanned(card), Login), (typed("13"), Login), (scanned(f"HSC1.4.{STRANGE}"), Login))
    assert isinstance(walk.scene, Login)
    assert (walk.scene.number, walk.scene.pin) == ("7", "13")


def test_a_card_that_a_citizen_shows_while_typing_leads_nowhere() -> None:
    walk, card = carded()
    walk.go((press(Key.START), Digits), (scanned(card), Digits))


def test_anything_else_that_is_scanned_at_the_login_is_passed_over() -> None:
    walk = Walk({"r1": (1,)})
    walk.go((press(Key.STAFF), Login), (scanned(walk.central.qr("r1")), Login))
    walk.go((press(Key.CANCEL), Idle), (scanned("HSC1.7.short"), Refused))


def test_a_card_in_the_loading_hub_is_no_dossier() -> None:
    walk, card = carded()
    walk.go(*signing_in(walk), *entering(Entry.LOAD, Loading), (scanned(card), Loading))
    assert isinstance(walk.scene, Loading)
    assert walk.scene.trouble is Trouble.UNKNOWN


def test_a_card_brings_its_owner_back_to_paused_work_behind_the_pin() -> None:
    walk, card = carded()
    walk.go(*by_card(walk, card), *entering(Entry.LOAD, Loading), (press(Key.START), Idle))
    walk.go((scanned(card), Unlock), *unlocking(walk, Loading))


def test_a_locked_session_is_unlocked_by_the_pin_and_not_by_a_card() -> None:
    walk, card = carded()
    walk.go(*by_card(walk, card), (seconds(300), Unlock), (scanned(card), Unlock))
    walk.go(*unlocking(walk, Menu))


def test_no_card_is_in_the_journal_in_memory_or_in_what_is_printed() -> None:
    walk, card = carded()
    secret = card.rpartition(".")[2]
    walk.go((scanned(card), Login))
    assert secret not in repr(walk.state)
    walk.go((typed(walk.central.pin()), Login), (press(Key.CONFIRM), Menu))
    assert secret not in json.dumps([s.payload() for s in walk.journal])
    assert secret not in repr(walk.memory)


def test_the_worker_is_never_given_the_card() -> None:
    fields = set(CheckPin.__dataclass_fields__)
    assert fields == {"number", "entered", "pin", "pair"}


# Somebody else's work waits


def paused_by_seven() -> tuple[Walk, str, str]:
    """Number 7 let a citizen go first; 7 and 8 both have cards."""
    walk, own = carded()
    walk.central.add_staff("8", "supervisor", "246802")
    other = walk.central.issue_card("8")
    walk.publish()
    return walk.go(*signing_in(walk), (press(Key.START), Idle)), own, other


def pin_of(walk: Walk, number: str) -> list[Doing]:
    return [(typed(walk.central.pin(number)), Login), (press(Key.CONFIRM), Menu)]


def test_only_the_owners_card_leads_back_to_the_owners_pin() -> None:
    walk, own, _ = paused_by_seven()
    walk.go((scanned(own), Unlock), *unlocking(walk, Menu))
    assert walk.said(Kind.STAFF_OUT) == []


def test_another_member_signs_in_afresh_and_the_work_that_waited_is_over() -> None:
    walk, _, other = paused_by_seven()
    walk.go((scanned(other), Login))
    assert walk.said(Kind.STAFF_OUT) == []
    walk.go(*pin_of(walk, "8"))
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "idle"}]
    assert [said["staff"] for said in walk.said(Kind.STAFF_IN)] == ["7", "8"]
    kinds = walk.kinds()
    assert kinds.index("staff_out") < len(kinds) - 1 - kinds[::-1].index("staff_in")
    walk.go((press(Key.SIGN_OUT), Idle), (press(Key.STAFF), Login))


@pytest.mark.parametrize("number", ["7", "8", "9"])
def test_a_forged_card_ends_nobodys_work(number: str) -> None:
    walk, _, _ = paused_by_seven()
    walk.go((scanned(f"HSC1.{number}.{STRANGE}"), Login), (typed("135790"), Login))
    walk.go((press(Key.CONFIRM), Login), (press(Key.CANCEL), Idle))
    assert walk.said(Kind.STAFF_OUT) == []
    walk.go((press(Key.STAFF), Unlock), *unlocking(walk, Menu))


def test_at_the_locked_screen_another_card_begins_its_own_login() -> None:
    walk, own, other = paused_by_seven()
    walk.go((press(Key.STAFF), Unlock), (scanned(own), Unlock), (scanned("LH-1"), Unlock))
    walk.go((scanned(other), Login), (press(Key.CANCEL), Idle), (press(Key.STAFF), Unlock))
    walk.go((scanned(other), Login), *pin_of(walk, "8"))
    assert walk.said(Kind.STAFF_OUT) == [{"staff": "7", "reason": "idle"}]
