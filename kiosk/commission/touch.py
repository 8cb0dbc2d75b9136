"""The wizard at the touchscreen: digits gather to a number here, and many answers share one button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from kiosk.commission.session import STOP, Answer, Asked, Text
from ui.face import Closed
from ui.hands import Action, Keyed, Pressed, TouchEvent
from ui.screens import Frame, Screen
from ui.service_screens import WIZARD_DIGITS
from ui.setup_screens import KEY_PAGES, Report, Typing
from ui.texts.say import nfc

OTHER, GO = "other", "go"
TYPE, BACK = "type", "back"  # from a question for a text to its keys, and back
FOOT = 3  # answers that stand below a keypad
TEXT_MAX = 600  # characters; an enrolment letter has up to 500


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
        self._page: Asked | None = None
        self._entered = ""
        self._keys = 0  # which page of keys
        self._typing = False  # keys were asked for
        self._others = False  # the answers that do not fit below the keypad are shown

    @property
    def lang(self) -> str:
        """What the person reads now."""
        return self._frame.lang

    def show(self, page: Asked) -> None:
        """Paint it, with what was typed so far."""
        if self._page is None or page.title != self._page.title:
            self._entered, self._others, self._keys, self._typing = "", False, 0, False
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

    def _seen(self, page: Asked) -> Asked:
        if isinstance(page, Typing):
            return self._with_keys(page)
        if isinstance(page, Report) or page.entered is None:
            return page
        if self._others:
            choices = (GO, *page.choices[FOOT - 1 :])
            return replace(page, entered=None, heed=None, good=None, choices=choices)
        choices = page.choices
        if len(choices) > FOOT:
            choices = (*choices[: FOOT - 1], OTHER)
        return replace(page, entered=self._entered, choices=choices)

    def _with_keys(self, page: Typing) -> Typing:
        """A question that has other answers shows its keys when they are asked for."""
        page = replace(page, entered=self._entered, page=self._keys)
        if page.keys:
            return page
        if self._typing:
            return replace(page, lines=(), choices=(BACK,), keys=True)
        return replace(page, choices=(*page.choices[:-1], TYPE, *page.choices[-1:]))

    def _answer(self, heard: TouchEvent | Closed) -> Answer | None:
        if isinstance(heard, Closed):
            return STOP
        if isinstance(heard, Keyed):
            return self._keyed(heard.text)
        if isinstance(heard, Pressed) and self._page is not None:
            return self._pressed(heard)
        return None

    def _keyed(self, text: str) -> Answer | None:
        if text == "\n":
            return self._confirmed()
        if text == "\b":
            self._entered = self._entered[:-1]
        else:
            self._type(text)
        return None

    def _pressed(self, heard: Pressed) -> Answer | None:
        match heard.action:
            case Action.DIGIT:
                self._type(heard.value)
            case Action.ERASE:
                self._entered = self._entered[:-1]
            case Action.CONFIRM:
                return self._confirmed()
            case Action.CHANGE:
                self._keys = (self._keys + 1) % len(KEY_PAGES)
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

    def _confirmed(self) -> Answer | None:
        typed, self._entered = self._entered.strip(), ""
        if not typed:
            return None
        return Text(typed) if isinstance(self._page, Typing) else int(typed)

    def _type(self, text: str) -> None:
        most = TEXT_MAX if isinstance(self._page, Typing) else WIZARD_DIGITS
        self._entered = nfc(self._entered + text)[:most]

    def _chosen(self, word: str) -> Answer | None:
        if word in (TYPE, BACK) and isinstance(self._page, Typing):
            self._typing = word == TYPE
            return None
        if word == OTHER or (self._others and word == GO):
            self._others = word == OTHER
            return None
        self._others = False
        return word
