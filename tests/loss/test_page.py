"""docs/operations.md, *Backup and loss*: each list is walked by a test; what it says to type can be typed."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from pathlib import Path

import pytest

import tests.loss
from kiosk import cli
from tests.loss.walks import ATTRIBUTE

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
SECTION = PAGE[PAGE.index("\n## Backup and loss\n") :]
LISTS = dict(re.findall(r"^### (.+)\n((?:(?!^### ).*\n)*)", SECTION, re.MULTILINE))
COMMANDS = sorted(set(re.findall(r"`(kiosk [^`]+)`", SECTION)))
CALLS = sorted(set(re.findall(r"`(DELETE|POST|PUT|GET) (/v1/[^`]+)`", SECTION)))
STANDS_FOR = {"FOLDER": "central", "KIOSK": "bt1", "ADDRESS": "https://central.example"}


def walked() -> set[str]:
    """The headings that tests of this folder name."""
    names = [name for _, name, _ in pkgutil.iter_modules(tests.loss.__path__, "tests.loss.")]
    modules = [importlib.import_module(name) for name in names if ".test_" in name]
    things = [thing for module in modules for thing in vars(module).values()]
    return {getattr(thing, ATTRIBUTE) for thing in things if hasattr(thing, ATTRIBUTE)}


def test_every_list_is_walked_by_a_test_and_every_walk_has_its_list() -> None:
    assert walked() == set(LISTS)
    assert len(LISTS) == 12


@pytest.mark.parametrize("heading", LISTS)
def test_a_list_is_short_and_counted_through(heading: str) -> None:
    numbers = [int(n) for n in re.findall(r"^(\d+)\. ", LISTS[heading], re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 3 <= len(numbers) <= 7


def test_the_page_names_commands() -> None:
    assert len(COMMANDS) >= 10
    assert CALLS


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_to_be_typed_is_understood(command: str) -> None:
    words = re.findall(r'"[^"]*"|\S+', command)[1:]
    words = [STANDS_FOR.get(word, word.strip('"')) for word in words]
    if words in (["sync"], ["run"]):
        return  # a name here, no order
    options = cli._parser().parse_args(words)
    assert callable(options.job)


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_call_at_the_offices_door_is_one(method: str, path: str) -> None:
    known = json.loads((ROOT / "docs/protocol/openapi.json").read_text(encoding="utf-8"))["paths"]
    named = path.replace("KIOSK", "{kiosk}").replace("NUMBER", "{number}")
    assert method.lower() in known[named]


def test_every_link_of_the_page_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", SECTION):
        file, _, anchor = target.partition("#")
        text = (ROOT / "docs" / file).read_text("utf-8") if file else PAGE
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
        assert not anchor or anchor in anchors, target
