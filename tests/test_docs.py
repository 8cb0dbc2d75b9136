"""What is drawn from the program must be what the program does."""

import re
from dataclasses import replace

import pytest

from docs import configuration, draw
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


def test_the_page_on_configuration_is_of_the_program_as_it_is_now() -> None:
    made = configuration.page()
    assert configuration.PAGE.read_text(encoding="utf-8") == made, (
        "run: python -m docs.configuration"
    )


@pytest.mark.parametrize("title", configuration.examples())
def test_what_is_written_is_what_is_read(title: str) -> None:
    cabinet = configuration.examples()[title]
    read, docs = configuration.read_back(cabinet)
    assert replace(read, socket=cabinet.socket) == cabinet
    assert all(doc.help for doc in docs)
