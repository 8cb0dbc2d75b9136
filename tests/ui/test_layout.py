"""Layout: nothing cut, nothing small, nothing that moves about."""

from collections.abc import Hashable, Iterator
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import get_args

import pytest

from tests.ui.rules import LANDSCAPE, PORTRAIT, breaches, scenes, stretched
from ui import screens, service_screens, setup_screens, staff_screens, upkeep_screens, walls
from ui.hands import Action, Pressed
from ui.pages.every import PAGES
from ui.paint import compose
from ui.samples import SAMPLES, variant
from ui.scene import Scene, Words
from ui.screens import Screen
from ui.sizes import ScreenSize
from ui.studio import Studio
from ui.theme import DAY

NAMES = [name for name, _ in SAMPLES]
ENUMS: list[type[StrEnum]] = [
    screens.Why,
    screens.Outage,
    staff_screens.LoadTrouble,
    staff_screens.LoginTrouble,
    staff_screens.LoginStep,
    walls.Urge,
    walls.Sign,
    upkeep_screens.Entry,
    upkeep_screens.Purpose,
    upkeep_screens.TakeWhy,
    upkeep_screens.Answer,
    upkeep_screens.Act,
    upkeep_screens.Reason,
    service_screens.Level,
]
STAFF_BODIES = (
    staff_screens.StaffLogin,
    staff_screens.LoadScan,
    staff_screens.LoadChoose,
    staff_screens.LoadOpening,
    staff_screens.LoadOpen,
    staff_screens.LoadClosing,
)
FOOTER = (Action.LANGUAGE, Action.TEXT_SIZE, Action.HELP)


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio()


def _sample(name: str) -> Screen:
    return dict(SAMPLES)[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_screen_obeys_the_rules(name: str, studio: Studio) -> None:
    screen = _sample(name)
    dense = isinstance(screen.body, upkeep_screens.CabinetView)
    seen_all = scenes(screen, studio)
    found = {seen: breaches(scene, size, dense=dense) for seen, size, scene in seen_all}
    assert {seen: broken for seen, broken in found.items() if broken} == {}


@pytest.mark.parametrize("name", NAMES)
def test_long_names_from_outside_break_no_rule(name: str, studio: Studio) -> None:
    screen = stretched(_sample(name))
    dense = isinstance(screen.body, upkeep_screens.CabinetView)
    long = scenes(screen, studio)
    found = {seen: breaches(scene, size, dense=dense) for seen, size, scene in long}
    assert {seen: broken for seen, broken in found.items() if broken} == {}


def test_the_rules_would_notice_a_breach(studio: Studio) -> None:
    scene = compose(_sample("ready"), PORTRAIT, studio)
    assert breaches(scene, PORTRAIT) == []
    assert breaches(scene, ScreenSize(700, 1280)) != []  # beyond the edge
    assert breaches(scene, ScreenSize(720, 1280, px_per_mm=9)) != []  # keys too small


def test_every_body_has_a_page_and_a_sample() -> None:
    bodies = set(get_args(screens.Body))
    assert set(PAGES) == bodies
    assert {type(screen.body) for _, screen in SAMPLES} == bodies
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: str(kind.__name__))
def test_every_value_of_every_enumeration_has_a_sample(kind: type[StrEnum]) -> None:
    values = (value for _, screen in SAMPLES for value in _values(screen.body))
    assert {value for value in values if isinstance(value, kind)} == set(kind)


