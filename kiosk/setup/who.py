"""Who this kiosk is: the enrolment letter, kiosk.toml, and the keys that central enters.

The law of this file: kiosk.toml is on the disk before the code is spent, and a file that somebody wrote by
hand is never written over by less than a whole letter. The code itself is kept nowhere.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk import enroll_code
from kiosk.commission.session import STOP, Answer, Console, Text, ask
from kiosk.config import Config
from kiosk.setup import pages
from kiosk.setup.pages import phrase
from kiosk.setup.place import MODE, Place
from sync import enrolment
from sync.calls import PROBLEM, Call, CallError, Calls, Stamp, checked_url
from sync.enrolment import CodeError
from sync.enrolment_letter import MOST_FACT, NAMES, Letter, read_letter
from sync.keys import new_signing_key, sync_folder
from sync.transport import NotAllowedError, Way
from ui.service_screens import Phrase

SYNC_USER = "kiosk-sync"
ANSWER_S = 10.0
_KIOSK = re.compile(r"[A-Za-z0-9_-]{1,64}")
Sources = Callable[[], Answer | None]  # scanners that are no keyboards


@dataclass(frozen=True, slots=True)
class Stick:
    """What lay on the sticks that are plugged in: the enrolment letters in their files."""

    letters: tuple[str, ...]


Sticks = Callable[[], Stick]


def ask_letter(
    console: Console, known: Config | None, scanned: Sources, sticks: Sticks, *, again: bool
) -> Letter | None:
    """A letter that says everything, after questions if need be; None: stopped.

    `known`: a kiosk.toml that is there already fills in for what a bare code does not say.
    """
    heed: Phrase | None = None
    while True:
        answer = ask(console, pages.wants_letter(heed, again=again), scanned)
        if answer == STOP:
            return None
        read = _letter(answer, sticks)
        if isinstance(read, Phrase):
            heed = read
            continue
        letter = _completed(console, _filled(read, known))
        if letter is None:
            return None
        page = pages.identity(letter.kiosk, letter.unit, letter.address, letter.url)
        answer = ask(console, page)
        if answer == STOP:
            return None
        if answer == "go":
            return letter
        heed, known = None, None


def _letter(answer: Answer, sticks: Sticks) -> Letter | Phrase:
    """What was typed, scanned or lies on a stick; a phrase says why not."""
    if isinstance(answer, Text):
        typed = answer.text[max(0, answer.text.rfind("HE1.")) :]  # a scan beside what was typed
        try:
            return read_letter(typed)
        except CodeError:
            return phrase("letter.wrong")
    found = set(sticks().letters)
    if not found:
        return phrase("letter.none")
    if len(found) > 1:
        return phrase("letter.many")
    try:
        return read_letter(found.pop())
    except CodeError:
        return phrase("letter.wrong")


def _filled(letter: Letter, known: Config | None) -> Letter:
    if known is None:
        return letter
    return replace(
        letter,
        url=letter.url or known.central_url,
        kiosk=letter.kiosk or known.kiosk,
        unit=letter.unit or known.unit,
        address=letter.address or known.address,
    )


def _completed(console: Console, letter: Letter) -> Letter | None:
    """Ask for each fact that is missing or cannot be used."""
    for name, good in _CHECKS.items():
        heed: Phrase | None = phrase(f"fact.{name}_wrong") if getattr(letter, name) else None
        while not good(getattr(letter, name)):
            answer = ask(console, pages.wants_fact(name, heed))
            if not isinstance(answer, Text):
                return None
            heed = phrase(f"fact.{name}_wrong")
            if good(answer.text.strip()):
                letter = _with(letter, name, answer.text.strip())
    return letter


def _with(letter: Letter, name: str, fact: str) -> Letter:
    facts = {known: getattr(letter, known) for known in NAMES} | {name: fact}
    return Letter(letter.code, **facts)


def _address_of_central(text: str) -> bool:
    try:
        checked_url(text)
    except NotAllowedError:
        return False
    return True


def _words(text: str) -> bool:
    return 0 < len(text) <= MOST_FACT and text.isprintable()


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "url": _address_of_central,
    "kiosk": lambda text: _KIOSK.fullmatch(text) is not None,
    "unit": _words,
    "address": _words,
}


def write_config(place: Place, letter: Letter) -> None:
    """kiosk.toml, whole or not at all. OSError: it is as it was."""
    hotline = {"hotline": letter.hotline} if letter.hotline else {}
    top = {"kiosk": letter.kiosk, "unit": letter.unit, "address": letter.address, **hotline}
    central = {"url": letter.url} | ({"sync_user": SYNC_USER} if place.systemctl else {})
    lines = [_line(*pair) for pair in top.items()]
    lines += [place.extra] if place.extra else []
    lines += ["", "[central]", *(_line(*pair) for pair in central.items())]
    lines += ["", "[screen]", _line("fullscreen", place.fullscreen)]
    if place.screen is not None:
        lines += [_line(*pair) for pair in zip(("width", "height"), place.screen, strict=True)]
    keep_text(place.config, "\n".join(lines) + "\n", MODE)


def keep_text(to: Path, text: str, mode: int) -> None:
    """On the disk, whole, before it has its name. OSError: what was there is as it was."""
    part = to.with_name(f".{to.name}.part")
    with part.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.chmod(mode)
    part.replace(to)
    sync_folder(to.parent)


def _line(key: str, value: str | int) -> str:
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def says(known: Config | None, letter: Letter) -> bool:
    """Whether kiosk.toml says what the letter says, so that it need not be written."""
    if known is None:
        return False
    told = (known.central_url, known.kiosk, known.unit, known.address)
    return told == (letter.url, letter.kiosk, letter.unit, letter.address)


def reached(config: Config) -> Phrase | None:
    """Ask central whether it is there; None: it is. The phrase says what came instead."""
    try:
        way = Way(config.central_ca, config.central_proxy)
        calls = Calls(config.central_url, new_signing_key(), way, Stamp(), ANSWER_S)
        answer = calls.make(Call("GET", enrolment.PATH))  # refused by any central, in its own form
    except (NotAllowedError, CallError) as error:
        strange = isinstance(error, CallError) and error.kind == "strange"
        return phrase("network.strange" if strange else "network.down")
    return None if answer.media == PROBLEM else phrase("network.strange")


def enrol(config: Config, letter: Letter) -> None:
    """Keys made and entered; begun again with the same code it goes on where it was.

    Raises:
        IdentityError: not enrolled, and why.
    """
    enroll_code.enroll(config, config.central_url, letter.code.text)


def interrupted(config: Config | None) -> bool:
    """Whether keys lie there that wait for central's answer to a code."""
    if config is None or not config.keys.is_dir():
        return False
    return any(config.keys.glob(f"{enroll_code.PENDING}*"))
