"""`kiosk run`, if it serves: what it says of itself, and of what it holds.

Ports and readers are held exclusively. While `run` has them the doctor opens none of them; it asks.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from drivers.devices import Device
from kiosk.doctor.findings import Finding, doubt, numbers, well, wrong
from kiosk.plain_words import AUDITS, CONTACT_S, age, outage
from sync.framing import LineError
from sync.line import Line

ANSWER_S = 5.0
_DEVICES = tuple(f"{device}_" for device in Device)


@dataclass(frozen=True, slots=True)
class Serving:
    """Whether `kiosk run` is there. `health` is empty when it is not, or did not answer."""

    there: bool
    health: Mapping[str, object] = field(default_factory=dict)
    why_not: str = ""  # it is there, but gave no answer: why

    def troubles(self, device: Device) -> list[tuple[str, str]]:
        """(trouble, name) of every device of this kind that `run` finds broken."""
        heads = [(fault.partition(":"), f"{device}_") for fault in _texts(self.health, "faults")]
        return [(w.removeprefix(d), name) for (w, _, name), d in heads if w.startswith(d)]


def look(path: Path, answer_s: float = ANSWER_S) -> Serving:
    """Ask at the socket."""
    if not _listens(path):
        return Serving(there=False)
    try:
        return Serving(there=True, health=Line(path, answer_s).status())
    except LineError as error:
        return Serving(there=True, why_not=str(error))


def _listens(path: Path) -> bool:
    """A socket that is left over from a killed `run` lets nobody in; one of another user does exist."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(ANSWER_S)
        try:
            probe.connect(str(path))
        except OSError as error:
            return error.errno in (errno.EACCES, errno.EPERM, errno.EAGAIN)
    return True


def check(serving: Serving) -> Iterator[Finding]:
    """What `run` says of itself."""
    if not serving.there:
        yield doubt(
            "kiosk run",
            "is not running: ports and readers are opened and asked from here",
            "if it should: sudo systemctl start kiosk",
        )
    elif serving.why_not:
        yield wrong(
            "kiosk run",
            f"is there but gives no answer: {serving.why_not}",
            "ask as its own user or as root; if it hangs: sudo systemctl restart kiosk",
        )
    else:
        yield from _said(serving.health)


def _said(health: Mapping[str, object]) -> Iterator[Finding]:
    if health.get("serving") is True:
        yield well("kiosk run", "serves; boards and readers are in its hands and were asked there")
    else:
        why = outage(health)
        yield wrong("kiosk run", f"serves nobody: {why.words}", why.todo)
    others = [f for f in _texts(health, "faults") if not f.startswith(_DEVICES)]
    if others:
        yield wrong(
            "faults",
            f"kiosk run states: {', '.join(others)}",
            "kiosk journal show --kind fault says since when; docs/operations.md what each means",
        )
    for key, todo in (
        ("unchecked", "staff look into them: maintenance, open to check"),
        ("blocked", "staff release them: maintenance, cabinet"),
        ("open", "close them"),
    ):
        found = health.get(key)
        if isinstance(found, list) and found:
            yield doubt(f"{key} doors", f"compartment {numbers([int(n) for n in found])}", todo)
    due = AUDITS.get(str(health.get("audit")))
    if due is not None:
        yield doubt("audit", due.words, due.todo)
    yield _contact(health.get("contact_age_s"))


def _contact(age_s: object) -> Finding:
    todo = "look at kiosk sync's log, the network and [central] url; pickups go on meanwhile"
    if not isinstance(age_s, int):
        return doubt("central", "no contact since kiosk run started", todo)
    words = f"last contact {age(age_s)} ago"
    return doubt("central", words, todo) if age_s > CONTACT_S else well("central", words)


def _texts(health: Mapping[str, object], key: str) -> list[str]:
    found = health.get(key)
    return [str(one) for one in found] if isinstance(found, list) else []
