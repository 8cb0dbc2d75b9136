"""Sample screens of the guided start: every question, every trouble, every answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ui import screens as s
from ui.sample_parts import WORK, Sample
from ui.service_screens import Phrase, Wizard
from ui.setup_screens import KEY_PAGES, Report, Typing

STEPS: Final = 8
SIDE: Final = 81  # modules of a QR code with some 500 characters
CODE: Final = "HE1.cGFwZXJzIGFyZSBzYWZlIQ.0WmM3gYVQd8lXcQnTkQ1rB5uE2yZf7pHsJ9aLoKi6xN"
WHY: Final = (
    "/dev/serial/…if00-port0: cannot be opened; no lock was pulsed. Another program holds it"
)
TROUBLES: Final = "enrolment-code invalid other_kiosk other_central slow-down stamp down strange"


def _phrase(key: str, **facts: str | int) -> Phrase:
    return Phrase(f"setup.{key}", tuple(facts.items()))


def setup() -> Iterator[Sample]:
    """All of them."""
    for name, body in (*_begin(), *_letter(), *_enrol(), *_doors(), *_gear(), *_end()):
        yield f"setup-{name}", s.Screen(WORK, body)


def _begin() -> Iterator[tuple[str, s.Body]]:
    lines: tuple[Phrase, ...]
    lines = (_phrase("welcome.hour"), _phrase("welcome.need"), _phrase("welcome.cut"))
    yield "welcome", Wizard(_phrase("welcome"), lines, choices=("go", "stop"))
    title = _phrase("welcome.again")
    steps = "letter enrol seal commission gear doctor report start"
    for at, step in enumerate(steps.split()):
        on = _phrase("welcome.on", done=at, total=STEPS)
        lines = (on, _phrase(f"step.{step}"), _phrase("welcome.cut"))
        page = Wizard(title, lines, choices=("go", "stop"), done=at, total=STEPS)
        yield f"welcome-{step}", page


def _letter() -> Iterator[tuple[str, s.Body]]:
    lines: tuple[Phrase, ...]
    choices: tuple[str, ...]
    lines = (_phrase("letter.how"), _phrase("letter.file"))
    choices = ("stick", "type", "stop")
    title = _phrase("letter")
    asked = Typing(title, lines, choices=choices, keys=False, total=STEPS)
    yield "letter", asked
    for page in range(len(KEY_PAGES)):
        typed = replace(asked, lines=(), entered=CODE[: 12 * page], page=page)
        yield f"letter-keys-{page}", replace(typed, choices=("back",), keys=True)
    again = (_phrase("letter.again"), *lines)
    for heed in ("wrong", "none", "many"):
        told = replace(asked, lines=again, heed=_phrase(f"letter.{heed}"))
        yield f"letter-{heed}", told
        yield f"letter-keys-{heed}", replace(told, lines=(), choices=("back",), keys=True)
    for fact in ("url", "kiosk", "unit", "address"):
        how, title = (_phrase(f"fact.{fact}_how"),), _phrase(f"fact.{fact}")
        asked = Typing(title, how, entered="bt01", choices=("stop",), total=STEPS)
        yield f"fact-{fact}", asked
        told = replace(asked, heed=_phrase(f"fact.{fact}_wrong"), entered="", page=5)
        yield f"fact-{fact}-wrong", told
    lines = (
        _phrase("is.kiosk", kiosk="bt01", unit="Phường Bình Tiên"),
        _phrase("is.address", address="123 Đường Số 45, phường Bình Tiên"),
        _phrase("is.url", url="https://tu.example.vn"),
    )
    choices = ("go", "other_code", "stop")
    yield "is", Wizard(_phrase("is"), lines, choices=choices, total=STEPS)


def _enrol() -> Iterator[tuple[str, s.Body]]:
    lines: tuple[Phrase, ...]
    choices: tuple[str, ...]
    choices = ("retry", "other_code", "stop")
    for clock, why in (("synced", "down"), ("holdover", "strange"), ("unknown", "down")):
        lines, heed = (_phrase(f"clock.{clock}"), _phrase("network.os")), _phrase(f"network.{why}")
        page = Wizard(_phrase("network"), lines, heed=heed, choices=choices, done=1, total=STEPS)
        yield f"network-{clock}", page
    for step, at in (("enrol", 1), ("seal", 2), ("doctor", 5), ("start", 7)):
        lines = (_phrase("work.wait"),)
        yield f"work-{step}", Wizard(_phrase(f"work.{step}"), lines, done=at, total=STEPS)
    kept = (_phrase("failed.kept"),)
    for trouble in TROUBLES.split():
        heed, title = _phrase(f"enrol.{trouble}"), _phrase("enrol.not")
        page = Wizard(title, kept, heed=heed, choices=choices, done=1, total=STEPS)
        yield f"not-enrolled-{trouble}", page
    heed, title = _phrase("why", why=WHY), _phrase("failed")
    choices = ("retry", "stop")
    yield "failed", Wizard(title, kept, heed=heed, choices=choices, done=3, total=STEPS)
    for told in ("yes", "no"):
        lines, title = (_phrase(f"sealed.{told}"),), _phrase("enrolled")
        yield f"sealed-{told}", Wizard(title, lines, choices=("go",), done=2, total=STEPS)


def _doors() -> Iterator[tuple[str, s.Body]]:
    lines: tuple[Phrase, ...]
    choices: tuple[str, ...]
    title, choices = _phrase("commission"), ("go", "stop")
    lines = (_phrase("commission.empty"), _phrase("commission.shut"))
    yield "commission", Wizard(title, lines, choices=choices, done=3, total=STEPS)
    heed = _phrase("commission.not_yet")
    again = Wizard(title, heed=heed, choices=choices, done=3, total=STEPS)
    yield "commission-again", again


def _gear() -> Iterator[tuple[str, s.Body]]:
    lines: tuple[Phrase, ...]
    choices: tuple[str, ...]
    lines, choices = (_phrase("gear.scan_do"),), ("absent", "stop")
    title = _phrase("gear.scan")
    yield "scan", Wizard(title, lines, choices=choices, done=4, total=STEPS)
    for name in ("printer", "light", "sound"):
        lines, choices = (_phrase(f"gear.{name}_do"),), ("works", "fails", "retry", "absent")
        page = Wizard(_phrase(f"gear.{name}"), lines, choices=choices, done=4, total=STEPS)
        yield f"try-{name}", page
    title = _phrase("doctor")
    good = _phrase("doctor.well", n=41)
    yield "doctor-well", Wizard(title, good=good, choices=("go", "retry"), done=5, total=STEPS)
    words = "/dev/serial/…if00-port0 is not there: plug it…"
    names = ("port a", "board a/2", "strict_gpiod")
    lines = tuple(_phrase("doctor.line", name=name, words=words) for name in names)
    more, heed = _phrase("doctor.more", n=3), _phrase("doctor.bad", n=2)
    choices = ("retry", "go", "stop")
    page = Wizard(title, (*lines, more), heed=heed, choices=choices, done=5, total=STEPS)
    yield "doctor-bad", page


def _end() -> Iterator[tuple[str, s.Body]]:
    lines: tuple[Phrase, ...]
    file, read = _phrase("report.file", file="handover.txt"), _phrase("report.read")
    # Not a code that can be read: as dense as one, and the same at every painting.
    side = range(SIDE)
    rows = ["".join("01"[(x * x // 3 + y * y + x * y // 5) % 7 % 2] for x in side) for y in side]
    for told in ("printed", "unprinted"):
        lines = (file, read, _phrase(f"report.{told}"))
        title = _phrase("report", kiosk="bt01")
        yield f"report-{told}", Report(title, lines, tuple(rows), ("serve",))
    for told in ("yes", "anew", "no"):
        lines = (_phrase(f"started.{told}"),)
        page = Wizard(_phrase("started"), lines, choices=("finish",), done=1, total=1)
        yield f"started-{told}", page
