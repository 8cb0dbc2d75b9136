"""`kiosk run`: one inbox, one loop, in this file. The only waiting is `inbox.take`.

Threads of this process: this loop; the lock bank's reader; two workers (manifest, scrypt); the socket's.
All of them only put frozen events into the inbox. The loop takes one, steps the core, carries out the
effects in order, and shows the screen that follows.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from drivers.devices import PadPressed
from drivers.doors import DoorsRead
from drivers.panel.patterns import Light
from drivers.simulated.remote import ScriptRequest
from kiosk import outside, pad, receipt, show, status, upgrades
from kiosk.believed import central_keys
from kiosk.body import Body
from kiosk.carry import Carrier
from kiosk.clock import NowPort
from kiosk.core import automaton, events
from kiosk.core.effects import STICK_OFFER, AnswerOffer, AnswerRows, TakeIn
from kiosk.core.scenes import Idle, Out
from kiosk.core.site import Site
from kiosk.core.state import State
from kiosk.identity import Enrolment, RunKeys
from kiosk.inbox import Inbox
from kiosk.journal import Journal
from kiosk.journal_file import room
from kiosk.journal_values import JournalError, Reason
from kiosk.last_told import LastTold
from kiosk.line import Desk
from kiosk.notify import Heart
from kiosk.replay import in_force, memory_of
from kiosk.restoring import OfferedRows, weigh
from kiosk.script import Script
from kiosk.stick import imported
from kiosk.work import Worker
from ui import hands, screens
from ui.face import Closed, Face
from ui.sound import Speaker

if TYPE_CHECKING:
    from drivers.panel.panel import Panel

IDLE_FRAME_S = 0.05  # how often touches are looked for: 20 times a second costs little
VISIT_FRAME_S = 0.03
SECOND_MS = 1_000
QUARTER_MS = 250  # a screen is projected anew this often even if nothing happens
SPACE_MS = 60_000  # how often the disk's room, and news of an upgrade, are looked at
MEND_MS = 5_000  # how often a journal that failed is tried again
MOST_EVENTS = 64  # taken before the screen is served again
_LOG = logging.getLogger("kiosk.run")


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that `run` was built from; written out in `kiosk.compose`."""

    site: Site
    now: NowPort
    journal_path: Path
    enrolment: Enrolment
    keys: RunKeys
    body: Body
    heart: Heart
    face: Face
    speaker: Speaker
    inbox: Inbox
    desk: Desk
    worker: Worker
    script: Script | None
    upgrade: Path = upgrades.LAST


class RestoredError(Exception):
    """No failure: the journal on the disk is another one now, and the core starts anew from it."""


