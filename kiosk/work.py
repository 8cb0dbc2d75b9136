"""Slow pure work beside the loop: opening a manifest, scrypt. Each answers with one event in the inbox."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from kiosk import stick as files
from kiosk.core.codes import made_ahead
from kiosk.core.effects import (
    STICK_OFFER,
    CheckPin,
    ExportStick,
    ImportStick,
    LookForStick,
    StickEffect,
)
from kiosk.core.events import (
    Event,
    ManifestOpened,
    ManifestRefused,
    PinChecked,
    StickSeen,
    StoryRead,
)
from kiosk.core.login import find_pair
from kiosk.core.upkeep_scenes import StickAct, StickDone
from kiosk.happenings import happenings
from kiosk.identity import Enrolment, RunKeys
from kiosk.journal_values import Damaged, JournalError, JournalPort
from kiosk.restoring import OfferedRows, believed
from kiosk.usb_desk import UsbDesk
from sync.envelopes import Refused, open_manifest
from sync.keys import Key, public_jwk
from sync.messages import Head, Refusal

SCRYPT_MEMORY_BYTES = 192 * 1024 * 1024  # n = 2**17, r = 8 takes 128 MiB
ROWS = 200  # exported at once
ROWS_BYTES = 1024 * 1024
MOST_STICK_JOBS = 4  # at work and waiting
MOST_OFFERS = 2  # manifests and pages of rows at work and waiting; whoever offers more is told so
_LOG = logging.getLogger("kiosk.work")
Post = Callable[[Event | OfferedRows], None]


class Worker:
    """Three threads: neither a flood of manifests nor a stick that hangs makes staff wait for a PIN."""

    def __init__(
        self,
        post: Post,
        keys: RunKeys,
        enrolment: Enrolment,
        reader: Callable[[], JournalPort],
        stick: Path = files.FOLDER,
        usb: UsbDesk | None = None,
    ) -> None:
        """`usb`: where sticks are read and written by root's helper; without one, in the folder `stick`."""
        self._post = post
        self._keys = keys
        self._enrolment = enrolment
        self._central_keys: Mapping[str, Key] = enrolment.central_keys
        self._reader = reader
        self._manifests = ThreadPoolExecutor(1, "open-manifest")
        self._offers = threading.BoundedSemaphore(MOST_OFFERS)
        self._pins = ThreadPoolExecutor(1, "check-pin")
        self._stick = stick
        self._usb = usb
        self._sticks = ThreadPoolExecutor(1, "stick")
        self._stick_jobs = threading.BoundedSemaphore(MOST_STICK_JOBS)

    def open_manifest(self, jwe: str, in_force: tuple[int, str] | None, offer: int) -> bool:
        """Climb the ladder; answers `ManifestOpened` or `ManifestRefused`. False: too busy."""
        if not self._offers.acquire(blocking=False):
            return False
        job = self._manifests.submit(self._open, jwe, in_force, offer)
        job.add_done_callback(lambda _: self._offers.release())
        job.add_done_callback(_report)
        return True

    def believe_rows(self, items: Sequence[str | Damaged], head: Head, offer: int) -> bool:
        """Look for our own signature on each; answers `OfferedRows`. False: too busy."""
        if not self._offers.acquire(blocking=False):
            return False
        job = self._manifests.submit(self._believe_rows, items, head, offer)
        job.add_done_callback(lambda _: self._offers.release())
        job.add_done_callback(_report)
        return True

    def check_pin(self, job: CheckPin) -> None:
        """Run scrypt (RFC 7914); answers `PinChecked`."""
        self._pins.submit(self._check, job).add_done_callback(_report)

    def read_story(self, compartment: int) -> None:
        """Read what happened to one compartment; answers `StoryRead`."""
        self._pins.submit(self._story, compartment).add_done_callback(_report)

    def stick(self, effect: StickEffect) -> None:
        """Look, read or write; answers `StickSeen` or `StickDone`, later also `ManifestOpened`.

        A stick that hangs is not asked without end: what is too much is not done, and the screen
        says after a while that the stick is silent.
        """
        if self._stick_jobs.acquire(blocking=False):
            job = self._sticks.submit(self._at_stick, effect)
            job.add_done_callback(lambda _: self._stick_jobs.release())
            job.add_done_callback(_report)

    def close(self) -> None:
        """Stop taking work; what runs is let go."""
        self._manifests.shutdown(wait=False, cancel_futures=True)
        self._pins.shutdown(wait=False, cancel_futures=True)
        self._sticks.shutdown(wait=False, cancel_futures=True)

    def believe(self, keys: Mapping[str, Key]) -> None:
        """From now on manifests that one of these central keys signed are opened, and no others."""
        self._central_keys = keys

    def _open(self, jwe: str, in_force: tuple[int, str] | None, offer: int) -> None:
        believed = self._central_keys
        opened = open_manifest(
            jwe,
            opening_key=self._keys.manifest,
            central_keys=believed,
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
        by = public_jwk(believed[opened.kid])["x"]
        self._post(ManifestOpened(opened.manifest, opened.hash, jwe, head, made, offer, by))

    def _believe_rows(self, items: Sequence[str | Damaged], head: Head, offer: int) -> None:
        owner = self._enrolment.kiosk, self._enrolment.epoch
        self._post(believed(items, head, offer, self._keys.statement, owner))

    def _head_fits(self, head: Head) -> Refusal | None:
        """Whether the journal that central knows is a beginning of ours."""
        journal = self._reader()
        try:
            if head.seq > journal.head.seq:
                return Refusal.HEAD_AHEAD
            here = journal.hash_at(head.seq)
            # A row that is damaged, here or on its way to central, proves nothing about which
            # memory is newer.
            comparable = here is not None and (head.hash or not head.seq)
            return Refusal.HEAD_DIFFERS if comparable and here != head.hash else None
        finally:
            journal.close()

    def _story(self, compartment: int) -> None:
        journal = self._reader()
        try:
            self._post(StoryRead(compartment, happenings(journal, compartment)))
        finally:
            journal.close()

    def _at_stick(self, effect: StickEffect) -> None:
        match effect:
            case LookForStick():
                self._post(StickSeen(self._helped() or files.present(self._stick)))
            case ImportStick(in_force):
                self._import(in_force)
            case ExportStick(after):
                self._export(after)

    def _import(self, in_force: tuple[int, str] | None) -> None:
        try:
            jwe = self._read_stick()
        except files.StickError as error:
            self._post(StickDone(StickAct.IMPORT, error.outcome))
            return
        if not self.open_manifest(jwe, in_force, STICK_OFFER):
            self._post(StickDone(StickAct.IMPORT, "busy"))

    def _export(self, after: int) -> None:
        """What central has not named yet; nothing is written when there is nothing."""
        journal = self._reader()
        try:
            last = journal.head.seq
            name = f"statements-{self._enrolment.kiosk}-{last}.json"
            written = 0
            if last > after:
                written = self._write_stick(journal, name, after, last)
            self._post(StickDone(StickAct.EXPORT, "written" if written else "nothing", written))
        except files.StickError as error:
            self._post(StickDone(StickAct.EXPORT, error.outcome))
        finally:
            journal.close()

    def _helped(self) -> bool:
        return self._usb is not None and self._usb.present()

    def _read_stick(self) -> str:
        if self._usb is None or not self._usb.present():
            return files.newest_manifest(self._stick)
        did = self._usb.ask(StickAct.IMPORT)
        if did.outcome != "read":
            raise files.StickError(did.outcome)
        return did.sealed

    def _write_stick(self, journal: JournalPort, name: str, after: int, last: int) -> int:
        if self._usb is None or not self._usb.present():
            return files.write_statements(self._stick, name, _lines(journal, after, last))
        did = self._usb.ask(StickAct.EXPORT, after, last)
        if did.outcome != "written" or did.count != last - after:
            raise files.StickError("failed" if did.outcome == "written" else did.outcome)
        return did.count

    def _check(self, job: CheckPin) -> None:
        try:
            fits = pin_fits(job)
        except ValueError:  # more memory than scrypt is given, or a salt that is none
            _LOG.error("a PIN cannot be checked: central must set it anew; the journal says whose")
            fits = False
        step = find_pair(job.pair) if fits and job.pair is not None else -1
        self._post(PinChecked(job.number, fits, step))


def _lines(journal: JournalPort, after: int, last: int) -> Iterator[str]:
    """The rows after `after` as an export holds them, up to `last`."""
    while after < last:
        rows = journal.after(after, most=min(ROWS, last - after), most_bytes=ROWS_BYTES)
        if not rows:
            return
        for row in rows:
            after += 1
            yield files.row_line(row if isinstance(row, str) else None, after)


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
