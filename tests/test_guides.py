"""The guides say what the screens say, show screens that exist, and can be printed."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from docs import guides
from ui.samples import SAMPLES
from ui.texts.en import EN
from ui.texts.vi import VI
from ui.upkeep_screens import Menu

COLUMN_MM, FOUR_COLUMNS_MM = 90, 4 * 272  # of two A4 pages, see STYLE
PICTURE_MM = (30 + 10) * 52  # what the text flows around, and what it leaves free beside


def _plain(text: str) -> str:
    """A text as it is compared: facts are three dots, ties are spaces."""
    return re.sub(r"[\s~]*(\{\w+\}|…)\s*", "…", text).replace("~", " ")


def _quoted(text: str, *, english: bool) -> list[str]:
    blocks = [b for b in text.split("\n\n") if b.startswith("> ") is english]
    joined = " ".join(" ".join(b.replace("\n> ", "\n").split()) for b in blocks)
    return re.findall(r"«([^»]+)»", joined)


@pytest.mark.parametrize("guide", guides.GUIDES)
@pytest.mark.parametrize("english", [False, True])
def test_every_word_that_a_guide_quotes_stands_on_a_screen(guide: str, *, english: bool) -> None:
    known = {_plain(word) for word in (EN if english else VI).values()} | {"…"}
    quoted = _quoted(guides.text_of(guide), english=english)
    assert quoted
    assert [word for word in quoted if _plain(word) not in known] == []


@pytest.mark.parametrize("guide", guides.GUIDES)
def test_every_picture_is_a_sample(guide: str) -> None:
    shown = guides.shots(guides.text_of(guide))
    assert shown
    assert set(shown) - {name for name, _ in SAMPLES} == set()


def test_a_menu_in_a_guide_offers_what_the_role_may_do() -> None:
    (screen,) = (screen for name, screen in SAMPLES if name == "menu-clerk")
    body = guides.as_it_is(screen).body
    assert isinstance(body, Menu)
    assert body.entries == ("load", "take_back", "cabinet", "state")


class _Seen(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data


def test_the_pages_are_written_with_every_picture_they_show(tmp_path: Path) -> None:
    assert guides.main([str(tmp_path)]) == 0
    for guide in guides.GUIDES:
        seen = _Seen((tmp_path / f"{guide}.html").read_text(encoding="utf-8"))
        assert seen.open == []
        assert ("html", {"lang": "vi"}) in seen.tags
        sources = [str(attrs["src"]) for tag, attrs in seen.tags if tag == "img"]
        assert sources == [f"shots/{name}.png" for name in guides.shots(guides.text_of(guide))]
        assert all((tmp_path / source).stat().st_size > 5_000 for source in sources)
        assert not re.search(r"\*\*|`|!\[|^> ", seen.words, re.MULTILINE)


def test_the_clerks_guide_stays_short_enough_for_two_pages() -> None:
    text = guides.text_of("clerks")
    seen = _Seen(guides.page(text))
    paragraphs = sum(tag in {"p", "li", "h2"} for tag, _ in seen.tags)
    line_mm, wide_mm = 4.66, 1.7  # 10 pt at 1.32; a character of Source Sans
    lines = len(seen.words) * wide_mm / COLUMN_MM + paragraphs * 0.8
    used_mm = lines * line_mm + len(guides.shots(text)) * PICTURE_MM / COLUMN_MM
    assert used_mm < FOUR_COLUMNS_MM


def test_a_guide_uses_no_form_that_the_page_would_lose() -> None:
    with pytest.raises(ValueError, match="no such block"):
        guides.page("# Title\n\n| a | b |")


def test_wrong_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert guides.main([]) == 2
    assert "usage" in capsys.readouterr().err
