"""A stolen kiosk: revoked in one step, worth nothing afterwards, back only by a new enrolment."""

from __future__ import annotations

import hashlib

import pyotp
import pytest
from sqlalchemy import select

from kiosk import cli_central
from kiosk.config import ConfigError
from sync.calls import Call
from sync.central import by_hand, duty, enrol, manifests, notices, tasks
from sync.central.cards import issue
from sync.central.enrol import add_staff, enrol_kiosk, staff_place
from sync.central.enrolment_tables import EnrolmentCode
from sync.central.enrolments import new_code
from sync.central.office_tables import Task
from sync.central.results import BY_KIOSK, OrderError, move
from sync.central.revocation import Revoked, revoke_kiosk
from sync.central.store import UnknownError
from sync.central.tables import Alarm, Kiosk, Notice, Result, Staff
from sync.compact import decode, encode
from sync.keys import BadKeyError
from sync.messages import Role
from tests.sync.test_central_enrolment import ask, entered, word
from tests.sync.test_central_journal import take
from tests.sync.world import KIOSK, Keys, World, calls, serving

UNIT = {"unit": "P.Bình Tiên", "address": "123 Đường Số 45"}  # the world's own
PATH = f"/v1/kiosks/{KIOSK}"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def cheap_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrol, "SCRYPT_N", 2**10)


def revoke(world: World) -> Revoked:
    return revoke_kiosk(world.store, KIOSK, "test")


def lying(world: World, *, told: bool = True) -> str:
    """Papers in compartment 3, and the code sent unless the loading is not over."""
    cid = world.register()
    take(world, world.journal.state("loaded", cid=cid, compartment=3, staff="7"))
    if told:
        take(world, world.journal.state("staff_out", staff="7", reason="signed_out"))
        notices.send_due(world.store)
    return cid


def states(world: World, cid: str) -> set[tuple[str, str]]:
    with world.store.begin() as session:
        found = session.scalars(select(Notice).where(Notice.cid == cid))
        return {(one.kind, one.state) for one in found}


def kept(world: World, cid: str) -> tuple[str, str, str]:
    with world.store.begin() as session:
        result = session.get_one(Result, cid)
        return result.status, result.revoked_why, result.phase


def open_calls(world: World) -> list[tuple[str, str]]:
    with world.store.begin() as session:
        found = session.scalars(select(Task).where(Task.done_ms == 0).order_by(Task.id))
        return [(one.cid, one.why) for one in found]


def credentials(world: World, kiosk: str, number: str = "7") -> dict[str, object]:
    with world.store.begin() as session:
        row = session.get_one(Staff, (kiosk, number))
        return world.store.vault.open(staff_place(kiosk, number), row.sealed)


def alarms(world: World) -> list[tuple[str, str]]:
    with world.store.begin() as session:
        return [(a.kiosk, a.kind) for a in session.scalars(select(Alarm).order_by(Alarm.id))]


def test_every_result_that_is_not_over_is_revoked_and_who_was_told_is_to_be_phoned(
    world: World,
) -> None:
    gone, here, fresh = lying(world), lying(world, told=False), world.register()
    take(world, world.journal.state("collected", cid=gone, holder="h1", compartment=3))
    done = revoke(world)
    assert (done.results, done.to_phone) == (2, 1)
    assert kept(world, gone) == ("live", "", "collected")
    assert kept(world, here) == ("revoked", BY_KIOSK, "loaded")
    assert kept(world, fresh) == ("revoked", BY_KIOSK, "expected")
    assert open_calls(world) == [(here, tasks.REVOKED)]
    # The message on its way stays here; that other papers were collected is still true.
    assert states(world, here) == {("ready", "void")}
    assert ("collected", "waiting") in states(world, gone)


def test_nobody_is_reminded_of_what_lies_in_a_stolen_kiosk(world: World) -> None:
    cid = lying(world)
    revoke(world)
    for _ in range(8):
        world.now.ms += 24 * 60 * 60 * 1000
        duty.tell_of_holding(world.store)
        notices.send_due(world.store)
    assert states(world, cid) == {("ready", "void")}  # sent before; nothing since


def test_revoking_again_changes_nothing(world: World) -> None:
    world.add_staff()
    cid = lying(world)
    first = revoke(world)
    entry = credentials(world, KIOSK)
    world.now.ms += 1000
    again = revoke(world)
    assert (again.at_ms, again.results, again.staff) == (first.at_ms, 0, ())
    assert credentials(world, KIOSK) == entry
    assert open_calls(world) == [(cid, tasks.REVOKED)]
    with pytest.raises(UnknownError):
        revoke_kiosk(world.store, "nowhere", "test")


def test_no_manifest_is_made_and_nothing_is_registered_there(world: World) -> None:
    world.register()
    revoke(world)
    with pytest.raises(manifests.RevokedError):
        by_hand.manifest_for(world.store, KIOSK)
    with pytest.raises(OrderError, match="was revoked"):
        world.register()


def test_rows_on_a_stick_are_kept_aside_too(world: World) -> None:
    revoke(world)
    rows = [world.journal.state("started", version="1", compartments=[1]) for _ in range(3)]
    done = by_hand.take_in(world.store, KIOSK, rows)
    assert (done.head.seq, done.new, done.stop) == (0, 0, "revoked")
    assert alarms(world) == [(KIOSK, "revoked")]


# Staff


