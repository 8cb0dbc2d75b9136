"""One round before a person: questions to a console, pulses to a rig, what was found to the disk.

The law of this file: what was found is on the disk before the next lock is pulsed, so that a power cut
costs one door at most. The only waiting is `Rig.wait`, or a queue that nobody fills.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from drivers.doors import DoorsRead, PulseDone
from kiosk.commission import show, wizard
from kiosk.commission.find import Answering, Looking
from kiosk.commission.plan import Plan
from kiosk.commission.rig import POLL_S
from kiosk.commission.state import Choice, Chosen, Event, Found, Keep, State, Step, Tick, Typed
from kiosk.commission.wall import Wall, grid
from ui.service_screens import Wizard
from ui.setup_screens import Report, Typing

STOP = "stop"


@dataclass(frozen=True, slots=True)
class Text:
    """A text that was typed or scanned where `Typing` asks for one."""

    text: str


Answer = int | str | Text  # a number that was typed, one of the offered words, a text
Asked = Wizard | Typing | Report


class Console(Protocol):
    """Terminal or touchscreen."""

    def show(self, page: Asked) -> None:
        """Let the person read this, if it is not there already."""
        ...

    def poll(self) -> list[Answer]:
        """What was answered since the last call. An end of input is STOP, again and again."""
        ...

    def tell(self, lines: Sequence[str]) -> None:
        """Plain lines: the report."""
        ...


class Locks(Protocol):
    """What a round needs of `Rig`."""

    def pulse(self, virtual: int) -> None:
        """One pulse."""
        ...

    def wait(self) -> list[DoorsRead | PulseDone]:
        """What happened, or nothing after a moment."""
        ...


def conduct(
    plan: Plan,
    found: tuple[Found, ...],
    locks: Locks,
    console: Console,
    up_ms: Callable[[], int],
    keep: Callable[[tuple[Found, ...]], None],
) -> State:
    """Lead through the round; the state at its end is DONE or STOPPED."""
    state = wizard.start(plan, up_ms(), found)
    while state.step not in (Step.DONE, Step.STOPPED):
        console.show(show.page(state))
        events: list[Event] = [_event(answer) for answer in console.poll()]
        for event in (*events, *locks.wait(), Tick()):
            state, effects = wizard.step(state, event, up_ms())
            for effect in effects:
                if isinstance(effect, Keep):
                    keep(state.found)
                else:
                    locks.pulse(effect.virtual)
    return state


def _event(answer: Answer) -> Event:
    if isinstance(answer, int):
        return Typed(answer)
    known = isinstance(answer, str) and answer in set(Choice)
    return Chosen(Choice(str(answer))) if known else Tick()


def ask(console: Console, page: Asked, also: Callable[[], Answer | None] = lambda: None) -> Answer:
    """Show a question until it is answered with what it asks for, one of its words, or STOP.

    `also` is asked in between, and may answer: a scanner, a stick.
    """
    nobody: queue.SimpleQueue[None] = queue.SimpleQueue()
    while True:
        console.show(page)
        for answer in console.poll():
            if answer == STOP or _fits(page, answer):
                return answer
        other = also()
        if other is not None:
            return other
        try:
            nobody.get(timeout=POLL_S)
        except queue.Empty:
            continue


def _fits(page: Asked, answer: Answer) -> bool:
    match answer:
        case int():
            return isinstance(page, Wizard) and page.entered is not None
        case Text():
            return isinstance(page, Typing)
        case _:
            return answer in page.choices


def ask_wall(console: Console) -> Wall | None:
    """Columns, rows, and how the numbers run; None: stopped."""
    heed = None
    while True:
        asked = []
        for key in ("columns", "rows"):
            page = Wizard(show.phrase(key), heed=heed, entered="", choices=(STOP,))
            answer = ask(console, page)
            if not isinstance(answer, int):
                return None
            asked.append(answer)
            heed = None
        lines = (show.phrase("order_from"),)
        order = Wizard(show.phrase("order"), lines, choices=("down", "across", STOP))
        answer = ask(console, order)
        if answer == STOP:
            return None
        wall = grid(asked[0], asked[1], down=answer == "down")
        if wall is not None:
            return wall
        heed = show.phrase("too_many")


def show_looking(console: Console, at: Looking) -> bool:
    """Where the search is; False: the person stops it."""
    line = show.phrase("looking_at", port=show.short(at.port), family=at.family, n=at.board)
    title = show.phrase("looking")
    console.show(Wizard(title, (line,), choices=(STOP,), done=at.done, total=at.total))
    return STOP not in console.poll()


def confirm_boards(console: Console, answering: tuple[Answering, ...]) -> Answer:
    """What was found: `go`, `look` or STOP."""
    if not answering:
        heed = show.phrase("no_boards")
        return ask(console, Wizard(show.phrase("looking"), heed=heed, choices=("look", STOP)))
    lines = tuple(
        show.phrase(
            "board", port=show.short(one.port), family=one.family, boards=show.listed(one.boards)
        )
        for one in answering
    )
    return ask(console, Wizard(show.phrase("boards"), lines, choices=("go", "look", STOP)))
