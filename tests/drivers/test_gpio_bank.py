"""The threads of the GPIO bank: what happens when one of them fails, hangs, or the process is told to end."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.devices import Device, DeviceState, Trouble
from drivers.doors import DriverEvent, Outcome, PulseDone, Reading
from drivers.locks import gpio_coils
from drivers.locks.gpio import MOST_WAITING
from tests.contract.doors_contract import answers, sees, swept
from tests.drivers.gpio_rig import LOCK_PINS, NET_S, PULSE_MS, GpioRig, Time, Trap, monotonic_ms

ROOT = Path(__file__).resolve().parents[2]
THREAD_ENDS = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
BOARD = (Device.BOARD, "gpio", tuple(LOCK_PINS))


def lost(trouble: Trouble) -> DeviceState:
    device, name, compartments = BOARD
    return DeviceState(device, trouble, name, compartments)


@contextmanager
def running(rig: GpioRig) -> Iterator[GpioRig]:
    rig.bank.start(rig.inbox)
    rig.until(swept)
    try:
        yield rig
    finally:
        rig.bank.close()


def refused(rig: GpioRig) -> bool:
    """Whether another pulse is NOT_SENT."""
    rig.bank.pulse(7)
    done = answers(rig.until(lambda events: len(answers(events)) == 1))
    return done == [PulseDone(7, Outcome.NOT_SENT)]


@THREAD_ENDS
def test_an_exception_in_the_pulses_thread_puts_all_off_and_no_lock_is_pulsed_again() -> None:
    def fails(_: float) -> None:
        raise MemoryError

    with running(GpioRig(pause=fails)) as rig:
        rig.bank.pulse(3)
        rig.bank.pulse(4)
        done = answers(rig.until(lambda events: len(answers(events)) == 2))
        # The first was on for a moment; the second never was.
        assert done == [PulseDone(3, Outcome.NO_ANSWER), PulseDone(4, Outcome.NOT_SENT)]
        assert not rig.coil_is_on()
        assert rig.told.get(timeout=NET_S) == lost(Trouble.LOST)
        assert refused(rig)
        assert len(rig.runs_ms()) == 1


@THREAD_ENDS
def test_an_exception_in_the_contacts_thread_puts_all_off_and_no_lock_is_pulsed_again() -> None:
    rig = GpioRig()

    def fails(event: DriverEvent) -> None:
        rig.inbox(event)
        raise MemoryError

    rig.bank.start(fails)
    rig.until(swept)
    assert rig.told.get(timeout=NET_S) == lost(Trouble.LOST)
    with pytest.raises(MemoryError):  # it is our own inbox that fails
        rig.bank.pulse(3)
    assert answers(rig.until(lambda events: len(answers(events)) == 1)) == [
        PulseDone(3, Outcome.NOT_SENT)
    ]
    assert rig.runs_ms() == []
    rig.bank.close()


@THREAD_ENDS
def test_without_its_watchdog_the_bank_pulses_nothing() -> None:
    def fails() -> int:
        if threading.current_thread().name == "gpio-watchdog":
            raise MemoryError
        return monotonic_ms()

    rig = GpioRig(up_ms=fails)
    rig.bank.start(rig.inbox)
    assert rig.told.get(timeout=NET_S) == lost(Trouble.LOST)
    assert refused(rig)
    assert rig.runs_ms() == []
    rig.bank.close()


def test_a_pulse_that_hangs_is_put_off_by_the_watchdogs_thread_and_answered() -> None:
    trap, time = Trap(), Time()

    def wait(seconds: float) -> None:
        trap.wait(seconds)
        time.wait(seconds)

    with running(GpioRig(up_ms=time.now_ms, pause=wait)) as rig:
        rig.bank.pulse(3)
        rig.bank.pulse(4)
        assert trap.entered.wait(NET_S)
        assert rig.coil_is_on()
        time.ms += PULSE_MS + gpio_coils.GRACE_MS + 1
        done = answers(rig.until(lambda events: len(answers(events)) == 2))
        assert done == [PulseDone(3, Outcome.NO_ANSWER), PulseDone(4, Outcome.NOT_SENT)]
        assert not rig.coil_is_on()
        assert rig.told.get(timeout=NET_S) == lost(Trouble.LOST)
        assert refused(rig)
        trap.released.set()
        assert rig.told.get(timeout=NET_S) == lost(Trouble.NONE)
        assert not refused(rig)  # it heals by itself
        assert len(rig.runs_ms()) == 2


def test_closing_while_a_pulse_hangs_puts_it_off() -> None:
    trap = Trap()
    rig = GpioRig(pause=trap.wait)
    rig.bank.start(rig.inbox)
    rig.bank.pulse(3)
    assert trap.entered.wait(NET_S)
    assert rig.coil_is_on()
    rig.bank.close()
    assert not rig.coil_is_on()
    trap.released.set()


def test_pins_that_cannot_be_read_are_told_once_and_once_more_when_they_are_back() -> None:
    with running(GpioRig()) as rig:
        rig.header.dead = True
        rig.until(sees(3, Reading.UNKNOWN))
        assert rig.told.get(timeout=NET_S) == lost(Trouble.LOST)
        rig.header.dead = False
        rig.until(sees(3, Reading.CLOSED))
        assert rig.told.get(timeout=NET_S) == lost(Trouble.NONE)
        assert rig.told.empty()


def test_a_relay_pin_that_does_not_go_off_is_told() -> None:
    with running(GpioRig()) as rig:
        rig.header.welded = {LOCK_PINS[3]}
        rig.bank.pulse(3)
        assert rig.told.get(timeout=NET_S) == lost(Trouble.OUTPUT_STUCK)
        rig.header.welded = set()
        assert rig.told.get(timeout=NET_S) == lost(Trouble.NONE)


def test_pulses_that_wait_are_bounded() -> None:
    trap = Trap()
    with running(GpioRig(pause=trap.wait)) as rig:
        rig.bank.pulse(3)
        assert trap.entered.wait(NET_S)
        for _ in range(MOST_WAITING):
            rig.bank.pulse(4)
        first = answers(rig.until(lambda events: bool(answers(events))))[0]
        assert first == PulseDone(4, Outcome.NOT_SENT)
        trap.released.set()


def test_a_hot_coil_is_waited_for() -> None:
    with running(GpioRig()) as rig:
        rig.bank.pulse(3)
        rig.bank.pulse(3)
        done = answers(rig.until(lambda events: len(answers(events)) == 2))
        assert {answer.outcome for answer in done} == {Outcome.ACKNOWLEDGED}
        on_ms = [at for at, _, level in rig.header.log if level]
        assert (
            on_ms[1] - on_ms[0] >= PULSE_MS
        )  # never both at once, nor one after the other at once


CHILD = """
import signal, threading
from tests.drivers.gpio_rig import GpioRig

class Log(list):
    def append(self, row):
        print(*row[1:], flush=True)

def stop(number, frame):
    raise SystemExit(0)

signal.signal(signal.SIGTERM, stop)
rig = GpioRig(pause=lambda _: threading.Event().wait())  # this pulse would never end by itself
rig.header.log = Log()
try:
    rig.bank.start(rig.inbox)
    rig.bank.pulse(3)
    threading.Event().wait()
finally:
    rig.bank.close()
"""


def test_after_sigterm_in_the_middle_of_a_pulse_the_coil_is_off() -> None:
    command = [sys.executable, "-c", CHILD]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == f"{LOCK_PINS[3]} True\n"
            child.send_signal(signal.SIGTERM)
            said, _ = child.communicate(timeout=NET_S)
        finally:
            child.kill()  # only when the test failed: it has ended
    assert said.splitlines()[-1] == f"{LOCK_PINS[3]} False"
    assert child.returncode == 0
