"""Rows that come together are taken in together: it must mean the same, and cost the database little."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from sync.central import journal, manifests
from sync.central.codes import code_at, trivial
from sync.central.enrol import enrol_kiosk
from sync.central.holders import NewHolder, open_holder
from sync.central.results import NewResult, register
from sync.central.tables import Alarm, Holder, Notice, Part, Result, Row
from tests.sync.world import KIOSK, Journal, Keys, World

DOSSIER = "H29.915-261121-0042"
EXAMPLES = 200 if os.environ.get("KIOSK_RANDOM") else 12
MOST_QUESTIONS = 25  # of one request, whatever it brings
_numbers = itertools.count(1)


def take(world: World, kiosk: str, *rows: str) -> journal.Outcome:
    with world.store.begin() as session:
        return journal.take(world.store, session, world.store.kiosk(session, kiosk), rows)


def registered(world: World, kiosk: str, count: int) -> list[str]:
    with world.store.begin() as session:
        people = (NewHolder("0530004821"), NewHolder("0540001111"))
        new = NewResult(kiosk, (DOSSIER,), "Nguyễn Văn Anh", people)
        return [register(world.store, session, new).cid for _ in range(count)]


@contextmanager
def questions(world: World) -> Iterator[list[str]]:
    """What the database is asked, many rows in one statement counting once."""
    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(world.store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(world.store.engine, "before_cursor_execute", note)


def day(world: World, cids: list[str]) -> list[str]:
    """Loaded in the morning, collected until the evening."""
    book = world.journal
    for at, cid in enumerate(cids, start=1):
        book.state("loaded", cid=cid, compartment=at)
    book.state("staff_out", staff="7")
    for at, cid in enumerate(cids, start=1):
        book.state("accepted", cid=cid, holder="h1", gen=1, counter=0, compartments=[at])
        book.state("opened", cid=cid, compartment=at)
        book.state("collected", cid=cid, holder="h1", compartment=at)
    return book.rows


def test_a_day_is_a_few_questions_however_many_collect(world: World) -> None:
    rows = day(world, registered(world, KIOSK, 20))
    with questions(world) as asked:
        assert take(world, KIOSK, *rows).head.seq == len(rows)
    assert len(asked) <= MOST_QUESTIONS
    with questions(world) as asked:  # the answer was lost: all of it once more
        assert take(world, KIOSK, *rows).stop is None
    assert len(asked) <= MOST_QUESTIONS


def test_a_manifest_is_a_few_questions_however_many_results_it_lists(world: World) -> None:
    registered(world, KIOSK, 20)
    with questions(world) as asked, world.store.begin() as session:
        manifests.current(world.store, session, world.store.kiosk(session, KIOSK), None)
    assert len(asked) <= MOST_QUESTIONS


def test_a_row_that_stands_twice_in_one_request_is_taken_once(world: World) -> None:
    first, second = world.journal.state("started"), world.journal.state("started")
    outcome = take(world, KIOSK, first, second, first, second, second)
    assert (outcome.head.seq, outcome.stop) == (2, None)
    with world.store.begin() as session:
        assert list(session.scalars(select(Row.seq).order_by(Row.seq))) == [1, 2]


def test_rows_that_are_here_are_known_in_any_order(world: World) -> None:
    rows = [world.journal.state("started") for _ in range(6)]
    take(world, KIOSK, *rows[:5])
    outcome = take(world, KIOSK, rows[4], rows[0], rows[2], rows[5], rows[1])
    assert (outcome.head.seq, outcome.stop) == (6, None)


def test_garbage_that_comes_twice_in_one_request_takes_one_place(world: World) -> None:
    outcome = take(world, KIOSK, "garbage", "garbage", "other")
    assert outcome.quarantined == (1, 2)


COMPARTMENT = st.integers(1, 3)
NAMED = st.fixed_dictionaries({"cid": st.integers(0, 1), "compartment": COMPARTMENT})
# Kinds that name a part and nothing else that counts.
PLACED = ["loaded", "opened", "collected", "not_opened", "unconfirmed", "disputed", "retrieved"]
ROW = st.one_of(
    st.tuples(st.sampled_from(PLACED), NAMED),
    st.tuples(st.sampled_from(["loaded", "collected"]), NAMED),
    st.tuples(
        st.just("accepted"),
        st.fixed_dictionaries(
            {
                "cid": st.integers(0, 1),
                "holder": st.sampled_from(["h1", "h2", "h9"]),
                "gen": st.just(1),
                "counter": st.integers(0, 1),
                "compartments": st.lists(COMPARTMENT, max_size=2),
            }
        ),
    ),
    st.tuples(
        st.just("released"),
        st.fixed_dictionaries({"compartment": COMPARTMENT, "papers": st.booleans()}),
    ),
    st.tuples(
        st.just("audited"),
        st.fixed_dictionaries(
            {
                "cid": st.integers(0, 1),
                "compartment": COMPARTMENT,
                "finding": st.sampled_from(["papers", "empty"]),
            }
        ),
    ),
    st.tuples(st.just("staff_out"), st.just({"staff": "7"})),
    st.tuples(st.just("manifest_accepted"), st.fixed_dictionaries({"ver": st.just(2**40)})),
    st.tuples(
        st.just("result_locked"),
        st.fixed_dictionaries({"cid": st.integers(0, 1), "holder": st.just("h2")}),
    ),
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One central for many kiosks: a new pair for each example."""
    folder: Path = tmp_path_factory.mktemp("town")
    made = World(folder)
    yield made
    made.store.close()


