"""A bounded store of things that are slow to make and always come out the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def _one(_: object) -> int:
    return 1


class Lru(Generic[K, V]):
    """Keeps what was used last, up to `room` in the unit of `weigh` (default: a count)."""

    def __init__(self, room: int, weigh: Callable[[V], int] = _one) -> None:
        self._room = room
        self._weigh = weigh
        self._used = 0
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value for `key`, made now if it is not at hand."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        value = make()
        self._kept[key] = value
        self._used += self._weigh(value)
        while self._used > self._room and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._used -= self._weigh(dropped)
        return value

    @property
    def used(self) -> int:
        """What is kept now, in the unit of `weigh`."""
        return self._used
