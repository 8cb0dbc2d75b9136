"""Tables of `kiosk.toml`, read key by key: checked, explained, and nothing unknown let through.

Every key that is read says in one sentence what it is for. `docs/configuration.md` is made from what was
read, so that the page and the program cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import PlainError

MOST_TABLES = 255
_KIOSK = re.compile(r"[A-Za-z0-9_-]{1,64}")  # as it stands in a QR: without a dot


class ConfigError(PlainError):
    """The configuration cannot be used; nothing was started, no door moves."""


@dataclass(frozen=True, slots=True)
class KeyDoc:
    """One key as it was read: `table` is "" for the top, `[[…]]` tables carry no number."""

    table: str
    key: str
    allowed: str
    default: object  # None: the key has to be there
    help: str


Told = Callable[[KeyDoc], None]


def unheard(_doc: KeyDoc) -> None:
    """Nobody writes a page."""


class Table:
    """One table of the file, read key by key; `done` refuses what nobody asked for."""

    def __init__(self, path: Path, name: str, raw: object, told: Told = unheard) -> None:
        self.path, self._name, self._told = path, name, told
        if not isinstance(raw, dict):
            raise ConfigError(f"{path}: [{name}] is not a table")
        self._raw: Mapping[str, object] = raw
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._raw

    def error(self, key: str, allowed: str) -> ConfigError:
        """What to raise when the value of `key` is not among the `allowed`."""
        place = f"{self._name}.{key}" if self._name else key
        given = repr(self._raw[key])[:60] if key in self._raw else "missing"
        return ConfigError(f"{self.path}: {place}: {given}; allowed: {allowed}")

    def _get(self, key: str, default: object, allowed: str, help_: str) -> object:
        self._asked.add(key)
        self._told(KeyDoc(self._name.partition(" #")[0], key, allowed, default, help_))
        return self._raw.get(key, default)

    def text(self, key: str, help_: str, *, default: str | None = None) -> str:
        """A text that is not blank; with a default of "" it may be empty."""
        allowed = "a text in quotes"
        value = self._get(key, default, allowed, help_)
        if not isinstance(value, str) or (default != "" and not value.strip()):
            raise self.error(key, allowed)
        return value

    def kiosk(self, key: str, help_: str) -> str:
        """The id of a kiosk."""
        value = self.text(key, help_)
        if not _KIOSK.fullmatch(value):
            raise self.error(key, "1 to 64 letters, digits, - and _")
        return value

    def path_or_none(self, key: str, help_: str) -> Path | None:
        """A path beside the file; None when it is empty."""
        value = self.text(key, help_, default="")
        return self.path.parent / value if value else None

    def choice(
        self, key: str, options: tuple[str, ...], help_: str, *, default: str | None = None
    ) -> str:
        """One of a few words."""
        allowed = ", ".join(f'"{option}"' for option in options)
        value = self._get(key, default, allowed, help_)
        if not isinstance(value, str) or value not in options:
            raise self.error(key, allowed)
        return value

    def number(self, key: str, within: range, help_: str, *, default: int | None = None) -> int:
        """A whole number."""
        allowed = f"a whole number from {within.start} to {within.stop - 1}"
        value = self._get(key, default, allowed, help_)
        if not isinstance(value, int) or isinstance(value, bool) or value not in within:
            raise self.error(key, allowed)
        return value

    def pin(self, key: str, help_: str) -> int | None:
        """A GPIO line of the Pi's header; None when it is not there: not fitted."""
        allowed = "a whole number from 0 to 27"
        value = self._get(key, "not fitted", allowed, help_)
        if value == "not fitted" and key not in self._raw:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value not in range(28):
            raise self.error(key, allowed)
        return value

    def numbers(self, key: str, within: range, help_: str, *, default: list[int]) -> list[int]:
        """As many whole numbers as the default has."""
        allowed = (
            f"{len(default)} whole numbers in brackets, from {within.start} to {within.stop - 1}"
        )
        value = self._get(key, default, allowed, help_)
        if not isinstance(value, list) or len(value) != len(default):
            raise self.error(key, allowed)
        if not all(type(v) is int and v in within for v in value):
            raise self.error(key, allowed)
        return value

    def flag(self, key: str, help_: str, *, default: bool) -> bool:
        """True or false."""
        value = self._get(key, default, "true, false", help_)
        if not isinstance(value, bool):
            raise self.error(key, "true, false")
        return value

    def table(self, key: str) -> Table:
        """The table `[key]`, empty when it is not there."""
        self._asked.add(key)
        return Table(self.path, key, self._raw.get(key, {}), self._told)

    def tables(self, key: str) -> list[Table]:
        """Every `[[key]]`, in order."""
        self._asked.add(key)
        value = self._raw.get(key, [])
        if not isinstance(value, list) or len(value) > MOST_TABLES:
            raise self.error(key, f"at most {MOST_TABLES} tables [[{key}]]")
        return [Table(self.path, f"{key} #{i}", v, self._told) for i, v in enumerate(value, 1)]

    def done(self) -> None:
        """Refuse keys that nobody asked for: a typing mistake must not go unnoticed."""
        unknown = sorted(set(self._raw) - self._asked)
        if unknown:
            known = ", ".join(sorted(self._asked))
            raise self.error(unknown[0], f"this key is not known here; known: {known}")
