"""The ward's page and the story of a result, as a clerk sees them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from sync.central import tasks
from sync.central.accounts import PageRole
from sync.central.page_tables import Handled, PageOrder
from sync.central.tables import Alarm, Holder
from tests.pages.browser import Browser, words
from tests.pages.town import DAY_MS, HOUR_MS, MINUTE_MS, Town

Browse = Callable[..., Browser]
PHONE = "0530004821"
CODE = "H29.915-261118-0042"


def test_the_cabinet_as_it_stands_and_what_waits_since_when(browse: Browse, town: Town) -> None:
    kiosk = town.kiosks["bt01"]
    kiosk.load(town.register("bt01", CODE), 3)
    town.now.ms += 5 * HOUR_MS
    town.register("bt01", "H29.915-261118-0077", "Trần Thị Bưởi")
    kiosk.health(blocked=[7], unchecked=[9], open=[11])
    page = browse().sign_in("lan").see("/kiosks/bt01")
    assert "NGUYỄN V*** A***" in page
    assert "Chờ 5 giờ · giữ đến 26/11" in page
    assert "3 ● đang chờ" in page
    assert "7 × ngừng dùng" in page
    assert "9 ! cần kiểm tra" in page
    assert "11 ◨ đang mở" in page
    assert "24 ○ trống" in page
    assert "Chưa xếp vào tủ 1" in page
    assert "TRẦN T*** B***" in page


def test_no_phone_and_no_known_digits_are_on_any_page(browse: Browse, town: Town) -> None:
    cid = town.register("bt01", CODE)
    town.kiosks["bt01"].load(cid, 3)
    browser = browse().sign_in("lan")
    paths = ["/kiosks/bt01", f"/results/{cid}", f"/results/{cid}/re-issue?holder=h1"]
    for path in [*paths, f"/find?dossier={CODE}", "/figures", "/fleet"]:
        html = browser.get(path).text
        assert PHONE not in html
        assert PHONE[-4:] not in html
        assert PHONE[-3:] not in html.replace(cid, "").replace(browser.token, "")


def test_what_was_held_too_long_or_withdrawn_is_to_be_taken_out(browse: Browse, town: Town) -> None:
    kiosk = town.kiosks["bt01"]
    old, withdrawn = town.register("bt01", CODE), town.register("bt01", "H29.915-261118-0050")
    kiosk.load(old, 3)
    kiosk.load(withdrawn, 4)
    town.revoke(withdrawn)
    town.now.ms += 8 * DAY_MS
    kiosk.health()
    page = browse().sign_in("lan").see("/kiosks/bt01")
    assert "2 kết quả cần lấy ra khỏi tủ" in page
    assert "Hết hạn giữ 26/11" in page
    assert "Đã thu hồi" in page
    assert "Đang chờ người nhận" not in page


def test_silence_is_told_as_silence(browse: Browse, town: Town) -> None:
    town.now.ms += 40 * MINUTE_MS
    page = browse().sign_in("lan").see("/kiosks/bt01")
    assert "Mất liên lạc từ 09:30 18/11/2026 (40 phút)" in page
    assert "không có nghĩa là hỏng" in page


def test_an_alarm_stays_until_somebody_has_handled_it_and_who_is_kept(
    browse: Browse, town: Town
) -> None:
    town.kiosks["bt01"].state("left_open", compartment=5)
    browser = browse().sign_in("lan")
    assert "Cửa bị để mở" in browser.see("/kiosks/bt01")
    with town.store.begin() as session:
        alarm = session.scalar(select(Alarm.id))
    assert browser.press(f"/alarms/{alarm}/handled").status_code == 303
    assert browser.press(f"/alarms/{alarm}/handled").status_code == 303
    assert "Cửa bị để mở" not in browser.see("/kiosks/bt01")
    with town.store.begin() as session:
        assert [row.account for row in session.scalars(select(Handled))] == ["lan"]


def test_i_never_got_my_papers_is_answered_by_the_dossier_code(browse: Browse, town: Town) -> None:
    kiosk, cid = town.kiosks["bt01"], town.register("bt01", CODE)
    town.now.ms += HOUR_MS
    kiosk.load(cid, 12)
    town.now.ms += 4 * MINUTE_MS
    town.send()  # unless the central behind the browser was quicker
    town.now.ms += HOUR_MS
    kiosk.state("refused", via="code", typed_for=[[cid, "h1"], ["other", "h1"]])
    kiosk.state("refused", via="code", typed_for=[["other", "h1"]])
    kiosk.collect(cid, 12)
    kiosk.state("rated", score=1)
    browser = browse().sign_in("lan")
    found = browser.get(f"/find?dossier=%20{CODE.lower().replace('-', '%E2%80%93')}")
    assert found.headers["location"] == f"/results/{cid}"
    page = browser.see(f"/results/{cid}")
    order = [
        "đăng ký kết quả này",
        "Cán bộ số 7 xếp vào ngăn 12",
        "Đã gửi tin nhắn có mã",
        "Mã bị từ chối",
        "Mã đúng của người nhận h1",
        "Cảm biến thấy cửa ngăn 12 mở",
        "ghi nhận người nhận h1 đã lấy",
    ]
    places = [page.index(text) for text in order]
    assert places == sorted(places)
    assert page.count("Mã bị từ chối") == 1
    assert "Đã được nhận lúc 11:34 18/11/2026" in page
    assert "đánh giá" not in page.lower()


def test_doors_of_the_visit_belong_to_the_story_and_those_of_others_do_not(
    browse: Browse, town: Town
) -> None:
    kiosk, cid = town.kiosks["bt01"], town.register("bt01", CODE)
    kiosk.load(cid, 12)
    kiosk.state("accepted", cid=cid, holder="h1", gen=1, counter=0, compartments=[12])
    kiosk.state("wrong_door", asked=12, opened=13, bank=[12, 13])
    kiosk.state("left_open", compartment=20)
    kiosk.state("staff_in", staff="7")
    kiosk.state("left_open", compartment=12)
    page = browse().sign_in("lan").see(f"/results/{cid}")
    assert "Yêu cầu mở ngăn 12 nhưng ngăn 13 mở" in page
    assert "bị để mở quá lâu" not in page


def test_a_code_is_sent_again_to_the_registered_phone_and_the_story_says_who_asked(
    browse: Browse, town: Town
) -> None:
    cid = town.register("bt01", CODE)
    town.kiosks["bt01"].load(cid, 3)
    browser = browse().sign_in("lan")
    ask = browser.see(f"/results/{cid}/re-issue?holder=h1")
    assert "số điện thoại đã đăng ký" in ask
    answer = browser.press(f"/results/{cid}/re-issue", holder="h1")
    assert answer.headers["location"] == f"/results/{cid}?sent=1"
    assert "Đã yêu cầu gửi lại mã" in browser.see(answer.headers["location"])
    assert "lan yêu cầu gửi lại mã cho người nhận h1" in browser.see(f"/results/{cid}")


def test_a_second_click_sends_no_second_message(browse: Browse, town: Town) -> None:
    cid = town.register("bt01", CODE)
    town.kiosks["bt01"].load(cid, 3)
    browser = browse().sign_in("lan")
    browser.get(f"/results/{cid}/re-issue")
    assert browser.press(f"/results/{cid}/re-issue", holder="h1").status_code == 303
    assert browser.press(f"/results/{cid}/re-issue", holder="h1").status_code == 409
    with town.store.begin() as session:
        assert len(session.scalars(select(PageOrder)).all()) == 1
    town.now.ms += MINUTE_MS
    assert browser.press(f"/results/{cid}/re-issue", holder="h1").status_code == 303


def test_a_locked_code_is_seen_and_a_new_secret_lifts_it(browse: Browse, town: Town) -> None:
    kiosk, cid = town.kiosks["bt01"], town.register("bt01", CODE)
    kiosk.load(cid, 3)
    kiosk.state("result_locked", cid=cid, holder="h1")
    browser = browse().sign_in("lan")
    assert "1 mã bị khóa sau nhiều lần sai" in browser.see("/kiosks/bt01")
    browser.get(f"/results/{cid}/re-issue")
    browser.press(f"/results/{cid}/re-issue", holder="h1")
    with town.store.begin() as session:
        held = session.get_one(Holder, (cid, "h1"))
        assert (held.gen, held.locked) == (2, False)


def test_what_is_over_cannot_be_sent_again(browse: Browse, town: Town) -> None:
    kiosk, cid = town.kiosks["bt01"], town.register("bt01", CODE)
    kiosk.load(cid, 3)
    kiosk.collect(cid, 3)
    browser = browse().sign_in("lan")
    assert "Gửi lại mã" not in browser.see(f"/results/{cid}")
    answer = browser.press(f"/results/{cid}/re-issue", holder="h1")
    assert answer.status_code == 409
    assert "đã được nhận hoặc đã thu hồi" in words(answer.text)


def test_whom_no_message_reached_is_to_be_phoned_until_somebody_has(
    browse: Browse, town: Town
) -> None:
    cid = town.register("bt01", CODE)
    town.kiosks["bt01"].load(cid, 3)
    with town.store.begin() as session:
        tasks.phone(session, cid, "h1", "ready", "refused", "cause", town.now.ms)
    browser = browse().sign_in("lan")
    page = browser.see("/kiosks/bt01")
    assert "1 người cần được gọi điện" in page
    assert "nhà mạng từ chối tin nhắn" in page
    assert browser.press("/tasks/1/done").status_code == 303
    assert "gọi điện" not in browser.see("/kiosks/bt01")
    with town.store.begin() as session:
        assert [task.by for task in tasks.listed(session, 0, open_only=False)] == ["lan"]
    assert browser.press("/tasks/2/done").status_code == 404


def test_another_wards_kiosk_result_and_alarm_are_not_there(browse: Browse, town: Town) -> None:
    town.kiosk("ck02", "P.Cầu Kiệu")
    cid = town.register("ck02", CODE)
    town.kiosks["ck02"].state("left_open", compartment=5)
    with town.store.begin() as session:
        alarm = session.scalar(select(Alarm.id))
    browser = browse().sign_in("lan")
    assert "Không có kết quả nào mang mã" in browser.see(f"/find?dossier={CODE}")
    for path in ("/kiosks/ck02", f"/results/{cid}", f"/results/{cid}/re-issue"):
        assert browser.get(path).status_code == 404
    browser.get("/fleet")
    assert browser.press(f"/results/{cid}/re-issue", holder="h1").status_code == 404
    assert browser.press(f"/alarms/{alarm}/handled").status_code == 404
    assert browser.get("/figures?kiosk=ck02").status_code == 404
    assert "Cầu Kiệu" not in browser.see("/fleet")


def test_the_city_sees_the_fleet_but_neither_names_nor_codes_to_send(
    browse: Browse, town: Town
) -> None:
    cid = town.register("bt01", CODE)
    town.kiosks["bt01"].load(cid, 3)
    town.kiosks["bt01"].state("left_open", compartment=5)
    browser = browse().sign_in("minh")
    for path in ("/fleet", "/kiosks/bt01", f"/results/{cid}"):
        assert "NGUYỄN" not in browser.see(path)
    assert browser.get(f"/results/{cid}/re-issue").status_code == 403
    assert browser.press(f"/results/{cid}/re-issue", holder="h1").status_code == 403
    with town.store.begin() as session:
        alarm = session.scalar(select(Alarm.id))
    assert browser.press(f"/alarms/{alarm}/handled").status_code == 403


def test_a_statement_that_holds_markup_is_only_text(browse: Browse, town: Town) -> None:
    town.kiosks["bt01"].health(faults=["<script>x</script>", "stuck:3"], unchecked="<b>")
    town.kiosks["bt01"].state("fault", what="<img src=x>")
    html = browse().sign_in("lan").get("/kiosks/bt01").text
    assert "<script" not in html
    assert "<img" not in html
    assert "cửa kẹt 3" in html


def test_a_ward_of_one_kiosk_begins_at_it_and_of_two_at_the_list(
    browse: Browse, town: Town
) -> None:
    town.kiosk("bt02")
    town.account("hoa", PageRole.WARD, "bt01", "bt02")
    assert browse().sign_in("lan").get("/").headers["location"] == "/kiosks/bt01"
    assert browse().sign_in("hoa").get("/").headers["location"] == "/fleet"
