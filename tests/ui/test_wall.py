"""The drawing of the cabinet and the words beside it agree with the wall."""

import pytest

from ui.layout import Desk
from ui.pages.doors import where
from ui.sample_parts import cabinet, small_cabinet
from ui.scene import Glow, Leaf, Rect, Words
from ui.sizes import ScreenSize
from ui.studio import Studio
from ui.texts.say import NO_BREAK, Say
from ui.theme import Look
from ui.wall import Wall
from ui.walls import Cabinet, Door, DoorLook


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "ngăn số 1, hàng trên cùng, bên trái"),
        (12, "ngăn số 12, hàng trên, ở giữa"),
        (13, "ngăn số 13, hàng giữa, ở giữa"),
        (9, "ngăn số 9, hàng dưới, bên trái"),
        (34, "ngăn số 34, hàng dưới cùng, bên phải"),
        (99, "ngăn số 99"),
    ],
)
def test_a_place_in_a_large_cabinet(number: int, words: str) -> None:
    assert where(number, cabinet(), Say("vi")).replace(NO_BREAK, " ") == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (3, "compartment 3, lower row, on the left"),
        (4, "compartment 4, upper row, on the right"),
        (5, "compartment 5, middle row, on the right"),
    ],
)
def test_a_place_among_doors_of_two_heights(number: int, words: str) -> None:
    assert where(number, small_cabinet(), Say("en")).replace(NO_BREAK, " ") == words


def test_a_single_door_needs_no_place() -> None:
    assert where(1, Cabinet(1, 1, (Door(1, 1, 1),)), Say("en")) == f"compartment{NO_BREAK}1"


def _drawn(wall: Cabinet, rect: Rect) -> tuple[dict[str, Rect], list[object]]:
    desk = Desk(Look(ScreenSize(), "vi", large=False, night=False), Studio())
    items, targets = desk.place(Wall(wall), rect)
    assert targets == ()
    numbers = {i.art.text: i.rect for i in items if isinstance(i.art, Words)}
    return numbers, [item.art for item in items]


def test_numbers_lie_as_on_the_wall() -> None:
    numbers, _ = _drawn(cabinet(), Rect(0, 0, 640, 480))
    assert set(numbers) == {str(n) for n in range(1, 35)}
    assert numbers["1"].x < numbers["5"].x < numbers["11"].x < numbers["29"].x
    assert numbers["5"].y < numbers["6"].y < numbers["7"].y < numbers["10"].y
    assert numbers["12"].middle[1] == pytest.approx(numbers["6"].middle[1], abs=2)


def test_the_asked_door_glows_and_an_open_one_is_drawn_open() -> None:
    rect = Rect(0, 0, 640, 480)
    kinds = [
        {type(art) for art in _drawn(cabinet(look=look), rect)[1]} & {Glow, Leaf}
        for look in (DoorLook.SHUT, DoorLook.ASKED, DoorLook.OPEN)
    ]
    assert kinds == [set(), {Glow}, {Glow, Leaf}]


def test_the_drawing_stays_within_its_place() -> None:
    desk = Desk(Look(ScreenSize(), "vi", large=False, night=False), Studio())
    for rect in (Rect(36, 100, 648, 300), Rect(36, 100, 400, 700)):
        first = cabinet(1, DoorLook.OPEN)
        items, _ = desk.place(Wall(first), rect)
        assert [item for item in items if not rect.contains(item.rect)] == []
