"""`kiosk central` beside its serving: settings, and entering a kiosk from its request file."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qrcode.main import QRCode  # type: ignore[import-untyped]  # ships no types

from kiosk import clock
from kiosk.config import ConfigError
from sync.calls import checked_url
from sync.central import rotation
from sync.central.accounts import AccountError, PageRole, add_account, remove_account
from sync.central.api_keys import KeyMakingError, add_key, revoke_key
from sync.central.database import StoreError
from sync.central.enrol import enrol_kiosk, read_kiosk_keys
from sync.central.enrolments import new_code, place_of
from sync.central.renewal import Renewed
from sync.central.revocation import revoke_kiosk
from sync.central.settings import NEXT, SIGNER, Settings, SettingsError, load_settings
from sync.central.store import Store, UnknownError
from sync.central.texts import local
from sync.enrolment_letter import SUFFIX, Letter, in_full
from sync.keys import PRIVATE_MODE, BadKeyError, public_jwk, write_whole


def settings(folder: Path) -> Settings:
    """Central's settings; made with new keys when the folder is new.

    Raises:
        ConfigError: a file or an environment name holds something else.
    """
    try:
        return load_settings(folder, os.environ)
    except (SettingsError, BadKeyError, OSError) as error:
        raise ConfigError(f"{folder}: {error}") from error


def enrol(of: Settings, request: Path, unit: str, address: str, answer: Path) -> int:
    """Enter the kiosk that wrote `request`, and write what it must be told to `answer`.

    Raises:
        ConfigError: the request is damaged, or unit and address do not fit into a message.
    """
    try:
        store = Store(of, clock.wall_ms)
    except (SettingsError, StoreError) as error:
        raise ConfigError(f"{of.folder}: {error}") from error
    try:
        raw = json.loads(request.read_text(encoding="utf-8"))
        keys = read_kiosk_keys(dict(raw))
        told = enrol_kiosk(store, str(raw["kiosk"]), keys, unit=unit, address=address)
    except (OSError, ValueError, KeyError, TypeError, BadKeyError) as error:
        raise ConfigError(f"{request}: the kiosk was not entered: {error}") from error
    finally:
        store.close()
    fields = {"kiosk": told.kiosk, "epoch": told.epoch, "central": public_jwk(told.central)}
    try:
        answer.write_text(json.dumps(fields, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{answer}: cannot be written: {error.strerror}") from error
    return 0


@dataclass(frozen=True, slots=True)
class Place:
    """Whom an enrolment code is for. `url`: central as kiosks reach it; "": the code stands alone."""

    kiosk: str
    unit: str = ""
    address: str = ""
    url: str = ""


def enrolment_code(of: Settings, place: Place, file: Path | None = None) -> int:
    """Print a code with which this kiosk enrols, as text and QR, this once; `file`: for a stick, too.

    Raises:
        ConfigError: no kiosk id, unit or address missing for a new one, or they do not fit.
    """
    try:
        url = checked_url(place.url) if place.url else ""
        store = Store(of, clock.wall_ms)
        try:
            code = new_code(store, place.kiosk, unit=place.unit, address=place.address)
            unit, address = place_of(store, code)
        finally:
            store.close()
    except (ValueError, UnknownError, SettingsError, StoreError) as error:
        raise ConfigError(f"no code for kiosk {place.kiosk!r} was made: {error}") from error
    letter = Letter(code, url, place.kiosk, in_full(unit), address) if url else Letter(code)
    print("Good for 24 hours, for one kiosk, once. It is not shown again; a new one ends it.")
    picture = QRCode(border=2)
    picture.add_data(letter.text)
    picture.print_ascii(sys.stdout)
    if file is not None:
        to = file / f"{place.kiosk}{SUFFIX}" if file.is_dir() else file
        try:
            write_whole(to, letter.text, PRIVATE_MODE)
        except OSError as error:
            raise ConfigError(f"{to}: cannot be written: {error.strerror}") from error
        print(f"{to} holds all of it, for the guided start (kiosk setup).")
    print(code.text)
    return 0


def keys(of: Settings, options: argparse.Namespace) -> int:
    """One of the jobs about keys: `--revoke-kiosk`, `--rotate` or `--enrolment-code`.

    Raises:
        ConfigError: as that job.
    """
    if options.revoke_kiosk is not None:
        return revoke(of, options.revoke_kiosk)
    if options.rotate:
        return rotate(of)
    place = Place(options.enrolment_code, options.unit, options.address, options.url)
    return enrolment_code(of, place, options.letter)


def revoke(of: Settings, kiosk: str) -> int:
    """Revoke a stolen kiosk and print the new credentials of its staff, this once.

    Raises:
        ConfigError: there is no such kiosk, or the database does not work; nothing was changed.
    """
    try:
        store = Store(of, clock.wall_ms)
        try:
            done = revoke_kiosk(store, kiosk, "command")
        finally:
            store.close()
    except (UnknownError, SettingsError, StoreError) as error:
        raise ConfigError(f"kiosk {kiosk!r} was not revoked: {error}") from error
    print(f"{kiosk} is revoked since {local(done.at_ms):%H:%M %d/%m/%Y}: it is served nothing.")
    print("It comes back with --enrolment-code only. Whatever it still sends is kept aside.")
    print(f"Results revoked just now: {done.results}. Persons to be phoned: {done.to_phone}.")
    for one in done.staff:
        _tell(one)
    return 0


def _tell(one: Renewed) -> None:
    print()
    print(f"Staff {one.number} ({one.role}) at {', '.join(one.kiosks)}: hand this over in person.")
    print("It is not shown again, and nobody can read it back.")
    print(f"pin   {one.pin}")
    print(f"totp  {one.totp_secret}")
    if one.card:
        print(f"card  {one.card}")


def rotate(of: Settings) -> int:
    """Begin, show or end the rotation of the key that signs manifests. Central must not serve.

    Raises:
        ConfigError: a key file or the database cannot be used; run it again.
    """
    try:
        store = Store(of, clock.wall_ms)
        try:
            told = rotation.rotate(store)
        finally:
            store.close()
    except (OSError, BadKeyError, SettingsError, StoreError) as error:
        raise ConfigError(f"{of.folder}: {error}; run it again") from error
    if told.done:
        print(f"Done: {told.kid} signs alone; copy {SIGNER} to every replica, delete {NEXT} there.")
        return 0
    print(f"{'Announced' if told.begun else 'Under way'}: {told.kid} is to sign manifests.")
    print(f"Every replica needs {NEXT} from this folder; then start central. Later run this again.")
    print(f"Still to follow: {', '.join(told.behind) or 'nobody: stop central and run this again'}")
    return 0


def add_user(of: Settings, name: str, role: str, kiosks: Sequence[str]) -> int:
    """Make an account for the pages and print its password and TOTP secret, this once.

    Raises:
        ConfigError: it cannot be made; nothing was changed.
    """
    try:
        store = Store(of, clock.wall_ms)
        try:
            told = add_account(store, name, PageRole(role), kiosks)
        finally:
            store.close()
    except (AccountError, UnknownError, SettingsError, StoreError) as error:
        raise ConfigError(f"no account {name!r} was made: {error}") from error
    print("Hand this over in person; it is not shown again, and nobody can read it back.")
    print(f"name      {told.name}")
    print(f"password  {told.password}")
    print(f"totp      {told.totp_secret}")
    print(f"          {told.totp_uri}")
    return 0


def remove_user(of: Settings, name: str) -> int:
    """End an account for the pages and every session under it; 1 when there was none.

    Raises:
        ConfigError: the database does not work.
    """
    try:
        store = Store(of, clock.wall_ms)
        try:
            found = remove_account(store, name)
        finally:
            store.close()
    except (SettingsError, StoreError) as error:
        raise ConfigError(f"{name!r} was not removed: {error}") from error
    print(f"{name} can no longer sign in." if found else f"There is no account {name}.")
    return 0 if found else 1


def add_office_key(of: Settings, name: str, scopes: str) -> int:
    """Make a key for the office's door and print it, this once. `scopes`: with commas between.

    Raises:
        ConfigError: it cannot be made; nothing was changed.
    """
    try:
        store = Store(of, clock.wall_ms)
        try:
            told = add_key(store, name, [scope for scope in scopes.split(",") if scope])
        finally:
            store.close()
    except (KeyMakingError, SettingsError, StoreError) as error:
        raise ConfigError(f"no key {name!r} was made: {error}") from error
    print("Hand this over in secret; it is not shown again, and nobody can read it back.")
    print(f"id   {told.id}    (to end it: --revoke-key {told.id})")
    print(f"key  {told.key}")
    return 0


def revoke_office_key(of: Settings, ident: str) -> int:
    """End a key for the office's door; 1 when there was none.

    Raises:
        ConfigError: the database does not work.
    """
    try:
        store = Store(of, clock.wall_ms)
        try:
            revoke_key(store, ident)
        finally:
            store.close()
    except UnknownError:
        print(f"There is no key {ident}.")
        return 1
    except (SettingsError, StoreError) as error:
        raise ConfigError(f"{ident!r} was not revoked: {error}") from error
    print(f"The key {ident} opens nothing any more.")
    return 0
