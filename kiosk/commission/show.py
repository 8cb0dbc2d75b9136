"""From a round to what a person reads: one `Wizard` body for terminal and touchscreen alike. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kiosk.commission.findings import Finding, Judged
from kiosk.commission.state import State, Step, Trouble
from kiosk.commission.wizard import offered
from ui.service_screens import WIZARD_LINES, Phrase, Wizard
from ui.texts.say import Say

LONGEST_NAME = 32  # characters of a port or file; of longer ones the ends are shown


def phrase(key: str, **facts: str | int) -> Phrase:
    """A text of the wizard with its facts."""
    return Phrase(f"wizard.{key}", tuple(facts.items()))


def said(phrase: Phrase, say: Say) -> str:
    """A phrase in the language of `say`."""
    return say(phrase.key, **dict(phrase.facts))


def short(path: Path | str) -> str:
    """The last part of a path, cut in its middle when it is long."""
    name = Path(path).name
    if len(name) <= LONGEST_NAME:
        return name
    half = (LONGEST_NAME - 1) // 2
    return f"{name[:half]}…{name[-half:]}"


def page(state: State) -> Wizard:
    """Where the round is, what was seen, what can be answered."""
    channel = state.channel
    choices = tuple(str(choice) for choice in offered(state))
    done, total = len(state.found), len(state.plan.pulsed)
    if state.step is Step.BEGIN or channel is None:
        return Wizard(phrase("begin"), _begin(state), None, None, None, choices, done, total)
    name, heed = channel.name, _heed(state)
    lines: tuple[Phrase, ...] = ()
    match state.step:
        case Step.ASK:
            good = None
            if heed is None and state.changed_here() == channel.virtual:
                good = _seen(state)
            elif heed is None:
                heed = _seen(state)
            title = phrase("ask", name=name)
            return Wizard(title, (), good, heed, "", choices, done, total)
        case Step.SHUT:
            title = phrase("shut", n=state.number)
            if not state.contact:
                blind = phrase("shut_blind")
                return Wizard(title, (), None, blind, None, choices, done, total)
            lines = (phrase("shut_do"),)
            return Wizard(title, lines, None, None, None, choices, done, total)
        case _:
            doing = "watch_do" if state.step is Step.WATCH else "rest_do"
            lines = () if heed else (phrase(doing),)
            title = phrase("channel", name=name)
            return Wizard(title, lines, None, heed, None, choices, done, total)


def _begin(state: State) -> tuple[Phrase, ...]:
    lines = [phrase("begin_do", n=len(state.plan.pulsed))]
    if state.found:
        total = len(state.plan.pulsed)
        lines.append(phrase("begin_on", done=len(state.found), total=total))
    if state.plan.occupied:
        lines.append(phrase("begin_kept", numbers=listed(state.plan.occupied)))
    return tuple(lines)


def _seen(state: State) -> Phrase:
    contact, channel = state.changed_here(), state.channel
    if not contact or channel is None or state.pulsed_ms is None:
        return phrase("unseen")
    ms = state.moved[contact] - state.pulsed_ms
    if contact == channel.virtual:
        return phrase("seen", ms=ms)
    return phrase("seen_other", other=state.plan.candidate(contact).name, ms=ms)


def _heed(state: State) -> Phrase | None:
    if state.trouble is Trouble.NONE:
        return None
    channel = state.channel
    own = channel.name if channel is not None else ""
    other = state.on_channel(state.told)
    name = other if state.trouble is Trouble.DUPLICATE else own
    return phrase(state.trouble, name=name, n=state.told)


def listed(numbers: Iterable[int]) -> str:
    """1, 2, 3."""
    return ", ".join(str(number) for number in sorted(numbers))


def found(finding: Finding) -> Phrase:
    """One finding in words."""
    facts = (
        ("n", finding.number),
        ("name", finding.name),
        ("other", finding.other),
        ("ms", finding.ms),
    )
    return Phrase(f"found.{finding.kind}", facts)


def result(judged: Judged, files: tuple[Phrase, ...]) -> Wizard:
    """The end: all is well, or what is not."""
    done = len(judged.doors)
    findings = [found(finding) for finding in judged.findings]
    room = WIZARD_LINES - len(files)
    if len(findings) > room:
        more = len(findings) - room + 1
        findings = [*findings[: room - 1], phrase("more", n=more)]
    title = phrase("passed", n=done) if judged.may_go_live else phrase("failed")
    return Wizard(title, (*findings, *files), choices=("finish",), done=1, total=1)
