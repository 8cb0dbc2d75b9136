"""Central over real HTTP: proofs, stamps, long polls, the office's door."""

from __future__ import annotations

import json
import socket
import threading

import pytest
import requests

from sync.calls import Answer, Call, CallError
from sync.central.app import Central
from sync.central.problems import MAX_BODY_BYTES
from sync.compact import write_json
from sync.envelopes import Opened, open_manifest
from sync.keys import new_signing_key
from sync.stamps import make_stamp, sign_request
from tests.sync.world import KIOSK, World, calls, serving

PATH = f"/v1/kiosks/{KIOSK}"
REGISTER = {
    "kiosk": KIOSK,
    "dossiers": ["h29.915-261121-0042"],
    "recipient": "Nguyễn Văn Anh",
    "holders": [{"phone": "+84 530004821"}],
}


def _make(world: World, url: str, call: Call) -> Answer:
    return calls(url, world.keys.transport).make(call)


def test_an_answer_does_not_wait_until_its_head_was_acknowledged(world: World) -> None:
    # Head and body are two writes; with Nagle's algorithm the second waits for a delayed ACK: 40 ms.
    central = Central(world.store, ready=lambda _: None)
    with (
        socket.create_connection(("127.0.0.1", central.port)),
        central._socket as listener,
        listener.accept()[0] as peer,
    ):
        assert peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def _office(world: World, key: str = "order-0001") -> dict[str, str]:
    bearer = f"Bearer {world.store.settings.office_key}"
    return {"Authorization": bearer, "Idempotency-Key": key}


def test_the_first_call_fetches_a_stamp_and_succeeds(world: World, url: str) -> None:
    answer = _make(world, url, Call("GET", f"{PATH}/journal/head"))
    assert (answer.status, answer.json()) == (200, {"seq": 0, "hash": "", "quarantined": []})


def test_an_expired_stamp_is_answered_with_a_fresh_one_and_the_call_goes_through(
    world: World, url: str
) -> None:
    caller = calls(url, world.keys.transport)
    assert caller.make(Call("GET", f"{PATH}/journal/head")).status == 200
    world.now.ms += 11 * 60 * 1000
    assert caller.make(Call("GET", f"{PATH}/journal/head")).status == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"{PATH}/journal", b""),
        ("POST", f"{PATH}/journal/head", b""),
        ("GET", f"{PATH}/journal/head", b"{}"),
        ("GET", f"{PATH}/journal/head?after=1", b""),
    ],
)
def test_a_proof_for_another_call_is_refused(
    world: World, url: str, method: str, path: str, body: bytes
) -> None:
    stamp = requests.get(f"{url}/v1/office/kiosks", timeout=5).headers["Hoso-Stamp"]
    proof = sign_request(method=method, path=path, body=body, stamp=stamp, key=world.keys.transport)
    answer = requests.get(f"{url}{PATH}/journal/head", headers={"Hoso-Request": proof}, timeout=5)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:hoso:problem:signature"


def test_only_a_stamp_of_ours_that_is_not_too_old_is_taken(world: World, url: str) -> None:
    ours = world.store.stamp_secret
    old = make_stamp(ours, world.now.ms - 10 * 60 * 1000 - 1)
    foreign = make_stamp(b"x" * 32, world.now.ms)
    told = []
    for stamp in (make_stamp(ours, world.now.ms), old, foreign, ""):
        path = f"{PATH}/journal/head"
        key = world.keys.transport
        proof = sign_request(method="GET", path=path, body=b"", stamp=stamp, key=key)
        headers = {"Hoso-Request": proof}
        answer = requests.get(url + path, headers=headers, timeout=5)
        told.append((answer.status_code, answer.json().get("type")))
    assert told == [(200, None), *[(401, "urn:hoso:problem:stamp")] * 3]


def test_another_key_and_no_proof_at_all_are_refused(world: World, url: str) -> None:
    assert world.keys.transport.private
    stranger = calls(url, new_signing_key()).make(Call("GET", f"{PATH}/journal/head"))
    nobody = requests.get(f"{url}{PATH}/journal/head", timeout=5)
    assert (stranger.status, nobody.status_code) == (401, 401)


