"""Two centrals on one PostgreSQL: whatever reaches either, both hold it once and both tell it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sync import client
from sync.calls import Call
from sync.central.database import open_engine, read_url
from sync.central.enrol import enrol_kiosk
from sync.central.notices import send_due
from sync.central.tables import Alarm, Fork, Notice, Result
from tests.sync.postgres import Server
from tests.sync.replicas import PATH, Replica, at_once, long_poll, two_replicas, until
from tests.sync.test_central_journal import alarms, take
from tests.sync.world import KIOSK, FakeRun, Keys, World, received

pytestmark = pytest.mark.parametrize("world", ["postgres"], indirect=True)
ORDER = {
    "kiosk": KIOSK,
    "dossiers": ["H29.915-261121-0042"],
    "recipient": "Nguyễn Văn Anh",
    "holders": [{"phone": "0530004821"}],
}
Pair = tuple[Replica, Replica]


@pytest.fixture
def pair(world: World) -> Iterator[Pair]:
    with two_replicas(world) as made:
        yield made


def tag_at(replica: Replica) -> str:
    return replica.make(Call("GET", f"{PATH}/manifest", most=10**6)).headers["etag"]


def test_an_order_at_one_wakes_a_kiosk_that_waits_at_the_other(pair: Pair) -> None:
    here, there = pair
    tag = tag_at(there)
    poll = long_poll(there, tag)
    assert here.office("POST", "/results", "order-0001", ORDER).status_code == 201
    assert poll.answer().status == 200
    assert poll.answer().headers["etag"] == tag_at(here) != tag


def test_a_statement_at_one_wakes_a_kiosk_that_waits_at_the_other(world: World, pair: Pair) -> None:
    here, there = pair
    cid = world.register()
    used = {"holder": "h1", "gen": 1, "counter": 0, "compartments": [3]}
    take(world, world.journal.state("loaded", cid=cid, compartment=3))
    take(world, world.journal.state("accepted", cid=cid, **used))
    take(world, world.journal.state("opened", cid=cid, compartment=3))
    poll = long_poll(there, tag_at(there))
    # Papers that lie there again get another code than the one that was used up.
    assert here.post(world.journal.state("loaded", cid=cid, compartment=3)).status == 200
    assert poll.answer().status == 200


def test_staff_entered_by_another_process_wakes_too(world: World, pair: Pair) -> None:
    poll = long_poll(pair[0], tag_at(pair[0]))
    world.add_staff()
    assert poll.answer().status == 200


def test_the_same_statements_at_both_at_once_are_stored_once(world: World, pair: Pair) -> None:
    rows = [world.journal.state("started", n=n) for n in range(40)]
    for first in range(0, 40, 10):
        batch = rows[first : first + 10]
        answers = at_once(*(partial(replica.post, *batch) for replica in pair * 2))
        assert {answer.status for answer in answers} == {200}
    assert received(world) == rows
    assert alarms(world) == []


def test_one_idempotency_key_at_both_at_once_registers_one_result(world: World, pair: Pair) -> None:
    orders = [partial(r.office, "POST", "/results", "order-0001", ORDER) for r in pair * 3]
    answers = at_once(*orders)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["cid"] for answer in answers}) == 1
    with world.store.begin() as session:
        assert session.scalar(select(func.count()).select_from(Result)) == 1


def test_moves_in_opposite_directions_do_not_wait_for_each_other(world: World, pair: Pair) -> None:
    enrol_kiosk(world.store, "bt2", Keys().public(), unit="P.Bình Tiên", address="5 Đường Số 9")
    here, there = pair
    for n in range(5):
        mine = here.office("POST", "/results", f"here-{n}-00", ORDER).json()["cid"]
        theirs = here.office("POST", "/results", f"there-{n}-0", {**ORDER, "kiosk": "bt2"}).json()
        away = partial(
            here.office, "POST", f"/results/{mine}/move", f"away-{n}-00", {"kiosk": "bt2"}
        )
        back_path = f"/results/{theirs['cid']}/move"
        back = partial(there.office, "POST", back_path, f"back-{n}-00", {"kiosk": KIOSK})
        assert [answer.status_code for answer in at_once(away, back)] == [200, 200]


def test_one_kiosk_entered_at_both_at_once_is_entered_once(world: World) -> None:
    keys = Keys().public()
    place = {"unit": "P.Bình Tiên", "address": "5 Đường Số 9"}
    entered = at_once(*[partial(enrol_kiosk, world.store, "bt2", keys, **place)] * 4)
    assert {one.epoch for one in entered} == {1}


def test_two_messengers_send_every_message_once(world: World) -> None:
    for n in range(30):
        cid = world.register(f"05300{n:05d}")
        take(world, world.journal.state("loaded", cid=cid, compartment=n + 1))
    take(world, world.journal.state("staff_out", staff="7"))
    sent = at_once(*[partial(send_due, world.store)] * 3)
    sent += [send_due(world.store), send_due(world.store)]
    with world.store.begin() as session:
        states = session.scalars(select(Notice.state)).all()
    assert (sum(sent), set(states)) == (30, {"sent"})


def test_whoever_pages_through_alarms_misses_none_that_is_half_written(
    world: World, pair: Pair
) -> None:
    page = partial(pair[0].office, "GET", "/alarms", "")
    half, go = threading.Event(), threading.Event()
    told: list[dict[str, str]] = []

    def slow() -> None:
        with world.store.begin() as session:
            world.store.alarm(session, KIOSK, "fault", "the first")
            session.flush()
            half.set()
            go.wait()

    writer = threading.Thread(target=slow)
    writer.start()
    half.wait()
    reader = threading.Thread(target=lambda: told.extend(page().json()))
    reader.start()
    until(lambda: _waits_for_a_lock(world))
    assert told == []
    go.set()
    writer.join()
    reader.join()
    assert [alarm["detail"] for alarm in told] == ["the first"]


def _waits_for_a_lock(world: World) -> bool:
    with world.store.engine.connect() as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return bool(connection.exec_driver_sql(waiting).scalar())


def test_who_waits_is_woken_after_the_listeners_were_cut(
    world: World, pair: Pair, postgres: Server
) -> None:
    here, there = pair
    poll = long_poll(there, tag_at(there))
    postgres.hang_up(world.store.settings.database)
    assert here.office("POST", "/results", "order-0001", ORDER).status_code == 201
    assert poll.answer().status == 200
    until(lambda: there.figure("listener_up") == 1)
    again = long_poll(there, poll.answer().headers["etag"])
    assert here.office("POST", "/results", "order-0002", ORDER).status_code == 201
    assert again.answer().status == 200


def test_two_sync_daemons_by_mistake_change_nothing(
    world: World, pair: Pair, kiosk: FakeRun
) -> None:
    stop = threading.Event()
    key = world.keys.transport
    configs = [client.SyncConfig(r.url, KIOSK, kiosk.path, key, poll_s=1.0) for r in pair]
    daemons = [threading.Thread(target=client.run, args=(config, stop)) for config in configs]
    for daemon in daemons:
        daemon.start()
    for n in range(30):
        kiosk.state("started", n=n)
        if n % 10 == 0:
            world.register(f"05300{n:05d}")
    until(lambda: kiosk.manifest is not None and len(kiosk.manifest.results) == 3)
    until(lambda: received(world) == kiosk.journal.rows)
    stop.set()
    for daemon in daemons:
        daemon.join()
    with world.store.begin() as session:
        assert session.scalars(select(Fork.hash)).all() == []
        assert session.scalars(select(Alarm.kind)).all() == []


def test_central_starts_on_an_address_with_any_name_for_postgresql(world: World) -> None:
    plain = world.store.settings.database
    for name in ("postgres", "postgresql", "postgresql+psycopg"):
        engine = open_engine(read_url(plain.replace("postgresql", name, 1)))
        with engine.connect() as connection:
            level = connection.exec_driver_sql("SHOW transaction_isolation").scalar()
        engine.dispose()
        assert level == "read committed"


def test_the_password_of_the_database_is_in_no_repr(world: World, tmp_path: Path) -> None:
    assert tmp_path.exists()
    assert "postgres" not in repr(world.store.settings)
