"""Reminders and the end of holding: by central's clock, by day, once; and texts that fit into one SMS."""

from __future__ import annotations

import json
import string
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from sync.central import codes, holders, notices, texts
from sync.central.duty import by_day, remind_at, tell_of_holding
from sync.central.office_tables import Task
from sync.central.people import seven_bit, unaccented
from sync.central.results import extend, re_issue, revoke
from sync.central.store import Store
from sync.central.tables import Holder, Result
from sync.central.texts import VIETNAM, TextError, check_place
from sync.central.workdays import shipped
from tests.sync.replicas import at_once
from tests.sync.test_central_journal import take
from tests.sync.world import World

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
UNIT, ADDRESS = "P.Bình Tiên", "123 Đường Số 45"


def at(text: str) -> int:
    """On Vietnamese clocks."""
    return int(datetime.fromisoformat(text).replace(tzinfo=VIETNAM).timestamp() * 1000)


UNTIL = at("2026-11-26T07:30")  # `world` begins on Wednesday 18 November, 18:06


def lie(world: World, *phones: str) -> str:
    """A result in the cabinet, its holders told; held until UNTIL."""
    cid = world.register(*(phones or ("0530004821",)))
    take(world, world.journal.state("loaded", cid=cid, compartment=3))
    take(world, world.journal.state("staff_out", staff="7"))
    duty(world)
    return cid


def duty(world: World) -> None:
    tell_of_holding(world.store)
    notices.send_due(world.store)


def sent(world: World, kind: str) -> list[dict[str, str]]:
    files = sorted((world.store.settings.folder / "spool").glob("*.json"))
    found = [json.loads(file.read_text()) for file in files]
    return [message for message in found if message["kind"] == kind]


def test_the_reminder_comes_on_the_last_full_day_when_people_are_awake_and_once(
    world: World,
) -> None:
    cid = lie(world, "0530004821", "0540001111")
    world.now.ms = at("2026-11-25T07:29")
    duty(world)
    assert sent(world, "reminder") == []
    for moment in ("2026-11-25T07:30", "2026-11-25T07:31", "2026-11-26T07:29"):
        world.now.ms = at(moment)
        duty(world)
        told = sent(world, "reminder")
        assert [message["to"] for message in told] == ["0530004821", "0540001111"]
    with world.store.begin() as session:
        held = holders.of(session, cid)[0]
        code = codes.code_at(holders.open_holder(world.store, held)[1], held.counter)
    assert f"MA {texts.spaced(code)}." in told[0]["text"]
    assert "het 25/11" in told[0]["text"]


def test_the_end_of_holding_says_where_and_from_when_and_once(world: World) -> None:
    lie(world)
    world.now.ms = UNTIL - 1
    duty(world)
    assert sent(world, "expiry") == []
    for late in (0, HOUR_MS, DAY_MS):
        world.now.ms = UNTIL + late
        duty(world)
        (message,) = sent(world, "expiry")
    assert "tai quay gio lam viec tu 26/11" in message["text"]


@pytest.mark.parametrize("then", ["collected", "retrieved", "revoked"])
def test_papers_that_are_gone_are_not_asked_for(world: World, then: str) -> None:
    cid = lie(world)
    if then == "revoked":
        with world.store.begin() as session:
            revoke(world.store, session, cid)
    else:
        take(world, world.journal.state(then, cid=cid, compartment=3, staff="7", holder="h1"))
    for moment in (UNTIL - DAY_MS, UNTIL):
        world.now.ms = moment
        duty(world)
    assert (sent(world, "reminder"), sent(world, "expiry")) == ([], [])


def test_a_reminder_that_waits_for_the_morning_is_dropped_when_the_papers_are_fetched(
    world: World,
) -> None:
    cid = lie(world)
    world.now.ms = at("2026-11-25T00:00")
    duty(world)
    take(world, world.journal.state("staff_out", staff="7"))  # ends loadings, not the night
    duty(world)
    assert sent(world, "reminder") == []
    take(world, world.journal.state("collected", cid=cid, compartment=3, holder="h1"))
    world.now.ms = at("2026-11-25T08:00")
    duty(world)
    assert sent(world, "reminder") == []


def test_who_was_told_later_than_that_is_not_reminded(world: World) -> None:
    first, second = lie(world), lie(world, "0540001111")
    with world.store.begin() as session:
        session.get_one(Result, first).loaded_ms = at("2026-11-24T23:59")
        session.get_one(Result, second).loaded_ms = at("2026-11-25T00:00")
    world.now.ms = at("2026-11-25T09:00")
    duty(world)
    assert [message["to"] for message in sent(world, "reminder")] == ["0530004821"]


def test_a_longer_holding_is_reminded_of_again_and_takes_the_end_back(world: World) -> None:
    cid = lie(world)
    for moment in (at("2026-11-25T09:00"), UNTIL):
        world.now.ms = moment
        duty(world)
    with world.store.begin() as session:
        extend(world.store, session, cid, at("2026-12-03T07:30"))
    duty(world)
    assert "het 02/12" in sent(world, "ready")[1]["text"]
    world.now.ms = at("2026-12-02T09:00")
    duty(world)
    assert len(sent(world, "reminder")) == 2