def test_an_unknown_kiosk_is_a_problem_and_so_is_an_unknown_path(world: World, url: str) -> None:
    assert _make(world, url, Call("GET", "/v1/kiosks/xx/journal/head")).status == 404
    nowhere = requests.get(f"{url}/nowhere", timeout=5)
    assert nowhere.headers["Content-Type"] == "application/problem+json"


def test_bodies_too_large_or_of_unknown_length_are_not_read(url: str) -> None:
    large = requests.put(f"{url}{PATH}/health", data=b"x" * (MAX_BODY_BYTES + 1), timeout=5)
    endless = requests.put(f"{url}{PATH}/health", data=iter([b"x"]), timeout=5)
    assert (large.status_code, endless.status_code) == (413, 411)


def test_the_manifest_is_served_sealed_and_then_is_not_modified(world: World, url: str) -> None:
    cid = world.register()
    first = _make(world, url, Call("GET", f"{PATH}/manifest?head=0.", most=10**6))
    opened = open_manifest(
        first.body,
        opening_key=world.keys.manifest,
        central_keys={world.enrolled.central.kid: world.enrolled.central},
        kiosk=KIOSK,
        epoch=1,
        in_force=None,
    )
    assert isinstance(opened, Opened)
    assert [result.cid for result in opened.manifest.results] == [cid]
    assert first.headers["etag"] == f'"{opened.hash}"'
    tags = {"If-None-Match": f'"{"A" * 43}", "{opened.hash}"'}
    again = _make(world, url, Call("GET", f"{PATH}/manifest", headers=tags))
    assert (again.status, again.body) == (304, b"")


def test_a_waiting_kiosk_is_woken_by_an_order_of_the_office(world: World, url: str) -> None:
    first = _make(world, url, Call("GET", f"{PATH}/manifest", most=10**6))
    tags = {"If-None-Match": first.headers["etag"]}
    found: list[Answer] = []

    def poll() -> None:
        call = Call("GET", f"{PATH}/manifest?wait=30", headers=tags, most=10**6, extra_s=30)
        found.append(_make(world, url, call))

    waiting = threading.Thread(target=poll)
    waiting.start()
    # Other calls go through meanwhile.
    assert _make(world, url, Call("GET", f"{PATH}/journal/head")).status == 200
    order = requests.post(
        f"{url}/v1/office/results", json=REGISTER, headers=_office(world), timeout=5
    )
    waiting.join()
    assert order.status_code == 201
    assert found[0].status == 200
    assert found[0].headers["etag"] != first.headers["etag"]


def test_the_journal_is_taken_and_given_back(world: World, url: str) -> None:
    rows = [world.journal.state("started"), world.journal.state("from_the_future", x=1)]
    headers = {"Content-Type": "application/json"}
    body = write_json({"statements": rows})
    taken = _make(world, url, Call("POST", f"{PATH}/journal", body, headers))
    assert taken.json() == {**world.journal.head, "quarantined": []}
    back = _make(world, url, Call("GET", f"{PATH}/journal?after=1"))
    assert back.json()["statements"] == rows[1:]


def test_a_gap_is_a_409_that_says_where_to_go_on(world: World, url: str) -> None:
    world.journal.state("started")
    body = write_json({"statements": [world.journal.state("fault")]})
    headers = {"Content-Type": "application/json"}
    answer = _make(world, url, Call("POST", f"{PATH}/journal", body, headers))
    told = answer.json()
    assert (answer.status, told["seq"], told["hash"]) == (409, 0, "")
    assert told["type"] == "urn:hoso:problem:gap"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"statements": 5}', b"[" * 10_000, b"\xff"])
