"""What `kiosk run` does around the core with a sealed manifest: the real ladder, and the look at its head."""

from __future__ import annotations

from kiosk.core.codes import made_ahead
from kiosk.core.events import ManifestOpened, ManifestRefused
from kiosk.core.fold import fold
from kiosk.core.memory import ENCODING, Memory, decode, empty
from kiosk.core.site import Site
from kiosk.journal_values import JournalPort
from sync.envelopes import Opened, Refused, open_manifest
from sync.messages import Manifest, Refusal
from tests.simulation import keys
from tests.simulation.plan import KIOSK


def climb(sealed: str | bytes, held: tuple[int, str] | None) -> Opened | Refused:
    """`held`: version and hash of the manifest in force."""
    return open_manifest(
        sealed,
        opening_key=keys.OPENING,
        central_keys=keys.CENTRAL_KEYS,
        kiosk=KIOSK,
        epoch=1,
        in_force=held,
    )


def climbed(
    sealed: str | bytes, memory: Memory, journal: JournalPort
) -> ManifestOpened | ManifestRefused:
    """What the worker answers; codes are made ahead by it."""
    opened = climb(sealed, (memory.ver, memory.manifest_hash) if memory.ver else None)
    if isinstance(opened, Refused):
        return ManifestRefused(opened.refusal, opened.ver or 0, opened.hash)
    fits = head_fits(journal, opened.manifest)
    text = sealed if isinstance(sealed, str) else sealed.decode("ascii")
    return ManifestOpened(opened.manifest, opened.hash, text, fits, made_ahead(opened.manifest))


def head_fits(journal: JournalPort, manifest: Manifest) -> Refusal | None:
    """Is the head that central names in this journal?"""
    if manifest.head.seq > journal.head.seq:
        return Refusal.HEAD_AHEAD
    same = journal.hash_at(manifest.head.seq) == manifest.head.hash
    return None if same else Refusal.HEAD_DIFFERS


def in_force(journal: JournalPort, memory: Memory) -> Manifest | None:
    """The manifest kept with the journal, which must be the one that the memory names."""
    kept = journal.in_force()
    if kept is None:
        return None
    opened = climb(kept[2], None)
    assert isinstance(opened, Opened), "what was accepted once opens again"
    same = (opened.ver, opened.hash) == (memory.ver, memory.manifest_hash)
    return opened.manifest if same else None  # it lay on another card


def replayed(journal: JournalPort, site: Site, *, full: bool) -> Memory:
    """Through a checkpoint's bytes if there are any, or from the very first row."""
    start = journal.start(ENCODING, before=1 if full else None)
    numbers = tuple(p.number for p in site.compartments)
    memory = decode(start.folded) if start.folded else empty(site.kiosk, 1, numbers)
    for statement in start.statements:
        memory = fold(memory, statement)
    return memory
