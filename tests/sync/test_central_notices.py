"""Messages: after loading and not before, once and not twice, never to the wrong person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select, update

from sync.central import adapters, codes, holders, notices
from sync.central.results import re_issue, revoke
from sync.central.tables import Notice
from tests.sync.test_central_journal import take
from tests.sync.world import World


def state(world: World, kind: str, **fields: object) -> None:
    take(world, world.journal.state(kind, **fields))


def load(world: World, cid: str, compartment: int = 3) -> None:
    state(world, "loaded", cid=cid, compartment=compartment)


def spool(world: World) -> list[dict[str, str]]:
    notices.send_due(world.store)
    folder = world.store.settings.folder / "spool"
    return [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]


def code(world: World, cid: str) -> str:
    with world.store.begin() as session:
        held = holders.of(session, cid)[0]
        return codes.code_at(holders.open_holder(world.store, held)[1], held.counter)


def test_nothing_is_sent_before_the_loading_ends(world: World) -> None:
    cid = world.register()
    assert spool(world) == []
    load(world, cid)
    assert spool(world) == []
    state(world, "staff_out", staff="7")
    (message,) = spool(world)
    assert (message["kind"], message["to"], message["cid"]) == ("ready", "0530004821", cid)
    first, second = code(world, cid)[:4], code(world, cid)[4:]
    assert f"MA {first} {second}." in message["text"]


def test_three_minutes_stand_for_an_end_that_is_not_stated(world: World) -> None:
    load(world, world.register())
    world.now.ms += notices.BATCH_MS - 1
    assert spool(world) == []
    world.now.ms += 1
    assert len(spool(world)) == 1


def test_an_undone_loading_sends_nothing_and_the_next_one_does(world: World) -> None:
    cid = world.register()
    load(world, cid)
    state(world, "retrieved", cid=cid, compartment=3, staff="7")
    state(world, "staff_out", staff="7")
    assert spool(world) == []
    load(world, cid)
    state(world, "staff_out", staff="7")
    assert len(spool(world)) == 1


def test_exactly_one_message_leaves_for_several_parts_and_repeats(world: World) -> None:
    cid = world.register()
    for compartment in (3, 4):
        load(world, cid, compartment)
    state(world, "staff_out", staff="7")
    take(world, *world.journal.rows)
    assert len(spool(world)) == 1
    load(world, cid, 5)
    state(world, "staff_out", staff="7")
    assert len(spool(world)) == 1


def test_every_holder_gets_a_code_of_their_own(world: World) -> None:
    load(world, world.register("0530004821", "0540001111"))
    state(world, "staff_out", staff="7")
    sent = spool(world)
    assert [message["to"] for message in sent] == ["0530004821", "0540001111"]
    assert sent[0]["text"] != sent[1]["text"]


def test_a_crash_between_file_and_row_writes_the_same_file_again(world: World) -> None:
    load(world, world.register())
    state(world, "staff_out", staff="7")
    before = spool(world)
    with world.store.begin() as session:
        session.execute(update(Notice).values(state="waiting"))
    assert spool(world) == before


def test_a_full_spool_keeps_the_message_queued(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(world, world.register())
    state(world, "staff_out", staff="7")

    def full(_: Path, name: str, message: dict[str, object]) -> None:
        raise OSError(28, f"no space for {name} of {message['kiosk']}")

    with monkeypatch.context() as disk:
        disk.setattr(adapters, "write_spool", full)
        with pytest.raises(OSError, match="no space"):
            notices.send_due(world.store)
    assert len(spool(world)) == 1


def test_a_result_revoked_meanwhile_sends_no_code(world: World) -> None:
    cid = world.register()
    load(world, cid)
    with world.store.begin() as session:
        revoke(world.store, session, cid)
    state(world, "staff_out", staff="7")
    assert spool(world) == []


def test_a_re_issue_sends_at_once_when_the_papers_lie_there_and_not_before(world: World) -> None:
    cid = world.register()
    with world.store.begin() as session:
        re_issue(world.store, session, cid, "h1")
    assert spool(world) == []
    load(world, cid)
    with world.store.begin() as session:
        re_issue(world.store, session, cid, "h1", phone="0540001111")
    state(world, "staff_out", staff="7")
    (message,) = spool(world)
    assert message["to"] == "0540001111"
    assert code(world, cid)[:4] in message["text"]


def test_collecting_is_told_to_every_holder_once(world: World) -> None:
    cid = world.register("0530004821", "0540001111")
    load(world, cid, 3)
    load(world, cid, 4)
    fields = {"holder": "h2", "gen": 1, "counter": 0, "compartments": [3, 4]}
    state(world, "accepted", cid=cid, **fields)
    for compartment in (3, 4):
        state(world, "opened", cid=cid, compartment=compartment)
        state(world, "collected", cid=cid, compartment=compartment)
    told = [m for m in spool(world) if m["kind"] == "collected"]
    assert [message["to"] for message in told] == ["0530004821", "0540001111"]
    assert all("18:06 18/11" in message["text"] for message in told)


def test_codes_that_were_not_sent_before_collecting_are_not_sent_after(world: World) -> None:
    cid = world.register()
    load(world, cid)
    fields = {"holder": "h1", "gen": 1, "counter": 0, "compartments": [3]}
    state(world, "accepted", cid=cid, **fields)
    state(world, "opened", cid=cid, compartment=3)
    state(world, "collected", cid=cid, compartment=3)
    state(world, "staff_out", staff="7")
    assert [message["kind"] for message in spool(world)] == ["collected"]


def test_the_queue_holds_neither_code_nor_phone_and_the_spool_is_private(world: World) -> None:
    load(world, world.register())
    state(world, "staff_out", staff="7")
    spool(world)
    with world.store.begin() as session:
        (row,) = session.scalars(select(Notice)).all()
        texts = [str(getattr(row, column.key)) for column in Notice.__table__.columns]
    assert not any("0530004821" in text for text in texts)
    (file,) = (world.store.settings.folder / "spool").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_new_code_does_not_stand_behind_what_an_outage_has_to_tell(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody waits for it before the kiosk, while a day's pickups of a whole city are told."""
    monkeypatch.setattr(notices, "MOST_AT_ONCE", 1)
    told, waits = world.register(), world.register()
    for compartment, cid in enumerate((told, waits), start=3):
        load(world, cid, compartment)
    state(world, "staff_out", staff="7")
    for _ in range(2):
        notices.send_due(world.store)
    state(world, "collected", cid=told, holder="h1", compartment=3)
    world.now.ms += 1000
    with world.store.begin() as session:
        re_issue(world.store, session, waits, "h1")
    before = len(list((world.store.settings.folder / "spool").glob("*.json")))
    latest = [message["kind"] for message in spool(world)[before:]]
    assert latest == ["ready"]
    assert sorted(m["kind"] for m in spool(world)) == ["collected", "ready", "ready", "ready"]
