"""What the guided start shows, as values: one page for terminal and touchscreen alike. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kiosk.commission.show import short
from kiosk.doctor.findings import Finding, Level
from kiosk.setup.steps import WORK, Facts, Step, done
from ui.service_screens import Phrase, Wizard
from ui.setup_screens import Report, Typing

STOP = "stop"
LONGEST_WORD = 28  # characters: what a line of large text holds
MOST_SHOWN = 3  # findings on the screen
SPENT = frozenset({"enrolment-code", "invalid", "other_kiosk", "other_central"})  # another code
NOT_ENROLLED = SPENT | {"slow-down", "stamp", "down", "strange"}
LONGEST = 48  # characters of a finding's words on the screen; the report has all


def phrase(key: str, **facts: str | int) -> Phrase:
    """A text of the guided start with its facts."""
    return Phrase(f"setup.{key}", tuple(facts.items()))


def at(page: Wizard, step: Step) -> Wizard:
    """The page with the bar of the whole work."""
    ahead = WORK.index(step) if step in WORK else 0
    return replace(page, done=ahead, total=len(WORK))


def welcome(facts: Facts) -> Wizard:
    """What is ahead, or what is left after a break."""
    ready = done(facts)
    lines = [phrase("welcome.hour"), phrase("welcome.need"), phrase("welcome.cut")]
    if ready:
        left = [step for step in WORK if step not in ready]
        lines = [phrase("welcome.on", done=len(ready), total=len(WORK)), phrase("welcome.cut")]
        lines.insert(1, phrase(f"step.{left[0]}"))
    title = phrase("welcome.again" if ready else "welcome")
    page = Wizard(title, tuple(lines), choices=("go", STOP))
    return replace(page, done=len(ready), total=len(WORK)) if ready else page


def wants_letter(heed: Phrase | None, *, again: bool) -> Typing:
    """The enrolment code: scanned, from a stick, or typed."""
    lines = (phrase("letter.again"),) if again else ()
    lines = (*lines, phrase("letter.how"), phrase("letter.file"))
    step = WORK.index(Step.LETTER)
    choices = ("stick", STOP)
    return Typing(
        phrase("letter"), lines, heed, choices=choices, keys=False, done=step, total=len(WORK)
    )


def wants_fact(name: str, heed: Phrase | None = None) -> Typing:
    """What the letter did not say: url, kiosk, unit or address."""
    step = WORK.index(Step.LETTER)
    lines = (phrase(f"fact.{name}_how"),)
    title = phrase(f"fact.{name}")
    return Typing(title, lines, heed, choices=(STOP,), done=step, total=len(WORK))


def identity(kiosk: str, unit: str, address: str, url: str) -> Wizard:
    """Which kiosk this is going to be, to be confirmed."""
    lines = (
        phrase("is.kiosk", kiosk=kiosk, unit=unit),
        phrase("is.address", address=address),
        phrase("is.url", url=url),
    )
    return at(Wizard(phrase("is"), lines, choices=("go", "other_code", STOP)), Step.LETTER)


def network(clock: str, heed: Phrase) -> Wizard:
    """Central does not answer: what was seen, and the clock, which TLS needs."""
    lines = (phrase(f"clock.{clock}"), phrase("network.os"))
    page = Wizard(phrase("network"), lines, heed=heed, choices=("retry", "other_code", STOP))
    return at(page, Step.ENROL)


def working(step: Step) -> Wizard:
    """It takes a moment; nothing is asked."""
    return at(Wizard(phrase(f"work.{step}"), (phrase("work.wait"),)), step)


def failed(step: Step, why: str) -> Wizard:
    """Something stands against it; the words are the program's own."""
    lines, heed = (phrase("failed.kept"),), phrase("why", why=legible(why))
    return at(Wizard(phrase("failed"), lines, heed=heed, choices=("retry", STOP)), step)


