"""KERONG CU12 boards: 02, address, lock, command, answer code, length, 03, sum, and the data behind it.

The sum covers the seven bytes before it and the data after it, so a frame is 8 + length bytes long.
Locks count from 0 on the wire and from 1 here; lock 0C is all of them and never sent.
The hooks are read, not the leaves. Source: HARDWARE notes §1.4.
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
STATUS, UNLOCK = 0x80, 0x81
OTHERS = {
    STATUS: "status in a form that is not known",
    UNLOCK: "opens every lock",
    0x82: "reads or sets the unlock time",
    0x83: "reads or sets the baud rate",
    0x84: "reads or sets the delay before opening",
    0x85: "reads or sets the wait of push-to-open",
    0x8E: "puts the board back to how it was delivered",
    0x8F: "asks for the version",
}
ASKED, OK = 0x00, 0x10
REFUSALS = {
    0x11: "it failed",
    0x12: "time-out on the board",
    0x13: "unknown command",
    0x14: "the data check failed",
}
LOCK_AT, COMMAND_AT, CODE_AT, LENGTH_AT, TAIL_AT, SUM_AT = range(2, 8)
HEADER = 8
MOST_DATA = 16  # bytes; a status has 2, the length of a version is not known
STATUS_BYTES = 2
ALL_LOCKS = 0x0C

PULSE_MS = 500  # nominal: the board keeps its own unlock time, which this program leaves alone
OPEN_ANSWER_MS = 1000
QUERY_ANSWER_MS = 500


class KerongCu12:
    """Codec of the family `kerong-cu12`. A contact bit is True when the hook is locked."""

    family = "kerong-cu12"
    baud = 19200
    boards = range(17)
    channels = 12
    longest = HEADER + MOST_DATA
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
        data = _sealed(board, channel - 1, UNLOCK)
        return Request(data, Operation.OPEN, board, channel, OPEN_ANSWER_MS)

    def query(self, board: int, channels: int) -> Request:
        """All hooks at once."""
        check_query(self, board, channels)
        data = _sealed(board, 0, STATUS)
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
        """Same operation, board and channel, with an answer code in it."""
        asked = (request.operation, request.board, request.channel)
        return not frame.is_request and asked == (frame.operation, frame.board, frame.channel)

    def explain(self, frame: Frame) -> str:
        """In words; hooks, not doors."""
        where = f"board {frame.board}"
        if frame.channel:
            where = f"{where} channel {frame.channel} (lock {frame.channel - 1})"
        side = "request" if frame.is_request else "answer"
        verdict = f": refused, {frame.refused}" if frame.refused else ": accepted"
        if frame.operation is Operation.OTHER:
            said = "" if frame.is_request else verdict
            what = OTHERS[frame.data[COMMAND_AT]]
            return f"{where}, {side}: {what}{said}; this program never sends it"
        if frame.operation is Operation.OPEN:
            return f"{side} to open {where}" if frame.is_request else f"opening {where}{verdict}"
        if frame.is_request or frame.refused:
            return f"{side} about the hooks of {where}{verdict if frame.refused else ''}"
        return (
            f"answer: hooks of {where}; locked: {channels_in_words(frame.contacts, given=True)}; "
            f"open: {channels_in_words(frame.contacts, given=False)}"
        )

    def _look(self, window: bytes, final: bool) -> Frame | Damaged | Sight:  # noqa: FBT001  # a Look
        if window[0] != HEAD or not _plausible(window):
            return Sight.NOTHING
        if len(window) < HEADER or len(window) < HEADER + window[LENGTH_AT]:
            return Sight.NOTHING if final else Sight.INCOMPLETE
        length = HEADER + window[LENGTH_AT]
        data = window[:length]
        if sum_of(data[:SUM_AT] + data[HEADER:]) != data[SUM_AT]:
            return Damaged(length)
        return self._frame(data)

    def _frame(self, data: bytes) -> Frame | Sight:
        board, lock, command, code = data[1], data[LOCK_AT], data[COMMAND_AT], data[CODE_AT]
        if board not in self.boards or lock > ALL_LOCKS:
            return Sight.NOTHING
        asks, refused, body = code == ASKED, REFUSALS.get(code, ""), data[HEADER:]
        if command == UNLOCK and lock < ALL_LOCKS and not body:
            return Frame(data, Operation.OPEN, board, lock + 1, is_request=asks, refused=refused)
        contacts = {}
        if command == STATUS and len(body) == STATUS_BYTES and code == OK:
            contacts = dict(bits_of(body, self.channels))
        known = command == STATUS and (contacts or (not body and code != OK))
        return Frame(
            data,
            Operation.QUERY if known else Operation.OTHER,
            board,
            WHOLE_BOARD,
            is_request=asks,
            refused=refused,
            contacts=contacts,
        )


def _sealed(board: int, lock: int, command: int) -> bytes:
    data = bytes([HEAD, board, lock, command, ASKED, 0, TAIL])
    return data + bytes([sum_of(data)])


def _plausible(window: bytes) -> bool:
    """Whether the header, as far as it is here, can be one; so that a stray 02 holds up no answer."""
    allowed = {
        COMMAND_AT: OTHERS.keys(),
        CODE_AT: {ASKED, OK, *REFUSALS},
        LENGTH_AT: range(MOST_DATA + 1),
        TAIL_AT: {TAIL},
    }
    return all(at >= len(window) or window[at] in values for at, values in allowed.items())
