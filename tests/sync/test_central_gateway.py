"""Messages over HTTP: once for every phone whatever the gateway does; whom none reaches is phoned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.central import gateway as over_http
from sync.central import notices
from sync.central.adapters import Adapter, Answer, Spool
from sync.central.gateway import Gateway
from sync.central.holders import NewHolder
from sync.central.letters import Letter
from sync.central.office_tables import Task
from sync.central.results import NewResult, re_issue, register
from sync.central.tables import Holder, Notice
from tests.sync.gateway import KEY, FakeGateway, gateway
from tests.sync.test_central_journal import take
from tests.sync.world import KIOSK, World

MINUTE_MS = 60_000


@pytest.fixture
def there() -> Iterator[FakeGateway]:
    with gateway() as fake:
        yield fake


def told(world: World, *, channel: str = "sms") -> str:
    """A result that lies there, its loading over."""
    people = (NewHolder("0530004821", channel=channel),)
    with world.store.begin() as session:
        new = NewResult(KIOSK, ("H29.915-261121-0042",), "Nguyễn Văn Anh", people)
        cid = register(world.store, session, new).cid
    take(world, world.journal.state("loaded", cid=cid, compartment=3))
    take(world, world.journal.state("staff_out", staff="7"))
    return cid


def send(world: World, there: FakeGateway, *, rich: str = "") -> int:
    ways: dict[str, Adapter] = {"sms": Gateway(there.url, KEY)}
    if rich:
        ways["rich"] = Gateway(rich, KEY)
    return notices.send_due(world.store, ways)


def tasks(world: World) -> list[tuple[str, str, str]]:
    with world.store.begin() as session:
        found = session.scalars(select(Task).where(Task.done_ms == 0)).all()
        return [(task.cid, task.about, task.why) for task in found]


def states(world: World) -> list[str]:
    with world.store.begin() as session:
        return [n.state for n in session.scalars(select(Notice).order_by(Notice.id))]


def test_a_message_is_one_post_with_its_id_as_the_key(world: World, there: FakeGateway) -> None:
    told(world)
    assert send(world, there) == 1
    (body,), (headers,) = there.asked, there.headers
    assert set(body) == {"id", "to", "text", "channel", "kind"}
    assert (body["to"], body["channel"], body["kind"]) == ("0530004821", "sms", "ready")
    assert headers["Idempotency-Key"] == body["id"]
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert send(world, there) == 0


@pytest.mark.parametrize(
    "mood",
    ["fails", "takes and hangs up", "wrong key", "portal", "other id", "elsewhere", "huge"],
)
def test_after_any_doubt_the_same_leaves_again_and_the_phone_gets_it_once(
    world: World, there: FakeGateway, mood: str
) -> None:
    told(world)
    there.moods = [mood]
    assert (send(world, there), send(world, there)) == (0, 0)
    world.now.ms += notices.FIRST_REST_MS
    assert send(world, there) == 1
    first, second = there.asked
    assert first == second
    assert list(there.phones) == [first["id"]]


def test_a_gateway_that_hangs_holds_nobody_up(
    world: World, there: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over_http, "READ_S", 0.2)
    told(world)
    there.moods = ["hangs"]
    assert send(world, there) == 0
    cid = told(world)  # the database is free meanwhile and after
    world.now.ms += notices.FIRST_REST_MS
    assert send(world, there) == 2
    assert cid


def test_the_rests_grow_and_a_gateway_may_ask_for_a_longer_one(
    world: World, there: FakeGateway
) -> None:
    told(world)
    there.moods = ["fails", "fails", "slow down"]
    rests = []
    for _ in range(3):
        assert send(world, there) == 0
        with world.store.begin() as session:
            rests.append(session.scalars(select(Notice.retry_ms)).one() - world.now.ms)
        world.now.ms += rests[-1]
    assert rests == [30_000, 60_000, 600_000]
    assert send(world, there) == 1


def test_what_is_refused_for_good_becomes_a_call_and_is_not_tried_again(
    world: World, there: FakeGateway
) -> None:
    cid = told(world)
    there.moods = ["refuses"]
    assert send(world, there) == 0
    world.now.ms += 24 * 60 * MINUTE_MS
    assert send(world, there) == 0
    assert len(there.asked) == 1
    assert (states(world), tasks(world)) == (["failed"], [(cid, "ready", "refused")])


def test_hours_without_a_way_out_become_one_call(world: World, there: FakeGateway) -> None:
    cid = told(world)
    there.moods = ["fails"] * 100
    for _ in range(60):
        send(world, there)
        world.now.ms += 5 * MINUTE_MS
    assert (states(world), tasks(world)) == (["failed"], [(cid, "ready", "late")])


def test_a_newer_code_that_arrives_makes_the_call_pointless(
    world: World, there: FakeGateway
) -> None:
    cid = told(world)
    there.moods = ["refuses"]
    send(world, there)
    with world.store.begin() as session:
        re_issue(world.store, session, cid, "h1", phone="0540001111")
    assert send(world, there) == 1
    assert tasks(world) == []


def test_papers_that_were_collected_make_the_call_pointless(
    world: World, there: FakeGateway
) -> None:
    cid = told(world)
    there.moods = ["refuses"]
    send(world, there)
    state = world.journal.state
    take(world, state("accepted", cid=cid, holder="h1", gen=1, counter=0, compartments=[3]))
    take(world, state("collected", cid=cid, holder="h1", compartment=3))
    assert tasks(world) == []
    there.moods = ["refuses"]
    send(world, there)
    assert tasks(world) == [(cid, "collected", "refused")]


def test_one_failure_rests_the_channel_and_not_the_message_alone(
    world: World, there: FakeGateway
) -> None:
    for _ in range(3):
        told(world)
    there.moods = ["fails"]
    assert send(world, there) == 0
    assert len(there.asked) == 1
    world.now.ms += notices.FIRST_REST_MS
    assert send(world, there) == 3


def test_a_crash_after_the_post_sends_the_same_under_the_same_id(
    world: World, there: FakeGateway
) -> None:
    told(world)

    class Crash(BaseException):
        pass

    class Dies(Gateway):
        def send(self, letter: Letter, at_ms: int) -> Answer:
            super().send(letter, at_ms)
            raise Crash

    with pytest.raises(Crash):
        notices.send_due(world.store, {"sms": Dies(there.url, KEY)})
    assert send(world, there) == 0  # it may be under way at somebody else's
    world.now.ms += notices.LEASE_MS
    assert send(world, there) == 1
    assert there.asked[0] == there.asked[1]
    assert len(there.phones) == 1


def test_a_rich_message_is_accented_and_carries_the_qr_with_the_digits(
    world: World, there: FakeGateway
) -> None:
    told(world, channel="rich")
    assert send(world, there, rich=there.url) == 1
    (body,) = there.asked
    assert body["channel"] == "rich"
    assert body["qr"].startswith(f"HS1.{KIOSK}.")
    assert "Mã nhận kết quả: " in body["text"]


def test_a_rich_message_that_is_refused_goes_on_as_sms_under_another_id(
    world: World, there: FakeGateway
) -> None:
    told(world, channel="rich")
    there.moods = ["refuses"]
    send(world, there, rich=there.url)
    assert send(world, there, rich=there.url) == 1
    first, second = there.asked
    assert (first["channel"], second["channel"]) == ("rich", "sms")
    assert first["id"] != second["id"]
    assert tasks(world) == []


def test_without_a_rich_channel_everything_leaves_by_sms(world: World, there: FakeGateway) -> None:
    told(world, channel="rich")
    assert send(world, there) == 1
    assert there.asked[0]["channel"] == "sms"


def test_the_spool_names_its_file_by_the_id(world: World, tmp_path: Path) -> None:
    told(world)
    assert notices.send_due(world.store, {"sms": Spool(tmp_path / "out")}) == 1
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["00000001.json"]


def test_a_message_that_cannot_be_made_stops_no_other_and_becomes_a_call(
    world: World, there: FakeGateway
) -> None:
    damaged, _ = told(world), told(world)
    with world.store.begin() as session:
        session.get_one(Holder, (damaged, "h1")).sealed = "AAAA"
    assert send(world, there) == 1
    assert tasks(world) == [(damaged, "ready", "broken")]


def test_a_code_that_was_replaced_while_others_were_sent_does_not_leave(
    world: World, there: FakeGateway
) -> None:
    told(world)
    second = told(world)

    class Slow(Gateway):
        def send(self, letter: Letter, at_ms: int) -> Answer:
            if letter.cid != second:
                with world.store.begin() as session:
                    re_issue(world.store, session, second, "h1", phone="0540001111")
            return super().send(letter, at_ms)

    assert notices.send_due(world.store, {"sms": Slow(there.url, KEY)}) == 1
    assert send(world, there) == 1
    assert [body["to"] for body in there.asked] == ["0530004821", "0540001111"]


def test_a_code_that_has_expired_on_its_way_does_not_leave(
    world: World, there: FakeGateway
) -> None:
    told(world)
    there.moods = ["fails"]
    send(world, there)
    world.now.ms += 30 * 24 * 60 * MINUTE_MS
    assert (send(world, there), states(world)) == (0, ["void"])
