"""Why a kiosk serves nobody, and what each fault means, in one sentence, with what to do about it.

For whoever asks from a terminal (`kiosk status`, `kiosk doctor`); docs/operations.md says the same at length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CONTACT_S = 300  # without central for so long is worth a word
MANIFEST_S = 26 * 3600  # central makes a new one at least once a day


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, and what to do."""

    words: str
    todo: str


PAPER = "look at paper, lid and its supply"
CENTRALS = "papers are safe; tell whoever runs central"
OUTAGES: Mapping[str, Trouble] = {
    "starting": Trouble("it is starting", "wait ten seconds and ask again"),
    "never_synced": Trouble(
        "no list of results was accepted yet",
        "look at the log of kiosk sync, [central] url and the enrolment",
    ),
    "memory": Trouble(
        "two copies of this journal went different ways, or one has a hole: central holds another",
        "enrol anew (central: --enrolment-code; here: kiosk enroll), then an audit round",
    ),
    "restoring": Trouble(
        "central holds newer statements of this kiosk, and they are coming back",
        "wait; if it lasts over ten minutes, look at the log of kiosk sync",
    ),
    "doors": Trouble("no door contact can be read", "look at boards, cables and their supply"),
    "power": Trouble(
        "the battery is nearly empty", "bring the mains back; nothing opens until then"
    ),
}
_ROUND = "a supervisor does an audit round at the screen"
AUDITS: Mapping[str, Trouble] = {  # why one is due
    "restored": Trouble(
        "statements came back from central: nobody knows what lies where since", _ROUND
    ),
    "new_epoch": Trouble("enrolled anew: nobody has looked into every compartment since", _ROUND),
}
JOURNAL: Mapping[str, Trouble] = {
    "full": Trouble("the disk is full", "make room: docs/operations.md, The disk is full"),
    "io": Trouble("the disk refuses to be written", "docs/operations.md, The disk is full"),
    "damaged": Trouble(
        "the journal is damaged", "copy its folder first: docs/operations.md, The journal is broken"
    ),
    "other_kiosk": Trouble(
        "the journal belongs to another kiosk or epoch",
        "set `kiosk` and `data` in kiosk.toml right",
    ),
    "newer": Trouble("a later version made the journal", "install that version"),
    "missing": Trouble("the journal is not there", "look at `data` in kiosk.toml, and at the disk"),
}
FAULTS: Mapping[str, Trouble] = {
    "doors": OUTAGES["doors"],
    "journal": Trouble(
        "rows of the journal are damaged", "kiosk journal verify; docs/operations.md"
    ),
    "space": Trouble("storage is nearly full: nothing is loaded", "make room on its disk"),
    "guessing": Trouble("somebody guesses codes: typing pauses, QR goes on", "nothing to mend"),
    "manifest_twins": Trouble("two lists of one version came", CENTRALS),
    "mass_absence": Trouble("many results left the list at once", CENTRALS),
    "lower_gen": Trouble("central sent an older code again", CENTRALS),
    "stuck": Trouble("its door did not open when asked to", "look at lock, spring, obstacles"),
    "missing": Trouble("papers that should lie there do not", "the supervisor's matter, at once"),
    "sensor_stuck": Trouble("its contact never moves", "test that door; look at its wires"),
    "flapping": Trouble("its contact comes and goes", "loose contact, or magnet too far away"),
    "board_lost": Trouble("this lock board does not answer", "its 12 V, fuse, A and B, address"),
    "board_output_stuck": Trouble("a relay of this board stays on", "cut its 12 V, change it"),
    "board_address_clash": Trouble("two boards answer at one address", "give one another address"),
    "board_wrong_mode": Trouble("this board is in a wrong mode", "set every channel to mode 0"),
    "port_lost": Trouble("this serial port is gone", "adapter, USB plug, /dev/serial/by-id"),
    "scanner_lost": Trouble(
        "the scanner is gone; people type", "its plug; a program that holds it"
    ),
    "keypad_lost": Trouble("the number pad is gone; the screen goes on", "its plug"),
    "printer_lost": Trouble("the printer is gone", PAPER),
    "printer_paper_out": Trouble("the printer is out of paper", PAPER),
    "printer_paper_low": Trouble("the printer is low on paper", PAPER),
    "light_lost": Trouble("the status light cannot be switched", "GPIO chip, group gpio"),
    "buzzer_lost": Trouble("the buzzer cannot be switched", "GPIO chip, group gpio"),
    "tamper_opened": Trouble("the housing is open", "who is at the electronics?"),
    "tamper_lost": Trouble("the tamper loop cannot be read", "GPIO chip, group gpio"),
    "power_lost": Trouble("mains or battery are not measured", "I²C, overlay in config.txt"),
    "thermometer_lost": Trouble("the temperature is not measured", "overlay in config.txt"),
    "mains_lost": Trouble("mains power is out", "it runs on its battery"),
    "battery_low": Trouble("the battery is low: no lock is pulsed", "bring the mains back"),
    "hot": Trouble("it is too hot inside", "fan, sun"),
}


def of_fault(fault: str) -> Trouble:
    """`fault` as it is stated: what, and perhaps which after a colon."""
    head, _, which = fault.partition(":")
    known = FAULTS.get(head, Trouble("a fault of this name", "docs/operations.md"))
    return Trouble(f"{head}{f' {which}' if which else ''}: {known.words}", known.todo)


def outage(health: Mapping[str, object]) -> Trouble:
    """Why it serves nobody, from its health snapshot."""
    name = str(health.get("outage") or "starting")  # "": it has not looked yet
    journal = str(health.get("journal") or "")
    known = JOURNAL.get(journal) if journal else OUTAGES.get(name)
    return known or Trouble(f"it says {name!r}", "see docs/operations.md")


def age(seconds: int) -> str:
    """How long ago, to the nearest unit that says enough."""
    for length, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} seconds"
