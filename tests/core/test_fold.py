"""What each statement changes in memory, and that nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.fold import fold
from kiosk.core.guessing import tries
from kiosk.core.memory import Account, Compartment, Held, Phase
from sync.messages import Kind, Policy
from tests.core.make import a_memory, a_result, a_statement, accepted, at, loaded, merged

LOADED = (merged(a_result()), loaded())
FLOOR = ("r1", "h1")


def test_a_statement_must_be_the_next_of_this_kiosk_and_epoch() -> None:
    memory = a_memory()
    first = a_statement(memory, Kind.STARTED, {})
    wrong = [replace(first, seq=2), replace(first, seq=0), replace(first, kiosk="bt2")]
    for statement in [*wrong, replace(first, epoch=2)]:
        with pytest.raises(ValueError, match=r"statement \d"):
            fold(memory, statement)
    assert fold(memory, first).seq == 1


def test_a_kind_from_the_future_changes_nothing_but_seq_and_the_buckets_clock() -> None:
    memory = a_memory(*LOADED)
    after = fold(memory, a_statement(memory, "from_the_future", {"cid": "r1"}))
    assert replace(after, seq=memory.seq, bucket=memory.bucket) == memory


def test_loaded_occupies_the_compartment() -> None:
    memory = a_memory(*LOADED)
    assert memory.compartments[1] == Compartment(Held.OCCUPIED, "r1")
    assert memory.parts_of("r1") == {1: Phase.LOADED}


def test_accepted_raises_the_floor_above_the_counter_and_ends_the_run_of_refusals() -> None:
    refused = (Kind.REFUSED, {"via": "code", "typed_for": [["r1", "h1"]]})
    memory = a_memory(*LOADED, refused, refused, accepted(counter=4))
    assert memory.accounts[FLOOR] == Account(gen=1, floor=5)
    assert memory.parts_of("r1") == {1: Phase.ACCEPTED}
    assert memory.moving == {("r1", 1)}


def test_opened_then_collected_leaves_the_compartment_presumed_empty() -> None:
    memory = a_memory(*LOADED, accepted(), at(Kind.OPENED), at(Kind.COLLECTED, holder="h1"))
    assert memory.parts_of("r1") == {1: Phase.COLLECTED}
    presumed = Compartment(Held.PRESUMED_EMPTY, opened=1, last="r1", touched=True)
    assert memory.compartments[1] == presumed
    assert memory.moving == frozenset()


def test_opened_moves_only_an_accepted_part() -> None:
    assert a_memory(*LOADED, at(Kind.OPENED)).parts_of("r1") == {1: Phase.LOADED}
    over = a_memory(*LOADED, accepted(), at(Kind.OPENED), at(Kind.COLLECTED), at(Kind.OPENED))
    assert over.parts_of("r1") == {1: Phase.COLLECTED}


def test_not_opened_restores_part_and_floor() -> None:
    memory = a_memory(*LOADED, accepted(counter=3), at(Kind.NOT_OPENED))
    assert memory.parts_of("r1") == {1: Phase.LOADED}
    assert memory.accounts[FLOOR].floor == 3


def test_not_opened_leaves_the_floor_of_a_void_acceptance_alone() -> None:
    memory = a_memory(*LOADED, accepted(counter=3))
    kind, fields = merged(a_result(), memory=memory)
    void = fold(memory, a_statement(memory, kind, {**fields, "voided": ["r1"]}))
    after = fold(void, a_statement(void, *at(Kind.NOT_OPENED)))
    assert after.accounts[FLOOR].floor == 4


def test_unconfirmed_blocks_and_released_with_the_papers_inside_restores_it() -> None:
    said = [*LOADED, accepted(counter=3), at(Kind.UNCONFIRMED, reason="unseen")]
    memory = a_memory(*said)
    assert memory.parts_of("r1") == {1: Phase.UNCONFIRMED}
    assert not memory.compartments[1].serves
    back = a_memory(*said, (Kind.RELEASED, {"compartment": 1, "papers": True}))
    assert back.parts_of("r1") == {1: Phase.LOADED}
    assert back.compartments[1] == Compartment(Held.OCCUPIED, "r1", failed=1)
    assert back.accounts[FLOOR].floor == 3


def test_unconfirmed_without_a_result_blocks_the_compartment_only() -> None:
    memory = a_memory(*LOADED, (Kind.UNCONFIRMED, {"compartment": 1, "reason": "unseen"}))
    assert memory.parts_of("r1") == {1: Phase.LOADED}
    assert memory.compartments[1].blocked == "unconfirmed"


def test_released_without_papers_makes_the_compartment_free() -> None:
    empty_handed = (Kind.RELEASED, {"compartment": 1, "papers": False})
    assert a_memory(*LOADED, empty_handed).compartments[1] == Compartment(last="r1")
    assert a_memory(*LOADED, empty_handed).parts_of("r1") == {1: Phase.RETRIEVED}


def test_disputed_blocks_and_is_no_longer_on_its_way() -> None:
    memory = a_memory(*LOADED, accepted(), at(Kind.OPENED), at(Kind.DISPUTED, what="empty"))
    assert memory.parts_of("r1") == {1: Phase.DISPUTED}
    assert memory.compartments[1].blocked == "disputed"
    assert memory.moving == frozenset()


def test_a_wrong_door_unchecks_both_and_blocks_the_bank() -> None:
    memory = a_memory((Kind.WRONG_DOOR, {"asked": 1, "opened": 2, "bank": [1, 2, 3]}))
    assert [c.unchecked for c in memory.compartments.values()] == ["wrong_door"] * 2
    assert [c.blocked for c in memory.compartments.values()] == ["wrong_door"] * 2


def test_staff_authorised_unchecks_until_the_outcome() -> None:
    authority = (Kind.STAFF_AUTHORISED, {"compartment": 1, "staff": "7", "reason": "load"})
    assert a_memory(authority).compartments[1].unchecked == "staff:load"
    shut = (Kind.NOT_OPENED, {"compartment": 1, "staff": "7"})
    assert a_memory(authority, shut).compartments[1] == Compartment(failed=1)
    assert a_memory(authority, loaded()).compartments[1].serves
    blocked = a_memory(authority, (Kind.BLOCKED, {"compartment": 1, "reason": "not_empty"}))
    assert blocked.compartments[1] == Compartment(blocked="not_empty")


def test_retrieving_one_part_leaves_the_others() -> None:
    memory = a_memory(merged(a_result()), loaded(), loaded("r1", 2), at(Kind.RETRIEVED))
    assert memory.parts_of("r1") == {1: Phase.RETRIEVED, 2: Phase.LOADED}
    assert memory.compartments[1] == Compartment(last="r1")


def test_a_refused_token_takes_nothing() -> None:
    memory = a_memory((Kind.REFUSED, {"via": "token", "typed_for": [["r1", "h1"]]}))
    assert tries(memory.bucket, 1_000, Policy()) == 10


def test_a_lock_stays_with_an_acceptance_and_ends_with_a_new_gen() -> None:
    locked = (Kind.RESULT_LOCKED, {"cid": "r1", "holder": "h1"})
    memory = a_memory(*LOADED, locked, accepted())
    assert memory.accounts[FLOOR].locked
    kind, fields = merged(a_result(), memory=memory)
    again = {**fields, "floors": [["r1", "h1", 2, 0]]}
    assert fold(memory, a_statement(memory, kind, again)).accounts[FLOOR] == Account(2, 0)


def test_a_compartment_that_the_configuration_lost_is_passed_over() -> None:
    memory = a_memory(loaded("r1", 9), (Kind.OPENED_UNASKED, {"compartment": 9}), numbers=(1,))
    assert set(memory.compartments) == {1}


def test_a_lost_memory_stays_lost() -> None:
    memory = a_memory((Kind.CONFLICT, {"what": "memory", "seq_there": 9}), (Kind.STARTED, {}))
    assert memory.lost


def test_uptime_in_any_statement_refills_the_bucket() -> None:
    memory = a_memory(*[(Kind.REFUSED, {"via": "code", "typed_for": []})] * 10)
    later = fold(memory, a_statement(memory, Kind.RATED, {"score": 5}, up_ms=901_000))
    assert tries(later.bucket, 901_000, Policy()) == 1


def test_a_restart_moves_staff_buckets_to_the_clock_of_this_boot() -> None:
    said: list[tuple[Kind, dict[str, object]]] = [(Kind.STAFF_REFUSED, {"staff": "7"})]
    memory = a_memory(*said)
    late = replace(memory.staff_buckets["7"], up_ms=10**9)
    memory = replace(memory, staff_buckets={"7": late})
    after = fold(memory, a_statement(memory, Kind.STARTED, {}, up_ms=5_000))
    assert after.staff_buckets["7"].up_ms == 5_000
    assert after.staff_buckets["7"].level_ms == late.level_ms + 5_000
