"""`kiosk doctor`: every check as a line, ok, warning or failed, with what to do. Opens no door."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

from kiosk.doctor.findings import Finding, Level

OK, FAILED = 0, 1
MARKS = {Level.OK: "ok", Level.WARNING: "warning", Level.FAILED: "FAILED"}
COLOURS = {Level.OK: "32", Level.WARNING: "33", Level.FAILED: "1;31"}
NAME_WIDTH, NARROWEST, WIDEST = 16, 60, 110
MARK_WIDTH = max(len(mark) for mark in MARKS.values())
INDENT = MARK_WIDTH + NAME_WIDTH + 4


def doctor(path: Path, *, as_json: bool) -> int:
    """Look at everything; 0 when nothing failed, 1 when something did."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # stdout is for answers
    from kiosk.doctor.checkup import examine
    from kiosk.doctor.machine import Machine

    return tell(examine(path, Machine()), as_json=as_json)


def tell(findings: Iterable[Finding], *, as_json: bool) -> int:
    """Print each as it is found, and the sum; the exit status."""
    columns = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    kept: list[Finding] = []
    for finding in findings:
        kept.append(finding)
        if not as_json:
            print("\n".join(lines(finding, columns, coloured=coloured)), flush=True)
    failed = sum(one.level is Level.FAILED for one in kept)
    if as_json:
        listed = [
            {"name": f.name, "level": f.level, "words": f.words, "todo": f.what_to_do} for f in kept
        ]
        print(json.dumps({"ok": not failed, "findings": listed}, ensure_ascii=False, indent=2))
    else:
        print(f"\n{summary(kept)}")
    return FAILED if failed else OK


def lines(finding: Finding, columns: int, *, coloured: bool) -> list[str]:
    """One finding: mark, name and words in columns, what to do below them."""
    mark = f"{MARKS[finding.level]:<{MARK_WIDTH}}"
    if coloured:
        mark = f"\x1b[{COLOURS[finding.level]}m{mark}\x1b[0m"
    room = columns - INDENT
    words = textwrap.wrap(finding.words, room, break_on_hyphens=False) or [""]
    todo = textwrap.wrap(
        finding.what_to_do,
        room,
        initial_indent="→ ",
        subsequent_indent="  ",
        break_on_hyphens=False,
    )
    rest = [" " * INDENT + line for line in (*words[1:], *todo)]
    return [f"{mark}  {finding.name:<{NAME_WIDTH}}  {words[0]}", *rest]


def summary(findings: list[Finding]) -> str:
    """The last line."""
    count = {level: sum(one.level is level for one in findings) for level in Level}
    if not count[Level.FAILED] and not count[Level.WARNING]:
        return f"All {len(findings)} checks are ok. No door was opened."
    return (
        f"{count[Level.OK]} ok, {count[Level.WARNING]} warnings, {count[Level.FAILED]} failed. "
        "No door was opened."
    )
