"""One message to a technician when something is wrong, one when it is over."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from sync.central import alarm_messages, watching
from sync.central.adapters import Answer, Fate
from sync.central.alarm_duty import tell_technicians
from sync.central.letters import Letter
from sync.central.page_tables import Handled
from sync.central.settings import SettingsError, load_settings
from sync.central.tables import Alarm
from sync.central.watch_tables import AlarmMessage
from tests.pages.town import MINUTE_MS, local_ms
from tests.sync.technician import PHONE, heard, state, told, town_of
from tests.sync.world import World


def test_one_message_tells_what_is_wrong_and_one_that_it_is_over(watched: World) -> None:
    for what in ("board_lost:rs485/1", "board_lost:rs485/1", "mains_lost"):
        state(watched, "fault", what=what)
    assert told(watched) == []  # it may be over in a moment
    watched.now.ms += 3 * MINUTE_MS
    first = "ATM ho so: bt1 mat bo khoa; bt1 mat dien luoi. Xem trang trung tam de biet phai lam gi"
    assert told(watched) == [first]
    watched.now.ms += 3 * MINUTE_MS
    state(watched, "fault_cleared", what="board_lost:rs485/1")
    watched.now.ms += 6 * MINUTE_MS
    assert told(watched) == [first]  # not before all of it is over
    state(watched, "fault_cleared", what="mains_lost")
    watched.now.ms += 6 * MINUTE_MS
    assert told(watched) == [first, "ATM ho so: da het: bt1 mat bo khoa; bt1 mat dien luoi"]
    assert len(told(watched)) == 2


def test_what_heals_at_once_and_what_came_back_are_no_news(watched: World) -> None:
    state(watched, "fault", what="port_lost:a")
    watched.now.ms += MINUTE_MS
    state(watched, "fault_cleared", what="port_lost:a")
    watched.now.ms += 9 * MINUTE_MS
    assert told(watched) == []
    state(watched, "fault", what="port_lost:a")
    watched.now.ms += 3 * MINUTE_MS
    assert len(told(watched)) == 1
    state(watched, "started", version="1", compartments=[1])
    state(watched, "fault", what="port_lost:a")  # still so after the restart
    watched.now.ms += 20 * MINUTE_MS
    assert len(told(watched)) == 1


def test_a_door_that_opens_unasked_again_is_told_again_once_somebody_has_seen_to_the_first(
    watched: World,
) -> None:
    for _ in range(3):
        state(watched, "opened_unasked", compartment=4)
    assert len(told(watched)) == 1
    state(watched, "opened_unasked", compartment=5)
    assert len(told(watched)) == 1
    with watched.store.begin() as session:
        for number in session.scalars(select(Alarm.id)).all():
            session.add(Handled(alarm=number, account="lan", at_ms=watched.now.ms))
    state(watched, "opened_unasked", compartment=5)
    assert told(watched)[-1].startswith("ATM ho so: bt1 cua mo khong co lenh ngan 5.")


def test_a_network_outage_of_many_kiosks_is_one_message_and_so_is_its_end(watched: World) -> None:
    names = town_of(watched, 40)
    for name in names:
        watched.now.ms += 2000
        heard(watched, name)
    gone = watched.now.ms
    watched.now.ms += 20 * MINUTE_MS
    assert told(watched) == []  # silent is not broken
    watched.now.ms = gone + 30 * MINUTE_MS
    first = "ATM ho so: 40 tu mat lien lac cung luc tu 09:30: mot su co mang, tu van phuc vu."
    assert told(watched) == [f"{first} Xem trang trung tam de biet phai lam gi"]
    watched.now.ms += MINUTE_MS
    assert len(told(watched)) == 1
    for name in names:
        watched.now.ms += 1000
        heard(watched, name)
    assert len(told(watched)) == 1
    watched.now.ms += 4 * MINUTE_MS
    heard(watched, *names)
    watched.now.ms += 2 * MINUTE_MS
    assert told(watched)[1:] == ["ATM ho so: da het: 40 tu da lien lac lai"]


def test_at_night_only_what_grows_worse_is_told_and_the_rest_waits_for_the_morning(
    watched: World,
) -> None:
    watched.now.ms = local_ms("2026-11-20 23:10")
    heard(watched)
    state(watched, "fault", what="board_lost:rs485/1")
    state(watched, "fault", what="battery_low", percent=9)
    watched.now.ms += 40 * MINUTE_MS
    assert told(watched) == []
    state(watched, "fault", what="tamper_opened")
    assert len(told(watched)) == 1
    assert "vo tu bi mo" in told(watched)[0]
    state(watched, "fault_cleared", what="battery_low")
    watched.now.ms = local_ms("2026-11-21 07:31")
    (second,) = told(watched)[1:]
    wanted = "ATM ho so: bt1 mat bo khoa; bt1 mat lien lac tu 23:10, tu van phuc vu."
    assert second == f"{wanted} Xem trang trung tam de biet phai lam gi"


def test_a_kiosk_that_says_it_does_not_serve_is_told_when_no_fault_says_why(
    watched: World,
) -> None:
    names = town_of(watched, 2)
    with watched.store.begin() as session:
        for name, why in zip(names, ("memory", "doors"), strict=True):
            row = watched.store.kiosk(session, name)
            health = {"serving": False, "outage": why}
            watching.told_health(session, row, health, watched.now.ms)
    watched.now.ms += 3 * MINUTE_MS
    assert told(watched) == []  # it may be starting
    watched.now.ms += 10 * MINUTE_MS
    assert [text[:37] for text in told(watched)] == ["ATM ho so: k00 tu ngung phuc vu. Xem "]
    with watched.store.begin() as session:
        row = watched.store.kiosk(session, "k00")
        watching.told_health(session, row, {"serving": True}, watched.now.ms)
    tell_technicians(watched.store)
    watched.now.ms += 6 * MINUTE_MS
    assert told(watched)[1:] == ["ATM ho so: da het: k00 tu ngung phuc vu"]


def test_a_message_holds_as_much_as_an_sms_does_and_says_how_much_more(watched: World) -> None:
    for number in range(1, 30):
        state(watched, "fault", what=f"stuck:{number}", compartment=number)
    watched.now.ms += 3 * MINUTE_MS
    (text,) = told(watched)
    assert "bt1 cua ket ngan 1; bt1 cua ket ngan 2;" in text
    assert "viec nua" in text


def test_with_nobody_to_tell_nothing_is_queued(world: World) -> None:
    state(world, "fault", what="tamper_opened")
    assert tell_technicians(world.store) == 0


class Moody:
    """An adapter that answers as it is told."""

    def __init__(self, *fates: Fate) -> None:
        self.fates, self.seen = list(fates), list[Letter]()

    def send(self, letter: Letter, at_ms: int) -> Answer:
        assert at_ms
        self.seen.append(letter)
        return Answer(self.fates.pop(0))


def test_what_cannot_leave_now_leaves_later_under_the_same_id(watched: World) -> None:
    state(watched, "fault", what="tamper_opened")
    tell_technicians(watched.store)
    way = Moody(Fate.LATER, Fate.SENT)
    assert alarm_messages.send_due(watched.store, way) == 0
    assert alarm_messages.send_due(watched.store, way) == 0  # it rests
    watched.now.ms += MINUTE_MS
    assert alarm_messages.send_due(watched.store, way) == 1
    assert alarm_messages.send_due(watched.store, way) == 0
    (name,) = {str(letter.id) for letter in way.seen}
    assert name.startswith("alarm-")
    with watched.store.begin() as session:
        row = session.scalars(select(AlarmMessage)).one()
        assert row.state == "sent"
        assert PHONE not in str(vars(row))
        assert "vo tu" not in str(vars(row))


def test_phones_of_technicians_are_read_from_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "central.toml"
    file.write_text('[alarms]\nto = ["+84 912345678", "0912345678", "0530004821"]\n')
    assert load_settings(tmp_path, {}).technicians == (PHONE, "0530004821")
    for bad in ('to = ["112"]', 'to = "0912345678"', "night = true", f"to = {['0912345678'] * 11}"):
        file.write_text(f"[alarms]\n{bad}\n")
        with pytest.raises(SettingsError, match="alarms"):
            load_settings(tmp_path, {})
