"""What to do without the time, and without a line: docs/operations.md, step by step."""

from __future__ import annotations

import pytest

from kiosk.core.events import Tick
from kiosk.core.scenes import Ready
from sync.envelopes import peek_statement
from sync.messages import Clock
from tests.kiosk.station import WALL_MS
from tests.loss.walks import walks
from tests.loss.ward import DAY_MS, Ward

Capture = pytest.CaptureFixture[str]


@walks("The clock's battery dies")
def test_pickups_go_on_without_the_time_and_it_comes_back_with_the_network(
    ward: Ward, capsys: Capture
) -> None:
    result = ward.register()
    ward.sync()
    (place,) = ward.load(result)
    ward.sync()
    ward.power_off(away_ms=40 * DAY_MS)  # longer than anything is held

    kiosk = ward.power_on(claim=Clock.UNKNOWN, wrong_ms=-WALL_MS - 40 * DAY_MS)  # 1970
    ward.command("status")  # 1
    assert "the clock is not trusted: nothing expires" in capsys.readouterr().out
    ward.collect(result[0], place)  # what would be over by the calendar is collected
    said = [p for p in kiosk.payloads() if p["kind"] == "collected"]
    assert [(p["clock"], str(p["at"])[:4]) for p in said] == [("unknown", "1970")]

    kiosk.claim, kiosk.wrong_ms = Clock.SYNCED, 0  # 2: systemd-timesyncd has asked the network
    kiosk.wait(1_000)
    ward.sync()
    ward.command("status")  # 4
    assert "the clock is not trusted" not in capsys.readouterr().out
    ward.sign_in()  # one code again
    ward.sign_out()
    assert ward.phase(result[0]) == "collected"


@walks("The line is down for a month")
def test_a_month_later_everything_arrives_once_and_in_order(ward: Ward, capsys: Capture) -> None:
    waiting = [ward.register() for _ in range(2)]
    ward.sync()
    places = ward.load(*waiting)
    ward.sync()
    before = ward.received()
    kiosk = ward.kiosk
    for day in range(30):
        ward.cabinet.at(ward.cabinet.now_ms + DAY_MS)
        kiosk.give(Tick())
        kiosk.wait(1_000)
        if day in (1, 20):
            (cid, _), place = waiting.pop(), places.pop()
            if day == 1:
                ward.collect(cid, place)
            else:  # held no longer, by a clock that can be believed: the clerk has it
                ward.enter(ward.code(cid))
                assert not ward.stands(Ready)
                kiosk.wait(120_000)
    ward._publish()
    ward.command("status")
    shown = capsys.readouterr().out
    assert "the list of results is 30 days old" in shown
    assert ward.received() == before
    ward.sync()
    received = ward.received()
    assert received == ward.written()
    seqs = [peek_statement(row)["seq"] for row in received]
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) > len(before) + 40
    ward.sync()
    assert ward.received() == ward.written()
