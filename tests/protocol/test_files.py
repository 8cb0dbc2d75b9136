"""What docs/protocol.md shows and docs/protocol/ holds is what the program speaks."""

import ast
import json
import re
from pathlib import Path

from jsonschema import Draft202012Validator

from docs import protocol_files
from docs.protocol_page import filled
from sync import central

PAGE = protocol_files.PAGE.read_text(encoding="utf-8")
SOURCES = sorted(Path(central.__path__[0]).rglob("*.py"))


def test_every_file_is_of_the_program_as_it_is_now() -> None:
    stale = [
        path.name
        for path, text in protocol_files.files(PAGE).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run: python -m docs.protocol_files"


def test_two_runs_make_the_same_bytes() -> None:
    first = protocol_files.files(PAGE)
    page = first[protocol_files.PAGE]
    assert protocol_files.files(page) == first


def test_a_mark_for_a_block_that_nobody_makes_is_an_error() -> None:
    made = dict(protocol_files.kept())
    forms = protocol_files.schemas_of(made)
    broken = PAGE.replace("<!-- made: limits -->", "<!-- made: fees -->")
    try:
        filled(broken, made, forms)
    except AssertionError:
        return
    raise AssertionError("the page lost its table of limits and nobody noticed")


def test_every_schema_is_a_schema() -> None:
    paths = sorted(protocol_files.FOLDER.glob("*.schema.json"))
    assert len(paths) == 5
    for path in paths:
        Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_every_call_of_a_kiosk_stands_on_the_page_and_in_the_openapi() -> None:
    paths = json.loads(protocol_files.OPENAPI.read_text(encoding="utf-8"))["paths"]
    prefix = "/v1/kiosks/{kiosk}"
    calls = {
        f"{method.upper()} {path.removeprefix(prefix)}"
        for path, methods in paths.items()
        if path.startswith(prefix)
        for method in methods
    }
    assert len(calls) == 5
    assert {call for call in calls if f"`{call}" not in PAGE} == set()


def test_every_word_that_a_problem_may_bear_stands_on_the_page() -> None:
    table = PAGE.partition("### Errors")[2].partition("**How `kiosk sync`")[0]
    told = set(re.findall(r"`([a-z-]+)`", table))
    said = {word for source in SOURCES for word in _words(source)}
    assert {"signature", "unknown", "busy"} <= said
    assert said - told == set()


def _words(source: Path) -> set[str]:
    """The second argument of everything that makes a problem, where it is a plain text."""
    makers = {"ProblemError": 1, "answer": 1, "_later": 0}
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        place = makers.get(node.func.id)
        if place is None or len(node.args) <= place:
            continue
        word = node.args[place]
        if isinstance(word, ast.Constant) and isinstance(word.value, str):
            found.add(word.value)
    return found
