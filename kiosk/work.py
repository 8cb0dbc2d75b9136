"""Slow pure work beside the loop: opening a manifest, scrypt. Each answers with one event in the inbox."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from kiosk.core.codes import made_ahead
from kiosk.core.effects import CheckPin
from kiosk.core.events import Event, ManifestOpened, ManifestRefused, PinChecked, StoryRead
from kiosk.core.login import find_pair
from kiosk.happenings import happenings
from kiosk.identity import Enrolment, RunKeys
from kiosk.journal_values import JournalError, JournalPort
from sync.envelopes import Refused, open_manifest
from sync.messages import Head, Refusal

SCRYPT_MEMORY_BYTES = 192 * 1024 * 1024  # n = 2**17, r = 8 takes 128 MiB
MOST_OFFERS = 2  # manifests at work and waiting; whoever offers more is told so
_LOG = logging.getLogger("kiosk.work")
Post = Callable[[Event], None]


class Worker:
    """Two threads, so that a flood of manifests never makes staff wait for their PIN."""

    def __init__(
        self, post: Post, keys: RunKeys, enrolment: Enrolment, reader: Callable[[], JournalPort]
    ) -> None:
        self._post = post
        self._keys = keys
        self._enrolment = enrolment
        self._reader = reader
        self._manifests = ThreadPoolExecutor(1, "open-manifest")
        self._offers = threading.BoundedSemaphore(MOST_OFFERS)
        self._pins = ThreadPoolExecutor(1, "check-pin")

    def open_manifest(self, jwe: str, in_force: tuple[int, str] | None, offer: int) -> bool:
        """Climb the ladder; answers `ManifestOpened` or `ManifestRefused`. False: too busy."""
        if not self._offers.acquire(blocking=False):
            return False
        job = self._manifests.submit(self._open, jwe, in_force, offer)
        job.add_done_callback(lambda _: self._offers.release())
        job.add_done_callback(_report)
        return True

    def check_pin(self, job: CheckPin) -> None:
        """Run scrypt (RFC 7914); answers `PinChecked`."""
        self._pins.submit(self._check, job).add_done_callback(_report)

    def read_story(self, compartment: int) -> None:
        """Read what happened to one compartment; answers `StoryRead`."""
        self._pins.submit(self._story, compartment).add_done_callback(_report)

    def close(self) -> None:
        """Stop taking work; what runs is let go."""
        self._manifests.shutdown(wait=False, cancel_futures=True)
        self._pins.shutdown(wait=False, cancel_futures=True)

    def _open(self, jwe: str, in_force: tuple[int, str] | None, offer: int) -> None:
        opened = open_manifest(
            jwe,
            opening_key=self._keys.manifest,
            central_keys=self._enrolment.central_keys,
            kiosk=self._enrolment.kiosk,
            epoch=self._enrolment.epoch,
            in_force=in_force,
        )
        if isinstance(opened, Refused):
            _LOG.warning("manifest refused: %s (%s)", opened.refusal, opened.detail)
            self._post(ManifestRefused(opened.refusal, opened.ver or 0, opened.hash, offer=offer))
            return
        head = self._head_fits(opened.manifest.head)
        made = made_ahead(opened.manifest)
        self._post(ManifestOpened(opened.manifest, opened.hash, jwe, head, made, offer))

    def _head_fits(self, head: Head) -> Refusal | None:
        """Whether the journal that central knows is a beginning of ours."""
        journal = self._reader()
        try:
            if head.seq > journal.head.seq:
                return Refusal.HEAD_AHEAD
            here = journal.hash_at(head.seq)
            readable = here is not None  # a damaged row proves nothing about which memory is newer
            return Refusal.HEAD_DIFFERS if readable and here != head.hash else None
        finally:
            journal.close()

    def _story(self, compartment: int) -> None:
        journal = self._reader()
        try:
            self._post(StoryRead(compartment, happenings(journal, compartment)))
        finally:
            journal.close()

    def _check(self, job: CheckPin) -> None:
        try:
            fits = pin_fits(job)
        except ValueError as error:  # more memory than scrypt is given, or a salt that is none
            _LOG.error("PIN of staff %s cannot be checked: %s; set it anew", job.number, error)
            fits = False
        step = find_pair(job.pair) if fits and job.pair is not None else -1
        self._post(PinChecked(job.number, fits, step))


def pin_fits(job: CheckPin) -> bool:
    """Scrypt of what was typed, compared in constant time."""
    pin = job.pin
    made = hashlib.scrypt(
        job.entered.encode(),
        salt=_bytes(pin.salt),
        n=pin.n,
        r=pin.r,
        p=pin.p,
        maxmem=SCRYPT_MEMORY_BYTES,
        dklen=32,
    )
    return hmac.compare_digest(made, _bytes(pin.hash))


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _report(future: Future[None]) -> None:
    """Whatever ends a job unplanned must be seen; the one who waits runs into its own deadline."""
    if future.cancelled():
        return
    error = future.exception()
    if isinstance(error, JournalError):
        _LOG.error("a job could not read the journal: %s", error)
    elif error is not None:
        _LOG.error("a job failed", exc_info=error)
