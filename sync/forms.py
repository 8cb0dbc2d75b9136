"""Forms of fields, as JSON Schema says them: what statements and health snapshots are made of.

The law of this file: a form has one name, which the protocol's page uses too. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sync.fields import LARGEST

Schema = dict[str, object]
MOST_COMPARTMENT = 255
MOST_LISTED = 20_000  # results that a manifest may name
MOST_SETTINGS = 20
MOST_PAIRS = MOST_LISTED * 8  # with every holder of each


@dataclass(frozen=True, slots=True)
class Form:
    """`name` as the page says it; `schema` as a machine reads it."""

    name: str
    schema: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object. `says` is for the page."""

    name: str
    form: Form
    says: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """The kind's own fields, beside the frame, and what the statement means."""

    says: str
    fields: tuple[Field, ...] = ()


def text(name: str, pattern: str) -> Form:
    """A text that the whole of `pattern` fits."""
    return Form(name, {"type": "string", "pattern": f"^({pattern})$"})


def number(name: str, low: int, high: int = LARGEST) -> Form:
    """A whole number."""
    return Form(name, {"type": "integer", "minimum": low, "maximum": high})


def words(*allowed: str) -> Form:
    """One of these."""
    return Form(", ".join(word or '""' for word in allowed), {"enum": list(allowed)})


def listed(item: Form, most: int) -> Form:
    """A list of one form."""
    return Form(f"[{item.name}…]", {"type": "array", "items": dict(item.schema), "maxItems": most})


def row(*items: Form) -> Form:
    """A list of exactly these, in this order."""
    names = ", ".join(item.name for item in items)
    schema: Schema = {
        "type": "array",
        "prefixItems": [dict(item.schema) for item in items],
        "minItems": len(items),
        "maxItems": len(items),
    }
    return Form(f"[{names}]", schema)


def maybe(form: Form) -> Form:
    """That, or null."""
    return Form(f"{form.name} or null", {"anyOf": [dict(form.schema), {"type": "null"}]})


def object_of(fields: Iterable[Field]) -> Schema:
    """The schema of an object with these fields; others are left open, since versions may add some."""
    known = tuple(fields)
    return {
        "type": "object",
        "properties": {field.name: dict(field.form.schema) for field in known},
        "required": [field.name for field in known if not field.optional],
    }


CID = text("cid", "[A-Za-z0-9._-]{1,64}")
CID_IF_ANY = text('cid or ""', "([A-Za-z0-9._-]{1,64})?")
HOLDER = text("holder", "[A-Za-z0-9._-]{1,64}")
STAFF = text("staff", "[0-9]{1,8}")
HASH = text("hash", "[A-Za-z0-9_-]{43}")
HASH_IF_ANY = text('hash or ""', "([A-Za-z0-9_-]{43})?")
NAME = text("name", "[a-z_]{1,20}")
PLAIN = text("text", "[^\\x00-\\x1f]{0,400}")
COMPARTMENT = number("compartment", 1, MOST_COMPARTMENT)
COMPARTMENTS = listed(COMPARTMENT, MOST_COMPARTMENT)
GEN = number("gen", 1)
COUNT = number("whole", 0)
POSITIVE = number("whole from 1", 1)
FLAG = Form("true or false", {"type": "boolean"})
TRUE = Form("true", {"const": True})
CIDS = listed(CID, MOST_LISTED)
