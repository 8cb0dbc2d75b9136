"""KERONG CU16 boards: 02, address, command, data, 03, sum. The address is board and lock, a nibble each.

Locks count from 0 on the wire and from 1 here. Address F0 means every board, so a board set to 15 could
not be opened singly: it is not offered. An opening is answered by the status of the whole board or by
nothing; a board may stay busy after it until some command arrives, which the next query is.
The hooks are read, not the leaves: a door may be ajar with its hook back. Source: HARDWARE notes §1.3.
"""

from __future__ import annotations

from drivers.boards import WHOLE_BOARD, Frame, Operation, Request, Scan
from drivers.doors import Capabilities, Integrity
from drivers.locks.framing import (
    Damaged,
    Sight,
    bits_of,
    channels_in_words,
    check_pulse,
    check_query,
    scan,
    sum_of,
)

HEAD, TAIL = 0x02, 0x03
STATUS, UNLOCK, STATUS_EVERY, UNLOCK_ALL, STATUS_ANSWER, STATUS_EVERY_ANSWER = (
    *(0x30, 0x31, 0x32, 0x33),
    *(0x35, 0x36),
)
TIME, TIME_ANSWER, DELAY, BAUD = 0x37, 0x38, 0x39, 0x40
EVERY_BOARD = 0xF0
AROUND = 5  # head, address, command before the data, tail and sum behind it
DATA_BYTES = {  # by command: how many data bytes it may carry, shortest first
    STATUS: (0,),
    UNLOCK: (0,),
    STATUS_EVERY: (0,),
    UNLOCK_ALL: (0,),
    STATUS_ANSWER: (4,),
    STATUS_EVERY_ANSWER: (4,),
    TIME: (0, 2),
    TIME_ANSWER: (0, 2),
    DELAY: (1,),
    BAUD: (1,),
}
OTHERS = {
    STATUS: "asks every board for its hooks",
    UNLOCK: "opens a lock on every board",
    STATUS_EVERY: "asks every board in turn for its hooks",
    UNLOCK_ALL: "opens every lock",
    STATUS_EVERY_ANSWER: "answer of one board when all are asked",
    TIME: "reads or sets the unlock time",
    TIME_ANSWER: "answer about the unlock time",
    DELAY: "opens after a delay",
    BAUD: "sets the baud rate",
}

PULSE_MS = 500  # nominal: the board keeps its own unlock time, which this program leaves alone
OPEN_ANSWER_MS = 1000
QUERY_ANSWER_MS = 500


class KerongCu16:
    """Codec of the family `kerong-cu16`. A contact bit is True when the hook is locked."""

    family = "kerong-cu16"
    baud = 19200
    boards = range(15)
    channels = 16
    longest = AROUND + 4
    capabilities = Capabilities(
        board_times_pulse=True,
        has_feedback=True,
        parallel_pulses=1,
        pulse_ms=(PULSE_MS, PULSE_MS),
        integrity=Integrity.SUM,
    )

    def open(self, board: int, channel: int, pulse_ms: int) -> Request:
        """One pulse of the board's own length."""
        check_pulse(self, board, channel, pulse_ms)
        data = _sealed(board << 4 | channel - 1, UNLOCK)
        return Request(data, Operation.OPEN, board, channel, OPEN_ANSWER_MS)

    def query(self, board: int, channels: int) -> Request:
        """All hooks at once."""
        check_query(self, board, channels)
        data = _sealed(board << 4, STATUS)
        return Request(data, Operation.QUERY, board, WHOLE_BOARD, QUERY_ANSWER_MS)

    def at_start(self, board: int, channels: int) -> tuple[Request, ...]:
        """Nothing: the board is safe by itself."""
        check_query(self, board, channels)
        return ()

    def read_outputs(self, board: int, channels: int) -> Request | None:
        """Not in this family."""
        check_query(self, board, channels)
        return None

    def scan(self, data: bytes, *, final: bool, status_first: bool = False) -> Scan:
        """What `data` holds. `status_first` means nothing here: the order of groups is fixed."""
        del status_first
        return scan(data, self._look, longest=self.longest, final=final)

    def answers(self, request: Request, frame: Frame) -> bool:
        """The status of that board answers both; its low nibble is 0 or repeats the lock."""
        if frame.data[2] != STATUS_ANSWER or frame.board != request.board:
            return False
        return frame.data[1] in (request.board << 4, request.data[1])

    def explain(self, frame: Frame) -> str:
        """In words; hooks, not doors."""
        board = f"board {frame.board}"
        hooks = f"hooks locked: {channels_in_words(frame.contacts, given=True)}"
        hooks = f"{hooks}; open: {channels_in_words(frame.contacts, given=False)}"
        if frame.operation is Operation.OTHER:
            where = "" if frame.data[1] == EVERY_BOARD else f" of {board}"
            seen = f" ({hooks})" if frame.contacts else ""
            return f"{OTHERS[frame.data[2]]}{where}{seen}; this program never sends it"
        if frame.operation is Operation.OPEN:
            return f"request to open {board} channel {frame.channel} (lock {frame.channel - 1})"
        if frame.is_request:
            return f"request for the hooks of {board}"
        return f"status of {board}, which answers a query or an opening; {hooks}"

    def _look(self, window: bytes, final: bool) -> Frame | Damaged | Sight:  # noqa: FBT001  # a Look
        if window[0] != HEAD:
            return Sight.NOTHING
        short = Sight.NOTHING if final else Sight.INCOMPLETE
        if len(window) < AROUND:
            known = len(window) <= 2 or window[2] in DATA_BYTES  # noqa: PLR2004  # the command
            return short if known else Sight.NOTHING
        lengths = [AROUND + extra for extra in DATA_BYTES.get(window[2], ())]
        whole = [length for length in lengths if length <= len(window)]
        for length in whole:
            data = window[:length]
            if data[-2] == TAIL and sum_of(data[:-1]) == data[-1]:
                return _frame(data)
        if len(whole) < len(lengths) and not final:
            return Sight.INCOMPLETE
        return Damaged(whole[0]) if whole else Sight.NOTHING


def _sealed(address: int, command: int) -> bytes:
    data = bytes([HEAD, address, command, TAIL])
    return data + bytes([sum_of(data)])


def _frame(data: bytes) -> Frame:
    address, command = data[1], data[2]
    board, lock = divmod(address, 16)
    hooks = bits_of(data[3:5], 16) if len(data) == AROUND + 4 else {}
    if command == STATUS_ANSWER:
        return Frame(data, Operation.QUERY, board, WHOLE_BOARD, contacts=hooks)
    if command == UNLOCK and address != EVERY_BOARD:
        return Frame(data, Operation.OPEN, board, lock + 1, is_request=True)
    if command == STATUS and address != EVERY_BOARD:
        return Frame(data, Operation.QUERY, board, WHOLE_BOARD, is_request=True)
    asks = command not in (STATUS_EVERY_ANSWER, TIME_ANSWER)
    return Frame(data, Operation.OTHER, board, WHOLE_BOARD, is_request=asks, contacts=hooks)
