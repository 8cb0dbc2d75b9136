"""Carrying out effects, in order: decide, record, pulse.

A record is on the disk before the next effect starts. When the journal fails, nothing that follows is done
and the state that was decided is thrown away with it: the loop starts anew from the disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drivers.doors import LockBank
from kiosk.core.effects import (
    AnswerOffer,
    AnswerRows,
    CallCentre,
    CheckPin,
    Effect,
    ExportStick,
    ImportStick,
    KeepManifest,
    LookForStick,
    Pulse,
    ReadStory,
    Record,
    StickEffect,
    TakeIn,
)
from kiosk.journal_values import JournalPort
from sync.messages import Statement


def _nothing(_statement: Statement) -> None:
    """Nobody watches."""


def _nobody(_compartment: int) -> None:
    """Nobody reads stories."""


def _unheard() -> None:
    """Nobody carries a call."""


def _no_stick(_effect: StickEffect) -> None:
    """There is no place for one."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """Where effects go."""

    journal: JournalPort
    bank: LockBank
    check_pin: Callable[[CheckPin], None]
    answer: Callable[[AnswerOffer | AnswerRows], None]
    recorded: Callable[[Statement], None] = _nothing  # the demo's power cuts hang here
    read_story: Callable[[int], None] = _nobody
    call: Callable[[], None] = _unheard
    stick: Callable[[StickEffect], None] = _no_stick

    def carry(self, effects: tuple[Effect, ...]) -> None:
        """All of them, one after the other.

        Raises:
            JournalError: a record could not be kept; it and everything after it was not done.
        """
        for effect in effects:
            match effect:
                case Record(statement, sealed, folded):
                    self.journal.append(statement, sealed=sealed or None, folded=folded or None)
                    self.recorded(statement)
                case Pulse(compartment):
                    self.bank.pulse(compartment)
                case CheckPin():
                    self.check_pin(effect)
                case ReadStory(compartment):
                    self.read_story(compartment)
                case CallCentre():
                    self.call()
                case LookForStick() | ImportStick() | ExportStick():
                    self.stick(effect)
                case KeepManifest() | TakeIn():
                    self._restore(effect)
                case AnswerOffer() | AnswerRows():
                    self.answer(effect)

    def _restore(self, effect: KeepManifest | TakeIn) -> None:
        if isinstance(effect, KeepManifest):
            self.journal.keep_again(effect.ver, effect.hash, effect.sealed)
            return
        self.journal.take_in(effect.statements)
        for statement in effect.statements:
            self.recorded(statement)
