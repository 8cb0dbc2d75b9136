"""What staff did with a compartment, folded: doubts stay until somebody has looked (DESIGN §5, Staff)."""

from __future__ import annotations

import pytest

from kiosk.core.memory import Compartment, Held, Memory, Phase, decode, encode
from sync.messages import Kind
from tests.core.make import Said, a_memory, a_result, accepted, at, loaded, merged

LOADED = (merged(a_result()), loaded())
SHUT: Said = (Kind.NOT_OPENED, {"compartment": 1, "staff": "7"})
KEY: Said = (Kind.AUDITED, {"compartment": 1, "staff": "7", "finding": "by_key", "reason": "lock"})


def authorised(reason: str, cid: str = "") -> Said:
    return Kind.STAFF_AUTHORISED, {"compartment": 1, "staff": "7", "reason": reason, "cid": cid}


def found(finding: str) -> Said:
    return Kind.AUDITED, {"compartment": 1, "staff": "7", "finding": finding, "cid": ""}


def blocked(reason: str) -> Said:
    return Kind.BLOCKED, {"compartment": 1, "staff": "7", "reason": reason}


def first(memory: Memory) -> Compartment:
    assert decode(encode(memory)) == memory
    return memory.compartments[1]


@pytest.mark.parametrize("reason", ["load", "undo", "take_back", "check", "audit", "test"])
def test_a_door_authorised_for_anything_is_unchecked_until_an_outcome(reason: str) -> None:
    assert first(a_memory(authorised(reason))).unchecked == f"staff:{reason}"
    assert first(a_memory(authorised(reason), SHUT)).serves


@pytest.mark.parametrize("doubt", [KEY, (Kind.OPENED_UNASKED, {"compartment": 1})])
def test_a_door_that_stayed_shut_takes_no_doubt_away(doubt: Said) -> None:
    before = first(a_memory(doubt)).unchecked
    assert before
    after = a_memory(doubt, authorised("check"), SHUT, authorised("audit"), SHUT)
    assert first(after).unchecked == before


def test_what_was_being_loaded_is_remembered_until_somebody_has_looked() -> None:
    load = authorised("load", "r1")
    assert first(a_memory(load)).pending == "r1"
    assert first(a_memory(load, SHUT)).pending == ""
    assert first(a_memory(load, authorised("audit", "r1"), SHUT)).pending == "r1"
    assert first(a_memory(load, authorised("audit", "r1"), found("empty"))).pending == ""
    assert first(a_memory(load, authorised("audit", "r1"), loaded())).pending == ""


@pytest.mark.parametrize("reason", ["lock", "sensor", "door", "cleaning", "other"])
def test_a_block_from_the_wall_keeps_the_doubt_and_a_look_keeps_the_block(reason: str) -> None:
    doubtful = first(a_memory(*LOADED, KEY, blocked(reason)))
    assert (doubtful.unchecked, doubtful.blocked) == ("by_key", reason)
    seen = first(a_memory(*LOADED, blocked(reason), authorised("audit", "r1"), found("papers")))
    assert (seen.unchecked, seen.blocked, seen.cid) == ("", reason, "r1")
    free = a_memory(blocked(reason), (Kind.RELEASED, {"compartment": 1, "reason": "repaired"}))
    assert first(free).serves


@pytest.mark.parametrize("reason", ["not_empty", "dropped"])
def test_papers_found_while_loading_settle_the_doubt_and_block(reason: str) -> None:
    after = first(a_memory(authorised("load", "r1"), blocked(reason)))
    assert (after.unchecked, after.pending, after.blocked) == ("", "", reason)


def test_a_released_block_says_nothing_about_what_lies_inside() -> None:
    after = a_memory(*LOADED, KEY, blocked("lock"), (Kind.RELEASED, {"compartment": 1}))
    assert first(after).unchecked == "by_key"


def test_papers_that_nobody_opened_are_loaded_again_with_their_floor() -> None:
    said = [*LOADED, accepted(counter=3), at(Kind.UNCONFIRMED, reason="unseen")]
    memory = a_memory(*said, authorised("audit", "r1"), found("papers"))
    assert memory.parts_of("r1") == {1: Phase.LOADED}
    assert memory.accounts[("r1", "h1")].floor == 3


@pytest.mark.parametrize("last", [Kind.OPENED, Kind.DISPUTED])
def test_papers_that_a_citizen_opened_are_found_papers(last: Kind) -> None:
    said = [*LOADED, accepted(), at(Kind.OPENED), at(last, what="empty")]
    memory = a_memory(*said, authorised("audit", "r1"), found("papers"))
    assert first(memory).blocked == "found"
    assert memory.parts_of("r1")[1] is not Phase.LOADED


def test_papers_whose_door_a_citizen_opened_before_a_cut_are_found_papers() -> None:
    said = [*LOADED, accepted(), at(Kind.OPENED), at(Kind.UNCONFIRMED, reason="closing_unseen")]
    memory = a_memory(*said, authorised("audit", "r1"), found("papers"))
    assert first(memory).blocked == "found"
    assert memory.parts_of("r1") == {1: Phase.UNCONFIRMED}


def test_retrieved_papers_are_gone_and_an_undone_loading_never_was() -> None:
    gone = a_memory(*LOADED, at(Kind.RETRIEVED, staff="7", undo=False))
    assert gone.parts_of("r1") == {1: Phase.RETRIEVED}
    undone = a_memory(*LOADED, at(Kind.RETRIEVED, staff="7", undo=True))
    assert undone.parts_of("r1") == {}
    assert first(gone).held is first(undone).held is Held.FREE
    assert first(gone).last == "r1"


def test_what_was_collected_stays_collected_whatever_is_found_there_later() -> None:
    over = [*LOADED, accepted(), at(Kind.OPENED), at(Kind.COLLECTED, holder="h1")]
    for said in (at(Kind.RETRIEVED, staff="7"), found("papers"), found("empty"), found("other")):
        memory = a_memory(*over, authorised("take_back"), said)
        assert memory.parts_of("r1") == {1: Phase.COLLECTED}


def test_a_round_begins_at_its_statement_and_each_look_carries_its_seq() -> None:
    begun = (Kind.AUDITED, {"compartment": 0, "staff": "7", "finding": "begun"})
    memory = a_memory(*LOADED, begun, authorised("audit", "r1"), found("papers"))
    assert memory.audit_round == 3
    assert first(memory).audited == 5
