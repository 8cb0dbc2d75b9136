"""`kiosk enroll`: this kiosk's keys, and the exchange with central by two files.

The request holds public halves only. The answer names central's key, so it must come by a way that
nobody else can write to (a stick in a hand); the signed exchange over HTTP takes its place later.
"""

from __future__ import annotations

import json
from pathlib import Path

from kiosk import identity
from kiosk.config import Config
from sync.keys import BadKeyError, public_jwk, read_key


def request(config: Config, path: Path) -> int:
    """Make keys where they are missing and write their public halves for central.

    Raises:
        IdentityError: keys or request cannot be written, or a key is damaged.
    """
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    identity.make(config.keys)
    run_keys = identity.run_keys(config.keys)
    halves: dict[str, object] = {
        "kiosk": config.kiosk,
        "statement": public_jwk(run_keys.statement),
        "manifest": public_jwk(run_keys.manifest),
        "transport": public_jwk(identity.transport_key(config.keys)),
    }
    try:
        path.write_text(json.dumps(halves, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise identity.IdentityError(f"{path}: cannot be written: {error.strerror}") from error
    return 0


def accept(config: Config, path: Path) -> int:
    """Keep central's answer beside the keys.

    Raises:
        IdentityError: the file is missing, damaged, or for another kiosk; or it cannot be kept.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        central = read_key(raw["central"], curve="Ed25519")
        answer = identity.Enrolment(str(raw["kiosk"]), int(raw["epoch"]), central)
    except (OSError, ValueError, KeyError, TypeError, BadKeyError) as error:
        raise identity.IdentityError(f"{path}: not an answer of central: {error}") from error
    if answer.kiosk != config.kiosk:
        raise identity.IdentityError(f"{path} is for kiosk {answer.kiosk!r}, not {config.kiosk!r}")
    identity.keep_enrolment(config.keys, answer)
    return 0
