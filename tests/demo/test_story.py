"""The whole cabinet in processes of its own: one story, and SIGKILLs at the boundaries that matter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.demo import cast, command
from kiosk.demo.hands import Hands
from kiosk.demo.stage import Stage, wait_for
from kiosk.demo.story import CENTRAL_S, CODE, Story
from kiosk.demo.wiring import Setup

TOKEN = "A" * 22


@pytest.fixture(autouse=True)
def _no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def test_the_story_comes_true_from_beginning_to_end(tmp_path: Path) -> None:
    assert command.main(once=True, out=tmp_path, setup=Setup()) == 0
    told = json.loads((tmp_path / "story.json").read_text(encoding="utf-8"))
    assert told["ok"] is True
    assert [step["ok"] for step in told["steps"]] == [True] * 20
    assert len(list(tmp_path.glob("*.png"))) >= 10


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage() as up:
        yield up


def test_a_kill_at_any_boundary_opens_nothing_twice_and_the_citizen_can_finish(
    stage: Stage,
) -> None:
    hands = Hands(stage, None)
    story = Story(stage, hands)
    story.registered()
    story.manifest_accepted()
    places: dict[cast.Dossier, int] = {}
    kinds = ("accepted", "opened", "collected")
    story.staff_in()
    for dossier, _ in zip(cast.DOSSIERS, kinds, strict=False):
        story.turn_to(dossier)
        story.loaded()
        places[dossier] = story.told.compartment
    story.staff_out()
    for dossier, kind in zip(cast.DOSSIERS, kinds, strict=False):
        story.turn_to(dossier)
        story.message_spooled()
        story.told.compartment = places[dossier]
        _collect_with_a_kill(stage, hands, story, kind)
    hands.scan(f"HS1.{cast.KIOSK}.{TOKEN}")
    hands.see("Refused")
    _no_secret_is_in_clear(stage, hands)
    _log_lines_are_for_machines_and_about_nobody(stage, hands)


def _log_lines_are_for_machines_and_about_nobody(stage: Stage, hands: Hands) -> None:
    """Every line of every process: one JSON object, without what was typed, scanned, sent or is secret."""
    logs = sorted(stage.folder.glob("*.log"))
    assert [log.stem for log in logs] == ["central", "run", "sync"]
    told = [json.loads(line) for log in logs for line in log.read_text("utf-8").splitlines()]
    assert {"sync", "central"} <= {one["logger"].split(".")[1] for one in told}
    assert all(one.keys() >= {"at", "level", "logger", "text"} for one in told)
    lines = [json.dumps({k: v for k, v in one.items() if k != "at"}) for one in told]
    words = {cast.STAFF_PIN, cast.STAFF_NUMBER, stage.totp_secret, TOKEN, "HS1.", "H29"}
    for message in hands.messages():
        found = CODE.search(str(message["text"]))
        words |= {"".join(found.groups()), " ".join(found.groups())} if found else set()
    for dossier in cast.DOSSIERS:
        words |= {dossier.phone, dossier.phone[-4:], dossier.code, *dossier.recipient.split()}
    words |= {json.dumps(word)[1:-1] for word in words}  # as JSON writes letters beyond ASCII
    whole = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in words]
    assert [line for line in lines if any(word.search(line) for word in whole)] == []


def _collect_with_a_kill(stage: Stage, hands: Hands, story: Story, kind: str) -> None:
    """The power fails right after `kind` is on the disk; somebody comes back and finishes."""
    number, cid = story.told.compartment, story.told.cid
    hands.cut_after(kind)
    story.type_in()
    hands.see("Ready")
    hands.tap("open")
    if kind == "collected":
        wait_for(lambda: hands.stated("opened", cid=cid), "the door opens", CENTRAL_S)
        _take_and_close(stage, number)
    assert stage.wait_dead() < 0
    hands.forget_screen()
    pulses = _pulses(stage)
    stage.start_run()
    if kind == "opened":  # the door stands open: no name, no pulse, just close it
        hands.see("Reclose")
        _take_and_close(stage, number)
    if kind == "accepted":
        hands.see("Idle")
        assert _pulses(stage) == pulses, "start-up pulsed a lock"
        story.type_in()
        hands.see("Ready")
        hands.tap("open")
        hands.see("Open")
        _take_and_close(stage, number)
        hands.see("Closed")
        hands.tap("finish")
    hands.wait_stated("collected", cid=cid, compartment=number)
    hands.see("Idle")
    opened = [r for r in hands.statements() if r["kind"] == "opened" and r.get("cid") == cid]
    assert len(opened) == 1


def _take_and_close(stage: Stage, number: int) -> None:
    with stage.cabinet.hands() as cabinet:
        assert len(cabinet.take(number)) == 1
        assert cabinet.push(number)


def _pulses(stage: Stage) -> int:
    with stage.cabinet.hands() as cabinet:
        return len(cabinet.coil_runs())


def _no_secret_is_in_clear(stage: Stage, hands: Hands) -> None:
    """In the raw bytes of journal and logs: no code, PIN, secret, phone, known digits, name."""
    files = [*stage.config.data.glob("journal.db*"), *stage.folder.glob("*.log")]
    raw = b"".join(path.read_bytes() for path in files)
    texts = json.dumps(hands.statements(), ensure_ascii=False)
    secrets = [cast.STAFF_PIN, stage.totp_secret]
    for message in hands.messages():
        found = CODE.search(str(message["text"]))
        secrets += ["".join(found.groups()), " ".join(found.groups())] if found else []
    for dossier in cast.DOSSIERS:
        secrets += [dossier.phone, dossier.phone[1:], dossier.recipient]
        secrets += dossier.recipient.split()[-1:]
        assert f'"{dossier.phone[-4:]}"' not in texts
    for secret in secrets:
        if len(secret) > 4:
            assert secret.encode() not in raw
            assert secret not in texts
