"""JSON Schema as the standard says it: patterns are ECMA-262, in which `$` is the very end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import jsonschema
from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from sync.forms import Schema, object_of
from sync.kinds import KINDS
from sync.messages import Kind
from sync.schema import STATEMENT_FRAME


def _pattern(
    _: object, pattern: str, value: object, __: object
) -> Iterator[jsonschema.ValidationError]:
    text = pattern.removeprefix("^").removesuffix("$")
    if isinstance(value, str) and not re.fullmatch(text, value, re.ASCII):
        yield jsonschema.ValidationError("another form")


def _is_whole(_: object, value: object) -> bool:
    """As both readers here: 1.0 is no whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


_CHECKER = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole)
Validator: Any = cast(Any, extend)(
    Draft202012Validator, {"pattern": _pattern}, type_checker=_CHECKER
)


def fits(schema: Schema, value: object) -> bool:
    """Whether it is what the schema says."""
    return bool(Validator(schema).is_valid(value))


def strict(kind: Kind) -> Schema:
    """The schema of one kind's payload; nothing that the table does not know."""
    own = object_of(KINDS[kind].fields)
    properties = cast(Schema, own["properties"]) | dict.fromkeys(STATEMENT_FRAME, True)
    return {**own, "properties": properties, "additionalProperties": False}


_STRICT = {kind: Validator(strict(kind)) for kind in Kind}


def wrong(payload: Mapping[str, object]) -> list[str]:
    """What a statement says that the table of kinds does not."""
    kind = Kind(str(payload["kind"]))
    return [f"{kind}: {error.message}" for error in _STRICT[kind].iter_errors(dict(payload))]
