"""The demo's second result: too large for one compartment, and somebody authorised comes for it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kiosk.demo import cast
from kiosk.demo.hands import Hands
from kiosk.demo.stage import DemoError, Stage, wait_for

CENTRAL_S = 15.0
CODE = re.compile(r"MA (\d{4}) (\d{4})")
PARTS = 2


class Second:
    """Loaded into two compartments by the clerk, collected by the authorised person, over for all."""

    def __init__(self, stage: Stage, hands: Hands, cids: Mapping[str, str]) -> None:
        self._stage, self._hands, self._cids = stage, hands, cids
        self._dossier = next(d for d in cast.DOSSIERS if d.authorised)
        self._where: list[int] = []

    def loaded(self) -> None:
        """Two envelopes, one dossier: the second one is offered when it is scanned again."""
        hands = self._hands
        for part in range(PARTS):
            hands.scan(self._dossier.code)
            if part:
                hands.wait_field("trouble", "already")
                hands.tap("another")
            hands.see("LoadOpen")
            self._put_in(part)
            hands.see("LoadScan")
        self._check(len(set(self._where)) == PARTS, "both parts lie in one compartment")

    def _put_in(self, part: int) -> None:
        number = int(str(self._hands.fields()["compartment"]))
        self._where.append(number)
        with self._stage.cabinet.hands() as cabinet:
            self._check(cabinet.put(number, f"part {part} {self._dossier.code}"), "it does not fit")
            self._check(cabinet.push(number), "the door does not close")
        cid = self._cids[self._dossier.code]
        self._hands.wait_stated("loaded", cid=cid, compartment=number)

    def collected(self) -> None:
        """The authorised person types their own digits and code; one door after the other opens."""
        hands = self._hands
        self._type_in(self._dossier.authorised)
        hands.see("Ready")
        hands.tap("open")
        for part in range(PARTS):
            if part:
                hands.see("Next")
                hands.picture("next")
                hands.tap("open")
            hands.see("Open")
            number = int(str(hands.fields()["compartment"]))
            with self._stage.cabinet.hands() as cabinet:
                self._check(len(cabinet.take(number)) == 1, f"compartment {number} is empty")
                self._check(cabinet.push(number), "the door does not close")
        hands.see("Closed")
        hands.tap("finish")
        hands.see("Idle")
        cid = self._cids[self._dossier.code]
        rows = [r for r in hands.statements() if r["kind"] == "collected" and r["cid"] == cid]
        self._check({r["compartment"] for r in rows} == set(self._where), "not every part is out")
        self._check({r["holder"] for r in rows} == {"h2"}, "collected by somebody else")

    def over_for_all(self) -> None:
        """One collecting ends it for all holders."""
        self._type_in(self._dossier.phone)
        self._hands.see("Told")
        self._check(self._hands.fields()["why"] == "used", "the citizen's code is not dead")

    def _type_in(self, phone: str) -> None:
        hands = self._hands
        code = self._code(phone)
        hands.tap("start")
        hands.see("Digits")
        hands.type(phone[-4:])
        hands.tap("confirm")
        hands.see("Code")
        hands.type(code)
        hands.tap("confirm")

    def _code(self, phone: str) -> str:
        """What the message to this phone about this dossier says."""
        cid = self._cids[self._dossier.code]

        def sent() -> list[str]:
            return [
                str(m["text"])
                for m in self._hands.messages()
                if m["to"] == phone and m["cid"] == cid and m["kind"] == "ready"
            ]

        wait_for(sent, "a message to this phone", CENTRAL_S)
        found = CODE.search(sent()[0])
        if found is None:
            raise DemoError("the message holds no code")
        return found[1] + found[2]

    @staticmethod
    def _check(true: bool, otherwise: str) -> None:  # noqa: FBT001  # reads as a sentence
        if not true:
            raise DemoError(otherwise)
