"""Settings that the policy lets a supervisor change on site: stated, and kept by the fold."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core import hub
from kiosk.core.state import State, Turn
from kiosk.core.upkeep_scenes import Settings
from sync.messages import SETTINGS, Kind, Setting

QUIET = "quiet"


def offered(state: State) -> tuple[Setting, ...]:
    """What may be changed here now."""
    return tuple(name for name in SETTINGS if name in state.memory.policy.settings)


def value(state: State, name: Setting) -> str:
    """What holds now: set on site, or the default."""
    if name is Setting.LANGUAGE:
        return state.language
    return state.memory.setting(name) or SETTINGS[name][0]


def quiet(state: State) -> bool:
    """Whether only the alarm of a door left open is heard."""
    return value(state, Setting.SOUND) == QUIET


def choose(turn: Turn, scene: Settings, chosen: str) -> None:
    """One value of one setting, as "name:value"; the same as before is not stated again."""
    name, _, wanted = chosen.partition(":")
    if name not in offered(turn.state) or wanted not in SETTINGS[Setting(name)]:
        return
    if wanted != value(turn.state, Setting(name)):
        turn.record(Kind.SETTING, staff=scene.session.staff, name=name, value=wanted)
    turn.change(scene=replace(scene, until_ms=turn.up_ms + hub.IDLE_MS))
