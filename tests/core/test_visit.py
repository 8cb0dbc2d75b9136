"""The transition table itself: complete, reachable, and held to (DESIGN §12)."""

from __future__ import annotations

from typing import get_args

import pytest

from kiosk.core.clock import Now
from kiosk.core.events import Key
from kiosk.core.scenes import Idle, Out, Outage, Scene, Told
from kiosk.core.state import Turn
from kiosk.core.table import Row, Signal, dispatch
from kiosk.core.visit import TABLE, VISIT
from sync.messages import Clock
from tests.core.make import WALL_MS, a_memory, a_state

EVERYWHERE = {Key.LANGUAGE, Key.TEXT_SIZE, Key.HELP, Key.MORE_TIME}


def a_turn() -> Turn:
    return Turn(a_state(a_memory()), Now(1_000, WALL_MS, Clock.SYNCED))


def test_every_scene_has_a_row() -> None:
    assert set(TABLE) == set(get_args(Scene))


def test_every_scene_can_be_reached_from_idle_or_the_start() -> None:
    reached: set[type] = {Idle, Out}
    while True:
        more = {to for scene in reached for row in TABLE[scene].values() for to in row.to}
        if more <= reached:
            break
        reached |= more
    settled = {
        scene for scene in TABLE if scene.__name__ == "Reclose"
    }  # after a restart, by a level
    assert reached | settled == set(TABLE)


def test_every_scene_but_an_outage_leads_home() -> None:
    home: set[type] = {Idle}
    for _ in TABLE:
        home |= {s for s, cells in TABLE.items() if any(set(r.to) & home for r in cells.values())}
    assert home == set(TABLE)


def test_every_scene_that_times_out_says_where_to_and_the_others_do_not_run() -> None:
    timeless = {s for s in TABLE if Signal.TIMEOUT not in TABLE[s]}
    assert timeless == {Idle, Out}


def test_every_key_and_every_signal_is_used_somewhere() -> None:
    used = {what for cells in TABLE.values() for what in cells}
    assert set(Key) - used - EVERYWHERE == set()
    assert set(Signal) - used == set()


def test_a_visit_knows_nothing_of_loading_but_the_way_to_the_login() -> None:
    to = {t.__name__ for cells in VISIT.values() for row in cells.values() for t in row.to}
    assert {name for name in to if name.startswith(("Load", "Log", "Choos"))} == {"Login"}


def test_a_scene_that_does_not_know_what_happened_stays_as_it_is() -> None:
    turn = a_turn()
    assert not dispatch(TABLE, turn, Key.RATE, "5")
    assert isinstance(turn.state.scene, Idle)


def test_a_handler_that_leads_astray_is_our_own_error() -> None:
    def astray(turn: Turn, _scene: object, _value: str) -> None:
        turn.go(Out(Outage.DOORS))

    with pytest.raises(AssertionError, match="Idle start led to Out"):
        dispatch({Idle: {Key.START: Row(astray, (Told,))}}, a_turn(), Key.START)
