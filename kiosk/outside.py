"""What the cabinet tells without words: its status light and its buzzer. Pure."""

from __future__ import annotations

from drivers.panel.patterns import Buzz, Light
from kiosk.core.scenes import Idle, Out
from kiosk.core.state import State
from ui.screens import Sound

BUZZES = {Sound.ALARM: Buzz.CALL, Sound.REFUSED: Buzz.REFUSED, Sound.OPENED: Buzz.CHIRP}


def light(state: State) -> Light:
    """ALARM while nobody can be served or a fault stands, BUSY while somebody is, else READY."""
    if isinstance(state.scene, Out) or state.faults:
        return Light.ALARM
    return Light.READY if isinstance(state.scene, Idle) else Light.BUSY


def buzz(sound: Sound) -> Buzz:
    """What the buzzer does when the screen's sound becomes this one."""
    return BUZZES.get(sound, Buzz.QUIET)
