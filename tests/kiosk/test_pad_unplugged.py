"""The number pad is pulled out in the middle of a visit: the screen goes on, and it is missed by nobody else.

The real reader thread on a FIFO in place of the input device (only the grab is the test's), the real core,
journal file and simulated doors.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from drivers.devices import Device, DeviceState, PadPressed
from drivers.panel.patterns import Light
from drivers.readers import keycodes
from drivers.readers.keys import NumberPad
from kiosk import outside, pad
from kiosk.core.events import Key
from kiosk.core.scenes import Code, Digits, Idle
from tests.drivers.reader_rig import SOON_MS, Keyboard, Told, lost, well
from tests.kiosk.pipeline import Pipeline

T = TypeVar("T")
CODES = {key: code for code, key in keycodes.NUMBER_PAD.items()}


class Fitted:
    """A kiosk with a pad; what the pad tells is given to the core by whoever waits for it."""

    def __init__(self, folder: Path) -> None:
        self.kiosk = Pipeline(folder)
        self.kiosk.station.office.register("r1")
        self.kiosk.wait(500)
        self.kiosk.offer()
        self.kiosk.wait(300)
        self.keyboard, self.told = Keyboard(folder), Told()
        self.keyboard.plug()
        self.reader = NumberPad(
            self.keyboard.path, self.told, self.told, take=self.keyboard.take, reopen_ms=SOON_MS
        )
        self.reader.start()

    def close(self) -> None:
        self.reader.close()
        self.keyboard.pull()
        self.kiosk.close()

    def press(self, keys: str) -> None:
        """On the pad."""
        for key in keys:
            self.keyboard.press([CODES[key]])
            told = self.told.next()
            assert told == PadPressed(key)
            meant = pad.pressed(key, self.kiosk.scene)
            assert meant is not None
            self.kiosk.give(meant)

    def at(self, scene: type[T]) -> T:
        """The scene that stands now, which has to be one of these."""
        assert isinstance(self.kiosk.scene, scene)
        return self.kiosk.scene

    def hear(self, wanted: object) -> None:
        told = self.told.next()
        assert told == wanted
        assert isinstance(told, DeviceState)
        self.kiosk.give(told)

    def faults(self) -> list[tuple[object, object]]:
        rows = self.kiosk.payloads()
        return [(r["kind"], r["what"]) for r in rows if str(r["kind"]).startswith("fault")]


@pytest.fixture
def fitted(tmp_path: Path) -> Iterator[Fitted]:
    made = Fitted(tmp_path)
    yield made
    made.close()


def test_a_pad_that_is_pulled_out_is_stated_and_the_visit_goes_on_by_touch(fitted: Fitted) -> None:
    kiosk = fitted.kiosk
    office = kiosk.station.office
    known = office.known_digits("r1")
    kiosk.press(Key.START)
    fitted.press(known[:2])
    fitted.keyboard.pull()
    fitted.hear(lost(Device.KEYPAD))
    kiosk.wait(100)
    assert fitted.faults() == [("fault", "keypad_lost")]
    assert outside.light(kiosk.state) is Light.ALARM
    assert fitted.at(Digits).entered == known[:2]  # nothing that was felt is lost
    kiosk.type(known[2:])
    fitted.at(Code)
    kiosk.press(Key.CANCEL)
    fitted.at(Idle)

    fitted.keyboard.plug()
    fitted.hear(well(Device.KEYPAD))
    kiosk.wait(100)
    assert fitted.faults()[1:] == [("fault_cleared", "keypad_lost")]
    kiosk.press(Key.START)
    fitted.press(known)
    assert fitted.at(Digits).entered == known
    assert outside.light(kiosk.state) is Light.BUSY
