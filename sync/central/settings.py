"""Central's settings, its secrets, and where they come from.

The law of this file: one folder holds everything that is not said otherwise; what is missing there
is made once, with mode 0600. Whoever wants secrets elsewhere sets the environment names below.
"""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.calls import checked_url
from sync.central.database import read_url
from sync.central.people import PersonError, mobile
from sync.central.workdays import Workdays, WorkdaysError, load_workdays, shipped
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
from sync.transport import NotAllowedError

SECRET_NAME = "KIOSK_CENTRAL_SECRET"  # noqa: S105 - the name of it: 32 bytes, base64url
OFFICE_KEY_NAME = "KIOSK_CENTRAL_OFFICE_KEY"
DATABASE_NAME = "KIOSK_CENTRAL_DATABASE"  # goes before `database` in the file: it holds a password
POST_KEY_NAMES = {"sms": "KIOSK_CENTRAL_SMS_KEY", "rich": "KIOSK_CENTRAL_RICH_KEY"}
MOST_TECHNICIANS = 10
LEAST_OFFICE_KEY = 20  # characters
DEFAULT_PORT = 8474
SIGNER = "central.jwk"
NEXT = "central-next.jwk"
SPOOL, OFF = "spool", "off"  # ways for messages besides the address of a gateway
_TEXTS = ("name", "database", "host", *POST_KEY_NAMES)
_NUMBERS = {  # least and most
    "port": (0, 2**16 - 1),
    "reminder_hours": (4, 24 * 14),
    "give_up_hours": (1, 24 * 7),
    "rate_per_minute": (1, 10**6),
    "rate_burst": (1, 10**6),
}


class SettingsError(ValueError):
    """A setting cannot be used; the text names it and what is allowed."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where the messages of a channel go: `spool`, `off`, or the https address of a gateway."""

    to: str
    key: str = field(default="", repr=False)  # bearer key of the gateway


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that central must be told."""

    folder: Path  # keys, spool and, unless `database` is set, the database
    secret: bytes = field(repr=False)  # 32 bytes; what everything at rest is encrypted under
    office_key: str = field(repr=False)  # bearer key of the one-stop system
    signer: Key = field(repr=False)  # signs manifests
    next: Key | None = field(default=None, repr=False)  # will sign them: a rotation is under way
    name: str = "central"  # `iss` of manifests
    # postgresql://USER:PASSWORD@HOST/NAME, or sqlite:///PATH; "" is central.db in the folder
    database: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT  # 0: any free one
    workdays: Workdays = field(default_factory=shipped, repr=False)
    posts: Mapping[str, Way] = field(default_factory=lambda: {"sms": Way(SPOOL), "rich": Way(OFF)})
    reminder_hours: int = 24  # before the last full day of holding ends
    give_up_hours: int = 4  # of trying to send a message, before a person must phone
    rate_per_minute: int = 6000  # calls of one key of the office's door, per replica
    rate_burst: int = 1000
    technicians: tuple[str, ...] = field(default=(), repr=False)  # phones that hear of alarms

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

    `central.toml` there may set what docs/central.md lists; the environment goes before it.
    `holidays.toml` there replaces the one that is shipped.

    Raises:
        SettingsError, sync.keys.BadKeyError: a file or an environment name holds something else.
        OSError: the folder cannot be made or written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = Settings(
        folder=folder,
        secret=_secret(folder / "secret.jwk", environ),
        office_key=_office_key(folder / "office.key", environ),
        signer=_signer(folder / SIGNER),
        next=load_key(folder / NEXT, curve="Ed25519") if (folder / NEXT).exists() else None,
    )
    settings = _with_file(settings, folder / "central.toml", environ)
    try:
        settings = replace(settings, workdays=load_workdays(folder))
    except WorkdaysError as error:
        raise SettingsError(str(error)) from error
    if environ.get(DATABASE_NAME):
        settings = replace(settings, database=environ[DATABASE_NAME])
    try:
        read_url(settings.database_url())
    except ValueError as error:
        raise SettingsError(f"database ({DATABASE_NAME} or central.toml): {error}") from error
    return settings


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


def _with_file(settings: Settings, path: Path, environ: Mapping[str, str]) -> Settings:
    if not path.exists():
        return settings
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    technicians = _phones(path, raw.pop("alarms", {}))
    if strange := raw.keys() - {*_TEXTS, *_NUMBERS}:
        raise SettingsError(f"{path}: unknown: {', '.join(sorted(strange))}")
    for name in _TEXTS:
        if not isinstance(raw.get(name, ""), str):
            raise SettingsError(f"{path}: {name}: wanted a text")
    for name, (least, most) in _NUMBERS.items():
        number = raw.get(name, least)
        if type(number) is not int or not least <= number <= most:
            raise SettingsError(f"{path}: {name}: wanted {least} to {most}")
    ways = {name: raw.pop(name) for name in POST_KEY_NAMES if name in raw}
    posts = {name: _way(path, name, to, environ) for name, to in ways.items()}
    return replace(settings, **raw, posts={**settings.posts, **posts}, technicians=technicians)


def _phones(path: Path, alarms: object) -> tuple[str, ...]:
    """`to` of the table `alarms`."""
    wanted = f"{path}: alarms: wanted to = [phones], at most {MOST_TECHNICIANS}"
    if not isinstance(alarms, dict) or alarms.keys() - {"to"}:
        raise SettingsError(wanted)
    to = alarms.get("to", [])
    if not isinstance(to, list) or len(to) > MOST_TECHNICIANS:
        raise SettingsError(wanted)
    try:
        return tuple(dict.fromkeys(mobile(str(phone)) for phone in to))
    except PersonError as error:
        raise SettingsError(f"{path}: alarms: {error}") from error


def _way(path: Path, name: str, to: str, environ: Mapping[str, str]) -> Way:
    """`sms.key` or `rich.key` beside the file, or the environment, holds the gateway's key."""
    if to == SPOOL or (to == OFF and name != "sms"):
        return Way(to)
    try:
        url = checked_url(to)
    except NotAllowedError:
        # Its text is about another address, and ours may hold a password.
        raise SettingsError(f'{path}: {name}: wanted "{SPOOL}" or https://HOST/PATH') from None
    file = path.with_name(f"{name}.key")
    key = environ.get(POST_KEY_NAMES[name], "")
    if not key and file.exists():
        key = file.read_text(encoding="ascii").strip()
    if not key.isprintable() or not key.isascii() or not key:
        raise SettingsError(
            f"{name}: the gateway's key is missing: {POST_KEY_NAMES[name]} or {file}"
        )
    return Way(url, key)
