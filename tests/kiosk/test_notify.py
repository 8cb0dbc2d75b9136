"""What systemd hears, at a real datagram socket; and what it must not hear."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.doors import Capabilities, DoorsRead, Inbox, Turning
from drivers.locks import gpio_coils
from drivers.locks.bank import BoardsBank
from drivers.locks.duty import Duty
from drivers.locks.families import FAMILIES
from drivers.locks.plan import BusPlan, Wire
from drivers.simulated.bank import CAPABILITIES
from drivers.simulated.channel import monotonic_ms
from drivers.simulated.remote import RemoteBank
from kiosk.notify import BEAT_MS, SLOW_US, Heart, Systemd
from tests.contract.doors_contract import answers
from tests.drivers.boards_rig import BoardsRig
from tests.drivers.gpio_rig import NET_S, PULSE_MS, GpioRig, Time, Trap

WATCHDOG_US = 6_000_000


class Manager:
    """systemd's end of the socket."""

    def __init__(self, address: str) -> None:
        self.environ = {
            "NOTIFY_SOCKET": address,
            "WATCHDOG_USEC": str(WATCHDOG_US),
            "WATCHDOG_PID": str(os.getpid()),
        }
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address.replace("@", "\0", 1))
        self._socket.settimeout(0)

    def heard(self) -> list[str]:
        """First lines of what came since the last look: a datagram is there once it is sent."""
        lines: list[str] = []
        while True:
            try:
                lines.append(self._socket.recv(4096).decode().split("\n")[0])
            except BlockingIOError:
                return lines

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    manager = Manager(str(tmp_path / "notify"))
    yield manager
    manager.close()


@dataclass
class Bank:
    """Locks that only turn, when they are told to."""

    turned_ms: int = 0
    capabilities: Capabilities = CAPABILITIES

    def start(self, inbox: Inbox) -> None: ...
    def pulse(self, compartment: int) -> None: ...
    def close(self) -> None: ...


def test_the_first_screen_says_ready_and_then_the_watchdog_is_fed_once_a_second(
    manager: Manager,
) -> None:
    bank = Bank()
    heart = Heart(Systemd(manager.environ), bank)
    heart.beat(10_000, "Welcome")
    assert manager.heard() == ["READY=1"]
    for now in range(10_050, 13_000, 50):
        bank.turned_ms = now
        heart.beat(now, "Welcome")
    assert manager.heard() == ["WATCHDOG=1"] * 2
    heart.stopping()
    assert manager.heard() == ["STOPPING=1"]


def test_locks_that_do_not_turn_starve_the_watchdog_until_they_turn_again(
    manager: Manager,
) -> None:
    bank = Bank()
    heart = Heart(Systemd(manager.environ), bank)
    heart.beat(10_000, "Welcome")
    manager.heard()
    for now in range(11_000, 20_000, 100):
        heart.beat(now, "Welcome")
    assert manager.heard() == []
    bank.turned_ms = 20_000
    heart.beat(20_000, "Welcome")
    assert manager.heard() == ["WATCHDOG=1"]


def test_reading_a_long_journal_again_is_given_its_time_and_then_watched_as_before(
    manager: Manager,
) -> None:
    bank = Bank()
    heart = Heart(Systemd(manager.environ), bank)
    heart.slow_work()
    assert manager.heard() == []  # nobody watches a start
    heart.beat(1_000, "Starting")
    heart.slow_work()
    heart.beat(1_100, "Welcome")
    assert manager.heard() == [
        "READY=1",
        f"WATCHDOG_USEC={SLOW_US}",
        f"WATCHDOG_USEC={WATCHDOG_US}",
    ]


def test_without_systemd_nothing_is_said_and_nothing_fails() -> None:
    heart = Heart(Systemd({}), Bank())
    heart.beat(1_000, "Welcome")
    heart.slow_work()
    heart.beat(5_000, "Welcome")
    heart.stopping()


def test_an_abstract_socket_is_reached() -> None:
    manager = Manager(f"@kiosk-test-{os.getpid()}")
    assert Systemd(manager.environ).ready("well")
    assert manager.heard() == ["READY=1"]
    manager.close()


