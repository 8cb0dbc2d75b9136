"""Staff through the office's door: registered, removed; a card is told once and rests as a sealed hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
import requests
from sqlalchemy import select

from sync.central.tables import Staff
from sync.compact import encode
from tests.sync.test_central_manifests import current, opened
from tests.sync.world import KIOSK, World, serving

STAFF = {"role": "clerk", "pin": "135790", "totp_secret": "A" * 32}


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with serving(world.store) as address:
        yield f"{address}/v1/office/kiosks/{KIOSK}/staff"


def bearer(world: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.store.settings.office_key}"}


def put(world: World, url: str, **more: object) -> requests.Response:
    body = {**STAFF, **more}
    return requests.put(f"{url}/7", json=body, headers=bearer(world), timeout=5)


def hash_of(card: str) -> str:
    prefix, number, token = card.split(".")
    assert (prefix, number, len(token)) == ("HSC1", "7", 22)
    return encode(hashlib.sha256(token.encode()).digest())


def listed(world: World) -> list[tuple[str, str]]:
    return [(s.number, s.card) for s in opened(world, current(world)).staff]


def test_staff_are_registered_with_a_card_that_only_its_answer_tells(
    world: World, url: str
) -> None:
    answer = put(world, url, card=True)
    assert answer.status_code == 200
    card = answer.json()["card"]
    assert listed(world) == [("7", hash_of(card))]
    with world.store.begin() as session:
        (row,) = session.scalars(select(Staff))
        assert card.rpartition(".")[2] not in f"{row.sealed!r}"


def test_without_a_card_there_is_none(world: World, url: str) -> None:
    assert put(world, url).json() == {"card": ""}
    assert listed(world) == [("7", "")]


def test_a_new_card_ends_the_one_before_and_a_withdrawn_one_leaves_none(
    world: World, url: str
) -> None:
    first = put(world, url, card=True).json()["card"]
    second = requests.post(f"{url}/7/card", headers=bearer(world), timeout=5)
    assert second.status_code == 201
    assert second.json()["card"] != first
    assert listed(world) == [("7", hash_of(second.json()["card"]))]
    gone = requests.delete(f"{url}/7/card", headers=bearer(world), timeout=5)
    assert gone.status_code == 204
    assert listed(world) == [("7", "")]


def test_removed_staff_are_in_no_manifest(world: World, url: str) -> None:
    put(world, url, card=True)
    assert requests.delete(f"{url}/7", headers=bearer(world), timeout=5).status_code == 204
    assert listed(world) == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/9/card", 404), ("DELETE", "/9/card", 404), ("POST", "/seven/card", 422)],
)
def test_cards_of_nobody_are_refused(
    world: World, url: str, method: str, path: str, status: int
) -> None:
    answer = requests.request(method, f"{url}{path}", headers=bearer(world), timeout=5)
    assert answer.status_code == status


def test_nobody_gets_a_card_without_the_offices_key(url: str) -> None:
    assert requests.post(f"{url}/7/card", timeout=5).status_code == 401


def test_a_pin_of_five_digits_is_refused_and_not_repeated(world: World, url: str) -> None:
    answer = put(world, url, pin="97531")
    assert answer.status_code == 422
    assert "97531" not in answer.text
