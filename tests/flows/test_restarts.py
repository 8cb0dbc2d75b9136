"""Power cuts at moments that have a rule of their own (DESIGN §5, Pulses and finishing; §12)."""

from __future__ import annotations

import pytest

from drivers.doors import Outcome, Reading
from kiosk.core.doors import BLIND_MS
from kiosk.core.events import Key
from kiosk.core.memory import Phase
from kiosk.core.scenes import Closed, Idle, Open, Opening, Out, Ready, Reclose, Stuck, Told, Why
from sync.messages import Kind
from tests.flows.walk import Walk, cut, press, published, pull, push, scanned, seconds
from tests.flows.ways import collecting, opening, right_code, typing


def told(walk: Walk) -> Why:
    assert isinstance(walk.scene, Told)
    return walk.scene.why


def accepted_then_cut(away_s: int = 60) -> Walk:
    """The power went between pulse and door: accepted, nothing seen."""
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening))
    walk.jammed = set()
    return walk.go((cut(away_s), Idle))


def test_the_same_code_finishes_after_a_power_cut() -> None:
    walk = accepted_then_cut()
    assert walk.memory.parts[("r1", 1)] is Phase.ACCEPTED
    walk.go(*right_code(walk), *opening(), (push(1), Closed))
    assert walk.said(Kind.RESUMED) == [{"cid": "r1", "holder": "h1"}]
    assert len(walk.said(Kind.ACCEPTED)) == 1
    assert len(walk.said(Kind.COLLECTED)) == 1
    assert walk.said(Kind.REFUSED) == []


def test_the_token_finishes_what_the_code_began() -> None:
    walk = accepted_then_cut()
    walk.go((scanned(walk.central.qr("r1")), Ready), *opening(), (push(1), Closed))


def test_ten_minutes_after_serving_again_the_code_works_again() -> None:
    walk = accepted_then_cut(away_s=86_400)
    walk.go((seconds(599), Idle))
    assert walk.memory.parts[("r1", 1)] is Phase.ACCEPTED
    walk.go((seconds(1), Idle))
    assert walk.said(Kind.NOT_OPENED) == [{"cid": "r1", "compartment": 1}]
    walk.go(*right_code(walk), *opening(), (push(1), Closed))
    assert [f["counter"] for f in walk.said(Kind.ACCEPTED)] == [0, 0]


def test_the_ten_minutes_do_not_run_while_the_screen_does_not_serve() -> None:
    walk = accepted_then_cut()
    seen, walk.readings = walk.readings, {}
    walk.boot(60_000, reboot=True)
    walk.wait(900_000)
    assert isinstance(walk.scene, Out)
    walk.readings = seen
    walk.go((seconds(1), Idle), *right_code(walk), *opening())
    assert len(walk.said(Kind.RESUMED)) == 1


def test_when_the_time_is_over_an_unread_door_is_unconfirmed() -> None:
    walk = accepted_then_cut()
    walk.go((pull(1, Reading.UNKNOWN), Idle), (seconds(600), Idle))
    assert walk.memory.parts[("r1", 1)] is Phase.UNCONFIRMED
    assert walk.memory.compartments[1].blocked
    walk.go(*right_code(walk, leads_to=Told))
    assert told(walk) is Why.CHECKED


def test_a_finishing_code_does_not_expire() -> None:
    walk = accepted_then_cut(away_s=30 * 86_400)
    walk.go(*right_code(walk), *opening())


def test_a_manifest_with_a_newer_counter_voids_what_a_cut_left() -> None:
    walk = accepted_then_cut()
    old = walk.central.code("r1")
    walk.central.re_issue("r1")
    walk.go((published, Idle), (seconds(1), Idle), *typing("4821", old, Told))
    assert told(walk) is Why.REPLACED
    assert walk.memory.parts[("r1", 1)] is Phase.LOADED
    walk.go((press(Key.FINISH), Idle), *collecting(walk, "r1", 1))


def test_another_holder_takes_over_what_a_cut_left_and_the_first_code_works_again() -> None:
    walk = accepted_then_cut()
    walk.central.authorise("r1", "h2", "0530009999")
    walk.jammed = {1}
    walk.go((published, Idle), *typing("9999", walk.central.code("r1", "h2"), Ready))
    walk.go((press(Key.OPEN), Opening), (seconds(2.5), Stuck), (press(Key.FINISH), Told))
    order = [k for k in walk.kinds() if k in {"accepted", "not_opened"}]
    assert order == ["accepted", "not_opened", "accepted", "not_opened"]
    assert walk.memory.accounts[("r1", "h1")].floor == 0
    assert walk.memory.accounts[("r1", "h2")].floor == 0


