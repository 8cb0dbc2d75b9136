"""More kiosks than central serves at once: the rest is told when to come again, and loses nothing by it."""

from __future__ import annotations

import asyncio
import threading

import pytest
import requests
from sqlalchemy.orm import Session

from sync.calls import Call
from sync.central import desk, manifests
from sync.central.crowd import (
    ASKING,
    MOST_ASKING,
    MOST_POLLING,
    MOST_REPORTING,
    POLLING,
    RETRY_S,
    TAKING_IN,
    Crowd,
    Queue,
)
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
        self._lock = threading.Lock()

    def __call__(self) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        assert self.let.wait(30)
        with self._lock:
            self._now -= 1
            self.done += 1


async def turns() -> None:
    """Every task comes as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def full_queue() -> None:
    queue, work = Queue(at_work=2, most=3), Work()
    inside = [asyncio.create_task(queue.do(work)) for _ in range(2 + 3)]
    await turns()
    with pytest.raises(ProblemError) as told:
        queue.must_have_room()
    assert (told.value.status, told.value.kind) == (503, "busy")
    with pytest.raises(ProblemError):
        await queue.do(work)
    inside.append(asyncio.create_task(queue.go_on(work)))
    await turns()
    work.let.set()
    await asyncio.gather(*inside)
    assert (work.most, work.done) == (2, 2 + 3 + 1)
    await queue.do(work)


def test_two_are_at_work_three_wait_the_sixth_is_sent_away_unless_it_was_let_in_before() -> None:
    asyncio.run(full_queue())


async def given_up() -> None:
    queue, work = Queue(at_work=1, most=1), Work()
    first, second = asyncio.create_task(queue.do(work)), asyncio.create_task(queue.do(work))
    await turns()
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    queue.must_have_room()
    work.let.set()
    await first
    assert work.done == 1


def test_whoever_gives_up_in_the_queue_leaves_its_place_and_nothing_is_done_for_it() -> None:
    asyncio.run(given_up())


async def asked_again() -> list[int]:
    queue = Queue(at_work=1, most=0)

    def again_s() -> int:
        with pytest.raises(ProblemError) as told:
            queue.must_have_room()
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
    crowd.reporting = Queue(1, 0)
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
    crowd.asking = crowd.reporting = Queue(1, 0)
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
    assert POLLING + ASKING + TAKING_IN <= CONNECTIONS / 2
    assert MOST_REPORTING < MOST_ASKING < MOST_POLLING
