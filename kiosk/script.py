"""Scripted touches, pictures and power cuts: for the simulated cabinet only (DESIGN §11).

A scripted touch travels the whole real path: a finger goes down and up on the painted target. A power cut is
a SIGKILL to this very process right after a named statement is on the disk, before the next effect.
"""

from __future__ import annotations

import base64
import os
import signal
from dataclasses import asdict

from drivers.simulated.remote import RemoteBank, ScriptRequest
from sync.messages import Statement
from ui import hands, screens
from ui.face import Face


class Script:
    """Answers the demo's requests over the simulated cabinet's line."""

    def __init__(self, bank: RemoteBank) -> None:
        self._bank = bank
        self._cut_after = ""
        self._told: str | None = None

    def recorded(self, statement: Statement) -> None:
        """The power fails here if the demo asked for it."""
        if self._cut_after and statement.kind == self._cut_after:
            os.kill(os.getpid(), signal.SIGKILL)

    def shown(self, screen: screens.Screen) -> None:
        """Tell the demo which screen stands, whenever it is another."""
        name = type(screen.body).__name__
        if name != self._told and self._bank.tell({"screen": name}):
            self._told = name

    def carry_out(self, request: ScriptRequest, face: Face, shown: screens.Screen) -> None:
        """One request, one answer."""
        match request.do:
            case "tap":
                action = hands.Action(str(request.fields.get("action")))
                ok = face.tap(action, str(request.fields.get("value", "")))
                self._bank.answer(request.id, {"ok": ok})
            case "picture":
                picture = base64.b64encode(face.picture()).decode()
                self._bank.answer(request.id, {"ok": True, "png": picture})
            case "screen":
                self._bank.answer(request.id, {"ok": True, **described(shown)})
            case "cut_after":
                self._cut_after = str(request.fields.get("kind", ""))
                self._bank.answer(request.id, {"ok": True})
            case _:
                self._bank.answer(request.id, {"ok": False, "error": "unknown request"})


def described(screen: screens.Screen) -> dict[str, object]:
    """A screen in words: its body's name and fields that JSON can carry."""
    fields = asdict(screen.body)
    plain = {k: v for k, v in fields.items() if isinstance(v, str | int | bool)}
    return {"screen": type(screen.body).__name__, "fields": plain}
