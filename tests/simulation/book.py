"""The book: what a life has shown so far, kept apart from the core and by other means than its fold.

Only statements, readings and the cabinet's own physics get in here; the promises compare the core with it.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache

import pyotp

from drivers.devices import Device, DeviceState
from drivers.doors import Reading
from sync.messages import CODE_DIGITS, Holder, Manifest, Policy, Result, Statement
from tests.simulation.agenda import Agenda
from tests.simulation.machine import Machine
from tests.simulation.office import Office
from tests.simulation.outfit import Outfit
from tests.simulation.plan import Plan


@lru_cache(maxsize=1_000)
def _code(secret: str, counter: int) -> str:
    return pyotp.HOTP(secret, digits=CODE_DIGITS).at(counter)


BY_STATEMENTS = (
    "statements",
    "accepted",
    "floors",
    "opened",
    "collected",
    "reopened",
    "parts",
    "tries",
    "lying",
    "staffed",
    "over",
    "pending",
    "doubts",
    "earlier",
    "blocks",
    "manifest",
    "recalled",
    "spent",
    "locked",
    "bucket",
    "policy",
    "staff_steps",
    "listed",
    "unproven",
    "keyed",
)
Part = tuple[str, int]
ROLES = {"7": "clerk", "8": "supervisor", "9": "technician"}
Who = tuple[str, str]


@dataclass
class Authority:
    """A durable statement that allows pulses of one compartment, until its outcome is stated."""

    kind: str
    cid: str
    who: str
    seq: int
    at_ms: int
    pulses: int = 0
    reason: str = ""  # of staff


@dataclass
class Accepted:
    """The newest acceptance of a result, as stated."""

    holder: str
    gen: int
    counter: int
    seq: int
    void: bool = False


@dataclass
class Contact:
    """What one contact has said in this run of the program."""

    reading: Reading = Reading.UNKNOWN
    since_ms: int = 0
    open_ms: int = -1  # when it last was open for longer than a bounce
    changes: list[int] = field(default_factory=list)  # between open and closed, since its pulse
    wild: bool = False  # it comes and goes, and has not stood still since


@dataclass
class Book:
    """Facts. Times are the world's."""

    plan: Plan
    agenda: Agenda
    cabinet: Outfit
    office: Office
    machine: Machine
    statements: list[Statement] = field(default_factory=list)
    authorities: dict[int, Authority] = field(default_factory=dict)
    accepted: dict[str, Accepted] = field(default_factory=dict)
    floors: dict[Who, tuple[int, int]] = field(default_factory=dict)
    opened: dict[Part, int] = field(default_factory=dict)
    collected: dict[Part, int] = field(default_factory=dict)
    reopened: set[tuple[str, int]] = field(default_factory=set)  # cid, seq
    parts: dict[Part, str] = field(default_factory=dict)  # how far, by statements alone
    tries: dict[Who, int] = field(default_factory=dict)  # consecutive refusals
    lying: dict[int, str] = field(default_factory=dict)
    staffed: set[int] = field(default_factory=set)  # authorised, and no outcome stated
    over: set[Part] = field(default_factory=set)  # taken back, or found missing
    pending: dict[int, str] = field(default_factory=dict)  # being loaded when last authorised
    doubts: dict[int, str] = field(default_factory=dict)  # why nobody may trust what is believed
    earlier: dict[int, str] = field(default_factory=dict)  # the same, before staff were authorised
    blocks: dict[int, str] = field(default_factory=dict)
    looked: set[int] = field(default_factory=set)  # looked into by staff within this step
    roles: dict[str, str] = field(default_factory=lambda: dict(ROLES))
    kept: bool = False  # a keeper has gone through everything at the end
    lost: bool = False  # central knows a newer memory, and this one has said so
    shown: set[int] = field(default_factory=set)  # doors whose standing open is stated
    contacts: dict[int, Contact] = field(default_factory=dict)
    tainted: set[int] = field(default_factory=set)  # compartments whose contact was bad
    board_ms: int = 0  # when the board was last dead or blind
    manifest: Manifest | None = None
    recalled: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)  # collected, then forgotten
    locked: set[Who] = field(default_factory=set)
    bucket: float = 10.0
    bucket_ms: int = 0
    policy: Policy = field(default_factory=Policy)
    staff_steps: dict[str, int] = field(default_factory=dict)
    started_ms: int = 0
    served_ms: int | None = None
    touched_ms: int = 0
    card_restored: bool = False  # an older copy is in, and does not know it yet
    aside: bool = False  # own rows that the copy lacks have come back
    came_back: bool = False  # all of them have, and were taken in
    newest: dict[str, object] = field(default_factory=dict)  # what statements said before that
    coil_runs: int = 0  # how many were looked at
    coil_off_ms: int = 0
    home_ms: int = 0  # when the screen last was idle or out
    misplaced: set[str] = field(default_factory=set)  # papers that hands put wrong
    ill: dict[tuple[Device, str], DeviceState] = field(default_factory=dict)  # as this run was told
    low: bool = False  # the battery, likewise
    listed: dict[int, int] = field(default_factory=dict)  # unproven: which change of its board
    unproven: set[int] = field(default_factory=set)  # of those, the ones without a proof
    keyed: set[int] = field(default_factory=set)  # of those, opened by key as staff say
    crossed: bool = False  # a wire was crossed, ever
    known_texts: set[str] = field(default_factory=set)  # known digits, phones, names
    kinds: set[str] = field(default_factory=set)
    scenes: set[str] = field(default_factory=set)
    whys: set[str] = field(default_factory=set)

    def older_card(self, rows: int) -> None:
        """A copy that holds so many rows is put in: what was known stays in mind, to be known again."""
        self.newest = {name: deepcopy(getattr(self, name)) for name in BY_STATEMENTS}
        self.card_restored = True
        del self.statements[rows:]

    @property
    def unaware(self) -> bool:
        """An older copy serves that has had no contact yet: what it lacks nobody can hold against it."""
        return self.card_restored and not self.aside and not self.lost

    def known_again(self) -> None:
        """Every row is back, and nothing that the copy said since counts."""
        for name, value in self.newest.items():
            setattr(self, name, value)
        self.bucket_ms = self.machine.boot_ms
        self.card_restored = self.aside = self.lost = False
        self.came_back = True

    @property
    def now_ms(self) -> int:
        """The world's time."""
        return self.agenda.now_ms

    def result(self, cid: str) -> Result | None:
        """As the manifest in force lists it."""
        results = self.manifest.results if self.manifest is not None else ()
        return next((r for r in results if r.cid == cid), None)

    def holder(self, cid: str, holder: str) -> Holder | None:
        """As the manifest in force lists them."""
        result = self.result(cid)
        holders = result.holders if result is not None else ()
        return next((h for h in holders if h.id == holder), None)

    def code(self, held: Holder) -> str:
        """The code of the counter in force, by the reference implementation."""
        return _code(held.otp.secret, held.otp.counter)

    def moved_ms(self, number: int) -> int:
        """When a leaf last moved."""
        return self.cabinet._doors[number].moved_ms

    def trusts(self, number: int) -> bool:
        """True while the contact of a compartment has always been good."""
        unread = self.cabinet.board.dead or number in self.cabinet.lost
        return number not in self.tainted and not unread

    def refill(self) -> None:
        """Tries come back with uptime; the book counts all of it, the kiosk maybe less."""
        earned = (self.now_ms - self.bucket_ms) / (self.policy.refill_s * 1000)
        self.bucket = min(float(self.policy.bucket), self.bucket + earned)
        self.bucket_ms = self.now_ms

    def unread(self) -> None:
        """A few sweeps are missing, no more than the kiosk may bridge."""
        self.board_ms = self.now_ms

    def blind(self) -> None:
        """No contact is read for a while: every run of equal readings ends."""
        self.board_ms = self.now_ms
        for contact in self.contacts.values():
            contact.reading = Reading.UNKNOWN
