"""The JSON Schemas and the readers agree about what a manifest and a statement are."""

import copy
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs import protocol_examples, protocol_files
from docs.protocol_forms import at
from sync.forms import Schema
from sync.messages import SchemaError
from sync.schema import read_manifest, read_statement
from tests.protocol.checked import fits

Json = dict[str, Any]
MADE = protocol_files.kept()
FORMS = protocol_files.schemas_of(MADE)
MANIFEST = cast(Json, cast(Json, MADE["manifest"])["payload"])
STATEMENTS = [cast(Json, row["payload"]) for row in cast(list[Json], MADE["statements"])]
# Texts and numbers at and beyond the edges, and everything else that JSON knows.
EDGES = st.one_of(
    st.sampled_from([None, True, False, [], {}, [None], [{}], ["x"], 0.5]),
    st.sampled_from(["", "a", "h1", "live", "7", "0" * 8, "0" * 9, "vi", "x" * 400, "x" * 401]),
    st.sampled_from(["A" * 26, "A" * 43, "A" * 44, "a\n", "a\x00", "٤٨٢١", "é", "A4", "language"]),
    st.sampled_from(
        ["2026-11-21T15:04:00Z", "2026-11-21T15:04:00.1234567Z", "2026-02-30T00:00:00Z"]
    ),
    st.sampled_from([-1, 0, 1, 5, 8, 10, 11, 32, 33, 255, 256, 600, 601, 899, 900, 1023, 1024]),
    st.sampled_from([3000, 2**16, 2**17, 2**18, 2**53, 2**53 + 1, 10**10]),
)


# What no schema can say: a day that the calendar lacks, a name that is the hash of what it names.
BEYOND = ("no such time", "is not the thumbprint", "has another spelling")


def _places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place within a JSON value but the whole."""
    items: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return [p for key, held in items for p in ((*path, key), *_places(held, (*path, key)))]


def _changed(payload: Json, path: tuple[str | int, ...], what: object, *, gone: bool) -> Json:
    new = copy.deepcopy(payload)
    held: Any = new
    for key in path[:-1]:
        held = held[key]
    if gone:
        del held[path[-1]]
    else:
        held[path[-1]] = what
    return new


def _reads(read: Any, payload: Json) -> bool:  # noqa: ANN401 - either reader
    try:
        read(payload)
    except SchemaError as error:
        return any(words in str(error) for words in BEYOND)
    return True


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(_places(MANIFEST)), EDGES, st.booleans())
def test_reader_and_schema_agree_on_every_manifest(
    path: tuple[str | int, ...],
    what: object,
    gone: bool,  # noqa: FBT001 - drawn
) -> None:
    payload = _changed(MANIFEST, path, what, gone=gone)
    assert fits(FORMS["manifest.schema.json"], payload) == _reads(read_manifest, payload)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_places(STATEMENTS[0])), EDGES, st.booleans())
def test_reader_and_schema_agree_on_the_frame_of_a_statement(
    path: tuple[str | int, ...],
    what: object,
    gone: bool,  # noqa: FBT001 - drawn
) -> None:
    payload = _changed(STATEMENTS[0], path, what, gone=gone) | {"kind": "of_a_later_version"}
    if path == ("kind",):
        return
    assert fits(FORMS["statement.schema.json"], payload) == _reads(read_statement, payload)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 9), st.integers(1, 40))
def test_the_work_of_a_pin_is_bounded_alike(power: int, r: int) -> None:
    payload = copy.deepcopy(MANIFEST)
    payload["staff"][0]["pin"] |= {"n": 2 ** (power + 9), "r": r}
    assert fits(FORMS["manifest.schema.json"], payload) == _reads(read_manifest, payload)


def test_fields_of_a_later_version_are_passed_over() -> None:
    payload = copy.deepcopy(MANIFEST)
    payload["next_year"] = payload["results"][0]["colour"] = {"x": 1}
    assert fits(FORMS["manifest.schema.json"], payload)
    assert read_manifest(payload) == read_manifest(MANIFEST)


def test_what_stands_twice_is_refused_by_the_reader_alone() -> None:
    for name in ("results", "staff"):
        payload = copy.deepcopy(MANIFEST)
        payload[name] *= 2
        assert fits(FORMS["manifest.schema.json"], payload)
        with pytest.raises(SchemaError, match="twice"):
            read_manifest(payload)


def test_a_kind_with_other_fields_does_not_fit() -> None:
    schema = FORMS["statement.schema.json"]
    assert all(fits(schema, payload) for payload in STATEMENTS)
    assert not fits(schema, STATEMENTS[0] | {"compartments": ["1"]})
    assert not fits(schema, {k: v for k, v in STATEMENTS[0].items() if k != "version"})


def test_the_example_of_enrolment_fits() -> None:
    told = cast(Json, MADE["enrolment"])
    for name, form in (("request", "request"), ("reply", "reply")):
        assert fits(FORMS[f"enrolment-{form}.schema.json"], told[name])
        broken = told[name] | {"code": "short"}
        assert not fits(FORMS[f"enrolment-{form}.schema.json"], broken)


def test_optional_fields_are_optional_and_null_is_absent() -> None:
    holder: Schema = at(FORMS["manifest.schema.json"], "results", "holders")
    assert "token" not in cast(list[str], holder["required"])
    for what in ("gone", None):
        payload = protocol_examples.manifest()
        held = cast(Json, payload)["results"][0]["holders"][0]
        if what is None:
            held["token"] = None
        else:
            del held["token"]
        assert fits(FORMS["manifest.schema.json"], payload)
        assert read_manifest(payload).results[0].holders[0].token is None
