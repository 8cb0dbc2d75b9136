"""Anybody with a staff number: logs in, unlocks, opens doors for a task, and says truly what was inside.

Clerks and keepers differ in what they come for; a scene that is nobody's business leads back to the menu.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
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
)
from kiosk.core.upkeep_scenes import (
    Answer,
    Apology,
    Audit,
    CabinetView,
    DoorAsk,
    DoorOpen,
    DoorOpening,
    KioskState,
    Menu,
    Purpose,
    Reasons,
    Service,
    Settings,
    Story,
    TakeList,
    Unlock,
)
from tests.simulation.actor import Actor
from tests.simulation.machine import Machine

MOST_LOGINS = 4
SHOWS_CARD = 0.3  # and types no number
CARD = "079123456789|012345678|NGƯỜI KHÔNG CÓ THẬT|01011990|Nam|Không nơi nào|01012021"


@dataclass(frozen=True, slots=True)
class Badge:
    """Number, PIN and authenticator of one member of staff; `label` is what stands on an envelope."""

    number: str
    pin: str = field(repr=False)
    totp: Callable[[], str]
    label: Callable[[str], str]
    card: str = field(default="", repr=False)


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
    misreads: float = 0.0  # the scanner does
    adds: float = 0.0  # a second compartment
    undoes: float = 0.0
    pauses: float = 0.0  # for a citizen, in one touch
    called_away: float = 0.0  # in the middle of a door, and comes back
    leaves_papers: float = 0.0  # does not take back what was asked for


GOOD = Habit()


class Staff(Actor):
    """A member of staff. `away_ms`: how soon this person comes back; 0: not at all."""

    def __init__(
        self, rng: Random, machine: Machine, cabinet: Cabinet, badge: Badge, habit: Habit
    ) -> None:
        super().__init__(f"staff {badge.number}", rng, machine, cabinet)
        self.badge = badge
        self.habit = habit
        self.logins = 0
        self.wrong_pins = 0
        self.away_ms = 0
        self.last_totp = ""
        self.noise = 0.0
        self.took: set[int] = set()  # compartments that this person has emptied
        back = self._back
        self.acts = {
            Idle: self._begin,
            Out: self._begin,
            Login: self._login,
            Unlock: self._unlock,
            Menu: lambda _: self._leave_it(),
            DoorOpening: self._door_opening,
            DoorOpen: self._door_open,
            DoorAsk: self._door_ask,
            LoadOpening: self._door_opening,
            LoadOpen: self._somebodys_load,
            LoadClosing: self._close,
            WrongDoor: self._close,
            Reclose: self._close,
            Apology: lambda _: self.press(Key.CANCEL),
            Told: lambda _: self.press(Key.FINISH),
            Closed: lambda _: self.press(Key.SKIP),
            **dict.fromkeys((Loading, Choosing, TakeList, Audit, CabinetView), back),
            **dict.fromkeys((Story, Reasons, Service, KioskState, Settings), back),
        }

    def glance(self) -> int | None:
        self.gone |= self._chance(self.habit.walks_off)
        return super().glance()

    def come_again(self) -> None:
        """Back at the kiosk, with the same errand."""
        self.gone, self.away_ms, self.glances, self.dark, self.logins = False, 0, 0, 0, 0

    def call_away(self) -> None:
        """Only for a while: shorter, or longer, than a session stays open."""
        self.away_ms = self.rng.choice((90_000, 400_000, 700_000))
        self.gone = True

    def _chance(self, chance: float) -> bool:
        return chance > 0 and self.rng.random() < chance

    def _wanted(self) -> bool:
        """Is there anything left to do?"""
        return True

    def _begin(self, _scene: object) -> None:
        self.logins += 1
        if not self._wanted() or self.logins > MOST_LOGINS:
            self.gone = True
        elif self.badge.card and self._chance(SHOWS_CARD):
            self.read(self.badge.card)
        else:
            self.press(Key.STAFF)

    def _login(self, scene: Login) -> None:
        if scene.trouble is not LoginTrouble.NONE:
            self.logins += 1
            self.gone |= scene.trouble is not LoginTrouble.REFUSED or self.logins > MOST_LOGINS
        typo = self.habit.typo
        if scene.step is Step.NUMBER:
            self.type(self.badge.number, scene.number)
        elif scene.step is Step.PIN:
            self.type(self.badge.pin, scene.pin, typo=typo)
        elif scene.step is Step.TOTP:
            self.last_totp = self.badge.totp()
            self.type(self.last_totp, scene.totp, typo=typo)
        elif scene.step is Step.TOTP2:
            if self.badge.totp() == self.last_totp:
                return  # the next code shows within half a minute
            self.last_totp = self.badge.totp()
            self.type(self.last_totp, scene.totp2, typo=typo)
        self.press(Key.CONFIRM)

    def _unlock(self, scene: Unlock) -> None:
        if scene.checking:
            return
        self.wrong_pins += scene.trouble
        if scene.session.staff != self.badge.number or self.wrong_pins > MOST_LOGINS:
            self.press(Key.SIGN_OUT)
            return
        self.type(self.badge.pin, scene.pin, typo=self.habit.typo)
        self.press(Key.CONFIRM)

    def _leave_it(self) -> None:
        self.press(Key.SIGN_OUT)
        self.gone = True

    def _back(self, _scene: object) -> None:
        self.press(Key.BACK)

    def read(self, text: str) -> None:
        """Hold an envelope before a scanner that may misread it."""
        if self._chance(self.habit.misreads):
            at = self.rng.randrange(max(1, len(text)))
            wrong = self.rng.choice((text[:at] + text[at + 1 :], text[:-1] + "7", CARD, ""))
            text = self.rng.choice((wrong, text[:at] + self.rng.choice("0123X") + text[at + 1 :]))
        self.scan(text)

    # Doors

    def _door_opening(self, scene: DoorOpening | LoadOpening) -> None:
        self.pull(scene.compartment)
        if scene.stuck:
            self.press(Key.CANCEL if scene.retried else Key.RETRY)

    def _door_open(self, scene: DoorOpen) -> None:
        number, task = scene.compartment, scene.task
        if not self.cabinet.is_open(number):
            return
        takes = task.purpose in (Purpose.TAKE_BACK, Purpose.UNDO)
        papers = self.cabinet.papers(number)
        if takes and not self._chance(self.habit.leaves_papers):
            self.took.add(number)
            self.cabinet.take(number)
        elif papers and self._chance(0.5):
            self.read(self.badge.label(papers[0]) if len(set(papers)) == 1 else "")
        if self._chance(self.habit.called_away):
            self.call_away()
        if self._chance(self.habit.leaves_open):
            self.gone = True
        else:
            self.shut(number)

    def _door_ask(self, scene: DoorAsk) -> None:
        """The truth, by what really lies there."""
        number, task = scene.task.compartment, scene.task
        if self.cabinet.is_open(number):
            self.shut(number)
            return
        if self._chance(self.habit.called_away):
            self.call_away()
            return
        self.press(Key.CHOOSE, str(self._truth(number, task.purpose, task.cid)))

    def _truth(self, number: int, purpose: Purpose, cid: str) -> Answer:
        papers = set(self.cabinet.papers(number))
        if purpose is Purpose.UNDO:
            return Answer.LEFT if papers else Answer.TAKEN
        if purpose is Purpose.LOAD and not papers:
            return Answer.TAKEN
        if papers == {cid} and purpose is not Purpose.TEST:
            return Answer.LEFT
        if papers:
            return Answer.OTHER
        taken = purpose is Purpose.TAKE_BACK and number in self.took
        return Answer.TAKEN if taken else Answer.EMPTY

    def _somebodys_load(self, scene: LoadOpen) -> None:
        """Somebody was called away from this door."""
        papers = set(self.cabinet.papers(scene.compartment))
        if papers == {scene.cid}:
            self.shut(scene.compartment)
        else:
            self.press(Key.NOT_EMPTY if papers else Key.CANCEL)

    def _close(self, scene: LoadClosing | WrongDoor | Reclose) -> None:
        self.shut(scene.compartment)
