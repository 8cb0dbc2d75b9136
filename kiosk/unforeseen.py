"""A thread of `kiosk run` that ends by an exception nobody foresaw ends the process, doors first.

The law of this file: half a kiosk is worse than none. What happened is logged with its place, the loop is
asked to end as by SIGTERM (so every coil is put off), and status 1 makes systemd start it anew.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOG = logging.getLogger("kiosk.unforeseen")


@contextmanager
def watched_threads() -> Iterator[threading.Event]:
    """Within, any thread's exception asks for the end; the event is set when one did."""
    broken = threading.Event()
    before = threading.excepthook

    def ended(told: threading.ExceptHookArgs) -> None:
        name = "?" if told.thread is None else told.thread.name
        error = told.exc_value or told.exc_type()
        _LOG.critical("thread %s ended; the kiosk ends too, to be started afresh", name)
        _LOG.critical("what nobody foresaw:", exc_info=error)
        broken.set()
        signal.raise_signal(signal.SIGTERM)

    threading.excepthook = ended
    try:
        yield broken
    finally:
        threading.excepthook = before
