"""Merging an accepted manifest into what happened here: the table of DESIGN §5, as one statement.

Central owns what is allowed, the kiosk owns what happened. Nothing is merged when the journal head that
central names is not in this journal. All consequences are named in `manifest_accepted`, so that the fold
needs no manifest.
"""

from __future__ import annotations

from dataclasses import asdict

from kiosk.core.memory import Acceptance, Memory, Phase
from sync.messages import Holder, Manifest, Status

DONE = frozenset({Phase.OPENED, Phase.COLLECTED, Phase.DISPUTED})
HERE = frozenset({Phase.LOADED, Phase.ACCEPTED, Phase.UNCONFIRMED})
GONE = frozenset({Phase.COLLECTED, Phase.RETRIEVED})


def consequences(memory: Memory, manifest: Manifest, hash_: str) -> dict[str, object]:
    """The fields of `manifest_accepted`: version, hash and everything that changes here by it."""
    listed = {r.cid: r for r in manifest.results}
    live = {cid for cid, r in listed.items() if r.status is Status.LIVE}
    revoked = set(listed) - live
    here = _cids(memory, HERE)
    absent = here - set(listed)
    return {
        "ver": manifest.ver,
        "hash": hash_,
        "iat_ms": manifest.iat_ms,
        "policy": {**asdict(manifest.policy), "settings": list(manifest.policy.settings)},
        "floors": _floors(memory, manifest),
        "voided": _voided(memory, manifest),
        "recalled": sorted(revoked - _over(memory, here) - memory.recalled),
        "suspended": sorted(absent - memory.suspended),
        "lifted": sorted(memory.suspended & live),
        "forgotten": _forgotten(memory, set(listed)),
    }


def _cids(memory: Memory, phases: frozenset[Phase]) -> set[str]:
    return {cid for (cid, _), phase in memory.parts.items() if phase in phases}


def _over(memory: Memory, here: set[str]) -> set[str]:
    """Results whose every part has left the table's first two columns: opened, or gone."""
    return {cid for cid, _ in memory.parts} - here


def _floors(memory: Memory, manifest: Manifest) -> list[list[object]]:
    """[cid, holder, gen, floor] wherever an account is new or rises."""
    rows: list[list[object]] = []
    for result in manifest.results:
        if result.cid in memory.spent:
            continue
        for holder in result.holders:
            old = memory.accounts.get((result.cid, holder.id))
            otp = holder.otp
            if old is None or (otp.gen, otp.counter) > (old.gen, old.floor):
                rows.append([result.cid, holder.id, otp.gen, otp.counter])
    return rows


def _voided(memory: Memory, manifest: Manifest) -> list[str]:
    """Acceptances that a higher gen, or a newer counter in the same gen, ends for good."""
    holders = {(r.cid, h.id): h for r in manifest.results for h in r.holders}
    voided = []
    for cid, acceptance in memory.acceptances.items():
        holder = holders.get((cid, acceptance.holder))
        if not acceptance.void and holder is not None and _newer(holder, acceptance):
            voided.append(cid)
    return sorted(voided)


def _newer(holder: Holder, acceptance: Acceptance) -> bool:
    otp = holder.otp
    return (otp.gen, otp.counter) > (acceptance.gen, acceptance.counter)


def _forgotten(memory: Memory, listed: set[str]) -> list[str]:
    """Results that are over here and that central no longer lists: nothing can open them again."""
    known = {cid for cid, _ in (*memory.parts, *memory.accounts)} | memory.recalled
    lying = {c.cid for c in memory.compartments.values() if c.cid}
    open_ = {cid for (cid, _), phase in memory.parts.items() if phase not in GONE}
    return sorted(known - listed - lying - open_)


def lower_gens(memory: Memory, manifest: Manifest) -> list[str]:
    """Results whose gen went down: they open nothing, and somebody must look (DESIGN §5, Floors)."""
    return sorted(
        {
            result.cid
            for result in manifest.results
            for holder in result.holders
            if (old := memory.accounts.get((result.cid, holder.id))) is not None
            and holder.otp.gen < old.gen
        }
    )


def conflicts(memory: Memory, manifest: Manifest) -> list[str]:
    """Results that central revoked after they were opened here; each is reported once."""
    revoked = {r.cid for r in manifest.results if r.status is Status.REVOKED}
    moved = _cids(memory, DONE | {Phase.ACCEPTED})
    return sorted((revoked & moved) - memory.conflicts)


def mass_absence(memory: Memory, manifest: Manifest) -> bool:
    """True when more than half of the loaded results are absent at once: an alarm besides."""
    loaded = _cids(memory, frozenset({Phase.LOADED}))
    absent = loaded - {r.cid for r in manifest.results}
    return len(absent) * 2 > len(loaded)
