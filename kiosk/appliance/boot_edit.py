"""config.txt and cmdline.txt of a Raspberry Pi, as this cabinet needs them. Pure: texts in, texts out.

config.txt gets one block at its end, between two marks; whatever stands outside is not touched. The last
line about a thing counts for the firmware, so the block needs to know nothing of the lines before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kiosk.doctor import pi_files
from kiosk.hardware import Cabinet, Driver

BEGIN = "# kiosk: begin (systemd/install writes what stands between these marks)"
END = "# kiosk: end"
LONGEST = 78  # the firmware cuts lines of config.txt at 98, older ones at 80
CELL = "rtc_bbat_vchg"
CELL_UV = 3_000_000  # what the official cell is charged with, microvolts
ROTATIONS = (0, 90, 180, 270)
QUIET = ("quiet", "loglevel=3", "logo.nologo", "vt.global_cursor_default=0", "consoleblank=0")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the boot files are to say. `charge`: None leaves it as it is."""

    pins_off: tuple[int, ...] = ()  # relay pins, held off from the firmware on
    off: str = "dl"  # "dl": off is low; "dh": off is high
    contacts: tuple[int, ...] = ()  # pulled up from the firmware on
    uart: bool = False  # a device listens on the header's UART
    charge: bool | None = None  # charge the clock's cell: the official one only
    rotate: int | None = None  # of the kernel's console, degrees; None leaves it as it is
    connector: str = "DSI-1"


def wanted(
    cabinet: Cabinet | None,
    charge: bool | None = None,  # noqa: FBT001  # three answers, one of them "as it is"
    rotate: int | None = None,
    connector: str = "DSI-1",
) -> Wanted:
    """What follows from the cabinet as wired; None: nobody has described it yet."""
    if cabinet is None:
        return Wanted(charge=charge, rotate=rotate, connector=connector)
    pins: set[int] = set()
    contacts: set[int] = set()
    if cabinet.driver is Driver.GPIO:
        pins = {wire.lock_pin for wire in cabinet.wiring}
        contacts = {wire.contact_pin for wire in cabinet.wiring}
        # A rail relay of another polarity is off by its own circuit (docs/wiring.md).
        if cabinet.gpio.rail_pin is not None and cabinet.gpio.active_high:
            pins.add(cabinet.gpio.rail_pin)
    return Wanted(
        pins_off=tuple(sorted(pins)),
        off="dl" if cabinet.gpio.active_high else "dh",
        contacts=tuple(sorted(contacts)),
        uart=bool(pi_files.uarts(cabinet) & pi_files.PRIMARY),
        charge=charge,
        rotate=rotate,
        connector=connector,
    )


def config_txt(text: str, want: Wanted) -> str:
    """The whole file with its block made anew, at the end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    before, held = _without_block(text)
    charge = want.charge
    if charge is None:
        charge = any(CELL in line for line in held)
    lines = [BEGIN, *_block(want, charge=charge), END]
    head = "\n".join(before).rstrip("\n")
    whole = f"{head}\n\n" if head else ""
    return (whole + "\n".join(lines) + "\n").replace("\n", newline)


def without(text: str) -> str:
    """The whole file without the block; what stood outside is as it was."""
    newline = "\r\n" if "\r\n" in text else "\n"
    before, held = _without_block(text)
    if not held:
        return text
    return ("\n".join(before).rstrip("\n") + "\n").replace("\n", newline)


def cmdline_txt(text: str, want: Wanted) -> str:
    """The kernel's words: quiet, never dark, and silent on a line where a device listens.

    One line, whatever it was before; words that are not ours stay, in their order.
    """
    words = text.split()
    if want.uart:
        words = [word for word in words if not _serial_console(word)]
    for word in QUIET:
        name, equals, _ = word.partition("=")
        words = _with(words, word, f"{name}{equals}")
    if want.rotate is not None:
        words = _turned(words, f"video={want.connector}:", want.rotate)
    end = "\r\n" if text.endswith("\r\n") else "\n"
    return " ".join(words) + end


def _with(words: Sequence[str], word: str, name: str) -> list[str]:
    """The word once; another value of the same name gives way, at its place."""
    same = [one for one in words if one == word or (name.endswith("=") and one.startswith(name))]
    if same == [word]:
        return list(words)
    return [*(one for one in words if one not in same), word]


def _turned(words: Sequence[str], ours: str, degrees: int) -> list[str]:
    """The screen's word with its rotation, whatever else it says of that screen."""
    said = next((word.removeprefix(ours) for word in words if word.startswith(ours)), "")
    options = [one for one in said.split(",") if one and not one.startswith("rotate=")]
    options += [f"rotate={degrees}"] if degrees else []
    word = ours + ",".join(options)
    if word in words:
        return list(words)
    rest = [one for one in words if not one.startswith(ours)]
    return [*rest, word] if options else rest


def _serial_console(word: str) -> bool:
    name = word.removeprefix("console=").partition(",")[0]
    return word.startswith("console=") and name in pi_files.PRIMARY


def _without_block(text: str) -> tuple[list[str], list[str]]:
    """The lines outside the block, and those within. A mark without the other one marks nothing."""
    outside: list[str] = []
    inside: list[str] = []
    lines = text.replace("\r\n", "\n").split("\n")
    while lines:
        line = lines.pop(0)
        ends = [i for i, other in enumerate(lines) if other.strip() == END]
        if line.strip() == BEGIN and ends:
            inside += lines[: ends[0]]
            del lines[: ends[0] + 1]
        elif line.strip() not in (BEGIN, END):
            outside.append(line)
    return outside, inside


def _block(want: Wanted, *, charge: bool) -> Iterator[str]:
    yield "[all]"
    yield "# A killed program lets go of every pin; a kernel that hangs is started anew."
    yield "dtparam=strict_gpiod"
    yield "dtparam=watchdog=on"
    yield "disable_splash=1"
    if want.pins_off:
        yield "# Relays are off from the firmware on."
        yield from _pins(want.pins_off, f"op,{want.off}")
    if want.contacts:
        yield from _pins(want.contacts, "ip,pu")
    if want.uart:
        yield "enable_uart=1"
    if want.uart or charge:
        yield "[pi5]"
        if want.uart:
            yield "dtparam=uart0=on"
        if charge:
            yield "# The official, rechargeable cell only."
            yield f"dtparam={CELL}={CELL_UV}"
        yield "[all]"


def _pins(pins: Iterable[int], options: str) -> Iterator[str]:
    """`gpio=9-11,17=op,dl`, in as many lines as the firmware's short lines need."""
    line = ""
    for part in _spans(sorted(pins)):
        longer = f"{line},{part}" if line else f"gpio={part}"
        if len(longer) + len(options) + 1 > LONGEST:
            yield f"{line}={options}"
            longer = f"gpio={part}"
        line = longer
    if line:
        yield f"{line}={options}"


def _spans(pins: Sequence[int]) -> Iterator[str]:
    start = 0
    for i in range(1, len(pins) + 1):
        if i == len(pins) or pins[i] != pins[i - 1] + 1:
            first, last = pins[start], pins[i - 1]
            yield str(first) if first == last else f"{first}-{last}"
            start = i
