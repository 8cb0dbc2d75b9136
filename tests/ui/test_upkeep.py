"""Maintenance beyond loading: what can be pressed, what is shown to whom, how small a cell may get."""

import pytest

from tests.ui.rules import LANDSCAPE, PORTRAIT
from ui.hands import Action
from ui.paint import compose
from ui.sample_parts import NAME, STAFF
from ui.samples import SAMPLES, variant
from ui.scene import Plate, Scene, Target, Words
from ui.screens import Screen
from ui.service_screens import Service
from ui.signs import LOOKS
from ui.sizes import ScreenSize
from ui.studio import Studio
from ui.texts.say import NO_BREAK
from ui.upkeep_screens import Answer, CabinetView, Entry, Happening, Reason, Story
from ui.walls import Sign

FRAME_ACTIONS = {Action.LANGUAGE, Action.TEXT_SIZE, Action.HELP, Action.MORE_TIME}
DIGITS = {Action.DIGIT, Action.ERASE}


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio()


def _scene(name: str, studio: Studio, size: ScreenSize = PORTRAIT) -> Scene:
    return compose(dict(SAMPLES)[name], size, studio)


def _offered(scene: Scene) -> list[tuple[Action, str]]:
    all_ = [(t.pressed.action, t.pressed.value) for t in scene.targets]
    return [pressed for pressed in all_ if pressed[0] not in FRAME_ACTIONS]


def _chosen(scene: Scene) -> list[str]:
    return [value for action, value in _offered(scene) if action is Action.CHOOSE]


def _texts(scene: Scene) -> list[str]:
    return [i.art.text.replace(NO_BREAK, " ") for i in scene.items if isinstance(i.art, Words)]


KEYPAD = {Action.DIGIT, Action.ERASE}
SETTINGS = ["language:vi", "language:en", "sound:on", "sound:quiet"]
LOADING = KEYPAD | {Action.SIGN_OUT, Action.BACK, Action.START}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("menu-supervisor", {Action.CHOOSE, Action.SIGN_OUT, Action.START}),
        ("apology", {Action.START, Action.CONFIRM, Action.CANCEL}),
        ("take-list", {Action.START, Action.CHOOSE, Action.CONFIRM, Action.ANOTHER, Action.BACK}),
        ("take-list-one-page", {Action.START, Action.CHOOSE, Action.CONFIRM, Action.BACK}),
        ("take-list-none", {Action.START, Action.BACK}),
        ("door-opening-audit", set()),
        ("door-stuck", {Action.RETRY, Action.CANCEL}),
        ("door-open-check", set()),
        ("door-ask-take_back", {Action.CHOOSE}),
        ("audit-going", {Action.START, Action.CONFIRM, Action.BACK}),
        ("audit-done", {Action.START, Action.CONFIRM, Action.BACK}),
        ("cabinet", {Action.START, Action.CHOOSE, Action.BACK}),
        ("story-0", {Action.START, Action.CHOOSE, Action.BACK}),
        ("reasons-block", {Action.START, Action.CHOOSE, Action.BACK}),
        ("service", {Action.START, Action.CHOOSE, Action.CONFIRM, Action.ANOTHER, Action.BACK}),
        ("service-one-page", {Action.START, Action.CHOOSE, Action.CONFIRM, Action.BACK}),
        ("service-running", {Action.START, Action.CANCEL}),
        ("state-bad", {Action.START, Action.BACK, Action.CALL}),
        ("state-calling", {Action.START, Action.BACK}),
        ("state-silent", {Action.START, Action.BACK, Action.CALL, Action.CHOOSE}),
        ("settings", {Action.START, Action.CHOOSE, Action.BACK}),
        ("load-already-add", LOADING | {Action.ANOTHER, Action.UNDO}),
        ("load-done", LOADING),
        ("unlock", {*DIGITS, Action.SIGN_OUT}),
        ("unlock-full", {*DIGITS, Action.CONFIRM, Action.SIGN_OUT}),
        ("unlock-checking", {Action.SIGN_OUT}),
    ],
)
def test_a_screen_of_maintenance_offers_its_acts_and_no_others(
    name: str, wanted: set[Action], studio: Studio
) -> None:
    assert {action for action, _ in _offered(_scene(name, studio))} == wanted


def test_what_is_chosen_says_which_one(studio: Studio) -> None:
    assert _chosen(_scene("menu-supervisor", studio)) == [str(entry) for entry in Entry]
    assert _chosen(_scene("take-list", studio)) == ["0", "1", "2", "3"]
    assert _chosen(_scene("door-ask-take_back", studio)) == [str(answer) for answer in Answer]
    first, second = (_chosen(_scene(f"reasons-{act}", studio)) for act in ("block", "release"))
    assert first + second == [str(reason) for reason in Reason]
    assert _chosen(_scene("settings", studio)) == SETTINGS
    assert _chosen(_scene("cabinet", studio)) == [str(n) for n in range(1, 35)]


def test_only_a_free_compartment_can_be_pulsed_by_a_technician(studio: Studio) -> None:
    assert _chosen(_scene("service", studio)) == ["7", "9"]


