"""One whole story, played by itself and checked step by step (DESIGN §11).

No step trusts this script: each is checked against central (by HTTP), the journal on the disk, the
physical cabinet and the screen. The first step that does not come true ends the story.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyotp

from kiosk import clock
from kiosk.demo import cast
from kiosk.demo.hands import Hands
from kiosk.demo.second import Second
from kiosk.demo.stage import DemoError, Stage, wait_for

CENTRAL_S = 15.0
SMS_CHARACTERS = 160
CODE = re.compile(r"MA (\d{4}) (\d{4})")


@dataclass
class Told:
    """What the steps learn on the way."""

    cid: str = ""
    compartment: int = 0
    code: str = ""
    head_at_cut: int = 0
    pulses_at_cut: int = 0


class Story:
    """The steps, in order, each a sentence."""

    def __init__(self, stage: Stage, hands: Hands) -> None:
        self._stage, self._hands, self.told = stage, hands, Told()
        self._dossier = cast.DOSSIERS[0]
        self._cids: dict[str, str] = {}
        self._second = Second(stage, hands, self._cids)

    def steps(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        """Name and deed of every step."""
        return (
            ("registered", self.registered),
            ("manifest accepted", self.manifest_accepted),
            ("staff in", self.staff_in),
            ("loaded", self.loaded),
            ("second result in two compartments", self._second.loaded),
            ("staff out", self.staff_out),
            ("message spooled", self.message_spooled),
            ("network down", self.network_down),
            ("code typed", self.code_typed),
            ("power cut between accepted and pulse", self.power_cut),
            ("resumed", self.resumed),
            ("opened", self.opened),
            ("papers taken", self.papers_taken),
            ("closed", self.closed),
            ("rated", self.rated),
            ("network back", self.network_back),
            ("reported", self.reported),
            ("code dead", self.code_dead),
            ("authorised person collects both parts", self._second.collected),
            ("the citizen's own code is dead too", self._second.over_for_all),
        )

    def registered(self) -> None:
        """The office registers every result; central says so."""
        for dossier in cast.DOSSIERS:
            self._cids[dossier.code] = self._stage.office.register(dossier)
        self.told.cid = self._cids[self._dossier.code]
        self._check(self._central()["status"] == "live", "central does not list the result")

    def manifest_accepted(self) -> None:
        """The kiosk accepts a manifest that allows this result, and serves."""
        hands, told = self._hands, self.told

        def allowed() -> bool:
            rows = [r for r in hands.statements() if r["kind"] == "manifest_accepted"]
            return any(f[0] == told.cid for row in rows for f in _rows(row, "floors"))

        wait_for(allowed, "a manifest with this result was accepted", CENTRAL_S)
        hands.see("Idle")
        hands.picture("idle")

    def staff_in(self) -> None:
        """A clerk logs in with number, PIN and TOTP."""
        hands = self._hands
        hands.tap("staff")
        hands.see("StaffLogin")
        for entry in (cast.STAFF_NUMBER, cast.STAFF_PIN, self._totp()):
            hands.type(entry)
            hands.tap("confirm")
        hands.see("Menu")
        hands.wait_stated("staff_in", staff=cast.STAFF_NUMBER)
        hands.picture("staff")

    def loaded(self) -> None:
        """A scan opens one compartment; papers in, door closed, stated."""
        hands, told = self._hands, self.told
        hands.scan(self._dossier.code)
        if self._dossier.overdue:
            hands.see("Apology")
            hands.tap("confirm")
        hands.see("LoadOpen")
        hands.picture("load")
        stated = hands.wait_stated("staff_authorised", cid=told.cid)
        told.compartment = int(str(stated["compartment"]))
        with self._stage.cabinet.hands() as cabinet:
            self._check(cabinet.is_open(told.compartment), "the compartment is not open")
            self._check(
                cabinet.put(told.compartment, self._papers()), "the envelope does not go in"
            )
            self._check(cabinet.push(told.compartment), "the door does not close")
        hands.wait_stated("loaded", cid=told.cid, compartment=told.compartment)
        hands.see("LoadScan")

    def staff_out(self) -> None:
        """The batch ends: now the codes may leave."""
        hands = self._hands
        hands.tap("sign_out")
        hands.wait_stated("staff_out", staff=cast.STAFF_NUMBER)
        hands.see("Idle")

    def message_spooled(self) -> None:
        """Central learns of it and sends the code to the citizen, once."""
        wait_for(self._hands.messages, "central spools a message", CENTRAL_S)
        texts = [str(m["text"]) for m in self._hands.messages() if m["to"] == self._dossier.phone]
        self._check(len(texts) == 1, f"{len(texts)} messages instead of one")
        found = CODE.search(texts[0])
        self._check(
            found is not None and len(texts[0]) <= SMS_CHARACTERS, "the message is not a code's"
        )
        assert found is not None
        self.told.code = found[1] + found[2]
        self._check(self._central()["phase"] == "loaded", "central does not know it is loaded")

    def network_down(self) -> None:
        """The cable is pulled; nothing reaches central any more."""
        self._stage.wire.pull()
        self.told.head_at_cut = int(str(self._stage.office.kiosk()["head_seq"]))

    def code_typed(self) -> None:
        """Known digits, code: the right name and compartment are shown, offline."""
        self.type_in()
        self._hands.see("Ready")
        self._hands.picture("ready")
        shown = self._hands.fields()
        self._check(shown["compartment"] == self.told.compartment, "another compartment is shown")
        self._check("An" not in str(shown["name"]).split(), "the name is not masked")

    def power_cut(self) -> None:
        """The power fails after *accepted* is on the disk and before the lock is pulsed."""
        hands, stage = self._hands, self._stage
        self.told.pulses_at_cut = self._pulses()
        hands.cut_after("accepted")
        hands.tap("open")
        self._check(stage.wait_dead() < 0, "kiosk run was not killed")
        hands.forget_screen()
        last = hands.statements()[-1]
        self._check(last["kind"] == "accepted", f"the journal ends with {last['kind']}")
        self._check(self._pulses() == self.told.pulses_at_cut, "a lock was pulsed all the same")
        stage.start_run()

    def resumed(self) -> None:
        """After the cut nothing moves by itself; the same code finishes."""
        hands = self._hands
        hands.see("Idle")
        self._check(self._pulses() == self.told.pulses_at_cut, "start-up pulsed a lock")
        self.type_in()
        hands.see("Ready")
        hands.tap("open")
        hands.wait_stated("resumed", cid=self.told.cid)

    def opened(self) -> None:
        """The right door opens, and the contact says so."""
        hands, number = self._hands, self.told.compartment
        hands.see("Open")
        hands.wait_stated("opened", cid=self.told.cid, compartment=number)
        with self._stage.cabinet.hands() as cabinet:
            open_ = [n for n in cabinet.compartments if cabinet.is_open(n)]
        self._check(open_ == [number], f"open are {open_}, not {number} alone")
        hands.picture("open")

    def papers_taken(self) -> None:
        """The envelope that the clerk put in comes out."""
        with self._stage.cabinet.hands() as cabinet:
            taken = cabinet.take(self.told.compartment)
        self._check(taken == (self._papers(),), f"found {taken}")

    def closed(self) -> None:
        """The door is closed, and only then is it *collected*."""
        hands, told = self._hands, self.told
        self._check(hands.stated("collected", cid=told.cid) is None, "collected before closing")
        with self._stage.cabinet.hands() as cabinet:
            self._check(cabinet.push(told.compartment), "the door does not close")
        hands.wait_stated("collected", cid=told.cid, compartment=told.compartment)
        hands.see("Closed")

    def rated(self) -> None:
        """Five faces; the rating names no result."""
        self._hands.tap("rate", "5")
        row = self._hands.wait_stated("rated", score=5)
        self._check("cid" not in row and "holder" not in row, "the rating names a result")
        self._hands.picture("closed")
        self._hands.tap("finish")
        self._hands.see("Idle")
        head = int(str(self._stage.office.kiosk()["head_seq"]))
        self._check(head == self.told.head_at_cut, "something passed through a pulled cable")

    def network_back(self) -> None:
        """The cable is back."""
        self._stage.wire.plug()

    def reported(self) -> None:
        """Central learns of everything, with the same hash as the journal's newest row."""
        wait_for(lambda: self._central()["phase"] == "collected", "central knows", CENTRAL_S)

        def same() -> bool:
            batch = self._stage.line.statements(2**40, 1)
            there = self._stage.office.kiosk()
            return (there["head_seq"], there["head_hash"]) == (batch.head.seq, batch.head.hash)

        wait_for(same, "central holds the whole journal", CENTRAL_S)
        texts = [str(m["kind"]) for m in self._hands.messages()]
        self._check("collected" in texts, "no notice that it was collected")

    def code_dead(self) -> None:
        """The same code once more opens nothing, and is charged."""
        hands, told = self._hands, self.told
        pulses = self._pulses()
        refused = sum(r["kind"] == "refused" for r in hands.statements())
        self.type_in()
        hands.see("Told")
        hands.picture("used")
        self._check(hands.fields()["why"] == "used", "the screen does not say that it was used")
        again = sum(r["kind"] == "refused" for r in hands.statements())
        self._check(again == refused + 1, "the refusal was not stated")
        self._check(self._pulses() == pulses, "a lock was pulsed")
        hands.tap("finish")
        hands.see("Idle")
        pulsed = [r for r in hands.statements() if r["kind"] == "opened" and r.get("cid")]
        self._check([r["cid"] for r in pulsed] == [told.cid], "opened more than once")

    def turn_to(self, dossier: cast.Dossier) -> None:
        """The story of another result of the cast."""
        self._dossier = dossier
        self.told = Told(cid=self._cids[dossier.code])

    def _papers(self) -> str:
        return f"envelope {self._dossier.code}"

    def type_in(self) -> None:
        """Known digits and code, as somebody at the screen types them."""
        hands = self._hands
        hands.tap("start")
        hands.see("Digits")
        hands.type(self._dossier.phone[-4:])
        hands.picture("digits")
        hands.tap("confirm")
        hands.see("Code")
        hands.type(self.told.code)
        hands.picture("code")
        hands.tap("confirm")

    def _totp(self) -> str:
        return pyotp.TOTP(self._stage.totp_secret).at(clock.wall_ms() // 1000)

    def _central(self) -> Mapping[str, object]:
        return self._stage.office.result(self.told.cid)

    def _pulses(self) -> int:
        with self._stage.cabinet.hands() as cabinet:
            return len(cabinet.coil_runs())

    @staticmethod
    def _check(true: bool, otherwise: str) -> None:  # noqa: FBT001  # reads as a sentence
        if not true:
            raise DemoError(otherwise)


def _rows(row: Mapping[str, object], name: str) -> list[list[object]]:
    value = row.get(name)
    return value if isinstance(value, list) else []
