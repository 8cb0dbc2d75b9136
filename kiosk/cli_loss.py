"""`kiosk central FOLDER --relocate`, `--replace-key`: what the office does after a loss."""

from __future__ import annotations

from kiosk import clock
from kiosk.config import ConfigError
from sync.central import loss
from sync.central.database import StoreError
from sync.central.settings import SIGNER, Settings, SettingsError
from sync.central.store import Store, UnknownError
from sync.keys import BadKeyError


def relocate(of: Settings, kiosk: str, unit: str, address: str) -> int:
    """The cabinet stands elsewhere now.

    Raises:
        ConfigError: no such kiosk, or unit and address do not fit into a message; nothing was changed.
    """
    try:
        store = Store(of, clock.wall_ms)
        try:
            loss.relocate(store, kiosk, unit, address)
        finally:
            store.close()
    except (ValueError, UnknownError, StoreError) as error:
        raise ConfigError(f"{kiosk!r} was not moved: {error}") from error
    print(f"{kiosk} stands at {address}, {unit}. Keys, epoch and papers are as they were.")
    return 0


def replace_key(of: Settings) -> int:
    """The key that signs manifests was stolen. Central must not serve.

    Raises:
        ConfigError: a key file or the database cannot be used; run it again.
    """
    try:
        store = Store(of, clock.wall_ms)
        try:
            kid, kiosks = loss.replace_key(store)
        finally:
            store.close()
    except (OSError, BadKeyError, SettingsError, StoreError) as error:
        raise ConfigError(f"{of.folder}: {error}; run it again") from error
    print(f"{kid} signs manifests now; copy {SIGNER} to every replica, then start central.")
    print(f"Believed by no kiosk until it is enrolled anew: {', '.join(kiosks) or 'there is none'}")
    return 0
