"""Alarms in plain words, alike ones as one; and what a ward sees of a kiosk that was revoked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sync.central.accounts import PageRole
from sync.central.alarm_words import ALARMS
from sync.central.fault_words import FAULTS
from sync.central.results import move
from sync.central.revocation import revoke_kiosk
from tests.pages.browser import Browser
from tests.pages.town import MINUTE_MS, Town
from ui import samples_upkeep

Browse = Callable[..., Browser]
DOCS = Path(__file__).parents[2] / "docs/central.md"


def test_an_alarm_says_what_it_means_and_what_to_do(browse: Browse, town: Town) -> None:
    town.kiosks["bt01"].state("fault", what="upgrade_failed")
    town.kiosks["bt01"].state("wrong_door", asked=3, opened=4, bank=[3, 4])
    page = browse().sign_in("lan").see("/kiosks/bt01")
    told, todo = FAULTS["upgrade_failed"].told.vi, FAULTS["upgrade_failed"].todo.vi
    assert f"{told} → {todo}" in page
    assert "Mở sai cửa · ngăn 4" in page
    assert page.index("Mở sai cửa") < page.index("Nâng cấp không thành")  # what grows worse first


def test_alike_alarms_are_one_and_one_press_handles_them(browse: Browse, town: Town) -> None:
    kiosk = town.kiosks["bt01"]
    for compartment in (4, 4, 4, 5):
        town.now.ms += MINUTE_MS
        kiosk.state("opened_unasked", compartment=compartment)
    browser = browse().sign_in("lan")
    page = browser.see("/kiosks/bt01")
    assert "2 cảnh báo chưa ai xử lý" in page
    assert "ngăn 4 3 lần" in page
    newest = browser.get("/kiosks/bt01").text.rpartition("/alarms/")[2].partition("/")[0]
    assert browser.press(f"/alarms/{newest}/handled").status_code == 303
    assert "1 cảnh báo chưa ai xử lý" in browser.see("/kiosks/bt01")
    kiosk.state("opened_unasked", compartment=4)
    assert "2 cảnh báo chưa ai xử lý" in browser.see("/kiosks/bt01")


def test_a_fault_that_is_over_is_no_alarm_any_more(browse: Browse, town: Town) -> None:
    kiosk = town.kiosks["bt01"]
    kiosk.state("fault", what="board_lost:rs485/1")
    browser = browse().sign_in("lan")
    assert "Mất bo khóa" in browser.see("/kiosks/bt01")
    kiosk.state("fault_cleared", what="board_lost:rs485/1")
    assert "Không có cảnh báo nào" in browser.see("/kiosks/bt01")


def test_every_fault_that_a_kiosk_can_state_has_words_and_docs_tell_the_same_ones() -> None:
    names = samples_upkeep.DEVICE_FAULTS.split()
    names += [f"board_{what}" for what in samples_upkeep.BOARD_TROUBLES.split()]
    names += [
        "doors",
        "space",
        "guessing",
        "journal",
        "mass_absence",
        "manifest_twins",
        "stuck",
        "missing",
    ]
    names += ["lower_gen", "flapping", "sensor_stuck", "port_lost", "tamper_lost", "upgrade_failed"]
    assert set(names) <= FAULTS.keys()
    raised = {"fork", "damaged", "quarantined", "stale-epoch", "memory", "revoked", "rotation"}
    assert raised <= ALARMS.keys()
    page = DOCS.read_text(encoding="utf-8")
    for means in (*ALARMS.values(), *FAULTS.values()):
        assert means.told.en in page
        assert means.todo.en in page


# A revoked kiosk


@pytest.fixture
def lost(town: Town) -> tuple[str, str]:
    """Two results of a kiosk that was stolen: one lay in it, one was not put in yet."""
    stolen = town.kiosk("st09", "P.Mất Cắp", "9 Đường Vắng")
    town.account("hoa", PageRole.WARD, "st09")
    inside = town.register("st09", "H29.9-261118-0001", "Trần Thị Bưởi")
    outside = town.register("st09", "H29.9-261118-0002", "Lê Hoàng Chương")
    stolen.load(inside, 7)
    stolen.health(serving=False, outage="doors", faults=["stuck:3"])
    town.now.ms += 4 * MINUTE_MS
    town.send()
    revoke_kiosk(town.store, "st09", "one-stop")
    town.now.ms += 60 * MINUTE_MS
    return inside, outside


def test_the_ward_reads_what_is_left_to_do_for_a_stolen_kiosk(
    browse: Browse, lost: tuple[str, str]
) -> None:
    assert lost
    page = browse().sign_in("hoa").see("/kiosks/st09")
    for words in (
        "Tủ đã bị thu hồi lúc",
        "(one-stop)",
        "1 người cần được gọi điện",
        "TRẦN T*** B***",
        "Mất cùng tủ: cấp lại, rồi đăng ký ở tủ khác",
        "Chưa xếp vào tủ: đăng ký ở tủ khác",
    ):
        assert words in page
    # What it said last means nothing any more, and its silence is no news.
    for words in ("ngừng phục vụ (", "cửa kẹt", "Mất liên lạc", "Cần lấy ra", "Tủ lúc này"):
        assert words not in page


def test_the_story_of_a_lost_result_says_so_and_of_one_that_was_saved_where_it_is(
    browse: Browse, town: Town, lost: tuple[str, str]
) -> None:
    inside, outside = lost
    browser = browse().sign_in("hoa")
    page = browser.see(f"/results/{inside}")
    assert "Giấy tờ ở trong tủ khi tủ bị thu hồi (báo mất)." in page
    assert "Tủ bị thu hồi (báo mất): mọi mã ở tủ này hết giá trị" in page
    assert "mã ấy nay không còn giá trị" in page
    assert "Cần gọi điện cho người nhận h1" in page
    assert "Gửi lại mã" not in page
    assert "Tủ bị thu hồi trước khi giấy tờ được xếp vào." in browser.see(f"/results/{outside}")
    with town.store.begin() as session:
        move(town.store, session, outside, "bt01")
    assert "Nơi nhận: 123 Đường 45" in browser.see(f"/results/{outside}")
    assert "LÊ H*** C***" not in browser.see("/kiosks/st09")


def test_the_city_sees_a_revoked_kiosk_by_who_is_to_be_phoned_and_then_at_the_end(
    browse: Browse, lost: tuple[str, str]
) -> None:
    assert lost
    city = browse().sign_in("minh")
    page = city.see("/fleet")
    assert page.index("P.Mất Cắp") < page.index("Trong hôm nay")
    ward = browse().sign_in("hoa")
    task = ward.get("/kiosks/st09").text.partition("/tasks/")[2].partition("/")[0]
    assert ward.press(f"/tasks/{task}/done").status_code == 303
    page = city.see("/fleet")
    assert page.index("Khi tiện") < page.index("P.Mất Cắp")
    assert "Đã thu hồi tủ (báo mất)" in page