def test_a_manager_that_is_gone_is_told_again_at_the_next_beat(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    heart = Heart(Systemd({"NOTIFY_SOCKET": address}), Bank())
    heart.beat(1_000, "Welcome")
    manager = Manager(address)
    heart.beat(1_001, "Welcome")
    assert manager.heard() == ["READY=1"]
    manager.close()


def test_a_watchdog_that_is_meant_for_another_process_is_not_ours(manager: Manager) -> None:
    assert Systemd({**manager.environ, "WATCHDOG_PID": "1"}).watchdog_us == 0
    assert Systemd(manager.environ).watchdog_us == WATCHDOG_US


# Real banks


class Stuck:
    """A line whose read never comes back until it is let go."""

    def __init__(self) -> None:
        self.reading = threading.Event()
        self.released = threading.Event()

    def open(self) -> bool:
        return True

    def write(self, data: bytes) -> None: ...

    def read(self, timeout_s: float) -> bytes:
        del timeout_s
        self.reading.set()
        assert self.released.wait(NET_S)
        return b""

    def close(self) -> None: ...


def test_a_bus_whose_thread_hangs_is_not_covered_for(manager: Manager) -> None:
    line = Stuck()
    plan = BusPlan("a", FAMILIES["xor-8a80"], Path("/dev/null"))
    wire = Wire(3, "a", 1, 1, "closed", 300)
    bank = BoardsBank(
        [plan], [wire], Duty(1), lambda _: None, monotonic_ms, open_line=lambda _: line
    )
    bank.start(lambda _: None)
    assert line.reading.wait(NET_S)
    now = bank.turned_ms + 1
    heart = Heart(Systemd(manager.environ), bank)
    heart.beat(now, "Welcome")
    assert manager.heard() == ["READY=1"]
    for later in range(0, 10 * BEAT_MS, BEAT_MS):
        heart.beat(now + later, "Welcome")
    assert manager.heard() == []
    line.released.set()
    bank.close()


@pytest.mark.parametrize("plugged", [True, False])
def test_dead_boards_and_a_lost_port_are_no_reason_to_start_anew(
    tmp_path: Path, manager: Manager, *, plugged: bool
) -> None:
    rig = BoardsRig(tmp_path, "xor-8a80", plugged=plugged)
    rig.bank.start(rig.inbox)
    if plugged:
        rig.lose_board()
    assert rig.next_told().trouble.name == "LOST"
    heart = Heart(Systemd(manager.environ), rig.bank)
    began = monotonic_ms()
    heart.beat(began, "OutOfService")
    rig.until(lambda _: rig.bank.turned_ms > began)  # it goes on telling that it knows nothing
    heart.beat(began + BEAT_MS, "OutOfService")
    assert manager.heard() == ["READY=1", "WATCHDOG=1"]
    rig.close()


def test_a_simulated_cabinet_that_is_not_there_is_looked_for_again_and_again(
    tmp_path: Path, manager: Manager
) -> None:
    turned = threading.Semaphore(0)

    def up_ms() -> int:
        turned.release()
        return monotonic_ms()

    bank = RemoteBank(tmp_path / "nobody.sock", up_ms=up_ms)
    heart = Heart(Systemd(manager.environ), bank)
    assert isinstance(bank, Turning)
    began = monotonic_ms() - 1
    heart.beat(began, "OutOfService")
    bank.start(lambda _: None)
    for _ in range(2):
        assert turned.acquire(timeout=NET_S)  # the second look follows the first one's stamp
    heart.beat(began + BEAT_MS, "OutOfService")
    assert manager.heard() == ["READY=1", "WATCHDOG=1"]
    bank.close()


def test_a_gpio_pulse_that_hangs_starves_the_watchdog() -> None:
    trap, time = Trap(), Time()

    def wait(seconds: float) -> None:
        trap.wait(seconds)
        time.wait(seconds)

    rig = GpioRig(up_ms=time.now_ms, pause=wait)
    rig.bank.start(rig.inbox)
    rig.until(lambda events: any(isinstance(event, DoorsRead) for event in events))
    rig.bank.pulse(3)
    assert trap.entered.wait(NET_S)
    time.ms += PULSE_MS + gpio_coils.GRACE_MS + 1
    overdue = time.ms
    rig.until(lambda events: len(answers(events)) == 1)  # its watchdog saw that it hangs
    assert rig.bank.turned_ms < overdue
    trap.released.set()
    rig.bank.close()


def test_gpio_threads_that_turn_are_seen_to() -> None:
    rig = GpioRig()
    began = monotonic_ms()
    rig.bank.start(rig.inbox)
    rig.until(lambda _: rig.bank.turned_ms >= began)
    rig.bank.close()
