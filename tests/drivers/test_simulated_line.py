"""The line between demo and kiosk over a real socket: scripts, scans, deaths on either side."""

from __future__ import annotations

import queue
import socket
import stat
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from drivers.doors import DoorsRead, DriverEvent, Outcome, PulseDone, Reading, Scanned
from drivers.simulated.board import PULSE_MS
from drivers.simulated.channel import MESSAGE_BYTES_MAX, Channel, LineError
from drivers.simulated.line import SimulatedLine
from drivers.simulated.remote import RemoteBank, ScriptRequest
from tests.contract.doors_contract import answers, sees, swept
from tests.drivers.rigs import NET_S, OverSocket


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[OverSocket]:
    rig = OverSocket(tmp_path)
    yield rig
    rig.close()


def _raw(rig: OverSocket) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(NET_S)
    sock.connect(str(rig.path))
    return sock


def test_only_the_owner_may_connect(rig: OverSocket) -> None:
    assert stat.S_IMODE(rig.path.stat().st_mode) == 0o600


def test_a_scan_reaches_the_inbox(rig: OverSocket) -> None:
    with pytest.raises(LineError, match="no kiosk is connected"):
        rig.line.scan("HS1.tu-01.abc")
    rig.bank.start(rig.inbox)
    assert rig.line.wait_connected(NET_S)
    rig.line.scan("HS1.tủ-01.abc\r\n")
    assert Scanned("HS1.tủ-01.abc") in rig.until(lambda events: Scanned in map(type, events))


def test_a_script_request_is_answered_even_with_a_large_picture(rig: OverSocket) -> None:
    requests: queue.Queue[ScriptRequest] = queue.Queue()
    bank = RemoteBank(rig.path, requests.put)
    bank.start(rig.inbox)
    assert rig.line.wait_connected(NET_S)
    picture = "A" * (MESSAGE_BYTES_MAX - 1_000)

    def kiosk() -> None:
        asked = requests.get(timeout=NET_S)
        bank.answer(asked.id, {"png": picture, "did": asked.do, "was": dict(asked.fields)})

    thread = threading.Thread(target=kiosk)
    thread.start()
    got = rig.line.request("tap", NET_S, action="digit", value="4")
    thread.join()
    bank.close()
    assert got == {"png": picture, "did": "tap", "was": {"action": "digit", "value": "4"}}


def test_an_answer_that_is_too_big_is_the_callers_mistake_and_the_line_lives(
    rig: OverSocket,
) -> None:
    rig.bank.start(rig.inbox)
    assert rig.line.wait_connected(NET_S)
    rig.until(swept)
    with pytest.raises(ValueError, match="at most"):
        rig.bank.answer(1, {"png": "A" * MESSAGE_BYTES_MAX})
    assert answers(rig.rest()) == []
    assert rig.line.wait_connected(0)


def test_a_script_request_that_nobody_answers_ends_in_time(rig: OverSocket) -> None:
    rig.bank.start(rig.inbox)
    assert rig.line.wait_connected(NET_S)
    with pytest.raises(LineError, match="did not answer 'screen' within"):
        rig.line.request("screen", 0.05)


def test_a_script_request_ends_when_the_kiosk_dies(rig: OverSocket) -> None:
    kiosk = _raw(rig)
    assert rig.line.wait_connected(NET_S)
    failures: queue.Queue[str] = queue.Queue()

    def demo() -> None:
        try:
            rig.line.request("screen", NET_S)
        except LineError as error:
            failures.put(str(error))

    thread = threading.Thread(target=demo)
    thread.start()
    channel = Channel(kiosk)
    kiosk.settimeout(NET_S)
    while not any("do" in message for message in channel.receive()):
        pass
    kiosk.close()
    assert "went away" in failures.get(timeout=NET_S)
    thread.join()
    assert rig.line.wait_gone(NET_S)


def test_news_of_the_kiosk_reach_the_demo(rig: OverSocket) -> None:
    heard: queue.Queue[Mapping[str, object]] = queue.Queue()
    rig.line.on_news(heard.put)
    assert not rig.bank.tell({"screen": "idle"})
    rig.bank.start(rig.inbox)
    rig.until(swept)
    assert rig.bank.tell({"screen": "ready"})
    assert heard.get(timeout=NET_S) == {"screen": "ready"}


