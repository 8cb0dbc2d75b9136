"""What the shell's workers answer: PINs, pairs of codes, stories read from the journal."""

from __future__ import annotations

import pyotp

from kiosk.core.effects import CheckPin, TotpPair
from kiosk.core.events import PinChecked, StoryRead
from kiosk.core.login import TOTP_STEP_MS
from kiosk.happenings import happenings
from kiosk.journal_values import JournalPort
from tests.simulation.plan import START_WALL_MS


def pin_checked(effect: CheckPin, pin: str, now_ms: int) -> PinChecked:
    """Whether it is the PIN of that number, without the price of scrypt."""
    step = -1 if effect.pair is None else _pair_step(effect.pair, now_ms)
    return PinChecked(effect.number, effect.entered == pin, step)


def _pair_step(pair: TotpPair, now_ms: int) -> int:
    """What `login.find_pair` finds, looked for around the time that it really is."""
    now = (START_WALL_MS + now_ms) // TOTP_STEP_MS
    make = pyotp.HOTP(pair.secret)
    around = (s for s in range(now - 3, now + 2) if s > pair.after)
    typed = (pair.first, pair.second)
    return next((s for s in around if (make.at(s), make.at(s + 1)) == typed), -1)


def story_read(journal: JournalPort, compartment: int, *, whole: bool) -> StoryRead:
    """One compartment's story, or an empty one."""
    return StoryRead(compartment, happenings(journal, compartment) if whole else ())
