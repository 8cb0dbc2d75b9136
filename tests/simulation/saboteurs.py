"""The patches behind `tests.simulation.sabotage`: each one plausible mistake, put into the real core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from drivers.doors import DoorsRead, Outcome, PulseDone, Reading
from drivers.simulated import board
from kiosk.core import (
    arrivals,
    automaton,
    codes,
    doors,
    entry,
    fold,
    guessing,
    judge,
    login,
    merge,
    opening,
    settle,
)
from kiosk.core.clock import Now
from kiosk.core.codes import Standing
from kiosk.core.effects import Effect, Pulse
from kiosk.core.events import Event, Key, ManifestOpened
from kiosk.core.memory import Memory, Phase, decode
from kiosk.core.scenes import Again, Closed, Why
from kiosk.core.staff_scenes import LoadOpening
from kiosk.core.state import State, Turn
from kiosk.core.table import Row
from kiosk.core.visit import VISIT
from kiosk.journal_values import Damaged
from sync import envelopes
from sync.messages import Kind, Statement
from tests.journal_fake import MemoryJournal
from tests.simulation import ladder

Patch = pytest.MonkeyPatch


def _nothing(memory: Memory, _statement: Statement) -> Memory:
    return memory


def _fold(patch: Patch, kind: Kind, change: Callable[[Memory, Memory, Statement], Memory]) -> None:
    """Another fold of one kind: `change(before, after, statement)`."""
    real = fold._CHANGES.get(kind, _nothing)
    patch.setitem(fold._CHANGES, kind, lambda m, s: change(m, real(m, s), s))


def pulse_before_record(patch: Patch) -> None:
    real = automaton.step

    def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
        after, effects = real(state, event, now)
        return after, tuple(sorted(effects, key=lambda e: not isinstance(e, Pulse)))

    patch.setattr(automaton, "step", step)


def pulse_never_sent(patch: Patch) -> None:
    real = automaton.step

    def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
        after, effects = real(state, event, now)
        return after, tuple(e for e in effects if not isinstance(e, Pulse) or _for_staff(after))

    patch.setattr(automaton, "step", step)


def _for_staff(state: State) -> bool:
    return isinstance(state.scene, LoadOpening)


def pulse_at_start_up(patch: Patch) -> None:
    real = automaton.start

    def start(*args: Any, **options: Any) -> tuple[State, tuple[Effect, ...]]:  # noqa: ANN401 - passed on
        state, effects = real(*args, **options)
        moving = [Pulse(number) for _, number in sorted(state.memory.moving)]
        return state, (*effects, *moving)

    patch.setattr(automaton, "start", start)


def floor_not_kept_after_accept(patch: Patch) -> None:
    real = fold._account_after
    patch.setattr(fold, "_account_after", lambda *a: replace(real(*a), floor=real(*a).floor - 1))


def phase_overwritten_by_a_manifest(patch: Patch) -> None:
    def back(_before: Memory, after: Memory, _statement: Statement) -> Memory:
        parts = {k: Phase.LOADED if p is Phase.COLLECTED else p for k, p in after.parts.items()}
        return replace(after, parts=parts)

    _fold(patch, Kind.MANIFEST_ACCEPTED, back)


def version_not_checked(patch: Patch) -> None:
    def take(turn: Turn, event: ManifestOpened) -> None:
        arrivals._accept_manifest(turn, event)

    patch.setattr(envelopes, "_version", lambda *_: None)
    patch.setattr(arrivals, "opened", take)


def head_not_checked(patch: Patch) -> None:
    real = arrivals.opened
    patch.setattr(arrivals, "opened", lambda turn, e: real(turn, replace(e, head_fits=None)))


def lost_memory_served(patch: Patch) -> None:
    _fold(patch, Kind.CONFLICT, lambda _before, after, _s: replace(after, lost=False))


def refusal_not_charged(patch: Patch) -> None:
    _fold(patch, Kind.REFUSED, lambda before, after, _s: replace(after, bucket=before.bucket))


def refusal_not_stated(patch: Patch) -> None:
    patch.setattr(entry, "_charge", lambda turn, _known: turn.memory.seq)


def right_answer_charged(patch: Patch) -> None:
    real = entry.answer

    def answer(turn: Turn, match: codes.Match, known: str = "") -> None:
        entry._charge(turn, known)
        real(turn, match, known)

    patch.setattr(entry, "answer", answer)


def bucket_refilled_by_a_restart(patch: Patch) -> None:
    def refill(_before: Memory, after: Memory, statement: Statement) -> Memory:
        return replace(after, bucket=guessing.full(after.policy, statement.up_ms))

    _fold(patch, Kind.STARTED, refill)


def guessed_holder_not_locked(patch: Patch) -> None:
    def unlocked(before: Memory, after: Memory, _statement: Statement) -> Memory:
        return replace(after, accounts=before.accounts)

    _fold(patch, Kind.REFUSED, unlocked)


def opened_without_an_edge(patch: Patch) -> None:
    real = settle.pulse_done

    def done(turn: Turn, event: PulseDone) -> None:
        real(turn, event)
        waits = settle._waits_for(turn, event.compartment)
        if event.outcome is Outcome.ACKNOWLEDGED and waits:
            settle._opened_as_asked(turn, event.compartment)

    patch.setattr(settle, "pulse_done", done)


def unknown_taken_for_closed(patch: Patch) -> None:
    real = doors.observe

    def observe(before: doors.Doors, sweep: DoorsRead) -> tuple[doors.Doors, tuple[Any, ...]]:
        seen = {n: Reading.CLOSED if r is Reading.UNKNOWN else r for n, r in sweep.readings.items()}
        return real(before, replace(sweep, readings=seen))

    patch.setattr(settle, "observe", observe)


def contact_not_debounced(patch: Patch) -> None:
    patch.setattr(doors, "DEBOUNCE_MS", 0)


def closing_unseen_called_collected(patch: Patch) -> None:
    def collected(turn: Turn, cid: str, number: int) -> None:
        door = turn.state.doors.doors.get(number)
        if door is not None and turn.state.doors.reading(number, turn.up_ms) is Reading.CLOSED:
            holder = turn.memory.acceptances[cid].holder
            turn.record(Kind.COLLECTED, cid=cid, holder=holder, compartment=number)

    patch.setattr(settle, "_settle_opened", collected)


def wrong_door_ignored(patch: Patch) -> None:
    patch.setattr(settle, "_wrong_door", lambda *_: None)


def unasked_opening_ignored(patch: Patch) -> None:
    patch.setattr(settle, "_unasked", lambda *_: None)


def acceptance_not_voided(patch: Patch) -> None:
    patch.setattr(merge, "_voided", lambda *_: [])


def revoked_may_open(patch: Patch) -> None:
    patch.setattr(judge, "_barred", lambda *_: None)


def expired_may_open(patch: Patch) -> None:
    real = judge.verdict

    def verdict(*args: Any) -> Why | None:  # noqa: ANN401 - passed on
        why = real(*args)
        return None if why is Why.EXPIRED else why

    patch.setattr(entry, "verdict", verdict)
    patch.setattr(opening, "verdict", verdict)


def token_never_dies(patch: Patch) -> None:
    real = codes._token

    def token(*args: Any) -> list[tuple[bytes, codes.Match]]:  # noqa: ANN401 - passed on
        return [(text, replace(match, standing=Standing.GOOD)) for text, match in real(*args)]

    patch.setattr(codes, "_token", token)


def superseded_codes_still_good(patch: Patch) -> None:
    patch.setattr(codes, "_standing", lambda *_: Standing.GOOD)


def forgotten_without_a_trace(patch: Patch) -> None:
    patch.setattr(fold, "_collected_of", lambda *_: frozenset())


def staff_authority_leaves_it_offered(patch: Patch) -> None:
    _fold(patch, Kind.STAFF_AUTHORISED, lambda before, _after, _s: before)


def totp_step_used_twice(patch: Patch) -> None:
    real = login.totp_step
    patch.setattr(
        login, "totp_step", lambda member, typed, wall, _last: real(member, typed, wall, -1)
    )


def reopened_again_and_again(patch: Patch) -> None:
    def forgot(turn: Turn, scene: Closed, _value: str) -> None:
        turn.go(Again(turn.up_ms + opening.FORGOT_MS, replace(scene.grant, reopened=False)))

    patch.setitem(VISIT[Closed], Key.FORGOT, Row(forgot, (Again,)))


def screen_never_goes_home(patch: Patch) -> None:
    patch.setattr(entry, "DIGITS_MS", 10**9)


def statement_dropped_on_the_way(patch: Patch) -> None:
    real = MemoryJournal.after

    def after(self: MemoryJournal, seq: int, **caps: int) -> list[str | Damaged]:
        return [text for n, text in enumerate(real(self, seq, **caps), seq + 1) if n % 23]

    patch.setattr(MemoryJournal, "after", after)


def replay_is_another_memory(patch: Patch) -> None:
    def forgetful(folded: bytes) -> Memory:
        return replace(decode(folded), staff_steps={})

    patch.setattr(ladder, "decode", forgetful)


def known_digits_stated(patch: Patch) -> None:
    real = Turn.record

    def record(self: Turn, kind: Kind, **fields: Any) -> int:  # noqa: ANN401 - passed on
        if kind is Kind.REFUSED:
            fields["known"] = getattr(self.state.scene, "known", "")
        return real(self, kind, **fields)

    patch.setattr(Turn, "record", record)


def coil_held_too_long(patch: Patch) -> None:
    patch.setattr(board, "PULSE_MS", 2_000)
