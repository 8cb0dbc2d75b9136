"""The central keys that a memory believes, as keys."""

from __future__ import annotations

from kiosk.core.memory import Memory
from kiosk.identity import Enrolment
from kiosk.journal_values import Damaged
from sync.envelopes import peek_statement
from sync.keys import SIGNING, Key, read_key


def central_keys(memory: Memory, enrolment: Enrolment) -> dict[str, Key]:
    """By key id; as enrolled until an accepted manifest has said so."""
    if not memory.central:
        return enrolment.central_keys
    names = [x for x in (memory.central, memory.announced) if x]
    keys = [read_key({"kty": "OKP", "crv": SIGNING, "x": x}, curve=SIGNING) for x in names]
    return {key.kid: key for key in keys}


def key_of(accepted: str | Damaged | None, enrolment: Enrolment) -> dict[str, Key]:
    """By key id, the key that signed what this statement accepted: for whoever folds no journal."""
    if not isinstance(accepted, str):
        return enrolment.central_keys
    stated = peek_statement(accepted).get("key")
    if stated is None:  # version 1.0 said nothing of keys
        return enrolment.central_keys
    key = read_key(stated, curve=SIGNING)
    return {key.kid: key}
