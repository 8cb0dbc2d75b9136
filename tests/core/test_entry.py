"""What may be typed, and where a submission leads; the journeys are in tests/flows."""

from __future__ import annotations

import pytest

from kiosk.core.clock import Now
from kiosk.core.effects import Record
from kiosk.core.entry import appended, submit, typed_tries
from kiosk.core.scenes import Code, Refused
from kiosk.core.state import Turn
from sync.messages import Clock, Kind, Statement
from tests.core.make import WALL_MS, a_manifest, a_memory, a_result, a_state, loaded, merged


@pytest.mark.parametrize(
    ("entered", "value", "after"),
    [
        ("", "4", "4"),
        ("482", "1", "4821"),
        ("4821", "9", "4821"),
        ("4", "", "4"),
        ("4", "82", "4"),
        ("4", "x", "4"),
        ("4", " ", "4"),
        ("4", "\uff18", "4"),
        ("4", "\u0668", "4"),
        ("4", "\u00b2", "4"),
    ],
)
def test_one_ascii_digit_at_a_time_into_four_boxes(entered: str, value: str, after: str) -> None:
    assert appended(entered, value, 4) == after


def a_turn(scene: Code) -> Turn:
    memory = a_memory(merged(a_result()), loaded())
    turn = Turn(a_state(memory, a_manifest(a_result())), Now(1_000, WALL_MS, Clock.SYNCED))
    turn.change(scene=scene)
    return turn


def test_half_a_code_is_no_submission() -> None:
    scene = Code(90_000, "4821", "8475522")
    turn = a_turn(scene)
    submit(turn, scene, "")
    assert (turn.effects, typed_tries(turn)) == ([], 10)


def test_a_refusal_takes_one_try_and_is_the_only_effect() -> None:
    scene = Code(90_000, "4821", "00000000")
    turn = a_turn(scene)
    submit(turn, scene, "")
    assert [s.kind for s in _said(turn)] == [Kind.REFUSED]
    assert typed_tries(turn) == 9
    assert isinstance(turn.state.scene, Refused)
    assert turn.state.scene.seq == turn.memory.seq


def _said(turn: Turn) -> list[Statement]:
    return [effect.statement for effect in turn.effects if isinstance(effect, Record)]
