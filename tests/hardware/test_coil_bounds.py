"""How long a coil can stay on when the driver's process meets its end in the middle of a pulse.

The driver is real and in a process of its own; the boards of the bench live here and outlive it, as those
of a cabinet do. The bounds stand in docs/safety.md; those of GPIO are held in
tests/drivers/test_gpio_bank.py.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from drivers.bench.boards import BenchBoard, BenchBus
from drivers.bench.cabinet import BenchCabinet
from drivers.locks.families import FAMILIES
from drivers.locks.row import PATIENCE_MS
from drivers.simulated.cabinet import Cabinet
from drivers.simulated.channel import monotonic_ms
from kiosk.demo.stage import wait_for
from tests.hardware.driver import BOARD, DOORS, FIRST, End, pulse_ms

ROOT = Path(__file__).resolve().parents[2]
NET_S = 30.0  # a safety net, never a measure
CUT_SHORT = ("waveshare-modbus",)  # families that can put every relay off by order


class Doomed:
    """One family's boards and the process that drives them."""

    def __init__(self, folder: Path, family: str, end: End) -> None:
        self.family = family
        self.pulse_ms = pulse_ms(family)
        board = BenchBoard(BOARD, DOORS, pulse_ms=self.pulse_ms)
        bus = BenchBus("a", family, [board])
        self.bench = BenchCabinet(folder, Cabinet(DOORS.values()), [bus])
        self.bench.start()
        command = [sys.executable, "-m", "tests.hardware.driver"]
        self.process = subprocess.Popen(
            [*command, str(self.bench.port("a")), family, end],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a trace, where one is provoked
            text=True,
        )

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.bench.close()

    def said(self) -> list[str]:
        """Every answer to a pulse, after the process has ended by itself."""
        return self.process.communicate(timeout=NET_S)[0].splitlines()

    def answer(self) -> str:
        """The next answer to a pulse, of a process that goes on."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def wait_stopped(self) -> None:
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOWAIT)

    def is_on(self) -> bool:
        with self.bench.hands() as cabinet:
            return bool(cabinet.coils_on())

    def runs(self) -> list[tuple[int, int]]:
        """Compartment and duration of every run of a coil that is over."""
        with self.bench.hands() as cabinet:
            return [(run.compartment, run.off_ms - run.on_ms) for run in cabinet.coil_runs()]

    def wait_begun(self) -> None:
        """Wait until some coil is on, or was."""
        wait_for(lambda: self.is_on() or self.runs(), f"{self.family}: a pulse", NET_S)

    def wait_over(self) -> None:
        """Wait until some coil was on and none is any more."""
        wait_for(lambda: self.runs() and not self.is_on(), f"{self.family}: a pulse", NET_S)

    def openings(self) -> int:
        """How many openings, of whatever door, have come over the wire."""
        codec = FAMILIES[self.family]
        known = {codec.open(BOARD, channel, self.pulse_ms).data for channel in DOORS}
        return sum(request in known for request in self.bench.heard("a"))


Making = Callable[[End], Sequence[Doomed]]


@pytest.fixture
def meeting(tmp_path: Path) -> Iterator[Making]:
    """Every family at once: each mostly waits for its board."""
    with ExitStack() as stack:

        def make(end: End) -> Sequence[Doomed]:
            rigs = []
            for family in FAMILIES:
                folder = tmp_path / family
                folder.mkdir()
                rigs.append(stack.enter_context(_closing(Doomed(folder, family, end))))
            return rigs

        yield make


@contextmanager
def _closing(rig: Doomed) -> Iterator[Doomed]:
    try:
        yield rig
    finally:
        rig.close()


def _fired_once(rig: Doomed) -> None:
    """One opening came, its coil was on as long as its board says, and nothing fired after it."""
    assert rig.runs() == [(FIRST, rig.pulse_ms)], rig.family
    assert (rig.openings(), rig.is_on()) == (1, False), rig.family


def test_after_sigkill_the_board_ends_the_pulse_and_no_other_fires(meeting: Making) -> None:
    for rig in meeting(End.SIGKILL):
        assert rig.said() == [], rig.family
        assert rig.process.returncode == -signal.SIGKILL
        rig.wait_over()
        _fired_once(rig)


def test_after_sigterm_every_coil_is_off_before_the_process_is_gone(meeting: Making) -> None:
    for rig in meeting(End.SIGTERM):
        rig.process.wait(NET_S)
        assert not rig.is_on(), rig.family
        assert rig.process.returncode == 0
        ((compartment, ms),) = rig.runs()
        assert compartment == FIRST
        assert (ms < rig.pulse_ms) if rig.family in CUT_SHORT else (ms == rig.pulse_ms), rig.family
        assert rig.openings() == 1, rig.family


def test_while_the_process_hangs_the_board_ends_the_pulse_and_nobody_is_late_served(
    meeting: Making,
) -> None:
    rigs = meeting(End.STOPPED)
    for rig in rigs:
        rig.wait_stopped()
        rig.wait_over()
        _fired_once(rig)
    late_ms = monotonic_ms() + PATIENCE_MS
    wait_for(lambda: monotonic_ms() > late_ms, "whoever asked has gone", NET_S)
    for rig in rigs:
        rig.process.send_signal(signal.SIGCONT)
    for rig in rigs:
        # The board's answer had been waiting in the port all the while.
        assert rig.said() == ["3 acknowledged", "4 not_sent", "7 not_sent"], rig.family
        _fired_once(rig)


def test_while_the_buss_thread_hangs_the_board_ends_the_pulse_and_no_other_fires(
    meeting: Making,
) -> None:
    for rig in meeting(End.HANGING):
        rig.wait_over()
        _fired_once(rig)


def test_a_cable_that_is_pulled_out_leaves_the_pulse_to_the_board_and_no_other_fires(
    meeting: Making,
) -> None:
    rigs = meeting(End.NONE)
    fired: list[int] = []
    for rig in rigs:
        rig.wait_begun()
        rig.bench.unplug("a")
        fired.append(rig.openings())
    for rig, openings in zip(rigs, fired, strict=True):
        assert len(rig.said()) == len(DOORS)
        rig.wait_over()
        assert [ms for _, ms in rig.runs()] == [rig.pulse_ms] * openings, rig.family
        assert rig.openings() == openings, rig.family


def test_an_exception_in_the_buss_thread_leaves_the_pulse_to_the_board_and_refuses_the_others(
    meeting: Making,
) -> None:
    for rig in meeting(End.RAISING):
        assert rig.said() == ["3 no_answer", "4 not_sent", "7 not_sent"], rig.family
        rig.wait_over()
        _fired_once(rig)


def test_an_exception_in_another_thread_leaves_each_pulse_to_its_board(
    meeting: Making,
) -> None:
    for rig in meeting(End.ELSEWHERE):
        rig.process.wait(NET_S)
        assert rig.process.returncode == 1
        rig.wait_over()
        assert rig.runs()[0] == (FIRST, rig.pulse_ms), rig.family
        assert all(ms <= rig.pulse_ms for _, ms in rig.runs()), rig.family
