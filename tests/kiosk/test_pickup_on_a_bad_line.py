"""Whatever central, sync or a crowd at the socket does: the loop waits for nobody, and people collect.

By logic, not by the clock: while every place at the socket is taken and every call to central hangs, the one
lock that loop and socket share is free, the inbox holds little, and a pickup states what it always states.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from kiosk.core.events import Contacted, Key, ManifestRefused
from kiosk.core.scenes import Closed, Idle, Open, Opening, Ready
from kiosk.line import MOST_PEERS
from kiosk.work import MOST_OFFERS
from sync.calls import CallError
from sync.fetch import Fetcher
from sync.framing import LineError
from sync.line import Line
from tests.kiosk.counter import Counter
from tests.kiosk.station import NET_S
from tests.sync.online import Online
from tests.sync.wire import Drip, Scripted, http, listening
from tests.sync.world import KIOSK, World, calls, now, serving

PICKUP = ["accepted", "pulsed", "opened", "collected"]
HTML = b"<html>free Wi-Fi</html>"
LIARS: dict[str, Callable[[], Scripted]] = {
    "hangs": lambda: Scripted(b"", then_silent=True),
    "drips": lambda: Drip(b""),
    "portal": lambda: Scripted(http("200 OK", "Content-Type: text/html", body=HTML)),
    "junk manifest": lambda: Scripted(
        http("200 OK", "Content-Type: application/jose", 'ETag: "x"', body=b"a.b.c.d.e")
    ),
    "hangs up": lambda: Scripted(b""),
}


@contextmanager
def crowd(path: Path, message: dict[str, object], most: int = MOST_PEERS) -> Iterator[None]:
    """So many peers that ask, and never take their answers."""
    body = json.dumps(message).encode()
    with ExitStack() as peers:
        for _ in range(most):
            peer = peers.enter_context(socket.socket(socket.AF_UNIX))
            peer.connect(str(path))
            with suppress(OSError):  # turned away at the door
                peer.sendall(len(body).to_bytes(4, "big") + body)
        yield


def is_free(lock: threading.Condition) -> bool:
    """Whether nobody else holds it now."""
    if not lock.acquire(blocking=False):
        return False
    lock.release()
    return True


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = Counter(tmp_path)
    yield made
    made.close()


def wait_until_taken(counter: Counter) -> None:
    """Every place at the socket is taken."""
    free = counter.server._places
    for _ in range(10_000):
        if not free.acquire(blocking=False):
            return
        free.release()
        threading.Event().wait(0.001)
    pytest.fail("the crowd was not let in")


def test_the_loop_finds_its_lock_free_while_every_place_waits(counter: Counter) -> None:
    ask: dict[str, object] = {"ask": "wait", "after": 2**40, "timeout_s": 60}
    with crowd(counter.path, ask):
        wait_until_taken(counter)
        for _ in range(100):
            counter.say()
            counter.publish()
            assert is_free(counter.desk._changed)
            assert counter.desk.seq == counter.journal.head.seq
            counter.inbox.post(Contacted(0))
            assert counter.inbox.take(0) == Contacted(0)
        assert not counter.server._places.acquire(blocking=False)  # all of them still wait
        counter.say()
        counter.desk.publish(type(counter.journal.head)(2**40 + 1, ""), (0, ""), {})
        assert counter.server._places.acquire(timeout=NET_S)  # and leave when it is time
        counter.server._places.release()


def test_offers_that_nobody_answers_hold_nothing_that_the_loop_needs(counter: Counter) -> None:
    with crowd(counter.path, {"ask": "offer_manifest", "jwe": "a.b.c.d.e"}):
        wait_until_taken(counter)
        while len(counter.offers) < MOST_PEERS:
            assert is_free(counter.desk._changed) or counter.desk.seq == 0
        counter.publish()
        counter.desk.goes_by((1, "x"))
        counter.desk.call()
        assert is_free(counter.desk._changed)
        for number in range(1, MOST_PEERS + 1):
            counter.desk.answered(number, 1, None)
        assert counter.server._places.acquire(timeout=NET_S)
        counter.server._places.release()


@pytest.fixture
def online(tmp_path: Path) -> Iterator[tuple[Online, str]]:
    """A kiosk with one result inside, and its cid."""
    world = World(tmp_path)
    with serving(world.store) as url:
        made = Online(tmp_path, world, url)
        cid = world.register()
        made.fetch()
        made.load(cid)
        made.report()
    yield made, cid  # central is gone now
    made.close()
    world.store.close()


def collect(online: Online, code: tuple[str, str]) -> None:
    """Step by step; before each the lock is free, as the loop needs it."""
    kiosk = online.kiosk

    def see(scene: type) -> None:
        assert isinstance(kiosk.scene, scene)
        online._publish()

    see(Idle)
    online.enter(code)
    see(Ready)
    kiosk.press(Key.OPEN)
    see(Opening)
    kiosk.wait(500)
    number = online.at(Open).compartment
    assert len(kiosk.cabinet.take(number)) == 1
    kiosk.cabinet.push(number)
    kiosk.wait(500)
    see(Closed)
    kiosk.press(Key.SKIP)
    see(Idle)


@pytest.mark.parametrize("liar", LIARS)
def test_a_pickup_goes_as_ever_while_central_lies(online: tuple[Online, str], liar: str) -> None:
    kiosk, cid = online
    central, over = LIARS[liar](), threading.Event()

    def keep_asking(url: str) -> None:
        caller = calls(url, kiosk.world.keys.transport, 0.2)
        fetcher = Fetcher(KIOSK, Line(kiosk.path), caller, 0.0)
        while not over.is_set():
            with suppress(CallError, LineError):
                fetcher.step(now())

    with ThreadPoolExecutor(2) as pool, listening(central) as url:
        aside = [pool.submit(keep_asking, url) for _ in range(2)]
        while not central.asked:
            threading.Event().wait(0.001)
        collect(kiosk, kiosk.code(cid))
        over.set()
        central.over.set()
        for asked in aside:
            kiosk.serve(asked)
    told = [kind for kind in kiosk.kiosk.kinds() if kind not in ("manifest_refused", "checkpoint")]
    assert told[-4:] == PICKUP
    assert list(kiosk.kiosk.journal.verify()) == []


@pytest.mark.parametrize(
    "ask",
    [
        {"ask": "wait", "after": 2**40, "timeout_s": 60},
        {"ask": "statements", "after": 0, "most": 200},
        {"ask": "offer_manifest", "jwe": "a.b.c.d.e"},
    ],
    ids=lambda ask: str(ask["ask"]),
)
def test_a_pickup_goes_as_ever_while_every_place_at_the_socket_is_taken(
    online: tuple[Online, str], ask: dict[str, object]
) -> None:
    kiosk, cid = online
    with crowd(kiosk.path, ask, 3 * MOST_PEERS):
        collect(kiosk, kiosk.code(cid))
        assert is_free(kiosk.desk._changed)
    told = [kind for kind in kiosk.kiosk.kinds() if kind not in ("manifest_refused", "checkpoint")]
    assert told[-4:] == PICKUP


def test_what_a_flood_of_offers_leaves_to_the_loop_is_bounded(online: tuple[Online, str]) -> None:
    kiosk, _ = online
    with crowd(kiosk.path, {"ask": "offer_manifest", "jwe": "a.b.c.d.e"}, 10 * MOST_PEERS):
        inbox = kiosk.kiosk.inbox
        first = inbox.take(NET_S)
        assert isinstance(first, ManifestRefused)
        waiting = 0
        while inbox.take(0) is not None:
            waiting += 1
        # One for each place at the socket, and what the worker has in hand.
        assert waiting <= MOST_PEERS + MOST_OFFERS
