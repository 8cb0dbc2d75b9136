"""Scripted misfortunes of one bus: each strikes the next so many exchanges, or all until cleared.

The law of this file: a fault spoils what goes over the wire and says here whether the coil still fires;
nothing is left to chance, so that a test knows what it asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from drivers.bench.boards import Asked

GARBAGE = bytes.fromhex("00 FF 55")
SPLIT_GAP_MS = 8  # between the two halves of a split answer: two packets of a USB adapter
LATE_MS = 2_000  # a late answer comes so much later


class Fault(StrEnum):
    """What goes wrong. Unless it says otherwise, the request is obeyed and the coil fires."""

    ECHO = "echo"  # the adapter hears itself: every byte written comes back first
    GARBAGE = "garbage"  # three bytes of noise before the answer
    SPLIT = "split"  # the answer comes in two pieces, SPLIT_GAP_MS apart
    MERGED = "merged"  # this board's last answer once more, and this one, without a gap
    FOREIGN = "foreign"  # the answer bears the address of another board
    SILENCE = "silence"  # no answer
    DEAF = "deaf"  # the request is lost: nothing fires, nothing is said
    HALF = "half"  # half of the answer, then silence
    CORRUPT = "corrupt"  # the check of the answer does not fit
    REFUSED = "refused"  # the board says no and does nothing; where it cannot, as DEAF
    UNASKED = "unasked"  # a change is reported in front of the answer, where the family can
    LATE = "late"  # the answer comes LATE_MS too late


@dataclass(slots=True)
class _Planned:
    fault: Fault
    left: int | None
    board: int | None
    only: Asked | None


class Faults:
    """The script of one bus. Several faults may strike one exchange."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def plan(
        self,
        fault: Fault,
        *,
        times: int | None = 1,
        board: int | None = None,
        only: Asked | None = None,
    ) -> None:
        """For the next `times` exchanges (None: until cleared) of this board, about this."""
        assert times is None or times > 0, "a fault strikes at least once"
        self._planned.append(_Planned(fault, times, board, only))

    def clear(self) -> None:
        """All is well from now on."""
        self._planned.clear()

    def planned(self) -> tuple[str, ...]:
        """What is still to come, for a person."""
        return tuple(f"{p.fault} {'on' if p.left is None else p.left}" for p in self._planned)

    def echoes(self) -> bool:
        """Whether what was just written comes back; counts one exchange."""
        return bool(self._struck([p for p in self._planned if p.fault is Fault.ECHO]))

    def strike(self, board: int, asked: Asked) -> frozenset[Fault]:
        """What spoils this exchange; counts it."""
        return self._struck(
            [
                p
                for p in self._planned
                if p.fault is not Fault.ECHO
                and p.board in (None, board)
                and p.only in (None, asked)
            ]
        )

    def _struck(self, hits: list[_Planned]) -> frozenset[Fault]:
        for hit in hits:
            if hit.left is not None:
                hit.left -= 1
        self._planned = [p for p in self._planned if p.left != 0]
        return frozenset(hit.fault for hit in hits)
