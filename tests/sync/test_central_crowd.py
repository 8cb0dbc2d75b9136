"""More kiosks than central takes at once: the rest is told when to come again, and loses nothing by it."""

from __future__ import annotations

import asyncio

import pytest
import requests

from sync.calls import Call
from sync.central import desk
from sync.central.crowd import AT_WORK, MOST_REPORTING, RETRY_S, Crowd
from sync.central.database import CONNECTIONS
from sync.central.problems import ProblemError
from sync.compact import write_json
from tests.sync.world import KIOSK, World, calls, serving

PATH = f"/v1/kiosks/{KIOSK}"
JSON = {"Content-Type": "application/json"}


async def queue_of_three() -> None:
    crowd, at_work, most_at_work, let = Crowd(at_work=2, most=3), 0, 0, asyncio.Event()

    async def report() -> None:
        nonlocal at_work, most_at_work
        crowd.must_have_room()
        async with crowd.turn():
            at_work += 1
            most_at_work = max(most_at_work, at_work)
            await let.wait()
            at_work -= 1

    inside = [asyncio.create_task(report()) for _ in range(3)]
    await asyncio.sleep(0)  # each comes as far as it can
    with pytest.raises(ProblemError) as told:
        await report()
    assert (told.value.status, told.value.kind, told.value.retry_s) == (503, "busy", RETRY_S)
    let.set()
    await asyncio.gather(*inside)
    await report()
    assert most_at_work == 2


def test_two_are_at_work_one_waits_the_fourth_is_sent_away_until_there_is_room() -> None:
    asyncio.run(queue_of_three())


async def given_up() -> None:
    crowd = Crowd(at_work=1, most=2)
    let = asyncio.Event()

    async def report() -> None:
        async with crowd.turn():
            await let.wait()

    first, second = asyncio.create_task(report()), asyncio.create_task(report())
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    crowd.must_have_room()
    let.set()
    await first


def test_whoever_gives_up_in_the_queue_leaves_its_place() -> None:
    asyncio.run(given_up())


def test_a_report_is_sent_away_with_a_time_and_everything_else_is_served(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "Crowd", lambda: Crowd(most=0))
    with serving(world.store) as url:
        caller = calls(url, world.keys.transport)
        body = write_json({"statements": [world.journal.state("started")]})
        answer = caller.make(Call("POST", f"{PATH}/journal", body, JSON))
        assert (answer.status, answer.headers["retry-after"]) == (503, str(RETRY_S))
        assert answer.json()["type"] == "urn:hoso:problem:busy"
        assert caller.make(Call("GET", f"{PATH}/journal/head")).json()["seq"] == 0
        assert caller.make(Call("GET", f"{PATH}/manifest")).status == 200
        assert requests.get(f"{url}/healthz", timeout=5).status_code == 200


def test_a_new_code_always_finds_a_thread_and_a_connection() -> None:
    assert AT_WORK < CONNECTIONS < MOST_REPORTING
