"""Those who come to collect: careful, clumsy, forgetful, disputing, with QR or digits, or walking off."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from drivers.simulated.cabinet import Cabinet
from kiosk.core.events import Key
from kiosk.core.scenes import (
    Again,
    Closed,
    Code,
    Digits,
    Idle,
    Next,
    Open,
    Opening,
    Out,
    Paused,
    PutBack,
    Ready,
    Reclose,
    Refused,
    Scene,
    Stuck,
    Told,
    WrongDoor,
)
from kiosk.core.staff_scenes import LoadClosing, LoadOpen, Login
from kiosk.core.upkeep_scenes import DoorOpen
from tests.simulation.actor import Actor
from tests.simulation.machine import Machine

DISPUTES = (Key.DISPUTE_EMPTY, Key.DISPUTE_NOT_MINE, Key.DISPUTE_MISSING)


@dataclass(frozen=True, slots=True)
class Errand:
    """What somebody comes with. `qr` "" means: typed."""

    cid: str
    known: str
    code: str
    qr: str = ""


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody behaves: chances from 0 to 1."""

    typo: float = 0.0
    walks_off: float = 0.0  # at each glance
    cancels: float = 0.0
    leaves_open: float = 0.0
    disputes: float = 0.0
    forgets: float = 0.0
    not_mine: float = 0.0
    slow: bool = False


CAREFUL = Manner()


def manner(rng: Random) -> Manner:
    """One of the people of the ward."""
    return rng.choice(
        (
            CAREFUL,
            Manner(typo=0.08, cancels=0.1),
            Manner(walks_off=0.08),
            Manner(leaves_open=0.6),
            Manner(disputes=0.8),
            Manner(forgets=0.9, typo=0.02),
            Manner(not_mine=0.7),
            Manner(slow=True, typo=0.03, forgets=0.2),
        )
    )


class Citizen(Actor):
    """Somebody with an errand."""

    def __init__(
        self,
        name: str,
        rng: Random,
        machine: Machine,
        cabinet: Cabinet,
        errand: Errand,
        manner: Manner,
    ) -> None:
        super().__init__(name, rng, machine, cabinet)
        self.errand = errand
        self.manner = manner
        self.tries = 0
        self.done = False
        self.held_up = False  # by anything that was not this person's doing
        self.noise = 0.0 if manner is CAREFUL else 0.04
        self.acts = {
            Idle: self._idle,
            Digits: self._digits,
            Code: self._code,
            Refused: self._refused,
            Paused: self._over,
            Told: self._told,
            Ready: self._ready,
            Opening: self._opening,
            Stuck: self._stuck,
            Open: self._open,
            PutBack: self._put_back,
            WrongDoor: self._close_it,
            Next: self._next,
            Closed: self._closed,
            Again: self._again,
            Reclose: self._close_it,
            LoadOpen: self._close_it,
            LoadClosing: self._close_it,
            DoorOpen: self._close_it,
            Login: self._login,
            Out: self._out,
        }

    def _chance(self, chance: float) -> bool:
        return chance > 0 and self.rng.random() < chance

    def glance(self) -> int | None:
        self.gone |= self._chance(self.manner.walks_off)
        return super().glance()

    def _look(self, scene: Scene) -> None:
        self.held_up |= type(scene) not in self.acts  # staff stand here, or have left a lock behind
        super()._look(scene)

    def pace(self) -> int:
        return self.rng.randint(1_500, 25_000) if self.manner.slow else super().pace()

    def _idle(self, _scene: Idle) -> None:
        if self.done or self.tries >= 3:
            self.gone = True
        elif self.errand.qr:
            self.tries += 1
            self.scan(self.errand.qr)
        else:
            self.tries += 1
            self.press(Key.START)

    def _digits(self, scene: Digits) -> None:
        self.type(self.errand.known, scene.entered, typo=self.manner.typo)
        self.press(Key.CANCEL if self._chance(self.manner.cancels) else Key.CONFIRM)

    def _code(self, scene: Code) -> None:
        if scene.known != self.errand.known:
            self.press(Key.CHANGE)
            return
        self.type(self.errand.code, scene.entered, typo=self.manner.typo)
        self.press(Key.CANCEL if self._chance(self.manner.cancels) else Key.CONFIRM)

    def _refused(self, scene: Refused) -> None:
        self.tries += 1
        if self.tries > 4:
            self._over(scene)
        else:
            self.press(self.rng.choice((Key.RETRY, Key.RETRY, Key.CHANGE)))

    def _over(self, _scene: object) -> None:
        self.done = True
        self.press(Key.FINISH)

    def _told(self, _scene: Told) -> None:
        self.done = True
        self.press(self.rng.choice((Key.FINISH, Key.FINISH, Key.RETRY)))

    def _ready(self, _scene: Ready) -> None:
        self.press(Key.NOT_MINE if self._chance(self.manner.not_mine) else Key.OPEN)

    def _opening(self, scene: Opening) -> None:
        self.pull(scene.compartment)

    def _stuck(self, scene: Stuck) -> None:
        self.pull(scene.compartment)
        self.press(Key.FINISH if scene.retried else Key.RETRY)

    def _open(self, scene: Open) -> None:
        number = scene.compartment
        if not self.cabinet.is_open(number):
            return  # a contact may lie, or bounce
        found = self.take(number)
        wrong = not found and self.errand.cid not in self.papers
        if not scene.grant.reopened and (wrong or self._chance(self.manner.disputes)):
            self._give_back(number)
            self.press(self.rng.choice(DISPUTES))
            return
        if self._chance(self.manner.leaves_open):
            self.gone = True
        else:
            self.shut(number)

    def _give_back(self, number: int) -> None:
        for paper in self.papers:
            self.cabinet.put(number, paper)
        self.papers.clear()

    def _put_back(self, scene: PutBack) -> None:
        self._give_back(scene.compartment)
        self.shut(scene.compartment)

    def _close_it(self, scene: WrongDoor | Reclose | LoadOpen | LoadClosing | DoorOpen) -> None:
        self.held_up = True
        self.shut(scene.compartment)

    def _next(self, _scene: Next) -> None:
        self.press(Key.OPEN)

    def _closed(self, scene: Closed) -> None:
        self.done = True
        again = not scene.grant.reopened or self.rng.random() < 0.3
        if self._chance(self.manner.forgets) and again:
            self.press(Key.FORGOT)
        elif self.rng.random() < 0.4 and not scene.rated:
            self.press(Key.RATE, self.rng.choice("12345"))
        else:
            self.press(self.rng.choice((Key.SKIP, Key.FINISH, Key.ANOTHER)))
            self.gone = True

    def _again(self, scene: Again) -> None:
        self.type(self.errand.known, scene.entered, typo=self.manner.typo)
        self.press(Key.CONFIRM)

    def _login(self, _scene: Login) -> None:
        self.press(Key.CANCEL)

    def _out(self, _scene: Out) -> None:
        self.held_up = True
