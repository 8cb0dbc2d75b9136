"""What is drawn from the program must be what the program does."""

import re

from docs import draw
from kiosk.core.visit import TABLE


def test_the_drawing_is_of_the_tables_as_they_are_now() -> None:
    assert draw.PAGE.read_text(encoding="utf-8") == draw.page(), "run: python -m docs.draw"


def test_every_row_of_every_table_stands_on_the_page() -> None:
    listed = set(re.findall(r"^\| (\w+) \| ([^|]+) \|", draw.page(), re.MULTILINE))
    told = {(scene, word) for scene, words in listed for word in words.split(", ")}
    rows = {(scene.__name__, draw._word(what)) for scene, row in TABLE.items() for what in row}
    assert rows - told == set()


def test_every_scene_can_be_reached_and_left_in_the_drawing() -> None:
    arrows = re.findall(r"^    (\w+) --> (\w+) :", draw.page(), re.MULTILINE)
    scenes = {scene.__name__ for scene in TABLE}
    assert scenes - {target for _, target in arrows} == set()
    home = {s.__name__ for s, rows in TABLE.items() if any(w in draw.HOMEWARD for w in rows)}
    assert scenes - {source for source, _ in arrows} - home == set()


def test_no_arrow_has_the_words_that_every_scene_has_alike() -> None:
    drawn = re.findall(r"--> Idle : (.*)$", draw.page(), re.MULTILINE)
    assert drawn
    assert [label for label in drawn if "timeout" in label or "cancel" in label] == []
