"""A thread that dies of what nobody foresaw takes the kiosk with it, in order."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from kiosk.unforeseen import watched_threads


@pytest.fixture
def asked() -> Iterator[list[int]]:
    """The signals that the loop would have been asked to end by."""
    signals: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        signals.append(number)

    before = signal.signal(signal.SIGTERM, note)
    yield signals
    signal.signal(signal.SIGTERM, before)


def dies() -> None:
    raise ZeroDivisionError("nobody thought of that")


def run(target: object) -> None:
    thread = threading.Thread(target=target, name="bus-a")  # type: ignore[arg-type]  # a function
    thread.start()
    thread.join()


def test_an_exception_in_a_thread_ends_the_loop_and_is_told_with_its_place(
    asked: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    with watched_threads() as broken, caplog.at_level(logging.CRITICAL):
        run(dies)
        assert broken.is_set()
    assert asked == [signal.SIGTERM]
    assert "thread bus-a ended" in caplog.text
    assert "in dies" in caplog.text


def test_a_thread_that_ends_as_it_should_is_nobodys_business(asked: list[int]) -> None:
    with watched_threads() as broken:
        run(lambda: None)
    assert not broken.is_set()
    assert asked == []


def test_afterwards_threads_are_python_s_again() -> None:
    before = threading.excepthook
    with watched_threads():
        assert threading.excepthook is not before
    assert threading.excepthook is before
