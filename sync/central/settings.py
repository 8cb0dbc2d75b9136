"""Central's settings, its secrets, and where they come from.

The law of this file: one folder holds everything that is not said otherwise; what is missing there
is made once, with mode 0600. Whoever wants secrets elsewhere sets the two environment names below.
"""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.compact import decode
from sync.keys import (
    STAMP_SECRET_BYTES,
    Key,
    load_key,
    load_secret,
    new_signing_key,
    new_stamp_secret,
    save_key,
    save_secret,
)

SECRET_NAME = "KIOSK_CENTRAL_SECRET"  # noqa: S105 - the name of it: 32 bytes, base64url
OFFICE_KEY_NAME = "KIOSK_CENTRAL_OFFICE_KEY"
LEAST_OFFICE_KEY = 20  # characters
DEFAULT_PORT = 8474
_TEXTS = ("name", "database", "host")


class SettingsError(ValueError):
    """A setting cannot be used; the text names it and what is allowed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that central must be told."""

    folder: Path  # keys, spool and, unless `database` is set, the database
    secret: bytes = field(repr=False)  # 32 bytes; what everything at rest is encrypted under
    office_key: str = field(repr=False)  # bearer key of the one-stop system
    signer: Key = field(repr=False)  # signs manifests
    name: str = "central"  # `iss` of manifests
    database: str = ""  # SQLAlchemy URL; "" is central.db in the folder
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT  # 0: any free one

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose, different from those for any other."""
        return HKDF(SHA256(), 32, salt=None, info=f"hoso-central {purpose}".encode()).derive(
            self.secret
        )

    def database_url(self) -> str:
        """Where the tables are."""
        return self.database or f"sqlite:///{self.folder / 'central.db'}"


def load_settings(folder: Path, environ: Mapping[str, str]) -> Settings:
    """Settings from a folder; it is made, with new keys, when it is not there yet.

    `central.toml` there may set name, database, host and port.

    Raises:
        SettingsError, sync.keys.BadKeyError: a file or an environment name holds something else.
        OSError: the folder cannot be made or written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = Settings(
        folder=folder,
        secret=_secret(folder / "secret.jwk", environ),
        office_key=_office_key(folder / "office.key", environ),
        signer=_signer(folder / "central.jwk"),
    )
    return _with_file(settings, folder / "central.toml")


def _secret(path: Path, environ: Mapping[str, str]) -> bytes:
    if text := environ.get(SECRET_NAME):
        try:
            secret = decode(text.encode())
        except ValueError:
            secret = b""
        if len(secret) != STAMP_SECRET_BYTES:
            raise SettingsError(f"{SECRET_NAME}: wanted {STAMP_SECRET_BYTES} bytes as base64url")
        return secret
    if not path.exists():
        save_secret(path, new_stamp_secret())
    return load_secret(path)


def _office_key(path: Path, environ: Mapping[str, str]) -> str:
    key = environ.get(OFFICE_KEY_NAME, "")
    if not key:
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32) + "\n", encoding="ascii")
        key = path.read_text(encoding="ascii").strip()
    if len(key) < LEAST_OFFICE_KEY:
        raise SettingsError(f"the office key has under {LEAST_OFFICE_KEY} characters: {path}")
    return key


def _signer(path: Path) -> Key:
    if not path.exists():
        save_key(path, new_signing_key())
    return load_key(path, curve="Ed25519")


def _with_file(settings: Settings, path: Path) -> Settings:
    if not path.exists():
        return settings
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    if strange := raw.keys() - {*_TEXTS, "port"}:
        raise SettingsError(f"{path}: unknown: {', '.join(sorted(strange))}")
    for name in _TEXTS:
        if not isinstance(raw.get(name, ""), str):
            raise SettingsError(f"{path}: {name}: wanted a text")
    port = raw.get("port", 0)
    if not isinstance(port, int) or not 0 <= port < 2**16:
        raise SettingsError(f"{path}: port: wanted 0 to 65535")
    return replace(settings, **raw)
