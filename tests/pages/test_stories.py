"""A result as one story: what is known, in order, and what follows from it."""

import pytest

from sync.central.stories import Ordered, Outline, Said, Told, clock, conclusion, story
from sync.central.story_words import KIOSK_LINES, STAFF_LINES

T0 = 1_795_000_000_000
OUTLINE = Outline("c1", "live", "collected", T0, T0 + 10**9, T0 + 1000, T0 + 9000)
VISIT = [
    Told(1, 2, T0 + 1000, "loaded", {"compartment": 12, "staff": "7"}),
    Told(1, 5, T0 + 7000, "refused", {"holder": "h1"}),
    Told(1, 6, T0 + 8000, "accepted", {"holder": "h1", "compartments": [12]}),
    Told(1, 7, T0 + 8500, "opened", {"compartment": 12}),
    Told(1, 8, T0 + 9000, "collected", {"holder": "h1", "compartment": 12}),
]


def _vi(outline: Outline, told: list[Told], *rest: object) -> list[str]:
    said = [one for one in rest if isinstance(one, Said)]
    ordered = [one for one in rest if isinstance(one, Ordered)]
    return [event.words.vi for event in story(outline, told, said, ordered)]


def test_registered_loaded_sent_refused_opened_closed() -> None:
    lines = _vi(OUTLINE, VISIT, Said("ready", "sent", "h1", T0 + 2000))
    begins = ["Bộ phận một cửa đăng ký", "Cán bộ số 7 xếp vào ngăn 12", "Đã gửi tin nhắn có mã"]
    begins += ["Mã bị từ chối", "Mã đúng của người nhận h1", "Cảm biến thấy cửa ngăn 12 mở"]
    begins += ["Cửa ngăn 12 được đóng lại sau khi mở"]
    assert [line.startswith(begin) for line, begin in zip(lines, begins, strict=True)] == [True] * 7


def test_ratings_are_anonymous_and_never_part_of_a_story() -> None:
    rated = Told(1, 9, T0 + 9500, "rated", {"score": 1})
    assert _vi(OUTLINE, [*VISIT, rated]) == _vi(OUTLINE, VISIT)


def test_rows_stay_in_the_kiosks_own_order_whatever_its_clock_said() -> None:
    jumped = [Told(1, 3, T0 + 9000, "opened"), Told(1, 4, T0 + 2000, "collected", sure=False)]
    events = story(OUTLINE, jumped, [], [])
    assert [event.row for event in events] == ["", "1.3", "1.4"]
    assert not events[-1].sure


def test_a_code_ordered_on_a_page_says_by_whom() -> None:
    lines = _vi(OUTLINE, [], Ordered("lan", "h1", T0 + 5000))
    assert lines[-1] == "lan yêu cầu gửi lại mã cho người nhận h1."


def test_a_kind_that_this_program_does_not_know_is_told_by_its_name() -> None:
    assert _vi(OUTLINE, [Told(1, 3, T0, "levitated")])[-1] == "Tủ ghi nhận: levitated."


def test_what_a_kiosk_states_cannot_write_into_the_page() -> None:
    fields = {"compartment": "<b>{holder}</b>" * 9, "staff": "{0}", "compartments": [["x"]]}
    text = "".join(_vi(OUTLINE, [Told(1, 3, T0, "loaded", fields)]))
    assert not set("<>{}") & set(text)


def test_every_line_can_be_told_from_empty_fields() -> None:
    kinds = {*map(str, KIOSK_LINES), *map(str, STAFF_LINES)}
    told = [Told(1, seq, T0, kind, {}) for seq, kind in enumerate(sorted(kinds))]
    told += [Told(2, seq, T0, kind, {"staff": "7"}) for seq, kind in enumerate(sorted(kinds))]
    events = story(OUTLINE, told, [], [])
    assert len(events) == 1 + len(told)
    assert not [e for e in events if "{" in e.words.vi + e.words.en]


@pytest.mark.parametrize(
    ("phase", "status", "says"),
    [
        ("expected", "live", "chưa có mã nào được gửi"),
        ("loaded", "live", "Đang nằm trong tủ"),
        ("accepted", "live", "có lẽ còn trong ngăn"),
        ("opened", "live", "Chưa thể nói là đã nhận"),
        ("unconfirmed", "live", "Cán bộ cần mở ngăn kiểm tra"),
        ("disputed", "live", "gọi lại cho người nhận"),
        ("retrieved", "live", "Kết quả ở bộ phận một cửa"),
        ("loaded", "revoked", "Không còn trả qua tủ này"),
        ("unheard_of", "live", "Chưa kết luận được"),
    ],
)
def test_the_conclusion_says_no_more_than_is_known(phase: str, status: str, says: str) -> None:
    outline = Outline("c1", status, phase, T0, T0 + 10**9)
    assert says in conclusion(outline, [])[1].vi


def test_collected_names_the_holder_whose_code_it_was_and_when() -> None:
    sign, words = conclusion(OUTLINE, VISIT)
    assert sign == "good"
    assert "h1" in words.vi
    assert clock(OUTLINE.collected_ms) in words.en
