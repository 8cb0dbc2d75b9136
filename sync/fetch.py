"""Fetching: asks central for a newer manifest by long poll and offers it to the kiosk unopened."""

from __future__ import annotations

import re

from requests import codes

from sync.answers import refused_by_central, tell_contact
from sync.calls import Answer, Call, CallError, Calls
from sync.line import Line, Refused
from sync.messages import MAX_MANIFEST_BYTES, Head, Refusal
from sync.pace import Waiter
from sync.restore import RESTORED, restore

POLL_S = 50.0
AFTER_NOTHING_S = 0.5  # so that a central that never lets us wait is not asked without end
NAME_AGAIN = 6  # polls until a head that did not change is named once more (about five minutes)
AFTER_REFUSED = 12  # polls until a refused manifest is offered once more (about ten minutes)
MANIFEST_MEDIA = "application/jose"
HEAD = frozenset({Refusal.HEAD_AHEAD, Refusal.HEAD_DIFFERS})  # central knows another journal
_HASH = re.compile(r"[A-Za-z0-9_-]{43}")


class Fetcher:
    """Remembers what it need not say or offer again at every poll: the head, a refused manifest."""

    def __init__(self, kiosk: str, line: Line, calls: Calls, poll_s: float) -> None:
        self._kiosk = f"/v1/kiosks/{kiosk}"
        self._line = line
        self._calls = calls
        self._poll_s = poll_s
        self._refused = ""
        self._polls = 0
        self._named: Head | None = None  # what central was told of the journal, and answered to
        self._unnamed = 0  # polls since then

    def step(self, waiter: Waiter) -> None:
        """One long poll and what follows from it.

        Raises:
            LineError: `run` did not answer.
            CallError: central did not, or answered something else.
        """
        known = self._line.manifest().hash
        answer = self._poll(known)
        tell_contact(self._line, answer)
        if answer.status == codes.not_modified:
            self._polls += 1
            if self._polls >= AFTER_REFUSED:
                self._refused = ""
            waiter.wait(AFTER_NOTHING_S)
            return
        self._offer(answer)

    def _poll(self, known: str) -> Answer:
        head = self._line.wait(0, 0.0)
        path = f"{self._kiosk}/manifest?wait={self._poll_s:g}"
        named = head != self._named or self._unnamed >= NAME_AGAIN - 1
        if named:
            self._named, path = None, f"{path}&head={head.seq}.{head.hash}"
        tags = ", ".join(f'"{tag}"' for tag in (known, self._refused) if tag)
        headers = {"Accept": MANIFEST_MEDIA} | ({"If-None-Match": tags} if tags else {})
        call = Call("GET", path, b"", headers, MAX_MANIFEST_BYTES, self._poll_s)
        answer = self._calls.make(call)
        if answer.status not in (codes.ok, codes.not_modified):
            raise refused_by_central(answer)
        self._named, self._unnamed = head, 0 if named else self._unnamed + 1
        if answer.status == codes.not_modified:
            return answer
        if answer.media != MANIFEST_MEDIA or not answer.body.isascii():
            raise CallError("strange", f"no manifest but {answer.media[:60]!r}", answer.status)
        return answer

    def _offer(self, answer: Answer) -> None:
        tag = answer.headers.get("etag", "").removeprefix("W/").strip('"')
        offered = self._line.offer_manifest(answer.body.decode("ascii"))
        if isinstance(offered, Refused):
            self._refused = tag if _HASH.fullmatch(tag) else ""
            self._polls = 0
            if offered.rung in HEAD and restore(self._kiosk, self._line, self._calls) == RESTORED:
                self._refused = ""  # it names the journal as that is now: at once again
                return
            raise CallError("manifest refused", f"the kiosk refuses it: {offered.rung}")
        self._refused = ""
        if self._line.manifest().hash != tag:
            # Asking again at once would bring the same one, again and again.
            raise CallError("strange", "the manifest's ETag is not its hash")
