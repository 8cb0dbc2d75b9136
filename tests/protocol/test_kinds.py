"""The table of kinds says what the kiosk states: by its source, and by whole simulated lives."""

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kiosk import core, status
from sync.envelopes import peek_statement
from sync.forms import object_of
from sync.health import HEALTH
from sync.kinds import KINDS
from sync.messages import Kind
from tests.protocol.checked import Validator, fits, wrong
from tests.simulation.world import World

SOURCES = sorted(Path(core.__path__[0]).glob("*.py"))
SEEDS = (0, 3, 5, 8, 11)


def _records() -> Iterator[tuple[str, str, str, object]]:
    """File, kind, field and, where it is written out, value of every `record(Kind.X, field=…)`."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr != "record" or not node.args:
                continue
            kind = node.args[0]
            assert isinstance(kind, ast.Attribute)
            for keyword in node.keywords:
                if keyword.arg not in (None, "sealed"):
                    told = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
                    yield source.name, kind.attr, str(keyword.arg), told


def test_every_kind_is_in_the_table() -> None:
    assert set(KINDS) == set(Kind)


def test_the_core_states_no_field_and_no_word_that_the_table_does_not_know() -> None:
    known = {(kind.name, f.name): f.form for kind, saying in KINDS.items() for f in saying.fields}
    found = list(_records())
    assert len(found) > 100
    assert [hit for hit in found if hit[1:3] not in known] == []
    words = [(*hit, known[hit[1:3]]) for hit in found if hit[3] is not None]
    assert len(words) > 20
    assert [hit for *hit, form in words if not fits(dict(form.schema), hit[3])] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_statement_and_snapshot_of_a_life_is_as_the_tables_say(seed: int) -> None:
    world = World(seed)
    world.live()
    payloads = [peek_statement(row) for row in world.disk.rows if row]
    assert len(payloads) > 50
    assert {said for payload in payloads for said in wrong(payload)} == set()
    state = world.machine.state
    assert state is not None
    assert _snapshot_wrong(status.health(state, world.machine.now(), 2**30)) == []


def _snapshot_wrong(snapshot: Mapping[str, object]) -> list[str]:
    told = json.loads(json.dumps(snapshot))
    checker = Validator({**object_of(HEALTH), "additionalProperties": False})
    return [str(error.message) for error in checker.iter_errors(told)]


def test_a_field_too_many_or_of_another_form_is_noticed() -> None:
    frame = {"kiosk": "bt1", "kind": "rated"}
    assert wrong(frame | {"score": 5}) == []
    assert wrong(frame | {"score": 6})
    assert wrong(frame | {"score": 5, "phone": "0530004821"})
    assert wrong(frame)
