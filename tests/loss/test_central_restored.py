"""What to do when central comes back from a backup: docs/operations.md, step by step."""

from __future__ import annotations

import shutil
from pathlib import Path

from drivers.doors import Reading
from kiosk.core.events import Key, Pressed
from kiosk.core.scenes import Ready
from kiosk.core.takeback import TakeWhy, due
from kiosk.core.upkeep_scenes import Answer, DoorAsk, Entry, TakeList
from tests.loss.walks import walks
from tests.loss.ward import Ward


@walks("Central is restored from a backup")
def test_kiosks_send_again_and_what_it_never_knew_is_taken_out_and_registered_anew(
    ward: Ward, tmp_path: Path
) -> None:
    first, kept = ward.register(), ward.register()
    ward.sync()
    place, _ = ward.load(first, kept)
    ward.sync()
    ward.stop_central()
    shutil.copytree(ward.office, tmp_path / "backup")
    ward.start_central()
    late = ward.register()  # after the copy was made
    ward.sync()
    (lies,) = ward.load(late)
    ward.collect(first[0], place)
    ward.sync()
    kiosk = ward.kiosk
    ver, rows, old = kiosk.state.memory.ver, ward.received(), ward.code(late[0])

    ward.stop_central()  # 1
    shutil.rmtree(ward.office)
    shutil.copytree(tmp_path / "backup", ward.office)  # 2
    ward.start_central()  # 3
    assert len(ward.received()) < len(rows)
    ward.sync()  # 4
    ward.sync()
    assert ward.received() == ward.written()
    assert kiosk.state.memory.ver > ver
    assert (ward.phase(first[0]), ward.phase(kept[0])) == ("collected", "loaded")
    assert kiosk.state.memory.suspended == {late[0]}
    ward.enter(old)
    assert not ward.stands(Ready)
    kiosk.wait(120_000)

    assert [(i.compartment, i.why) for i in due(kiosk.state, kiosk.now)] == [
        (lies, TakeWhy.SUSPENDED)
    ]
    take_out(ward, lies)  # 5
    again = ward.register()  # 6
    ward.sync()
    (anew,) = ward.load(again)
    ward.sync()
    ward.collect(again[0], anew)
    ward.sync()
    assert ward.phase(again[0]) == "collected"


def take_out(ward: Ward, number: int) -> None:
    """A clerk takes back what the list names."""
    kiosk = ward.kiosk
    ward.sign_in()
    kiosk.give(Pressed(Key.CHOOSE, Entry.TAKE_BACK))
    assert ward.stands(TakeList)
    kiosk.press(Key.CONFIRM)  # the first, and only, of the list
    kiosk.wait(500)
    assert ward.cabinet.take(number)
    ward.cabinet.push(number)
    kiosk.wait(500)
    assert ward.stands(DoorAsk)
    kiosk.give(Pressed(Key.CHOOSE, Answer.TAKEN))
    assert ward.cabinet.contact(number) is Reading.CLOSED
    kiosk.press(Key.BACK)
    ward.sign_out()
