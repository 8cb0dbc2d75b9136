"""What `kiosk run` and `kiosk sync` need to start, besides keys and devices: socket, user, CA file."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator

from kiosk.config import Config
from kiosk.doctor.findings import Finding, well, wrong
from kiosk.doctor.machine import Machine, user
from kiosk.doctor.serving import Serving

LONGEST_SOCKET = 107  # bytes; the kernel takes no longer name


def check(config: Config, machine: Machine, serving: Serving) -> Iterator[Finding]:
    """The socket is looked at only where nobody listens on it yet."""
    if not serving.there:
        yield _socket(config, machine)
    who = config.sync_user
    if who and not _known(who):
        todo = f"sudo adduser --system {who}, or mend central.sync_user: kiosk run does not start"
        yield wrong("sync user", f"this machine has no user {who!r}", todo)
    ca = config.central_ca
    if ca is not None and not ca.is_file():
        yield wrong("central's CA", f"{ca} is not there", "put it there, or mend central.ca")


def _socket(config: Config, machine: Machine) -> Finding:
    path = config.socket
    if len(os.fsencode(path)) > LONGEST_SOCKET:
        words = f"{path} is longer than {LONGEST_SOCKET} bytes"
        return wrong("socket", words, "choose a shorter `socket`")
    folder = path.parent
    while not folder.exists():
        folder = folder.parent
    if machine.may(folder, os.W_OK | os.X_OK):
        return well("socket", f"can be made at {path}")
    todo = "let systemd make it (RuntimeDirectory=kiosk), or mend `socket`"
    return wrong("socket", f"{user()} cannot make {path}", todo)


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
