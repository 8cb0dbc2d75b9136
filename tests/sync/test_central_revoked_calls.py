"""A revoked kiosk over HTTP: every call is refused, and at its own side nothing breaks."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import requests

from kiosk.core.automaton import outage
from kiosk.core.events import Key
from kiosk.core.scenes import Opening, Ready
from sync.calls import Call, CallError
from sync.central import enrol
from sync.central.revocation import revoke_kiosk
from sync.client import Activity, SyncConfig
from sync.compact import write_json
from sync.line import Line
from sync.report import Reporter
from tests.sync.online import Online
from tests.sync.replicas import until
from tests.sync.test_central_enrolment import alarms, word
from tests.sync.world import KIOSK, World, calls, serving

PATH = f"/v1/kiosks/{KIOSK}"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def cheap_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrol, "SCRYPT_N", 2**10)


def test_the_office_revokes_with_a_scope_and_every_call_is_refused_then(world: World) -> None:
    world.add_staff()
    with serving(world.store) as url:
        caller = calls(url, world.keys.transport)
        tag = caller.make(Call("GET", f"{PATH}/manifest", most=10**6)).headers["etag"]
        told = _order(world, url)
        assert told["staff"][0]["number"] == "7"
        assert _order(world, url)["staff"] == []
        wait = {"If-None-Match": tag}
        for call in (
            Call("GET", f"{PATH}/manifest"),
            Call("GET", f"{PATH}/manifest?wait=50", b"", wait, 10**6, 50),
            Call("GET", f"{PATH}/journal/head"),
            Call("GET", f"{PATH}/journal"),
            Call("PUT", f"{PATH}/health", write_json({"serving": True}), JSON),
        ):
            assert word(caller.make(call)) == (403, "revoked")
        (kiosk,) = _office(world, url, "GET", "kiosks").json()
        assert kiosk["revoked_at"] is not None
        assert kiosk["health"] == {}
        metrics = requests.get(f"{url}/metrics", timeout=10).text
        assert "hoso_central_kiosks_revoked 1.0" in metrics
    assert alarms(world) == ["revoked"]  # one, however often it calls


def test_a_poll_under_way_ends_with_the_revocation(world: World) -> None:
    with serving(world.store) as url:
        caller = calls(url, world.keys.transport)
        tag = caller.make(Call("GET", f"{PATH}/manifest", most=10**6)).headers["etag"]
        found: list[tuple[int, str]] = []
        call = Call("GET", f"{PATH}/manifest?wait=50", b"", {"If-None-Match": tag}, 10**6, 50)
        poll = threading.Thread(target=lambda: found.append(word(caller.make(call))))
        poll.start()
        until(lambda: "hoso_central_waiting 1.0" in requests.get(f"{url}/metrics", timeout=9).text)
        _order(world, url)
        poll.join()
    assert found == [(403, "revoked")]


def _office(world: World, url: str, method: str, path: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {world.store.settings.office_key}"}
    return requests.request(method, f"{url}/v1/office/{path}", headers=headers, timeout=20)


def _order(world: World, url: str) -> dict[str, list[dict[str, str]]]:
    answer = _office(world, url, "POST", f"kiosks/{KIOSK}/revoke")
    assert answer.status_code == 200, answer.text
    told: dict[str, list[dict[str, str]]] = answer.json()
    return told


# The kiosk's side


def test_a_revoked_kiosk_goes_on_serving_and_its_sync_pauses(world: World, tmp_path: Path) -> None:
    """An answer without a signature takes nobody out of service; a manifest with all revoked would."""
    with serving(world.store) as url:
        online = Online(tmp_path, world, url)
        try:
            cid = world.register()
            online.sync()
            number = online.load(cid)
            online.report()
            revoke_kiosk(world.store, KIOSK, "test")
            config = SyncConfig(url, KIOSK, online.path, world.keys.transport)
            caller = calls(url, world.keys.transport)
            reporter = Reporter(KIOSK, Line(online.path), caller, lambda: 0.0)
            activity, pauses = Activity("report", reporter.step, config), list[float]()
            for _ in range(3):
                online.aside(lambda: pauses.append(activity.once()))
            assert all(0 < pause <= 60 for pause in pauses)
            with pytest.raises(CallError, match="403 revoked"):
                online.fetch()
            assert outage(online.kiosk.state, online.kiosk.now.up_ms) is None
            online.enter(online.code(cid))
            online.at(Ready)
            online.kiosk.press(Key.OPEN)
            assert online.at(Opening).compartment == number
        finally:
            online.close()
