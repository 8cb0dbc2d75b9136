"""The words of a message to a technician: one SMS, unaccented, without a name, a dossier or a link. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sync.central.people import seven_bit, unaccented
from sync.central.texts import SMS_CHARACTERS, local

TOGETHER = 3  # kiosks that are silent at once are one network
_WRONG = "ATM ho so: {what}. Xem trang trung tam de biet phai lam gi"
_OVER = "ATM ho so: da het: {what}"
_MORE = "va {n} viec nua"
LONGEST_KIOSK = 24


@dataclass(frozen=True, slots=True)
class Said:
    """One alarm: where, what (its name in Vietnamese), since when in ms."""

    kiosk: str
    name: str
    silent: bool
    since_ms: int
    compartment: int = 0


def wrong(found: Sequence[Said]) -> str:
    """What has gone wrong, in one SMS."""
    quiet = [one for one in found if one.silent]
    told = [_one(one) for one in found if not one.silent]
    if len(quiet) >= TOGETHER:
        since = min(one.since_ms for one in quiet)
        told.append(
            f"{len(quiet)} tu mat lien lac cung luc tu {local(since):%H:%M}:"
            " mot su co mang, tu van phuc vu"
        )
    else:
        told += [f"{_one(one)} tu {local(one.since_ms):%H:%M}, tu van phuc vu" for one in quiet]
    return _fitted(_WRONG, told)


def over(found: Sequence[Said]) -> str:
    """What is over again, in one SMS."""
    quiet = [one for one in found if one.silent]
    told = [_one(one) for one in found if not one.silent]
    if len(quiet) >= TOGETHER:
        told.append(f"{len(quiet)} tu da lien lac lai")
    else:
        told += [_one(one) for one in quiet]
    return _fitted(_OVER, told)


def _one(one: Said) -> str:
    door = f" ngan {one.compartment}" if one.compartment else ""
    name = unaccented(one.name)
    return f"{one.kiosk[:LONGEST_KIOSK]} {name[:1].lower()}{name[1:]}{door}"


def _fitted(frame: str, told: Sequence[str]) -> str:
    """As many as fit, and how many more there are; the first always fits."""
    for kept in range(len(told), 0, -1):
        parts = [*told[:kept]]
        if kept < len(told):
            parts.append(_MORE.format(n=len(told) - kept))
        text = "".join(c if seven_bit(c) else "?" for c in frame.format(what="; ".join(parts)))
        if len(text) <= SMS_CHARACTERS:
            return text
    return frame.format(what=_MORE.format(n=len(told)))[:SMS_CHARACTERS]