def test_another_holder_waits_while_the_accepted_door_cannot_be_read() -> None:
    walk = accepted_then_cut()
    walk.central.authorise("r1", "h2", "0530009999")
    walk.go((published, Idle), *typing("9999", walk.central.code("r1", "h2"), Ready))
    walk.go((pull(1, Reading.UNKNOWN), Ready), (press(Key.OPEN), Told))
    assert told(walk) is Why.CHECKED
    assert len(walk.said(Kind.ACCEPTED)) == 1


def test_the_finishing_code_opens_only_what_is_not_opened_yet() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.go(*right_code(walk), *opening(), (cut(), Reclose), (push(1), Idle))
    assert walk.memory.parts[("r1", 1)] is Phase.COLLECTED
    walk.go(*right_code(walk), *opening(), (push(2), Closed))
    assert walk.pulses == [1, 2]


def test_opened_and_the_door_open_after_the_cut_is_closed_and_collected() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (cut(), Reclose), (push(1), Idle))
    assert walk.said(Kind.COLLECTED) == [{"cid": "r1", "holder": "h1", "compartment": 1}]


def test_opened_and_left_open_after_the_cut_ends_at_180_seconds() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (cut(), Reclose), (seconds(179), Reclose))
    walk.go((seconds(1), Idle), (push(1), Idle))
    assert len(walk.said(Kind.LEFT_OPEN)) == 1
    assert len(walk.said(Kind.COLLECTED)) == 1


def test_opened_and_the_door_closed_after_the_cut_is_never_called_collected() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening())
    walk.readings[1] = Reading.CLOSED
    walk.go((cut(), Idle))
    assert [f["reason"] for f in walk.said(Kind.UNCONFIRMED)] == ["closing_unseen"]
    assert walk.said(Kind.COLLECTED) == []
    walk.go(*right_code(walk, leads_to=Told))
    assert walk.pulses == [1]


def test_the_door_opened_while_the_power_was_out_is_opened_at_once() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening))
    walk.readings[1] = Reading.OPEN
    walk.go((cut(), Reclose), (push(1), Idle))
    assert [f["cid"] for f in walk.said(Kind.OPENED)] == ["r1"]
    assert len(walk.said(Kind.COLLECTED)) == 1


def test_an_accepted_door_that_is_pulled_after_the_cut_asks_to_be_closed() -> None:
    walk = accepted_then_cut()
    walk.go((pull(1), Reclose), (push(1), Idle))
    assert len(walk.said(Kind.COLLECTED)) == 1
    assert "opened_unasked" not in walk.kinds()


def test_a_loaded_compartment_found_open_after_the_cut_is_unchecked() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)})
    walk.readings[1] = Reading.OPEN
    walk.go((cut(), Reclose), (push(1), Idle), *right_code(walk, leads_to=Told))
    assert walk.said(Kind.OPENED_UNASKED) == [{"compartment": 1}]
    assert walk.pulses == []
    walk.go((press(Key.FINISH), Idle), *collecting(walk, "r2", 2))


def test_a_contact_that_bounces_at_start_up_does_not_keep_the_kiosk_out_of_service() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)})
    walk.boot(1_000, reboot=True)
    for turn in range(BLIND_MS // 100 + 1):
        walk.readings[1] = Reading.OPEN if turn % 2 else Reading.CLOSED
        walk.wait(100)
    assert isinstance(walk.scene, Idle)


def test_the_minute_of_something_forgotten_does_not_survive_a_cut() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (push(1), Closed), (cut(1), Idle))
    walk.go(*right_code(walk, leads_to=Told))
    assert told(walk) is Why.USED


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_pulse_proves_nothing(outcome: Outcome) -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed, walk.outcome = {1}, outcome
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (cut(), Idle))
    assert walk.memory.parts[("r1", 1)] is Phase.ACCEPTED
    assert not {"opened", "collected"} & set(walk.kinds())


def test_open_at_the_cut_the_visit_is_not_taken_up_again() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (cut(), Reclose))
    assert not isinstance(walk.scene, Open)
    walk.go((press(Key.DISPUTE_EMPTY), Reclose), (press(Key.START), Reclose))
