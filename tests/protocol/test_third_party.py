"""Other implementations of JOSE than ours fetch, open, sign and report: over real HTTP, to our central."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
import requests

from docs import protocol_files
from docs.protocol_examples import KEYS
from sync.calls import REQUEST_HEADER, STAMP_HEADER
from sync.compact import encode
from sync.keys import Key, public_jwk
from sync.messages import REQUEST_TYPE, STATEMENT_TYPE, rfc3339
from sync.stamps import sign_request
from tests.protocol.outsiders import JwCrypto, Jwk, NodeJose, NotHereError, Outsider
from tests.sync.world import KIOSK, NOW, World, received, serving

MADE = cast(dict[str, Any], protocol_files.kept())
CALL_S = 10


@pytest.fixture(scope="module", params=["jwcrypto", "npm jose"])
def outsider(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outsider:
    if request.param == "jwcrypto":
        return JwCrypto()
    try:
        return NodeJose(tmp_path_factory.mktemp("npm"))
    except NotHereError as why:
        pytest.skip(f"the npm package jose does not check our protocol here: {why}")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.store.close()


def _private(key: Key) -> Jwk:
    return {name: str(key.jwk.dict_value[name]) for name in ("kty", "crv", "x", "d")}


def _public(key: Key) -> Jwk:
    return {name: text for name, text in public_jwk(key).items() if name != "kid"}


@dataclass
class Kiosk:
    """A kiosk of another team: its keys are ours to read, its JOSE is not."""

    outsider: Outsider
    world: World
    url: str
    stamp: str = ""
    rows: list[str] = field(default_factory=list)

    def call(self, method: str, path: str, body: bytes = b"") -> requests.Response:
        """Signed, and once more when only the stamp was wanted."""
        answer = self._once(method, path, body)
        if answer.status_code == 401 and answer.json()["type"] == "urn:hoso:problem:stamp":
            answer = self._once(method, path, body)
        return answer

    def _once(self, method: str, path: str, body: bytes) -> requests.Response:
        digest = encode(hashlib.sha256(body).digest())
        payload = {"method": method, "path": path, "body": digest, "stamp": self.stamp}
        key = _private(self.world.keys.transport)
        proof = self.outsider.sign(json.dumps(payload), REQUEST_TYPE, key)
        headers = {REQUEST_HEADER: proof, "Content-Type": "application/json"}
        answer = requests.request(
            method, self.url + path, data=body, headers=headers, timeout=CALL_S
        )
        self.stamp = answer.headers[STAMP_HEADER]
        return answer

    def state(self, kind: str, **fields: object) -> None:
        """A row more, with blanks and an order of fields that ours would not write."""
        prev = encode(hashlib.sha256(self.rows[-1].encode()).digest()) if self.rows else ""
        payload = {
            "kind": kind,
            **fields,
            "up": 1.5,
            "clock": "synced",
            "at": rfc3339(NOW),
            "prev": prev,
            "seq": len(self.rows) + 1,
            "epoch": 1,
            "kiosk": KIOSK,
        }
        key = _private(self.world.keys.statement)
        text = json.dumps(payload, ensure_ascii=False, indent=1)
        self.rows.append(self.outsider.sign(text, STATEMENT_TYPE, key))


def test_it_opens_the_worked_example(outsider: Outsider) -> None:
    keys = MADE["keys"]
    central = {name: keys["central"][name] for name in ("kty", "crv", "x")}
    told = outsider.open(MADE["manifest"]["sealed"], keys["manifest"], central)
    assert json.loads(told) == MADE["manifest"]["payload"]


def test_it_reads_our_statement_and_signs_the_same_payload(outsider: Outsider) -> None:
    row = MADE["statements"][0]
    text = json.dumps(row["payload"], ensure_ascii=False, separators=(",", ":"))
    signed = outsider.sign(text, STATEMENT_TYPE, MADE["keys"]["statement"])
    assert signed.split(".")[1:2] == row["compact"].split(".")[1:2]
    assert outsider.check(row["compact"], STATEMENT_TYPE, _half("statement")) == text


def test_it_lives_as_a_kiosk_of_our_central(outsider: Outsider, world: World) -> None:
    cid = world.register()
    with serving(world.store) as url:
        kiosk = Kiosk(outsider, world, url)
        answer = kiosk.call("GET", f"/v1/kiosks/{KIOSK}/manifest?wait=0&head=0.")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/jose")
        opened = outsider.open(
            answer.text, _private(world.keys.manifest), _public(world.enrolled.central)
        )
        assert [result["cid"] for result in json.loads(opened)["results"]] == [cid]
        kiosk.state("started", version="of another team", compartments=[1], unproven=[])
        kiosk.state("loaded", cid=cid, compartment=1, staff="7")
        body = json.dumps({"statements": kiosk.rows}).encode()
        told = kiosk.call("POST", f"/v1/kiosks/{KIOSK}/journal", body)
        assert (told.status_code, told.json()["seq"]) == (200, 2)
        assert told.json()["quarantined"] == []
        again = kiosk.call("GET", f"/v1/kiosks/{KIOSK}/journal/head").json()
    assert again["hash"] == encode(hashlib.sha256(kiosk.rows[-1].encode()).digest())
    assert received(world) == kiosk.rows


def test_it_checks_our_requests_as_another_central_would(outsider: Outsider) -> None:
    told = MADE["request"]
    seen = outsider.check(told["proof"], REQUEST_TYPE, _half("transport"))
    assert seen is not None
    body = encode(hashlib.sha256(told["body"].encode()).digest())
    expected = {"method": "POST", "path": told["path"], "body": body, "stamp": told["stamp"]}
    assert json.loads(seen) == expected
    forged = sign_request(method="GET", path="/", body=b"", stamp="", key=KEYS["central"])
    head, payload, _ = told["proof"].split(".")
    stolen = f"{head}.{payload}.{forged.rpartition('.')[2]}"
    assert outsider.check(stolen, REQUEST_TYPE, _half("transport")) is None


def _half(name: str) -> Jwk:
    return {part: MADE["keys"][name][part] for part in ("kty", "crv", "x")}