class Run:
    """The loop, and the little that it must remember besides the core's state."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stopping = False
        self._second = -1
        self._space_at = 0
        self._kept: tuple[State, int, screens.Screen] | None = None
        self._due: tuple[State, int | None] | None = None
        self._answers: list[AnswerOffer | AnswerRows] = []
        self._sound = screens.Sound.NONE
        self._told = LastTold()

    def serve(self) -> None:
        """Until SIGTERM or SIGINT: boot from the journal, run, and boot again when the disk failed."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._parts.body.start(self._parts.inbox.post)
        while not self._stopping:
            try:
                self._live()
            except RestoredError as restored:
                _LOG.warning("%s", restored)
            except JournalError as error:
                _LOG.error("out of service: %s", error)
                self._out_of_order(error.reason)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _live(self) -> None:
        """One life of the core: from the journal on the disk to the end, or to a failure of the disk."""
        parts = self._parts
        parts.heart.slow_work()
        journal = Journal.open(
            parts.journal_path,
            kiosk=parts.site.kiosk,
            epoch=parts.site.epoch,
            key=parts.keys.statement,
        )
        try:
            replayed = memory_of(journal, parts.site)
            memory = replayed.memory
            held = in_force(journal, memory, parts.keys, parts.enrolment)
            parts.worker.believe(central_keys(memory, parts.enrolment))
            recorded: Callable[..., None] = parts.script.recorded if parts.script else _ignore
            carrier = Carrier(
                journal,
                parts.body.bank,
                parts.worker.check_pin,
                self._answers.append,
                recorded,
                parts.worker.read_story,
                parts.desk.call,
                parts.worker.stick,
            )
            aside = journal.aside() is not None
            alarms, made = replayed.alarms, held.made
            state, effects = automaton.start(
                parts.site, memory, held.manifest, parts.now(), made, alarms, aside=aside
            )
            carrier.carry(effects)
            for event in self._told.events():  # of before, when the journal failed in between
                state = self._step(state, event, carrier)
            self._loop(state, carrier, journal)
        finally:
            journal.close()

    def _loop(self, state: State, carrier: Carrier, journal: Journal) -> None:
        """Take, step, carry out, show."""
        while not self._stopping:
            shown = self._show(state, journal)
            state = self._turn(state, carrier, shown)

    def _turn(self, state: State, carrier: Carrier, shown: screens.Screen) -> State:
        parts = self._parts
        item = parts.inbox.take(self._wait_s(state))
        for _ in range(MOST_EVENTS):
            if isinstance(item, ScriptRequest):
                if parts.script is not None:
                    parts.script.carry_out(item, parts.face, shown)
                break  # what it touched is taken, and shown, before the next request
            if item is not None:
                state = self._take(state, item, carrier)
            item = parts.inbox.take(0)
            if item is None:
                break
        for touch in parts.face.poll(parts.now().up_ms):
            if isinstance(touch, Closed):
                self._stopping = True
            elif isinstance(touch, hands.Pressed):
                pressed = events.Pressed(events.Key(touch.action), touch.value)
                state = self._step(state, pressed, carrier)
        due = self._wake_at(state)
        if due is not None and parts.now().up_ms >= due:
            state = self._step(state, events.Tick(), carrier)
        return state

    def _take(
        self, state: State, item: events.Event | PadPressed | OfferedRows, carrier: Carrier
    ) -> State:
        """An event; or a key of the number pad: the screen's own button, if it has one for it; or rows."""
        if isinstance(item, OfferedRows):
            weighed = weigh(carrier.journal, item, state.head_named)
            return self._step(state, weighed, carrier)
        self._told.heard(item)
        if not isinstance(item, PadPressed):
            return self._step(state, item, carrier)
        pressed = pad.pressed(item.key, state.scene, helping=state.face.help)
        return state if pressed is None else self._step(state, pressed, carrier)

    def _step(self, state: State, event: events.Event, carrier: Carrier) -> State:
        after, effects = automaton.step(state, event, self._parts.now())
        carrier.carry(effects)
        if self._parts.body.printer is not None and (slip := receipt.slip(state, after)):
            self._parts.body.printer.print(slip)  # never waits; one that is lost prints nothing
        self._answer(after)
        if any(isinstance(effect, TakeIn) for effect in effects):
            raise RestoredError("own rows came back from central: starting anew from the journal")
        return after

    def _answer(self, after: State) -> None:
        """Tell those who offered something what became of it."""
        if self._answers:  # whoever offered it may ask at once which manifest is in force
            self._parts.worker.believe(central_keys(after.memory, self._parts.enrolment))
            self._parts.desk.goes_by(status.in_force(after))
            for answer in self._answers:
                if isinstance(answer, AnswerRows):
                    self._parts.desk.told(answer)
                elif answer.offer == STICK_OFFER:
                    self._parts.inbox.post(imported(answer.ver, answer.refusal))
                else:
                    self._parts.desk.answered(answer.offer, answer.ver, answer.refusal)
            self._answers.clear()

    def _wait_s(self, state: State) -> float:
        """Until the next look at the touchscreen, or sooner when the core wants to be woken."""
        frame = IDLE_FRAME_S if isinstance(state.scene, Idle | Out) else VISIT_FRAME_S
        due = self._wake_at(state)
        if due is None:
            return frame
        return min(frame, max(0.001, (due - self._parts.now().up_ms) / 1000))

    def _wake_at(self, state: State) -> int | None:
        """Asked once per state: most turns of the loop find nothing new."""
        if self._due is None or self._due[0] is not state:
            self._due = (state, automaton.wake_at(state))
        return self._due[1]

    def _show(self, state: State, journal: Journal) -> screens.Screen:
        """Project, paint, sound; once a second tell the socket's side how things are."""
        parts, now = self._parts, self._parts.now()
        quarter = now.up_ms // QUARTER_MS
        kept = self._kept
        if kept is not None and kept[0] is state and kept[1] == quarter:
            screen = kept[2]  # nothing happened and no second has passed: the same screen
        else:
            screen = show.screen(state, now)
            self._kept = (state, quarter, screen)
        parts.face.show(screen)
        parts.heart.beat(now.up_ms, type(screen.body).__name__)
        parts.speaker.play(screen)
        if parts.body.panel is not None:
            self._outside(parts.body.panel, state, screen.sound)
        if parts.script is not None:
            parts.script.shown(screen)
        if now.up_ms // SECOND_MS != self._second or journal.head.seq != parts.desk.seq:
            self._second = now.up_ms // SECOND_MS
            self._each_second(state, journal)
        return screen

    def _outside(self, panel: Panel, state: State, sound: screens.Sound) -> None:
        """Status light and buzzer; the buzzer only when the screen's sound is another one."""
        panel.light(outside.light(state))
        if sound is not self._sound:
            self._sound = sound
            panel.buzz(outside.buzz(sound))

    def _each_second(self, state: State, journal: Journal) -> None:
        parts, now = self._parts, self._parts.now()
        free = journal.free_bytes()
        health, light = status.health(state, now, free), str(outside.light(state))
        parts.desk.publish(journal.head, status.in_force(state), health, light)
        parts.inbox.post(events.Tick())
        if now.up_ms >= self._space_at:
            self._space_at = now.up_ms + SPACE_MS
            parts.inbox.post(events.SpaceLeft(free))
            parts.inbox.post(upgrades.told(parts.upgrade))

    def _out_of_order(self, why: Reason) -> None:
        """The disk refuses: say so, touch no lock, and try again in a while."""
        parts = self._parts
        until = parts.now().up_ms + MEND_MS
        screen = show.out_of_order(parts.site)
        free = room(parts.journal_path.parent)
        health = status.out_of_order(parts.desk.health, parts.site, parts.now(), str(why), free)
        parts.desk.out_of_order(health, str(Light.ALARM))
        if parts.body.panel is not None:
            parts.body.panel.light(Light.ALARM)
        while not self._stopping and parts.now().up_ms < until:
            parts.face.show(screen)
            parts.heart.beat(parts.now().up_ms, "out of order: the journal")
            if parts.script is not None:
                parts.script.shown(screen)
            parts.face.poll(parts.now().up_ms)
            item = parts.inbox.take(IDLE_FRAME_S)
            self._told.heard(item)
            if item is not None and not isinstance(item, DoorsRead):
                _LOG.info("passed over while out of service: %s", type(item).__name__)


def _ignore(_statement: object) -> None:
    """No script watches the journal."""
