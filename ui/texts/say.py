"""Looking texts up: one key, one text per language, with the facts filled in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from ui.texts.en import EN
from ui.texts.vi import VI

LANGUAGES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({"vi": VI, "en": EN})
FALLBACK: Final = "vi"
TIE: Final = "~"  # written in the texts for what follows
NO_BREAK: Final = "\u00a0"  # binds two words to one line
FACT_MAX = 160  # characters of a fact from outside, such as an address


def nfc(text: str) -> str:
    """One form for every text, whoever typed it."""
    return unicodedata.normalize("NFC", text)


class Say:
    """The texts of one language; an unknown language speaks Vietnamese."""

    def __init__(self, lang: str) -> None:
        self._texts = LANGUAGES.get(lang, LANGUAGES[FALLBACK])

    def __call__(self, key: str, **facts: object) -> str:
        """The text for `key`, its ties made no-break spaces; facts that no screen can hold are cut."""
        text = self._texts[key].replace(TIE, NO_BREAK)
        return nfc(text.format(**{name: _fact(facts[name]) for name in facts}))

    def knows(self, key: str) -> bool:
        """Whether there is a text for `key`, which came from outside."""
        return key in self._texts

    def fault(self, what: str) -> str:
        """A fault in words: `stuck:7` is compartment 7 stuck; one that is not known stays as it is."""
        name, _, number = what.partition(":")
        key = f"fault.{name}"
        return self(key, n=number) if self.knows(key) else what

    def clock(self, at: datetime) -> str:
        """For the header: 22:04."""
        return f"{at.hour:02}:{at.minute:02}"

    def date(self, at: datetime) -> str:
        """For the header: thứ Bảy 21/11/2026."""
        return self("time.date", weekday=self(f"weekday.{at.weekday()}"), date=_date(at))

    def stamp(self, at: datetime) -> str:
        """In a list: 22:04 21/11."""
        return f"{self.clock(at)} {at.day:02}/{at.month:02}".replace(" ", NO_BREAK)

    def hour(self, at: datetime) -> str:
        """Within a sentence: 22 giờ 06."""
        text = self("time.hour", hour=at.hour, minute=f"{at.minute:02}")
        return text.replace(" ", NO_BREAK)

    def moment(self, at: datetime) -> str:
        """Within a sentence: 22 giờ 06, 21/11/2026."""
        return self("time.moment", time=self.hour(at), date=_date(at))


def _date(at: datetime) -> str:
    return f"{at.day:02}/{at.month:02}/{at.year}"


def _fact(fact: object) -> str:
    text = str(fact)
    return text if len(text) <= FACT_MAX else text[: FACT_MAX - 1] + "…"
