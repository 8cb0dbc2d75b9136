"""A member of staff with envelopes: logs in, loads what central expects, is called away, makes mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from drivers.simulated.cabinet import Cabinet
from kiosk.core.events import Key
from kiosk.core.scenes import Closed, Idle, Out, Reclose, Told, WrongDoor
from kiosk.core.staff_scenes import (
    Choosing,
    LoadClosing,
    Loading,
    LoadOpen,
    LoadOpening,
    Login,
    LoginTrouble,
    Step,
    Trouble,
)
from tests.simulation.actor import Actor
from tests.simulation.machine import Machine

MOST_LOGINS = 4


@dataclass(frozen=True, slots=True)
class Badge:
    """Number, PIN and authenticator of one member of staff."""

    number: str
    pin: str
    totp: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A result to load, and the dossier code printed on it."""

    cid: str
    dossier: str


@dataclass(frozen=True, slots=True)
class Habit:
    """Chances from 0 to 1."""

    typo: float = 0.0
    walks_off: float = 0.0
    types_code: float = 0.3
    puts_nothing: float = 0.0  # closes an empty compartment
    changes_mind: float = 0.0  # says so
    not_empty: float = 0.0  # presses it for no reason
    leaves_open: float = 0.0


GOOD = Habit()


class Clerk(Actor):
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
        super().__init__(f"staff {badge.number}", rng, machine, cabinet)
        self.badge = badge
        self.pile = pile
        self.habit = habit
        self.logins = 0
        self.inserted: dict[int, str] = {}  # compartment -> cid of what this clerk put there
        self.last_totp = ""
        self.noise = 0.0
        self.acts = {
            Idle: self._begin,
            Out: self._begin,
            Login: self._login,
            Loading: self._hub,
            Choosing: self._choose,
            LoadOpening: self._opening,
            LoadOpen: self._open,
            LoadClosing: self._close,
            WrongDoor: self._close,
            Reclose: self._close,
            Told: lambda _: self.press(Key.FINISH),
            Closed: lambda _: self.press(Key.SKIP),
        }

    def glance(self) -> int | None:
        self.gone |= self._chance(self.habit.walks_off)
        return super().glance()

    def _chance(self, chance: float) -> bool:
        return chance > 0 and self.rng.random() < chance

    def _begin(self, _scene: object) -> None:
        self.logins += 1
        if not self.pile or self.logins > MOST_LOGINS:
            self.gone = True
        else:
            self.press(Key.STAFF)

    def _login(self, scene: Login) -> None:
        if scene.trouble is not LoginTrouble.NONE:
            self.logins += 1
            self.gone |= scene.trouble is not LoginTrouble.REFUSED or self.logins > MOST_LOGINS
        if scene.step is Step.NUMBER:
            self.type(self.badge.number, scene.number)
        elif scene.step is Step.PIN:
            self.type(self.badge.pin, scene.pin, typo=self.habit.typo)
        elif scene.step is Step.TOTP:
            self.last_totp = self.badge.totp()
            self.type(self.last_totp, scene.totp, typo=self.habit.typo)
        self.press(Key.CONFIRM)

    def _hub(self, scene: Loading) -> None:
        if scene.trouble is not Trouble.NONE and self.pile:
            self.pile.pop(0)  # that one has to wait
            self.press(Key.ERASE)
            return
        if scene.done_cid and self.pile and scene.done_cid == self.pile[0].cid:
            self.pile.pop(0)
        if not self.pile:
            self.press(Key.SIGN_OUT)
            self.gone = True
        elif self._chance(self.habit.types_code):
            self.type(self.pile[0].dossier[-4:], scene.entered, typo=self.habit.typo)
            self.press(Key.CONFIRM)
        else:
            self.scan(self.pile[0].dossier)

    def _choose(self, scene: Choosing) -> None:
        mine = self.pile[0].cid if self.pile else ""
        if mine in scene.cids:
            self.press(Key.CHOOSE, str(scene.cids.index(mine)))
        else:
            self.press(Key.BACK)

    def _opening(self, scene: LoadOpening) -> None:
        self.pull(scene.compartment)
        if scene.stuck:
            self.press(Key.CANCEL if scene.retried else Key.RETRY)

    def _open(self, scene: LoadOpen) -> None:
        number = scene.compartment
        if not self.cabinet.is_open(number):
            return
        mine = self.inserted.get(number) == scene.cid and scene.cid in self.cabinet.papers(number)
        if not mine and (self.cabinet.papers(number) or self._chance(self.habit.not_empty)):
            self.press(Key.NOT_EMPTY)
        elif self._chance(self.habit.changes_mind):
            if self.pile:
                self.pile.pop(0)
            self.press(Key.CANCEL)
        else:
            if not mine and not self._chance(self.habit.puts_nothing):
                self.cabinet.put(number, scene.cid)
                self.inserted[number] = scene.cid
            if self._chance(self.habit.leaves_open):
                self.gone = True
            else:
                self.shut(number)

    def _close(self, scene: LoadClosing | WrongDoor | Reclose) -> None:
        number = scene.compartment
        mine = self.inserted.pop(number, "")
        if mine and isinstance(scene, LoadClosing) and mine in self.cabinet.papers(number):
            self.cabinet.take(number)
        self.shut(number)
