"""The AF_UNIX socket between `kiosk run` and `kiosk sync`: the asking end (framing: `sync/framing.py`).

The verbs, as JSON (`head` is {"seq", "hash"}):

    statements {after, most}   -> {"statements": [compact | {"seq", "damaged": true}], "head"}
    wait {after, timeout_s, calls?} -> {"head", "calls"} once head.seq > after, or when the time
                               is over; with `calls`, also once it is another number: how often
                               staff have called the centre from the screen
    manifest                   -> {"ver", "hash"}; ver 0 and hash "" before the first
    offer_manifest {jwe}       -> {"accepted": true, "ver"} | {"refused", "detail"}
    offer_statements {statements, head}
                               -> {"after"}: rows after it are wanted next; {"done": true, "as"}
    health, status             -> {"health": {...}}, {"status": {...}}
    contact {at}               -> {}
    usb {stick, timeout_s}     -> {"job": null | {"number", "act", "kiosk", "after", "last"}}: root's
                               helper waits until staff ask for something at the screen
    usb_done {stick, number, outcome, count, sealed} -> {}

Anything else is answered with {"error": "why"}.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sync.framing import (
    LineAbsentError,
    LineError,
    LineForbiddenError,
    LineSilentError,
    receive_message,
    send_message,
)
from sync.messages import Head

LENGTH_BYTES = 4
CHUNK_BYTES = 64 * 1024
_KIOSK = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SIGNS = (b",", b"[", b"{")
ANSWER_S = 10.0  # longest that one call may take, from knocking on; its own wait not counted
NOT_YOURS = "this user may not ask that"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of rows offered back: those after this number are wanted next."""

    after: int


