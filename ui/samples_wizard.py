"""Sample screens of commissioning: every question, every trouble, every finding, every answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ui import screens as s
from ui.sample_parts import WORK, Sample
from ui.service_screens import WIZARD_LINES, Phrase, Wizard

PORT: Final = "usb-FTDI_FT232R…A50285BI-port0.0"  # as long as one is shown
NAME: Final = ("name", "a/2/17")
TROUBLES: Final = (
    "lost not_sent refused unanswered not_on_wall duplicate occupied no_boards too_many"
)
FINDINGS: Final = "gap double sensor not_back swapped moved occupied status crossed slow"


def wizard() -> Iterator[Sample]:
    """All of them."""
    for name, body in (*_wall(), *_boards(), *_channel(), *_end()):
        yield f"wizard-{name}", s.Screen(WORK, body)


def _wall() -> Iterator[tuple[str, Wizard]]:
    stop = ("stop",)
    yield "columns", Wizard(Phrase("wizard.columns"), entered="", choices=stop)
    heed = Phrase("wizard.too_many")
    yield "rows", Wizard(Phrase("wizard.rows"), heed=heed, entered="64", choices=stop)
    lines = (Phrase("wizard.order_from"),)
    yield "order", Wizard(Phrase("wizard.order"), lines, choices=("down", "across", "stop"))


def _boards() -> Iterator[tuple[str, Wizard]]:
    at = Phrase("wizard.looking_at", (("port", PORT), ("family", "waveshare-modbus"), ("n", 17)))
    yield "looking", Wizard(Phrase("wizard.looking"), (at,), choices=("stop",), done=17, total=32)
    facts = (("port", PORT), ("family", "xor-8a80"), ("boards", "1, 2, 3"))
    found = (Phrase("wizard.board", facts),)
    choices = ("go", "look", "stop")
    yield "boards", Wizard(Phrase("wizard.boards"), found, choices=choices)
    heed = Phrase("wizard.no_boards")
    none = Wizard(Phrase("wizard.looking"), heed=heed, choices=("look", "stop"))
    yield "no-boards", none
    begin = (Phrase("wizard.begin_do", (("n", 24),)),)
    yield "begin", Wizard(Phrase("wizard.begin"), begin, choices=("go", "stop"), total=24)
    kept = Phrase("wizard.begin_kept", (("numbers", "3, 7, 12, 19"),))
    on = (*begin, Phrase("wizard.begin_on", (("done", 7), ("total", 24))), kept)
    choices = ("go", "anew", "stop")
    yield "begin-on", Wizard(Phrase("wizard.begin"), on, choices=choices, done=7, total=24)


def _channel() -> Iterator[tuple[str, Wizard]]:
    channel = Phrase("wizard.channel", (NAME,))
    for name in ("rest", "watch"):
        lines = (Phrase(f"wizard.{name}_do"),)
        yield name, Wizard(channel, lines, choices=("stop",), done=7, total=24)
    lost = Phrase("wizard.lost", (NAME,))
    yield "rest-lost", Wizard(channel, heed=lost, choices=("empty", "stop"), done=7, total=24)
    title = Phrase("wizard.ask", (NAME,))
    usual = ("none", "again", "other")
    seen = Phrase("wizard.seen", (("ms", 340),))
    yield "ask", Wizard(title, (), seen, entered="1", choices=usual, done=7, total=24)
    other = Phrase("wizard.seen_other", (("other", "a/2/1"), ("ms", 340)))
    yield "ask-other", Wizard(title, heed=other, entered="", choices=usual, done=7, total=24)
    unseen = Phrase("wizard.unseen")
    yield "ask-unseen", Wizard(title, heed=unseen, entered="", choices=usual, done=7, total=24)
    rest = ("go", "empty", "back", "stop")
    yield "ask-choices", Wizard(title, choices=rest, done=7, total=24)
    for trouble in TROUBLES.split():
        heed = Phrase(f"wizard.{trouble}", (("n", 12), ("name", "a/1/12")))
        body = Wizard(title, (), None, heed, "12", usual, 7, 24)
        yield f"ask-{trouble}", body
    shut, choices = Phrase("wizard.shut", (("n", 12),)), ("shut", "back", "stop")
    lines = (Phrase("wizard.shut_do"),)
    yield "shut", Wizard(shut, lines, seen, choices=choices, done=7, total=24)
    blind = Phrase("wizard.shut_blind")
    yield "shut-blind", Wizard(shut, heed=blind, choices=choices, done=7, total=24)


def _end() -> Iterator[tuple[str, Wizard]]:
    passed = Phrase("wizard.passed", (("n", 24),))
    files = (
        Phrase("wizard.written", (("file", "/etc/kiosk/cabinet.toml"),)),
        Phrase("wizard.report", (("file", "commissioning-20261121-1403.txt"),)),
    )
    yield "passed", Wizard(passed, files, choices=("finish",), done=24, total=24)
    dry = (Phrase("wizard.dry"),)
    yield "dry", Wizard(passed, dry, choices=("finish",), done=24, total=24)
    facts = (("n", 12), NAME, ("other", "a/2/1"), ("ms", 2_400))
    found = [Phrase(f"found.{kind}", facts) for kind in FINDINGS.split()]
    failed, step = Phrase("wizard.failed"), WIZARD_LINES - 2
    kept = (Phrase("wizard.more", (("n", 9),)), Phrase("wizard.kept"))
    for at in range(0, len(found), step):
        lines = (*found[at : at + step], *kept)
        yield f"failed-{at // step}", Wizard(failed, lines, choices=("finish",), done=24, total=24)
    stopped = Wizard(Phrase("wizard.stopped"), choices=("finish",), done=7, total=24)
    yield "stopped", stopped
