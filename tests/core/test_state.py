"""The turn: statements folded at once, floods counted, faults said once."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.automaton import step
from kiosk.core.clock import Now
from kiosk.core.codes import prepare
from kiosk.core.effects import Pulse, Record
from kiosk.core.events import Tick
from kiosk.core.memory import Phase, decode
from kiosk.core.scenes import Digits, Idle
from kiosk.core.state import TALLY_MS, Face, Turn
from sync.messages import Clock, Kind
from tests.core.make import (
    WALL_MS,
    a_manifest,
    a_memory,
    a_result,
    a_state,
    accepted,
    loaded,
    merged,
)


def a_turn(up_ms: int = 1_000) -> Turn:
    memory = a_memory(merged(a_result()), loaded(), accepted())
    manifest = a_manifest(a_result())
    state = replace(a_state(memory, manifest), codes=prepare(manifest, memory, {}))
    return Turn(state, Now(up_ms, WALL_MS, Clock.SYNCED))


def test_a_statement_is_folded_at_once_and_its_codes_are_made_anew() -> None:
    turn = a_turn()
    seq = turn.record(Kind.NOT_OPENED, cid="r1", compartment=1)
    assert (seq, turn.memory.seq) == (4, 4)
    assert turn.memory.parts_of("r1") == {1: Phase.LOADED}
    assert turn.state.codes == prepare(turn.state.manifest, turn.memory, turn.state.codes.made)


def test_a_pulse_comes_after_what_was_recorded_before_it() -> None:
    turn = a_turn()
    turn.record(Kind.REOPENED, cid="r1", holder="h1", compartment=1)
    turn.pulse(1, cid="r1")
    assert [type(effect) for effect in turn.effects] == [Record, Pulse]
    assert turn.state.doors.asked is not None
    assert turn.state.doors.asked.at_ms == 1_000


def test_a_fault_is_said_once_until_it_clears() -> None:
    turn = a_turn()
    assert turn.fault("space") == 4
    assert turn.fault("space") == 0
    turn.clear("space")
    turn.clear("space")
    assert turn.fault("space") == 6


def test_a_flood_is_counted_and_stated_when_its_ten_minutes_are_over() -> None:
    turn = a_turn()
    for _ in range(1_000):
        turn.tally("scan")
    assert turn.effects == []
    now = Now(1_000 + TALLY_MS, WALL_MS + TALLY_MS, Clock.SYNCED)
    _, effects = step(turn.state, Tick(), now)
    said = [e.statement for e in effects if isinstance(e, Record)]
    counted = {"of": "scan", "count": 1_000, "seconds": 600}
    assert [s.fields for s in said if s.kind == Kind.TALLY] == [counted]


def test_a_checkpoint_keeps_the_state_that_includes_itself() -> None:
    turn = a_turn()
    turn.checkpoint()
    record = turn.effects[0]
    assert isinstance(record, Record)
    assert decode(record.folded) == turn.memory
    assert turn.memory.checkpoint_seq == record.statement.seq


def test_idle_forgets_who_stood_here_and_other_scenes_close_help() -> None:
    turn = a_turn()
    turn.change(face=Face(lang="en", large=True, help=True, extended=2))
    turn.go(Digits(60_000))
    assert turn.state.face == Face(lang="en", large=True)
    turn.go(Idle())
    assert turn.state.face == Face()
