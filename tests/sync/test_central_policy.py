"""What the office lets a kiosk do by itself: tighter than the default, never looser, and at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import pytest
import requests

from sync.central.api_keys import Scope, add_key
from sync.messages import Policy
from tests.sync.online import Online
from tests.sync.world import KIOSK, World, serving

EVERY = ["language", "sound"]  # what enrolment lets a supervisor change
HELD = {**asdict(Policy()), "settings": EVERY}


class Office:
    """The office's door, at the policy of one kiosk."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self._key = {"Authorization": f"Bearer {key}"}

    def get(self, kiosk: str = KIOSK) -> requests.Response:
        path = f"{self.url}/v1/office/kiosks/{kiosk}/policy"
        return requests.get(path, headers=self._key, timeout=10)

    def put(self, limits: Mapping[str, object], kiosk: str = KIOSK) -> requests.Response:
        path = f"{self.url}/v1/office/kiosks/{kiosk}/policy"
        return requests.put(path, headers=self._key, json=limits, timeout=10)


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    with serving(world.store) as url:
        yield Office(url, world.store.settings.office_key)


def test_a_tightened_limit_reaches_a_kiosk_that_waits_and_is_stated_there(
    world: World, office: Office, tmp_path: Path
) -> None:
    online = Online(tmp_path, world, office.url)
    try:
        online.sync()
        poll = online.begin_poll()
        told = office.put({"bucket": 3, "settings": ["sound"]})
        assert told.json() == {**HELD, "bucket": 3, "settings": ["sound"]}
        online.serve(poll)
        assert online.said("manifest_accepted")[-1]["policy"] == told.json()
        assert office.get().json() == told.json()
        office.put({})
        online.fetch()
        assert online.said("manifest_accepted")[-1]["policy"] == asdict(Policy()) | {"settings": []}
    finally:
        online.close()


def test_the_same_again_makes_no_new_manifest(world: World, office: Office) -> None:
    def revision() -> int:
        with world.store.begin() as session:
            return world.store.kiosk(session, KIOSK).revision

    assert office.get().json() == HELD
    before = revision()
    office.put({"resume_s": 0})
    office.put({"resume_s": 0})
    assert revision() == before + 1


@pytest.mark.parametrize(
    "looser",
    [
        {"bucket": 11},
        {"bucket": 0},
        {"refill_s": 899},
        {"holder_refusals": 11},
        {"resume_s": 601},
        {"settings": ["rooms"]},
        {"doors": 1},
    ],
)
def test_nothing_is_loosened(office: Office, looser: dict[str, object]) -> None:
    assert office.put(looser).status_code == 422
    assert office.get().json() == HELD


def test_it_takes_the_scope_and_a_kiosk_that_is_known(world: World, office: Office) -> None:
    assert office.get("k0").status_code == 404
    assert office.put({"bucket": 3}, "k0").status_code == 404
    reads = Office(office.url, add_key(world.store, "reader", [Scope.READ]).key)
    assert reads.get().json() == HELD
    assert reads.put({"bucket": 3}).status_code == 403