def test_an_end_long_ago_is_no_news(world: World) -> None:
    lie(world)
    world.now.ms = UNTIL + 8 * DAY_MS
    duty(world)
    assert sent(world, "expiry") == []


def test_many_duties_at_once_tell_once(world: World) -> None:
    lie(world)
    world.now.ms = at("2026-11-25T09:00")
    stores = [Store(world.store.settings, world.now) for _ in range(4)]
    counts = at_once(*[lambda store=store: tell_of_holding(store) for store in stores])
    for store in stores:
        store.close()
    duty(world)
    assert sum(counts) == 1
    assert len(sent(world, "reminder")) == 1


def test_whose_typed_code_is_locked_is_phoned_besides_until_a_new_code_leaves(
    world: World,
) -> None:
    cid = lie(world)
    take(world, world.journal.state("result_locked", cid=cid, holder="h1"))
    world.now.ms = at("2026-11-25T09:00")
    tell_of_holding(world.store)
    with world.store.begin() as session:
        (task,) = session.scalars(select(Task)).all()
        re_issue(world.store, session, cid, "h1")
    notices.send_due(world.store)
    with world.store.begin() as session:
        done = session.get_one(Task, task.id)
        held = session.get_one(Holder, (cid, "h1"))
    assert ((task.kind, task.why), held.locked) == (("phone", "locked"), False)
    assert done.done_ms == world.now.ms


@pytest.mark.parametrize(
    ("until", "hours", "wanted"),
    [
        ("2026-11-26T07:30", 24, "2026-11-25T00:00"),
        ("2026-11-26T00:00", 24, "2026-11-25T00:00"),
        ("2026-11-26T07:30", 30, "2026-11-24T18:00"),
    ],
)
def test_a_reminder_counts_from_the_end_of_the_last_full_day(
    until: str, hours: int, wanted: str
) -> None:
    assert remind_at(at(until), hours) == at(wanted)


@pytest.mark.parametrize(
    ("moment", "wanted"),
    [
        ("2026-11-25T00:00", "2026-11-25T07:30"),
        ("2026-11-25T07:30", "2026-11-25T07:30"),
        ("2026-11-25T20:29", "2026-11-25T20:29"),
        ("2026-11-25T20:30", "2026-11-26T07:30"),
    ],
)
def test_nobody_is_woken(moment: str, wanted: str) -> None:
    assert by_day(at(moment)) == at(wanted)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-26T07:30", "26/11"),
        ("2026-11-26T18:00", "27/11"),
        ("2026-11-28T10:00", "30/11"),  # a Saturday
        ("2027-01-01T07:30", "04/01"),  # a holiday, a Friday
    ],
)
def test_the_counter_is_named_with_a_day_on_which_it_opens(moment: str, day: str) -> None:
    first = texts.local(shipped().counter_day(at(moment)))
    assert f"{first:%d/%m}" == day


@settings(max_examples=60)
@given(
    unit=st.text(string.ascii_letters + "ăâđêôơưỡẫử .", min_size=1, max_size=40),
    address=st.text(string.ascii_letters + string.digits + "Đườngố ,.", min_size=1, max_size=80),
    lang=st.sampled_from(["vi", "en"]),
    ms=st.integers(0, 2**42),
)
def test_where_a_kiosk_may_be_entered_every_sms_fits(
    unit: str, address: str, lang: str, ms: int
) -> None:
    try:
        check_place(unit, address)
    except TextError:
        return
    every = [
        texts.ready(lang, unit, address, "48271639", ms),
        texts.reminder(lang, unit, address, "48271639", ms),
        texts.expiry(lang, unit, address, ms),
        texts.collected(lang, unit, address, ms),
    ]
    assert all(len(text) <= 160 and seven_bit(text) for text in every)


def test_the_newer_messages_fit_wherever_the_first_one_did() -> None:
    for lang in ("vi", "en"):
        most = len(texts.ready(lang, UNIT, ADDRESS, "48271639", 0))
        assert len(texts.reminder(lang, UNIT, ADDRESS, "48271639", 0)) <= most
        assert len(texts.expiry(lang, UNIT, ADDRESS, 0)) <= most


def test_rich_texts_are_accented_say_the_same_and_hold_no_link() -> None:
    for lang in ("vi", "en"):
        for kind in texts.KINDS:
            text = texts.rich(kind, lang, UNIT, ADDRESS, code="48271639", at_ms=UNTIL)
            assert ADDRESS in text
            assert "1022" in text
            assert not any(word in text.lower() for word in ("http", "www", "{", "h29"))
            assert ("4827 1639" in text) == (kind in ("ready", "reminder"))
            assert (unaccented(text) != text) or lang == "en"
    assert "hết ngày 25/11/2026" in texts.rich("ready", "vi", UNIT, ADDRESS, at_ms=UNTIL)
    assert "từ ngày 26/11/2026" in texts.rich("expiry", "vi", UNIT, ADDRESS, at_ms=UNTIL)