def not_enrolled(word: str, why: str) -> Wizard:
    """Central, or what stands in its place, did not enter this kiosk."""
    heed = phrase(f"enrol.{word}") if word in NOT_ENROLLED else phrase("why", why=legible(why))
    choices = ("other_code", "retry", STOP) if word in SPENT else ("retry", "other_code", STOP)
    lines = (phrase("failed.kept"),)
    return at(Wizard(phrase("enrol.not"), lines, heed=heed, choices=choices), Step.ENROL)


def sealed(*, sealed: bool) -> Wizard:
    """Where the keys are now."""
    line = phrase("sealed.yes" if sealed else "sealed.no")
    page = Wizard(phrase("enrolled"), (line,), choices=("go",))
    return at(page, Step.SEAL)


def commission() -> Wizard:
    """Before the round of the doors."""
    lines = (phrase("commission.empty"), phrase("commission.shut"))
    return at(Wizard(phrase("commission"), lines, choices=("go", STOP)), Step.COMMISSION)


def commission_again() -> Wizard:
    """The round ended without a verdict, or with the wrong one."""
    heed = phrase("commission.not_yet")
    return at(Wizard(phrase("commission"), (), heed=heed, choices=("go", STOP)), Step.COMMISSION)


def scan(heed: Phrase | None = None) -> Wizard:
    """Hold any QR code before the scanner."""
    lines = (phrase("gear.scan_do"),)
    return at(Wizard(phrase("gear.scan"), lines, heed=heed, choices=("absent", STOP)), Step.GEAR)


def asks(name: str) -> Wizard:
    """Whether a person saw or heard it. `name`: printer, light, sound."""
    lines = (phrase(f"gear.{name}_do"),)
    choices = ("works", "fails", "retry", "absent")
    return at(Wizard(phrase(f"gear.{name}"), lines, choices=choices), Step.GEAR)


def doctor(findings: Sequence[Finding]) -> Wizard:
    """What the doctor found wrong, the worst first; all of it stands in the report."""
    bad = [one for one in findings if one.level is Level.FAILED]
    care = [one for one in findings if one.level is Level.WARNING]
    shown = [*bad, *care]
    lines = [
        phrase("doctor.line", name=one.name, words=_cut(one.words)) for one in shown[:MOST_SHOWN]
    ]
    if len(shown) > len(lines):
        lines.append(phrase("doctor.more", n=len(shown) - len(lines)))
    if not shown:
        good = phrase("doctor.well", n=len(findings))
        return at(Wizard(phrase("doctor"), good=good, choices=("go", "retry")), Step.DOCTOR)
    heed = phrase("doctor.bad", n=len(bad)) if bad else None
    choices = ("retry", "go", STOP) if bad else ("go", "retry", STOP)
    page = Wizard(phrase("doctor"), tuple(lines), heed=heed, choices=choices)
    return at(page, Step.DOCTOR)


def report(kiosk: str, file: Path, pattern: tuple[str, ...], *, printed: bool | None) -> Report:
    """The end: read it off, then the kiosk begins to serve."""
    lines = [phrase("report.file", file=short(file)), phrase("report.read")]
    if printed is not None:
        lines.append(phrase("report.printed" if printed else "report.unprinted"))
    return Report(phrase("report", kiosk=kiosk), tuple(lines), pattern, ("serve",))


def started(*, services: bool, anew: bool = False) -> Wizard:
    """The last words. `anew`: the machine starts anew first, for its boot files."""
    line = phrase(f"started.{'anew' if anew else 'yes'}" if services else "started.no")
    return Wizard(phrase("started"), (line,), choices=("finish",), done=1, total=1)


def legible(why: str) -> str:
    """The program's words without what no line can hold: of a long path the ends."""
    return " ".join(_ends(word) if len(word) > LONGEST_WORD else word for word in why.split())


def _ends(word: str) -> str:
    half = (LONGEST_WORD - 1) // 2
    return f"{word[:half]}…{word[-half:]}"


def _cut(words: str) -> str:
    """The beginning."""
    words = legible(words)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