@dataclass(frozen=True, slots=True)
class Done:
    """Of rows offered back: no more are wanted, and why."""

    word: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """The place of a journal row that can no longer be read. Central keeps the hole."""

    seq: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Journal rows in order, as signed, and how far the journal goes."""

    rows: tuple[str | Damaged, ...]
    head: Head


@dataclass(frozen=True, slots=True)
class InForce:
    """The manifest that the kiosk goes by; `ver` 0 and `hash` "" before the first."""

    ver: int
    hash: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The kiosk goes by the offered manifest now (or did already)."""

    ver: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The kiosk refused the offered manifest; `rung` is a `messages.Refusal`."""

    rung: str
    detail: str


@dataclass(frozen=True, slots=True)
class UsbJob:
    """What staff asked for at the screen: `import`, or `export` of the rows after `after` up to `last`."""

    number: int
    act: str
    kiosk: str
    after: int
    last: int


class Line:
    """The asking end. Each call is one connection; a call that fails may be made again.

    `answer_s` is for the whole call, in seconds: knocking, asking and the answer.

    Every method raises `LineError`: `run` is not there, too slow, refused, or spoke nonsense.
    """

    def __init__(self, path: Path, answer_s: float = ANSWER_S) -> None:
        self._path = path
        self._answer_s = answer_s

    def statements(self, after: int, most: int) -> Batch:
        """At most `most` journal rows with seq > `after`, in order."""
        answer = self._ask({"ask": "statements", "after": after, "most": most})
        rows = answer.get("statements")
        if not isinstance(rows, list):
            raise LineError("the answer holds no list of statements")
        return Batch(tuple(_row(row) for row in rows), _head(answer))

    def wait(self, after: int, timeout_s: float) -> Head:
        """The head as soon as its seq is over `after`, or as it is after `timeout_s` seconds."""
        ask = {"ask": "wait", "after": after, "timeout_s": timeout_s}
        return _head(self._ask(ask, extra_s=timeout_s))

    def listen(self, after: int, timeout_s: float, calls: int) -> tuple[Head, int]:
        """As `wait`, and as soon as the centre was called more often than `calls` (or `run` is new)."""
        ask = {"ask": "wait", "after": after, "timeout_s": timeout_s, "calls": calls}
        answer = self._ask(ask, extra_s=timeout_s)
        return _head(answer), _number(answer, "calls")

    def manifest(self) -> InForce:
        """Version and hash of the manifest in force."""
        answer = self._ask({"ask": "manifest"})
        return InForce(_number(answer, "ver"), _text(answer, "hash"))

    def offer_manifest(self, jwe: str) -> Taken | Refused:
        """Offer a sealed manifest. Both answers are final: offering it again changes nothing."""
        answer = self._ask({"ask": "offer_manifest", "jwe": jwe})
        if answer.get("accepted") is True:
            return Taken(_number(answer, "ver"))
        return Refused(_text(answer, "refused"), str(answer.get("detail", ""))[:200])

    def offer_statements(self, rows: Sequence[str | Damaged], head: Head) -> Wanted | Done:
        """Offer own rows back, in order, as central holds them; `head`: how far it goes."""
        sent = [{"seq": r.seq, "damaged": True} if isinstance(r, Damaged) else r for r in rows]
        told = {"seq": head.seq, "hash": head.hash}
        answer = self._ask({"ask": "offer_statements", "statements": sent, "head": told})
        if answer.get("done") is True:
            return Done(_text(answer, "as"))
        return Wanted(_number(answer, "after"))

    def health(self) -> dict[str, object]:
        """The latest health snapshot, to be handed on as it is."""
        return _object(self._ask({"ask": "health"}), "health")

    def status(self) -> dict[str, object]:
        """What `kiosk status` shows."""
        return _object(self._ask({"ask": "status"}), "status")

    def contact(self, at: str) -> None:
        """Tell that central answered at `at`, RFC 3339 UTC by central's clock."""
        self._ask({"ask": "contact", "at": at})

    def usb(self, stick: str, timeout_s: float) -> UsbJob | None:
        """What staff want done with this stick; None after `timeout_s` seconds of nothing."""
        ask = {"ask": "usb", "stick": stick, "timeout_s": timeout_s}
        job = self._ask(ask, extra_s=timeout_s).get("job")
        return _job(job) if isinstance(job, dict) else None

    def usb_done(self, stick: str, number: int, outcome: str, count: int, sealed: str) -> None:
        """What became of it; told when the stick is unmounted."""
        ask = {"ask": "usb_done", "stick": stick, "number": number, "outcome": outcome}
        self._ask({**ask, "count": count, "sealed": sealed})

    def _ask(self, message: Mapping[str, object], extra_s: float = 0.0) -> dict[str, object]:
        until = time.monotonic() + self._answer_s
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            self._knock(sock)
            send_message(sock, message, _left(until))
            answer = receive_message(sock, _left(until) + extra_s)
        if "error" in answer:
            kind = LineForbiddenError if answer["error"] == NOT_YOURS else LineError
            raise kind(f"kiosk run refused: {str(answer['error'])[:200]}")
        return answer

    def _knock(self, sock: socket.socket) -> None:
        words = f"kiosk run does not answer at {self._path}"
        try:
            sock.settimeout(self._answer_s)
            sock.connect(str(self._path))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise LineAbsentError(f"{words}: {error}") from error
        except PermissionError as error:
            raise LineForbiddenError(f"{words}: {error}") from error
        except (TimeoutError, BlockingIOError) as error:  # so many wait already that none is let in
            raise LineSilentError(f"{words}: {error}") from error
        except OSError as error:
            raise LineError(f"{words}: {error}") from error


LEAST_S = 0.001  # a deadline that has passed; 0 would be another mode of the socket


def _left(until: float) -> float:
    return max(LEAST_S, until - time.monotonic())


def _job(raw: Mapping[str, object]) -> UsbJob:
    act, kiosk = _text(raw, "act"), _text(raw, "kiosk")
    if act not in ("import", "export") or not _KIOSK.fullmatch(kiosk):
        raise LineError("the answer holds no job for a stick")
    return UsbJob(_number(raw, "number"), act, kiosk, _number(raw, "after"), _number(raw, "last"))


def _row(row: object) -> str | Damaged:
    if isinstance(row, str):
        return row
    if isinstance(row, dict) and row.get("damaged") is True:
        return Damaged(_number(row, "seq"))
    raise LineError("the answer holds something other than statements")


def _head(answer: Mapping[str, object]) -> Head:
    head = _object(answer, "head")
    return Head(_number(head, "seq"), _text(head, "hash"))


def _object(answer: Mapping[str, object], name: str) -> dict[str, object]:
    value = answer.get(name)
    if not isinstance(value, dict):
        raise LineError(f"the answer holds no {name}")
    return value


def _number(answer: Mapping[str, object], name: str) -> int:
    value = answer.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise LineError(f"the answer holds no {name}")
    return value


def _text(answer: Mapping[str, object], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str):
        raise LineError(f"the answer holds no {name}")
    return value
