"""Hands and eyes before the demo's cabinet: touches on the real screen, looks at journal and spool.

A touch goes down and up on the painted target in `run`'s own window; it fails when there is no such target.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping
from pathlib import Path

from drivers.simulated.channel import LineError as CabinetError
from kiosk.demo.stage import DemoError, Stage, wait_for
from kiosk.journal import Journal
from sync.envelopes import peek_statement
from sync.keys import load_key

ANSWER_S = 5.0
SCREEN_S = 12.0
TAP_S = 0.15  # no hand is quicker; the touchscreen takes a faster flood for rain
STATEMENT_S = 12.0


class Hands:
    """What a person before the cabinet, and one who audits it, can do."""

    def __init__(self, stage: Stage, out: Path | None) -> None:
        self._stage = stage
        self._out = out
        self._pictures = 0
        self._changed = threading.Condition()
        self._screen = ""
        self._pause = threading.Event()
        stage.cabinet.on_news(self._heard)

    def _heard(self, news: Mapping[str, object]) -> None:
        with self._changed:
            self._screen = str(news.get("screen", ""))
            self._changed.notify_all()

    @property
    def shown(self) -> str:
        """The screen that stands, "" for none."""
        with self._changed:
            return self._screen

    def forget_screen(self) -> None:
        """The power is gone: what was on the screen is not any more."""
        with self._changed:
            self._screen = ""

    def see(self, screen: str) -> None:
        """Wait until this screen stands."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._screen == screen, SCREEN_S):
                raise DemoError(f"waited for the screen {screen}; it shows {self._screen!r}")

    def tap(self, action: str, value: str = "") -> None:
        """Touch a target that is on the screen, at a hand's pace."""
        self._pause.wait(TAP_S)
        answer = self._stage.cabinet.request("tap", ANSWER_S, action=action, value=value)
        if answer.get("ok") is not True:
            raise DemoError(f"there is nothing to touch for {action!r} on {self._screen}")

    def type(self, digits: str) -> None:
        """Touch digit after digit."""
        for digit in digits:
            self.tap("digit", digit)

    def fields(self) -> Mapping[str, object]:
        """What the screen says, in words."""
        answer = self._stage.cabinet.request("screen", ANSWER_S)
        fields = answer.get("fields")
        return fields if isinstance(fields, dict) else {}

    def wait_field(self, name: str, value: object) -> None:
        """Wait until the screen says this."""
        wait_for(lambda: self.fields().get(name) == value, f"the screen says {value}", SCREEN_S)

    def picture(self, name: str) -> None:
        """Save the screen as it stands."""
        if self._out is None:
            return
        answer = self._stage.cabinet.request("picture", ANSWER_S)
        self._pictures += 1
        path = self._out / f"{self._pictures:02d}-{name}.png"
        path.write_bytes(base64.b64decode(str(answer["png"])))

    def cut_after(self, kind: str) -> None:
        """The power shall fail right after the next statement of this kind is on the disk."""
        self._stage.cabinet.request("cut_after", ANSWER_S, kind=kind)

    def scan(self, text: str) -> None:
        """Hold something before the scanner."""
        try:
            self._stage.cabinet.scan(text)
        except CabinetError as error:
            raise DemoError(str(error)) from error

    def statements(self) -> list[Mapping[str, object]]:
        """Every statement in the kiosk's own journal, read beside the running kiosk."""
        path = self._stage.config.data / "journal.db"
        journal = Journal.read_only(path, key=load_key(self._stage.statement_key()))
        try:
            rows = journal.after(0, most=5_000, most_bytes=2**26)
        finally:
            journal.close()
        return [peek_statement(row) for row in rows if isinstance(row, str)]

    def stated(self, kind: str, **fields: object) -> Mapping[str, object] | None:
        """The newest statement of this kind with these fields."""
        for row in reversed(self.statements()):
            if row.get("kind") == kind and all(row.get(k) == v for k, v in fields.items()):
                return row
        return None

    def wait_stated(self, kind: str, **fields: object) -> Mapping[str, object]:
        """Wait until the journal says so."""
        wait_for(lambda: self.stated(kind, **fields), f"the journal states {kind}", STATEMENT_S)
        found = self.stated(kind, **fields)
        assert found is not None
        return found

    def messages(self) -> list[Mapping[str, object]]:
        """What citizens were sent, from central's spool."""
        spool = self._stage.spool
        files = sorted(spool.glob("[0-9]*.json")) if spool.is_dir() else []  # no half-written ones
        return [json.loads(path.read_text(encoding="utf-8")) for path in files]
