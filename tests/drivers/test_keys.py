"""Wedge scanners and number pads: a FIFO types what a keyboard would."""

from __future__ import annotations

import fcntl
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.devices import Device, PadKey, PadPressed
from drivers.doors import Scanned
from drivers.readers import grabbed, keycodes
from drivers.readers.grabbed import EV_KEY, EV_SYN, EVENT, SYN_DROPPED
from drivers.readers.keys import NumberPad, WedgeScanner
from tests.drivers.reader_rig import SOON_MS, Keyboard, Told, lost, ticking, well

SHIFT, CONTROL, ENTER, CAPS, F1 = 42, 29, 28, 58, 59
KEYS = {sign: code for code, sign in sorted(keycodes.PLAIN.items(), reverse=True)}
CAPITALS = {sign: code for code, sign in sorted(keycodes.SHIFTED.items(), reverse=True)}


@pytest.fixture
def keyboard(tmp_path: Path) -> Iterator[Keyboard]:
    made = Keyboard(tmp_path)
    yield made
    made.pull()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def wedge(keyboard: Keyboard, told: Told) -> Iterator[WedgeScanner]:
    made = WedgeScanner(
        keyboard.path, told, told, ticking(1), take=keyboard.take, reopen_ms=SOON_MS
    )
    yield made
    made.close()


@pytest.fixture
def pad(keyboard: Keyboard, told: Told) -> Iterator[NumberPad]:
    made = NumberPad(keyboard.path, told, told, take=keyboard.take, reopen_ms=SOON_MS)
    yield made
    made.close()


def type_text(keyboard: Keyboard, text: str) -> None:
    for sign in text:
        if sign in KEYS:
            keyboard.press([KEYS[sign]])
        else:
            keyboard.send((EV_KEY, SHIFT, 1))
            keyboard.press([CAPITALS[sign]])
            keyboard.send((EV_KEY, SHIFT, 0))


@pytest.mark.parametrize(
    "text",
    [
        "HS1.Q6-01.Ab_9-zZyYxX0123456789qq",
        "H29.915-261121-0042",
        "012345678901||NGUYEN VAN A|01011990|Nam|So 1, Phuong X|01012022",
    ],
)
def test_a_wedge_scanner_types_our_codes(
    keyboard: Keyboard, wedge: WedgeScanner, told: Told, text: str
) -> None:
    keyboard.plug()
    wedge.start()
    type_text(keyboard, text)
    keyboard.press([ENTER])
    assert told.next() == Scanned(text)


def test_the_layout_is_that_of_us_keys() -> None:
    assert "".join(keycodes.PLAIN[code] for code in range(2, 14)) == "1234567890-="
    assert [keycodes.PLAIN[code] for code in (16, 30, 44, 25, 38, 50, 53)] == list("qazplm/")
    assert [keycodes.SHIFTED[code] for code in (16, 43, 12, 39)] == list("Q|_:")


def test_locks_of_a_host_change_nothing_and_an_unknown_key_spoils_the_code(
    keyboard: Keyboard, wedge: WedgeScanner, told: Told
) -> None:
    keyboard.plug()
    wedge.start()
    keyboard.press([CAPS, 30, ENTER])
    assert told.next() == Scanned("a")
    keyboard.press([30, F1, 48, ENTER])
    assert told.next() == Scanned("a�b")
    keyboard.send((EV_KEY, CONTROL, 1))
    keyboard.press([30])
    keyboard.send((EV_KEY, CONTROL, 0))
    keyboard.press([30, ENTER])
    assert told.next() == Scanned("�a")


def test_repeats_of_the_kernel_type_nothing(
    keyboard: Keyboard, wedge: WedgeScanner, told: Told
) -> None:
    keyboard.plug()
    wedge.start()
    keyboard.send((EV_KEY, 30, 1), (EV_KEY, 30, 2), (EV_KEY, 30, 2), (EV_KEY, 30, 0))
    keyboard.press([ENTER])
    assert told.next() == Scanned("a")


