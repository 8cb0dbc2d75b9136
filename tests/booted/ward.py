"""A clerk and citizens before the appliance: the demo's story, its steps in any order and more than once."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.demo import cast
from kiosk.demo.stage import START_S, wait_for
from kiosk.demo.story import CENTRAL_S, CODE, Story
from tests.booted.stage import Appliance


class Ward(Story):
    """Each method ends on the idle screen."""

    def __init__(self, appliance: Appliance) -> None:
        super().__init__(appliance, appliance.hands)
        self.appliance, self.hands = appliance, appliance.hands
        self.codes: dict[str, str] = {}

    def fill(self, dossiers: Sequence[cast.Dossier]) -> None:
        """One clerk loads these in one go, and their codes arrive."""
        self.registered()
        self.manifest_accepted()
        self.staff_in()
        for dossier in dossiers:
            self.turn_to(dossier)
            self.loaded()
        self.staff_out()
        for dossier in dossiers:
            self.codes[dossier.code] = self._code(dossier)

    def staff_in(self) -> None:
        """By card and PIN, as often as one likes: a one-time password is good once in 30 seconds."""
        hands = self.hands
        hands.scan(self.appliance.card)
        hands.see("StaffLogin")
        hands.type(cast.STAFF_PIN)
        hands.tap("confirm")
        hands.see("Menu")

    def collect(self, dossier: cast.Dossier) -> None:
        """The citizen comes, types, opens, takes, closes, rates."""
        hands = self.hands
        self.come(dossier)
        hands.tap("open")
        self.opened()
        self.papers_taken()
        self.closed()
        hands.tap("rate", "5")
        hands.tap("finish")
        hands.see("Idle")

    def come(self, dossier: cast.Dossier) -> None:
        """The citizen types digits and code, and is shown which compartment it is."""
        self.turn_to(dossier)
        self.told.code = self.codes[dossier.code]
        loaded = self.hands.wait_stated("loaded", cid=self.told.cid)
        self.told.compartment = int(str(loaded["compartment"]))
        self.type_in()
        self.hands.see("Ready")

    def back(self) -> None:
        """`run` was seen to be gone; wait until it serves again."""
        self.hands.forget_screen()
        self.appliance.start_run()
        self.hands.see("Idle")

    def back_on(self) -> None:
        """The power has come back; wait until the screen stands."""
        self.hands.forget_screen()
        self.appliance.start_run()
        wait_for(lambda: self.hands.shown not in ("", "OutOfService"), "it serves", START_S)

    def _code(self, dossier: cast.Dossier) -> str:
        def text() -> str:
            sent = [str(m["text"]) for m in self.hands.messages() if m["to"] == dossier.phone]
            return next((t for t in sent if CODE.search(t)), "")

        wait_for(text, "the code arrives", CENTRAL_S)
        found = CODE.search(text())
        assert found is not None
        return found[1] + found[2]
