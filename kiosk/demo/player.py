"""Whoever plays with the demo: one hand for envelopes and doors, the two switches, and eyes.

The law of this file: the hand does only what a hand can; what the kiosk makes of it is the kiosk's
business. Doors and papers are the cabinet's, not ours: they are looked at anew each time.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from drivers.simulated.channel import LineError
from kiosk import clock
from kiosk.demo import cast
from kiosk.demo.ending import Ending
from kiosk.demo.hands import ANSWER_S, Hands
from kiosk.demo.post import Post
from kiosk.demo.reach import Reach, reach
from kiosk.demo.seen import Seen, SeenDoor, Sent
from kiosk.demo.stage import DemoError, Stage
from ui.stage_view import Advice, Power

POST_MS = 400  # how often the phone looks for messages


class Player:
    """Hands and eyes of one person before the running stage."""

    def __init__(self, stage: Stage, ending: Ending) -> None:
        self.hands = Hands(stage, None)
        self._stage = stage
        self._ending = ending
        self._screen = ""
        self._held = ""
        self._taken: set[str] = set()
        self._laid: set[int] = set()  # doors behind which this hand put something since they opened
        self._reading = 0
        self._sent: tuple[Sent, ...] = ()
        self._post_at = 0
        self._trouble: Advice | None = None
        stage.cabinet.on_news(self._heard)
        dossiers = {stage.office.register(dossier): dossier.code for dossier in cast.DOSSIERS}
        self._post = Post(stage.spool, dossiers)

    def _heard(self, news: Mapping[str, object]) -> None:
        self._screen = str(news.get("screen", ""))  # on the line's thread; one assignment

    def seen(self) -> Seen:
        """What is in sight now."""
        if clock.up_ms() >= self._post_at:
            self._post_at = clock.up_ms() + POST_MS
            self._sent = self._post.sent()
        powered = self._stage.cabinet.wait_connected(0)
        with self._stage.cabinet.hands() as cabinet:
            doors = tuple(
                SeenDoor(n, cabinet.is_open(n), cabinet.papers(n)) for n in cabinet.compartments
            )
        self._laid &= {door.number for door in doors if door.is_open}
        return Seen(
            doors=doors,
            sent=self._sent,
            screen=self._screen if powered else "",
            power=Power.ON if powered else Power.OFF,
            network=self._stage.wire.plugged,
            held=self._held,
            taken=frozenset(self._taken),
            reading=self._reading,
            trouble=self._trouble,
        )

    def door(self, number: int) -> Reach:
        """A click on a door: pull, put, take or push, as `reach` says; what was tried.

        Raises:
            DemoError: there is no such door.
        """
        with self._stage.cabinet.hands() as cabinet:
            if number not in cabinet.compartments:
                raise DemoError(f"there is no door {number}")
            deed = reach(
                is_open=cabinet.is_open(number),
                holding=bool(self._held),
                papers=bool(cabinet.papers(number)),
                laid=number in self._laid,
            )
            match deed:
                case Reach.PULL:
                    cabinet.pull(number)
                case Reach.PUT:
                    cabinet.put(number, self._held)
                    self._taken.discard(self._held)
                    self._laid.add(number)
                    self._held = ""
                case Reach.TAKE:
                    self._taken |= set(cabinet.take(number))
                case Reach.PUSH:
                    cabinet.push(number)
        return deed

    def push(self, number: int) -> bool:
        """A hand pushes the leaf; whether it moved.

        Raises:
            DemoError: there is no such door.
        """
        with self._stage.cabinet.hands() as cabinet:
            if number not in cabinet.compartments:
                raise DemoError(f"there is no door {number}")
            return cabinet.push(number)

    def envelope(self, code: str) -> None:
        """Pick an envelope up, or put down the one in the hand. One from the desk is scanned."""
        if code == self._held:
            self._held = ""
            return
        self._held = code
        if code not in self._taken:
            self.scan(code)

    def scan(self, text: str) -> bool:
        """Hold something before the scanner; a known envelope stays in the hand. False: no power."""
        if text in {dossier.code for dossier in cast.DOSSIERS} - self._taken - self._inside():
            self._held = text
        try:
            self._stage.cabinet.scan(text)
        except LineError:
            return False
        return True

    def read(self, message: int) -> None:
        """Open one message on the phone."""
        self._reading = message

    def network(self, *, on: bool) -> None:
        """The cable to central."""
        if on:
            self._stage.wire.plug()
        else:
            self._stage.wire.pull()

    def power(self, *, on: bool) -> None:
        """Cut the power, or bring the kiosk back and wait until its doors are connected."""
        self._trouble = None
        self._screen = ""
        self._stage.cut_power()  # also when it ended by itself: nothing of it may be left
        if not on:
            return
        try:
            with self._ending.breaks_off():
                self._stage.start_run()
        except DemoError as error:
            self._trouble = Advice("Tủ không khởi động được.", str(error))

    def picture(self) -> bytes:
        """The touchscreen as PNG.

        Raises:
            LineError: the kiosk does not run.
        """
        answer = self._stage.cabinet.request("picture", ANSWER_S)
        return base64.b64decode(str(answer["png"]))

    def _inside(self) -> set[str]:
        with self._stage.cabinet.hands() as cabinet:
            return {paper for n in cabinet.compartments for paper in cabinet.papers(n)}
