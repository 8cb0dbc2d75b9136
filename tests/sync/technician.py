"""One technician hears of alarms: what central is told, and what has come of it."""

from __future__ import annotations

import json

from sqlalchemy import select

from sync.central import alarm_messages, watching
from sync.central.adapters import Spool
from sync.central.alarm_duty import tell_technicians
from sync.central.enrol import enrol_kiosk
from sync.central.tables import Alarm
from tests.pages.town import local_ms
from tests.sync.test_central_journal import take
from tests.sync.world import KIOSK, Keys, World

PHONE = "0912345678"
MORNING = local_ms("2026-11-20 09:30")


def state(world: World, kind: str, **fields: object) -> None:
    take(world, world.journal.state(kind, **fields))


def heard(world: World, *kiosks: str) -> None:
    with world.store.begin() as session:
        for name in kiosks or (KIOSK,):
            watching.heard(session, world.store.kiosk(session, name), world.now.ms)


def told(world: World) -> list[str]:
    """What the technician has got so far."""
    tell_technicians(world.store)
    folder = world.store.settings.folder / "spool"
    alarm_messages.send_due(world.store, Spool(folder))
    files = sorted(folder.glob("alarm-*.json"), key=lambda file: int(file.stem[6:]))
    messages = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    assert {(m["to"], m["kind"], m["cid"]) for m in messages} <= {(PHONE, "alarm", "")}
    assert all(len(m["text"]) <= 160 and m["text"].isascii() for m in messages)
    return [m["text"] for m in messages]


def open_alarms(world: World) -> list[tuple[str, str]]:
    with world.store.begin() as session:
        found = session.scalars(select(Alarm).where(Alarm.ended_ms == 0).order_by(Alarm.id))
        return [(one.kind, one.what) for one in found]


def town_of(world: World, count: int) -> list[str]:
    names = [f"k{number:02}" for number in range(count)]
    for name in names:
        enrol_kiosk(world.store, name, Keys().public(), unit="P.Mẫu", address=f"{name} Đường 7")
    return names
