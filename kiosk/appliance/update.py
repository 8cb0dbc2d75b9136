"""`kiosk update`: a newer signed release from a folder or an https address. Off without update.toml.

The law of this file: never an older version, never one that has failed here already, nothing unsigned.
Central pushes no programs; whoever holds the release key decides what runs.
"""

from __future__ import annotations

import hashlib
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kiosk.appliance import bundle as bundles
from kiosk.appliance import outcome, services, upgrade
from kiosk.appliance.ground import ApplianceError, Ground
from kiosk.appliance.places import CURRENT, Places
from kiosk.appliance.release import read_stamp
from kiosk.appliance.signing import (
    MOST_NOTE_BYTES,
    NOTE,
    SIGNATURE,
    Note,
    checked,
    order,
    public_key,
)
from kiosk.appliance.trial import Why
from kiosk.config_table import ConfigError, Table

CONFIG = "/etc/kiosk/update.toml"
KEY = "release-key.pem"  # beside it, unless it says otherwise
SCRATCH = "/var/tmp"  # noqa: S108  # a folder of our own is made in it
TIMEOUT_S = (10.0, 60.0)  # to connect, between two pieces
PIECE = 256 * 1024
MOST_INTERRUPTED = 3  # tries of a release whose trials the power ended


@dataclass(frozen=True, slots=True)
class Source:
    """Where releases are looked for."""

    place: str  # a folder, or https://…
    key: Path
    ca: Path | None = None  # the only authority to trust
    proxy: str = ""

    @property
    def remote(self) -> bool:
        """Over the network."""
        return self.place.startswith("https://")


@dataclass(frozen=True, slots=True)
class Found:
    """A newer release."""

    source: Source
    note: Note

    @property
    def version(self) -> str:
        """Of the release."""
        return self.note.version


def source(path: Path) -> Source | None:
    """What update.toml says; None: it is not there, and nothing is looked for.

    Raises:
        ApplianceError: it says something that cannot be used.
    """
    try:
        top = Table(path, "", tomllib.loads(path.read_text(encoding="utf-8")))
        place = top.text("source", "a folder, or an https address")
        key = path.parent / top.text("key", "public half of the release key", default=KEY)
        ca = top.path_or_none("ca", "the only authority to trust for it (PEM)")
        proxy = top.text("proxy", "http://HOST:PORT", default="")
        top.done()
    except FileNotFoundError:
        return None
    except (OSError, ValueError, ConfigError) as error:
        raise ApplianceError(f"{path}: {error}") from error
    if not place.startswith(("https://", "/")):
        raise ApplianceError(f"{path}: source: allowed: a folder (/…) or an address (https://…)")
    return Source(place.rstrip("/"), key, ca, proxy)


def newer(ground: Ground) -> Found | None:
    """A release that is signed, newer than the one that serves, and has not failed here.

    Raises:
        ApplianceError: the source cannot be reached or believed; nothing was changed.
    """
    places = Places(ground.root)
    where = source(places.at(CONFIG))
    if where is None:
        return None
    key = public_key(where.key)
    note = checked(_small(where, NOTE), _small(where, SIGNATURE), key)
    present = str(read_stamp(places, places.linked(CURRENT)).get("version", ""))
    if note.order <= order(present):
        return None
    last = outcome.read(places.at(outcome.FILE))
    if last is not None and last.version == note.version and _given_up(last):
        ground.say(f"{note.version} was tried here and failed ({last.why}): not again by itself")
        return None
    return Found(where, note)


def _given_up(last: outcome.Outcome) -> bool:
    if last.why == Why.INTERRUPTED:
        return last.tries >= MOST_INTERRUPTED
    return last.why not in (
        "",
        Why.PACKAGES,
    )  # a line that failed while packages came is no verdict


@contextmanager
def fetched(found: Found) -> Iterator[Path]:
    """The archive, whole and with the sum that was signed.

    Raises:
        ApplianceError: it is another one, or could not be had.
    """
    note = found.note
    with tempfile.TemporaryDirectory(dir=SCRATCH, prefix="kiosk-update-") as scratch:
        path = Path(scratch) / note.file
        summed, length = hashlib.sha256(), 0
        with path.open("wb") as out:
            for piece in _pieces(found.source, note.file):
                length += len(piece)
                if length > note.size:
                    break
                summed.update(piece)
                out.write(piece)
        if length != note.size or summed.hexdigest() != note.sha256:
            raise ApplianceError(f"{note.file} is not the archive that was signed: not unpacked")
        yield path


def prepared(ground: Ground, folder: Path) -> str:
    """The release laid and tried, as by hand."""
    border = services.of_this_machine(ground, upgrade.roles_of(Places(ground.root)))
    return upgrade.prepare(ground, border, bundles.read(folder), None)


def _small(where: Source, name: str) -> bytes:
    content = b""
    for piece in _pieces(where, name):
        content += piece
        if len(content) > MOST_NOTE_BYTES:
            raise ApplianceError(f"{where.place}/{name} is too long: that is no note of a release")
    return content


def _pieces(where: Source, name: str) -> Iterator[bytes]:
    if where.remote:
        yield from _over_https(where, name)
        return
    try:
        with Path(where.place, name).open("rb") as file:
            yield from _read(file)
    except OSError as error:
        raise ApplianceError(f"{where.place}/{name}: {error.strerror}; nothing changed") from error


def _over_https(where: Source, name: str) -> Iterator[bytes]:
    import requests  # noqa: PLC0415  # half a second that a folder does without

    proxies = {"https": where.proxy} if where.proxy else {}
    address = f"{where.place}/{name}"
    try:
        with requests.Session() as session:
            session.trust_env = False
            session.verify = str(where.ca) if where.ca else True
            answer = session.get(address, stream=True, timeout=TIMEOUT_S, proxies=proxies)
            # Whatever it redirected to, the signature decides; but nobody is sent into the clear.
            if answer.status_code != requests.codes.ok or not answer.url.startswith("https://"):
                raise ApplianceError(f"{address} answered {answer.status_code}; nothing changed")
            yield from answer.iter_content(PIECE)
    except (requests.RequestException, OSError) as error:
        raise ApplianceError(f"{address}: {error}; nothing changed") from error


def _read(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
