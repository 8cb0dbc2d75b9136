"""The office's door beyond results: scopes, pace, recipients, marks, tasks; over real HTTP."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import requests
from sqlalchemy import select

from kiosk import cli_central
from kiosk.config import ConfigError
from sync.central import notices, tasks
from sync.central.api_keys import KeyMakingError, Pace, add_key, revoke_key
from sync.central.office_tables import ApiKey
from sync.central.store import UnknownError
from sync.central.tables import Kiosk, Notice
from tests.sync.replicas import until
from tests.sync.test_central_journal import take
from tests.sync.world import KIOSK, NOW, Hand, World, serving

REGISTER = {
    "kiosk": KIOSK,
    "dossiers": ["H29.915-261121-0042"],
    "recipient": "Nguyễn Văn Anh",
    "holders": [{"phone": "0530004821"}],
}


class Office:
    """Somebody with one key."""

    def __init__(self, url: str, key: str) -> None:
        self._url = f"{url}/v1/office"
        self._key = key
        self._orders = 0

    def ask(self, method: str, path: str, body: object = None, key: str = "") -> requests.Response:
        self._orders += 1
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Idempotency-Key": key or f"order-{id(self)}-{self._orders}",
        }
        return requests.request(method, self._url + path, json=body, headers=headers, timeout=10)


@pytest.fixture
def root(world: World, url: str) -> Office:
    return Office(url, world.store.settings.office_key)


def revision(world: World) -> int:
    with world.store.begin() as session:
        return session.get_one(Kiosk, KIOSK).revision


def lie(world: World, root: Office, **more: object) -> str:
    cid = str(root.ask("POST", "/results", {**REGISTER, **more}).json()["cid"])
    take(world, world.journal.state("loaded", cid=cid, compartment=3))
    take(world, world.journal.state("staff_out", staff="7"))
    return cid


def kind_of(answer: requests.Response) -> str:
    return str(answer.json()["type"]).removeprefix("urn:hoso:problem:")


def spool(world: World) -> list[str]:
    """What has left once nothing is due any more; the serving central may be sending it itself."""
    due = (Notice.state == "waiting", Notice.due_ms <= world.now.ms)

    def all_left() -> bool:
        notices.send_due(world.store)
        with world.store.begin() as session:
            return session.scalar(select(Notice.id).where(*due).limit(1)) is None

    until(all_left)
    # By number: as text, 10 would come before 9.
    return [f.read_text() for f in sorted((world.store.settings.folder / "spool").glob("*.json"))]


def test_every_scope_opens_its_own_calls_and_no_others(
    world: World, url: str, root: Office
) -> None:
    cid = lie(world, root)
    calls = {
        "results": ("POST", f"/results/{cid}/marks", {"fee_due": True}),
        "staff": ("DELETE", f"/kiosks/{KIOSK}/staff/9", None),
        "print": ("GET", f"/results/{cid}/holders/h1/slip", None),
        "tasks": ("POST", "/tasks/1/done", None),
        "read": ("GET", "/kiosks", None),
    }
    for scope in calls:
        office = Office(url, add_key(world.store, f"only-{scope}", [scope]).key)
        refused = {
            other: office.ask(*call).status_code == 403 and kind_of(office.ask(*call)) == "scope"
            for other, call in calls.items()
        }
        assert refused == {other: other != scope for other in calls}


def test_a_revoked_a_made_up_and_a_half_key_open_nothing(world: World, url: str) -> None:
    made = add_key(world.store, "one-stop", ["read"])
    good = Office(url, made.key)
    assert good.ask("GET", "/kiosks").status_code == 200
    for bad in (made.key[:-1], made.key[:-1] + "!", f"hk_{made.id}_", "hk_", "", "x" * 5000):
        assert Office(url, bad).ask("GET", "/kiosks").status_code == 401
    revoke_key(world.store, made.id)
    told = good.ask("GET", "/kiosks")
    assert (told.status_code, kind_of(told)) == (401, "office-key")
    with pytest.raises(UnknownError):
        revoke_key(world.store, "nobody")


def test_a_key_is_kept_as_a_hash_and_told_once(world: World) -> None:
    made = add_key(world.store, "one-stop", ["read", "results"])
    with world.store.begin() as session:
        (row,) = session.scalars(select(ApiKey)).all()
    assert made.key[len(f"hk_{made.id}_") :] not in str(vars(row))
    assert made.key not in repr(made)
    assert (row.name, row.scopes, row.made_ms) == ("one-stop", ["read", "results"], NOW)


@pytest.mark.parametrize(
    ("name", "scopes"),
    [("office", ["read"]), ("", ["read"]), ("A B", ["read"]), ("a", []), ("a", ["all"])],
)
def test_a_key_without_a_name_or_with_an_unknown_scope_is_not_made(
    world: World, name: str, scopes: list[str]
) -> None:
    with pytest.raises(KeyMakingError):
        add_key(world.store, name, scopes)


def test_who_calls_too_fast_is_told_when_to_come_again(world: World) -> None:
    settings = replace(world.store.settings, rate_per_minute=6, rate_burst=3)
    world.store.settings = settings
    with serving(world.store) as url:
        fast = Office(url, settings.office_key)
        other = Office(url, add_key(world.store, "other", ["read"]).key)
        told = [fast.ask("GET", "/kiosks") for _ in range(4)]
        assert [answer.status_code for answer in told] == [200, 200, 200, 429]
        assert (kind_of(told[3]), told[3].headers["Retry-After"]) == ("slow-down", "10")
        assert other.ask("GET", "/kiosks").status_code == 200
        world.now.ms += 10_000
        assert fast.ask("GET", "/kiosks").status_code == 200
        assert fast.ask("GET", "/kiosks").status_code == 429


def test_a_bucket_refills_steadily_and_a_clock_set_back_takes_nothing() -> None:
    clock = Hand()
    pace = Pace(60, 2, clock)
    assert [pace.wait_s("a") for _ in range(3)] == [0, 0, 1]
    clock.ms += 500
    assert pace.wait_s("a") == 1
    clock.ms += 500
    assert (pace.wait_s("a"), pace.wait_s("a")) == (0, 1)
    clock.ms -= 3_600_000
    assert pace.wait_s("a") == 1
    clock.ms += 1000
    assert (pace.wait_s("a"), pace.wait_s("b")) == (0, 0)
    clock.ms += 3_600_000
    assert [pace.wait_s("a") for _ in range(3)] == [0, 0, 1]


def test_a_recipient_who_is_added_later_gets_a_code_and_raises_the_revision(
    world: World, root: Office
) -> None:
    cid = lie(world, root)
    assert len(spool(world)) == 1
    before = revision(world)
    told = root.ask("POST", f"/results/{cid}/holders", {"phone": "0540001111"}, "added-by-1")
    again = root.ask("POST", f"/results/{cid}/holders", {"phone": "0540001111"}, "added-by-1")
    assert (told.status_code, again.status_code) == (201, 201)
    assert [(h["id"], h["role"]) for h in again.json()["holders"]] == [
        ("h1", "self"),
        ("h2", "authorised"),
    ]
    assert revision(world) == before + 1
    assert ["0540001111" in text for text in spool(world)] == [False, True]


def test_a_recipient_added_during_the_loading_is_told_with_the_others(
    world: World, root: Office
) -> None:
    cid = str(root.ask("POST", "/results", REGISTER).json()["cid"])
    take(world, world.journal.state("loaded", cid=cid, compartment=3))
    root.ask("POST", f"/results/{cid}/holders", {"phone": "0540001111"})
    assert spool(world) == []
    take(world, world.journal.state("retrieved", cid=cid, compartment=3, staff="7"))
    take(world, world.journal.state("staff_out", staff="7"))
    assert spool(world) == []


def test_a_recipient_who_is_taken_off_is_forgotten_and_the_id_is_never_given_again(
    world: World, root: Office
) -> None:
    cid = str(root.ask("POST", "/results", REGISTER).json()["cid"])
    root.ask("POST", f"/results/{cid}/holders", {"phone": "0540001111"})
    before = revision(world)
    told = root.ask("DELETE", f"/results/{cid}/holders/h2").json()
    assert [held["id"] for held in told["holders"]] == ["h1"]
    assert revision(world) == before + 1
    told = root.ask("POST", f"/results/{cid}/holders", {"phone": "0540001112"}).json()
    assert [held["id"] for held in told["holders"]] == ["h1", "h3"]
    assert root.ask("DELETE", f"/results/{cid}/holders/h2").status_code == 404
    citizen = root.ask("DELETE", f"/results/{cid}/holders/h1")
    assert (citizen.status_code, kind_of(citizen)) == (422, "cannot-be")


def test_a_code_of_somebody_taken_off_that_was_faster_still_moves_the_parts(
    world: World, root: Office
) -> None:
    cid = lie(world, root)
    root.ask("POST", f"/results/{cid}/holders", {"phone": "0540001111"})
    root.ask("DELETE", f"/results/{cid}/holders/h2")
    fields = {"holder": "h2", "gen": 1, "counter": 0, "compartments": [3]}
    take(world, world.journal.state("accepted", cid=cid, **fields))
    assert root.ask("GET", f"/results/{cid}").json()["phase"] == "accepted"


def test_marks_are_set_and_cleared_and_what_is_left_out_stays(world: World, root: Office) -> None:
    cid = str(root.ask("POST", "/results", REGISTER).json()["cid"])
    before = revision(world)
    seen = []
    for body in ({"fee_due": True}, {"overdue": True}, {"fee_due": False}, {"overdue": True}):
        told = root.ask("POST", f"/results/{cid}/marks", body).json()
        seen.append((told["fee_due"], told["overdue"]))
    assert seen == [(True, False), (True, True), (False, True), (False, True)]
    assert revision(world) == before + 3


def test_a_call_shows_its_phone_to_whoever_may_phone_and_is_done_once(
    world: World, url: str, root: Office
) -> None:
    cid = lie(world, root)
    spool(world)  # a code that leaves later would make the call pointless
    with world.store.begin() as session:
        tasks.phone(session, cid, "h1", "ready", tasks.REFUSED, "phone:1", NOW)
    reader = Office(url, add_key(world.store, "reader", ["read"]).key)
    phoner = Office(url, add_key(world.store, "phoner", ["tasks"]).key)
    (hidden, *_), (shown, *_) = (
        reader.ask("GET", "/tasks").json(),
        phoner.ask("GET", "/tasks").json(),
    )
    assert (hidden["phone"], shown["phone"]) == (None, "0530004821")
    assert (shown["about"], shown["why"], shown["recipient"]) == (
        "ready",
        "refused",
        "NGUYỄN V*** A***",
    )
    path = f"/tasks/{shown['id']}/done"
    first, second = phoner.ask("POST", path).json(), root.ask("POST", path).json()
    assert first["by"] == second["by"] == "phoner"
    assert shown["id"] not in [task["id"] for task in reader.ask("GET", "/tasks").json()]
    assert shown["id"] in [task["id"] for task in reader.ask("GET", "/tasks?every=true").json()]


def test_the_command_makes_a_key_and_ends_it(
    world: World, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = world.store.settings
    assert cli_central.add_office_key(settings, "one-stop", "results,read") == 0
    found = re.search(r"hk_([0-9a-f]+)_\S+", capsys.readouterr().out)
    assert found is not None
    assert Office(url, found[0]).ask("GET", "/kiosks").status_code == 200
    assert cli_central.revoke_office_key(settings, found[1]) == 0
    assert Office(url, found[0]).ask("GET", "/kiosks").status_code == 401
    assert cli_central.revoke_office_key(settings, "nobody") == 1
    with pytest.raises(ConfigError, match="wanted some of results, staff"):
        cli_central.add_office_key(settings, "one-stop", "everything")
