"""The power fails before every single effect of a whole story: every object dropped, the files reopened."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.simulated.cabinet import Cabinet
from kiosk.core.effects import Effect, Pulse
from kiosk.core.memory import Phase
from kiosk.core.scenes import Idle
from tests.powercut.life import NUMBERS, Life, make_keys
from tests.powercut.promises import finish, promises_hold

CID = "r1"


class PowerCutError(Exception):
    """The power went before this effect."""


def _cutting(life: Life, left: int) -> None:
    """The power fails before effect number `left`."""
    carry, budget = life.carry, [left]

    def carried(effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if budget[0] == 0:
                raise PowerCutError
            budget[0] -= 1
            carry((effect,))

    life.carry = carried


def _story(life: Life) -> None:
    life.station.office.register(CID)
    life.manifest()
    life.load(CID)
    life.collect(CID)


def _effects_of_the_story(folder: Path) -> int:
    """How many effects there are to cut between."""
    life = Life(folder, folder / "whole", Cabinet(NUMBERS, seed=3))
    carry, count = life.carry, [0]

    def carried(effects: tuple[Effect, ...]) -> None:
        count[0] += len(effects)
        carry(effects)

    life.carry = carried
    _story(life)
    life.journal.close()
    return count[0]


def test_a_cut_before_any_effect_leaves_journal_screen_and_papers_in_agreement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_keys(tmp_path)
    effects = _effects_of_the_story(tmp_path)
    assert effects > 15
    for left in range(effects):
        _cut_and_come_back(tmp_path, left)
    capsys.readouterr()  # what the lives said to their pipe


def _cut_and_come_back(folder: Path, left: int) -> None:
    cabinet = Cabinet(NUMBERS, seed=3)
    data = folder / f"cut-{left}"
    life = Life(folder, data, cabinet)
    office = life.station.office
    _cutting(life, left)
    with pytest.raises(PowerCutError):
        _story(life)
    life.journal.close()
    runs = len(cabinet.board.coil_runs())
    again = Life(folder, data, cabinet, up_ms=30_000)
    again.station.office = office
    assert not any(isinstance(effect, Pulse) for effect in again.start_effects)
    for number in cabinet.compartments:  # somebody takes what lies in an open door and shuts it
        if cabinet.is_open(number):
            cabinet.push(number)
    assert len(cabinet.board.coil_runs()) == runs, "start-up pulsed a lock"
    _settled(again)
    promises_hold(again)
    due = [
        c for (c, _), p in again.state.memory.parts.items() if p in {Phase.LOADED, Phase.ACCEPTED}
    ]
    if due:
        finish(again, CID)
    promises_hold(again)
    again.journal.close()


def _settled(life: Life) -> None:
    """A kiosk that never heard of central waits for it; any other one serves."""
    for _ in range(20):
        life.wait()
    if life.state.manifest is not None:
        life.until(Idle)
