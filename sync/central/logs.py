"""Logs as one JSON object a line, for whoever collects them.

The law of this file: `at, level, logger, text`, and the fields that a record brings; nothing else.
"""

from __future__ import annotations

import json
import logging

from sync.messages import rfc3339


class JsonLines(logging.Formatter):
    """Fields come as `extra={"fields": {…}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        told: dict[str, object] = {
            "at": rfc3339(int(record.created * 1000)),
            "level": record.levelname,
            "logger": record.name,
            "text": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def log_as_json() -> None:
    """From now on, for everything that this process logs."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLines())
