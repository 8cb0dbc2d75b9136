"""Keys, journal, manifest, and the disk on which they lie. Everything is only read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk import compose, identity, replay
from kiosk.believed import central_keys
from kiosk.config import Config
from kiosk.core.clock import FRESH_MANIFEST_MS
from kiosk.core.host import LOW_SPACE_BYTES
from kiosk.core.memory import Memory
from kiosk.doctor.findings import Finding, doubt, well, wrong
from kiosk.doctor.machine import Machine, owner, user
from kiosk.identity import Enrolment, IdentityError, RunKeys
from kiosk.journal import Journal
from kiosk.journal_values import JournalError, Reason
from sync.envelopes import Opened, open_manifest
from sync.messages import rfc3339

SPARE_BYTES = 5 * LOW_SPACE_BYTES  # under so much the end can be seen
OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Held:
    """What the keys opened; None where they could not."""

    keys: RunKeys | None = None
    enrolment: Enrolment | None = None
    memory: Memory | None = None


def check_keys(config: Config) -> tuple[list[Finding], Held]:
    """Present, readable, ours alone, and of this kiosk."""
    found: list[Finding] = []
    folder = config.keys
    if folder.is_dir() and os.access(folder, os.X_OK) and folder.stat().st_mode & OTHERS:
        found.append(
            doubt("keys folder", f"{folder} is open to others", f"sudo chmod 700 {folder}")
        )
    keys, enrolment = None, None
    try:
        keys = identity.run_keys(folder)
        found.append(well("keys", "statement and manifest key are here, and nobody else's to read"))
    except IdentityError as error:
        found.append(wrong("keys", str(error), "kiosk enroll request FILE makes missing ones"))
    if (folder / identity.TRANSPORT).exists():
        try:
            identity.transport_key(folder)
        except IdentityError as error:
            found.append(wrong("transport key", str(error), "kiosk sync cannot speak without it"))
    try:
        enrolment = identity.enrolment(folder)
        found.append(_enrolled(config, enrolment))
    except IdentityError as error:
        todo = "kiosk enroll request FILE, enter it at central, kiosk enroll accept ANSWER"
        found.append(wrong("enrolment", str(error), todo))
    return found, Held(keys, enrolment)


def _enrolled(config: Config, enrolment: Enrolment) -> Finding:
    if enrolment.kiosk != config.kiosk:
        return wrong(
            "enrolment",
            f"the keys are {enrolment.kiosk!r}'s, but {config.path.name} names {config.kiosk!r}",
            "set `kiosk` and `keys` right; never rename a kiosk that holds papers",
        )
    return well("enrolment", f"kiosk {enrolment.kiosk}, epoch {enrolment.epoch}")


def check_journal(config: Config, held: Held) -> tuple[list[Finding], Held]:
    """Opened read-only; newest row and checkpoint by signature, what lies between by its chain."""
    path = config.data / compose.JOURNAL
    if held.keys is None or held.enrolment is None:
        return [doubt("journal", "not looked at: keys or enrolment are missing", "see above")], held
    try:
        journal = Journal.read_only(path, key=held.keys.statement)
    except JournalError as error:
        return [_unreadable(path, error)], held
    try:
        return _read(config, held, held.enrolment, journal)
    except JournalError as error:
        return [_unreadable(path, error)], held
    finally:
        journal.close()


def _read(
    config: Config, held: Held, enrolment: Enrolment, journal: Journal
) -> tuple[list[Finding], Held]:
    if journal.owner != (enrolment.kiosk, enrolment.epoch):
        whose = f"it is of kiosk {journal.owner[0]}, epoch {journal.owner[1]}"
        todo = "set `kiosk` and `data` right; kiosk run would refuse it"
        return [wrong("journal", whose, todo)], held
    try:
        replayed = replay.memory_of(journal, compose.site(config, enrolment))
    except (KeyError, TypeError, ValueError) as error:  # signed by us, yet not to be understood
        words = f"a row cannot be folded ({type(error).__name__}: {error})"
        return [wrong("journal", words, "keep the folder as it is and call the project")], held
    after = Held(held.keys, held.enrolment, replayed.memory)
    seq = journal.head.seq
    if replayed.alarms:
        todo = "copy the folder, then kiosk journal verify says which row"
        return [doubt("journal", f"{seq} statements; an older checkpoint is damaged", todo)], after
    return [well("journal", f"{seq} statements; the newest are as they were signed")], after


def _unreadable(path: Path, error: JournalError) -> Finding:
    match error.reason:
        case Reason.MISSING:
            todo = "right for a new kiosk: kiosk run makes it; else set `data` right"
            return doubt("journal", f"{path} is not there yet", todo)
        case Reason.DAMAGED:
            todo = "copy the folder before anything else, then kiosk journal verify"
        case Reason.NEWER:
            todo = "install the version that made it"
        case _:
            todo = "check the disk and whose files they are"
    return wrong("journal", error.detail, todo)


def check_manifest(config: Config, held: Held, wall_ms: int) -> Iterator[Finding]:
    """The one in force: it opens, it is the one that the journal names, it is not old."""
    memory, keys, enrolment = held.memory, held.keys, held.enrolment
    if memory is None or keys is None or enrolment is None:
        return
    sync = "look at kiosk sync's log; by hand: kiosk manifest offer FILE"
    if not memory.ver:
        yield doubt("manifest", "none was accepted yet: nothing can be collected", sync)
        return
    journal = Journal.read_only(config.data / compose.JOURNAL, key=keys.statement)
    try:
        stored = journal.in_force()
    finally:
        journal.close()
    opened = stored and open_manifest(
        stored[2],
        opening_key=keys.manifest,
        central_keys=central_keys(memory, enrolment),
        kiosk=enrolment.kiosk,
        epoch=enrolment.epoch,
        in_force=None,
    )
    if not isinstance(opened, Opened) or opened.hash != memory.manifest_hash:
        words = "the stored one cannot be opened, or is not the one that the journal names"
        yield wrong("manifest", words, f"it heals with central's next one; {sync}")
        return
    made = f"version {memory.ver} of {rfc3339(memory.iat_ms)[:16]}Z"
    results = f"{made}, {len(opened.manifest.results)} results"
    if wall_ms - memory.iat_ms > FRESH_MANIFEST_MS:
        yield doubt("manifest", f"{results}; central makes one every day", sync)
    else:
        yield well("manifest", results)


def check_disk(config: Config, machine: Machine) -> Iterator[Finding]:
    """Room, and whether the journal's folder can be written by the user that `run` has."""
    folder = config.data
    while not folder.exists():
        folder = folder.parent
    disk = os.statvfs(folder)
    yield room(disk.f_bavail * disk.f_frsize, folder)
    if folder != config.data:
        can = machine.may(folder, os.W_OK | os.X_OK)
        words = f"{config.data} is not there yet; {user()} {'can' if can else 'cannot'} make it"
        yield _folder(words, config.data, can=can)
        return
    whose = owner(folder)
    if whose != user():
        yield doubt(
            "data folder",
            f"{folder} is {whose}'s, you are {user()}: what kiosk run may use was not seen",
            f"ask as its user: sudo -u {whose} kiosk doctor",
        )
        return
    can = machine.may(folder, os.W_OK | os.X_OK)
    yield _folder(f"{whose} {'can' if can else 'cannot'} write {folder}", folder, can=can)


def room(free: int, folder: Path) -> Finding:
    """By the limits that the kiosk itself goes by."""
    words = f"{free // 2**20:,} MiB free at {folder}"
    todo = "make room: journalctl --vacuum-size=50M, apt clean; the journal itself is never cut"
    if free < LOW_SPACE_BYTES:
        low = f"{words}, under {LOW_SPACE_BYTES // 2**20}: no papers are taken, pickups go on"
        return wrong("disk", low, todo)
    return doubt("disk", words, todo) if free < SPARE_BYTES else well("disk", words)


def _folder(words: str, folder: Path, *, can: bool) -> Finding:
    todo = f"give {folder} to the user of kiosk run, and see whether the disk is mounted read-only"
    return well("data folder", words) if can else wrong("data folder", words, todo)
