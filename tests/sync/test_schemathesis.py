"""Whatever the OpenAPI allows, and much that it does not: no 5xx, and every answer is as it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync.central import tasks
from sync.central.enrol import enrol_kiosk
from tests.sync.test_central_journal import take
from tests.sync.world import KIOSK, Keys, World, serving

PHONE = "0530004821"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 4  # of each call, each way
FEWEST_CALLS = 20
SPARE = "bt9"  # may be revoked
KEPT = ("/enrolments",)  # its own tests; wrong codes are slowed down there


@pytest.fixture
def url(world: World) -> Iterator[str]:
    world.store.settings = replace(world.store.settings, rate_burst=10**6)
    with serving(world.store) as address:
        yield address


def real(case: Case[Any], cid: str) -> Case[Any]:
    """The same call about things that there are."""
    kiosk = SPARE if case.operation.path.endswith("{kiosk}/revoke") else KIOSK
    names = {"kiosk": kiosk, "cid": cid, "holder": "h1", "number": "7", "task": 1}
    case.path_parameters = {n: names.get(n, v) for n, v in (case.path_parameters or {}).items()}
    if isinstance(case.body, dict):
        told: dict[str, Any] = {
            "kiosk": KIOSK,
            "phone": PHONE,
            "holders": [{"phone": PHONE}],
            "dossiers": ["H29-1"],
        }
        case.body = {n: told.get(n, v) for n, v in case.body.items() if n != "hold_until"}
    return case


def lying(world: World) -> str:
    """A result in the cabinet, with somebody to phone."""
    cid = world.register()
    take(world, world.journal.state("loaded", cid=cid, compartment=3))
    take(world, world.journal.state("staff_out", staff="7"))
    with world.store.begin() as session:
        tasks.phone(session, cid, "h1", "ready", tasks.LATE, f"phone:{cid}", world.now.ms)
    return cid


def try_out(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    session: requests.Session,
    cid: str,
) -> set[int]:
    """A few calls, each held against the OpenAPI; the statuses that came."""
    seen: set[int] = set()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case: Case[Any]) -> None:
        case = real(case, cid) if mode is GenerationMode.POSITIVE else case
        seen.add(case.call_and_validate(session=session, checks=CHECKS).status_code)

    holds()
    return seen


def test_every_call_answers_as_the_openapi_says(world: World, url: str) -> None:
    enrol_kiosk(world.store, SPARE, Keys().public(), unit="P.Cầu Kiệu", address="5 Phan Xích")
    caller = requests.Session()
    caller.headers["Authorization"] = f"Bearer {world.store.settings.office_key}"
    met, seen = set[str](), set[int]()
    for found in schemathesis.openapi.from_url(f"{url}/openapi.json").get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if not operation.path.endswith(KEPT):
            met.add(operation.label)
            seen |= try_out(operation, GenerationMode.POSITIVE, caller, lying(world))
            if operation.body or operation.query:  # else nothing can be wrong with it
                seen |= try_out(operation, GenerationMode.NEGATIVE, caller, "")
    assert len(met) >= FEWEST_CALLS
    assert {200, 201, 401, 404, 422} <= seen
