"""Those who come for no good: guessing, fuzzing, showing junk, looking over a clerk's shoulder."""

from __future__ import annotations

from random import Random

from drivers.simulated.cabinet import Cabinet
from kiosk.core.events import Key
from kiosk.core.scenes import Code, Digits, Idle, Paused, Ready, Refused, Told
from kiosk.core.staff_scenes import LoadOpen, Login, Step
from tests.simulation.actor import Actor
from tests.simulation.machine import Machine

JUNK = (
    "",
    "https://example.org/?q=1",
    "079123456789|012345678|NGƯỜI KHÔNG CÓ THẬT|01011990|Nam|Không nơi nào|01012021",
    "HS1.elsewhere.AAAAAAAAAAAAAAAAAAAAAA",
    "HS1.bt-sim.AAAAAAAAAAAAAAAAAAAAAA",
    "H29.915-261121-9999",
    "\u0661\u0662\u0663" * 100,
)


class Guesser(Actor):
    """Knows somebody's phone number, and types one code after the other."""

    def __init__(
        self, rng: Random, machine: Machine, cabinet: Cabinet, *, known: str, tries: int
    ) -> None:
        super().__init__("guesser", rng, machine, cabinet)
        self.known = known
        self.left = tries
        self.noise = 0.0
        self.acts = {
            Idle: self._start,
            Digits: self._digits,
            Code: self._code,
            Refused: lambda _: self.press(Key.RETRY),
            Paused: self._paused,
            Told: lambda _: self.press(Key.RETRY),
            Ready: self.go,
        }

    def pace(self) -> int:
        return self.rng.randint(300, 900)

    def _start(self, _scene: Idle) -> None:
        if self.left <= 0:
            self.gone = True
        self.press(Key.START)

    def _digits(self, scene: Digits) -> None:
        self.type(self.known, scene.entered)
        self.press(Key.CONFIRM)

    def _code(self, scene: Code) -> None:
        self.left -= 1
        self.gone |= self.left <= 0
        self.type(f"{self.rng.randrange(10**8):08d}", scene.entered)
        self.press(Key.CONFIRM)

    def _paused(self, _scene: Paused) -> None:
        self.gone = True


class Vandal(Actor):
    """Touches anything, holds anything before the scanner, pushes and pulls."""

    def __init__(
        self, rng: Random, machine: Machine, cabinet: Cabinet, *, known: list[str]
    ) -> None:
        super().__init__("vandal", rng, machine, cabinet)
        self.known = known
        self.left = rng.randint(20, 80)

    def glance(self) -> int | None:
        self.left -= 1
        if self.left <= 0:
            return None
        chance = self.rng.random()
        if chance < 0.1:
            self.scan(self.rng.choice(JUNK))
        elif chance < 0.15:
            number = self.rng.choice(self.cabinet.compartments)
            self.rng.choice((self.pull, self.shut))(number)
        elif chance < 0.3 and isinstance(self.scene, Digits):
            self.type(self.rng.choice(self.known))
            self.press(Key.CONFIRM)
        else:
            key = self.rng.choice(list(Key))
            if isinstance(self.scene, LoadOpen) and key is Key.CANCEL:
                key = Key.HELP  # the other one says for staff that nothing lies inside
            self.press(key, self.rng.choice("0123456789x") if self.rng.random() < 0.9 else "")
        return self.rng.randint(20, 600)


class Eavesdropper(Actor):
    """Saw number, PIN and TOTP of a clerk, and tries them half a minute later."""

    def __init__(
        self, rng: Random, machine: Machine, cabinet: Cabinet, *, number: str, pin: str, totp: str
    ) -> None:
        super().__init__("eavesdropper", rng, machine, cabinet)
        self.number, self.pin, self.totp = number, pin, totp
        self.noise = 0.0
        self.acts = {Idle: self._begin, Login: self._login}

    def _begin(self, _scene: Idle) -> None:
        if self.glances > 6:
            self.gone = True
        self.press(Key.STAFF)

    def _login(self, scene: Login) -> None:
        if scene.step is Step.NUMBER:
            self.type(self.number, scene.number)
        elif scene.step is Step.PIN:
            self.type(self.pin, scene.pin)
        elif scene.step is Step.TOTP:
            self.type(self.totp, scene.totp)
        self.press(Key.CONFIRM)
        self.gone |= self.glances > 12
