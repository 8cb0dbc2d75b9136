"""Centrals, portals and proxies that lie, dawdle or talk too much: a failed call, nothing else."""

from __future__ import annotations

import json
import socket
from contextlib import suppress

import pytest

from sync.calls import Call, CallError, checked_url
from sync.transport import NotAllowedError
from tests.sync.wire import Relay, Scripted, Trickle, http, listening, read_request
from tests.sync.world import FakeRun, World, calls, fetcher_of, now, received, reporter_of, serving

HTML = b"<html>Welcome to our free Wi-Fi</html>"
HOSTILE = {
    "hangs up": b"",
    "speaks no http": b"220 smtp.example ESMTP\r\n",
    "500": http("500 Internal Server Error", "Content-Type: text/plain", body=b"oops"),
    "502 page": http("502 Bad Gateway", "Content-Type: text/html", body=HTML),
    "captive portal": http("200 OK", "Content-Type: text/html", body=HTML),
    "html called json": http("200 OK", "Content-Type: application/json", body=HTML),
    "html called jose": http("200 OK", "Content-Type: application/jose", body=HTML),
    "a list": http("200 OK", "Content-Type: application/json", body=b"[1]"),
    "deep": http("200 OK", "Content-Type: application/json", body=b"[" * 60_000),
    "a false head": http(
        "200 OK", "Content-Type: application/json", body=b'{"seq":true,"hash":""}'
    ),
    "a negative head": http(
        "200 OK", "Content-Type: application/json", body=b'{"seq":-1,"hash":""}'
    ),
    "huge": http("200 OK", "Content-Type: application/jose", body=b"x" * (9 * 2**20)),
    "told huge": http("200 OK", "Content-Type: application/json", "Content-Length: 9999999999"),
    "packed": http(
        "200 OK", "Content-Type: application/json", "Content-Encoding: gzip", body=b"\x1f\x8b"
    ),
    "cut short": http("200 OK", "Content-Type: application/json", "Content-Length: 50", body=b"{"),
    "chunks cut short": http(
        "200 OK", "Content-Type: application/json", "Transfer-Encoding: chunked", body=b"5\r\n{"
    ),
    "401 for ever": http("401 Unauthorized", "Hoso-Stamp: 1.x", body=b""),
    "429": http("429 Too Many Requests", "Content-Type: text/html", body=HTML),
    "409 page": http("409 Conflict", "Content-Type: text/html", body=HTML),
    "422 page": http("422 Unprocessable", "Content-Type: text/html", body=HTML),
    "204": http("204 No Content"),
    "redirect": http("302 Found", "Location: http://127.0.0.1:1/", body=b""),
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500,
    "a long header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    "a strange stamp": http("200 OK", f"Hoso-Stamp: {'é' * 200}", body=b""),
}


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_central_answers_is_a_failed_call_and_changes_nothing(
    world: World, kiosk: FakeRun, answer: bytes
) -> None:
    kiosk.journal.state("started")
    central = Scripted(answer)
    with listening(central) as url:
        reporter = reporter_of(world, kiosk, url)
        for _ in range(2):
            with pytest.raises(CallError):
                reporter.step()
        with pytest.raises(CallError):
            fetcher_of(world, kiosk, url).step(now())
    assert kiosk.manifest is None
    assert len(kiosk.journal.rows) == 1
    assert len(central.asked) <= 6


@pytest.mark.parametrize(("kind", "word"), [(Scripted, "no answer"), (Trickle, "too long")])
def test_a_slow_central_is_given_up_at_the_deadline(
    world: World, kiosk: FakeRun, kind: type[Scripted], word: str
) -> None:
    start = http("200 OK", "Content-Type: application/json", "Content-Length: 100000")
    central = kind(start, then_silent=True)
    with listening(central) as url, pytest.raises(CallError, match=word):
        reporter_of(world, kiosk, url).step()
    central.over.set()


def test_a_redirect_is_not_followed(world: World, kiosk: FakeRun) -> None:
    elsewhere = Scripted(http("200 OK"))
    with listening(elsewhere) as other:
        away = http("307 Temporary Redirect", f"Location: {other}/v1/kiosks/bt1/journal/head")
        with listening(Scripted(away)) as url, pytest.raises(CallError, match="elsewhere"):
            reporter_of(world, kiosk, url).step()
    assert elsewhere.asked == []


def test_a_fresh_stamp_is_used_once_and_not_for_ever(world: World) -> None:
    central = Scripted(http("401 Unauthorized", "Hoso-Stamp: 1.x"))
    with listening(central) as url:
        answer = calls(url, world.keys.transport).make(Call("GET", "/v1/x"))
    assert (answer.status, len(central.asked)) == (401, 2)


def test_a_row_that_central_refuses_does_not_block_those_behind_it(
    world: World, kiosk: FakeRun
) -> None:
    rows = [kiosk.journal.state("started", n=n) for n in range(5)]
    taken: list[str] = []

    def picky(peer: socket.socket) -> None:
        request = read_request(peer)
        body = request.partition(b"\r\n\r\n")[2]
        items = json.loads(body)["statements"] if request.startswith(b"POST") else []
        if rows[2] in items:
            problem = b'{"type":"urn:hoso:problem:invalid","status":422}'
            kind = "Content-Type: application/problem+json"
            peer.sendall(http("422 Unprocessable", kind, body=problem))
        elif request.startswith(b"PUT"):
            peer.sendall(http("204 No Content"))
        else:
            taken.extend(item if isinstance(item, str) else "hole" for item in items)
            head = json.dumps({"seq": len(taken), "hash": ""}).encode()
            peer.sendall(http("200 OK", "Content-Type: application/json", body=head))

    with listening(picky) as url:
        reporter = reporter_of(world, kiosk, url)
        for _ in range(6):  # all five in vain, then one by one
            with suppress(CallError):
                reporter.step()
    assert taken == [rows[0], rows[1], "hole", rows[3], rows[4]]


def test_a_central_that_refuses_everything_for_a_while_loses_no_row(
    world: World, kiosk: FakeRun
) -> None:
    kiosk.journal.state("started")
    problem = http("422 Unprocessable", "Content-Type: application/problem+json", body=b"{}")
    with listening(Scripted(problem)) as url:
        relay = Relay(url)
        relay.head = http("200 OK", "Content-Type: application/json", body=b'{"seq":0,"hash":""}')
        with listening(relay) as between:
            reporter = reporter_of(world, kiosk, between)
            for _ in range(4):
                with suppress(CallError):
                    reporter.step()
            with serving(world.store) as real:
                relay.to(real)
                for _ in range(2):
                    if not received(world):
                        reporter.step()
    assert received(world) == kiosk.journal.rows


@pytest.mark.parametrize(
    "url",
    [
        "http://central.example.vn",
        "http://10.0.0.1:8474",
        "ftp://localhost",
        "https://",
        "central.example.vn",
        "https://user:pw@central.example.vn",
        "https://central.example.vn/?x=1",
        "http://localhost.example.vn",
        "http://[::2]/",
        "http://[/",
    ],
)
def test_an_address_without_tls_or_sense_is_refused(url: str) -> None:
    with pytest.raises(NotAllowedError):
        checked_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://central.example.vn/hoso/",
        "http://127.0.0.1:8474",
        "http://[::1]:1",
        "http://localhost",
    ],
)
def test_tls_or_loopback_is_accepted(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")
