"""Several centrals on one database, each with its own store and port, as behind a balancer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

import requests

from sync.calls import Answer, Call
from sync.central.store import Store
from sync.compact import write_json
from tests.sync.world import KIOSK, World, calls, serving

PATH = f"/v1/kiosks/{KIOSK}"
JSON = {"Content-Type": "application/json"}
MOST_LOOKS = 1000
T = TypeVar("T")


class Replica:
    """One central that may be stopped and started again, on another port then."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.start()

    def start(self) -> None:
        self._open = ExitStack()
        self.store = Store(self._world.store.settings, self._world.now)
        self._open.callback(self.store.close)
        self.url = self._open.enter_context(serving(self.store))

    def stop(self) -> None:
        self._open.close()

    def make(self, call: Call) -> Answer:
        return calls(self.url, self._world.keys.transport).make(call)

    def post(self, *rows: str) -> Answer:
        """Statements."""
        return self.make(Call("POST", f"{PATH}/journal", write_json({"statements": rows}), JSON))

    def office(self, method: str, path: str, key: str, body: object = None) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {self.store.settings.office_key}",
            "Idempotency-Key": key,
        }
        where = f"{self.url}/v1/office{path}"
        return requests.request(method, where, json=body, headers=headers, timeout=30)

    def figure(self, name: str) -> float:
        """One of /metrics, by how its line begins."""
        text = requests.get(f"{self.url}/metrics", timeout=10).text
        lines = [line for line in text.splitlines() if line.startswith(f"hoso_central_{name}")]
        return sum(float(line.rpartition(" ")[2]) for line in lines)


@contextmanager
def two_replicas(world: World) -> Iterator[tuple[Replica, Replica]]:
    with ExitStack() as stack:
        pair = []
        for _ in range(2):
            pair.append(Replica(world))
            stack.callback(pair[-1].stop)
        until(lambda: all(replica.figure("listener_up") == 1 for replica in pair))
        yield pair[0], pair[1]


@dataclass
class Poll:
    """A kiosk's long poll under way."""

    thread: threading.Thread
    found: list[Answer]

    def answer(self) -> Answer:
        self.thread.join()
        return self.found[0]


def long_poll(replica: Replica, tag: str) -> Poll:
    """Wait for another manifest than `tag`; returns once central has it waiting."""
    call = Call("GET", f"{PATH}/manifest?wait=50", b"", {"If-None-Match": tag}, 10**6, 50)
    found: list[Answer] = []
    thread = threading.Thread(target=lambda: found.append(replica.make(call)))
    thread.start()
    until(lambda: replica.figure("waiting") == 1)
    return Poll(thread, found)


def until(true: Callable[[], bool]) -> None:
    """Look until it is true, bounded."""
    pause = threading.Event()
    for _ in range(MOST_LOOKS):
        if true():
            return
        pause.wait(0.02)
    raise AssertionError("it never came true")


def at_once(*doings: Callable[[], T]) -> list[T]:
    """All of them together, each in a thread, begun at the same moment."""
    line = threading.Barrier(len(doings))

    def one(doing: Callable[[], T]) -> T:
        line.wait()
        return doing()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(one, doings))