def test_a_code_of_which_the_kernel_lost_keys_is_dropped(
    keyboard: Keyboard, wedge: WedgeScanner, told: Told
) -> None:
    keyboard.plug()
    wedge.start()
    keyboard.send((EV_KEY, SHIFT, 1))
    keyboard.press([30])
    keyboard.send((EV_SYN, SYN_DROPPED, 0))
    keyboard.press([48, ENTER, 46, ENTER])
    assert told.next() == Scanned("c")  # and the shift that may be up by now is forgotten


def test_an_event_that_is_cut_in_two_is_one_event(
    keyboard: Keyboard, pad: NumberPad, told: Told
) -> None:
    keyboard.plug()
    pad.start()
    seven = EVENT.pack(1, 2, EV_KEY, 71, 1)
    keyboard.press([79])
    keyboard.send_raw(seven[:10])
    assert told.next() == PadPressed("1")
    keyboard.send_raw(seven[10:])
    assert told.next() == PadPressed("7")


def test_the_number_pad_has_every_key_of_the_pad_on_the_screen(
    keyboard: Keyboard, pad: NumberPad, told: Told
) -> None:
    keyboard.plug()
    pad.start()
    expected = [*"0123456789", *"0123456789", *"123456789"]
    row, keypad = [11, *range(2, 11)], [82, 79, 80, 81, 75, 76, 77, 71, 72, 73]
    num_lock_off = [107, 108, 109, 105, 76, 106, 102, 103, 104]
    keyboard.press([*row, *keypad, *num_lock_off])
    assert [told.next() for _ in expected] == [PadPressed(digit) for digit in expected]
    for codes, key in (
        ((14, 111, 12, 74, 83), PadKey.ERASE),
        ((28, 96), PadKey.CONFIRM),
        ((1, 53, 98), PadKey.CANCEL),
    ):
        keyboard.press(codes)
        assert [told.next() for _ in codes] == [PadPressed(key)] * len(codes)


def test_num_lock_and_keys_without_a_meaning_press_nothing(
    keyboard: Keyboard, pad: NumberPad, told: Told
) -> None:
    keyboard.plug()
    pad.start()
    keyboard.press([69, 55, 78, 30, 400, 79])
    assert told.next() == PadPressed("1")


def test_a_held_digit_counts_once(keyboard: Keyboard, pad: NumberPad, told: Told) -> None:
    keyboard.plug()
    pad.start()
    keyboard.send(*[(EV_KEY, 79, value) for value in (1, 2, 2, 2, 0)])
    keyboard.press([80])
    assert [told.next(), told.next()] == [PadPressed("1"), PadPressed("2")]


def test_a_pad_that_vanishes_is_lost_once_and_is_grabbed_again_when_it_is_back(
    keyboard: Keyboard, pad: NumberPad, told: Told
) -> None:
    keyboard.plug()
    pad.start()
    keyboard.press([79])
    assert told.next() == PadPressed("1")
    assert keyboard.grabs == 1
    keyboard.pull()
    assert told.next() == lost(Device.KEYPAD)
    keyboard.plug()
    assert told.next() == well(Device.KEYPAD)
    assert keyboard.grabs == 2
    keyboard.press([80])
    assert told.next() == PadPressed("2")


def test_a_device_that_somebody_else_has_grabbed_counts_as_lost(
    keyboard: Keyboard, wedge: WedgeScanner, told: Told
) -> None:
    keyboard.refusals = 1
    keyboard.plug()
    wedge.start()
    assert told.next() == lost(Device.SCANNER)
    assert told.next() == well(Device.SCANNER)
    assert keyboard.grabs == 1


def test_the_real_grab_asks_the_kernel_for_it(
    keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int, int]] = []
    monkeypatch.setattr(fcntl, "ioctl", lambda *request: asked.append(request))
    keyboard.plug()
    keys = grabbed.Keys(keyboard.path)
    assert keys.open()
    assert [(request, on) for _, request, on in asked] == [(0x40044590, 1)]
    keys.close()


def test_an_event_is_as_long_as_the_kernel_makes_it() -> None:
    assert EVENT.size == (24 if sys.maxsize > 2**32 else 16)


def test_the_grab_is_refused_by_what_is_no_input_device(keyboard: Keyboard) -> None:
    keyboard.plug()
    assert not grabbed.Keys(keyboard.path).open()


def test_a_press_does_not_show_in_a_log() -> None:
    assert not re.search("7", repr(PadPressed("7")))
