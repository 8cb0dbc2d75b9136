"""A manifest arrives: its head first, then the merge, or a refusal that changes nothing (DESIGN §4, §5)."""

from __future__ import annotations

from kiosk.core import central_key, codes, merge
from kiosk.core import clock as clocks
from kiosk.core.effects import AnswerOffer, KeepManifest
from kiosk.core.events import ManifestOpened, ManifestRefused
from kiosk.core.memory import Memory
from kiosk.core.state import Turn
from sync.messages import Kind, Refusal

REFUSALS_SEEN = 20  # manifests refused one by one in a run; the rest are counted


def opened(turn: Turn, event: ManifestOpened) -> None:
    """Head first, then the merge; a manifest in force already is only acknowledged."""
    memory, manifest = turn.memory, event.manifest
    if (manifest.ver, event.hash) == (memory.ver, memory.manifest_hash):
        if turn.state.manifest is None:  # its copy was lost, or never on this card (restored)
            turn.effects.append(KeepManifest(manifest.ver, event.hash, event.sealed))
            _hold(turn, event)
        turn.effects.append(AnswerOffer(event.offer, manifest.ver, None))
        return
    refusal = _raced(memory, manifest.ver) or event.head_fits
    if refusal is None and not central_key.fits(memory, turn.state.site, event.by):
        refusal = Refusal.KEY_ID  # another key came through meanwhile
    if refusal is not None:
        refused(turn, ManifestRefused(refusal, manifest.ver, event.hash, offer=event.offer))
        if refusal is event.head_fits:  # central knows more: `sync` offers own rows next
            turn.change(head_named=max(turn.state.head_named, manifest.head.seq))
        return
    _accept_manifest(turn, event)
    turn.effects.append(AnswerOffer(event.offer, manifest.ver, None))


def _raced(memory: Memory, ver: int) -> Refusal | None:
    """A newer manifest, or a twin, came through the worker while this one was being opened."""
    if ver == memory.ver:
        return Refusal.SAME_VERSION_OTHER_HASH
    return Refusal.VERSION if ver < memory.ver else None


def _accept_manifest(turn: Turn, event: ManifestOpened) -> None:
    before, manifest = turn.memory, event.manifest
    fields = merge.consequences(before, manifest, event.hash)
    keys = central_key.stated(before, turn.state.site, manifest, event.by)
    turn.record(Kind.MANIFEST_ACCEPTED, sealed=event.sealed, **fields, **keys)
    for cid in merge.conflicts(before, manifest):
        turn.record(Kind.CONFLICT, cid=cid, what="revoked_after_opening")
    for cid in merge.lower_gens(before, manifest):
        turn.fault(f"lower_gen:{cid}", cid=cid)
    if merge.mass_absence(before, manifest):
        turn.fault("mass_absence", ver=manifest.ver)
    else:
        turn.clear("mass_absence")
    _hold(turn, event)


def _hold(turn: Turn, event: ManifestOpened) -> None:
    """The manifest's secrets in memory, its codes ready, the clock's floor raised."""
    made = {**turn.state.codes.made, **event.made}
    turn.change(
        manifest=event.manifest,
        codes=codes.forget_stale(codes.prepare(event.manifest, turn.memory, made)),
        clock=clocks.confirm(turn.state.clock, event.manifest.iat_ms),
    )


def refused(turn: Turn, event: ManifestRefused) -> None:
    """Stated once each, then counted: a neighbour gone wild must not fill the journal."""
    turn.effects.append(AnswerOffer(event.offer, event.ver, event.refusal))
    seen = turn.state.refusals_seen
    key = f"{event.refusal}:{event.hash}"
    if key in seen or len(seen) >= REFUSALS_SEEN:
        turn.tally("manifest_refused")
        return
    turn.change(refusals_seen=seen | {key})
    turn.record(Kind.MANIFEST_REFUSED, refusal=str(event.refusal), ver=event.ver, hash=event.hash)
    if event.refusal is Refusal.SAME_VERSION_OTHER_HASH:
        turn.fault("manifest_twins", ver=event.ver)
