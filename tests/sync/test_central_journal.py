"""Central takes in what a kiosk states: once each, in order, whatever is in between."""

from __future__ import annotations

from sqlalchemy import select

from sync.central import journal
from sync.central.enrol import enrol_kiosk
from sync.central.journal import Stop
from sync.central.tables import Alarm, Fork, Part, Result, Row
from sync.envelopes import hash_of, sign_statement
from sync.keys import new_signing_key
from sync.line import Damaged
from sync.messages import Head
from tests.sync.world import KIOSK, Journal, Keys, World


def take(world: World, *items: str | Damaged) -> journal.Outcome:
    with world.store.begin() as session:
        return journal.take(world.store, session, world.store.kiosk(session, KIOSK), items)


def states(world: World) -> list[str]:
    with world.store.begin() as session:
        return list(session.scalars(select(Row.state).order_by(Row.seq)))


def alarms(world: World) -> list[str]:
    with world.store.begin() as session:
        return list(session.scalars(select(Alarm.kind).order_by(Alarm.id)))


def forks(world: World) -> int:
    with world.store.begin() as session:
        return len(session.scalars(select(Fork)).all())


def result(world: World, cid: str) -> Result:
    with world.store.begin() as session:
        return session.get_one(Result, cid)


def test_rows_are_taken_once_and_a_resend_changes_nothing(world: World) -> None:
    rows = [world.journal.state("started") for _ in range(3)]
    assert take(world, *rows).head == Head(3, hash_of(rows[2]))
    again = take(world, rows[1], rows[2])
    assert (again.head.seq, again.stop) == (3, None)
    assert states(world) == ["ok"] * 3


def test_an_unknown_kind_is_stored_and_those_behind_it_too(world: World) -> None:
    rows = [world.journal.state("not_invented_yet", deep={"a": [1]}), world.journal.state("fault")]
    assert take(world, *rows).head.seq == 2


def test_a_gap_keeps_what_lies_before_it(world: World) -> None:
    rows = [world.journal.state("started") for _ in range(4)]
    outcome = take(world, rows[0], rows[1], rows[3])
    assert (outcome.head.seq, outcome.stop) == (2, Stop.GAP)


def test_a_fork_is_kept_apart_alarms_once_and_is_never_merged(world: World) -> None:
    cid = world.register()
    world.journal.state("started")
    take(world, *world.journal.rows, world.journal.state("started"))
    other = Journal(world.keys)
    other.rows = world.journal.rows[:1]
    forked = other.state("loaded", cid=cid, compartment=3)
    later = other.state("started")
    for _ in range(2):
        assert take(world, forked).stop is Stop.FORK
        assert take(world, later).stop is Stop.FORK
    assert forks(world) == 2
    assert alarms(world) == ["fork", "fork"]
    assert result(world, cid).phase == "expected"


def test_a_row_that_does_not_follow_on_the_last_one_is_a_fork(world: World) -> None:
    take(world, world.journal.state("started"))
    other = Journal(world.keys)
    other.state("fault")
    assert take(world, other.state("fault")).stop is Stop.FORK


def test_a_damaged_row_leaves_a_hole_and_the_next_stands_on_its_own_signature(
    world: World,
) -> None:
    rows = [world.journal.state("started") for _ in range(4)]
    outcome = take(world, rows[0], Damaged(2), rows[2])
    assert (outcome.head, outcome.stop) == (Head(3, hash_of(rows[2])), None)
    assert take(world, Damaged(2), rows[2], rows[3]).head.seq == 4
    assert states(world) == ["ok", "damaged", "ok", "ok"]
    assert alarms(world) == ["damaged"]


def test_a_row_in_place_of_a_hole_is_kept_for_a_person_and_blocks_nothing(world: World) -> None:
    rows = [world.journal.state("started") for _ in range(3)]
    take(world, rows[0], Damaged(2))
    outcome = take(world, rows[1], rows[2])
    assert (outcome.head.seq, outcome.stop, forks(world)) == (3, None, 1)


def test_a_foreign_signature_is_quarantined_and_means_nothing(world: World) -> None:
    cid = world.register()
    first = world.journal.state("started")
    forger = Journal(Keys())
    forger.rows = [first]
    forged = forger.state("collected", cid=cid, compartment=1)
    outcome = take(world, first, forged)
    assert outcome.quarantined == (2,)
    assert take(world, forged).quarantined == ()
    assert states(world) == ["ok", "quarantined"]
    assert result(world, cid).phase == "expected"


def test_a_row_garbled_on_its_way_does_not_block_those_behind_it(world: World) -> None:
    rows = [world.journal.state("started") for _ in range(3)]
    garbled = rows[1][:-3] + "AAA"
    assert take(world, rows[0], garbled).quarantined == (2,)
    outcome = take(world, rows[2])
    assert (outcome.head, outcome.stop, forks(world)) == (Head(3, hash_of(rows[2])), None, 0)
    assert states(world) == ["ok", "quarantined", "ok"]


