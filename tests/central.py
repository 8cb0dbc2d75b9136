"""Central as an object in memory: no HTTP, no database, no clock, chance only from the given seed.

For tests and simulations of the kiosk's side. A verb changes what central wants; `publish` makes
the next manifest payload of it, valid for `messages.read_manifest`, ready to be sealed.
"""

from __future__ import annotations

import base64
import copy
import hashlib
from dataclasses import asdict, dataclass, field
from random import Random

import pyotp

from sync.messages import CODE_DIGITS, KNOWN_DIGITS, Head, rfc3339

DAY_MS = 86_400_000
SCRYPT_N = 2**10  # the smallest that a manifest may name: tests log in often


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Holder:
    """A holder with everything that central knows of the person."""

    id: str
    phone: str
    secret: str
    token: str  # the 22 characters in the QR
    role: str = "self"
    lang: str = "vi"
    gen: int = 1
    counter: int = 0


@dataclass
class Result:
    """A result as central wants it. Tests may set any field before `publish`."""

    cid: str
    hold_until_ms: int
    holders: dict[str, Holder]
    dossiers: list[str]
    status: str = "live"
    recipient: str = "NGUYỄN V*** A***"
    overdue: bool = False
    fee_due: bool = False
    low: bool = False
    size: str = "A4"
    place: str = ""
    last_known: list[dict[str, object]] = field(default_factory=list)
    listed: bool = True


