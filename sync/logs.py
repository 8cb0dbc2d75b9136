"""Logs of every process: one line an event, for systemd's journal and whoever collects them.

The law of this file: a line is one JSON object of `at, level, logger, text` and the fields that a record
brings; nothing else. An exception is told by kind and place, never in its own words, which may repeat
what it choked on. No message is written more than `MOST_LINES` times in `WINDOW_S`; what was left out is
counted, and told with the next line or at the end.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import TextIO

from sync.messages import rfc3339

MOST_LINES = 10  # of one message in a window: a thing that flaps, a central that is away
WINDOW_S = 600.0
MOST_MESSAGES = 500  # told apart; whatever more there are share one count by their logger
MOST_CAUSES = 4
PLAIN = "%(levelname)s %(name)s: %(message)s"
_PRIORITIES = (  # sd-daemon(3): what systemd's journal takes from the beginning of a line
    (logging.CRITICAL, 2),
    (logging.ERROR, 3),
    (logging.WARNING, 4),
    (logging.INFO, 6),
)
_DEBUG = 7
_LOG = logging.getLogger("kiosk.logs")


class JsonLines(logging.Formatter):
    """Fields come as `extra={"fields": {…}}`. `priorities`: systemd reads this, `<4>` goes before."""

    def __init__(self, *, priorities: bool = False) -> None:
        super().__init__()
        self._priorities = priorities

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        told: dict[str, object] = {
            "at": rfc3339(int(record.created * 1000)),
            "level": record.levelname,
            "logger": record.name,
            "text": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            told["trace"] = list(_trace(record.exc_info[1]))
        line = json.dumps(told, ensure_ascii=False)
        return f"<{_priority(record.levelno)}>{line}" if self._priorities else line


@dataclass(slots=True)
class _Window:
    """One message since `since_s`: how often it was written, how often left out."""

    since_s: float
    level: int
    written: int = 0
    left_out: int = 0


class Paced(logging.StreamHandler[TextIO]):
    """Writes no message oftener than the law says. `every`: loggers that are not counted."""

    def __init__(
        self,
        stream: TextIO,
        every: Collection[str] = (),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(stream)
        self._every = every
        self._monotonic = monotonic
        self._windows: dict[tuple[str, str], _Window] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write it, or count it. The logging module holds this handler's lock meanwhile."""
        now = self._monotonic()
        for told in self._over(now):
            super().emit(told)
        if record.name in self._every or self._fits(record, now):
            super().emit(record)

    def close(self) -> None:
        """The end: what was left out and not told yet is told."""
        for told in self._over(float("inf")):
            super().emit(told)
        self.flush()
        super().close()

    def _fits(self, record: logging.LogRecord, now: float) -> bool:
        key = (record.name, str(record.msg))  # the sentence before it is filled in
        if key not in self._windows and len(self._windows) >= MOST_MESSAGES:
            key = (record.name, "")
        window = self._windows.setdefault(key, _Window(now, record.levelno))
        if window.written >= MOST_LINES:
            window.left_out += 1
            return False
        window.written += 1
        return True

    def _over(self, now: float) -> Iterator[logging.LogRecord]:
        """What is to be said of windows that have ended; they begin anew."""
        ended = [key for key, w in self._windows.items() if now - w.since_s >= WINDOW_S]
        for key in ended:
            window = self._windows.pop(key)
            if window.left_out:
                name, sentence = key
                fields = {"left_out": window.left_out, "of": sentence}
                raw = {"name": name, "levelno": window.level, "fields": fields}
                raw["levelname"] = logging.getLevelName(window.level)
                raw["msg"] = f"{window.left_out} more lines like these were left out"
                yield logging.makeLogRecord(raw)


def begin(*, service: bool, every: Collection[str] = ()) -> bool:
    """Log to stderr from now on. True: as JSON lines, since no person reads along.

    A service writes JSON unless stderr is a terminal; every other job only under systemd. Where somebody
    has set logging up already (a test), it is left alone.
    """
    journal = under_systemd(os.environ)
    structured = journal or (service and not sys.stderr.isatty())
    root = logging.getLogger()
    if root.handlers:
        return structured
    handler = Paced(sys.stderr, every)
    shape = JsonLines(priorities=journal) if structured else logging.Formatter(PLAIN)
    handler.setFormatter(shape)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    if structured:
        sys.excepthook = _unforeseen
    return structured


def under_systemd(environ: Mapping[str, str]) -> bool:
    """Whether stderr is a stream of systemd's journal (systemd.exec(5), JOURNAL_STREAM)."""
    device, _, inode = environ.get("JOURNAL_STREAM", "").partition(":")
    try:
        stream = os.fstat(2)
    except OSError:  # it was closed
        return False
    return (device, inode) == (str(stream.st_dev), str(stream.st_ino))


def _unforeseen(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    _LOG.critical("ended by what nobody foresaw", exc_info=(kind, error, trace))


def _priority(level: int) -> int:
    return next((number for least, number in _PRIORITIES if level >= least), _DEBUG)


def _trace(error: BaseException) -> Iterator[str]:
    """Kinds and places, the cause last."""
    found: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if found is None:
            return
        yield type(found).__name__
        for frame in extract_tb(found.__traceback__):
            yield f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        found = found.__cause__ or found.__context__