def steady(town: World, cids: list[str]) -> bool:
    """No code that these secrets come to is a trivial one, for which central would make another secret."""
    with town.store.begin() as session:
        held = session.scalars(select(Holder).where(Holder.cid.in_(cids)))
        secrets = [open_holder(town.store, one)[1] for one in held]
    return not any(trivial(code_at(secret, at)) for secret in secrets for at in range(6))


class Twin:
    """A kiosk whose rows say the same as those of its twin."""

    def __init__(self, town: World) -> None:
        self.name = f"twin{next(_numbers)}"
        keys = Keys()
        place = {"unit": "P.Bình Tiên", "address": "123 Đường Số 45"}
        enrol_kiosk(town.store, self.name, keys.public(), **place)
        self.journal = Journal(keys, kiosk=self.name)
        self.cids = registered(town, self.name, 2)
        while not steady(town, self.cids):
            self.cids = registered(town, self.name, 2)

    def state(self, kind: str, fields: dict[str, object]) -> None:
        named = dict(fields)
        if isinstance(cid := named.get("cid"), int):
            named["cid"] = self.cids[cid]
        self.journal.state(kind, **named)


@settings(max_examples=EXAMPLES, deadline=None)
@given(rows=st.lists(ROW, min_size=2, max_size=14), cuts=st.sets(st.integers(1, 13)))
def test_rows_mean_the_same_one_by_one_as_in_requests_of_any_size(
    town: World, rows: list[tuple[str, dict[str, object]]], cuts: set[int]
) -> None:
    one, many = Twin(town), Twin(town)
    for twin, kind, fields in ((t, *row) for row in rows for t in (one, many)):
        twin.state(kind, fields)
    for row in one.journal.rows:
        assert take(town, one.name, row).stop is None
    edges = [0, *sorted(cut for cut in cuts if cut < len(rows)), len(rows)]
    for begin, end in itertools.pairwise(edges):
        assert take(town, many.name, *many.journal.rows[begin:end]).stop is None
    with town.store.begin() as session:
        assert meaning(session, one) == meaning(session, many)


def meaning(session: Session, twin: Twin) -> list[object]:
    """Everything that central has made of a kiosk's rows, without what chance gives."""
    where = {cid: number for number, cid in enumerate(twin.cids)}
    mine = Result.cid.in_(twin.cids)
    results = [
        (where[r.cid], r.phase, r.collected_ms, r.loaded_ms, r.withheld)
        for r in session.scalars(select(Result).where(mine))
    ]
    parts = [
        (where[p.cid], p.compartment, p.phase)
        for p in session.scalars(select(Part).where(Part.cid.in_(twin.cids)))
    ]
    held = [
        (where[h.cid], h.id, h.gen, h.counter, h.floor, h.acknowledged, h.locked)
        for h in session.scalars(select(Holder).where(Holder.cid.in_(twin.cids)))
    ]
    told = [
        (n.cause.split(".")[-1].split(":")[0], where[n.cid], n.holder, n.kind, n.state, n.due_ms)
        for n in session.scalars(select(Notice).where(Notice.cid.in_(twin.cids)))
    ]
    alarms = [a.kind for a in session.scalars(select(Alarm).where(Alarm.kiosk == twin.name))]
    rows = [
        (r.seq, r.state, r.kind) for r in session.scalars(select(Row).where(Row.kiosk == twin.name))
    ]
    return [
        sorted(results),
        sorted(parts),
        sorted(held),
        sorted(told),
        sorted(alarms),
        sorted(rows),
    ]
