"""A kiosk on a line whose card is copied, and whose copy is put back later."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from kiosk.core.events import Key, Pressed
from kiosk.core.scenes import Idle, Out, Reclose
from kiosk.core.upkeep_scenes import Answer, Audit, DoorAsk, DoorOpen, DoorOpening, Entry, Menu
from sync.central.tables import Alarm, Fork
from sync.messages import Kind, Role
from tests.sync.online import Online
from tests.sync.world import World, received


class Carded(Online):
    """Somebody has a second card."""

    def __init__(self, folder: Path, world: World, url: str) -> None:
        super().__init__(folder, world, url, Role.SUPERVISOR)
        self._copy = folder / "copy.db"

    def copy(self) -> int:
        """Copy the card as it is now; its newest row."""
        with (
            sqlite3.connect(self.kiosk.station.path) as card,
            sqlite3.connect(self._copy) as copy,
        ):
            card.backup(copy)
        card.close()
        copy.close()
        return self.kiosk.journal.head.seq

    def put_back(self) -> None:
        """The power goes, and the machine starts from the copy."""
        self.kiosk.cut(meanwhile=self._swap)
        self.kiosk.wait(500)

    def _swap(self) -> None:
        path = self.kiosk.station.path
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        shutil.copy(self._copy, path)

    def audit(self, **found: Answer) -> None:
        """A supervisor looks into every compartment that waits; `cN=`: what lies in it, else nothing."""
        kiosk = self.kiosk
        self.sign_in()
        kiosk.give(Pressed(Key.CHOOSE, Entry.AUDIT))
        self.at(Audit)
        while any(c.unchecked for c in kiosk.state.memory.compartments.values()):
            kiosk.press(Key.CONFIRM)
            number = self.at(DoorOpening).compartment
            kiosk.wait(500)
            self.at(DoorOpen)
            kiosk.cabinet.push(number)
            kiosk.wait(500)
            self.at(DoorAsk)
            kiosk.give(Pressed(Key.CHOOSE, found.get(f"c{number}", Answer.EMPTY)))
        kiosk.press(Key.BACK)
        self.at(Menu)
        kiosk.press(Key.SIGN_OUT)
        self.at(Idle)

    def has_list(self) -> bool:
        """Whether a manifest is in force and open."""
        return self.kiosk.state.manifest is not None

    def unchecked(self) -> set[str]:
        return {c.unchecked for c in self.kiosk.state.memory.compartments.values()}

    def settled(self) -> None:
        """Central and kiosk hold the same rows."""
        self.report()
        assert received(self.world) == [
            row
            for row in self.kiosk.journal.after(0, most=10_000, most_bytes=10**9)
            if isinstance(row, str)
        ]

    def why_out(self) -> str:
        return str(self.at(Out).why)

    def at_rest(self) -> None:
        self.kiosk.wait(500)
        assert isinstance(self.kiosk.scene, Idle | Reclose)

    def alarms(self) -> list[str]:
        with self.world.store.begin() as session:
            rows = session.query(Alarm).order_by(Alarm.id)
            return [alarm.what if alarm.kind == Kind.CONFLICT else alarm.kind for alarm in rows]

    def kept_apart(self) -> list[int]:
        """Rows of the second copy, as central keeps them."""
        with self.world.store.begin() as session:
            return [row.seq for row in session.query(Fork).order_by(Fork.seq)]
