"""The two guides as pages to print: `python -m docs.guides OUT` writes HTML and paints its pictures.

The text is docs/clerks.md and docs/technicians.md, in the little of Markdown that they use: headings, lists,
paragraphs, quoted blocks (the English) and pictures. A picture names a screen of `ui.samples`; it is painted
as the program paints it today, and none is kept in the repository.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pygame

from kiosk.core import hub, wall
from kiosk.core.upkeep_scenes import Act
from sync.messages import Role
from ui.gallery import PORTRAIT, Eyes
from ui.samples import SAMPLES
from ui.screens import Screen
from ui.studio import Studio
from ui.upkeep_screens import Entry, Menu, Reason, Reasons

FOLDER = Path(__file__).parent
GUIDES = ("clerks", "technicians")
EYES = Eyes("vi", large=False, size=PORTRAIT, night=False)
PICTURE = re.compile(r"!\[([^\]]*)\]\(shots/([\w-]+)\.png\)")
STYLE = """\
@page { size: A4; margin: 11mm }
body { font: 10pt/1.32 "Source Sans 3", "Source Sans Pro", sans-serif; margin: 0 }
body { columns: 2; column-gap: 7mm }
h1 { font-size: 16pt; line-height: 1.15; margin: 0 0 1.5mm; column-span: all }
h2 { font-size: 12pt; margin: 2.4mm 0 .8mm; clear: both; break-after: avoid }
p, ol, ul { margin: 0 0 1.2mm } ol, ul { padding-left: 4.2mm }
[lang=en] { color: #555; font-size: 9pt }
img { float: right; clear: right; width: 28mm; border: .2mm solid #888; margin: 0 0 1mm 2mm }
@media screen { body { max-width: 190mm; margin: 8mm auto } }
"""


def text_of(guide: str) -> str:
    """The Markdown of one guide."""
    return (FOLDER / f"{guide}.md").read_text(encoding="utf-8")


def shots(text: str) -> list[str]:
    """The samples that a guide shows."""
    return [name for _, name in PICTURE.findall(text)]


def page(text: str) -> str:
    """A whole HTML page in Vietnamese, its English blocks marked as such."""
    title = text.splitlines()[0].removeprefix("# ")
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title><style>\n{STYLE}</style>'
    body = "\n".join(_blocks(text))
    return f'<!doctype html>\n<html lang="vi">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'


def _blocks(text: str) -> Iterator[str]:
    for block in re.split(r"\n{2,}", text.strip()):
        lines = block.splitlines()
        if lines[0].startswith("> "):
            yield f'<p lang="en">{_inline(" ".join(line.removeprefix("> ") for line in lines))}</p>'
        elif heading := re.fullmatch(r"(#{1,2}) (.*)", block):
            level = len(heading[1])
            yield f"<h{level}>{_inline(heading[2])}</h{level}>"
        elif lines[0].startswith("!["):
            yield "".join(_inline(line) for line in lines)
        elif marked := re.match(r"\* |\d+\. ", block):
            tag = "ul" if marked[0] == "* " else "ol"
            items = re.split(r"^(?:\* |\d+\. )", block, flags=re.MULTILINE)[1:]
            yield f"<{tag}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{tag}>"
        elif block[0] in "|#<`-":
            raise ValueError(f"no such block in a guide: {lines[0]!r}")
        else:
            yield f"<p>{_inline(block)}</p>"


def _inline(text: str) -> str:
    safe = html.escape(" ".join(text.split()), quote=False)
    safe = PICTURE.sub(r'<img src="shots/\2.png" alt="\1">', safe)
    safe = re.sub(r"\*\*(.+?)\*\*|(«.+?»)", r"<b>\1\2</b>", safe)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", safe)


def as_it_is(screen: Screen) -> Screen:
    """Samples show more than one role or act ever offers, and a countdown; a guide shows neither."""
    plain = replace(screen, frame=replace(screen.frame, closes_in_s=None))
    match screen.body:
        case Menu(role=role) as body:
            entries = tuple(Entry(entry) for entry in hub.ALLOWED[Role(role)])
            return replace(plain, body=replace(body, entries=entries))
        case Reasons(act=act) as body:
            reasons = tuple(Reason(reason) for reason in wall.REASONS[Act(act)])
            return replace(plain, body=replace(body, reasons=reasons))
    return plain


def write(folder: Path) -> int:
    """Both pages, and every picture they name, below `folder`; returns how many pictures."""
    (folder / "shots").mkdir(parents=True, exist_ok=True)
    texts = {guide: text_of(guide) for guide in GUIDES}
    for guide, text in texts.items():
        (folder / f"{guide}.html").write_text(page(text), encoding="utf-8")
    samples, studio = dict(SAMPLES), Studio()
    names = sorted({name for text in texts.values() for name in shots(text)})
    for name in names:
        picture = EYES.see(as_it_is(samples[name]), studio)
        pygame.image.save(picture, str(folder / "shots" / f"{name}.png"))
    return len(names)


def main(arguments: list[str]) -> int:
    """Exit status 0, or 2 for wrong use."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m docs.guides OUT_DIR\n")
        return 2
    folder = Path(arguments[0])
    sys.stdout.write(f"{write(folder)} pictures; print {', '.join(GUIDES)}.html in {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
