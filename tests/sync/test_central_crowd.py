"""More kiosks than central takes at once: the rest is told when to come again, and nothing of it is kept."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Scope, Send

from sync.central.crowd import AT_WORK, MOST_REPORTING, RETRY_S, Crowd

JOURNAL = "/v1/kiosks/bt1/journal"


class Slow:
    """An application that answers once it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.entered = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        self.entered += 1
        await self.let.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})


class Caller:
    """One request, its body in two pieces."""

    def __init__(self, method: str = "POST", path: str = JOURNAL) -> None:
        self.scope = {"type": "http", "method": method, "path": path, "headers": []}
        self.pieces = [True, False]
        self.told: list[Message] = []

    async def receive(self) -> Message:
        return {"type": "http.request", "body": b"-", "more_body": self.pieces.pop(0)}

    async def send(self, message: Message) -> None:
        self.told.append(message)

    @property
    def status(self) -> int:
        return int(self.told[0]["status"])


async def crowded() -> tuple[Slow, Crowd, list[asyncio.Task[None]]]:
    app = Slow()
    crowd = Crowd(app, most=2)
    callers = [Caller() for _ in range(2)]
    tasks = [asyncio.create_task(crowd(c.scope, c.receive, c.send)) for c in callers]
    await asyncio.sleep(0)
    assert app.entered == 2
    return app, crowd, tasks


async def one_too_many() -> None:
    app, crowd, tasks = await crowded()
    late = Caller()
    await crowd(late.scope, late.receive, late.send)
    assert late.status == 503
    assert (b"retry-after", str(RETRY_S).encode()) in late.told[0]["headers"]
    assert late.pieces == []  # read to its end, or the sender would not hear the answer
    assert app.entered == 2
    app.let.set()
    await asyncio.gather(*tasks)
    again = Caller()
    await crowd(again.scope, again.receive, again.send)
    assert again.status == 200


async def others_pass() -> None:
    app, crowd, tasks = await crowded()
    app.let.set()
    for method, path in (("GET", JOURNAL), ("GET", "/v1/kiosks/bt1/manifest"), ("POST", "/v1")):
        other = Caller(method, path)
        await crowd(other.scope, other.receive, other.send)
        assert other.status == 200
    await asyncio.gather(*tasks)


def test_one_too_many_is_sent_away_and_welcome_again_when_there_is_room() -> None:
    asyncio.run(one_too_many())


def test_nobody_but_who_reports_is_ever_sent_away() -> None:
    asyncio.run(others_pass())


def test_there_is_always_a_thread_and_a_connection_for_a_new_code() -> None:
    assert AT_WORK < 20 < MOST_REPORTING
