"""From what is in sight to the demo's window: a pure projection."""

from __future__ import annotations

import pyotp

from kiosk.demo import cast
from kiosk.demo.advice import advice
from kiosk.demo.seen import Seen
from ui.stage_view import DoorView, Envelope, Message, StaffCard, StageView

TOTP_S = 30
GROUPS = (0, 3, 6)  # where a phone number is parted to be read


def stage_view(seen: Seen, totp_secret: str, wall_ms: int) -> StageView:
    """The window at this moment; `wall_ms` since the Unix epoch."""
    doors = _doors(seen)
    return StageView(
        unit=cast.UNIT,
        rows=max(door.row for door in doors),
        columns=max(door.column for door in doors),
        screen_cell=cast.SCREEN_CELL,
        doors=doors,
        envelopes=tuple(
            Envelope(dossier.code, dossier.recipient, *seen.where(dossier))
            for dossier in cast.DOSSIERS
        ),
        messages=tuple(Message(s.id, _spaced(s.to), s.at, s.text) for s in seen.sent),
        staff=staff_card(totp_secret, wall_ms),
        advice=advice(seen),
        power=seen.power,
        network=seen.network,
        reading=seen.reading,
    )


def staff_card(totp_secret: str, wall_ms: int) -> StaffCard:
    """What the demo's clerk types at this moment."""
    second = wall_ms // 1000
    totp = pyotp.TOTP(totp_secret).at(second)
    return StaffCard(cast.STAFF_NUMBER, cast.STAFF_PIN, totp, TOTP_S - second % TOTP_S)


def _doors(seen: Seen) -> tuple[DoorView, ...]:
    """Every door at its place; what lies behind a shut one cannot be seen."""
    plans = {int(str(plan["number"])): plan for plan in cast.wall()}
    return tuple(
        DoorView(
            door.number,
            int(str(plans[door.number]["row"])),
            int(str(plans[door.number]["column"])),
            door.is_open,
            len(door.papers) if door.is_open else 0,
        )
        for door in seen.doors
    )


def _spaced(phone: str) -> str:
    ends = (*GROUPS[1:], len(phone))
    return " ".join(phone[start:end] for start, end in zip(GROUPS, ends, strict=True))
