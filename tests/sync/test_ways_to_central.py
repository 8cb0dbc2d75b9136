"""The way to central: proxies, IPv6, names with two addresses, and how long it may ask us to stay away."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from requests.utils import get_environ_proxies

from sync.answers import refused_by_central
from sync.calls import Answer, Call, CallError, Calls, Stamp
from sync.client import LONGEST_RETRY_AFTER_S, STEP_S, Activity, SyncConfig
from sync.keys import new_signing_key
from sync.pace import FIRST_S, SHORTEST_S
from sync.transport import NotAllowedError, Way
from tests.sync.wire import Drip, Relay, Scripted, http, listening, read_request
from tests.sync.world import KIOSK, FakeRun, World, fetcher_of, now, received, reporter_of, serving

HEAD = http("200 OK", "Content-Type: application/json", body=b'{"seq":0,"hash":""}')
CALL = Call("GET", "/v1/kiosks/bt1/journal/head")
PAGE = b"<html>Please sign in</html>"


def by(way: Way, url: str, answer_s: float = 5.0) -> Calls:
    return Calls(url, new_signing_key(), way, Stamp(), answer_s)


class Proxy:
    """A forward proxy: whole addresses for http, CONNECT for the rest. Notes what it was asked."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.heads: list[bytes] = []

    def __call__(self, peer: socket.socket) -> None:
        request = read_request(peer)
        line, rest = request.split(b"\r\n", 1)
        self.lines.append(line.decode())
        self.heads.append(rest)
        method, target, version = line.split(b" ")
        if method == b"CONNECT":
            peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            return
        parts = urlsplit(target.decode())
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        relay = Relay(f"http://{parts.netloc}")
        start = b" ".join((method, path.encode(), version))
        peer.sendall(relay._forward(start + b"\r\n" + rest))


def test_everything_passes_a_proxy_that_the_configuration_names(
    world: World, kiosk: FakeRun
) -> None:
    world.register()
    kiosk.journal.state("started")
    proxy = Proxy()
    with serving(world.store) as url, listening(proxy) as between:
        way = Way(proxy=between)
        reporter, fetcher = reporter_of(world, kiosk, url), fetcher_of(world, kiosk, url)
        for part in (reporter, fetcher):
            part._calls = Calls(url, world.keys.transport, way, Stamp(), 5.0)
        reporter.step()
        fetcher.step(now())
        assert all(line.split(" ")[1].startswith(url) for line in proxy.lines)
    assert received(world) == kiosk.journal.rows[:1]
    assert kiosk.manifest is not None
    assert len(proxy.lines) >= 4  # health, head, statements, manifest


def test_the_proxy_is_asked_for_a_tunnel_and_told_the_password_but_the_log_is_not() -> None:
    proxy = Proxy()
    with listening(proxy) as between:
        way = Way(proxy=between.replace("http://", "http://ward:s3cret@"))
        with pytest.raises(CallError) as caught:
            by(way, "https://central.example").make(CALL)
    assert [line.rpartition(" ")[0] for line in proxy.lines] == ["CONNECT central.example:443"]
    assert b"Proxy-Authorization: Basic d2FyZDpzM2NyZXQ=" in proxy.heads[0]
    assert "s3cret" not in f"{way!r} {caught.value!r}"


def test_a_proxy_that_answers_with_its_own_page_is_a_failed_call() -> None:
    page = http("407 Proxy Authentication Required", "Content-Type: text/html", body=PAGE)
    for url in ("http://127.0.0.1:9", "https://central.example"):
        with listening(Scripted(page)) as between:
            made = by(Way(proxy=between), url)
            with pytest.raises(CallError):
                made.make(CALL).json()


def test_the_environment_names_no_proxy_for_us(monkeypatch: pytest.MonkeyPatch) -> None:
    central, stranger = Scripted(HEAD), Scripted(http("200 OK", body=PAGE))
    with listening(central) as url, listening(stranger) as between:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, between)
        assert get_environ_proxies("http://central.example") != {}  # others would follow it
        assert by(Way(), url).make(CALL).json() == {"seq": 0, "hash": ""}
    assert stranger.asked == []


