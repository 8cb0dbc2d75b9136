"""What the cabinet says besides its screen: receipt, status light, buzzer."""

from __future__ import annotations

from dataclasses import replace

from drivers.devices import Device, DeviceState, Trouble
from drivers.panel.patterns import Buzz, Light
from kiosk import outside, receipt
from kiosk.core.events import Key
from kiosk.core.scenes import Closed, Idle, Open
from sync.messages import Clock
from tests.flows.walk import Walk, press, push, seconds
from tests.flows.ways import opening, right_code
from ui.screens import Sound


def _slip(walk: Walk) -> tuple[str, ...] | None:
    """What is printed at the step that closes the door."""
    before = walk.go(*right_code(walk), *opening()).state
    after = walk.go((push(1), Closed)).state
    return receipt.slip(before, after)


def test_the_receipt_names_dossier_place_and_time_and_no_person() -> None:
    walk = Walk(loaded={"r1": (1,)})
    result = walk.state.result("r1")
    assert result is not None
    slip = _slip(walk)
    assert slip is not None
    text = "\n".join(slip)
    assert slip[0] == "Đã nhận kết quả"
    assert f"Hồ sơ: {result.dossiers[0]}" in slip
    assert "Ngăn: 1" in slip
    assert result.recipient not in text
    assert walk.central.known_digits("r1") not in text


def test_a_receipt_speaks_as_the_visit_does_and_admits_an_unknown_clock() -> None:
    walk = Walk(loaded={"r1": (1,)})
    walk.claim = Clock.UNKNOWN
    before = walk.go(*right_code(walk), *opening(), (press(Key.LANGUAGE), Open)).state
    slip = receipt.slip(before, walk.go((push(1), Closed)).state)
    assert slip is not None
    assert slip[0] == "Result collected"
    assert "The kiosk's clock was not confirmed" in slip


def test_a_receipt_is_printed_once_and_for_nothing_else() -> None:
    walk = Walk(loaded={"r1": (1,)})
    walk.go(*right_code(walk), *opening(), (push(1), Closed))
    closed = walk.state
    assert receipt.slip(closed, replace(closed, started_seq=1)) is None
    assert receipt.slip(closed, walk.go((press(Key.SKIP), Idle)).state) is None


def test_the_light_is_steady_then_busy_then_steady_again() -> None:
    walk = Walk(loaded={"r1": (1,)})
    assert outside.light(walk.state) is Light.READY
    walk.go(*right_code(walk))
    assert outside.light(walk.state) is Light.BUSY
    walk.go(*opening(), (push(1), Closed), (press(Key.SKIP), Idle))
    assert outside.light(walk.state) is Light.READY


def test_a_fault_and_a_kiosk_out_of_service_light_the_alarm() -> None:
    walk = Walk(loaded={"r1": (1,)})
    walk.give(DeviceState(Device.SCANNER, Trouble.LOST))
    assert outside.light(walk.state) is Light.ALARM
    walk.give(DeviceState(Device.SCANNER, Trouble.NONE))
    assert outside.light(walk.state) is Light.READY
    walk.go((seconds(1), Idle))


def test_the_buzzer_calls_only_while_a_door_is_left_open() -> None:
    assert outside.buzz(Sound.ALARM) is Buzz.CALL
    assert outside.buzz(Sound.NONE) is Buzz.QUIET
    assert outside.buzz(Sound.DONE) is Buzz.QUIET
