"""The demo without a display: what happens is printed, and typed lines are the hands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from drivers.simulated.channel import LineError
from kiosk import clock
from kiosk.demo import cast
from kiosk.demo.ending import Ending
from kiosk.demo.lines import LINE_MAX, Lines
from kiosk.demo.player import Player
from kiosk.demo.projection import staff_card
from kiosk.demo.reach import Reach
from kiosk.demo.seen import Seen
from kiosk.demo.stage import DemoError
from ui.hands import Action
from ui.stage_view import Power

LOOK_S = 0.25  # how often news are looked for
DID = {
    Reach.PULL: "pulled",
    Reach.PUT: "the envelope was laid in",
    Reach.TAKE: "the papers were taken out",
    Reach.PUSH: "pushed shut",
}
HELP = """\
What you can type:
  tap ACTION [VALUE]   touch the screen: start, digit 7, confirm, open, rate 5, finish, staff, …
  type DIGITS          touch one digit after the other
  scan CODE            hold an envelope (or anything) before the scanner; an envelope stays in the hand
  door N               pull it; when open: lay the envelope in, or take the papers, or close it
  screen               save the touchscreen as a picture
  staff, envelopes     what a clerk types; where every envelope is
  network on|off, power on|off, help, quit
The whole way:
  1. tap staff · staff · type NUMBER · tap confirm · type PIN · tap confirm · type TOTP · tap confirm
  2. scan H29.915-261118-0042 · door N (lay in) · door N (close) · tap sign_out
  3. a message comes: tap start · type its number's last 4 · tap confirm · type CODE · tap confirm
  4. tap open · door N (take) · door N (close) · tap rate 5"""


class Typed:
    """Obeys one line at a time and prints what is new."""

    def __init__(self, player: Player, totp_secret: str, out: Path) -> None:
        self._player = player
        self._totp_secret = totp_secret
        self._out = out
        self._pictures = 0
        self._shown = Seen(doors=())
        self._commands: dict[str, Callable[[list[str]], bool]] = {
            "help": self._help,
            "screen": self._screen,
            "tap": self._tap,
            "type": self._type,
            "scan": self._scan,
            "door": self._door,
            "staff": self._staff,
            "envelopes": self._envelopes,
            "network": self._network,
            "power": self._power,
        }

    def obey(self, line: str) -> bool:
        """Carry out one typed line; False: it was quit."""
        words = line.split()
        if not words:
            return True
        name, *rest = words
        if name in {"quit", "exit"}:
            return False
        command = self._commands.get(name)
        try:
            if command is None or not command(rest):
                print(f"not understood: {line.strip()[:LINE_MAX]} (help tells more)", flush=True)
        except (DemoError, LineError) as error:
            print(f"that did not work: {error}", flush=True)
        return True

    def report(self) -> None:
        """Print what changed since the last time."""
        before, seen = self._shown, self._player.seen()
        self._shown = seen
        known = {sent.id for sent in before.sent}
        for sent in reversed(seen.sent):
            if sent.id not in known:
                print(f"message to {sent.to} at {sent.at}: {sent.text}", flush=True)
        if (seen.screen, seen.power) != (before.screen, before.power):
            print(f"touchscreen: {seen.screen or 'dark'} (power {seen.power})", flush=True)
        was = {door.number for door in before.doors if door.is_open}
        now = {door.number for door in seen.doors if door.is_open}
        for number in sorted(now ^ was):
            print(f"door {number} is {'open' if number in now else 'closed'}", flush=True)

    def _help(self, rest: list[str]) -> bool:
        print(HELP, flush=True)
        return not rest

    def _screen(self, rest: list[str]) -> bool:
        picture = self._player.picture()
        self._out.mkdir(parents=True, exist_ok=True)
        self._pictures += 1
        path = self._out / f"screen-{self._pictures:02d}.png"
        path.write_bytes(picture)
        print(f"the touchscreen is in {path}", flush=True)
        return not rest

    def _tap(self, rest: list[str]) -> bool:
        actions = {action.value for action in Action}
        if not rest or len(rest) > 2 or rest[0] not in actions:  # noqa: PLR2004  # action, value
            print("actions: " + " ".join(sorted(actions)), flush=True)
            return False
        try:
            self._player.hands.tap(*rest)
        except DemoError:
            print(f"the screen shows nothing to touch for {' '.join(rest)}", flush=True)
        return True

    def _type(self, rest: list[str]) -> bool:
        digits = "".join(rest)
        if not (digits.isascii() and digits.isdigit()):
            return False
        self._player.hands.type(digits)
        return True

    def _scan(self, rest: list[str]) -> bool:
        if rest and not self._player.scan(" ".join(rest)):
            print("without power nothing reads it", flush=True)
        return bool(rest)

    def _door(self, rest: list[str]) -> bool:
        if len(rest) != 1 or not (rest[0].isascii() and rest[0].isdigit()):
            return False
        number = int(rest[0])
        deed = self._player.door(number)
        doors = {door.number: door for door in self._player.seen().doors}
        held_fast = deed is Reach.PULL and not doors[number].is_open
        print(f"door {number}: {DID[deed]}{', it stays locked' * held_fast}", flush=True)
        return True

    def _staff(self, rest: list[str]) -> bool:
        card = staff_card(self._totp_secret, clock.wall_ms())
        print(f"number {card.number}, PIN {card.pin}", end=", ")
        print(f"one-time password {card.totp} for {card.seconds} s", flush=True)
        return not rest

    def _envelopes(self, rest: list[str]) -> bool:
        seen = self._player.seen()
        for dossier in cast.DOSSIERS:
            where, number = seen.where(dossier)
            print(f"{dossier.code}  {dossier.recipient}: {where} {number or ''}".rstrip())
        return not rest

    def _network(self, rest: list[str]) -> bool:
        if rest not in (["on"], ["off"]):
            return False
        self._player.network(on=rest == ["on"])
        print(f"network {rest[0]}", flush=True)
        return True

    def _power(self, rest: list[str]) -> bool:
        if rest not in (["on"], ["off"]):
            return False
        on, powered = rest == ["on"], self._player.seen().power is Power.ON
        if on != powered:
            self._player.power(on=on)
        return True


def play_typed(player: Player, totp_secret: str, out: Path, ending: Ending) -> None:
    """Until quit or a signal; when nothing more can be typed, it goes on all the same."""
    typed, lines = Typed(player, totp_secret, out), Lines("the demo")
    while not ending.asked:
        typed.report()
        for line in lines.wait(LOOK_S):
            if not typed.obey(line):
                return
