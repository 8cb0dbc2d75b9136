import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.journal import Journal
from kiosk.journal_cli import show, verify
from sync.keys import new_signing_key, public, save_key
from sync.messages import Clock, Statement
from tests.contract.journal_contract import EPOCH, KEY, KIOSK, statement

FIELDS: list[tuple[str, dict[str, object]]] = [
    ("started", {}),
    ("loaded", {"cid": "c1", "compartment": 12}),
    ("manifest_accepted", {"ver": 7, "hash": "abc", "suspended": []}),
    ("accepted", {"cid": "c1", "compartments": [12, 15], "holder": "h1"}),
    ("fault", {"where": "bus 1", "detail": "two\nlines"}),
]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    journal = Journal.open(tmp_path / "journal.db", kiosk=KIOSK, epoch=EPOCH, key=KEY)
    for seq, (kind, fields) in enumerate(FIELDS, 1):
        journal.append(statement(seq, kind, **fields))
    journal.append(Statement(KIOSK, EPOCH, 6, "", 0, Clock.UNKNOWN, 0, "staff_in", {}))
    journal.close()
    save_key(tmp_path / "statement.pub.jwk", public(KEY))
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    time.tzset()
    yield tmp_path / "journal.db"
    monkeypatch.undo()
    time.tzset()


def _damage(path: Path, seq: int) -> None:
    with sqlite3.connect(path) as other:
        other.execute("UPDATE statements SET compact = 'papers' WHERE seq = ?", (seq,))
    other.close()


def test_people_see_columns_in_local_time(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert show(path, after=None, most=20, kinds=(), as_json=False) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Kiosk q6-p02, epoch 3, 6 statements",
        "1  2026-11-18 18:06:41   started",
        "2  2026-11-18 18:06:42   loaded             cid=c1  compartment=12",
        "3  2026-11-18 18:06:43   manifest accepted  ver=7  hash=abc  suspended=[]",
        "4  2026-11-18 18:06:44   accepted           cid=c1  compartments=12,15  holder=h1",
        '5  2026-11-18 18:06:45   fault              where=bus 1  detail="two\\nlines"',
        "6  1970-01-01 08:00:00?  staff in",
    ]


def _shown(path: Path, capsys: pytest.CaptureFixture[str], **how: object) -> list[object]:
    wanted: dict[str, object] = {"after": None, "most": 20, "kinds": (), **how}
    assert show(path, as_json=True, **wanted) == 0  # type: ignore[arg-type]  # a table of cases
    return [json.loads(line)["seq"] for line in capsys.readouterr().out.splitlines()]


def test_a_machine_sees_one_json_object_a_line(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show(path, after=3, most=1, kinds=(), as_json=True) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["kind"], shown["compartments"], shown["clock"]) == (
        "accepted",
        [12, 15],
        "synced",
    )


def test_the_newest_rows_are_shown_or_those_after_a_number(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _shown(path, capsys, most=2) == [5, 6]
    assert _shown(path, capsys, after=1, most=2) == [2, 3]
    assert _shown(path, capsys, after=6) == []
    assert _shown(path, capsys, kinds=["loaded", "accepted"]) == [2, 4]
    assert _shown(path, capsys, kinds=["loaded", "accepted"], most=1) == [4]
    assert _shown(path, capsys, kinds=["loaded", "accepted"], most=1, after=0) == [2]


def test_a_damaged_row_is_shown_as_such(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _damage(path, 2)
    assert show(path, after=1, most=2, kinds=["started"], as_json=False) == 0
    assert "2  (damaged)" in capsys.readouterr().out
    assert show(path, after=1, most=1, kinds=(), as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == {"seq": 2, "damaged": True}


def test_a_sound_journal_verifies(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = path.with_name("statement.pub.jwk")
    assert verify(path, key, as_json=False) == 0
    assert "6 statements: all as they were signed" in capsys.readouterr().out
    assert verify(path, key, as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "kiosk": KIOSK,
        "epoch": EPOCH,
        "statements": 6,
        "findings": [],
    }


def test_a_damaged_journal_fails_and_says_where(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _damage(path, 2)
    key = path.with_name("statement.pub.jwk")
    assert verify(path, key, as_json=False) == 1
    assert "row 2: not as it was signed" in capsys.readouterr().out
    assert verify(path, key, as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["seq"] == 2


def test_under_a_stranger_s_key_nothing_verifies(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = path.with_name("stranger.jwk")
    save_key(stranger, public(new_signing_key()))
    assert verify(path, stranger, as_json=False) == 1
    assert "6 findings" in capsys.readouterr().out


def test_what_cannot_be_opened_is_said_on_the_side(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = path.with_name("gone.db")
    assert show(gone, after=None, most=5, kinds=(), as_json=False) == 1
    assert "not there" in capsys.readouterr().err
    assert verify(path, path.with_name("gone.jwk"), as_json=False) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert verify(gone, path.with_name("statement.pub.jwk"), as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
