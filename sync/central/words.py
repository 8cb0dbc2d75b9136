"""A text in both languages. Vietnamese first: it is the one that counts."""

from __future__ import annotations

from typing import NamedTuple

LANGS = ("vi", "en")


class Words(NamedTuple):
    """The same thing said twice."""

    vi: str
    en: str

    def of(self, lang: str) -> str:
        """In one of `LANGS`."""
        return self.en if lang == "en" else self.vi

    def fill(self, **values: object) -> Words:
        """With `{name}` replaced in both."""
        return Words(self.vi.format(**values), self.en.format(**values))
