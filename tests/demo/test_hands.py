"""What the demo's auditor reads: whole messages only."""

from __future__ import annotations

import json
from pathlib import Path

from drivers.simulated.cabinet import Cabinet
from drivers.simulated.line import SimulatedLine
from kiosk.demo.hands import Hands
from kiosk.demo.stage import Stage


def test_a_message_that_is_still_being_written_is_not_read(tmp_path: Path) -> None:
    stage = object.__new__(Stage)  # no processes: only the two things that are looked at
    stage.spool = tmp_path / "spool"
    stage.cabinet = SimulatedLine(tmp_path / "cabinet.sock", Cabinet([1]))
    hands = Hands(stage, None)
    assert hands.messages() == []
    stage.spool.mkdir()
    (stage.spool / "00000001.json").write_text(json.dumps({"text": "MA"}), encoding="utf-8")
    (stage.spool / ".00000002.json").write_text('{"text": "M', encoding="utf-8")
    assert hands.messages() == [{"text": "MA"}]
    stage.cabinet.close()