class Central:
    """One kiosk's central. `wall_ms` is the time of the first manifest."""

    def __init__(
        self, kiosk: str = "bt1", *, seed: int = 0, wall_ms: int = 1_795_000_000_000
    ) -> None:
        self.kiosk = kiosk
        self.epoch = 1
        self.ver = 0
        self.head = Head(0, "")
        self.policy: dict[str, object] = {}
        self.results: dict[str, Result] = {}
        self.published: list[dict[str, object]] = []
        self._wall_ms = wall_ms
        self._random = Random(seed)
        self._cards_random = Random(f"cards {seed}")  # so that a card changes no other secret
        self._pins: dict[str, str] = {}
        self.cards: dict[str, str] = {}  # number → text of the newest card
        self._staff: dict[str, dict[str, object]] = {}
        self.add_staff("7", "clerk")

    def register(self, cid: str, phone: str = "0530004821", *, hold_days: int = 7) -> Result:
        """A new result with one holder, "h1"."""
        until = self._wall_ms + hold_days * DAY_MS
        code = f"H29.915-261121-{len(self.results) + 1:04d}"
        self.results[cid] = Result(cid, until, {}, [code])
        self.authorise(cid, "h1", phone, role="self")
        return self.results[cid]

    def authorise(self, cid: str, holder: str, phone: str, *, role: str = "authorised") -> None:
        """One more holder of a result."""
        new = Holder(holder, phone, self._base32(20), self._token(), role)
        self.results[cid].holders[holder] = new

    def unlist(self, cid: str, holder: str) -> None:
        """This holder may no longer collect."""
        del self.results[cid].holders[holder]

    def re_issue(self, cid: str, holder: str = "h1", *, fresh: bool = False) -> str:
        """The next code: a counter further, or with `fresh` a new secret under the next gen."""
        held = self._holder(cid, holder)
        if fresh:
            held.gen, held.counter, held.secret = held.gen + 1, 0, self._base32(20)
        else:
            held.counter += 1
        held.token = self._token()
        return self.code(cid, holder)

    def revoke(self, cid: str) -> None:
        """For good."""
        self.results[cid].status = "revoked"

    def drop(self, cid: str) -> None:
        """Leave it out of the list, as a restored central might."""
        self.results[cid].listed = False

    def relist(self, cid: str) -> None:
        """Undo `drop`."""
        self.results[cid].listed = True

    def add_staff(self, number: str, role: str = "clerk", pin: str = "135790") -> None:
        """A staff member; the same number again replaces PIN and TOTP secret."""
        salt = self._random.randbytes(16)
        digest = hashlib.scrypt(pin.encode(), salt=salt, n=SCRYPT_N, r=8, p=1, dklen=32)
        self._pins[number] = pin
        self._staff[number] = {
            "number": number,
            "role": role,
            "pin": {
                "salt": _base64url(salt),
                "n": SCRYPT_N,
                "r": 8,
                "p": 1,
                "hash": _base64url(digest),
            },
            "totp_secret": self._base32(20),
        }

    def issue_card(self, number: str = "7") -> str:
        """The text of a new staff card; the one before is worth nothing."""
        token = _base64url(self._cards_random.randbytes(16))
        digest = hashlib.sha256(token.encode()).digest()
        self._staff[number]["card"] = _base64url(digest)
        self.cards[number] = f"HSC1.{number}.{token}"
        return self.cards[number]

    def withdraw_card(self, number: str = "7") -> None:
        self._staff[number]["card"] = ""

    def rotate_staff(self) -> None:
        """Everybody gets a new PIN and a new TOTP secret."""
        for number, entry in list(self._staff.items()):
            pin = f"{self._random.randrange(10**6):06d}"
            self.add_staff(number, str(entry["role"]), pin)

    def remove_staff(self, number: str) -> None:
        del self._staff[number], self._pins[number]

    def received(self, seq: int, statement_hash: str) -> None:
        """How far the journal reached central; the next manifest names it."""
        self.head = Head(seq, statement_hash)

    def publish(self, wall_ms: int) -> dict[str, object]:
        """The next version, as a manifest payload."""
        self._wall_ms = wall_ms
        self.ver = max(self.ver + 1, wall_ms // 1000)
        payload: dict[str, object] = {
            "iss": "central",
            "aud": self.kiosk,
            "epoch": self.epoch,
            "ver": self.ver,
            "iat": rfc3339(wall_ms),
            "head": {"seq": self.head.seq, "hash": self.head.hash},
            "policy": dict(self.policy),
            "staff": copy.deepcopy(list(self._staff.values())),
            "results": [_listed(r) for r in self.results.values() if r.listed],
        }
        self.published.append(payload)
        return copy.deepcopy(payload)

    def serve_stale(self, back: int = 1) -> dict[str, object]:
        """The payload published `back` versions before the newest."""
        return copy.deepcopy(self.published[-1 - back])

    def known_digits(self, cid: str, holder: str = "h1") -> str:
        return self._holder(cid, holder).phone[-KNOWN_DIGITS:]

    def code(self, cid: str, holder: str = "h1", *, ahead: int = 0) -> str:
        """The code of the present counter, or of one `ahead` of it (or behind, if negative)."""
        held = self._holder(cid, holder)
        return pyotp.HOTP(held.secret, digits=CODE_DIGITS).at(held.counter + ahead)

    def qr(self, cid: str, holder: str = "h1") -> str:
        """The text inside the holder's QR."""
        return f"HS1.{self.kiosk}.{self._holder(cid, holder).token}"

    def pin(self, number: str = "7") -> str:
        return self._pins[number]

    def totp(self, wall_ms: int, number: str = "7") -> str:
        """What the staff member's authenticator shows at `wall_ms`."""
        return pyotp.TOTP(str(self._staff[number]["totp_secret"])).at(wall_ms // 1000)

    def _holder(self, cid: str, holder: str) -> Holder:
        return self.results[cid].holders[holder]

    def _base32(self, size: int) -> str:
        return base64.b32encode(self._random.randbytes(size)).rstrip(b"=").decode()

    def _token(self) -> str:
        return _base64url(self._random.randbytes(16))


def _listed(result: Result) -> dict[str, object]:
    """The result as a manifest lists it."""
    entry = asdict(result)
    del entry["listed"], entry["hold_until_ms"]
    entry["hold_until"] = rfc3339(result.hold_until_ms)
    entry["holders"] = [_holder_entry(held) for held in result.holders.values()]
    return entry


def _holder_entry(held: Holder) -> dict[str, object]:
    digest = _base64url(hashlib.sha256(held.token.encode()).digest())
    return {
        "id": held.id,
        "role": held.role,
        "lang": held.lang,
        "known_digits": held.phone[-KNOWN_DIGITS:],
        "otp": {
            "gen": held.gen,
            "secret": held.secret,
            "digits": CODE_DIGITS,
            "counter": held.counter,
        },
        "token": {"sha256": digest, "counter": held.counter},
    }
