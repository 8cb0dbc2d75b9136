"""What happens when an older copy of a card is put back: docs/operations.md, step by step.

Two copies that both moved doors (step 5), holes and lies: tests/sync/test_restored_card.py.
"""

from __future__ import annotations

import shutil

import pytest

from kiosk.core.scenes import Ready
from tests.loss.walks import walks
from tests.loss.ward import Ward


@walks("An older card was put back")
def test_an_older_card_gets_its_rows_back_and_serves_after_the_audit_round(
    ward: Ward, capsys: pytest.CaptureFixture[str]
) -> None:
    taken, inside = ward.register(), ward.register()
    ward.sync()
    gone, place = ward.load(taken, inside)
    ward.sync()
    ward.power_off()
    older = ward.home.with_name("older")
    shutil.copytree(ward.home, older)
    ward.power_on()
    code = ward.code(taken[0])
    ward.collect(taken[0], gone)
    ward.sync()
    newest = ward.received()
    ward.power_off()
    shutil.rmtree(ward.home)
    shutil.move(older, ward.home)

    kiosk = ward.power_on()  # 1: with the line up
    ward.sync()  # 2
    assert ward.written()[: len(newest)] == newest  # 3
    kiosk.wait(500)
    ward.sync()
    assert ward.command("status") == 0  # 4
    assert "a supervisor does an audit round" in capsys.readouterr().out
    ward.enter(code)
    assert not ward.stands(Ready)
    kiosk.wait(120_000)
    ward.audit()
    ward.collect(inside[0], place)
    ward.sync()
    assert (ward.phase(taken[0]), ward.phase(inside[0])) == ("collected", "collected")
    assert ward.received() == ward.written()
