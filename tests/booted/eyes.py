"""Eyes of those outside on the journal inside: the demo's hands and line, for a kiosk in a container."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kiosk.demo.hands import Hands
from sync.envelopes import hash_of
from sync.line import Batch, Line
from sync.messages import Head

if TYPE_CHECKING:
    from tests.booted.stage import Appliance


class Eyes(Hands):
    """Eyes that look into an image first."""

    def __init__(self, appliance: Appliance) -> None:
        super().__init__(appliance, None)
        self._appliance = appliance

    def statements(self) -> list[Mapping[str, object]]:
        """As in the demo."""
        self._appliance.look()
        return super().statements()


class Looked(Line):
    """Nobody here may ask `run` for its statements: they are read where they lie."""

    def __init__(self, appliance: Appliance) -> None:
        super().__init__(appliance.config.socket)
        self._appliance = appliance

    def statements(self, after: int, most: int) -> Batch:
        """As many as there are; only the head counts here."""
        del after, most
        rows = self._appliance.rows()
        return Batch((), Head(len(rows), hash_of(rows[-1])))
