"""Manifest in, statements out, by hand: for a ward whose line is down for weeks (same ladder, same seals).

Both go through the socket of `kiosk run`, like everything that `kiosk sync` brings and takes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.stick import row_line
from sync.framing import LineError
from sync.line import Damaged, Line, Refused
from sync.messages import MAX_MANIFEST_BYTES

OK, FAILED, USAGE = 0, 1, 2
ROWS = 200  # asked for at once


def offer(socket: Path, file: Path | None) -> int:
    """Offer a sealed manifest to the running kiosk; it climbs the same ladder as any other."""
    if file is None:
        print("name the file that holds the sealed manifest", file=sys.stderr)
        return USAGE
    try:
        with file.open("rb") as stream:
            sealed = stream.read(MAX_MANIFEST_BYTES + 1).strip()
        answer = Line(socket).offer_manifest(sealed.decode("ascii", "replace"))
    except OSError as error:
        print(f"{file}: cannot be read: {error.strerror}; nothing was changed", file=sys.stderr)
        return FAILED
    except LineError as error:
        print(f"kiosk run did not take it: {error}; nothing was changed", file=sys.stderr)
        return FAILED
    if isinstance(answer, Refused):
        print(f"refused: {answer.rung}; the manifest in force stays as it is", file=sys.stderr)
        return FAILED
    print(f"accepted: version {answer.ver}")
    return OK


def export(socket: Path, after: int, file: Path | None) -> int:
    """Write the signed statements after row `after` as JSON lines, for central to take in."""
    if file is None:
        print("name the file that the statements shall go to", file=sys.stderr)
        return USAGE
    line, written = Line(socket), 0
    try:
        with file.open("w", encoding="utf-8") as stream:
            while True:
                batch = line.statements(after, ROWS)
                if not batch.rows:
                    break
                for row in batch.rows:
                    after += 1
                    stream.write(row_line(None if isinstance(row, Damaged) else row, after))
                written += len(batch.rows)
    except OSError as error:
        print(f"{file}: cannot be written: {error.strerror}; nothing is lost", file=sys.stderr)
        return FAILED
    except LineError as error:
        print(f"kiosk run did not answer: {error}; nothing is lost", file=sys.stderr)
        return FAILED
    print(f"{written} statements written to {file}")
    return OK
