"""The messages as JSON Schema: what `sync/schema.py` asks for, and the tables of `sync`.

The law of this file: nothing about a manifest or a statement's frame is said here. The reader is run over
the example with a listener in the place of its fields, and whatever it asks for becomes the schema.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from docs import protocol_enrolment
from sync.fields import LARGEST, LONGEST_UP_S, PLAIN, TIME, Fields
from sync.forms import Schema, object_of
from sync.health import HEALTH
from sync.kinds import KINDS
from sync.messages import Kind
from sync.schema import MOST_PIN_WORK, manifest_of, statement_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
POWERS = [2**k for k in range(10, 18)]
MOST_R = 32
_WORDS = re.compile(r"[A-Za-z0-9]+(\|[A-Za-z0-9]+)+")


class Listener(Fields):
    """Notes every question as a JSON Schema. The object that is read must hold every optional field."""

    def __init__(self, raw: object, where: str, schema: Schema) -> None:
        super().__init__(raw, where)
        self._optional: set[str] = set()
        self._properties: Schema = {}
        self._required: list[str] = []
        schema.update(type="object", properties=self._properties, required=self._required)

    def has(self, name: str) -> bool:
        """A question for an optional field."""
        assert super().has(name), f"the example holds no {self._where}.{name}"
        self._optional.add(name)
        return True

    def text(self, name: str, pattern: str = PLAIN) -> str:
        """A question for a text."""
        words = pattern.split("|") if _WORDS.fullmatch(pattern) else []
        self._note(name, {"enum": words} if words else _text(pattern))
        return super().text(name, pattern)

    def number(self, name: str, low: int, high: int = LARGEST) -> int:
        """A question for a whole number."""
        self._note(name, {"type": "integer", "minimum": low, "maximum": high})
        return super().number(name, low, high)

    def seconds(self, name: str) -> int:
        """A question for seconds."""
        self._note(name, {"type": "number", "minimum": 0, "exclusiveMaximum": LONGEST_UP_S})
        return super().seconds(name)

    def flag(self, name: str) -> bool:
        """A question for true or false."""
        self._note(name, {"type": "boolean"})
        return super().flag(name)

    def time(self, name: str) -> int:
        """A question for a time."""
        wall_ms = super().time(name)
        self._note(name, {**_text(TIME), "format": "date-time"})
        return wall_ms

    def inner(self, name: str) -> Fields:
        """A question for an object."""
        schema: Schema = {}
        listener = Listener(self.get(name), f"{self._where}.{name}", schema)
        self._note(name, schema)
        return listener

    def each(self, name: str, most: int) -> Sequence[Fields]:
        """A question for a list of objects."""
        item: Schema = {}
        self._note(name, {"type": "array", "maxItems": most, "items": item})
        return [Listener(v, f"{self._where}.{name}[]", item) for v in super().list(name, most)]

    def texts(self, name: str, most: int, pattern: str) -> tuple[str, ...]:
        """A question for a list of texts."""
        self._note(name, {"type": "array", "maxItems": most, "items": _text(pattern)})
        return super().texts(name, most, pattern)

    def _note(self, name: str, schema: Schema) -> None:
        if name in self._optional:
            schema["type"] = [schema["type"], "null"]
        elif name not in self._required:
            self._required.append(name)
        self._properties[name] = schema


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^({pattern})$"}


def manifest_schema(example: object) -> Schema:
    """Of a manifest's payload. What no schema can say: each cid, number and holder id stands once."""
    schema: Schema = {}
    manifest_of(Listener(example, "manifest", schema))
    pin = at(schema, "staff", "pin")
    cast(Schema, pin["properties"])["n"] = {"enum": POWERS}
    pin["allOf"] = [_bounded(n) for n in POWERS if n * MOST_R > MOST_PIN_WORK]
    comment = (
        "results: each cid once; staff: each number once; holders: each id once in its result; "
    )
    comment += "next: kid is the RFC 7638 thumbprint of jwk"
    return _titled("manifest", schema) | {"$comment": comment}


def _bounded(n: int) -> Schema:
    return {
        "if": {"properties": {"n": {"const": n}}},
        "then": {"properties": {"r": {"maximum": MOST_PIN_WORK // n}}},
    }


def statement_schema(example: object) -> Schema:
    """Of a statement's payload: the frame, and by its kind the rest. Unknown kinds are allowed."""
    schema: Schema = {}
    statement_of(Listener(example, "statement", schema))
    schema["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": str(kind)}}},
            "then": object_of(KINDS[kind].fields),
        }
        for kind in Kind
    ]
    return _titled("statement", schema)


def schemas(manifest: object, statement: object) -> dict[str, Schema]:
    """Every schema by its file's name; the arguments are examples with every optional field."""
    return {
        "manifest.schema.json": manifest_schema(manifest),
        "statement.schema.json": statement_schema(statement),
        "health.schema.json": _titled("health", object_of(HEALTH)),
        "enrolment-request.schema.json": _titled(
            "enrolment-request", object_of(protocol_enrolment.REQUEST)
        ),
        "enrolment-reply.schema.json": _titled(
            "enrolment-reply", object_of(protocol_enrolment.REPLY)
        ),
    }


def at(schema: Schema, *names: str) -> Schema:
    """The schema of a field within an object, or within the objects of a list."""
    for name in names:
        schema = cast(dict[str, Schema], schema["properties"])[name]
        schema = cast(Schema, schema.get("items", schema))
    return schema


def _titled(name: str, schema: Schema) -> Schema:
    return {"$schema": DIALECT, "$id": f"urn:hoso:schema:{name}:1", "title": name, **schema}
