"""Central of one simulated life: what it allows, what it was told, and what reached people's phones.

It keeps the rules that central promises the kiosk (DESIGN §4): never more than one counter ahead of what
the kiosk has acknowledged, a code only after the result was stated as loaded, statements taken in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from sync.envelopes import Sealed, check_statement, hash_of, peek_statement, seal_manifest
from sync.messages import SETTINGS, Head, Kind, Statement
from sync.schema import read_statement
from tests.central import DAY_MS, Central, Result
from tests.simulation import keys
from tests.simulation.plan import KIOSK, START_WALL_MS

SENT_LATER_MS = 180_000  # a code leaves when the batch ends, or this long after `loaded`
Who = tuple[str, str]  # cid, holder


@dataclass
class Phone:
    """What one holder was sent, oldest first."""

    codes: list[str] = field(default_factory=list)
    qr: str = ""
    stale_qr: str = ""


class Office:
    """Everything on the far side of the network."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.central = Central(KIOSK, seed=rng.randrange(2**32), wall_ms=START_WALL_MS)
        self.central.policy = {"settings": list(SETTINGS)}
        self.central.add_staff("8", "supervisor", "246802")
        self.central.add_staff("9", "technician", "192837")
        cards = [self.central.issue_card(number) for number in ("7", "8", "9")]
        self.received: list[str] = []
        self.statements: list[Statement] = []
        self.forked = False
        self.alarms = 0
        self.changed = True
        self.genuine: set[str] = set()
        self.newest: Sealed | None = None
        self.older: list[Sealed] = []
        self.phones: dict[Who, Phone] = {}
        self.acknowledged: dict[Who, tuple[int, int]] = {}  # gen, counter
        self.counters_in: dict[int, dict[Who, tuple[int, int]]] = {}
        self.loaded: dict[str, int] = {}  # cid -> when central learned of it
        self.told: set[str] = set()
        self.secret_texts: set[str] = {card.rpartition(".")[2] for card in cards}
        self._published_ms = START_WALL_MS

    # What it wants

    def register(self, phone: str, *, hold_ms: int = 7 * DAY_MS, wall_ms: int) -> Result:
        """A new result; its cid bears no digits, so that known digits can be looked for in statements."""
        number = len(self.central.results)
        cid = "r-" + "".join(chr(97 + int(d)) for d in f"{number:03d}")
        result = self.central.register(cid, phone)
        result.hold_until_ms = wall_ms + hold_ms
        result.low = self.rng.random() < 0.2
        result.size = "A3" if self.rng.random() < 0.1 else "A4"
        self.changed = True
        return result

    def may_resend(self, who: Who) -> bool:
        """True while the next counter is at most one ahead of what the kiosk acknowledged."""
        held = self.central.results[who[0]].holders[who[1]]
        return self.acknowledged.get(who) == (held.gen, held.counter)

    def re_issue(self, who: Who, *, fresh: bool) -> None:
        """A newer code; the old message is worthless once the kiosk knows."""
        if not fresh and not self.may_resend(who):
            return  # the same code is sent again
        self.central.re_issue(*who, fresh=fresh)
        self.changed = True
        self.message(who)

    def message(self, who: Who) -> None:
        """Code and QR reach a phone."""
        phone = self.phones.setdefault(who, Phone())
        phone.codes.append(self.central.code(*who))
        phone.stale_qr, phone.qr = phone.qr, self.central.qr(*who)
        held = self.central.results[who[0]].holders[who[1]]
        self.secret_texts |= {phone.codes[-1], held.token, held.secret, held.phone}

    # What it sends

    def publish(self, wall_ms: int) -> Sealed:
        """The next version, signed and sealed."""
        if self.newest is not None:
            self.older.append(self.newest)
        payload = self.central.publish(wall_ms)
        for result in self.central.results.values():
            for held in result.holders.values():
                self.secret_texts |= {held.secret, held.token, held.phone}
        self.newest = seal_manifest(
            payload, signer=keys.CENTRAL, recipient_public=keys.OPENING_PUBLIC
        )
        self.genuine.add(self.newest.hash)
        self.counters_in[self.central.ver] = {
            (cid, h.id): (h.gen, h.counter)
            for cid, r in self.central.results.items()
            for h in r.holders.values()
        }
        self.changed, self._published_ms = False, wall_ms
        return self.newest

    def manifest(self, head: Head, wall_ms: int) -> Sealed:
        """The answer to a long poll that names the kiosk's journal head."""
        behind = head.seq < len(self.received) or self.forked
        daily = wall_ms - self._published_ms >= DAY_MS
        if self.newest is None or self.changed or behind or daily:
            return self.publish(wall_ms)
        return self.newest

    # What it is told

    @property
    def head(self) -> Head:
        """How far the journal was received."""
        return self.central.head

    def take(self, after: int, texts: list[str]) -> Head:
        """Statements in order; rows known already are passed over, a gap or a fork is not taken."""
        for seq, text in enumerate(texts, after + 1):
            if seq <= len(self.received):
                self.forked |= self.received[seq - 1] != text
            elif seq != len(self.received) + 1 or not self._follows(text):
                break
            else:
                self._learn(text)
        return self.head

    def _follows(self, text: str) -> bool:
        fits = peek_statement(text)["prev"] == self.head.hash
        self.forked |= not fits
        return fits

    def _learn(self, text: str) -> None:
        check = len(self.received) % 16 == 0  # the kiosk's own journal verifies every row it sends
        payload = check_statement(text, keys.STATEMENT) if check else peek_statement(text)
        statement = read_statement(payload)
        self.received.append(text)
        self.statements.append(statement)
        self.central.received(statement.seq, hash_of(text))
        fields = statement.fields
        if statement.kind == Kind.LOADED:
            self.loaded.setdefault(str(fields["cid"]), statement.at_ms)
        elif statement.kind == Kind.RETRIEVED and fields["undo"] is True:
            if fields["cid"] not in self.told:  # undone before anybody was told
                self.loaded.pop(str(fields["cid"]), None)
        elif statement.kind == Kind.MANIFEST_ACCEPTED:
            self.acknowledged.update(self.counters_in.get(int(str(fields["ver"])), {}))
        elif statement.kind == Kind.ACCEPTED:
            self._code_used(fields)

    def _code_used(self, fields: object) -> None:
        assert isinstance(fields, dict)
        who = (fields["cid"], fields["holder"])
        used = (fields["gen"], fields["counter"])
        self.acknowledged[who] = max(self.acknowledged.get(who, used), used)

    def tell(self) -> list[Who]:
        """Send every code that may be sent by now; who was told."""
        told: list[Who] = []
        for cid in self.loaded:
            if cid not in self.told:
                self.told.add(cid)
                told += [(cid, holder) for holder in self.central.results[cid].holders]
        for who in told:
            self.message(who)
        return told
