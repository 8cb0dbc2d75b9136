"""More kiosks than central serves at once: the rest is told when to come again, and loses nothing by it."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest
import requests
from sqlalchemy.orm import Session

from sync.calls import Call
from sync.central import desk, manifests
from sync.central.crowd import AT_MOST, AT_WORK, RETRY_S, WAITING, Crowd, Rank
from sync.central.database import CONNECTIONS
from sync.central.problems import ProblemError
from sync.central.store import Store
from sync.central.tables import Kiosk
from sync.compact import write_json
from sync.messages import Head
from tests.sync.replicas import until
from tests.sync.world import KIOSK, World, calls, serving

PATH = f"/v1/kiosks/{KIOSK}"
JSON = {"Content-Type": "application/json"}


class Work:
    """Jobs that end when they are let, and how many were under way at once."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.most = self.done = self._now = 0
        self._lock = threading.Condition()

    def __call__(self) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self._lock.notify_all()
        assert self.let.wait(30)
        with self._lock:
            self._now -= 1
            self.done += 1

    def await_inside(self, count: int) -> None:
        """Until so many threads are here: a turn that was given is not yet a thread that runs."""
        with self._lock:
            assert self._lock.wait_for(lambda: self._now >= count, 30)


async def turns() -> None:
    """Every task comes as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def full_queue() -> None:
    crowd, work = Crowd(), Work()
    crowd.room[Rank.ASK] = 3
    inside = [asyncio.create_task(crowd.do(Rank.ASK, work)) for _ in range(AT_WORK + 3)]
    await turns()
    with pytest.raises(ProblemError) as told:
        crowd.must_have_room(Rank.ASK)
    assert (told.value.status, told.value.kind) == (503, "busy")
    with pytest.raises(ProblemError):
        await crowd.do(Rank.ASK, work)
    crowd.must_have_room(Rank.POLL)
    inside.append(asyncio.create_task(crowd.go_on(Rank.ASK, work)))
    await asyncio.to_thread(work.await_inside, AT_WORK)
    work.let.set()
    await asyncio.gather(*inside)
    assert (work.most, work.done) == (AT_WORK, AT_WORK + 3 + 1)
    await crowd.do(Rank.ASK, work)


def test_so_many_are_at_work_three_wait_the_next_is_sent_away_unless_it_was_let_in_before() -> None:
    asyncio.run(full_queue())


async def in_order() -> list[Rank]:
    crowd, work, done = Crowd(), Work(), list[Rank]()
    reports = [asyncio.create_task(crowd.do(Rank.REPORT, work)) for _ in range(AT_WORK)]
    await turns()
    held = Work()
    first = asyncio.create_task(crowd.do(Rank.POLL, held))
    await turns()
    later = [
        asyncio.create_task(crowd.do(rank, partial(done.append, rank)))
        for rank in (Rank.REPORT, Rank.ASK, Rank.POLL)
    ]
    await turns()
    held.let.set()
    await asyncio.gather(first, *later[1:])
    assert work.done == 0  # a thread that reports cannot have was enough for all the others
    work.let.set()
    await asyncio.gather(*reports, *later)
    return done


def test_a_poll_goes_before_what_came_earlier_and_waits_for_no_report() -> None:
    assert asyncio.run(in_order()) == [Rank.POLL, Rank.ASK, Rank.REPORT]


async def given_up() -> None:
    crowd, work = Crowd(), Work()
    crowd.room[Rank.ASK] = 1
    inside = [asyncio.create_task(crowd.do(Rank.ASK, work)) for _ in range(AT_WORK + 1)]
    await turns()
    inside[-1].cancel()
    await asyncio.gather(inside[-1], return_exceptions=True)
    crowd.must_have_room(Rank.ASK)
    work.let.set()
    await asyncio.gather(*inside[:-1])
    assert work.done == AT_WORK


def test_whoever_gives_up_in_the_queue_leaves_its_place_and_nothing_is_done_for_it() -> None:
    asyncio.run(given_up())


async def called_and_gone() -> None:
    """The turn and the end of a caller fall on the same moment: the thread is free again."""
    crowd, work = Crowd(), Work()
    callers = [asyncio.create_task(crowd.do(Rank.ASK, work)) for _ in range(3 * AT_WORK)]
    await asyncio.sleep(0)  # the first have their turn, and have not heard of it
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    work.let.set()
    await asyncio.gather(*(crowd.do(Rank.ASK, work) for _ in range(AT_WORK)))
    assert work.done == AT_WORK


def test_a_turn_that_nobody_takes_is_given_on() -> None:
    asyncio.run(called_and_gone())


async def asked_again() -> list[int]:
    crowd = Crowd()
    crowd.room[Rank.ASK] = 0

    def again_s() -> int:
        with pytest.raises(ProblemError) as told:
            crowd.must_have_room(Rank.ASK)
        return told.value.retry_s

    return [again_s() for _ in range(200)]


def test_those_who_are_sent_away_are_not_told_to_come_back_together() -> None:
    told = asyncio.run(asked_again())
    assert RETRY_S[0] <= min(told) <= max(told) <= RETRY_S[1]
    assert len(set(told)) > 10


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """That of the application which starts next."""
    made = Crowd()
    monkeypatch.setattr(desk, "Crowd", lambda: made)
    return made


def test_a_report_is_sent_away_with_a_time_and_everything_else_is_served(
    world: World, crowd: Crowd
) -> None:
    crowd.room[Rank.REPORT] = 0
    with serving(world.store) as url:
        caller = calls(url, world.keys.transport)
        body = write_json({"statements": [world.journal.state("started")]})
        answer = caller.make(Call("POST", f"{PATH}/journal", body, JSON))
        assert answer.status == 503
        assert RETRY_S[0] <= int(answer.headers["retry-after"]) <= RETRY_S[1]
        assert answer.json()["type"] == "urn:hoso:problem:busy"
        assert caller.make(Call("GET", f"{PATH}/journal/head")).json()["seq"] == 0
        assert caller.make(Call("GET", f"{PATH}/manifest")).status == 200
        assert requests.get(f"{url}/healthz", timeout=5).status_code == 200


def test_when_nothing_can_be_asked_a_poll_brings_the_new_code_and_the_office_is_served(
    world: World, crowd: Crowd
) -> None:
    crowd.room[Rank.ASK] = crowd.room[Rank.REPORT] = 0
    with serving(world.store) as url:
        caller = calls(url, world.keys.transport)
        for asked in ("journal/head", "journal"):
            answer = caller.make(Call("GET", f"{PATH}/{asked}"))
            assert (answer.status, answer.json()["type"]) == (503, "urn:hoso:problem:busy")
        assert caller.make(Call("PUT", f"{PATH}/health", b"{}", JSON)).status == 503
        assert caller.make(Call("GET", f"{PATH}/manifest")).status == 200
        assert requests.get(f"{url}/healthz", timeout=5).status_code == 200
        key = {"Authorization": f"Bearer {world.store.settings.office_key}"}
        assert requests.get(f"{url}/v1/office/results", headers=key, timeout=5).status_code == 200


def test_polls_that_wait_while_central_ends_ask_nothing_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands would ask at once, for more than the time there is, and be answered 500."""
    asked: list[str] = []
    current = manifests.current

    def counted(
        store: Store, session: Session, kiosk: Kiosk, named: Head | None
    ) -> manifests.Current:
        asked.append(kiosk.id)
        return current(store, session, kiosk, named)

    monkeypatch.setattr(manifests, "current", counted)
    polls, answers = 5, list[int]()
    with serving(world.store) as url:
        caller = calls(url, world.keys.transport)
        tag = caller.make(Call("GET", f"{PATH}/manifest", most=10**6)).headers["etag"]
        call = Call("GET", f"{PATH}/manifest?wait=50", b"", {"If-None-Match": tag}, 10**6, 50)

        def poll() -> None:
            answers.append(calls(url, world.keys.transport).make(call).status)

        threads = [threading.Thread(target=poll) for _ in range(polls)]
        for thread in threads:
            thread.start()
        until(lambda: f"waiting {polls}.0" in requests.get(f"{url}/metrics", timeout=9).text)
        before = len(asked)
    for thread in threads:
        thread.join()
    assert answers == [304] * polls
    assert len(asked) == before


def test_a_new_code_and_the_office_always_find_a_connection() -> None:
    assert AT_WORK <= CONNECTIONS / 2
    assert AT_MOST[Rank.REPORT] < AT_WORK
    assert WAITING[Rank.REPORT] < WAITING[Rank.ASK] < WAITING[Rank.POLL]
