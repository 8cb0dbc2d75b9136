"""Enrolment letters on the sticks that are plugged in while a cabinet is set up; read, then let go."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from kiosk.setup.place import Place
from kiosk.setup.who import Stick
from kiosk.stick import MOST_ENTRIES, StickError
from kiosk.usb_mount import mounted, partitions
from sync.enrolment_letter import MOST_CHARACTERS, SUFFIX

MOST_STICKS = 8


def letters(place: Place) -> Stick:
    """What every stick holds. One that cannot be read holds nothing."""
    found: list[str] = []
    for device in partitions(place.dev)[:MOST_STICKS]:
        try:
            with mounted(device, place.mounts / "stick") as folder:
                found += in_folder(folder)
        except (StickError, OSError):
            continue
    return Stick(tuple(found))


def in_folder(folder: Path) -> Iterator[str]:
    """The text of every `*.enrolment`: a plain file, short, no link."""
    with os.scandir(folder) as entries:
        names = [
            entry.name
            for entry in islice(entries, MOST_ENTRIES)
            if entry.name.endswith(SUFFIX)
            and not entry.name.startswith(".")
            and entry.is_file(follow_symlinks=False)
        ]
    for name in sorted(names):
        file = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(file, "rb") as stream:
            yield stream.read(MOST_CHARACTERS + 2).decode("ascii", "replace").strip()
