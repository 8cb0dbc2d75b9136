"""Enrolment with a code, at central, over real HTTP: once, for one kiosk, the same answer every time."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sync.calls import Answer, Call
from sync.central.enrolment_tables import EnrolmentCode
from sync.central.enrolments import MOST_TRIES, new_code
from sync.central.holders import open_holder
from sync.central.results import re_issue
from sync.central.store import UnknownError
from sync.central.tables import Alarm, Holder, Kiosk, Notice, Part, Result
from sync.compact import write_json
from sync.enrolment import CODE_GOOD_MS, PATH, Code, Reply, check_reply
from sync.envelopes import Opened, open_manifest
from sync.keys import Key, public_jwk
from sync.messages import LastKnown
from tests.sync.world import KIOSK, Journal, Keys, World, calls

PLACE = {"unit": "P.Cầu Kiệu", "address": "5 Phan Xích Long"}
JSON = {"Content-Type": "application/json"}


def ask(url: str, code: Code, keys: Keys, /, *, by: Key | None = None, **other: object) -> Answer:
    body: dict[str, object] = {
        "code": code.secret,
        "epoch": 0,
        "statement": public_jwk(keys.statement),
        "manifest": public_jwk(keys.manifest),
        "transport": public_jwk(keys.transport),
        **other,
    }
    call = Call("POST", PATH, write_json(body), JSON)
    return calls(url, by or keys.transport).make(call)


def entered(answer: Answer, code: Code) -> Reply:
    assert answer.status == 200, answer.body
    assert answer.media == "application/jose"
    return check_reply(answer.body.decode(), code)


def word(answer: Answer) -> tuple[int, str]:
    return answer.status, str(answer.json()["type"]).rpartition(":")[2]


def alarms(world: World) -> list[str]:
    with world.store.begin() as session:
        return list(session.scalars(select(Alarm.kind).order_by(Alarm.id)))


def test_a_code_enters_a_kiosk_and_its_reply_is_signed(world: World, url: str) -> None:
    code, keys = new_code(world.store, "ck1", **PLACE), Keys()
    reply = entered(ask(url, code, keys), code)
    assert (reply.aud, reply.epoch, reply.iss) == ("ck1", 1, "central")
    assert reply.keys == keys.public().kids()
    path = "/v1/kiosks/ck1/journal/head"
    assert calls(url, keys.transport).make(Call("GET", path)).status == 200


def test_the_same_code_and_keys_get_the_same_bytes(world: World, url: str) -> None:
    code, keys = new_code(world.store, "ck1", **PLACE), Keys()
    first = ask(url, code, keys)
    world.now.ms += 1000
    assert ask(url, code, keys).body == first.body
    with world.store.begin() as session:
        assert session.get_one(Kiosk, "ck1").epoch == 1


def test_a_used_code_with_other_keys_is_refused_with_an_alarm(world: World, url: str) -> None:
    code = new_code(world.store, KIOSK)
    entered(ask(url, code, Keys()), code)
    assert word(ask(url, code, Keys())) == (403, "enrolment-code")
    assert alarms(world) == ["enrolment-code"]
    with world.store.begin() as session:
        assert session.get_one(Kiosk, KIOSK).epoch == 2


def test_a_code_that_is_over_replaced_or_unknown_is_refused_alike(world: World, url: str) -> None:
    old, keys = new_code(world.store, "ck1", **PLACE), Keys()
    new = new_code(world.store, "ck1", **PLACE)
    unknown = Code("A" * 22, old.thumbprint)
    answers = [ask(url, old, keys), ask(url, unknown, keys)]
    world.now.ms += CODE_GOOD_MS
    answers.append(ask(url, new, keys))
    assert {word(answer) for answer in answers} == {(403, "enrolment-code")}
    assert len({answer.body for answer in answers}) == 1
    assert alarms(world) == []


def test_a_request_by_another_key_is_refused(world: World, url: str) -> None:
    code = new_code(world.store, "ck1", **PLACE)
    assert word(ask(url, code, Keys(), by=Keys().transport)) == (401, "signature")


@pytest.mark.parametrize("name", ["statement", "transport"])
def test_keys_of_another_kiosk_are_refused_and_the_code_stays_good(
    world: World, url: str, name: str
) -> None:
    code, keys = new_code(world.store, "ck1", **PLACE), Keys()
    good = getattr(keys, name)
    setattr(keys, name, getattr(world.keys, name))
    assert word(ask(url, code, keys)) == (422, "invalid")
    setattr(keys, name, good)
    entered(ask(url, code, keys), code)


def test_two_equal_keys_and_other_forms_are_refused(world: World, url: str) -> None:
    code, keys = new_code(world.store, "ck1", **PLACE), Keys()
    nothing_seals = {"kty": "OKP", "crv": "X25519", "x": "A" * 43}
    for other in (
        {"statement": public_jwk(keys.transport)},
        {"epoch": -1},
        {"epoch": True},
        {"code": "short"},
        {"manifest": public_jwk(keys.statement)},
        {"manifest": nothing_seals},
        {"statement": None},
    ):
        assert word(ask(url, code, keys, **other)) == (422, "invalid")
    assert word(ask(url, code, keys, more="x" * 4096)) == (413, "too-large")


def test_ten_tries_a_minute_from_one_address(world: World, url: str) -> None:
    code, keys = new_code(world.store, "ck1", **PLACE), Keys()
    wrong = Code("A" * 22, code.thumbprint)
    for _ in range(MOST_TRIES):
        assert word(ask(url, wrong, keys)) == (403, "enrolment-code")
    answer = ask(url, code, keys)
    assert (word(answer), answer.headers["retry-after"]) == ((429, "slow-down"), "60")
    world.now.ms += 60_000
    entered(ask(url, code, keys), code)


def test_the_code_is_nowhere_in_the_database(world: World) -> None:
    code = new_code(world.store, "ck1", **PLACE)
    with world.store.begin() as session:
        row = session.scalars(select(EnrolmentCode)).one()
        assert code.secret not in str(vars(row))
        assert (row.hash, row.kiosk) == (code.hash, "ck1")


def test_a_new_kiosk_needs_its_place(world: World) -> None:
    with pytest.raises(UnknownError, match="unit and address are wanted"):
        new_code(world.store, "ck1")
    with pytest.raises(ValueError, match="no kiosk id"):
        new_code(world.store, "c.k", **PLACE)


def test_the_epoch_goes_beyond_what_the_kiosk_remembers(world: World, url: str) -> None:
    code = new_code(world.store, KIOSK)
    assert entered(ask(url, code, Keys(), epoch=6), code).epoch == 7
    code = new_code(world.store, "ck1", **PLACE)
    assert entered(ask(url, code, Keys(), epoch=3), code).epoch == 4


def test_keys_of_an_earlier_epoch_are_told_so_with_an_alarm(world: World, url: str) -> None:
    code = new_code(world.store, KIOSK)
    fresh = Keys()
    entered(ask(url, code, fresh), code)
    path = f"/v1/kiosks/{KIOSK}/journal"
    assert word(calls(url, world.keys.transport).make(Call("GET", path))) == (403, "stale-epoch")
    assert word(calls(url, Keys().transport).make(Call("GET", path))) == (401, "signature")
    row = Journal(world.keys).state("started", version="1", compartments=[1])
    sent = Call("POST", path, write_json({"statements": [row]}), JSON)
    assert word(calls(url, fresh.transport).make(sent)) == (403, "stale-epoch")
    assert alarms(world) == ["stale-epoch", "stale-epoch"]


# A new epoch


def notices_of(world: World) -> list[tuple[str, str]]:
    with world.store.begin() as session:
        return [(n.kind, n.state) for n in session.scalars(select(Notice).order_by(Notice.id))]


def secrets_at(world: World, cid: str) -> tuple[int, str, str]:
    with world.store.begin() as session:
        held = session.get_one(Holder, (cid, "h1"))
        return (held.gen, *open_holder(world.store, held)[1:])


def report(url: str, keys: Keys, journal: Journal) -> None:
    body = write_json({"statements": journal.rows})
    answer = calls(url, keys.transport).make(
        Call("POST", f"/v1/kiosks/{KIOSK}/journal", body, JSON)
    )
    assert answer.status == 200, answer.body


def lost_with_papers(world: World, url: str) -> tuple[str, Keys, Journal]:
    """Papers in compartment 3 and a code on its way; then the kiosk is enrolled anew."""
    cid = world.register()
    world.journal.state("started", version="1", compartments=[3])
    world.journal.state("loaded", cid=cid, compartment=3, staff="7")
    report(url, world.keys, world.journal)
    code, fresh = new_code(world.store, KIOSK), Keys()
    entered(ask(url, code, fresh), code)
    journal = Journal(fresh, epoch=2)
    journal.state("started", version="1", compartments=[3])
    return cid, fresh, journal


def test_a_new_epoch_voids_every_secret_and_every_code_on_its_way(world: World, url: str) -> None:
    cid = world.register()
    before = secrets_at(world, cid)
    world.journal.state("loaded", cid=cid, compartment=3, staff="7")
    report(url, world.keys, world.journal)
    code = new_code(world.store, KIOSK)
    entered(ask(url, code, Keys()), code)
    after = secrets_at(world, cid)
    assert after[0] == before[0] + 1
    assert not set(after[1:]) & set(before[1:])
    assert notices_of(world) == [("ready", "void")]


def test_no_code_leaves_before_the_audit_has_found_the_papers(world: World, url: str) -> None:
    cid, fresh, journal = lost_with_papers(world, url)
    with world.store.begin() as session:
        re_issue(world.store, session, cid, "h1")
    assert [state for _, state in notices_of(world)] == ["void"]
    journal.state("audited", compartment=3, staff="7", finding="papers", cid=cid, differs=False)
    journal.state("staff_out", staff="7", reason="done")
    report(url, fresh, journal)
    assert [kind for kind, state in notices_of(world) if state != "void"] == ["ready"]


@pytest.mark.parametrize("finding", ["empty", "other"])
def test_what_the_audit_does_not_find_is_told_to_nobody(
    world: World, url: str, finding: str
) -> None:
    cid, fresh, journal = lost_with_papers(world, url)
    journal.state("audited", compartment=3, staff="7", finding=finding, cid=cid, differs=True)
    report(url, fresh, journal)
    assert {state for _, state in notices_of(world)} == {"void"}
    with world.store.begin() as session:
        result = session.get_one(Result, cid)
        assert (result.phase, result.withheld) == (
            "retrieved" if finding == "empty" else "loaded",
            True,
        )


def test_papers_that_were_seen_opened_are_not_offered_again(world: World, url: str) -> None:
    cid, fresh, journal = lost_with_papers(world, url)
    with world.store.begin() as session:
        session.get_one(Part, (cid, 3)).phase = "opened"
        session.get_one(Result, cid).phase = "opened"
    journal.state("audited", compartment=3, staff="7", finding="papers", cid=cid, differs=True)
    report(url, fresh, journal)
    assert {state for _, state in notices_of(world)} == {"void"}


def test_loading_it_anew_is_as_good_as_an_audit(world: World, url: str) -> None:
    cid, fresh, journal = lost_with_papers(world, url)
    journal.state("loaded", cid=cid, compartment=3, staff="7")
    report(url, fresh, journal)
    assert [kind for kind, state in notices_of(world) if state != "void"] == ["ready"]


def test_the_manifest_of_the_new_epoch_says_where_papers_should_lie(world: World, url: str) -> None:
    cid, fresh, _ = lost_with_papers(world, url)
    path = f"/v1/kiosks/{KIOSK}/manifest"
    answer = calls(url, fresh.transport).make(Call("GET", path, most=10**6))
    opened = open_manifest(
        answer.body,
        opening_key=fresh.manifest,
        central_keys={world.enrolled.central.kid: world.enrolled.central},
        kiosk=KIOSK,
        epoch=2,
        in_force=None,
    )
    assert isinstance(opened, Opened)
    (result,) = opened.manifest.results
    assert (result.cid, result.last_known) == (cid, (LastKnown(3, "loaded"),))
    assert result.holders[0].otp.gen == 2


def test_a_revoked_kiosk_is_told_so_with_an_alarm(world: World, url: str) -> None:
    with world.store.begin() as session:
        session.get_one(Kiosk, KIOSK).revoked_ms = world.now.ms
    path = f"/v1/kiosks/{KIOSK}/manifest"
    assert word(calls(url, world.keys.transport).make(Call("GET", path))) == (403, "revoked")
    assert alarms(world) == ["revoked"]
    code, fresh = new_code(world.store, KIOSK), Keys()
    entered(ask(url, code, fresh), code)
    assert calls(url, fresh.transport).make(Call("GET", path, most=10**6)).status == 200
