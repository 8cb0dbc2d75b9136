"""One decoded JSON object, read field by field with errors that name the place. Standard library only.

The law of this file: what is not asked for is passed over, what is asked for is there and has its form.
`docs/protocol_forms.py` puts another class in the place of `Fields`, which notes what was asked for: so the
JSON Schemas say what the reader does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sync.messages import SchemaError

LONGEST_UP_S = 10**10
LARGEST = 2**53  # what every JSON reader takes for a whole number
PLAIN = r"[^\x00-\x1f]{0,400}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z"
_TIME = re.compile(TIME, re.ASCII)


def wall_ms(text: str) -> int:
    """Milliseconds since the Unix epoch from an RFC 3339 UTC time.

    Raises:
        SchemaError: not such a time.
    """
    if not _TIME.fullmatch(text):
        raise SchemaError(f"not an RFC 3339 UTC time: {text[:40]!r}")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SchemaError(f"no such time: {text!r}") from error
    return int(moment.replace(microsecond=0).timestamp()) * 1000 + moment.microsecond // 1000


class Fields:
    """One object. Everything that reads a field raises SchemaError when it is missing or misshapen."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            raise SchemaError(f"{where} is not an object")
        self._raw: dict[str, object] = raw
        self._where = where

    def items(self) -> list[tuple[str, object]]:
        """Everything that is there, known or not."""
        return list(self._raw.items())

    def has(self, name: str) -> bool:
        """Whether an optional field is there; `null` is not."""
        return self._raw.get(name) is not None

    def get(self, name: str) -> object:
        """Whatever it is."""
        if name not in self._raw:
            raise SchemaError(f"{self._where}.{name} is missing")
        return self._raw[name]

    def text(self, name: str, pattern: str = PLAIN) -> str:
        """A text that the whole of `pattern` fits; classes of characters mean ASCII."""
        value = self.get(name)
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII | re.DOTALL):
            raise SchemaError(f"{self._where}.{name} has another form")
        return value

    def number(self, name: str, low: int, high: int = LARGEST) -> int:
        """A whole number."""
        value = self.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise SchemaError(f"{self._where}.{name} is not a whole number from {low} to {high}")
        return value

    def seconds(self, name: str) -> int:
        """Milliseconds from a number of seconds."""
        value = self.get(name)
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or not 0 <= value < LONGEST_UP_S
        ):
            raise SchemaError(f"{self._where}.{name} is not a number of seconds")
        return round(value * 1000)

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.get(name)
        if not isinstance(value, bool):
            raise SchemaError(f"{self._where}.{name} is not true or false")
        return value

    def time(self, name: str) -> int:
        """Milliseconds since the Unix epoch."""
        return wall_ms(self.text(name))

    def inner(self, name: str) -> Fields:
        """An object within this one."""
        return Fields(self.get(name), f"{self._where}.{name}")

    def each(self, name: str, most: int) -> Sequence[Fields]:
        """A list of objects."""
        return [
            Fields(v, f"{self._where}.{name}[{i}]") for i, v in enumerate(self.list(name, most))
        ]

    def texts(self, name: str, most: int, pattern: str) -> tuple[str, ...]:
        """A list of texts, each as in `text`."""
        values = self.list(name, most)
        for value in values:
            if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
                raise SchemaError(f"{self._where}.{name} holds something of another form")
        return tuple(str(v) for v in values)

    def list(self, name: str, most: int) -> Sequence[object]:
        """A list of anything."""
        value = self.get(name)
        if not isinstance(value, list) or len(value) > most:
            raise SchemaError(f"{self._where}.{name} is not a list of at most {most}")
        return value
