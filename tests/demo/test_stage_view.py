"""What the demo's window shows and advises, from plain values; and what a hand does at a door."""

from dataclasses import replace

import pyotp
import pytest

from kiosk.demo import advice, cast
from kiosk.demo.advice import advice as advised
from kiosk.demo.projection import stage_view
from kiosk.demo.reach import Reach, reach
from kiosk.demo.seen import Seen, SeenDoor, Sent
from ui.stage_view import Advice, Power, Where

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FIRST, SECOND = cast.DOSSIERS[0], cast.DOSSIERS[1]
DOORS = tuple(SeenDoor(int(str(plan["number"]))) for plan in cast.wall())
SHUT = Seen(DOORS)
OLD = Sent(1, "ready", FIRST.code, FIRST.phone, "21:04", "co ket qua ho so. MA 4827 1639. Nhan")
NEW = Sent(2, "ready", SECOND.code, SECOND.phone, "21:05", "papers ready. CODE 1111 2222. 24/7")


def _with(number: int, *, is_open: bool = False, papers: tuple[str, ...] = ()) -> Seen:
    doors = [SeenDoor(number, is_open, papers) if d.number == number else d for d in DOORS]
    return replace(SHUT, doors=tuple(doors))


@pytest.mark.parametrize("holding", [False, True])
@pytest.mark.parametrize("papers", [False, True])
def test_a_shut_door_can_only_be_pulled(*, holding: bool, papers: bool) -> None:
    assert reach(is_open=False, holding=holding, papers=papers, laid=False) is Reach.PULL


@pytest.mark.parametrize("papers", [False, True])
def test_what_is_in_the_hand_goes_into_an_open_door(*, papers: bool) -> None:
    assert reach(is_open=True, holding=True, papers=papers, laid=False) is Reach.PUT


def test_an_empty_hand_takes_the_papers_out_and_then_closes() -> None:
    assert reach(is_open=True, holding=False, papers=True, laid=False) is Reach.TAKE
    assert reach(is_open=True, holding=False, papers=False, laid=False) is Reach.PUSH


def test_what_was_just_laid_in_is_not_taken_out_by_closing() -> None:
    assert reach(is_open=True, holding=False, papers=True, laid=True) is Reach.PUSH


def test_an_envelope_is_on_the_desk_in_the_hand_inside_or_taken() -> None:
    assert SHUT.where(FIRST) == (Where.DESK, 0)
    assert replace(SHUT, held=FIRST.code).where(FIRST) == (Where.HELD, 0)
    assert _with(12, papers=(FIRST.code,)).where(FIRST) == (Where.INSIDE, 12)
    assert replace(SHUT, taken=frozenset({FIRST.code})).where(FIRST) == (Where.TAKEN, 0)


def test_papers_behind_a_shut_door_cannot_be_seen() -> None:
    shut = stage_view(_with(12, papers=("a", "b")), SECRET, 0)
    seen = stage_view(_with(12, is_open=True, papers=("a", "b")), SECRET, 0)
    assert [door.papers for door in shut.doors if door.papers] == []
    assert [(door.number, door.papers) for door in seen.doors if door.papers] == [(12, 2)]


def test_every_door_of_the_cabinet_has_its_own_place_beside_the_touchscreen() -> None:
    view = stage_view(SHUT, SECRET, 0)
    row, column, height = view.screen_cell
    taken = {(row + more, column) for more in range(height)}
    places = {(door.row, door.column) for door in view.doors}
    assert len(places) == len(view.doors) == len(cast.wall())
    assert not places & taken
    assert (view.rows, view.columns) == (6, 6)


def test_the_one_time_password_is_that_of_the_moment_with_its_seconds() -> None:
    staff = stage_view(SHUT, SECRET, 1_000_000_012_345).staff
    assert staff.totp == pyotp.TOTP(SECRET).at(1_000_000_012)
    assert staff.seconds == 30 - 1_000_000_012 % 30


def test_messages_show_the_number_in_groups_that_end_with_the_known_digits() -> None:
    view = stage_view(replace(SHUT, sent=(OLD,)), SECRET, 0)
    assert [message.to for message in view.messages] == ["053 123 0042"]


def test_the_code_to_type_is_that_of_papers_that_still_lie_inside() -> None:
    seen = replace(_with(12, papers=(FIRST.code,)), sent=(NEW, OLD))
    assert seen.due() == OLD
    assert replace(SHUT, sent=(NEW, OLD)).due() is None


def test_the_message_that_is_open_comes_before_a_newer_one() -> None:
    seen = replace(_with(12, papers=(FIRST.code, SECOND.code)), sent=(NEW, OLD))
    assert seen.due() == NEW
    assert replace(seen, reading=OLD.id).due() == OLD


def test_a_notice_of_collecting_has_no_code() -> None:
    assert replace(OLD, kind="collected").code == ""
    assert (OLD.code, NEW.code) == ("4827 1639", "1111 2222")


LOADED = _with(12, papers=(FIRST.code,))
DONE = replace(SHUT, taken=frozenset(dossier.code for dossier in cast.DOSSIERS))


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (SHUT, advice.STARTING),
        (replace(SHUT, screen="Idle"), advice.STAFF_IN),
        (replace(SHUT, screen="StaffLogin"), advice.BY_SCREEN["StaffLogin"]),
        (replace(SHUT, screen="LoadScan"), advice.HOLD),
        (replace(SHUT, screen="LoadScan", held=FIRST.code), advice.READ_SCREEN),
        (replace(LOADED, screen="LoadScan"), advice.NEXT_ENVELOPE),
        (replace(_with(3, is_open=True), screen="LoadOpen", held=FIRST.code), advice.PUT),
        (replace(_with(3, is_open=True), screen="LoadOpen"), advice.HOLD_FIRST),
        (replace(_with(3, is_open=True, papers=("a",)), screen="LoadOpen"), advice.SHUT),
        (replace(LOADED, screen="Idle"), advice.WAIT_MESSAGE),
        (replace(LOADED, screen="Idle", network=False), advice.NO_NETWORK),
        (replace(_with(3, is_open=True, papers=("a",)), screen="Open"), advice.TAKE),
        (replace(_with(3, is_open=True), screen="Open"), advice.SHUT),
        (replace(DONE, screen="Idle"), advice.ALL_DONE),
        (replace(SHUT, screen="Told"), advice.READ_SCREEN),
        (replace(SHUT, screen="Idle", power=Power.OFF), advice.BY_POWER[Power.OFF]),
    ],
)
def test_a_newcomer_is_told_the_next_thing_to_do(seen: Seen, said: Advice) -> None:
    assert advised(seen) == said


def test_the_citizen_is_told_known_digits_and_code() -> None:
    seen = replace(LOADED, sent=(OLD,), screen="Idle")
    for language in (advised(seen).vi, advised(seen).en):
        assert "0042" in language
        assert "4827 1639" in language
    assert "0042" in advised(replace(seen, screen="Digits")).vi
    assert "4827 1639" in advised(replace(seen, screen="Code")).vi


def test_trouble_of_the_demo_itself_comes_first() -> None:
    trouble = Advice("Hỏng", "broken")
    assert advised(replace(SHUT, screen="Idle", power=Power.OFF, trouble=trouble)) == trouble
