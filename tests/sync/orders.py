"""What may come together at a merge: orders at central, and how far it is at the kiosk."""

from __future__ import annotations

from collections.abc import Callable

import requests
from sqlalchemy import delete

from kiosk.core.events import Key
from kiosk.core.memory import Phase
from kiosk.core.scenes import Closed, Open, Opening, Ready, Refused, Stuck, Told, Why
from sync.central import results
from sync.central.holders import NewHolder, add
from sync.central.tables import Holder, Result
from tests.sync.online import Online
from tests.sync.world import KIOSK, World

Order = Callable[[World], None]

# What the office orders, or what a central that lost its memory says


def re_issued(cid: str, *, fresh: bool = False) -> Order:
    def order(world: World) -> None:
        with world.store.begin() as session:
            results.re_issue(world.store, session, cid, "h1", fresh=fresh)

    return order


def order_re_issue(url: str, world: World, cid: str) -> None:
    """The same through the office's own door, which wakes a kiosk that waits."""
    bearer = {"Authorization": f"Bearer {world.store.settings.office_key}"}
    answer = requests.post(
        f"{url}/v1/office/results/{cid}/re-issue",
        json={"holder": "h1"},
        headers={**bearer, "Idempotency-Key": "once-and-for-all"},
        timeout=9,
    )
    assert answer.status_code == 200


def revoked(cid: str) -> Order:
    def order(world: World) -> None:
        with world.store.begin() as session:
            results.revoke(world.store, session, cid)

    return order


def numbered(cid: str, gen: int, counter: int) -> Order:
    """Central's tables say this gen and counter, however they came to."""

    def order(world: World) -> None:
        with world.store.begin() as session:
            held = session.get_one(Holder, (cid, "h1"))
            held.gen, held.counter = gen, counter
            world.store.kiosk(session, KIOSK).revision += 1

    return order


def listed(cid: str, *, there: bool) -> Order:
    """Central lists the result, or has forgotten it."""

    def order(world: World) -> None:
        with world.store.begin() as session:
            result = session.get_one(Result, cid)
            result.phase, result.collected_ms = ("loaded", 0) if there else ("collected", 1)
            world.store.kiosk(session, KIOSK).revision += 1

    return order


def authorised(cid: str) -> Order:
    def order(world: World) -> None:
        with world.store.begin() as session:
            result = session.get_one(Result, cid)
            add(world.store, session, result, "h2", NewHolder("0530009999", "authorised"))
            world.store.kiosk(session, KIOSK).revision += 1

    return order


def no_longer_authorised(cid: str) -> Order:
    def order(world: World) -> None:
        with world.store.begin() as session:
            session.execute(delete(Holder).where(Holder.cid == cid).where(Holder.id == "h2"))
            world.store.kiosk(session, KIOSK).revision += 1

    return order


# The columns: how it is here when the manifest comes


def accepted(online: Online, code: tuple[str, str]) -> None:
    """The right code, the button, and a door that does not open."""
    for number in online.kiosk.cabinet.compartments:
        online.kiosk.cabinet.jam(number)
    online.enter(code)
    online.at(Ready)
    online.kiosk.press(Key.OPEN)
    online.kiosk.wait(2_500)
    online.at(Stuck)


def mended(online: Online) -> None:
    for number in online.kiosk.cabinet.compartments:
        online.kiosk.cabinet.mend(number)


def collected(online: Online, code: tuple[str, str]) -> None:
    online.enter(code)
    kiosk = online.kiosk
    online.at(Ready)
    kiosk.press(Key.OPEN)
    online.at(Opening)
    kiosk.wait(500)
    number = online.at(Open).compartment
    assert len(kiosk.cabinet.take(number)) == 1
    kiosk.cabinet.push(number)
    kiosk.wait(500)
    online.at(Closed)
    kiosk.press(Key.SKIP)


def why(online: Online) -> Why:
    told = online.at(Told).why
    online.kiosk.press(Key.FINISH)
    return told


def refused(online: Online) -> bool:
    was = isinstance(online.kiosk.scene, Refused)
    online.kiosk.press(Key.FINISH)
    return was


def phase(online: Online) -> Phase:
    (found,) = online.kiosk.state.memory.parts.values()
    return found
