"""How the boards of one family listen and speak: what each file of a family here provides.

The law of this file: a board answers only whole requests whose check fits and that bear its address;
what it does not know it leaves unanswered, as the boards do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from drivers.bench.boards import Asked
from drivers.bench.works import Works

NOTHING = b""
REPLY_MS = 10  # a board that does nothing answers this fast
SETTLE_MS = 20  # after its pulse, before it looks at the contact and answers


@dataclass(frozen=True, slots=True)
class Heard:
    """What a board makes of a request: what it does at once, and what it says when."""

    asked: Asked
    after_ms: int  # from the end of the request to the beginning of the answer
    answer: Callable[[], bytes]  # looked at when it is said; NOTHING: the board keeps silent
    act: Callable[[], None] = lambda: None


class Family(Protocol):
    """How the boards of one family listen and speak."""

    @property
    def baud(self) -> int:
        """As delivered; 8N1."""
        ...

    @property
    def addresses(self) -> range:
        """Those that can be set on the board."""
        ...

    @property
    def channels(self) -> int:
        """Of the usual board."""
        ...

    @property
    def channels_max(self) -> int:
        """Of the largest board."""
        ...

    @property
    def pulse_ms(self) -> int:
        """The board's own pulse as delivered; where the request says it, a usual one."""
        ...

    @property
    def tells(self) -> bool:
        """Whether every board of this family reports changes unasked."""
        ...

    def cut(self, heard: bytes) -> tuple[list[bytes], bytes]:
        """The whole requests in what was heard, and the tail that may become one."""
        ...

    def hears(self, board: Works, request: bytes) -> Heard | None:
        """None: it is for somebody else, or nonsense, and the board keeps silent."""
        ...

    def readdressed(self, frame: bytes, address: int) -> bytes:
        """An answer as another board would have given it, with a check that fits."""
        ...

    def refusal(self, request: bytes) -> bytes:
        """How the board says no; NOTHING: this family cannot."""
        ...

    def report(self, address: int, channel: int, *, closed: bool) -> bytes:
        """How it tells unasked that a contact changed; NOTHING: this family does not."""
        ...


def cut(
    heard: bytes, lengths: Callable[[bytes], Iterable[int]], fits: Callable[[bytes], bool]
) -> tuple[list[bytes], bytes]:
    """Cut at heads: `lengths` says how long a request that begins here may be, () that none does."""
    requests: list[bytes] = []
    while heard:
        possible = tuple(lengths(heard))
        whole = next((n for n in possible if len(heard) >= n and fits(heard[:n])), 0)
        if whole:
            requests.append(heard[:whole])
        elif any(n > len(heard) for n in possible):
            break
        heard = heard[whole or 1 :]
    return requests, heard
