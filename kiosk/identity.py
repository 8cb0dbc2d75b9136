"""Who this kiosk is: its keys and what central answered at enrolment, as files of mode 0600.

In service systemd hands each process only its own keys (DESIGN §3); here every key is its own file, so that
a process opens no more than it needs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.errors import PlainError
from sync.keys import (
    OPENING,
    PRIVATE_MODE,
    SIGNING,
    BadKeyError,
    Curve,
    Key,
    kid,
    load_key,
    new_opening_key,
    new_signing_key,
    public_jwk,
    read_key,
    save_key,
    write_whole,
)

STATEMENT = "statement.jwk"
MANIFEST = "manifest.jwk"
TRANSPORT = "transport.jwk"
CENTRAL = "central.jwk"
ENROLMENT = "enrolment.json"
ENROLLED = "enrolled"  # a new identity that is to take the place of the one beside it


class IdentityError(PlainError):
    """Keys or enrolment are missing or damaged; nothing was started, no door moves."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What central gave this kiosk: its epoch and the key that signs manifests."""

    kiosk: str
    epoch: int
    central: Key
    code: str = ""  # hash of the enrolment code that was used; "": keys were exchanged as files
    next: Key | None = None  # announced at enrolment: it will sign after `central`

    @property
    def central_keys(self) -> dict[str, Key]:
        """Keys whose manifests are believed before a first one has said so, by key id."""
        keys = [self.central] if self.next is None else [self.central, self.next]
        return {kid(key): key for key in keys}


@dataclass(frozen=True, slots=True)
class RunKeys:
    """What `kiosk run` holds: it signs statements and opens manifests."""

    statement: Key = field(repr=False)
    manifest: Key = field(repr=False)


def make(folder: Path) -> None:
    """Make the three keys of a kiosk where they are missing; existing ones are never overwritten.

    Raises:
        IdentityError: the folder cannot be made or written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, new in (
            (STATEMENT, new_signing_key),
            (MANIFEST, new_opening_key),
            (TRANSPORT, new_signing_key),
        ):
            if not (folder / name).exists():
                save_key(folder / name, new())
    except OSError as error:
        raise IdentityError(f"{folder}: keys cannot be kept there: {error.strerror}") from error


def keep_enrolment(folder: Path, enrolment: Enrolment) -> None:
    """Write central's answer beside the keys.

    Raises:
        IdentityError: there is no such folder, or it cannot be written.
    """
    fields: dict[str, object] = {"kiosk": enrolment.kiosk, "epoch": enrolment.epoch}
    fields |= {"code": enrolment.code} if enrolment.code else {}
    fields |= {"next": public_jwk(enrolment.next)} if enrolment.next else {}
    text = json.dumps(fields)
    try:
        save_key(folder / CENTRAL, enrolment.central)
        write_whole(folder / ENROLMENT, text, PRIVATE_MODE)
    except OSError as error:
        raise IdentityError(f"{folder}: cannot be written: {error.strerror}") from error


def enrolment(folder: Path) -> Enrolment:
    """Central's answer.

    Raises:
        IdentityError: this kiosk was never enrolled, only half, or the files are damaged.
    """
    whole(folder)
    try:
        raw = json.loads((folder / ENROLMENT).read_text(encoding="utf-8"))
        central = load_key(folder / CENTRAL, curve=SIGNING)
        code = str(raw.get("code", ""))
        announced = read_key(raw["next"], curve=SIGNING) if "next" in raw else None
        return Enrolment(str(raw["kiosk"]), int(raw["epoch"]), central, code, announced)
    except FileNotFoundError as error:
        raise IdentityError(f"{error.filename}: missing; this kiosk is not enrolled") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BadKeyError) as error:
        raise IdentityError(f"{folder / ENROLMENT}: {error}; enrol this kiosk again") from error


def whole(folder: Path) -> None:
    """Whether the files in this folder belong together.

    Raises:
        IdentityError: an enrolment was interrupted while it took the place of the one before.
    """
    if (folder / ENROLLED).exists():
        raise IdentityError(
            f"{folder}: an enrolment was interrupted; run the same `kiosk enroll` again"
        )


def run_keys(folder: Path) -> RunKeys:
    """The keys of `kiosk run`.

    Raises:
        IdentityError: one is missing or damaged.
    """
    whole(folder)
    return RunKeys(_key(folder / STATEMENT, SIGNING), _key(folder / MANIFEST, OPENING))


def transport_key(folder: Path) -> Key:
    """The key of `kiosk sync`.

    Raises:
        IdentityError: it is missing or damaged.
    """
    whole(folder)
    return _key(folder / TRANSPORT, SIGNING)


def _key(path: Path, curve: Curve) -> Key:
    try:
        key = load_key(path, curve=curve)
    except BadKeyError as error:
        raise IdentityError(f"{error}; if it is lost, make and enrol the keys again") from error
    if not key.private:
        raise IdentityError(f"{path}: only the public half; make and enrol the keys again")
    return key