def test_text_that_is_no_statement_keeps_its_place_even_when_it_is_sent_again(
    world: World,
) -> None:
    for text in ("rubbish", "a.b.c", "\ud800", "x\x00y"):
        before = len(states(world))
        take(world, text)
        take(world, text)
        assert len(states(world)) == before + 1
    assert set(states(world)) == {"quarantined"}


def test_a_signed_row_with_a_broken_frame_is_quarantined(world: World) -> None:
    frame = {"kiosk": KIOSK, "epoch": 1, "seq": 1, "prev": "", "at": "yesterday"}
    bad = sign_statement({**frame, "kind": "fault"}, world.keys.statement)
    assert take(world, bad).quarantined == (1,)


def test_another_kiosks_row_is_quarantined_though_the_key_is_right(world: World) -> None:
    row = {"kiosk": "bt2", "epoch": 1, "seq": 1, "prev": "", "at": "2026-11-21T15:04:00.000Z"}
    more = {"clock": "synced", "up": 1, "kind": "started"}
    assert take(world, sign_statement(row | more, world.keys.statement)).quarantined == (1,)


def test_a_row_of_an_old_epoch_stops_with_its_name(world: World) -> None:
    old = Journal(world.keys, epoch=7)
    outcome = take(world, old.state("started"))
    assert (outcome.stop, outcome.head.seq, alarms(world)) == (Stop.STALE_EPOCH, 0, ["stale-epoch"])


def test_fields_out_of_all_bounds_are_stored_and_break_nothing(world: World) -> None:
    cid = world.register()
    wild: list[tuple[str, dict[str, object]]] = [
        ("loaded", {"cid": cid, "compartment": 2**70}),
        ("loaded", {"cid": cid, "compartment": -1}),
        ("loaded", {"cid": [cid], "compartment": 1}),
        ("accepted", {"cid": cid, "holder": "h1", "gen": "x", "counter": 2**70}),
        ("accepted", {"cid": cid, "holder": "h1", "gen": 1, "compartments": [True, "1", 2**80]}),
        ("manifest_accepted", {"ver": 2**90}),
        ("collected", {"cid": "\u0000", "compartment": 1}),
        ("released", {"compartment": None, "papers": True}),
        ("fault", {"what": "board\nlost" * 100}),
        ("staff_out", {}),
        ("k" * 400, {}),
    ]
    for kind, fields in wild:
        world.journal.state(kind, **fields)
    assert take(world, *world.journal.rows).head.seq == len(wild)


def test_a_result_is_followed_through_its_phases(world: World) -> None:
    cid = world.register()
    journey: list[tuple[str, dict[str, object], str]] = [
        ("loaded", {"compartment": 3}, "loaded"),
        ("loaded", {"compartment": 4}, "loaded"),
        ("accepted", {"holder": "h1", "gen": 1, "counter": 0, "compartments": [3, 4]}, "accepted"),
        ("opened", {"compartment": 3}, "opened"),
        ("collected", {"compartment": 3}, "accepted"),
        ("not_opened", {"compartment": 4}, "loaded"),
        ("retrieved", {"compartment": 4, "staff": "7"}, "collected"),
    ]
    for kind, fields, phase in journey:
        take(world, world.journal.state(kind, cid=cid, **fields))
        assert (kind, result(world, cid).phase) == (kind, phase)
    with world.store.begin() as session:
        left = session.scalars(select(Part).where(Part.cid == cid)).all()
        assert [(part.compartment, part.phase) for part in left] == [(3, "collected")]


def test_a_result_of_another_kiosk_is_not_moved_by_this_one(world: World) -> None:
    cid = world.register()
    strangers = Keys()
    enrol_kiosk(world.store, "ck1", strangers.public(), unit="P.Cầu Kiệu", address="5 Phan Xích")
    row = Journal(strangers, kiosk="ck1").state("loaded", cid=cid, compartment=3)
    with world.store.begin() as session:
        ck1 = world.store.kiosk(session, "ck1")
        assert journal.take(world.store, session, ck1, [row]).head.seq == 1
    assert result(world, cid).phase == "expected"


def test_own_rows_come_back_as_they_were_signed(world: World) -> None:
    rows = [world.journal.state("started") for _ in range(3)]
    take(world, rows[0], Damaged(2), rows[2])
    with world.store.begin() as session:
        kiosk = world.store.kiosk(session, KIOSK)
        assert journal.own_rows(session, kiosk, 0, 10, 10**6) == [rows[0], Damaged(2), rows[2]]
        assert journal.own_rows(session, kiosk, 0, 2, 10**6) == [rows[0], Damaged(2)]
        assert journal.own_rows(session, kiosk, 0, 10, 1) == rows[:1]
        assert journal.own_rows(session, kiosk, 2, 10, 1) == [rows[2]]


def test_new_keys_are_a_new_epoch_with_an_empty_journal(world: World) -> None:
    take(world, world.journal.state("started"))
    same = world.enrol(world.keys)
    fresh = Keys()
    other = world.enrol(fresh)
    assert (same.epoch, other.epoch) == (1, 2)
    row = Journal(fresh, epoch=2).state("started")
    assert take(world, row).head == Head(1, hash_of(row))
    assert new_signing_key().kid != other.central.kid
