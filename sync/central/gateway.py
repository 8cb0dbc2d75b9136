"""Letters over HTTP to a gateway of SMS or rich messages: one POST each, JSON both ways.

The law of this file: only a JSON answer that repeats our id counts as taken: a captive portal also says 200.
What is our own trouble (key, address, pace) is tried again; only what is wrong with this letter is refused.
Nothing that comes back is believed, big or awaited for long; no address, phone or text is logged.
"""

from __future__ import annotations

import json
import time
from http import HTTPStatus

import requests
from urllib3.exceptions import HTTPError

from sync.central.adapters import Answer, Fate
from sync.central.letters import Letter

CONNECT_S = 4.0
READ_S = 6.0  # for each piece of an answer, and for all of them together
MOST_ANSWER_BYTES = 16 * 1024
CHUNK_BYTES = 4 * 1024
MOST_REST_MS = 30 * 60 * 1000
_LATER = Answer(Fate.LATER)
_CLIENT = range(400, 500)
# These speak of us or of the moment, not of the letter.
_OURS = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.CONFLICT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)


class Gateway:
    """One gateway, for one thread at a time."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = url.startswith("https:")  # plain http is loopback: no proxy
        self._session.auth = _Bearer(key)

    def send(self, letter: Letter, at_ms: int) -> Answer:
        """POST it; `at_ms` does not leave: the same letter is the same bytes."""
        del at_ms
        said = {"id": str(letter.id), "to": letter.to, "text": letter.text}
        said |= {"channel": letter.channel, "kind": letter.kind}
        if letter.qr:
            said["qr"] = letter.qr
        try:
            with self._session.post(
                self._url,
                data=json.dumps(said, ensure_ascii=False).encode(),
                headers={
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                    "Content-Type": "application/json",
                    "Idempotency-Key": str(letter.id),
                },
                timeout=(CONNECT_S, READ_S),
                allow_redirects=False,
                stream=True,
            ) as response:
                return _judged(response, str(letter.id))
        except (requests.RequestException, HTTPError, OSError):
            # Unreachable, hung up, or too slow: whether it was taken is unknown, so the same again.
            return _LATER


class _Bearer(requests.auth.AuthBase):
    """Set on the session, so that no .netrc puts anything else there."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def _judged(response: requests.Response, wanted: str) -> Answer:
    status = response.status_code
    if response.ok and not response.is_redirect:
        return Answer(Fate.SENT) if _repeats(response, wanted) else _LATER
    if status in _CLIENT and status not in _OURS:
        return Answer(Fate.REFUSED)
    return Answer(Fate.LATER, _rest_ms(response.headers.get("Retry-After", "")))


def _repeats(response: requests.Response, wanted: str) -> bool:
    """Whether the body is a JSON object with our id, small and in time."""
    until, got = time.monotonic() + READ_S, bytearray()
    while piece := response.raw.read1(CHUNK_BYTES, decode_content=False):
        got += piece
        if len(got) > MOST_ANSWER_BYTES or time.monotonic() > until:
            return False
    try:
        told = json.loads(got)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and str(told.get("id")) == wanted


def _rest_ms(text: str) -> int:
    """Of `Retry-After` in seconds; a date there is not worth reading."""
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else 0
    return min(seconds * 1000, MOST_REST_MS)
