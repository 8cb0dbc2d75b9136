"""Whatever contradicts what central holds: a named answer, an alarm, and nothing merged. Over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import requests
from sqlalchemy import select

from sync.calls import Answer, Call
from sync.central.enrol import enrol_kiosk
from sync.central.holders import NewHolder
from sync.central.results import NewResult, register
from sync.central.revocation import revoke_kiosk
from sync.central.tables import Alarm, Fork, Result, Row
from sync.compact import write_json
from sync.envelopes import hash_of
from sync.keys import Key
from sync.stamps import make_stamp, sign_request
from tests.sync.world import Journal, Keys, World, calls, serving

HELD = 3  # rows that central has of each kiosk beforehand
TEN_MINUTES_MS = 10 * 60 * 1000


class Voice:
    """One kiosk that has reported `HELD` rows, and a result that none of its next rows may move."""

    def __init__(self, world: World, url: str, name: str) -> None:
        self.world, self.url, self.name = world, url, name
        self.keys = Keys()
        self.enrol(self.keys)
        new = NewResult(name, (f"H29-{name}",), "Nguyễn Văn Anh", (NewHolder("0530004821"),))
        with world.store.begin() as session:
            self.cid = register(world.store, session, new).cid
        self.journal = Journal(self.keys, kiosk=name)
        for _ in range(HELD):
            self.journal.state("started", version="1", compartments=[3])
        assert self.post(*self.journal.rows).status == 200

    def enrol(self, keys: Keys) -> None:
        place = {"unit": "P.Cầu Kiệu", "address": "5 Phan Xích Long"}
        enrol_kiosk(self.world.store, self.name, keys.public(), **place)

    def loads(self, *, keys: Keys | None = None, after: int = HELD, kiosk: str = "") -> str:
        """A row that says the papers were put in, behind that row of this journal."""
        other = Journal(keys or self.keys, kiosk=kiosk or self.name)
        other.rows = self.journal.rows[:after]
        return other.state("loaded", cid=self.cid, compartment=3, staff="7")

    def post(self, *rows: str, by: Key | None = None) -> Answer:
        body = write_json({"statements": rows})
        call = Call("POST", self.path, body, {"Content-Type": "application/json"})
        return calls(self.url, by or self.keys.transport).make(call)

    @property
    def path(self) -> str:
        return f"/v1/kiosks/{self.name}/journal"


def gap(kiosk: Voice) -> Answer:
    kiosk.journal.state("staff_out", staff="7", reason="idle")
    return kiosk.post(kiosk.loads(after=HELD + 1))


def fork(kiosk: Voice) -> Answer:
    return kiosk.post(kiosk.loads(after=1))


def fork_at_the_end(kiosk: Voice) -> Answer:
    other = Journal(kiosk.keys, kiosk=kiosk.name)
    other.rows = [*kiosk.journal.rows[:2], kiosk.loads(after=2)]
    return kiosk.post(other.state("loaded", cid=kiosk.cid, compartment=3, staff="7"))


def replayed_rows(kiosk: Voice) -> Answer:
    return kiosk.post(*kiosk.journal.rows)


def replayed_request(kiosk: Voice) -> Answer:
    """A whole call that was listened to, once more after its stamp is over."""
    body = write_json({"statements": [kiosk.loads()]})
    stamp = make_stamp(kiosk.world.store.stamp_secret, kiosk.world.now.ms - TEN_MINUTES_MS - 1)
    key = kiosk.keys.transport
    proof = sign_request(method="POST", path=kiosk.path, body=body, stamp=stamp, key=key)
    headers = {"Hoso-Request": proof, "Content-Type": "application/json"}
    told = requests.post(kiosk.url + kiosk.path, data=body, headers=headers, timeout=10)
    lowered = {name.lower(): value for name, value in told.headers.items()}
    return Answer(told.status_code, lowered, told.content)


def row_by_a_foreign_key(kiosk: Voice) -> Answer:
    return kiosk.post(kiosk.loads(keys=Keys()))


def row_of_another_kiosk(kiosk: Voice) -> Answer:
    return kiosk.post(kiosk.loads(kiosk="elsewhere"))


def call_by_a_foreign_key(kiosk: Voice) -> Answer:
    return kiosk.post(kiosk.loads(), by=Keys().transport)


def call_of_an_earlier_epoch(kiosk: Voice) -> Answer:
    row = kiosk.loads()
    kiosk.enrol(Keys())
    return kiosk.post(row)


def row_of_an_earlier_epoch(kiosk: Voice) -> Answer:
    row, fresh = kiosk.loads(), Keys()
    kiosk.enrol(fresh)
    return kiosk.post(row, by=fresh.transport)


def revoked(kiosk: Voice) -> Answer:
    revoke_kiosk(kiosk.world.store, kiosk.name, "test")
    return kiosk.post(kiosk.loads())


@dataclass(frozen=True)
class Wanted:
    """What comes of it: the answer, alarms, rows kept aside, and how many rows are there afterwards."""

    status: int
    word: str
    alarms: tuple[str, ...]
    aside: int = 0
    rows: int = HELD


TABLE: dict[Callable[[Voice], Answer], Wanted] = {
    gap: Wanted(409, "gap", ()),  # a lost request is no news
    fork: Wanted(409, "fork", ("fork",), aside=1),
    fork_at_the_end: Wanted(409, "fork", ("fork",), aside=1),
    replayed_rows: Wanted(200, "", ()),
    replayed_request: Wanted(401, "stamp", ()),
    row_by_a_foreign_key: Wanted(200, "", ("quarantined",), rows=HELD + 1),  # as a hole
    row_of_another_kiosk: Wanted(200, "", ("quarantined",), rows=HELD + 1),
    call_by_a_foreign_key: Wanted(401, "signature", ()),  # anybody may call: no alarm for that
    call_of_an_earlier_epoch: Wanted(403, "stale-epoch", ("stale-epoch",)),
    row_of_an_earlier_epoch: Wanted(403, "stale-epoch", ("stale-epoch",)),
    revoked: Wanted(403, "revoked", ("revoked", "revoked"), aside=1),
}


def test_each_contradiction_has_its_answer_its_alarm_and_merges_nothing(world: World) -> None:
    with serving(world.store) as url:
        for number, (act, wanted) in enumerate(TABLE.items()):
            kiosk = Voice(world, url, f"k{number}")
            answer = act(kiosk)
            assert (act.__name__, _as_seen(kiosk, answer)) == (act.__name__, wanted)
            with world.store.begin() as session:
                assert session.get_one(Result, kiosk.cid).phase == "expected"
                held = select(Row).where(Row.kiosk == kiosk.name, Row.state == "ok")
                names = [row.hash for row in session.scalars(held.order_by(Row.seq))]
            assert names == [hash_of(row) for row in kiosk.journal.rows[:HELD]]


def _as_seen(kiosk: Voice, answer: Answer) -> Wanted:
    word = str(answer.json().get("type", "")).rpartition(":")[2]
    with kiosk.world.store.begin() as session:
        theirs = select(Alarm.kind).where(Alarm.kiosk == kiosk.name).order_by(Alarm.id)
        alarms = tuple(session.scalars(theirs))
        aside = len(session.scalars(select(Fork).where(Fork.kiosk == kiosk.name)).all())
        rows = len(session.scalars(select(Row).where(Row.kiosk == kiosk.name)).all())
    return Wanted(answer.status, word, alarms, aside, rows)


@pytest.mark.parametrize("act", [fork, revoked])
def test_what_is_kept_aside_can_be_read_at_the_offices_door(
    world: World, act: Callable[[Voice], Answer]
) -> None:
    with serving(world.store) as url:
        kiosk = Voice(world, url, "k0")
        act(kiosk)
        headers = {"Authorization": f"Bearer {world.store.settings.office_key}"}
        where = f"{url}/v1/office/kiosks/k0/aside"
        (told,) = requests.get(where, headers=headers, timeout=10).json()
        assert told["why"] == act.__name__
        assert hash_of(told["statement"]) == told["hash"]
        after = requests.get(where, params={"after": told["hash"]}, headers=headers, timeout=10)
        assert after.json() == []
