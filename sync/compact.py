"""Strict bytes: base64url without slack, JSON without ambiguity. JOSE leaves both open.

The law of this file: one text has one meaning, and one meaning has one text where it is hashed. No
padding, no stray characters or bits in base64url (RFC 4648 §3.5); no field twice, no NaN, no half
characters in JSON; texts are NFC. Everything refused is a ValueError whose text quotes nothing.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import NoReturn

_BASE64URL = re.compile(rb"[A-Za-z0-9_-]*")


def encode(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(segment: bytes) -> bytes:
    """The bytes behind base64url without padding.

    Raises:
        ValueError: another character, a length that cannot be, or bits left over.
    """
    if not _BASE64URL.fullmatch(segment):
        raise ValueError("not base64url")
    data = base64.urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))
    # A last character with bits left over would give the same bytes a second spelling.
    if segment and encode(data[-(len(data) % 3 or 3) :]) != _last_group(segment):
        raise ValueError("not canonical base64url")
    return data


def read_json(data: bytes) -> object:
    """A JSON value (RFC 8259, UTF-8); texts come out as NFC.

    Raises:
        ValueError: not JSON, a field twice, NaN, half a character, too deep, an endless number.
    """
    try:
        text = data.decode("utf-8")
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except UnicodeError:
        raise ValueError("not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON at character {error.pos}") from None
    except RecursionError:
        raise ValueError("nested too deep") from None


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def write_json(value: Mapping[str, object]) -> bytes:
    """JSON as it is signed: UTF-8, NFC, no blanks.

    Raises:
        ValueError, TypeError: we erred: not a JSON value.
    """
    text = _ENCODER.encode(value)
    # A quotation mark never composes, so the whole text may be normalised at once.
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).encode("utf-8")


def _last_group(segment: bytes) -> str:
    return segment[-(len(segment) % 4 or 4) :].decode("ascii")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = {_text(name): _whole(value) for name, value in pairs}
    if len(fields) != len(pairs):
        raise ValueError("a field stands twice")
    return fields


def _text(text: str) -> str:
    if text.isascii():
        return text
    text.encode("utf-8")  # refuses half a surrogate pair
    return unicodedata.normalize("NFC", text)


def _whole(value: object) -> object:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value


def _constant(_: str) -> NoReturn:
    raise ValueError("NaN or Infinity")
