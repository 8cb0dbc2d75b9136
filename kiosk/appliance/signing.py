"""The signed note about a release: which version, which archive, which sum. Ed25519 over its exact bytes.

The law of this file: nothing of a note is believed, and nothing it names is fetched or unpacked, before its
signature was checked with the key on this machine.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from kiosk.appliance.ground import ApplianceError

NOTE, SIGNATURE = "release.json", "release.json.sig"
MOST_NOTE_BYTES = 4096
MOST_ARCHIVE_BYTES = 1024**3
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}\.tar\.gz")
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}")
_SUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Note:
    """About one archive beside it."""

    version: str  # three numbers
    file: str
    sha256: str  # of the archive, hexadecimal
    size: int  # bytes

    @property
    def order(self) -> tuple[int, ...]:
        """Later versions are greater."""
        return order(self.version)


def order(version: str) -> tuple[int, ...]:
    """Later versions are greater; one that is not of three numbers comes before all others."""
    return tuple(map(int, version.split("."))) if _VERSION.fullmatch(version) else ()


def sign(note: Note, key_file: Path) -> tuple[bytes, bytes]:
    """The note and its signature, as files.

    Raises:
        ApplianceError: the file holds no private Ed25519 key.
    """
    try:
        key = load_pem_private_key(key_file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ApplianceError(f"{key_file}: {error}; openssl genpkey -algorithm ed25519") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ApplianceError(f"{key_file} is no Ed25519 key: openssl genpkey -algorithm ed25519")
    content = json.dumps(asdict(note), indent=1).encode() + b"\n"
    return content, base64.b64encode(key.sign(content)) + b"\n"


def public_key(path: Path) -> Ed25519PublicKey:
    """The public half of the release key, PEM.

    Raises:
        ApplianceError: it is not there, or something else.
    """
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise ApplianceError(f"{path}: {error}; nothing is fetched without it") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ApplianceError(f"{path} is no Ed25519 key; nothing is fetched without one")
    return key


def checked(content: bytes, signature: bytes, key: Ed25519PublicKey) -> Note:
    """The note, once its signature was found to be right.

    Raises:
        ApplianceError: it is not; or the note says something that no release says.
    """
    try:
        key.verify(base64.b64decode(signature.strip(), validate=True), content)
    except (InvalidSignature, binascii.Error) as error:
        raise ApplianceError(
            f"{NOTE} does not bear the signature of the release key: it was not used. If the key was "
            "changed, put the new one where update.toml says; otherwise somebody tampered with it."
        ) from error
    try:
        raw = json.loads(content)
        version, file, sum_, size = (raw[name] for name in ("version", "file", "sha256", "size"))
    except (ValueError, TypeError, KeyError) as error:
        raise ApplianceError(f"{NOTE} is signed, and not of this form: {error!r}") from error
    texts = ((_VERSION, version), (_FILE, file), (_SUM, sum_))
    fits = all(isinstance(text, str) and form.fullmatch(text) for form, text in texts)
    if not (fits and type(size) is int and 0 < size <= MOST_ARCHIVE_BYTES):
        raise ApplianceError(f"{NOTE} is signed, and names no version, file, sum or size")
    return Note(version, file, sum_, size)
