"""The whole cabinet in processes of its own; a copy of its card is put in: back, or enrolled anew."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kiosk import cli_central, clock, enroll_code, identity
from kiosk.demo import cast
from kiosk.demo.hands import Hands
from kiosk.demo.stage import Stage, wait_for
from kiosk.demo.story import CENTRAL_S, Story
from kiosk.journal import Journal
from sync.central.enrolments import new_code
from sync.central.store import Store
from sync.keys import load_key

BACK_S = 60.0  # sync may be in the middle of a pause


@pytest.fixture(autouse=True)
def _no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def test_a_copied_card_comes_back_and_a_forked_one_is_enrolled_anew(tmp_path: Path) -> None:
    with Stage() as stage:
        hands = Hands(stage, None)
        story = Story(stage, hands)
        for step in (story.registered, story.manifest_accepted, story.staff_in, story.loaded):
            step()
        story.staff_out()
        story.message_spooled()
        _copy(stage, tmp_path / "copy.db")
        _collect(stage, hands, story, papers=1)
        story.reported()
        _put_in(stage, hands, tmp_path / "copy.db")
        _it_comes_back(stage, hands, story)
        stage.wire.pull()
        _put_in(stage, hands, tmp_path / "copy.db")
        hands.see("Idle")
        _collect(stage, hands, story, papers=0)  # nobody has told this copy that they are gone
        stage.wire.plug()
        _it_is_torn(stage, hands)
        _it_is_enrolled_anew(stage, hands)


def _it_comes_back(stage: Stage, hands: Hands, story: Story) -> None:
    wait_for(lambda: hands.stated("conflict", what="restored"), "the rows are back", BACK_S)
    serving = {"audit": "restored", "serving": True}
    wait_for(lambda: serving.items() <= stage.line.status().items(), "it serves", CENTRAL_S)
    hands.see("Idle")
    assert hands.stated("collected", cid=story.told.cid) is not None
    assert len(_unchecked(stage)) == len(cast.wall())
    story.type_in()
    hands.see("Told")
    assert hands.fields()["why"] == "used"
    hands.tap("finish")
    hands.see("Idle")
    story.reported()


def _it_is_torn(stage: Stage, hands: Hands) -> None:
    wait_for(lambda: hands.stated("conflict", what="memory"), "it says that it is torn", BACK_S)
    hands.see("OutOfService")
    assert hands.stated("conflict", what="restored") is None
    wait_for(lambda: stage.line.status().get("outage") == "memory", "status says so", CENTRAL_S)


def _it_is_enrolled_anew(stage: Stage, hands: Hands) -> None:
    before = load_key(stage.statement_key())
    stage.cut_power()
    hands.forget_screen()
    stage.end("sync")
    store = Store(cli_central.settings(stage.folder / "central"), clock.wall_ms)
    code = new_code(store, cast.KIOSK, unit=cast.SMS_UNIT, address=cast.ADDRESS)
    store.close()
    url = f"http://127.0.0.1:{stage.wire.port}"
    assert enroll_code.enroll(stage.config, url, code.text).epoch == 2
    stage.start_run()
    stage.start_sync()
    hands.see("Idle")
    assert hands.stated("manifest_accepted", epoch=2) is not None
    wait_for(lambda: stage.line.status().get("audit") == "new_epoch", "status says so", CENTRAL_S)
    assert len(_unchecked(stage)) == len(cast.wall())
    aside = Journal.read_only(stage.config.data / "journal-before-epoch-2.db", key=before)
    rows = aside.after(0, most=5_000, most_bytes=2**26)
    assert all(isinstance(row, str) for row in rows)
    aside.close()
    assert identity.enrolment(stage.config.keys).epoch == 2


def _unchecked(stage: Stage) -> list[object]:
    found = stage.line.status()["unchecked"]
    assert isinstance(found, list)
    return found


def _collect(stage: Stage, hands: Hands, story: Story, *, papers: int) -> None:
    story.type_in()
    hands.see("Ready")
    hands.tap("open")
    hands.see("Open")
    number = story.told.compartment
    with stage.cabinet.hands() as cabinet:
        assert len(cabinet.take(number)) == papers
        assert cabinet.push(number)
    hands.wait_stated("collected", cid=story.told.cid, compartment=number)
    hands.see("Closed")
    hands.tap("finish")
    hands.see("Idle")


def _copy(stage: Stage, to: Path) -> None:
    card, copy = sqlite3.connect(stage.config.data / "journal.db"), sqlite3.connect(to)
    card.backup(copy)
    card.close()
    copy.close()


def _put_in(stage: Stage, hands: Hands, copy: Path) -> None:
    stage.cut_power()
    hands.forget_screen()
    path = stage.config.data / "journal.db"
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    path.write_bytes(copy.read_bytes())
    path.chmod(0o600)
    stage.start_run()
