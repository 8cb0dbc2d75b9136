"""TLS as sync sees it: a pinned authority is the only one, and it is really asked for."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sync.calls import Call, CallError, Calls, Stamp
from sync.client import knows_time
from sync.keys import new_signing_key
from sync.line import Line
from sync.transport import NotAllowedError, Way
from tests.sync.certificates import certificate
from tests.sync.wire import Scripted, http, listening, read_request
from tests.sync.world import FakeRun

CALL = Call("GET", "/v1/kiosks/bt1/journal/head")
HEAD = http("200 OK", "Content-Type: application/json", body=b'{"seq":0,"hash":""}')


@contextmanager
def _secured(ca: Path, key: Path) -> Iterator[tuple[str, Scripted]]:
    """A central behind TLS: its address, and what it was asked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca, key)
    central = Scripted(HEAD)

    def secured(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as inner:
            central(inner)

    with listening(secured) as url:
        yield url.replace("http://", "https://"), central


@pytest.mark.parametrize("pinned", [True, False])
def test_only_the_pinned_authority_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, pinned: bool
) -> None:
    ca, key = certificate(tmp_path)
    # What the environment names must not stand in for what the configuration pins.
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate(other)[0]))
    with _secured(ca, key) as (address, central):
        calls = Calls(address, new_signing_key(), Way(ca if pinned else None), Stamp(), 5.0)
        if pinned:
            assert calls.make(CALL).json() == {"seq": 0, "hash": ""}
        else:
            with pytest.raises(CallError, match="SSLError"):
                calls.make(CALL)
    assert len(central.asked) == (1 if pinned else 0)


# A kiosk that does not know the time

LONG_AGO = (datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC))
NOT_YET = (datetime(2090, 1, 1, tzinfo=UTC), datetime(2091, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("valid", [LONG_AGO, NOT_YET], ids=["expired", "not yet valid"])
def test_without_the_time_dates_do_not_count_and_with_it_they_do(
    tmp_path: Path, valid: tuple[datetime, datetime]
) -> None:
    ca, key = certificate(tmp_path, valid)
    knows = True
    with _secured(ca, key) as (address, central):
        calls = Calls(
            address, new_signing_key(), Way(ca, dates=lambda: knows), Stamp(), answer_s=5.0
        )
        with pytest.raises(CallError, match="SSLError"):
            calls.make(CALL)
        knows = False
        assert calls.make(CALL).json() == {"seq": 0, "hash": ""}
        knows = True
        with pytest.raises(CallError, match="SSLError"):
            calls.make(CALL)
    assert len(central.asked) == 1


def test_without_the_time_a_stranger_is_a_stranger_all_the_same(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    ca, key = certificate(tmp_path, LONG_AGO)
    with _secured(ca, key) as (address, central):
        for way in (Way(certificate(other)[0], dates=lambda: False), Way(dates=lambda: False)):
            with pytest.raises(CallError, match="SSLError"):
                Calls(address, new_signing_key(), way, Stamp(), 5.0).make(CALL)
        elsewhere = address.replace("127.0.0.1", "localhost")
        mine = Calls(elsewhere, new_signing_key(), Way(ca, dates=lambda: False), Stamp(), 5.0)
        with pytest.raises(CallError, match="SSLError"):  # the name is not in the certificate
            mine.make(CALL)
    assert central.asked == []


def test_the_pinned_chain_counts_through_a_proxy_too(tmp_path: Path) -> None:
    ca, key = certificate(tmp_path, LONG_AGO)
    with _secured(ca, key) as (address, central):
        port = urlsplit(address).port or 0

        def tunnel(peer: socket.socket) -> None:
            read_request(peer)
            with socket.create_connection(("127.0.0.1", port), 5.0) as far:
                peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=_pour, args=(far, peer))
                back.start()
                _pour(peer, far)
                back.join()

        with listening(tunnel) as proxy:
            knows = Calls(address, new_signing_key(), Way(ca, proxy), Stamp(), 5.0)
            with pytest.raises(CallError):
                knows.make(CALL)
            lost = Way(ca, proxy, dates=lambda: False)
            answer = Calls(address, new_signing_key(), lost, Stamp(), 5.0).make(CALL)
    assert answer.json() == {"seq": 0, "hash": ""}
    assert len(central.asked) == 1


def test_run_says_whether_the_time_is_known(kiosk: FakeRun) -> None:
    line = Line(kiosk.path)
    told = [("unknown", False), ("holdover", True), ("synced", True)]
    for clock, known in told:
        kiosk.health = {"clock": clock}
        assert knows_time(line) is known
    kiosk.health = {}  # it has only just started: nobody has said that it is lost
    assert knows_time(line) is True


def test_an_authority_that_cannot_be_read_is_named_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate", encoding="utf-8")
    for name in ("missing.pem", "empty.pem"):
        with pytest.raises(NotAllowedError, match=rf"ca: .*{name}"):
            Way(tmp_path / name)


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65536):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