def staffed(world: World) -> None:
    """7 and 8 here; 7 also at another kiosk of the ward, and in another ward under their own secret."""
    secrets = {"7": world.add_staff(), "8": pyotp.random_base32()}
    add_staff(world.store, KIOSK, "8", Role.SUPERVISOR, pin="864209", totp_secret=secrets["8"])
    for kiosk, place in (("bt2", UNIT), ("ck1", {**UNIT, "unit": "P.Cầu Kiệu"})):
        enrol_kiosk(world.store, kiosk, Keys().public(), **place)
    new = {"pin": "111222", "totp_secret": pyotp.random_base32()}
    add_staff(world.store, "bt2", "7", Role.CLERK, **new)
    add_staff(world.store, "ck1", "7", Role.CLERK, **new)
    add_staff(world.store, "ck1", "9", Role.CLERK, pin="333444", totp_secret=secrets["8"])
    with world.store.begin() as session:
        issue(world.store, session, "bt2", "7")


def test_staff_get_new_credentials_wherever_they_are_listed_and_strangers_keep_theirs(
    world: World,
) -> None:
    staffed(world)
    before = {k: credentials(world, k) for k in (KIOSK, "bt2", "ck1")}
    done = revoke(world)
    assert [(s.number, s.kiosks) for s in done.staff] == [
        ("7", (KIOSK, "bt2")),  # the same ward: the same person
        ("8", (KIOSK,)),
        ("9", ("ck1",)),  # another number, but the very secret that was stolen
    ]
    seven, eight, _ = done.staff
    for kiosk in (KIOSK, "bt2"):
        entry = credentials(world, kiosk)
        assert entry["totp_secret"] == seven.totp_secret != before[kiosk]["totp_secret"]
        assert entry["pin"] != before[kiosk]["pin"]
    assert seven.card.startswith("HSC1.7.")
    assert eight.card == ""
    assert credentials(world, "ck1") == before["ck1"]
    assert alarms(world) == [("bt2", "staff-renewed"), ("ck1", "staff-renewed")]
    told = f"{done!r} {done.staff!r}"
    assert not any(secret in told for s in done.staff for secret in (s.pin, s.totp_secret))


def test_a_row_that_cannot_be_read_does_not_hold_up_the_revocation(world: World) -> None:
    staffed(world)
    with world.store.begin() as session:
        for place in ((KIOSK, "8"), ("ck1", "9")):
            row = session.get(Staff, place)
            assert row is not None
            row.sealed = "altered"
    done = revoke(world)
    assert [(s.number, s.kiosks) for s in done.staff] == [("7", (KIOSK, "bt2")), ("8", (KIOSK,))]
    assert credentials(world, KIOSK, "8")["totp_secret"] == done.staff[1].totp_secret


def test_the_new_pin_is_what_the_next_manifest_lists(world: World) -> None:
    staffed(world)
    done = revoke(world)
    with world.store.begin() as session:
        assert session.get_one(Kiosk, "bt2").revision > 3
    entry = credentials(world, "bt2")["pin"]
    assert isinstance(entry, dict)
    salt, cost = decode(entry["salt"].encode()), {name: entry[name] for name in "nrp"}
    pin = done.staff[0].pin.encode()
    digest = hashlib.scrypt(pin, salt=salt, **cost, maxmem=2**26, dklen=32)
    assert entry["hash"] == encode(digest)


# Coming back


def test_its_enrolment_codes_end_and_it_comes_back_as_the_next_epoch_with_new_keys(
    world: World,
) -> None:
    old = new_code(world.store, KIOSK)
    cid = lying(world)
    revoke(world)
    with world.store.begin() as session:
        assert session.scalars(select(EnrolmentCode.ended_ms)).all() == [world.now.ms]
    with serving(world.store) as url:
        assert word(ask(url, old, Keys())) == (403, "enrolment-code")
        code, fresh = new_code(world.store, KIOSK), Keys()
        fresh.statement = world.keys.statement  # whoever has the old card has this one
        assert word(ask(url, code, fresh)) == (422, "invalid")
        fresh = Keys()
        assert entered(ask(url, code, fresh), code).epoch == 2
        call = Call("GET", f"{PATH}/manifest", most=10**6)
        assert calls(url, fresh.transport).make(call).status == 200
        assert word(calls(url, world.keys.transport).make(call)) == (403, "stale-epoch")
    assert kept(world, cid)[0] == "revoked"


def test_by_file_too_no_key_of_a_stolen_kiosk_comes_back(world: World) -> None:
    lying(world)
    revoke(world)
    with pytest.raises(BadKeyError, match="new keys only"):
        world.enrol(world.keys)
    half = Keys()
    half.manifest = world.keys.manifest
    with pytest.raises(BadKeyError):
        world.enrol(half)
    to_phone = open_calls(world)
    assert world.enrol(Keys()).epoch == 2
    assert open_calls(world) == to_phone != []


def test_papers_saved_in_time_are_moved_to_another_kiosk_once(world: World) -> None:
    enrol_kiosk(world.store, "bt2", Keys().public(), **UNIT)
    cid = lying(world)
    revoke(world)
    with world.store.begin() as session:
        moved = move(world.store, session, cid, "bt2")
        assert (moved.kiosk, moved.status, moved.phase) == ("bt2", "live", "expected")
    with world.store.begin() as session:
        assert session.get_one(Result, cid).place == UNIT["address"]
    with pytest.raises(OrderError), world.store.begin() as session:
        move(world.store, session, cid, "bt2")


# The command


def test_the_command_says_what_was_done_and_prints_new_credentials_once(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.add_staff()
    lying(world)
    settings = world.store.settings
    assert cli_central.revoke(settings, KIOSK) == 0
    told = capsys.readouterr().out
    assert "Results revoked just now: 1. Persons to be phoned: 1." in told
    entry = credentials(world, KIOSK)
    assert f"totp  {entry['totp_secret']}" in told
    assert cli_central.revoke(settings, KIOSK) == 0
    assert "totp" not in capsys.readouterr().out
    with pytest.raises(ConfigError, match="no kiosk 'nowhere'"):
        cli_central.revoke(settings, "nowhere")
