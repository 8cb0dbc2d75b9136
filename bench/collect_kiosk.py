"""A kiosk in memory with results loaded, built from statements as a restart builds it. Fictional people.

Seeds are fixed: every run measures the same results, secrets and codes.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from random import Random

from drivers.doors import DoorsRead, Reading
from kiosk.core import codes, merge
from kiosk.core.automaton import start, step
from kiosk.core.clock import Now
from kiosk.core.doors import DEBOUNCE_MS
from kiosk.core.events import Key, Pressed
from kiosk.core.fold import fold
from kiosk.core.memory import Memory, empty
from kiosk.core.site import CompartmentPlan, Site
from kiosk.core.state import State
from sync.messages import CODE_DIGITS, Clock, Kind, Manifest, Statement, rfc3339
from sync.schema import read_manifest

KIOSK = "bench"
EPOCH = 1
WALL_MS = 1_795_000_000_000  # November 2026
BOOT_MS = 60_000
HOLD_MS = 30 * 86_400_000
HASH = "bench-manifest"
ROWS = 12  # compartments below each other


def site(count: int) -> Site:
    """A wall of `count` compartments on one bank."""
    return Site(
        kiosk=KIOSK,
        epoch=EPOCH,
        unit="Phường Bình Tiên",
        address="123 Đường Số 45, phường Bình Tiên",
        hotline="1022",
        language="vi",
        version="bench",
        built_ms=WALL_MS - HOLD_MS,
        compartments=tuple(
            CompartmentPlan(n, (n - 1) % ROWS + 1, (n - 1) // ROWS + 2) for n in range(1, count + 1)
        ),
        screen_cell=(2, 1, 3),
    )


def payload(count: int, *, ver: int = 1, first: int = 1, at_ms: int = WALL_MS) -> dict[str, object]:
    """A manifest for `count` results, each with one holder who was sent the first code."""
    random = Random(ver)
    return {
        "iss": "central",
        "aud": KIOSK,
        "epoch": EPOCH,
        "ver": ver,
        "iat": rfc3339(at_ms),
        "head": {"seq": 0, "hash": ""},
        "policy": {},
        "staff": [],
        "results": [_result(first + n, random, at_ms + HOLD_MS) for n in range(count)],
    }


def cid(number: int) -> str:
    """The id of one result."""
    return f"r{number:06d}"


def _result(number: int, random: Random, until_ms: int) -> dict[str, object]:
    secret = base64.b32encode(random.randbytes(20)).decode()
    digest = base64.urlsafe_b64encode(random.randbytes(32)).decode().rstrip("=")
    holder = {
        "id": "h1",
        "role": "self",
        "lang": "vi",
        "known_digits": f"{random.randrange(10_000):04d}",
        "otp": {"gen": 1, "secret": secret, "digits": CODE_DIGITS, "counter": 0},
        "token": {"sha256": digest, "counter": 0},
    }
    return {
        "cid": cid(number),
        "status": "live",
        "dossiers": [f"H29.915-261121-{number:05d}"],
        "recipient": "NGUYỄN V*** A***",
        "hold_until": rfc3339(until_ms),
        "overdue": False,
        "fee_due": False,
        "low": False,
        "size": "A4",
        "place": "",
        "last_known": [],
        "holders": [holder],
    }


def said(memory: Memory, kind: Kind, now: Now, **fields: object) -> Statement:
    """The next statement after `memory`."""
    seq = memory.seq + 1
    return Statement(KIOSK, EPOCH, seq, "", now.wall_ms, now.clock, now.up_ms, kind, fields)


def commissioned(memory: Memory, count: int, now: Now) -> Statement:
    """The very first statement: the compartments are known from here on."""
    numbers = list(range(1, count + 1))
    return said(memory, Kind.STARTED, now, version="bench", compartments=numbers)


def accepted(memory: Memory, manifest: Manifest, hash_: str, now: Now) -> Statement:
    """The statement that takes this manifest into force."""
    fields = merge.consequences(memory, manifest, hash_)
    return said(memory, Kind.MANIFEST_ACCEPTED, now, **fields)


@dataclass(frozen=True, slots=True)
class Stocked:
    """A kiosk on its idle screen with a result in every compartment."""

    manifest: Manifest
    state: State
    statements: tuple[Statement, ...]  # all that its memory folds
    now: Now

    def code(self, number: int) -> tuple[str, str]:
        """Known digits and code of one result, by its compartment."""
        holder = self.manifest.results[number - 1].holders[0]
        return holder.known_digits, codes.hotp(holder.otp.secret, holder.otp.counter)


def stocked(count: int) -> Stocked:
    """As after a restart: fold, start, two sweeps over closed doors."""
    plan, now = site(count), Now(BOOT_MS, WALL_MS, Clock.SYNCED)
    manifest = read_manifest(payload(count))
    memory = empty(KIOSK, EPOCH, ())
    statements = [commissioned(memory, count, now)]
    memory = fold(memory, statements[-1])
    statements.append(accepted(memory, manifest, HASH, now))
    memory = fold(memory, statements[-1])
    for n in range(1, count + 1):
        statements.append(said(memory, Kind.LOADED, now, cid=cid(n), compartment=n, staff="1001"))
        memory = fold(memory, statements[-1])
    state, effects = start(plan, memory, manifest, now, codes.made_ahead(manifest))
    statements += [effect.statement for effect in effects if hasattr(effect, "statement")]
    for _ in range(2):
        now = replace(now, up_ms=now.up_ms + DEBOUNCE_MS, wall_ms=now.wall_ms + DEBOUNCE_MS)
        closed = dict.fromkeys(range(1, count + 1), Reading.CLOSED)
        state, _ = step(state, DoorsRead(now.up_ms, closed), now)
    return Stocked(manifest, state, tuple(statements), now)


def keyed(state: State, now: Now, *keys: tuple[Key, str]) -> State:
    """One touch after the other; none of them states anything."""
    for key, value in keys:
        state, effects = step(state, Pressed(key, value), now)
        assert not effects
    return state


def typed(state: State, now: Now, known: str, code: str) -> State:
    """From the idle screen to all twelve digits typed, not yet submitted."""
    digits = [(Key.DIGIT, digit) for digit in known]
    more = [(Key.DIGIT, digit) for digit in code]
    return keyed(state, now, (Key.START, ""), *digits, (Key.CONFIRM, ""), *more)