def test_a_kiosk_killed_in_a_pulse_leaves_no_coil_on_and_no_paper_lost(rig: OverSocket) -> None:
    with rig.line.hands() as cabinet:
        cabinet.open_by_key(3)
        cabinet.put(3, "H29.1-241001-0001")
        cabinet.push(3)
    kiosk = _raw(rig)
    Channel(kiosk).send({"pulse": 3})
    Channel(kiosk).send({"pulse": 4})
    kiosk.close()
    rig.bank.start(rig.inbox)  # the kiosk is started again
    events = rig.until(sees(3, Reading.OPEN)) + rig.rest()
    assert answers(events) == []
    assert rig.runs_ms() == [PULSE_MS]
    with rig.line.hands() as cabinet:
        assert cabinet.take(3) == ("H29.1-241001-0001",)


def test_when_the_demo_dies_doors_are_unknown_and_the_pulse_is_unanswered(
    tmp_path: Path,
) -> None:
    events: queue.Queue[DriverEvent] = queue.Queue()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "cabinet.sock"))
        listener.listen()
        bank = RemoteBank(tmp_path / "cabinet.sock", up_ms=lambda: 77)
        bank.start(events.put)
        sock, _ = listener.accept()
    demo = Channel(sock)
    demo.send({"doors": {"3": "closed", "4": "open"}, "up_ms": 5})
    read = DoorsRead(5, {3: Reading.CLOSED, 4: Reading.OPEN})
    assert events.get(timeout=NET_S) == read
    bank.pulse(3)
    sock.settimeout(NET_S)
    assert demo.receive() == [{"pulse": 3}]
    demo.close()
    assert events.get(timeout=NET_S) == PulseDone(3, Outcome.NO_ANSWER)
    lost = DoorsRead(77, {3: Reading.UNKNOWN, 4: Reading.UNKNOWN})
    assert events.get(timeout=NET_S) == lost
    bank.pulse(3)
    assert events.get(timeout=NET_S) == PulseDone(3, Outcome.NOT_SENT)
    bank.close()


def test_the_kiosk_comes_back_by_itself_when_the_demo_does(rig: OverSocket) -> None:
    rig.line.close()
    rig.bank.start(rig.inbox)
    again = SimulatedLine(rig.path, rig.cabinet)
    again.start()
    rig.until(sees(3, Reading.CLOSED))
    again.close()
    rig.until(sees(3, Reading.UNKNOWN))
    third = SimulatedLine(rig.path, rig.cabinet)
    third.start()
    rig.until(sees(3, Reading.CLOSED))
    third.close()


def test_the_newest_kiosk_wins(rig: OverSocket) -> None:
    old = _raw(rig)
    assert rig.line.wait_connected(NET_S)
    new = _raw(rig)
    while old.recv(65_536):
        pass  # until the old one is hung up on
    assert new.recv(4)
    new.close()
    old.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x03abc",
        b"\x00\x00\x00\x02[]",
        b'\x00\x00\x00\x0b{"open": 3}',
        b'\x00\x00\x00\x0e{"pulse": "3"}',
        b"\x00\x01\x00\x00" + b"[" * 65_536,
    ],
)
def test_nonsense_costs_the_line_and_nothing_else(rig: OverSocket, sent: bytes) -> None:
    kiosk = _raw(rig)
    kiosk.sendall(sent)
    try:
        while kiosk.recv(65_536):
            pass
    except ConnectionResetError:
        pass  # hung up on while bytes of ours were unread
    kiosk.close()
    rig.bank.start(rig.inbox)
    rig.until(sees(3, Reading.CLOSED))
    assert rig.runs_ms() == []


def test_a_path_too_long_for_a_socket_is_refused_at_start(tmp_path: Path) -> None:
    rig = OverSocket(tmp_path)
    line = SimulatedLine(tmp_path / ("x" * 120), rig.cabinet)
    with pytest.raises(OSError, match="too long"):
        line.start()
    line.close()
    rig.close()
