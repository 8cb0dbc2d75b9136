"""`kiosk central FOLDER --import-statements FILE` and `--export-manifest KIOSK FILE`: a month without a line.

What `kiosk journal export` or the kiosk's own screen wrote to a stick goes in as a report would; the newest
sealed manifest comes out, under a name that the kiosk's screen looks for.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk import clock
from kiosk.config import ConfigError
from kiosk.stick import SUFFIX
from sync.central import by_hand
from sync.central.database import StoreError
from sync.central.manifests import RevokedError
from sync.central.settings import Settings, SettingsError
from sync.central.store import Store, UnknownError

OK, FAILED = 0, 1
STOPS = {
    "gap": "the rows after {seq} are missing; at the kiosk: kiosk journal export --after {seq} FILE",
    "fork": "row {next} or one before it is another one than central received: an alarm was raised; "
    "ask the kiosk's supervisor before anything else",
    "stale-epoch": "these rows are from before the kiosk was enrolled anew: an alarm was raised",
    "revoked": "this kiosk was revoked: its rows are kept aside as evidence, and nothing follows from them",
    "foreign": "the row after {seq} is not signed by this kiosk, or is another kiosk's; "
    "copy the export once more",
    "damaged": "the kiosk calls the row after {seq} damaged, and a stick proves nothing: run "
    "`kiosk journal verify` there, then repeat with --take-damaged",
}


def import_statements(of: Settings, file: Path, *, holes: bool = False) -> int:
    """Take the exported statements in and say how many were new; repeating does no harm.

    Raises:
        ConfigError: file, database or kiosk cannot be used; the text says what was kept.
    """
    store = _store(of)
    try:
        with file.open(encoding="utf-8") as stream:
            kiosk = by_hand.whose(by_hand.rows(stream))
            stream.seek(0)
            done = by_hand.take_in(store, kiosk, by_hand.rows(stream), holes=holes)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error
    except (by_hand.ExportError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: no export of statements: {error}") from error
    except (UnknownError, StoreError) as error:
        raise ConfigError(f"{file}: not taken in: {error}") from error
    finally:
        store.close()
    print(f"{done.kiosk}: {done.new} new, received up to {done.head.seq}")
    if not done.stop:
        return OK
    why = STOPS[done.stop].format(seq=done.head.seq, next=done.head.seq + 1)
    print(f"{done.stop}: {why}; what stands above is kept", file=sys.stderr)
    return FAILED


def export_manifest(of: Settings, kiosk: str, file: Path) -> int:
    """Write the sealed manifest that `kiosk` should go by; into a folder under its own name.

    Raises:
        ConfigError: there is no such kiosk, or database or file cannot be used.
    """
    store = _store(of)
    try:
        sealed = by_hand.manifest_for(store, kiosk)
    except (UnknownError, RevokedError, StoreError) as error:
        raise ConfigError(f"no manifest was written: {error}") from error
    finally:
        store.close()
    path = file / f"{kiosk}-{sealed.ver}{SUFFIX}" if file.is_dir() else file
    _write(path, sealed.jwe)
    print(f"{path}: version {sealed.ver} for {kiosk}")
    if path.suffix != SUFFIX:
        print(f"the kiosk's screen looks for names that end in {SUFFIX}", file=sys.stderr)
    return OK


def _write(path: Path, text: str) -> None:
    """Under its name only when all of it is there."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(text + "\n", encoding="ascii")
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error


def _store(of: Settings) -> Store:
    try:
        return Store(of, clock.wall_ms)
    except (SettingsError, StoreError) as error:
        raise ConfigError(f"{of.folder}: {error}") from error