def _values(part: object) -> Iterator[Hashable]:
    """Everything in a body, and in what it is made of."""
    if isinstance(part, tuple):
        for one in part:
            yield from _values(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _values(getattr(part, field.name))
    elif isinstance(part, Hashable):
        yield part


def _places(scene: Scene) -> dict[Action, tuple[int, ...]]:
    last = [target for target in scene.targets if target.pressed.action in FOOTER][-3:]
    return {target.pressed.action: tuple(target.rect) for target in last}


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_the_footer_never_moves(size: ScreenSize, studio: Studio) -> None:
    places = []
    for _, screen in SAMPLES:
        for lang, large in (("vi", False), ("vi", True), ("en", False), ("en", True)):
            seen = variant(screen, lang, large=large, night=False)
            places.append(_places(compose(seen, size, studio)))
    assert set(places[0]) == set(FOOTER)
    assert [place for place in places if place != places[0]] == []


@pytest.mark.parametrize("name", NAMES)
def test_large_text_is_larger(name: str, studio: Studio) -> None:
    for size in (PORTRAIT, LANDSCAPE):
        normal, large = (
            _mean_print(compose(variant(_sample(name), "vi", large=big, night=False), size, studio))
            for big in (False, True)
        )
        assert large > normal


def _mean_print(scene: Scene) -> float:
    """Mean size of letters, weighed by their number, without the drawing's door numbers."""
    words = [
        item.art
        for item in scene.items
        if isinstance(item.art, Words) and not item.art.text.isdigit()
    ]
    return sum(w.cut.px * len(w.text) for w in words) / sum(len(w.text) for w in words)


@pytest.mark.parametrize("name", NAMES)
def test_maintenance_cannot_be_taken_for_a_visit(name: str, studio: Studio) -> None:
    screen = _sample(name)
    bodies = (*get_args(upkeep_screens.Upkeep), *get_args(setup_screens.Setup), *STAFF_BODIES)
    staff = type(screen.body) in bodies
    header = compose(screen, PORTRAIT, studio).items[0].art
    assert (getattr(header, "fill", None) == DAY.head) is staff


def _offered(screen: Screen, studio: Studio) -> list[Pressed]:
    return [target.pressed for target in compose(screen, PORTRAIT, studio).targets]


def test_the_hidden_gesture_waits_only_where_nobody_is_served(studio: Studio) -> None:
    for name, screen in SAMPLES:
        hidden = [t for t in compose(screen, PORTRAIT, studio).targets if t.taps > 1]
        nobody = isinstance(screen.body, screens.Idle | screens.OutOfService)
        wanted = [(Pressed(Action.STAFF), 5)] if nobody else []
        assert [(t.pressed, t.taps) for t in hidden] == wanted, name


def test_digits_can_be_confirmed_only_when_complete(studio: Studio) -> None:
    assert Pressed(Action.CONFIRM) not in _offered(_sample("digits-two"), studio)
    assert Pressed(Action.CONFIRM) in _offered(_sample("digits-four"), studio)
    assert Pressed(Action.CONFIRM) not in _offered(_sample("code-four"), studio)
    assert Pressed(Action.CONFIRM) in _offered(_sample("code-eight"), studio)


def test_more_time_is_offered_when_time_runs(studio: Studio) -> None:
    for name, screen in SAMPLES:
        offered = Pressed(Action.MORE_TIME) in _offered(screen, studio)
        assert offered is screen.frame.more_time, name


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("idle", {Action.START}),
        ("refused", {Action.RETRY, Action.CHANGE}),
        ("paused", {Action.FINISH}),
        ("told-expired", {Action.FINISH, Action.MORE_TIME}),
        ("ready", {Action.OPEN, Action.NOT_MINE, Action.MORE_TIME}),
        ("opening", set()),
        ("stuck", {Action.RETRY, Action.FINISH, Action.MORE_TIME}),
        ("stuck-again", {Action.FINISH, Action.MORE_TIME}),
        (
            "open-calm",
            {
                Action.DISPUTE_EMPTY,
                Action.DISPUTE_NOT_MINE,
                Action.DISPUTE_MISSING,
                Action.MORE_TIME,
            },
        ),
        ("open-no-dispute", {Action.MORE_TIME}),
        ("closed", {Action.RATE, Action.FORGOT, Action.ANOTHER, Action.FINISH}),
        ("closed-no-clock", {Action.RATE, Action.ANOTHER, Action.FINISH}),
        ("closed-rated-3", {Action.FORGOT, Action.ANOTHER, Action.FINISH}),
        ("out-doors", set()),
        ("help", {Action.BACK}),
        ("choose-two", {Action.CHOOSE, Action.BACK, Action.START}),
        ("load-stuck", {Action.RETRY, Action.CANCEL}),
        ("load-open-warn", {Action.NOT_EMPTY, Action.CANCEL}),
    ],
)
def test_a_screen_offers_its_ways_out_and_no_others(
    name: str, wanted: set[Action], studio: Studio
) -> None:
    always = {*FOOTER, Action.STAFF}
    assert {pressed.action for pressed in _offered(_sample(name), studio)} - always == wanted


def test_a_clock_that_is_not_trusted_is_not_shown(studio: Studio) -> None:
    scene = compose(_sample("idle-no-scanner-no-clock"), PORTRAIT, studio)
    texts = [item.art.text for item in scene.items if isinstance(item.art, Words)]
    assert [text for text in texts if ":" in text or "2026" in text] == []
