"""`kiosk journal show` and `kiosk journal verify`: the journal for people and for scripts.

The law of this file: it only reads, beside a running kiosk as well as on a card in a drawer; what it
cannot believe it shows as damaged instead of leaving it out.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from kiosk.journal import Journal, owner_of
from kiosk.journal_chain import each
from kiosk.journal_file import JournalFile
from kiosk.journal_values import JournalError
from sync.envelopes import BadEnvelope, peek_statement
from sync.keys import SIGNING, BadKeyError, load_key
from sync.messages import Clock, Kind, SchemaError, Statement
from sync.schema import read_statement

MOST_FINDINGS = 1000  # after so many the rest will be no better
_KIND_WIDTH = max(len(kind) for kind in Kind)
_CLOCK_MARKS = {Clock.SYNCED: " ", Clock.HOLDOVER: "~", Clock.UNKNOWN: "?"}
Numbered = tuple[int, dict[str, object] | None]


def show(path: Path, *, after: int | None, most: int, kinds: Collection[str], as_json: bool) -> int:
    """Print statements: the newest `most`, or the first `most` after row `after`.

    `kinds` empty means every kind. Returns the exit status: 0, or 1 if the journal cannot be read.
    """
    try:
        file = JournalFile.reading(path)
        try:
            kiosk, epoch = owner_of(path, file.facts())
            last = file.last_seq()
            rows = _chosen(file, last, after, most, kinds)
            if not as_json:
                _say(f"Kiosk {kiosk}, epoch {epoch}, {last} statements")
            width = len(str(last))
            for seq, payload in rows:
                _say(_as_json(seq, payload) if as_json else _line(seq, payload, width))
        finally:
            file.close()
    except JournalError as error:
        return _failed(error, as_json=as_json)
    return 0


def verify(path: Path, public_key_path: Path, *, as_json: bool) -> int:
    """Check every row, state and manifest against the kiosk's public statement key.

    Returns the exit status: 0 if nothing was found, else 1.
    """
    try:
        journal = Journal.read_only(path, key=load_key(public_key_path, curve=SIGNING))
        try:
            kiosk, epoch = journal.owner
            last = journal.head.seq
            findings = list(islice(journal.verify(), MOST_FINDINGS))
        finally:
            journal.close()
    except (JournalError, BadKeyError) as error:
        return _failed(error, as_json=as_json)
    if as_json:
        listed = [{"seq": finding.seq, "what": finding.what} for finding in findings]
        whose = {"kiosk": kiosk, "epoch": epoch, "statements": last}
        _say(json.dumps({"ok": not findings, **whose, "findings": listed}))
        return 1 if findings else 0
    for finding in findings:
        _say(f"row {finding.seq}: {finding.what}")
    verdict = f"{len(findings)} findings" if findings else "all as they were signed"
    _say(f"Kiosk {kiosk}, epoch {epoch}, {last} statements: {verdict}")
    return 1 if findings else 0


def _chosen(
    file: JournalFile, last: int, after: int | None, most: int, kinds: Collection[str]
) -> Iterator[Numbered]:
    first = after if after is not None else (0 if kinds else max(0, last - most))
    rows = ((seq, _payload(text)) for seq, text in each(file, first, last))
    # A damaged row may have been of any kind.
    chosen = (row for row in rows if not kinds or row[1] is None or row[1].get("kind") in kinds)
    return islice(chosen, most) if after is not None else iter(deque(chosen, maxlen=most))


def _payload(text: str | None) -> dict[str, object] | None:
    try:
        return None if text is None else peek_statement(text)
    except BadEnvelope:
        return None


def _as_json(seq: int, payload: Mapping[str, object] | None) -> str:
    shown = {"seq": seq, "damaged": True} if payload is None else payload
    return json.dumps(shown, ensure_ascii=False)


def _line(seq: int, payload: Mapping[str, object] | None, width: int) -> str:
    statement = None if payload is None else _statement(payload)
    if statement is None:
        return f"{seq:>{width}}  (damaged)"
    local = datetime.fromtimestamp(statement.at_ms // 1000, UTC).astimezone()
    mark = _CLOCK_MARKS[statement.clock]
    kind = statement.kind.replace("_", " ")
    fields = "  ".join(f"{name}={_value(value)}" for name, value in statement.fields.items())
    line = f"{seq:>{width}}  {local:%Y-%m-%d %H:%M:%S}{mark}  {kind:<{_KIND_WIDTH}}  {fields}"
    return line.rstrip()


def _statement(payload: Mapping[str, object]) -> Statement | None:
    try:
        return read_statement(payload)
    except SchemaError:
        return None


def _value(value: object) -> str:
    if isinstance(value, list) and value and all(isinstance(part, int | str) for part in value):
        return ",".join(map(_value, value))
    if isinstance(value, str) and value.isprintable() and value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _failed(error: Exception, *, as_json: bool) -> int:
    if as_json:
        _say(json.dumps({"ok": False, "error": str(error)}, ensure_ascii=False))
    else:
        sys.stderr.write(f"{error}\n")
    return 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
