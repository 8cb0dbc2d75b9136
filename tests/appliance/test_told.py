"""What became of an upgrade reaches central: from root's small file, through `run`, as a statement."""

import json
from pathlib import Path

import pytest

from kiosk import upgrades
from kiosk.appliance import outcome
from kiosk.appliance.ground import Ground, quiet
from kiosk.appliance.outcome import Outcome
from kiosk.appliance.trial import Why
from kiosk.core.events import UpgradeTold
from sync.kinds import KINDS
from sync.messages import Kind
from tests.flows.walk import Walk


def written(tmp_path: Path, why: str) -> UpgradeTold:
    ground = Ground(tmp_path, say=quiet)
    outcome.write(ground, Outcome("2.0.0+1", "2.0.0", "1.0.0", why, "words for people"))
    return upgrades.told(tmp_path / outcome.FILE.lstrip("/"))


@pytest.mark.parametrize("why", Why)
def test_a_failed_one_is_stated_once_and_cleared_by_the_next_success(
    tmp_path: Path, why: Why
) -> None:
    walk = Walk({"r1": (3,)})
    failed = written(tmp_path, why)
    walk.give(failed)
    walk.give(failed)
    faults = [fields for fields in walk.said(Kind.FAULT) if fields["what"] == "upgrade_failed"]
    assert [(f["version"], f["why"]) for f in faults] == [("2.0.0", str(why))]
    assert "words" not in json.dumps(faults)
    known = {field.name for field in KINDS[Kind.FAULT].fields}
    assert {"what", "version", "why"} <= known
    assert walk.state.faults == {"upgrade_failed"}
    walk.give(written(tmp_path, ""))
    assert walk.state.faults == frozenset()
    assert [f["what"] for f in walk.said(Kind.FAULT_CLEARED)] == ["upgrade_failed"]


@pytest.mark.parametrize(
    "content", [None, b"", b"[]", b"{}", b'{"why": "x"}', b"\xff", b"[" * 5000, b"null"]
)
def test_a_file_that_is_not_ours_says_nothing(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "last.json"
    if content is not None:
        path.write_bytes(content)
    assert upgrades.told(path) == UpgradeTold("")


def test_a_reason_that_nobody_gives_is_not_stated(tmp_path: Path) -> None:
    assert written(tmp_path, "because of Nguyen Van A") == UpgradeTold("")


def test_everybody_may_read_it_and_nobody_else_writes_it(tmp_path: Path) -> None:
    written(tmp_path, Why.DOCTOR)
    path = tmp_path / outcome.FILE.lstrip("/")
    assert path.stat().st_mode & 0o777 == 0o644
    assert path.parent.stat().st_mode & 0o022 == 0
