"""What central keeps encrypted at rest: secrets, phones, names (promise 10).

The law of this file: AES-256-GCM under one key that is not in the database, a fresh nonce each
time, and the place (table, row) as associated data, so that a value copied to another row does not
open.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.compact import decode, encode, read_json, write_json

NONCE_BYTES = 12


class VaultError(Exception):
    """A sealed value does not open: another key, or the row was altered."""


class Vault:
    """Seals small JSON objects for one place each."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, place: str, value: dict[str, object]) -> str:
        """The value as text for the database."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return encode(nonce + self._cipher.encrypt(nonce, write_json(value), place.encode()))

    def open(self, place: str, sealed: str) -> dict[str, object]:
        """What `seal` was given for the same place.

        Raises:
            VaultError: sealed elsewhere, with another key, or altered.
        """
        try:
            raw = decode(sealed.encode("ascii"))
            plain = self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
            value = read_json(plain)
        except (InvalidTag, ValueError) as error:
            raise VaultError(f"{place}: does not open with this central's secret") from error
        assert isinstance(value, dict), "only objects are sealed"
        return value
