"""Own rows that come back: which copy is older, which went another way, and whose lies change nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.restored import HARMLESS, Verdict
from kiosk.journal_values import Damaged
from sync.compact import write_json
from sync.envelopes import sign_statement
from sync.keys import new_signing_key
from sync.messages import Head, Kind
from tests.contract.journal_contract import EPOCH, KEY, KIOSK, statement
from tests.kiosk.cards import Card, Item

DOORS = sorted(set(Kind) - HARMLESS)
PAGES = st.integers(1, 7)
few = settings(max_examples=40, deadline=None)


def a_card(rows: int = 5) -> Card:
    return Card().grow(*[Kind.PULSED] * rows)


@few
@given(rows=st.integers(0, 9), more=st.integers(1, 25), page=PAGES)
def test_a_restored_card_gets_every_row_that_it_lacks(rows: int, more: int, page: int) -> None:
    newest = a_card(rows)
    card = newest.copied()
    newest.grow(*[Kind.OPENED] * more)
    weighed = card.walk(newest.rows, page=page)
    assert (weighed.verdict, weighed.common) == (Verdict.WHOLE, rows)
    assert (weighed.here, weighed.there) == (card.journal.head, newest.journal.head)
    card.take_in(weighed)
    assert card.rows[: rows + more] == newest.rows
    assert card.journal.aside() is None
    assert list(card.journal.verify()) == []


@few
@given(rows=st.integers(0, 15), here=st.integers(1, 12), there=st.integers(1, 12), page=PAGES)
def test_rows_that_nobody_needs_give_way(rows: int, here: int, there: int, page: int) -> None:
    newest = a_card(rows)
    card = newest.copied().grow(*[Kind.STARTED] * here)
    gone = card.rows[rows:]
    newest.grow(*[Kind.OPENED] * there)
    weighed = card.walk(newest.rows, page=page)
    assert (weighed.verdict, weighed.common) == (Verdict.WHOLE, rows)
    card.take_in(weighed)
    assert card.rows[: rows + there] == newest.rows
    assert [text for _, text in card.disk.set_aside] == gone
    assert list(card.journal.verify()) == []


@few
@given(
    rows=st.integers(0, 15),
    before=st.integers(0, 9),
    kind=st.sampled_from([*DOORS, "never_heard_of"]),
    there=st.integers(1, 12),
    page=PAGES,
)
def test_two_copies_that_went_on_are_torn(
    rows: int, before: int, kind: str, there: int, page: int
) -> None:
    newest = a_card(rows)
    card = newest.copied().grow(*[Kind.STARTED] * before, kind, Kind.TALLY)
    newest.grow(*[Kind.STARTED] * there, Kind.OPENED, copy=2)
    held = card.rows
    assert card.walk(newest.rows, page=page).verdict is Verdict.TORN
    assert card.rows == held


@few
@given(rows=st.integers(0, 20), behind=st.integers(0, 20), page=PAGES)
def test_a_central_that_is_behind_changes_nothing(rows: int, behind: int, page: int) -> None:
    card = a_card(rows + behind)
    weighed = card.walk(card.rows[:rows], page=page)
    assert (weighed.verdict, weighed.aside) == (Verdict.NEWEST, False)


def test_holes_where_this_journal_has_rows_change_nothing() -> None:
    card = a_card(9)
    held: list[Item] = [*card.rows[:4], Damaged(5), Damaged(6), *card.rows[6:8], Damaged(9)]
    assert card.walk(held).verdict is Verdict.NEWEST
    newer = card.copied().grow(Kind.OPENED)
    assert card.walk([*held, newer.rows[9]]).verdict is Verdict.WHOLE
    assert card.journal.aside() is not None


@pytest.mark.parametrize("hole", [6, 7, 9])
def test_a_hole_among_what_came_back_is_torn(hole: int) -> None:
    newest = a_card()
    card = newest.copied().grow(Kind.STARTED)
    newest.grow(*[Kind.OPENED] * 5)
    held = [Damaged(hole), *newest.rows][1:]
    held[hole - 1] = Damaged(hole)
    for page in (2, 3, 50):
        assert card.copied().walk(held, page=page).verdict is Verdict.TORN


def test_a_hole_at_the_very_end_is_torn_once_an_own_row_lies_before_it() -> None:
    newest = a_card()
    card = newest.copied()
    assert card.weigh([Damaged(6)], Head(6, "")).verdict is Verdict.MORE
    newest.grow(Kind.OPENED)
    held: list[Item] = [*newest.rows, Damaged(7)]
    assert card.weigh(held[5:], Head(7, "")).after == 6
    assert card.weigh(held[6:], Head(7, "")).verdict is Verdict.TORN


def test_pickups_stop_with_the_first_row_and_a_restart_does_not_forget_it() -> None:
    newest = a_card()
    card = newest.copied()
    newest.grow(*[Kind.OPENED] * 4)
    weighed = card.weigh(newest.rows[5:6], Head(9, newest.journal.head.hash))
    assert (weighed.verdict, weighed.aside, weighed.after) == (Verdict.MORE, True, 6)
    assert Card(card.disk).journal.aside() is not None


def test_all_that_a_manifest_has_named_must_be_there() -> None:
    newest = a_card()
    card = newest.copied()
    newest.grow(*[Kind.OPENED] * 4)
    told = Head(7, "")
    assert card.weigh(newest.rows[5:7], told, named=9).after == 7
    assert card.weigh([], told, named=9).verdict is Verdict.MORE
    assert card.weigh(newest.rows[7:], told, named=9).verdict is Verdict.WHOLE


def test_a_door_that_moves_while_rows_come_back_is_torn() -> None:
    newest = a_card()
    card = newest.copied()
    newest.grow(*[Kind.OPENED] * 4)
    head = newest.journal.head
    assert card.weigh(newest.rows[5:6], head).verdict is Verdict.MORE
    card.grow(Kind.OPENED_UNASKED)
    assert card.weigh(newest.rows[6:], head).verdict is Verdict.TORN


def test_another_branch_takes_the_place_of_one_that_central_does_not_hold() -> None:
    first = a_card()
    card = first.copied().grow(Kind.STARTED)
    second = first.copied().grow(*[Kind.TALLY] * 2, *[Kind.OPENED] * 9)
    first.grow(*[Kind.OPENED] * 6)
    assert card.weigh(first.rows[5:8], Head(20, "")).verdict is Verdict.MORE
    weighed = card.walk(second.rows)
    assert (weighed.verdict, weighed.common) == (Verdict.WHOLE, 5)
    card.take_in(weighed)
    assert card.rows[:16] == second.rows


# Lies: of a central, of a network, of a `kiosk sync` that somebody has taken over.


def forged(seq: int, prev: str = "", **frame: object) -> str:
    """A row that a stranger signed."""
    payload = {**statement(seq, "opened").payload(), "prev": prev, **frame}
    return sign_statement(payload, new_signing_key())


def test_rows_of_strangers_neither_stop_a_pickup_nor_take_room() -> None:
    card = a_card()
    other = sign_statement({**statement(6).payload(), "kiosk": "q1-p01"}, KEY)
    older = sign_statement({**statement(6).payload(), "epoch": EPOCH - 1}, KEY)
    no_statement = sign_statement({"kiosk": KIOSK, "epoch": EPOCH, "seq": 6}, KEY)
    own = card.copied().grow(Kind.OPENED).rows[5]
    assert isinstance(own, str)
    altered = own[:-20] + ("A" * 20)
    payload = own.split(".")
    swapped = ".".join([payload[0], forged(6).split(".")[1], payload[2]])
    for text in (forged(6, str(card.journal.head.hash)), other, older, no_statement, altered):
        weighed = card.weigh([text], Head(6, "x" * 43))
        assert (weighed.verdict, weighed.aside, weighed.after) == (Verdict.MORE, False, 5)
    for text in (swapped, "", "a.b.c", "x" * 10**6, write_json({"seq": 6}).decode()):
        assert not card.weigh([text], Head(6, "")).aside
    assert not card.disk.aside


def test_rows_out_of_order_are_taken_no_further_than_their_order_goes() -> None:
    newest = a_card()
    card = newest.copied()
    newest.grow(*[Kind.OPENED] * 4)
    six, seven, eight, nine = newest.rows[5:]
    head = newest.journal.head
    for items in ([seven, six], [nine], [eight, eight], [nine, eight, seven, six]):
        weighed = card.weigh(items, head)
        assert (weighed.after, weighed.aside) == (5, False)
    assert card.weigh([six, eight, seven], head).after == 6
    assert card.weigh([six, six], head).after == 6
    assert card.weigh([seven, eight, nine], head).verdict is Verdict.WHOLE


def test_rows_that_gave_way_once_are_no_news_when_somebody_repeats_them() -> None:
    newest = a_card()
    card = newest.copied().grow(Kind.STARTED, Kind.TALLY)
    old = card.rows[5:]
    newest.grow(*[Kind.OPENED] * 4)
    card.take_in(card.walk(newest.rows))
    held = card.rows
    far = Head(99, "x" * 43)
    pages: tuple[list[Item], ...] = (old, old[1:], [*held[3:5], *old], [Damaged(6), old[1]])
    for items in pages:
        weighed = card.weigh(items, far)
        assert (weighed.verdict, weighed.aside) == (Verdict.MORE, False)
    assert (card.rows, card.disk.aside) == (held, {})


def test_endless_rows_and_holes_take_no_more_room_than_was_ever_signed() -> None:
    newest = a_card()
    card = newest.copied()
    newest.grow(*[Kind.OPENED] * 4)
    far = Head(10**15, "x" * 43)
    for start in (6, 10, 500, 10**12):
        holes: list[Item] = [Damaged(start + n) for n in range(500)]
        weighed = card.weigh(holes, far)
        assert (weighed.verdict, weighed.after, weighed.aside) == (Verdict.MORE, 5, False)
    for _ in range(20):
        card.weigh(newest.rows[5:], far)
        card.weigh(newest.rows, far)
        card.weigh([*newest.rows[5:], *[Damaged(10 + n) for n in range(400)]], far)
    assert len(card.disk.aside) == 5
    assert card.walk(newest.rows).verdict is Verdict.WHOLE


def test_a_head_that_nothing_bears_out_brings_nothing_about() -> None:
    card = a_card()
    for head in (Head(5, "x" * 43), Head(3, "x" * 43), Head(1, "x" * 43), Head(99, "x" * 43)):
        weighed = card.weigh([], head)
        assert (weighed.verdict, weighed.aside) == (Verdict.MORE, False)
        assert 0 <= weighed.after <= 5


@few
@given(st.data())
def test_whatever_is_offered_only_own_rows_lie_aside_and_no_row_is_lost(
    data: st.DataObject,
) -> None:
    """Any pages of two branches, holes and junk, in any order: then an honest walk still comes through."""
    trunk = a_card(4)
    card = trunk.copied().grow(Kind.STARTED)
    branches = [trunk.copied().grow(*[Kind.OPENED] * 5), trunk.copied().grow(*[Kind.TALLY] * 6)]
    own = {row for branch in branches for row in branch.rows}
    held = card.rows
    heads = st.one_of(
        st.sampled_from([branch.journal.head for branch in branches]),
        st.builds(Head, st.integers(0, 30), st.sampled_from(["", "x" * 43])),
    )
    junk: st.SearchStrategy[Item] = st.one_of(
        st.builds(Damaged, st.integers(0, 20)), st.just(forged(6)), st.text(max_size=9)
    )
    for _ in range(data.draw(st.integers(1, 8))):
        rows = data.draw(st.sampled_from(branches)).rows
        begin = data.draw(st.integers(0, len(rows)))
        page: list[Item] = rows[begin : begin + data.draw(st.integers(0, 4))]
        if data.draw(st.booleans()):
            page.insert(data.draw(st.integers(0, len(page))), data.draw(junk))
        weighed = card.weigh(page, data.draw(heads))
        lying = [text for text in card.disk.aside.values() if text]
        assert set(lying) <= own
        assert card.rows == held
        if weighed.verdict is Verdict.WHOLE:
            assert weighed.aside
            break
    assert card.walk(branches[0].rows).verdict is Verdict.WHOLE
