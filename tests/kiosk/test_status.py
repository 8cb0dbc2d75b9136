"""How the kiosk says it is: figures for strangers' eyes, without papers, people or secrets."""

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from drivers.doors import Reading
from kiosk import status
from kiosk.core.events import Key
from kiosk.core.scenes import Idle, Out, Outage
from kiosk.core.staff_scenes import Session
from kiosk.core.state import State
from kiosk.core.upkeep_scenes import Unlock
from sync.forms import object_of
from sync.health import HEALTH
from sync.messages import Clock, Role, rfc3339
from tests.flows.walk import Walk, press, pull

FREE = 5 * 2**30


@pytest.fixture
def walk() -> Walk:
    return Walk({"r1": (3,), "r2": (4,)})


def _health(walk: Walk, **state: object) -> dict[str, object]:
    changed: State = replace(walk.state, **state)  # type: ignore[arg-type]  # a table of cases
    return json.loads(json.dumps(status.health(changed, walk.now, FREE)))  # type: ignore[no-any-return]


def test_a_serving_kiosk_says_so_in_figures(walk: Walk) -> None:
    health = _health(walk)
    assert health == {
        "kiosk": "bt1",
        "epoch": 1,
        "version": "test",
        "at": rfc3339(walk.wall_ms),
        "clock": "synced",
        "up_s": walk.up_ms // 1000,
        "serving": True,
        "outage": "",
        "journal": "",
        "busy": False,
        "manifest": walk.memory.ver,
        "manifest_age_s": (walk.wall_ms - walk.memory.iat_ms) // 1000,
        "statements": walk.memory.seq,
        "contact_age_s": None,
        "compartments": {"free": 4, "occupied": 2},
        "unchecked": [],
        "audit": "",
        "blocked": [],
        "unproven": [],
        "open": [],
        "faults": [],
        "mains": None,
        "battery_percent": None,
        "celsius": None,
        "tries": 10,
        "free_mb": 5 * 1024,
    }


def test_a_visit_and_a_session_of_staff_are_busy_also_behind_the_pin(walk: Walk) -> None:
    assert _health(walk, scene=Out(Outage.POWER))["busy"] is False
    press(Key.START)(walk)
    assert _health(walk)["busy"] is True
    paused = Unlock(0, Session("7", Role.CLERK), Idle())
    assert _health(walk, scene=Idle(), paused=paused)["busy"] is True


def test_what_is_wrong_is_named(walk: Walk) -> None:
    pull(2)(walk)
    health = _health(walk)
    assert (health["open"], health["unchecked"], health["serving"]) == ([2], [2], True)
    walk.readings = dict.fromkeys(walk.readings, Reading.UNKNOWN)
    walk.wait(15_000)
    health = _health(walk)
    assert (health["serving"], health["outage"], health["faults"]) == (False, "doors", ["doors"])


def test_the_age_of_the_last_contact_is_told(walk: Walk) -> None:
    assert _health(walk, contact_ms=walk.up_ms - 61_999)["contact_age_s"] == 61


def test_a_clock_that_is_not_trusted_is_told_and_judges_no_age(walk: Walk) -> None:
    unknown = replace(walk.state.clock, trust=Clock.UNKNOWN)
    health = _health(walk, clock=unknown)
    assert (health["clock"], health["manifest_age_s"]) == ("unknown", None)


@pytest.mark.parametrize("known", [True, False], ids=["it served before", "never"])
def test_a_journal_that_refuses_is_told_and_what_was_known_stays(
    walk: Walk, *, known: bool
) -> None:
    before = _health(walk, faults=frozenset({"hot"})) if known else {}
    told = status.out_of_order(before, walk.site, walk.now, "full", FREE)
    assert (told["serving"], told["outage"], told["journal"]) == (False, "journal", "full")
    assert (told["faults"], told["free_mb"]) == (["hot"] if known else [], 5 * 1024)
    assert told.keys() == _health(walk).keys()
    Draft202012Validator(object_of(HEALTH)).validate(told)


def test_what_is_told_has_the_form_of_the_protocol(walk: Walk) -> None:
    Draft202012Validator(object_of(HEALTH)).validate(_health(walk))


def test_without_a_manifest_none_is_in_force(walk: Walk) -> None:
    assert status.in_force(walk.state) == (walk.memory.ver, walk.memory.manifest_hash)
    bare = replace(walk.state, manifest=None)
    assert status.in_force(bare) == (0, "")
    assert status.health(bare, walk.now, FREE)["outage"] == "never_synced"


def test_it_holds_neither_people_nor_papers_nor_secrets(walk: Walk) -> None:
    text = json.dumps(status.health(walk.state, walk.now, FREE))
    for result in walk.central.results.values():
        holder = result.holders["h1"]
        for secret in (
            result.cid,
            result.recipient,
            *result.dossiers,
            holder.phone,
            holder.secret,
            holder.token,
            walk.central.code(result.cid),
        ):
            assert secret not in text
