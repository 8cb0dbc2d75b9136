"""The one AF_UNIX socket of `kiosk run` (DESIGN §3): what the sync process may ask, and nothing more.

A hostile peer can do nothing: peers are known by uid, every message has a cap and a deadline, connections
are few, offers are paced, and journal rows are read through a connection of their own. The loop is never
waited for but through its inbox.
"""

from __future__ import annotations

import logging
import os
import pwd
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk.config import ConfigError
from kiosk.desk import Desk
from kiosk.journal_values import Damaged, JournalError, JournalPort
from kiosk.line_fields import MOST_VALUES, RequestError, named_head, rows, timeout, whole
from kiosk.usb_desk import Did, FullError, UsbDesk
from sync.framing import LineClosedError, LineError, receive_message, send_message
from sync.line import NOT_YOURS
from sync.messages import Head

__all__ = ["Desk", "LineServer", "Requests"]

MOST_PEERS = 8
MOST_NAME = 32  # characters of a stick's name, and of what became of it
MOST_ROWS = 200  # each is verified before it is handed out
MOST_BYTES = 4 * 1024 * 1024
ACCEPT_AGAIN_S = 1.0  # after the system could not give one more connection
BUSY = "busy; offer it again later"
OF_THE_JOURNAL = frozenset({"wait", "manifest", "offer_manifest", "offer_statements"})
_LOG = logging.getLogger("kiosk.line")
_PEER = struct.Struct("3i")  # pid, uid, gid


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a peer, or the loop on its behalf, may take. Seconds."""

    read_s: float = 5.0  # a peer has this long to say what it wants
    write_s: float = 10.0  # and this long to take its answer
    answer_s: float = 8.0  # the loop has this long to take up an offered manifest
    offer_gap_s: float = 0.5  # between two offers; whoever comes sooner waits


@dataclass(frozen=True, slots=True)
class Requests:
    """What the socket needs of the rest of the process."""

    desk: Desk
    reader: Callable[[], JournalPort]  # a read-only journal of the caller's own
    open_manifest: Callable[[str, tuple[int, str] | None, int], bool]  # False: too busy
    believe_rows: Callable[[list[str | Damaged], Head, int], bool]  # likewise
    contacted: Callable[[], None]
    usb: UsbDesk | None = None
    kiosk: str = ""


class LineServer:
    """Listens on the socket; one thread accepts, a few serve.

    Raises:
        ConfigError: there is no such user, or the socket cannot be made.
    """

    def __init__(
        self, path: Path, requests: Requests, sync_user: str, deadlines: Deadlines | None = None
    ) -> None:
        self._path = path
        self._requests = requests
        self._deadlines = deadlines or Deadlines()
        self._all_of_it = {os.getuid()} | _uid(sync_user)
        self._places = threading.BoundedSemaphore(MOST_PEERS)
        self._pace = threading.Lock()
        self._reading = threading.Lock()
        self._offer_again = 0.0  # monotonic
        self._closing = threading.Event()
        self._listener = _listen(path)
        self._thread = threading.Thread(target=self._accept, name="line", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening and take the socket away."""
        self._closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)  # `close` alone leaves the thread in `accept`
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                peer, _ = self._listener.accept()
            except OSError as error:  # closed, or no file descriptor is left
                if not self._closing.is_set():
                    _LOG.warning("no connection can be accepted: %s; trying again", error)
                    self._closing.wait(ACCEPT_AGAIN_S)
                continue
            if self._places.acquire(blocking=False):
                threading.Thread(target=self._serve, args=(peer,), daemon=True).start()
            else:
                peer.close()  # too many at once: come again later

    def _serve(self, peer: socket.socket) -> None:
        try:
            with peer:
                self._answer(peer)
        except LineClosedError:
            pass  # it left without asking
        except LineError as error:
            _LOG.info("peer: %s", error)
        finally:
            self._places.release()

    def _answer(self, peer: socket.socket) -> None:
        uid = _PEER.unpack(peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))[1]
        request = receive_message(peer, self._deadlines.read_s, MOST_VALUES)
        verb = request.get("ask")
        try:
            answer = self._carry_out(self._allowed(uid, str(verb)), request)
        except RequestError as error:
            answer = {"error": str(error)}
        except JournalError as error:
            answer = {"error": f"journal: {error.reason}"}
        send_message(peer, answer, self._deadlines.write_s)

    def _allowed(self, uid: int, verb: str) -> str:
        """The sync process may ask everything but of sticks; root the status, and sticks; nobody else.

        Root reads statements only while it writes those that staff have asked for to a stick.
        """
        ours, usb = uid in self._all_of_it, self._requests.usb
        if verb.startswith("usb"):
            ours = uid in (0, os.getuid())
        if uid == 0:
            exports = verb == "statements" and usb is not None and usb.exporting()
            ours = ours or verb == "status" or exports
        if ours:
            return verb
        raise RequestError(NOT_YOURS)

    def _carry_out(self, verb: str, request: Mapping[str, object]) -> dict[str, object]:
        desk = self._requests.desk
        if verb in OF_THE_JOURNAL and not desk.begun:
            # A journal that was not read yet is no empty one: central would take it for an older card's.
            raise RequestError("it is starting; ask again")
        match verb:
            case "statements":
                return self._statements(request)
            case "wait":
                known = whole(request, "calls") if "calls" in request else None
                head, calls = desk.wait(whole(request, "after"), timeout(request), known)
                return {"head": _head(head), "calls": calls}
            case "manifest":
                ver, hash_ = desk.in_force
                return {"ver": ver, "hash": hash_}
            case "offer_manifest":
                return self._offer(request)
            case "offer_statements":
                return self._offer_rows(request)
            case "health" | "status":
                return {verb: dict(desk.health) if verb == "health" else desk.status()}
            case "contact":
                self._requests.contacted()
                return {}
            case "usb" | "usb_done" if self._requests.usb is not None:
                return self._stick(self._requests.usb, verb, request)
            case _:
                raise RequestError("unknown request")

    def _stick(self, usb: UsbDesk, verb: str, request: Mapping[str, object]) -> dict[str, object]:
        stick = str(request.get("stick", ""))[:MOST_NAME]
        if verb == "usb":
            try:
                job = usb.take(stick, timeout(request))
            except FullError:
                raise RequestError(BUSY) from None
            told = None if job is None else asdict(job) | {"kiosk": self._requests.kiosk}
            return {"job": told}
        words = str(request.get("outcome", ""))[:MOST_NAME]
        did = Did(words, whole(request, "count"), str(request.get("sealed", "")))
        usb.done(stick, whole(request, "number"), did)
        return {}

    def _statements(self, request: Mapping[str, object]) -> dict[str, object]:
        after, most = whole(request, "after"), whole(request, "most")
        with self._reading:  # checking signatures takes the processor, which the loop needs too
            journal = self._requests.reader()
            try:
                rows = journal.after(after, most=min(most, MOST_ROWS), most_bytes=MOST_BYTES)
                head = journal.head
            finally:
                journal.close()
        sent = [{"seq": r.seq, "damaged": True} if isinstance(r, Damaged) else r for r in rows]
        return {"statements": sent, "head": _head(head)}

    def _keep_pace(self) -> None:
        """One offer at a time, with a gap: opening a manifest takes time that touches need."""
        if not self._pace.acquire(timeout=self._deadlines.answer_s):
            raise RequestError(BUSY)
        try:
            early = self._offer_again - time.monotonic()
            if early > self._deadlines.answer_s:
                raise RequestError(BUSY)
            self._closing.wait(max(0.0, early))
            self._offer_again = time.monotonic() + self._deadlines.offer_gap_s
        finally:
            self._pace.release()

    def _offer(self, request: Mapping[str, object]) -> dict[str, object]:
        jwe = request.get("jwe")
        if not isinstance(jwe, str):
            raise RequestError("jwe is not a text")
        self._keep_pace()
        desk = self._requests.desk
        ver, hash_ = desk.in_force
        number, answer = desk.expect()
        taken = self._requests.open_manifest(jwe, (ver, hash_) if ver else None, number)
        if not taken or not answer.ready.wait(self._deadlines.answer_s):
            desk.forget(number)
            raise RequestError(BUSY)
        if answer.refusal is not None:
            return {"refused": str(answer.refusal), "detail": "see the journal"}
        return {"accepted": True, "ver": answer.ver}

    def _offer_rows(self, request: Mapping[str, object]) -> dict[str, object]:
        """Own statements back: what the loop makes of them, or which it wants next."""
        offered, head = rows(request), named_head(request)
        self._keep_pace()
        desk = self._requests.desk
        number, answer = desk.expect()
        taken = self._requests.believe_rows(offered, head, number)
        if not taken or not answer.ready.wait(self._deadlines.answer_s) or answer.rows is None:
            desk.forget(number)
            raise RequestError(BUSY)
        if answer.rows.done:
            return {"done": True, "as": answer.rows.done}
        return {"after": answer.rows.after}


def _listen(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        listener.bind(str(path))
        path.chmod(0o660)
        listener.listen(MOST_PEERS)
    except OSError as error:
        listener.close()
        raise ConfigError(f"socket: {path} cannot be made: {error}") from error
    return listener


def _uid(user: str) -> set[int]:
    try:
        return {pwd.getpwnam(user).pw_uid} if user else set()
    except KeyError as error:
        raise ConfigError(f"central.sync_user: this machine has no user {user!r}") from error


def _head(head: Head) -> dict[str, object]:
    return {"seq": head.seq, "hash": head.hash}
