"""Draws the automaton from its live tables: `python -m docs.draw` writes docs/visit.md.

The drawings are Mermaid text, which a forge shows as a picture and a terminal as what it is. What every
scene has alike is left out of them and stands in the tables below: staying in the scene, and going home.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.core.events import Key
from kiosk.core.maintenance import MAINTENANCE
from kiosk.core.scenes import Idle, Out, Reclose
from kiosk.core.staff_scenes import Login
from kiosk.core.table import Signal, Table
from kiosk.core.visit import VISIT

PAGE = Path(__file__).with_name("visit.md")
HOMEWARD = frozenset({Key.CANCEL, Key.FINISH, Key.SKIP, Signal.TIMEOUT})
Edge = tuple[type, type, str]
# What leads from scene to scene without a person or a door, hence outside the tables.
BESIDES: tuple[Edge, ...] = (
    (Out, Idle, "serves again"),
    (Out, Reclose, "serves, a door stands open"),
    (Idle, Out, "outage"),
    (Idle, Reclose, "an accepted door opened late"),
)
HEAD = """\
# The automaton

Made by `python -m docs.draw` from `kiosk/core/visit.py` and `kiosk/core/maintenance.py`; do not edit.

A scene is what stands on the screen. An arrow says which key, scan, door or time leads on, and only a listed
way can be taken: the core asserts it. Not drawn, but in the tables: what stays in its scene (digits, faces),
and the ways home to Idle by *cancel*, *finish*, *skip* or time-out. Language, text size, help and *more time*
work everywhere and lead nowhere.
"""


def page() -> str:
    """The whole page, as it has to lie in docs/visit.md."""
    parts = [HEAD]
    for title, table, first in (("A visit", VISIT, Out), ("Maintenance", MAINTENANCE, Login)):
        parts += [f"## {title}\n", _drawing(table, first), _listing(table)]
    return "\n".join(parts)


def _drawing(table: Table, first: type) -> str:
    labels: dict[tuple[type, type], list[str]] = {}
    for source, target, label in _edges(table):
        labels.setdefault((source, target), []).append(label)
    arrows = [
        f"    {source.__name__} --> {target.__name__} : {', '.join(label)}"
        for (source, target), label in labels.items()
    ]
    start = f"    [*] --> {first.__name__}"
    return "\n".join(["```mermaid", "stateDiagram-v2", start, *arrows, "```\n"])


def _edges(table: Table) -> Iterator[Edge]:
    """Every arrow worth drawing."""
    yield from (edge for edge in BESIDES if edge[0] in table)
    for scene, rows in table.items():
        for what, row in rows.items():
            for target in row.to:
                home = target is Idle and what in HOMEWARD
                if target is not scene and not home:
                    yield scene, target, _word(what)


def _listing(table: Table) -> str:
    lines = ["| scene | what happens | may lead to |", "|---|---|---|"]
    for scene, rows in table.items():
        by_target: dict[tuple[type, ...], list[str]] = {}
        for what, row in rows.items():
            by_target.setdefault(row.to, []).append(_word(what))
        for to, words in by_target.items():
            targets = ", ".join(t.__name__ for t in to)
            lines.append(f"| {scene.__name__} | {', '.join(words)} | {targets} |")
    return "\n".join(lines) + "\n"


def _word(what: Key | Signal) -> str:
    return str(what).replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
