"""The wizard at the touchscreen: digits gather to a number here, and many answers share one button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from kiosk.commission.session import STOP, Answer
from ui.face import Closed
from ui.hands import Action, Pressed, TouchEvent
from ui.screens import Frame, Screen
from ui.service_screens import WIZARD_DIGITS, Wizard

OTHER, GO = "other", "go"
FOOT = 3  # answers that stand below a keypad


class Window(Protocol):
    """What is needed of `ui.face.Face`."""

    def show(self, screen: Screen) -> None:
        """Paint it."""
        ...

    def poll(self, up_ms: int) -> list[TouchEvent | Closed]:
        """What the hands did."""
        ...


class TouchConsole:
    """A `Console` over the touchscreen. For one thread."""

    def __init__(
        self,
        window: Window,
        frame: Frame,
        up_ms: Callable[[], int],
        now: Callable[[], datetime],
    ) -> None:
        """`now`: local time, for the head of the screen."""
        self._window = window
        self._frame = frame
        self._up_ms = up_ms
        self._now = now
        self._page: Wizard | None = None
        self._entered = ""
        self._others = False  # the answers that do not fit below the keypad are shown

    def show(self, page: Wizard) -> None:
        """Paint it, with the digits typed so far."""
        if self._page is None or page.title != self._page.title:
            self._entered, self._others = "", False
        self._page = page
        minute = self._now().replace(second=0, microsecond=0)
        self._frame = replace(self._frame, now=minute)
        self._window.show(Screen(self._frame, self._seen(page)))

    def poll(self) -> list[Answer]:
        """What was touched."""
        heard = self._window.poll(self._up_ms())
        answers = [self._answer(one) for one in heard]
        return [answer for answer in answers if answer is not None]

    def tell(self, lines: Sequence[str]) -> None:
        """A report has no room here: the page that follows names its file."""
        del lines

    def _seen(self, page: Wizard) -> Wizard:
        if page.entered is None:
            return page
        if self._others:
            choices = (GO, *page.choices[FOOT - 1 :])
            return replace(page, entered=None, heed=None, good=None, choices=choices)
        choices = page.choices
        if len(choices) > FOOT:
            choices = (*choices[: FOOT - 1], OTHER)
        return replace(page, entered=self._entered, choices=choices)

    def _answer(self, heard: TouchEvent | Closed) -> Answer | None:
        if isinstance(heard, Closed):
            return STOP
        if not isinstance(heard, Pressed) or self._page is None:
            return None
        match heard.action:
            case Action.DIGIT:
                self._entered = (self._entered + heard.value)[:WIZARD_DIGITS]
            case Action.ERASE:
                self._entered = self._entered[:-1]
            case Action.CONFIRM if self._entered:
                number, self._entered = int(self._entered), ""
                return number
            case Action.LANGUAGE:
                lang = "en" if self._frame.lang == "vi" else "vi"
                self._frame = replace(self._frame, lang=lang)
            case Action.TEXT_SIZE:
                self._frame = replace(self._frame, large=not self._frame.large)
            case Action.CHOOSE:
                return self._chosen(heard.value)
            case _:
                pass
        return None

    def _chosen(self, word: str) -> Answer | None:
        if word == OTHER or (self._others and word == GO):
            self._others = word == OTHER
            return None
        self._others = False
        return word
