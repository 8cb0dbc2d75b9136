"""What statements never hold: code, token, secret, PIN, known digits, name, phone (promise 10)."""

from __future__ import annotations

import json

from kiosk.core.events import Key
from kiosk.core.memory import encode
from kiosk.core.scenes import Again, Closed, Idle, Open, Opening, Ready, Refused, Told
from kiosk.core.staff_scenes import Loading
from sync.messages import Kind
from tests.flows.walk import Walk, press, published, push, scanned, seconds, typed
from tests.flows.ways import loading, opening, right_code, to_the_hub, typing

CARD = "079123456789||NGUYỄN VĂN A|01011990|Nam|P. Bình Tiên|01012021"


def everything(walk: Walk) -> list[str]:
    """A long story; every secret that was seen, typed or shown in it."""
    central = walk.central
    central.register("r9", "0530001639").recipient = "TRẦN T*** B***"
    central.authorise("r1", "h2", "0530009999")
    walk.publish()
    held = [h for r in central.results.values() for h in r.holders.values()]
    totp = central.totp(walk.wall_ms)
    walk.go(*to_the_hub(walk), (scanned(CARD), Loading), (scanned("junk 4821"), Loading))
    walk.go(*loading(central.results["r9"].dossiers[0], 2), (press(Key.SIGN_OUT), Idle))
    walk.go(*typing("4821", "13572468", Refused), (press(Key.FINISH), Idle))
    walk.go(*right_code(walk), *opening(), (push(1), Closed), (press(Key.FORGOT), Again))
    walk.go((typed("4821"), Again), (press(Key.CONFIRM), Opening), (seconds(0.4), Open))
    walk.go((push(1), Closed), (press(Key.RATE, "4"), Closed), (seconds(60), Idle))
    walk.go((scanned(central.qr("r9")), Ready), *opening(), (push(2), Closed), (seconds(60), Idle))
    walk.go(*right_code(walk, "r1", leads_to=Told), (press(Key.FINISH), Idle), (published, Idle))
    seen = [central.pin(), totp, "13572468", "079123456789", central.code("r1"), central.code("r9")]
    seen += [value for h in held for value in (h.secret, h.token, h.phone, h.phone[-4:])]
    return [*seen, "NGUYỄN", "TRẦN", "T***"]


def leaves(value: object) -> list[str]:
    """Every text and number somewhere inside a field, as text."""
    if isinstance(value, dict):
        return [leaf for pair in value.items() for part in pair for leaf in leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part)]
    return [str(value)]


def test_no_statement_of_a_full_story_holds_a_secret_or_a_name() -> None:
    walk = Walk({"r1": (1,)})
    secrets = everything(walk)
    for statement in walk.journal:
        said = leaves(dict(statement.fields))
        assert [s for s in secrets if any(s in leaf for leaf in said)] == [], statement.kind


def test_no_secret_is_remembered_or_shown_by_repr() -> None:
    walk = Walk({"r1": (1,)})
    secrets = everything(walk)
    long = [s for s in secrets if len(s) > 4]
    assert [s for s in secrets if s in encode(walk.memory).decode()] == []
    assert [s for s in long if s in repr(walk.state)] == []


def test_a_half_typed_code_is_not_in_the_repr_of_the_state() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk)[:-1])
    assert walk.central.code("r1") not in repr(walk.state)
    assert "'4821'" not in repr(walk.state)
    walk.go((seconds(90), Idle), *to_the_hub(walk)[:-1])
    assert walk.central.pin() not in repr(walk.state)


def test_a_rating_names_neither_result_nor_holder() -> None:
    walk = Walk({"r1": (1,)})
    everything(walk)
    assert walk.said(Kind.RATED) == [{"score": 4}]


def test_every_statement_survives_json_unchanged() -> None:
    walk = Walk({"r1": (1,)})
    everything(walk)
    for statement in walk.journal:
        assert json.loads(json.dumps(statement.fields)) == statement.fields
