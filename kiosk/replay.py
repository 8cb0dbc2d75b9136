"""Start-up: state is the fold of the journal. Nothing is guessed, merged afresh or pulsed here."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from kiosk.believed import central_keys
from kiosk.core.codes import Made, made_ahead
from kiosk.core.fold import fold
from kiosk.core.memory import ENCODING, Memory, decode, empty
from kiosk.core.site import Site
from kiosk.identity import Enrolment, RunKeys
from kiosk.journal_values import JournalPort
from sync.envelopes import Opened, open_manifest
from sync.messages import Manifest

_LOG = logging.getLogger("kiosk.replay")


@dataclass(frozen=True, slots=True)
class InForce:
    """The manifest that the journal says is in force, opened again; None when it cannot be."""

    manifest: Manifest | None = field(repr=False)
    made: Made = field(repr=False)


@dataclass(frozen=True, slots=True)
class Replayed:
    """The folded memory; `alarms` names what was found damaged on the way and could be passed over."""

    memory: Memory
    alarms: tuple[str, ...]


def memory_of(journal: JournalPort, site: Site) -> Replayed:
    """Fold from the newest usable checkpoint, or from an older one, or from seq 1.

    Raises:
        JournalError: the rows after the last checkpoint are damaged; nothing may be served.
    """
    before: int | None = None
    while True:
        start = journal.start(ENCODING, before=before)
        for alarm in start.alarms:
            _LOG.warning("journal row %d: %s", alarm.seq, alarm.what)
        try:
            folded = start.folded
            memory = decode(folded) if folded else empty(site.kiosk, site.epoch, ())
        except ValueError:
            before = start.base_seq  # another encoding: an older checkpoint, at last seq 1
            continue
        for statement in start.statements:
            memory = fold(memory, statement)
        return Replayed(memory, ("journal",) if start.alarms else ())


def in_force(journal: JournalPort, memory: Memory, keys: RunKeys, enrolment: Enrolment) -> InForce:
    """Open the stored manifest again and check that it is the one that the fold names."""
    stored = journal.in_force()
    if stored is None or not memory.ver:
        return InForce(None, {})
    opened = open_manifest(
        stored[2],
        opening_key=keys.manifest,
        central_keys=central_keys(memory, enrolment),
        kiosk=enrolment.kiosk,
        epoch=enrolment.epoch,
        in_force=None,
    )
    if not isinstance(opened, Opened) or opened.hash != memory.manifest_hash:
        _LOG.error("the stored manifest is not the one in force; waiting for it from central")
        return InForce(None, {})
    return InForce(opened.manifest, made_ahead(opened.manifest))
