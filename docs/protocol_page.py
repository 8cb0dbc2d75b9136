"""The tables of docs/protocol.md between their marks, made from the program that speaks the protocol.

The law of this file: what stands between `<!-- made: NAME -->` and `<!-- end -->` comes from here; the prose
around it is written by hand. A field without a meaning is an error, not an empty cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from docs import protocol_enrolment
from docs.protocol_forms import at
from docs.protocol_limits import LIMITS
from docs.protocol_meanings import FRAME, MEANINGS, TABLES
from sync.compact import write_json
from sync.fields import LARGEST, PLAIN, TIME
from sync.forms import Field, Schema
from sync.health import HEALTH
from sync.kinds import KINDS

_MADE = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_KNOWN = {
    PLAIN: "text, at most 400, no control character",
    TIME: "time",
    "[A-Za-z0-9._-]{1,64}": "id",
    "[A-Za-z0-9_-]{43}": "43 of base64url",
    "([A-Za-z0-9_-]{43})?": '43 of base64url or `""`',
    "[A-Za-z0-9_-]{0,64}": "at most 64 of base64url",
    "[A-Za-z0-9_-]{1,128}": "1 to 128 of base64url",
    "[A-Z2-7]{26,128}": "26 to 128 of base32",
    r"\d{1,8}": "1 to 8 digits",
    r"\d{4}": "4 digits",
    r"[\s\S]{1,64}": "text, 1 to 64",
    "[a-z_]{1,20}": "1 to 20 of `a-z_`",
}


def filled(page: str, examples: Mapping[str, object], schemas: Mapping[str, Schema]) -> str:
    """The page with every block made anew.

    Raises:
        KeyError: a mark names a block that nobody makes, or a field has no meaning.
    """
    blocks = _blocks(examples, schemas)
    named = [name for _, name, _ in _MADE.findall(page)]
    assert sorted(named) == sorted(blocks), "each block stands on the page, once"
    return _MADE.sub(lambda m: f"{m[1]}\n{blocks[m[2]]}\n\n{m[3]}", page)


def _blocks(examples: Mapping[str, object], schemas: Mapping[str, Schema]) -> dict[str, str]:
    manifest = cast(Mapping[str, object], examples["manifest"])["payload"]
    return {
        "manifest": _manifest(schemas["manifest.schema.json"], manifest),
        "frame": _table(schemas["statement.schema.json"], FRAME, list(FRAME), ""),
        "kinds": _kinds(),
        "health": _listed(HEALTH),
        "enrolment-request": _listed(protocol_enrolment.REQUEST),
        "enrolment-reply": _listed(protocol_enrolment.REPLY),
        "limits": "\n".join(["| limit | figure |", "|---|---|", *_limits()]),
        "examples": _examples(examples),
    }


def _manifest(schema: Schema, example: object) -> str:
    parts: list[str] = []
    for title, path in TABLES.items():
        shown: object = example
        for name in path:
            shown = cast(Mapping[str, object], shown)[name]
            shown = shown[0] if isinstance(shown, list) else shown
        order = list(cast(Mapping[str, object], shown))
        prefix = "".join(f"{name}." for name in path)
        parts += [f"**{title}**", "", _table(at(schema, *path), MEANINGS, order, prefix), ""]
    return "\n".join(parts).rstrip()


def _table(schema: Schema, meanings: Mapping[str, str], order: list[str], prefix: str) -> str:
    """One row per field, in the order of the example; `head` is opened up, it is that small."""
    properties = cast(dict[str, Schema], schema["properties"])
    assert set(properties) == set(order), set(properties) ^ set(order)
    required = cast(list[str], schema["required"])
    rows = ["| field | form | meaning |", "|---|---|---|"]
    for name in order:
        form = properties[name]
        optional = "" if name in required else "*optional*; "
        rows.append(f"| `{name}` | {optional}{form_of(form)} | {meanings[prefix + name]} |")
        if name == "head":
            rows += [
                f"| `head.{inner}` | {form_of(field)} | {meanings[f'head.{inner}']} |"
                for inner, field in sorted(
                    cast(dict[str, Schema], form["properties"]).items(), reverse=True
                )
            ]
    return "\n".join(rows)


def form_of(schema: Schema) -> str:
    """A form in words."""
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in cast(list[object], schema["enum"]))
    kinds = schema["type"]
    kind = kinds[0] if isinstance(kinds, list) else kinds
    match kind:
        case "integer":
            return _range(cast(int, schema["minimum"]), cast(int, schema["maximum"]))
        case "number":
            return f"number, ≥ {schema['minimum']} and < {schema['exclusiveMaximum']}"
        case "boolean":
            return "true or false"
        case "array":
            inner = cast(Schema, schema["items"])
            held = "objects" if inner["type"] == "object" else form_of(inner)
            return f"list of at most {schema['maxItems']:,}: {held}"
        case "object":
            return "object"
    pattern = str(schema["pattern"])[2:-2]
    return _KNOWN[pattern]


def _range(low: int, high: int) -> str:
    if low == high:
        return f"`{low}`"
    return f"whole, ≥ {low}" if high == LARGEST else f"whole, {low} to {high}"


def _kinds() -> str:
    rows = ["| kind | its own fields | says |", "|---|---|---|"]
    for kind, saying in KINDS.items():
        fields = "<br>".join(_short(field) for field in saying.fields)
        rows.append(f"| `{kind}` | {fields} | {saying.says} |")
    return "\n".join(rows)


def _short(field: Field) -> str:
    says = f": {field.says}" if field.says else ""
    form = "" if field.form.name == field.name else f" ({field.form.name})"
    return f"`{field.name}`{'?' if field.optional else ''}{form}{says}"


def _listed(fields: Iterable[Field]) -> str:
    rows = ["| field | form | meaning |", "|---|---|---|"]
    for field in fields:
        optional = "*optional*; " if field.optional else ""
        rows.append(f"| `{field.name}` | {optional}{field.form.name} | {field.says} |")
    return "\n".join(rows)


def _limits() -> list[str]:
    return [
        f"| {what} | {f'{value:,g}' if value % 1 else f'{int(value):,}'} {unit}".rstrip() + " |"
        for what, value, unit in LIMITS
    ]


def _examples(examples: Mapping[str, object]) -> str:
    """Those that fit on a page; the sealed manifest and the rest are in examples.json."""
    rows = cast(list[Mapping[str, object]], examples["statements"])
    request = cast(Mapping[str, object], examples["request"])
    people = cast(Mapping[str, object], examples["people"])
    keys = cast(Mapping[str, Mapping[str, str]], examples["keys"])
    manifest = cast(Mapping[str, object], examples["manifest"])
    codes = cast(Mapping[str, str], people["codes"])
    lines = [f"key id of {name}: {jwk['kid']}" for name, jwk in keys.items()]
    first = write_json(cast(Mapping[str, object], rows[0]["payload"])).decode()
    lines += ["", "The first statement, signed, and its hash:", first]
    lines += [str(rows[0]["compact"]), str(rows[0]["hash"])]
    lines += [
        "",
        "Hoso-Request of",
        f"POST {request['path']}",
        f"with the stamp {request['stamp']}",
    ]
    lines += [str(request["proof"]), "", f"hash of the manifest: {manifest['hash']}"]
    lines += [f"code of counter {counter}: {code}" for counter, code in codes.items()]
    lines += [f"QR of the holder: {people['qr']}", f"QR of the staff card: {people['card']}"]
    lines += [f"code of an enrolment: {cast(Mapping[str, object], examples['enrolment'])['code']}"]
    wrong = cast(list[Mapping[str, str]], examples["refused"])
    lines += [
        "",
        "Must be refused, on which rung:",
        *(f"{w['what']}: {w['refusal']}" for w in wrong),
    ]
    return "\n".join(["```text", *lines, "```"])
