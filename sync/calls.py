"""The kiosk's calls to central over HTTP, each signed; nothing that comes back is believed or big.

The law of this file: whatever central, a proxy or a captive portal does, a call ends within its
time in an `Answer`, or in a `CallError`. Redirects are not followed, content is not unpacked,
bodies are cut at a cap while they arrive. Plain http is for loopback only. Proxies, authorities and
passwords of the environment are not heeded: the way to central is what the configuration says.

A request proves itself by a JWS in the header `Hoso-Request` over method, path, body and the
server's stamp of an earlier answer; when that is too old (401 with a new one), the call is made
once more.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError
from urllib3.util import SKIP_HEADER

from sync.compact import read_json
from sync.keys import Key
from sync.stamps import MAX_STAMP_CHARACTERS, sign_request
from sync.transport import NotAllowedError, Transport, Way

REQUEST_HEADER = "Hoso-Request"
STAMP_HEADER = "Hoso-Stamp"
PROBLEM = "application/problem+json"
CONNECT_S = 10.0
ANSWER_S = 20.0  # for a whole answer, a long poll's own wait not counted
LATE_S = 1.0  # after that the connection is shut, should its end not have shown in a read
MAX_JSON_BYTES = 64 * 1024
CHUNK_BYTES = 64 * 1024


class CallError(Exception):
    """No usable answer. `kind` is one word for the log; `status` is 0 when there was none.

    `after_s`: how long central wants to be left alone, in seconds, not bounded yet.
    """

    def __init__(self, kind: str, detail: str, status: int = 0, after_s: float = 0.0) -> None:
        super().__init__(detail)
        self.kind = kind
        self.status = status
        self.after_s = after_s


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` begins with /v1/ and holds the query; `most` caps the answer in bytes."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    most: int = MAX_JSON_BYTES
    extra_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read whole. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def media(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def json(self) -> dict[str, object]:
        """The body as a JSON object.

        Raises:
            CallError: it is something else, such as a captive portal's page.
        """
        if self.media not in ("application/json", PROBLEM):
            raise CallError("strange", f"status {self.status} holds {self.media[:60]!r}, no JSON")
        try:
            value = read_json(self.body)
        except ValueError as error:
            raise CallError("strange", f"status {self.status}: {error}") from None
        if not isinstance(value, dict):
            raise CallError("strange", f"status {self.status} holds no JSON object")
        return value


class Stamp:
    """The newest stamp, shared by everything that calls central from this process."""

    def __init__(self) -> None:
        self.text = ""


class Calls:
    """One caller with a connection of its own. Not for two threads at once."""

    def __init__(
        self, url: str, key: Key, way: Way, stamp: Stamp, answer_s: float = ANSWER_S
    ) -> None:
        self._url = checked_url(url)
        self._key = key
        self._verify = str(way.ca) if way.ca else True
        self._stamp = stamp
        self._answer_s = answer_s
        self._session = requests.Session()
        self._session.trust_env = False
        # What HTTP says by default need not be said: a kiosk may pay for every byte.
        self._session.headers.clear()
        self._session.headers["User-Agent"] = SKIP_HEADER
        self._session.proxies = {"http": way.proxy, "https": way.proxy} if way.proxy else {}
        self._transport = Transport(way)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._transport)

    def make(self, call: Call) -> Answer:
        """Make the call; once more when only the stamp was too old.

        Raises:
            CallError: no whole answer in time, too big, or a redirect.
        """
        answer = self._once(call)
        if answer.status == requests.codes.unauthorized and STAMP_HEADER.lower() in answer.headers:
            answer = self._once(call)
        return answer

    def _once(self, call: Call) -> Answer:
        self._transport.heed_clock()
        most_s = self._answer_s + call.extra_s
        until = time.monotonic() + most_s
        try:
            with self._transport.cut.within(most_s + LATE_S), self._send(call) as response:
                body = _body(response, call.most, until)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise CallError("down", f"no answer ({type(error).__name__})") from error
        answer = Answer(response.status_code, _lower(response.headers), body)
        stamp = answer.headers.get(STAMP_HEADER.lower(), "")
        if stamp.isascii() and stamp.isprintable() and 0 < len(stamp) <= MAX_STAMP_CHARACTERS:
            self._stamp.text = stamp
        if response.is_redirect:
            raise CallError("strange", "central wants to send us elsewhere", answer.status)
        return answer

    def _send(self, call: Call) -> requests.Response:
        proof = sign_request(
            method=call.method,
            path=call.path,
            body=call.body,
            stamp=self._stamp.text,
            key=self._key,
        )
        return self._session.request(
            call.method,
            self._url + call.path,
            data=call.body or None,
            headers={"Accept-Encoding": "identity", REQUEST_HEADER: proof, **call.headers},
            timeout=(CONNECT_S, self._answer_s + call.extra_s),
            allow_redirects=False,
            stream=True,
            verify=self._verify,
        )


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _body(response: requests.Response, most: int, until: float) -> bytes:
    """The body as it was sent, read piece by piece under cap and deadline."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise CallError("strange", "the answer is packed", response.status_code)
    got = bytearray()
    piece = b"-"
    while piece:
        piece = response.raw.read1(CHUNK_BYTES, decode_content=False)
        got += piece
        if len(got) > most:
            raise CallError("too_big", f"the answer is over {most} bytes", response.status_code)
        if time.monotonic() > until:  # asked at the end too: a connection shut by us ends like one
            raise CallError("slow", "the answer takes too long", response.status_code)
    return bytes(got)


def checked_url(url: str) -> str:
    """Central's address without a slash at its end.

    Raises:
        NotAllowedError: no http(s) address, or plain http to another machine.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise NotAllowedError(f"[central] url: no address: {error}") from error
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise NotAllowedError("[central] url: wanted https://HOST[:PORT][/PATH]")
    if parts.username or parts.password:
        raise NotAllowedError("[central] url: no user and password here, the transport key signs")
    if parts.scheme == "http" and not _loopback(host):
        raise NotAllowedError(f"[central] url: {host} is another machine: https:// is required")
    return url.rstrip("/")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
