"""What an operator sees: health, figures and one line for every request; and a database that is gone."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import requests

from sync.calls import PROBLEM, Call
from sync.central.migrate import HEAD
from sync.logs import JsonLines
from tests.sync.postgres import Server
from tests.sync.replicas import JSON, PATH, Replica, long_poll, until
from tests.sync.world import KIOSK, World

SQLITE = pytest.mark.parametrize("world", ["sqlite"], indirect=True)
POSTGRES = pytest.mark.parametrize("world", ["postgres"], indirect=True)
BOTH = pytest.mark.parametrize("world", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def replica(world: World) -> Iterator[Replica]:
    made = Replica(world)
    yield made
    made.stop()


def health(replica: Replica) -> tuple[int, dict[str, str]]:
    answer = requests.get(f"{replica.url}/healthz", timeout=30)
    return answer.status_code, answer.json()


@BOTH
def test_a_central_that_serves_says_so(replica: Replica) -> None:
    until(lambda: health(replica)[1]["status"] == "ok")
    wanted = {"database": "ok", "migrations": HEAD, "wanted": HEAD, "listener": "ok"}
    assert health(replica) == (200, {"status": "ok", **wanted})


@POSTGRES
def test_without_its_database_it_answers_503_by_name_and_recovers(
    world: World, replica: Replica, postgres: Server
) -> None:
    url = world.store.settings.database
    row = world.journal.state("started")
    assert replica.make(Call("GET", f"{PATH}/journal/head")).status == 200
    postgres.allow(url, connections=False)
    postgres.hang_up(url)
    refused = replica.post(row)
    office = replica.office("GET", "/alarms", "any")
    for status, headers in (
        (refused.status, refused.headers),
        (office.status_code, office.headers),
    ):
        assert (status, headers["content-type"], headers["retry-after"]) == (503, PROBLEM, "10")
    assert office.json()["type"] == "urn:hoso:problem:database"
    assert health(replica)[0] == 503
    assert (replica.figure("database_up"), replica.figure("listener_up")) == (0, 0)
    postgres.allow(url, connections=True)
    assert replica.post(row).json()["seq"] == 1
    until(lambda: health(replica)[1]["status"] == "ok")


@POSTGRES
def test_a_waiting_kiosk_looks_again_while_the_listener_is_down(
    world: World, replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    replica.stop()
    monkeypatch.setattr("sync.central.listener.LOOK_S", 0.1)
    monkeypatch.setattr("sync.central.store.plain_url", lambda _: "postgresql:///?host=/nowhere")
    replica.start()
    first = replica.make(Call("GET", f"{PATH}/manifest", most=10**6))
    assert health(replica) == (200, health(replica)[1] | {"status": "degraded", "listener": "down"})
    poll = long_poll(replica, first.headers["etag"])
    world.add_staff()  # by another process
    assert poll.answer().status == 200


@BOTH
@pytest.mark.parametrize(
    "text", ['{"x": NaN}', '{"x": "\\u0000"}', '{"x": "\\ud800"}', '{"x": 1e999}', '{"\\u0000": 1}']
)
def test_health_that_no_database_keeps_is_the_senders_fault(replica: Replica, text: str) -> None:
    answer = replica.make(Call("PUT", f"{PATH}/health", text.encode(), JSON))
    assert (answer.status, answer.media) == (422, PROBLEM)
    assert replica.office("GET", "/kiosks", "any").json()[0]["health"] == {}


@BOTH
@pytest.mark.parametrize("kiosk", ["a\x00b", "\ud800"])
def test_a_name_that_no_database_keeps_is_the_senders_fault(replica: Replica, kiosk: str) -> None:
    people = [{"phone": "0530004821"}]
    order = {"kiosk": kiosk, "dossiers": ["H1"], "recipient": "Trần", "holders": people}
    # `requests` would not write half a character.
    body = json.dumps(order)
    headers = {
        "Authorization": f"Bearer {replica.store.settings.office_key}",
        "Idempotency-Key": "order-0001",
        **JSON,
    }
    told = requests.post(f"{replica.url}/v1/office/results", body, headers=headers, timeout=5)
    listed = replica.office("GET", "/results?phase=%00", "any")
    assert told.status_code in (404, 422)
    assert listed.status_code in (200, 422)


@BOTH
def test_figures_count_what_came_and_name_nobody(world: World, replica: Replica) -> None:
    cid = world.register()
    rows = [world.journal.state("loaded", cid=cid, compartment=3), world.journal.state("fault")]
    assert replica.post(*rows).status == 200
    world.journal.state("started")
    assert replica.post(world.journal.state("started")).status == 409
    requests.request("BREW", f"{replica.url}/nowhere/{cid}", timeout=5)
    assert replica.figure("statements_total") == 2
    assert replica.figure('journal_stops_total{why="gap"}') == 1
    assert replica.figure('alarms_total{kind="fault"}') == 1
    assert replica.figure("notices_waiting") == 1
    assert replica.figure("waiting") == 0
    posted = 'method="POST",route="/v1/kiosks/{kiosk}/journal"'
    assert replica.figure(f'requests_total{{{posted},status="200"}}') == 1
    assert replica.figure('requests_total{method="other",route="none",status="404"}') == 1
    text = requests.get(f"{replica.url}/metrics", timeout=5).text
    assert not any(word in text for word in (KIOSK, cid, "0530004821", "BREW"))


@SQLITE
def test_every_request_is_one_line_without_what_it_carried(
    world: World, replica: Replica, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "kiosk.central.access")
    row = world.journal.state("started")
    replica.post(row)
    requests.get(f"{replica.url}/v1/kiosks/a%0Ab/manifest?token=abc", timeout=5)
    replica.stop()
    replica.start()
    lines = [JsonLines().format(record) for record in caplog.records]
    told = [json.loads(line) for line in lines]
    taken = [one for one in told if one.get("status") == 200]
    assert [(t["method"], t["route"], t["kiosk"]) for t in taken] == [
        ("POST", "/v1/kiosks/{kiosk}/journal", KIOSK)
    ]
    assert all(isinstance(one["ms"], int) for one in told)
    assert told[-1] == told[-1] | {"status": 404, "route": "/v1/kiosks/{kiosk}/manifest"}
    assert "kiosk" not in told[-1]
    text = "\n".join(lines)
    assert not any(word in text for word in (row, "Hoso-", "token", "abc", "a\nb"))