def test_nonsense_in_the_body_is_a_problem_of_the_sender(
    world: World, url: str, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = _make(world, url, Call("POST", f"{PATH}/journal", body, headers))
    assert answer.status in (400, 422)
    assert answer.media == "application/problem+json"


def test_health_is_kept_as_the_latest_snapshot(world: World, url: str) -> None:
    headers = {"Content-Type": "application/json"}
    for doors in ("ok", "board lost"):
        call = Call("PUT", f"{PATH}/health", write_json({"doors": doors}), headers)
        assert _make(world, url, call).status == 204
    told = requests.get(f"{url}/v1/office/kiosks", headers=_office(world), timeout=5).json()
    assert told[0]["health"] == {"doors": "board lost"}


def test_the_office_registers_once_per_idempotency_key(world: World, url: str) -> None:
    where = f"{url}/v1/office/results"
    first = requests.post(where, json=REGISTER, headers=_office(world), timeout=5).json()
    again = requests.post(where, json=REGISTER, headers=_office(world), timeout=5).json()
    other = requests.post(where, json=REGISTER, headers=_office(world, "order-0002"), timeout=5)
    changed = REGISTER | {"low": True}
    misused = requests.post(where, json=changed, headers=_office(world), timeout=5)
    assert first["cid"] == again["cid"] != other.json()["cid"]
    assert first["dossiers"] == ["H29.915-261121-0042"]
    assert misused.status_code == 422


def test_no_secret_code_phone_or_full_name_comes_out_of_the_office_door(
    world: World, url: str
) -> None:
    where = f"{url}/v1/office/results"
    told = requests.post(where, json=REGISTER, headers=_office(world), timeout=5).json()
    text = json.dumps(told, ensure_ascii=False)
    assert told["recipient"] == "NGUYỄN V*** A***"
    assert told["holders"][0]["phone_masked"] == "*******821"
    assert not any(word in text for word in ("0530004821", "secret", "token", "Anh", "code"))


def test_the_office_door_wants_its_key_and_a_phone_that_is_one(world: World, url: str) -> None:
    where = f"{url}/v1/office/results"
    wrong = {"Authorization": "Bearer no", "Idempotency-Key": "order-0001"}
    bad = REGISTER | {"holders": [{"phone": "0123456789"}]}
    assert requests.get(where, timeout=5).status_code == 401
    assert requests.post(where, json=REGISTER, headers=wrong, timeout=5).status_code == 401
    refused = requests.post(where, json=bad, headers=_office(world), timeout=5)
    assert refused.status_code == 422
    assert "0123456789" not in refused.text


def test_the_office_extends_revokes_moves_and_lists(world: World, url: str) -> None:
    where = f"{url}/v1/office/results"
    cid = requests.post(where, json=REGISTER, headers=_office(world), timeout=5).json()["cid"]

    def order(verb: str, key: str, **body: str) -> requests.Response:
        headers = _office(world, f"{verb}-{key}-000")
        return requests.post(f"{where}/{cid}/{verb}", json=body, headers=headers, timeout=5)

    assert order("extend", "a", hold_until="2026-12-24T07:30:00+07:00").status_code == 200
    assert order("extend", "b", hold_until="2020-12-24T07:30:00+07:00").status_code == 422
    assert order("re-issue", "a", holder="h9").status_code == 404
    assert order("move", "a", kiosk="bt2").status_code == 404
    assert order("revoke", "a").json()["status"] == "revoked"
    assert order("move", "b", kiosk="bt1").status_code == 422
    listed = requests.get(where, params={"kiosk": KIOSK}, headers=_office(world), timeout=5)
    assert [found["cid"] for found in listed.json()] == [cid]


def test_central_ends_at_once_though_a_kiosk_waits(world: World) -> None:
    with serving(world.store) as url:
        tag = _make(world, url, Call("GET", f"{PATH}/manifest", most=10**6)).headers["etag"]
        headers = {"If-None-Match": tag}
        call = Call("GET", f"{PATH}/manifest?wait=50", headers=headers, extra_s=50)
        found: list[int] = []

        def poll() -> None:
            try:
                found.append(_make(world, url, call).status)
            except CallError:
                found.append(0)

        waiting = threading.Thread(target=poll)
        waiting.start()
    waiting.join(10)
    assert not waiting.is_alive()
    assert found in ([304], [0])


def test_the_openapi_page_is_made_and_names_every_call(url: str) -> None:
    paths = requests.get(f"{url}/openapi.json", timeout=5).json()["paths"]
    assert {p for p in paths if p.startswith("/v1/kiosks")} == {
        "/v1/kiosks/{kiosk}/manifest",
        "/v1/kiosks/{kiosk}/journal",
        "/v1/kiosks/{kiosk}/journal/head",
        "/v1/kiosks/{kiosk}/health",
    }
