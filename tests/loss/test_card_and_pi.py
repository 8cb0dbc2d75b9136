"""What to do when a card dies, a Pi dies, or the cabinet moves: docs/operations.md, step by step."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from kiosk.core.scenes import Ready, Told
from sync.central.tables import Kiosk
from sync.messages import Clock
from tests.kiosk.station import KIOSK
from tests.loss.walks import walks
from tests.loss.ward import Ward

Capture = pytest.CaptureFixture[str]


@walks("The SD card dies")
def test_a_new_card_before_the_old_papers(
    ward: Ward, a_code: Callable[[], str], capsys: Capture
) -> None:
    inside, taken = ward.register(), ward.register()
    ward.sync()
    place, _ = ward.load(inside, taken)
    ward.sync()
    old = ward.code(inside[0])
    ward.power_off()
    ward.fresh_card()  # 1

    code = a_code()  # 2
    ward.enroll(code)  # 3
    assert "Every compartment is unchecked" in capsys.readouterr().out
    kiosk = ward.power_on()
    ward.sync()
    assert ward.command("status") == 0  # 4
    assert "unchecked: compartment 1, 2, 3" in capsys.readouterr().out
    ward.enter(old)
    assert not ward.stands(Ready)
    kiosk.wait(120_000)

    ward.audit()  # 5
    assert {c.unchecked for c in kiosk.state.memory.compartments.values()} == {""}
    ward.sync()  # 6
    assert ward.code(inside[0]) != old
    ward.collect(inside[0], place)
    ward.sync()
    assert (ward.phase(inside[0]), ward.phase(taken[0])) == ("collected", "loaded")
    assert ward.received() == ward.written()


@walks("The SD card dies")
def test_papers_that_are_gone_are_an_alarm_and_no_code(
    ward: Ward, a_code: Callable[[], str]
) -> None:
    result = ward.register()
    ward.sync()
    (place,) = ward.load(result)
    ward.sync()
    ward.power_off()
    ward.cabinet.open_by_key(place)
    ward.cabinet.take(place)
    ward.cabinet.push(place)
    ward.fresh_card()
    ward.enroll(a_code())
    kiosk = ward.power_on()
    ward.sync()
    ward.audit()
    assert [p["what"] for p in kiosk.payloads() if p["kind"] == "fault"] == [f"missing:{place}"]
    ward.sync()
    ward.enter(ward.code(result[0]))
    assert not ward.stands(Ready)


@walks("The Pi dies")
def test_the_card_goes_on_in_another_pi(ward: Ward, capsys: Capture) -> None:
    result = ward.register()
    ward.sync()
    (place,) = ward.load(result)
    rows = ward.written()
    ward.power_off()
    moved = ward.home.with_name("in another Pi")  # 1
    shutil.move(ward.home, moved)
    ward.home = moved

    kiosk = ward.power_on(claim=Clock.UNKNOWN)  # 3: its clock has never been set
    assert ward.card.enrolment.epoch == 1
    assert ward.written()[: len(rows)] == rows
    ward.command("status")
    shown = capsys.readouterr().out
    assert "the clock is not trusted" in shown
    assert "unchecked: " not in shown
    kiosk.claim = Clock.SYNCED
    ward.sync()
    ward.collect(result[0], place)
    ward.sync()
    assert ward.phase(result[0]) == "collected"
    assert ward.received() == ward.written()


@walks("The cabinet moves")
def test_another_address_keeps_keys_epoch_and_papers(ward: Ward, capsys: Capture) -> None:
    result = ward.register()
    ward.sync()
    (place,) = ward.load(result)
    ward.sync()
    ward.power_off()  # 1
    file = ward.home / "kiosk.toml"  # 2
    file.write_text(file.read_text("utf-8").replace("123 Đường Số 45", "9 Đường Số 7"), "utf-8")
    there = ("--unit", "P.Bình Tiên", "--address", "9 Đường Số 7")
    assert ward.central("--relocate", KIOSK, *there) == 0  # 3
    assert "papers are as they were" in capsys.readouterr().out
    kiosk = ward.power_on()  # 4
    assert kiosk.site.address == "9 Đường Số 7"
    ward.sync()
    with ward.store.begin() as session:
        row = ward.store.kiosk(session, KIOSK)
        assert isinstance(row, Kiosk)
        assert (row.address, row.epoch) == ("9 Đường Số 7", 1)
    ward.collect(result[0], place)
    assert not ward.stands(Told)


def test_a_place_that_no_message_holds_or_no_kiosk_has_changes_nothing(
    ward: Ward, capsys: Capture
) -> None:
    assert ward.central("--relocate", KIOSK, "--unit", "P", "--address", "x" * 200) == 1
    assert ward.central("--relocate", "strange", "--unit", "P", "--address", "9 Đường Số 7") == 1
    assert capsys.readouterr().err.count("was not moved") == 2
