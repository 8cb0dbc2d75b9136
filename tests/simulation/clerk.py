"""A clerk with envelopes: loads what central expects, is called away, undoes, adds, makes mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from drivers.simulated.cabinet import Cabinet
from kiosk.core.events import Key
from kiosk.core.scenes import Reclose, WrongDoor
from kiosk.core.staff_scenes import (
    Choosing,
    LoadClosing,
    Loading,
    LoadOpen,
    Trouble,
)
from kiosk.core.upkeep_scenes import Apology, DoorOpen, Entry, Menu, Purpose
from tests.simulation.machine import Machine
from tests.simulation.staff import Badge, Habit, Staff


@dataclass(frozen=True, slots=True)
class Envelope:
    """A result to load, and the dossier code printed on it."""

    cid: str
    dossier: str


class Clerk(Staff):
    """Staff with a pile of envelopes."""

    def __init__(
        self,
        rng: Random,
        machine: Machine,
        cabinet: Cabinet,
        badge: Badge,
        pile: list[Envelope],
        habit: Habit,
    ) -> None:
        super().__init__(rng, machine, cabinet, badge, habit)
        self.pile = pile
        self.inserted: dict[int, str] = {}  # compartment -> cid of what this clerk put there
        self.acts = {
            **self.acts,
            Menu: self._menu,
            Loading: self._hub,
            Choosing: self._choose,
            Apology: self._apology,
            LoadOpen: self._open,
        }

    def _wanted(self) -> bool:
        return bool(self.pile)

    def _menu(self, _scene: Menu) -> None:
        if not self.pile:
            self._leave_it()
        elif self._chance(0.5):
            self.press(Key.CHOOSE, Entry.LOAD)
        else:
            self.read(self.pile[0].dossier)  # no touch needed

    def _hub(self, scene: Loading) -> None:
        if scene.trouble is not Trouble.NONE and self.pile:
            self._troubled(scene)
            return
        if scene.done_cid and self.pile and scene.done_cid == self.pile[0].cid:
            self._loaded(scene)
            return
        if self.pile and self._chance(self.habit.pauses):
            self.press(Key.START)
            self.call_away()
        elif not self.pile:
            self._leave_it()
        elif self._chance(self.habit.types_code):
            self.type(self.pile[0].dossier[-4:], scene.entered, typo=self.habit.typo)
            self.press(Key.CONFIRM)
        else:
            self.read(self.pile[0].dossier)

    def _troubled(self, scene: Loading) -> None:
        mine = scene.add_cid == self.pile[0].cid
        if scene.add_cid and mine and self._chance(self.habit.adds):
            self.press(Key.ANOTHER)
            return
        self.pile.pop(0)  # that one has to wait
        self.press(Key.ERASE)

    def _loaded(self, scene: Loading) -> None:
        done = self.pile.pop(0)
        if scene.session.undo[0] and self._chance(self.habit.undoes):
            self.press(Key.UNDO)
            if self._chance(0.7):
                self.pile.append(done)
        elif self._chance(self.habit.adds):
            self.pile.insert(0, done)  # too thick for one compartment
            self.read(done.dossier)
        else:
            self.press(Key.ERASE)

    def _choose(self, scene: Choosing) -> None:
        mine = self.pile[0].cid if self.pile else ""
        if mine in scene.cids:
            self.press(Key.CHOOSE, str(scene.cids.index(mine)))
        else:
            self.press(Key.BACK)

    def _apology(self, _scene: Apology) -> None:
        if self._chance(0.1) and self.habit.changes_mind:
            self.press(Key.CANCEL)
        else:
            self.press(Key.CONFIRM)

    def _open(self, scene: LoadOpen) -> None:
        number = scene.compartment
        if not self.cabinet.is_open(number):
            return
        mine = self.inserted.get(number) == scene.cid and scene.cid in self.cabinet.papers(number)
        have = any(envelope.cid == scene.cid for envelope in self.pile)
        if not mine and (self.cabinet.papers(number) or self._chance(self.habit.not_empty)):
            self.press(Key.NOT_EMPTY)
        elif not have or self._chance(self.habit.changes_mind):
            self._not_this_one(scene)
        else:
            if not mine and not self._chance(self.habit.puts_nothing):
                self._put(number, scene.cid)
            self._go_on(number)

    def _not_this_one(self, scene: LoadOpen) -> None:
        """The scanner misread, or the clerk has changed his mind."""
        if self.pile and self.pile[0].cid == scene.cid:
            self.pile.pop(0)
        self.press(Key.CANCEL)

    def _put(self, number: int, cid: str) -> None:
        self.cabinet.put(number, cid)
        self.inserted[number] = cid

    def _go_on(self, number: int) -> None:
        if self._chance(self.habit.called_away):
            self.call_away()
        elif self._chance(self.habit.leaves_open):
            self.gone = True
        else:
            self.shut(number)

    def _door_open(self, scene: DoorOpen) -> None:
        """Back from an interruption, and the door still stands open."""
        number, cid = scene.compartment, scene.task.cid
        load = scene.task.purpose is Purpose.LOAD and self.cabinet.is_open(number)
        have = any(envelope.cid == cid for envelope in self.pile)
        if load and have and not self.cabinet.papers(number):
            self._put(number, cid)
        super()._door_open(scene)

    def _close(self, scene: LoadClosing | WrongDoor | Reclose) -> None:
        number = scene.compartment
        mine = self.inserted.pop(number, "")
        if mine and isinstance(scene, LoadClosing) and mine in self.cabinet.papers(number):
            self.cabinet.take(number)
        self.shut(number)
