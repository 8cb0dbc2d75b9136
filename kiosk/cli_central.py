"""`kiosk central` beside its serving: settings, and entering a kiosk from its request file."""

from __future__ import annotations

import json
import os
from pathlib import Path

from kiosk import clock
from kiosk.config import ConfigError
from sync.central.enrol import enrol_kiosk, read_kiosk_keys
from sync.central.settings import Settings, SettingsError, load_settings
from sync.central.store import Store
from sync.keys import BadKeyError, public_jwk


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
    store = Store(of, clock.wall_ms)
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
