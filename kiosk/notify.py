"""What systemd is told: ready, alive, stopping (sd_notify(3)). Silence where nobody asked.

The law of this file: the watchdog is fed only after the loop has shown a screen **and** every thread of the
locks has come round since the feeding before. To report a failure is to come round: a dead board, a full disk
or a lost port never starts the kiosk anew; a thread that hangs does.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping

from drivers.doors import LockBank, Turning

BEAT_MS = 1_000  # between two feedings; `WatchdogSec=` is several of it
SLOW_US = 300_000_000  # a long journal is read from its beginning: not a matter of seconds
_LOG = logging.getLogger("kiosk.notify")


class Systemd:
    """The service manager's datagram socket. `environ` as systemd sets it for a unit of `Type=notify`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))
        self._failed = False
        ours = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        limit = environ.get("WATCHDOG_USEC", "")
        # µs within which it wants to be fed; 0: it does not watch.
        self.watchdog_us = int(limit) if ours and limit.isascii() and limit.isdecimal() else 0

    def ready(self, status: str) -> bool:
        """The service has started."""
        return self._tell("READY=1", f"STATUS={status}")

    def alive(self, status: str) -> bool:
        """Feed the watchdog. False: it did not get it."""
        return self._tell("WATCHDOG=1", f"STATUS={status}")

    def within(self, microseconds: int) -> bool:
        """Be fed within so many from now on; counted anew from this moment."""
        return self.watchdog_us == 0 or self._tell(f"WATCHDOG_USEC={microseconds}")

    def stopping(self) -> bool:
        """The service ends because it was asked to, or must."""
        return self._tell("STOPPING=1")

    def _tell(self, *lines: str) -> bool:
        if not self._address:
            return True
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
                out.sendto("\n".join(lines).encode(), self._address)
        except OSError as error:
            if not self._failed:  # once: the next feeding tries again
                self._failed = True
                _LOG.warning("systemd cannot be told %s: %s", lines[0], error)
            return False
        self._failed = False
        return True


class Heart:
    """Feeds the watchdog of `kiosk run`; used by its loop alone. Times are up time in ms."""

    def __init__(self, systemd: Systemd, bank: LockBank) -> None:
        self._systemd = systemd
        self._bank = bank if isinstance(bank, Turning) else None
        self._fed_ms: int | None = None
        self._slow = False
        self._hangs = False

    def beat(self, now_ms: int, shown: str) -> None:
        """A screen stands. The first time: ready. `shown` names it, without personal data."""
        status = f"shows {shown}"
        if self._slow:
            self._slow = not self._systemd.within(self._systemd.watchdog_us)
        if self._fed_ms is None:
            fed = self._systemd.ready(status)
        elif now_ms - self._fed_ms < BEAT_MS or not self._came_round(self._fed_ms, now_ms):
            return
        else:
            fed = self._systemd.alive(status)
        if fed:
            self._fed_ms = now_ms

    def slow_work(self) -> None:
        """The loop is about to read the whole journal; the next beat ends this."""
        if self._fed_ms is not None:  # before it is ready nobody watches
            self._slow = self._systemd.within(SLOW_US)

    def stopping(self) -> None:
        """The end, asked for or not."""
        self._systemd.stopping()

    def _came_round(self, since_ms: int, now_ms: int) -> bool:
        if self._bank is None or self._bank.turned_ms > since_ms:
            self._hangs = False
        elif not self._hangs and now_ms - since_ms > 2 * BEAT_MS:
            self._hangs = True
            _LOG.critical("a thread of the locks does not come round: the watchdog is not fed")
        return self._bank is None or self._bank.turned_ms > since_ms


def _address(name: str) -> str:
    """`@name` is an abstract socket; anything but that and a path is not ours to speak to."""
    if name.startswith("@"):
        return "\0" + name[1:]
    return name if name.startswith("/") else ""
