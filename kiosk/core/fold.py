"""State is the fold of the journal: one small function per kind of statement, in one table.

`fold` is used twice with the same code: when a statement is made, and when it is read back after a
restart. So whatever is not in a statement is not remembered. Kinds without a line in the table change
nothing but the bucket's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from kiosk.core.changes import (
    int_of,
    restored_floor,
    text_of,
    with_account,
    with_compartment,
    with_failure,
    with_part,
)
from kiosk.core.fold_conflict import conflict
from kiosk.core.fold_staff import STAFF_CHANGES, as_before
from kiosk.core.guessing import full, refilled, taken
from kiosk.core.memory import (
    Acceptance,
    Account,
    Compartment,
    Held,
    Memory,
    Phase,
    Proof,
    policy_of,
)
from sync.messages import Kind, Statement

STRANGERS = "?"  # the bucket of staff numbers that nobody has


def fold(memory: Memory, statement: Statement) -> Memory:
    """The memory after `statement`.

    Raises:
        ValueError: the statement is not the next one of this kiosk and epoch.
    """
    if (statement.kiosk, statement.epoch) != (memory.kiosk, memory.epoch):
        raise ValueError(f"statement {statement.seq} belongs to another kiosk or epoch")
    if statement.seq != memory.seq + 1:
        raise ValueError(f"statement {statement.seq} does not follow {memory.seq}")
    bucket = refilled(memory.bucket, statement.up_ms, memory.policy)
    after = replace(memory, seq=statement.seq, bucket=bucket)
    change = _CHANGES.get(statement.kind)
    return after if change is None else change(after, statement)


def _manifest_accepted(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    accounts = dict(memory.accounts)
    for cid, holder, gen, floor in cast(list[tuple[str, str, int, int]], f["floors"]):
        old = accounts.get((cid, holder))
        fresh = old is None or gen > old.gen
        kept = Account(gen, floor) if fresh or old is None else replace(old, floor=floor)
        accounts[(cid, holder)] = kept
    gone = frozenset(cast(list[str], f["forgotten"]))
    voided = frozenset(cast(list[str], f["voided"]))
    lifted = frozenset(cast(list[str], f["lifted"]))
    policy = policy_of(cast(dict[str, object], f["policy"]))
    key, announced = _keys(memory, f)
    return replace(
        memory,
        ver=int_of(f, "ver"),
        manifest_hash=text_of(f, "hash"),
        iat_ms=int_of(f, "iat_ms"),
        policy=policy,
        bucket=refilled(memory.bucket, statement.up_ms, policy),
        accounts={k: a for k, a in accounts.items() if k[0] not in gone},
        parts={k: p for k, p in memory.parts.items() if k[0] not in gone},
        places={cid: numbers for cid, numbers in memory.places.items() if cid not in gone},
        acceptances={
            cid: replace(a, void=a.void or cid in voided)
            for cid, a in memory.acceptances.items()
            if cid not in gone
        },
        recalled=(memory.recalled | frozenset(cast(list[str], f["recalled"]))) - gone,
        suspended=(memory.suspended | frozenset(cast(list[str], f["suspended"]))) - lifted - gone,
        conflicts=memory.conflicts - gone,
        spent=memory.spent | _collected_of(memory, gone),
        central=key,
        announced=announced,
    )


def _keys(memory: Memory, fields: Mapping[str, object]) -> tuple[str, str]:
    """The central keys that a manifest left in force; version 1.0 said nothing of them."""
    if "key" not in fields:
        return memory.central, memory.announced
    key = cast(dict[str, str], fields["key"])
    announced = cast(dict[str, str] | None, fields.get("next"))
    return key["x"], announced["x"] if announced else ""


def _collected_of(memory: Memory, gone: frozenset[str]) -> frozenset[str]:
    """Results that are forgotten but for this: a list that names them again brings no code back."""
    phases = memory.parts.items()
    over = {Phase.COLLECTED, Phase.RETRIEVED}
    return frozenset(cid for (cid, _), p in phases if cid in gone and p in over)


def _refused(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    if text_of(f, "via") != "code":
        return memory  # 128 bits cannot be guessed: a token takes nothing from the typed bucket
    accounts = dict(memory.accounts)
    for cid, holder in cast(list[tuple[str, str]], f["typed_for"]):
        old = accounts.get((cid, holder))
        if old is not None:
            tries = old.refusals + 1  # locks by itself: a cut may swallow `result_locked`
            locked = old.locked or tries >= memory.policy.holder_refusals
            accounts[(cid, holder)] = replace(old, refusals=tries, locked=locked)
    bucket = taken(memory.bucket, statement.up_ms, memory.policy)
    return replace(memory, accounts=accounts, bucket=bucket)


def _result_locked(memory: Memory, statement: Statement) -> Memory:
    cid, holder = text_of(statement.fields, "cid"), text_of(statement.fields, "holder")
    old = memory.accounts.get((cid, holder))
    if old is None:
        return memory
    return with_account(memory, cid, holder, replace(old, locked=True))


def _accepted(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    cid, holder = text_of(f, "cid"), text_of(f, "holder")
    gen, counter = int_of(f, "gen"), int_of(f, "counter")
    memory = with_account(memory, cid, holder, _account_after(memory, cid, holder, gen, counter))
    for number in cast(list[int], f["compartments"]):
        memory = with_part(memory, cid, number, Phase.ACCEPTED)
    acceptance = Acceptance(holder, gen, counter, statement.seq)
    return replace(memory, acceptances={**memory.acceptances, cid: acceptance})


def _account_after(memory: Memory, cid: str, holder: str, gen: int, counter: int) -> Account:
    old = memory.accounts.get((cid, holder))
    locked = old.locked if old is not None else False
    return Account(gen, counter + 1, refusals=0, locked=locked)


def _opened(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    number, cid = int_of(f, "compartment"), text_of(f, "cid")
    held = memory.compartments.get(number)
    if held is not None:
        took_ms = held.took_ms + cast(int, f.get("ms", 0))
        memory = with_compartment(memory, number, opened=held.opened + 1, took_ms=took_ms)
    if cid and memory.parts.get((cid, number)) is Phase.ACCEPTED:
        memory = with_part(memory, cid, number, Phase.OPENED)
        memory = with_compartment(memory, number, touched=True)
    return memory


def _collected(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    number, cid = int_of(f, "compartment"), text_of(f, "cid")
    memory = with_part(memory, cid, number, Phase.COLLECTED)
    return with_compartment(memory, number, held=Held.PRESUMED_EMPTY, cid="", last=cid)


def _not_opened(memory: Memory, statement: Statement) -> Memory:
    """A door that stayed shut: the part is loaded again and its code works again."""
    f = statement.fields
    number, cid = int_of(f, "compartment"), text_of(f, "cid")
    memory = with_failure(memory, number)
    if text_of(f, "staff"):  # nothing in there has changed, and nobody has looked
        return as_before(memory, number)
    memory = restored_floor(memory, cid)
    return with_part(memory, cid, number, Phase.LOADED)


def _unconfirmed(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    number, cid = int_of(f, "compartment"), text_of(f, "cid")
    if cid:
        memory = with_part(memory, cid, number, Phase.UNCONFIRMED)
    return with_compartment(with_failure(memory, number), number, blocked="unconfirmed")


def _wrong_door(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    for number in (int_of(f, "asked"), int_of(f, "opened")):
        memory = with_compartment(memory, number, unchecked="wrong_door")
    for number in cast(list[int], f["bank"]):
        memory = with_compartment(memory, number, blocked="wrong_door")
    return memory


def _opened_unasked(memory: Memory, statement: Statement) -> Memory:
    return with_compartment(
        memory, int_of(statement.fields, "compartment"), unchecked="opened_unasked"
    )


def _disputed(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    number, cid = int_of(f, "compartment"), text_of(f, "cid")
    memory = with_part(memory, cid, number, Phase.DISPUTED)
    return with_compartment(memory, number, blocked="disputed")


def _started(memory: Memory, statement: Statement) -> Memory:
    """Staff buckets get the clock of this boot; compartments follow the configuration.

    What was configured later, or taken away, is unchecked until staff have looked into it.
    """
    up_ms, policy = statement.up_ms, memory.policy
    buckets = {n: refilled(b, up_ms, policy) for n, b in memory.staff_buckets.items()}
    held = dict(memory.compartments)
    configured = cast(list[int], statement.fields.get("compartments", sorted(held)))
    first = statement.seq == 1
    reason = "new_epoch" if memory.epoch > 1 else "" if first else "new"
    for number in configured:
        held.setdefault(number, Compartment(unchecked=reason))
    for number in set(held) - set(configured):
        held[number] = replace(held[number], unchecked="removed")
    unproven = cast(list[int], statement.fields.get("unproven", []))
    changes = cast(list[int], statement.fields.get("changes", [0] * len(unproven)))
    doubted = dict(zip(unproven, changes, strict=False))
    held = {n: _to_be_proven(c, doubted.get(n)) for n, c in held.items()}
    return replace(memory, staff_buckets=buckets, compartments=dict(sorted(held.items())))


def _to_be_proven(held: Compartment, change: int | None) -> Compartment:
    """A proof holds while its number stays listed with the change of the board that it is of."""
    if change is None:
        return replace(held, proof=Proof.NOT_NEEDED, changes=0)
    if held.proof is not Proof.NOT_NEEDED and held.changes == change:
        return held
    return replace(held, proof=Proof.WANTED, changes=change)


def _staff_bucket(memory: Memory, number: str, up_ms: int) -> Memory:
    bucket = memory.staff_buckets.get(number, full(memory.policy, up_ms))
    after = taken(bucket, up_ms, memory.policy)
    return replace(memory, staff_buckets={**memory.staff_buckets, number: after})


def _staff_refused(memory: Memory, statement: Statement) -> Memory:
    number = text_of(statement.fields, "staff") or STRANGERS
    return _staff_bucket(memory, number, statement.up_ms)


def _staff_in(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    if "step" not in f:
        return memory  # a card was shown: no TOTP is used up
    steps = {**memory.staff_steps, text_of(f, "staff"): int_of(f, "step")}
    return replace(memory, staff_steps=steps)


def _setting(memory: Memory, statement: Statement) -> Memory:
    f = statement.fields
    return replace(memory, settings={**memory.settings, text_of(f, "name"): text_of(f, "value")})


def _checkpoint(memory: Memory, statement: Statement) -> Memory:
    return replace(memory, checkpoint_seq=statement.seq, checkpoint_ms=statement.at_ms)


_CHANGES: dict[str, Callable[[Memory, Statement], Memory]] = {
    **STAFF_CHANGES,
    Kind.STARTED: _started,
    Kind.CHECKPOINT: _checkpoint,
    Kind.MANIFEST_ACCEPTED: _manifest_accepted,
    Kind.REFUSED: _refused,
    Kind.RESULT_LOCKED: _result_locked,
    Kind.ACCEPTED: _accepted,
    Kind.OPENED: _opened,
    Kind.COLLECTED: _collected,
    Kind.NOT_OPENED: _not_opened,
    Kind.UNCONFIRMED: _unconfirmed,
    Kind.WRONG_DOOR: _wrong_door,
    Kind.OPENED_UNASKED: _opened_unasked,
    Kind.DISPUTED: _disputed,
    Kind.CONFLICT: conflict,
    Kind.STAFF_REFUSED: _staff_refused,
    Kind.STAFF_IN: _staff_in,
    Kind.SETTING: _setting,
}
