"""The tactile number pad does what the screen's own buttons do: digits, erase, confirm, cancel. Pure.

*Confirm* is the big button of the screen that stands, *cancel* its way out; where the screen has no such
button the key does nothing. So nobody can do by feel what nobody could do by sight.
"""

from __future__ import annotations

from collections.abc import Mapping

from drivers.devices import PadKey
from kiosk.core import scenes as at
from kiosk.core import staff_scenes as staff
from kiosk.core import upkeep_scenes as up
from kiosk.core.events import Key, Pressed
from kiosk.core.visit import TABLE

CONFIRM: Mapping[type, Key] = {
    at.Idle: Key.START,
    at.Digits: Key.CONFIRM,
    at.Code: Key.CONFIRM,
    at.Again: Key.CONFIRM,
    at.Refused: Key.RETRY,
    at.Paused: Key.FINISH,
    at.Told: Key.FINISH,
    at.Ready: Key.OPEN,
    at.Stuck: Key.RETRY,
    at.Next: Key.OPEN,
    at.Closed: Key.FINISH,
    staff.Login: Key.CONFIRM,
    staff.Loading: Key.CONFIRM,
    up.Apology: Key.CONFIRM,
    up.TakeList: Key.CONFIRM,
    up.Audit: Key.CONFIRM,
    up.Unlock: Key.CONFIRM,
}
CANCEL: Mapping[type, Key] = {
    at.Digits: Key.CANCEL,
    at.Code: Key.CANCEL,
    at.Again: Key.CANCEL,
    at.Paused: Key.FINISH,
    at.Told: Key.FINISH,
    at.Stuck: Key.FINISH,
    at.Closed: Key.FINISH,
    staff.Login: Key.CANCEL,
    staff.Loading: Key.BACK,
    staff.Choosing: Key.BACK,
    up.Apology: Key.CANCEL,
    up.TakeList: Key.BACK,
    up.Audit: Key.BACK,
    up.CabinetView: Key.BACK,
    up.Story: Key.BACK,
    up.Reasons: Key.BACK,
    up.Service: Key.BACK,
    up.KioskState: Key.BACK,
    up.Settings: Key.BACK,
}
STAFF_DOOR = staff.LoadOpening | up.DoorOpening


def pressed(key: str, scene: at.Scene, *, helping: bool = False) -> Pressed | None:
    """What one key of the pad means on this scene; None: nothing.

    `key` is a digit or a `PadKey`, as `drivers.devices.PadPressed` carries it; `helping` while the help
    page covers the scene.
    """
    if helping:
        return Pressed(Key.BACK) if key in (PadKey.CONFIRM, PadKey.CANCEL) else None
    match key:
        case PadKey.CONFIRM:
            meant = _confirm(scene)
        case PadKey.CANCEL:
            meant = _cancel(scene)
        case PadKey.ERASE:
            meant = Key.ERASE
        case _:
            single = len(key) == 1 and key.isascii() and key.isdigit()
            meant = Key.DIGIT if single else None
    if meant is None or meant not in TABLE.get(type(scene), {}):
        return None
    return Pressed(meant, key if meant is Key.DIGIT else "")


def _confirm(scene: at.Scene) -> Key | None:
    if isinstance(scene, STAFF_DOOR):
        return Key.RETRY if scene.stuck else None
    if isinstance(scene, at.Stuck) and scene.retried:
        return Key.FINISH  # the retry button is gone
    if isinstance(scene, up.Service):
        return Key.CANCEL if scene.session.run.running else Key.CONFIRM
    return CONFIRM.get(type(scene))


def _cancel(scene: at.Scene) -> Key | None:
    if isinstance(scene, staff.LoadOpening) or (isinstance(scene, up.DoorOpening) and scene.stuck):
        return Key.CANCEL
    if isinstance(scene, up.Service) and scene.session.run.running:
        return Key.CANCEL  # the run stops after the present door
    return CANCEL.get(type(scene))
