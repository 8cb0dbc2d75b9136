"""What the kiosk remembers: the fold of its journal, and nothing else. No secret is ever in here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, cast

from kiosk.core.guessing import Bucket, full
from sync.messages import SETTINGS, Policy, Setting

ENCODING = 6  # raise it whenever a value below changes form; older checkpoints are then folded anew


class Phase(StrEnum):
    """How far one part of a result has come (DESIGN §5)."""

    LOADED = "loaded"
    ACCEPTED = "accepted"
    OPENED = "opened"
    COLLECTED = "collected"
    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"
    RETRIEVED = "retrieved"


MOVING = frozenset({Phase.ACCEPTED, Phase.OPENED})


class Held(StrEnum):
    """What is believed to lie in a compartment; only a staff look makes it free."""

    FREE = "free"
    OCCUPIED = "occupied"
    PRESUMED_EMPTY = "presumed_empty"


class Proof(StrEnum):
    """Whether a lock whose board was changed has been seen to belong to its door."""

    NOT_NEEDED = ""
    WANTED = "wanted"  # nobody pulses it
    BY_KEY = "by_key"  # staff say that they open it by key: its contact has to agree
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Compartment:
    """One compartment. `unchecked` and `blocked` hold the reason; "" means neither."""

    held: Held = Held.FREE
    cid: str = ""
    unchecked: str = ""
    blocked: str = ""
    opened: int = 0  # how often the door was seen to open: wear
    failed: int = 0  # how often it was asked in vain
    took_ms: int = 0  # all openings together, from pulse to contact
    pending: str = ""  # what staff were loading into it when they were authorised
    before: str = ""  # why it was unchecked when they were: a door that stayed shut answers nothing
    last: str = ""  # what lay in it before: whose papers may have been left inside
    audited: int = 0  # seq of the last audit
    touched: bool = False  # a citizen was seen to open it since it was loaded
    proof: Proof = Proof.NOT_NEEDED
    changes: int = 0  # of its board, to which that proof belongs

    @property
    def serves(self) -> bool:
        """True when neither blocked nor unchecked."""
        return not self.unchecked and not self.blocked

    @property
    def proven(self) -> bool:
        """True when its lock is known to move its own door."""
        return self.proof in {Proof.NOT_NEEDED, Proof.GIVEN}


@dataclass(frozen=True, slots=True)
class Account:
    """One holder's counters: `floor` is the lowest counter whose code still opens."""

    gen: int
    floor: int
    refusals: int = 0  # consecutive, on these known digits
    locked: bool = False  # typed codes only, until a new gen


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The code or token that was last accepted for a result."""

    holder: str
    gen: int
    counter: int
    seq: int
    void: bool = False


PartKey = tuple[str, int]  # cid, compartment
HolderKey = tuple[str, str]  # cid, holder


@dataclass(frozen=True, slots=True)
class Memory:
    """The fold of statements 1 to `seq`."""

    kiosk: str
    epoch: int
    compartments: Mapping[int, Compartment]
    bucket: Bucket
    seq: int = 0
    checkpoint_seq: int = 0
    checkpoint_ms: int = 0
    ver: int = 0
    manifest_hash: str = ""
    iat_ms: int = 0
    policy: Policy = field(default_factory=Policy)
    parts: Mapping[PartKey, Phase] = field(default_factory=dict)
    moving: frozenset[PartKey] = frozenset()  # parts accepted or opened: an index into `parts`
    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # likewise: cid → where
    accounts: Mapping[HolderKey, Account] = field(default_factory=dict)
    acceptances: Mapping[str, Acceptance] = field(default_factory=dict)
    recalled: frozenset[str] = frozenset()
    suspended: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()
    spent: frozenset[str] = frozenset()  # collected or taken back, then unlisted: never again
    audit_round: int = 0  # seq at which the present audit round began, 0: none
    lost: bool = False  # central knows a newer memory than this one
    staff_buckets: Mapping[str, Bucket] = field(default_factory=dict)
    staff_steps: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)  # changed on site, by name
    central: str = ""  # `x` of the central key in force; "": as enrolled
    announced: str = ""  # and of the one that may take its place, "" for none

    def parts_of(self, cid: str) -> dict[int, Phase]:
        """Compartment → phase of every part of `cid` that was ever loaded here."""
        return {n: self.parts[(cid, n)] for n in self.places.get(cid, ())}

    def setting(self, name: Setting) -> str:
        """What was set on site, "" for nothing: it counts for as long as the policy allows it."""
        value = self.settings.get(name, "")
        return value if name in self.policy.settings and value in SETTINGS[name] else ""


def policy_of(raw: Mapping[str, object]) -> Policy:
    """A policy as a statement or a checkpoint holds it; older ones know nothing of settings."""
    names = cast(list[str], raw.get("settings", ()))
    limits = cast(dict[str, int], {k: v for k, v in raw.items() if k != "settings"})
    return Policy(**limits, settings=tuple(names))


def empty(kiosk: str, epoch: int, numbers: tuple[int, ...]) -> Memory:
    """Nothing happened yet. Epoch 1 starts with every compartment free, every later one unchecked."""
    unchecked = "" if epoch == 1 else "new_epoch"
    return Memory(
        kiosk=kiosk,
        epoch=epoch,
        compartments={n: Compartment(unchecked=unchecked) for n in sorted(numbers)},
        bucket=full(Policy()),
    )


def with_place(places: Mapping[str, tuple[int, ...]], key: PartKey) -> dict[str, tuple[int, ...]]:
    """The index `Memory.places` with one part more, compartments ascending."""
    cid, number = key
    return {**places, cid: tuple(sorted({*places.get(cid, ()), number}))}


def encode(memory: Memory) -> bytes:
    """Canonical bytes of a memory: the same value gives the same bytes."""
    flat = asdict(memory)
    flat["compartments"] = [[n, asdict(c)] for n, c in sorted(memory.compartments.items())]
    del flat["moving"], flat["places"]
    flat["parts"] = [[*key, phase] for key, phase in sorted(memory.parts.items())]
    flat["accounts"] = [[*key, asdict(a)] for key, a in sorted(memory.accounts.items())]
    for name in ("recalled", "suspended", "conflicts", "spent"):
        flat[name] = sorted(flat[name])
    return json.dumps(flat, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def decode(folded: bytes) -> Memory:
    """The memory that `encode` wrote.

    Raises:
        ValueError: another encoding, or damage; fold anew from the statements.
    """
    try:
        raw = json.loads(folded)
        parts = {(cid, n): Phase(phase) for cid, n, phase in raw["parts"]}
        places: dict[str, tuple[int, ...]] = {}
        for cid, n in sorted(parts):
            places[cid] = (*places.get(cid, ()), n)
        return Memory(
            **{
                **raw,
                "moving": frozenset(k for k, phase in parts.items() if phase in MOVING),
                "places": places,
                "compartments": {n: _compartment(c) for n, c in raw["compartments"]},
                "bucket": Bucket(**raw["bucket"]),
                "policy": policy_of(raw["policy"]),
                "parts": parts,
                "accounts": {(cid, holder): Account(**a) for cid, holder, a in raw["accounts"]},
                "acceptances": {k: Acceptance(**v) for k, v in raw["acceptances"].items()},
                "recalled": frozenset(raw["recalled"]),
                "suspended": frozenset(raw["suspended"]),
                "conflicts": frozenset(raw["conflicts"]),
                "spent": frozenset(raw["spent"]),
                "staff_buckets": {k: Bucket(**v) for k, v in raw["staff_buckets"].items()},
            }
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("this state has another encoding") from error


def _compartment(raw: Mapping[str, Any]) -> Compartment:
    return Compartment(**{**raw, "held": Held(raw["held"]), "proof": Proof(raw["proof"])})
