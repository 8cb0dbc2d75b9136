"""The composition root: every process of the kiosk is put together here, written out in full."""

from __future__ import annotations

import faulthandler
import logging
import os
from collections.abc import Callable
from pathlib import Path

from kiosk import body as bodies
from kiosk import clock, identity
from kiosk.config import Config
from kiosk.core.events import Contacted
from kiosk.core.site import Site
from kiosk.inbox import Inbox
from kiosk.journal import Journal
from kiosk.journal_values import JournalPort
from kiosk.line import Desk, LineServer, Requests
from kiosk.notify import Heart, Systemd
from kiosk.run import Parts, Run
from kiosk.script import Script
from kiosk.unforeseen import watched_threads
from kiosk.usb_desk import UsbDesk
from kiosk.version import BUILT_MS, VERSION
from kiosk.work import Worker
from sync.keys import public_jwk
from ui.face import Face
from ui.sound import Speaker

JOURNAL = "journal.db"
_LOG = logging.getLogger("kiosk.compose")


def site(config: Config, enrolment: identity.Enrolment) -> Site:
    """Who and where this kiosk is, from its configuration and its enrolment."""
    return Site(
        kiosk=enrolment.kiosk,
        epoch=enrolment.epoch,
        unit=config.unit,
        address=config.address,
        hotline=config.hotline,
        language=config.language,
        version=VERSION,
        built_ms=BUILT_MS,
        compartments=config.cabinet.compartments,
        screen_cell=config.cabinet.screen_cell,
        scanner=config.cabinet.scanner.kind != "none",
        printer=config.cabinet.printer.port is not None,
        central=public_jwk(enrolment.central)["x"],
        central_next=public_jwk(enrolment.next)["x"] if enrolment.next else "",
    )


def reader(path: Path, keys: identity.RunKeys) -> Callable[[], JournalPort]:
    """Opens a read-only journal: every thread that reads has its own."""
    return lambda: Journal.read_only(path, key=keys.statement)


def _held(config: Config) -> tuple[identity.Enrolment, identity.RunKeys]:
    """Enrolment and keys; IdentityError where they are another kiosk's."""
    enrolment, keys = identity.enrolment(config.keys), identity.run_keys(config.keys)
    if enrolment.kiosk != config.kiosk:
        raise identity.IdentityError(
            f"{config.path} names kiosk {config.kiosk!r}, but the keys are {enrolment.kiosk!r}'s"
        )
    return enrolment, keys


def run(config: Config) -> int:
    """`kiosk run`: build the parts, serve until told to stop, put every coil off. Status 1: it broke."""
    enrolment, keys = _held(config)
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, inbox, desk, usb = config.data / JOURNAL, Inbox(), Desk(), UsbDesk(clock.up_ms)
    body = bodies.build(config.cabinet, inbox.post, clock.up_ms)
    worker = Worker(inbox.post, keys, enrolment, reader(path, keys), config.usb, usb)
    requests = Requests(
        desk,
        reader(path, keys),
        worker.open_manifest,
        worker.believe_rows,
        lambda: inbox.post(Contacted(clock.up_ms())),
        usb,
        config.kiosk,
    )
    server = LineServer(config.socket, requests, config.sync_user)
    face = Face(config.screen, fullscreen=config.fullscreen)
    speaker = Speaker()
    parts = Parts(
        site=site(config, enrolment),
        now=clock.clock(config.clock),
        journal_path=path,
        enrolment=enrolment,
        keys=keys,
        body=body,
        heart=Heart(Systemd(os.environ), body.bank),
        face=face,
        speaker=speaker,
        inbox=inbox,
        desk=desk,
        worker=worker,
        script=None if body.line is None else Script(body.line),
    )
    faulthandler.enable()  # systemd's watchdog ends what hangs by SIGABRT: the log then says where
    with watched_threads() as broken:
        try:
            server.start()
            Run(parts).serve()
        finally:
            parts.heart.stopping()
            body.close()  # every coil off first, whatever happened
            server.close()
            worker.close()
            speaker.close()
            face.close()
    return 1 if broken.is_set() else 0
