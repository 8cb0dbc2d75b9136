"""Faults put into the core on purpose. Each must break a promise within a few lives, or the net has a hole.

A sabotage is a small patch, put in and taken out by `pytest.MonkeyPatch`. `seed` is where the search
begins: a life known to show it when this page was written. Any promise may catch it; `promise` names the
one that should, "" where several may.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.simulation import fates
from tests.simulation import saboteurs as by
from tests.simulation import saboteurs_devices as around
from tests.simulation import saboteurs_restored as after
from tests.simulation import saboteurs_staff as also
from tests.simulation.fates import Fate


@dataclass(frozen=True, slots=True)
class Sabotage:
    """`promise`: the numbers that may catch it, as they begin the message."""

    put_in: Callable[[pytest.MonkeyPatch], None]
    promise: tuple[str, ...]
    seed: int = 0
    fate: Fate | None = None  # lives that are led to where it shows

    @property
    def name(self) -> str:
        """As the test is called."""
        return self.put_in.__name__


SABOTAGES = (
    Sabotage(by.pulse_before_record, ("1",)),
    Sabotage(by.pulse_never_sent, ("9",), seed=22),
    Sabotage(by.pulse_at_start_up, ("1", "2"), seed=11),
    Sabotage(by.floor_not_kept_after_accept, ("6",)),
    Sabotage(by.phase_overwritten_by_a_manifest, ("2",)),
    Sabotage(by.version_not_checked, ("5",)),
    Sabotage(by.head_not_checked, ("5",), seed=3),
    Sabotage(by.lost_memory_served, ("2", "9"), fate=fates.old_card),
    Sabotage(after.restored_and_trusted, ("2",), fate=fates.old_card),
    Sabotage(after.served_while_rows_come_back, ("2", "9"), fate=fates.old_card),
    Sabotage(after.rows_of_strangers_believed, ("4",)),
    Sabotage(by.refusal_not_charged, ("7",)),
    Sabotage(by.refusal_not_stated, ("7",)),
    Sabotage(by.right_answer_charged, ("7",)),
    Sabotage(by.bucket_refilled_by_a_restart, ("7",), seed=19),
    Sabotage(by.guessed_holder_not_locked, ("7",)),
    Sabotage(by.opened_without_an_edge, ("3",)),
    Sabotage(by.unknown_taken_for_closed, ("3", "9"), seed=54),
    Sabotage(by.contact_not_debounced, ("3",)),
    Sabotage(by.closing_unseen_called_collected, ("3",), fate=fates.shut_in_the_dark),
    Sabotage(by.wrong_door_ignored, ("9",), seed=8),
    Sabotage(by.unasked_opening_ignored, ("9",), seed=38),
    Sabotage(by.acceptance_not_voided, ("6",)),
    Sabotage(by.revoked_may_open, ("6",), seed=14),
    Sabotage(by.expired_may_open, ("6",), seed=16),
    Sabotage(by.token_never_dies, ("6",)),
    Sabotage(by.superseded_codes_still_good, ("6",)),
    Sabotage(by.forgotten_without_a_trace, ("6",), seed=38),
    Sabotage(by.staff_authority_leaves_it_offered, ("1", "2"), seed=9),
    Sabotage(by.totp_step_used_twice, ("7",), seed=1),
    Sabotage(by.reopened_again_and_again, ("2",)),
    Sabotage(by.screen_never_goes_home, ("9",), seed=6),
    Sabotage(by.statement_dropped_on_the_way, ("4",)),
    Sabotage(by.replay_is_another_memory, ("4",)),
    Sabotage(by.known_digits_stated, ("10",)),
    Sabotage(by.coil_held_too_long, ("8",)),
    Sabotage(also.undo_leaves_the_part, ("2",), seed=5),
    Sabotage(also.opened_papers_collectible_again, ("2",), seed=10),
    Sabotage(also.unclosed_papers_collectible_again, ("2",), fate=fates.shut_in_the_dark),
    Sabotage(also.door_test_where_papers_lie, ("1",)),
    Sabotage(also.unlocked_without_a_pin, ("7",)),
    Sabotage(also.lock_forgets_the_open_question, ("9",)),
    Sabotage(also.pending_not_cleared, ("2",)),
    Sabotage(also.retrieved_stays_collectible, ("2",)),
    Sabotage(also.found_empty_stays_collectible, ("2",), seed=5),
    Sabotage(also.stuck_door_ends_the_doubt, ("2",), seed=8),
    Sabotage(also.block_washes_the_doubt_away, ("2",), seed=42),
    Sabotage(also.opened_by_key_and_trusted, ("2",), seed=5),
    Sabotage(also.papers_in_doubt_answered_as_empty, ("2",), seed=3),
    Sabotage(
        also.technician_loads,
        (
            "1",
            "10",
        ),
        seed=2,
    ),
    Sabotage(also.paused_for_ever, ("9",), seed=2),
    Sabotage(also.session_never_locks, ("9",), seed=7),
    Sabotage(also.staff_door_for_no_reason, ("1",)),
    Sabotage(around.low_battery_ignored, ("8",)),
    Sabotage(around.low_battery_remembered_for_ever, ("9",)),
    Sabotage(around.code_used_up_without_power, ("9",), fate=fates.no_power_at_the_button),
    Sabotage(around.unproven_lock_pulsed, ("8",), fate=fates.changed_boards),
    Sabotage(around.proven_by_the_key_alone, ("8",), fate=fates.changed_boards),
    Sabotage(around.bad_board_pulsed, ("9",), fate=fates.bad_boards),
    Sabotage(around.staff_pulse_a_bad_board, ("9",), fate=fates.bad_boards),
    Sabotage(around.flapping_contact_believed, ("3",), seed=19),
    Sabotage(around.healed_device_not_stated, ("9",)),
)