@pytest.mark.parametrize(
    "proxy",
    [
        "https://proxy.example:3128",
        "proxy.example:3128",
        "http://proxy.example",
        "http://:3128",
        "http://proxy.example:99999",
        "http://proxy.example:3128/x",
        "http://u:s3cret@proxy.example:port",
        "socks5://proxy.example:1080",
    ],
)
def test_what_is_no_proxy_is_refused_before_anything_starts(proxy: str) -> None:
    key, line = new_signing_key(), Path("run.sock")
    with pytest.raises(NotAllowedError, match="proxy: wanted") as caught:
        SyncConfig("https://central.example", KIOSK, line, key, proxy=proxy)
    assert "s3cret" not in str(caught.value)


# Two kinds of addresses


def _has_v6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


needs_v6 = pytest.mark.skipif(not _has_v6(), reason="NO IPv6 ON THIS MACHINE: ::1 is not there")


@needs_v6
def test_central_is_reached_over_ipv6(world: World, kiosk: FakeRun) -> None:
    world.register()
    kiosk.journal.state("started")
    with serving(world.store) as real, listening(Relay(real), v6=True) as url:
        assert url.startswith("http://[::1]:")
        reporter_of(world, kiosk, url).step()
        fetcher_of(world, kiosk, url).step(now())
    assert received(world) == kiosk.journal.rows[:1]
    assert kiosk.manifest is not None


@needs_v6
@pytest.mark.parametrize("v6", [True, False])
def test_of_a_name_with_two_addresses_the_one_that_answers_is_taken(
    monkeypatch: pytest.MonkeyPatch, *, v6: bool
) -> None:
    plain = socket.getaddrinfo

    def both(host: str, port: int, *more: int) -> list[object]:
        if host != "localhost":
            return list(plain(host, port, *more))
        tcp = (socket.SOCK_STREAM, 6, "")
        return [
            (socket.AF_INET6, *tcp, ("::1", port, 0, 0)),
            (socket.AF_INET, *tcp, ("127.0.0.1", port)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with listening(Scripted(HEAD), v6=v6) as url:
        name = f"http://localhost:{urlsplit(url).port}"
        assert by(Way(), name).make(CALL).json() == {"seq": 0, "hash": ""}


# Dawdling


def test_a_header_that_never_ends_is_cut_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.calls.LATE_S", 0.0)
    central = Drip(b"")
    with listening(central) as url:
        with pytest.raises(CallError):  # each byte comes in time: no read would ever time out
            by(Way(), url, 0.3).make(CALL)
        assert not central.over.is_set()
        central.over.set()


def test_a_caller_whose_connection_was_cut_makes_a_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sync.calls.LATE_S", 0.0)
    central = Drip(b"")
    good = threading.Event()

    def talk(peer: socket.socket) -> None:
        (Scripted(HEAD) if good.is_set() else central)(peer)

    with listening(talk) as url:
        made = by(Way(), url, 0.3)
        with pytest.raises(CallError):
            made.make(CALL)
        central.over.set()
        good.set()
        assert made.make(CALL).json() == {"seq": 0, "hash": ""}


# Retry-After


def test_central_is_left_alone_as_long_as_it_asks_and_no_longer_than_is_sensible() -> None:
    def told(value: str) -> float:
        answer = Answer(503, {"content-type": "text/html", "retry-after": value}, PAGE)
        return refused_by_central(answer).after_s

    assert [told(v) for v in ("7", " 60 ", "0")] == [7, 60, 0]
    nonsense = ("", "-5", "1e9", "soon", "9" * 400, "Fri, 31 Dec 1999 23:59:59 GMT", "٣")
    assert {told(v) for v in nonsense} == {0}
    assert LONGEST_RETRY_AFTER_S < STEP_S  # whoever keeps away so long is not taken for stuck


@pytest.mark.parametrize(("asked", "kept"), [(7.0, 7.0), (10.0**6, LONGEST_RETRY_AFTER_S)])
def test_a_fleet_that_was_told_the_same_does_not_come_back_at_once(
    asked: float, kept: float
) -> None:
    def step() -> None:
        raise CallError("status 503", "central says 503 busy", 503, asked)

    config = SyncConfig("http://127.0.0.1:1", KIOSK, Path("run.sock"), new_signing_key())
    wait = Activity("report", step, config).once()
    assert kept + SHORTEST_S <= wait <= kept + FIRST_S
