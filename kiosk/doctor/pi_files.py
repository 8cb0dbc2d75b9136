"""config.txt and cmdline.txt of a Raspberry Pi, read as its firmware reads them. Pure but for `read`.

Lines below a filter ([pi5], [cm4] …) count on that model only; below one that cannot be judged from here
([gpio4=1], a serial number) they do not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kiosk.hardware import Cabinet

MODEL = "/proc/device-tree/model"
FOLDERS = ("/boot/firmware", "/boot")
CONFIG, CMDLINE = "config.txt", "cmdline.txt"
DEEPEST = 4  # files that include files
# Which of these /dev/serial0 is depends on the model.
PRIMARY = frozenset({"serial0", "ttyAMA0", "ttyAMA10", "ttyS0"})
FILTERS = {
    "pi3": "Raspberry Pi 3",
    "pi4": "Raspberry Pi 4",
    "pi400": "Raspberry Pi 400",
    "cm4": "Raspberry Pi Compute Module 4",
    "pi5": "Raspberry Pi 5",
    "pi500": "Raspberry Pi 500",
    "cm5": "Raspberry Pi Compute Module 5",
    "pi02": "Raspberry Pi Zero 2",
}
# [pi4] and [pi5] stand for all that are built on them.
KIN = {"pi4": ("pi400", "cm4"), "pi5": ("pi500", "cm5")}

Text = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Boot:
    """What the firmware was told. `settings`: (key, value) of every line that counts, in order."""

    model: str
    path: str
    settings: tuple[tuple[str, str], ...]
    cmdline: tuple[str, ...]

    @property
    def is_pi5(self) -> bool:
        """With RP1, and a clock of its own."""
        return _applies("pi5", self.model)

    @property
    def params(self) -> Mapping[str, str]:
        """Every dtparam, "on" when it has no value; the last of a name counts."""
        found: dict[str, str] = {}
        for key, value in self.settings:
            if key == "dtparam":
                for part in value.split(","):
                    name, _, given = part.partition("=")
                    found[name.strip()] = given.strip() or "on"
        return found

    def last(self, key: str) -> str:
        """The value that counts, "" for none."""
        return next((v for k, v in reversed(self.settings) if k == key), "")

    def all_of(self, key: str) -> list[str]:
        """Every value, in order."""
        return [v for k, v in self.settings if k == key]


def read(text: Text) -> Boot | None:
    """None: this is no Raspberry Pi. `text` gives a file of the system, None when it cannot."""
    model = _model(text)
    if not is_pi(text):
        return None
    for folder in FOLDERS:
        path = f"{folder}/{CONFIG}"
        found = text(path)
        # Newer systems leave a note at the old place that says where the file went.
        if found is not None and "DO NOT EDIT" not in found:
            settings = tuple(_settings(found, model, folder, text, DEEPEST))
            return Boot(model, path, settings, tuple((text(f"{folder}/{CMDLINE}") or "").split()))
    return Boot(model, "", (), ())


def is_pi(text: Text) -> bool:
    """Whether this is a Raspberry Pi."""
    return "Raspberry Pi" in _model(text)


def _model(text: Text) -> str:
    return (text(MODEL) or "").strip("\0 \n")


def pins_of(value: str) -> tuple[frozenset[int], frozenset[str]]:
    """`17-24,27=op,dl` → pins and options; nothing when it is not of that form."""
    which, _, options = value.partition("=")
    pins: set[int] = set()
    for part in which.split(","):
        span = re.fullmatch(r"\s*(\d{1,2})(?:-(\d{1,2}))?\s*", part)
        if span is None:
            return frozenset(), frozenset()
        pins.update(range(int(span[1]), int(span[2] or span[1]) + 1))
    return frozenset(pins), frozenset(option.strip() for option in options.split(","))


def uarts(cabinet: Cabinet) -> frozenset[str]:
    """Names below /dev of the header's serial ports that this cabinet uses."""
    others = (cabinet.scanner.port, cabinet.printer.port)
    ports = [*(bus.port for bus in cabinet.buses), *(p for p in others if p is not None)]
    return frozenset(port.name for port in ports if _is_uart(port))


def _is_uart(port: Path) -> bool:
    return port.parent == Path("/dev") and port.name.startswith(("serial", "ttyAMA", "ttyS"))


def _settings(
    text: str, model: str, folder: str, read_text: Text, depth: int
) -> Iterator[tuple[str, str]]:
    counts = True
    for line in (raw.partition("#")[0].strip() for raw in text.splitlines()):
        if line.startswith("["):
            counts = _applies(line.strip("[] ").lower(), model)
        elif counts and line.startswith("include ") and depth:
            inner = read_text(str(PurePosixPath(folder, line.removeprefix("include ").strip())))
            yield from _settings(inner or "", model, folder, read_text, depth - 1)
        elif counts and line:
            key, _, value = line.partition("=")
            yield key.strip(), value.strip()


def _applies(name: str, model: str) -> bool:
    if name == "all":
        return True
    names = (name, *KIN.get(name, ()))
    return any(re.match(rf"{FILTERS[n]}\b", model) for n in names if n in FILTERS)
