"""Which procedure of docs/operations.md a test walks; tests/loss/test_page.py holds that each has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., None])
ATTRIBUTE = "walks"


def walks(heading: str) -> Callable[[Test], Test]:
    """The test goes through the steps under this heading, in their order."""

    def mark(test: Test) -> Test:
        setattr(test, ATTRIBUTE, heading)
        return test

    return mark