def test_a_technician_sees_neither_a_name_nor_an_empty_place_for_one(studio: Studio) -> None:
    for name in ("door-stuck-nameless", "door-open-test", "door-ask-test", "take-list-nameless"):
        said = " ".join(_texts(_scene(name, studio)))
        assert "Hồ sơ" not in said
        assert "Người nhận" not in said
        assert NAME.split(maxsplit=1)[0] not in said


def test_every_sign_has_an_icon_and_a_ground_of_its_own() -> None:
    assert set(LOOKS) == set(Sign)
    assert len({icon for icon, _, _ in LOOKS.values()}) == len(Sign)
    assert len({ground for _, ground, _ in LOOKS.values()}) == len(Sign)


def _cells(scene: Scene) -> list[Target]:
    return [target for target in scene.targets if target.pressed.action is Action.CHOOSE]


@pytest.mark.parametrize(
    ("name", "size", "least_mm"),
    [
        ("cabinet-small", PORTRAIT, 15),
        ("cabinet-small", LANDSCAPE, 15),
        ("cabinet", PORTRAIT, 14),  # the panel is 87 mm wide: 14.5 is all that six columns can have
        ("cabinet-all-signs", PORTRAIT, 13),
        ("cabinet-not_opened", PORTRAIT, 12),
        ("cabinet", LANDSCAPE, 10.5),  # six rows between header and footer
        ("cabinet-wide", PORTRAIT, 6.5),  # twelve columns
        ("cabinet-wide", LANDSCAPE, 8),
    ],
)
def test_a_cell_is_as_large_as_the_wall_lets_it_be(
    name: str, size: ScreenSize, least_mm: float, studio: Studio
) -> None:
    for large in (False, True):
        screen = variant(dict(SAMPLES)[name], "vi", large=large, night=False)
        cells = _cells(compose(screen, size, studio))
        least = min(min(cell.rect.w, cell.rect.h) for cell in cells) / size.px_per_mm
        assert least >= (least_mm if not large else least_mm * 0.88)


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_numbers_stay_legible_in_the_densest_wall(size: ScreenSize, studio: Studio) -> None:
    scene = _scene("cabinet-wide", studio, size)
    words = {i.art.text: i for i in scene.items if isinstance(i.art, Words)}
    for cell in _cells(scene):
        number = words[cell.pressed.value]
        assert isinstance(number.art, Words)
        assert number.art.cut.px >= 24
        assert cell.rect.contains(number.rect)


def test_cells_lie_as_on_the_wall(studio: Studio) -> None:
    places = {target.pressed.value: target.rect for target in _cells(_scene("cabinet", studio))}
    assert places["1"].x < places["5"].x < places["29"].x
    assert places["5"].y < places["6"].y < places["10"].y
    assert places["1"].bottom < places["2"].y  # the touchscreen sits between them


def test_a_door_of_two_rows_is_drawn_twice_as_tall(studio: Studio) -> None:
    places = {
        target.pressed.value: target.rect for target in _cells(_scene("cabinet-small", studio))
    }
    assert places["3"].h == pytest.approx(2 * places["2"].h, abs=3)


def test_what_the_painter_has_no_word_for_is_shown_as_it_came(studio: Studio) -> None:
    strange = Happening("sang", None, "soprano")
    body = Story(3, Sign.BLOCKED, "moonlight", (strange,), ())
    said = " ".join(_texts(compose(Screen(STAFF, body), PORTRAIT, studio)))
    for word in ("sang", "soprano", "moonlight"):
        assert word in said


def test_a_detail_is_a_word_where_there_is_one(studio: Studio) -> None:
    happenings = (
        Happening("blocked", None, "1042 · lock"),
        Happening("audited", None, "papers"),
        Happening("staff_authorised", None, "take_back"),
        Happening("fault", None, "stuck:7"),
    )
    body = Story(3, Sign.UNCHECKED, "staff:audit", happenings, ())
    texts = _texts(compose(Screen(STAFF, body), PORTRAIT, studio))
    assert "Ngừng sử dụng: Cán bộ 1042 · Khóa hỏng" in texts
    assert "Đã kiểm tra ngăn: có giấy tờ" in texts
    assert "Cán bộ mở ngăn: Thu hồi kết quả" in texts
    assert "Thiết bị báo lỗi: ngăn 7 bị kẹt" in texts
    assert "Đang làm dở: Đối chiếu từng ngăn" in texts


def test_the_bar_grows_with_the_doors_that_are_done(studio: Studio) -> None:
    wide = []
    for done in (0, 5, 14):
        screen = Screen(STAFF, Service((), 1, 1, running=True, done=done, left=14 - done))
        items = compose(screen, PORTRAIT, studio).items
        bars = [i.rect.w for i in items if isinstance(i.art, Plate) and i.rect.h == 30]
        wide.append(bars[1:])
    assert wide == [[], [648 * 5 // 14], [648]]


def test_an_empty_wall_of_cells_can_still_be_painted(studio: Studio) -> None:
    scene = compose(Screen(STAFF, CabinetView(1, 1, ())), PORTRAIT, studio)
    assert _offered(scene) == [(Action.BACK, ""), (Action.START, "")]
