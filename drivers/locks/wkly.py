"""WKLY boards: the word WKLY, the length of the whole frame, board, command, data, XOR.

A board may report a door between a request and its answer, so frames are told apart by command and length,
never by order. What the door byte means is not settled between sources: it stays a bit here, and the
installation says which value is a shut door. Source: HARDWARE notes §1.5.
"""

from __future__ import annotations

from drivers.boards import WHOLE_BOARD, Frame, Operation, Request, Scan
from drivers.doors import Capabilities, Integrity
from drivers.locks.framing import (
    Damaged,
    Sight,
    channels_in_words,
    check_pulse,
    check_query,
    scan,
    xor_of,
)

HEAD = b"WKLY"
SEVERAL, FLASH, OPEN, QUERY_ONE, QUERY, CHANGE, ALL, IN_TURN, HOLD_ON, HOLD_OFF = range(0x80, 0x8A)
DONE, FAILED = 0x00, 0xFF
BOARD_AT, COMMAND_AT, BODY_AT = 5, 6, 7
EMPTY = 8  # bytes of a frame without data: head, length, board, command, check
MOST_DOORS = 127
OPERATIONS = {
    OPEN: Operation.OPEN,
    QUERY_ONE: Operation.QUERY,
    QUERY: Operation.QUERY,
    CHANGE: Operation.CHANGE,
}
OTHERS = {
    SEVERAL: "open several channels at once",
    FLASH: "flash the lamp of a channel",
    ALL: "open every channel in turn",
    IN_TURN: "open several channels in turn",
    HOLD_ON: "HOLD ON: keep a channel under current, which burns a pulse coil",
    HOLD_OFF: "end a hold",
}

PULSE_MS = 500  # nominal: the board keeps its own length and offers no command for it
OPEN_ANSWER_MS = 1500
QUERY_ANSWER_MS = 500


class Wkly:
    """Codec of the family `wkly`. A contact bit is True when the door byte is 1."""

    family = "wkly"
    baud = 9600
    boards = range(32)
    channels = 24
    longest = EMPTY + 2 + MOST_DOORS
    capabilities = Capabilities(
        board_times_pulse=True,
        has_feedback=True,
        parallel_pulses=1,
        pulse_ms=(PULSE_MS, PULSE_MS),
        integrity=Integrity.XOR,
        reports_unasked=True,
    )

    def open(self, board: int, channel: int, pulse_ms: int) -> Request:
        """One pulse of the board's own length."""
        check_pulse(self, board, channel, pulse_ms)
        data = _sealed(board, OPEN, channel)
        return Request(data, Operation.OPEN, board, channel, OPEN_ANSWER_MS)

    def query(self, board: int, channels: int) -> Request:
        """All doors at once; the board says how many it has."""
        check_query(self, board, channels)
        data = _sealed(board, QUERY)
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
        """What `data` holds. `status_first` means nothing here: doors come one byte each."""
        del status_first
        return scan(data, self._look, longest=self.longest, final=final)

    def answers(self, request: Request, frame: Frame) -> bool:
        """By command, board and channel; a refusal may leave the channel out."""
        asked = (request.board, request.data[COMMAND_AT])
        if frame.is_request or asked != (frame.board, frame.data[COMMAND_AT]):
            return False
        if frame.operation is not request.operation:
            return False  # the command, in a form that is not known
        unnamed = bool(frame.refused) and frame.channel == WHOLE_BOARD
        return unnamed or frame.channel == request.channel

    def explain(self, frame: Frame) -> str:
        """In words; what a door byte means is the installation's, so bits are named, not doors."""
        where = f"channel {frame.channel} of board {frame.board}"
        where = where if frame.channel else f"board {frame.board}"
        doors = f"door byte 1: {channels_in_words(frame.contacts, given=True)}"
        doors = f"{doors}; 0: {channels_in_words(frame.contacts, given=False)}"
        if frame.operation is Operation.OTHER:
            return _other_in_words(frame)
        if frame.operation is Operation.CHANGE:
            return f"{where} reports a change unasked; {doors}"
        task = "opening" if frame.operation is Operation.OPEN else "asking for the doors of"
        if frame.refused:
            return f"answer to {task} {where}: refused, {frame.refused}"
        if frame.is_request:
            task = "open" if frame.operation is Operation.OPEN else "read the doors of"
            return f"request to {task} {where}"
        return f"answer to {task} {where}: done; {doors}"

    def _look(self, window: bytes, final: bool) -> Frame | Damaged | Sight:  # noqa: FBT001  # a Look
        short = Sight.NOTHING if final else Sight.INCOMPLETE
        if not HEAD.startswith(window[: len(HEAD)]):
            return Sight.NOTHING
        if len(window) <= len(HEAD):
            return short
        length = window[len(HEAD)]
        if not EMPTY <= length <= self.longest:
            return Sight.NOTHING
        if len(window) < length:
            return short
        if xor_of(window[:length]):
            return Damaged(length)
        return self._frame(window[:length])

    def _frame(self, data: bytes) -> Frame | Sight:
        board, command, body = data[BOARD_AT], data[COMMAND_AT], data[BODY_AT:-1]
        if board not in self.boards:
            return Sight.NOTHING
        if command == CHANGE:
            return _change(data, board, body)
        if command not in OPERATIONS:
            refused = _refusal(FAILED) if body == bytes([FAILED]) else ""
            return Frame(data, Operation.OTHER, board, WHOLE_BOARD, refused=refused)
        if command == QUERY:
            return _whole_board(data, board, body)
        return _one_channel(data, OPERATIONS[command], board, body)


def _sealed(board: int, command: int, *body: int) -> bytes:
    data = HEAD + bytes([EMPTY + len(body), board, command, *body])
    return data + bytes([xor_of(data)])


def _refusal(status: int) -> str:
    """Why the board said no; "" when it did not."""
    if status == DONE:
        return ""
    return "the board could not do it (FF)" if status == FAILED else f"status {status:02X}"


def _bits(values: dict[int, int]) -> dict[int, bool]:
    """Only 0 and 1 are door bytes; anything else leaves that channel unread."""
    return {channel: value == 1 for channel, value in values.items() if value in (0, 1)}


def _change(data: bytes, board: int, body: bytes) -> Frame:
    if len(body) == 2 and 0 < body[0] <= MOST_DOORS:  # noqa: PLR2004  # channel, door
        contacts = _bits({body[0]: body[1]})
        return Frame(data, Operation.CHANGE, board, body[0], contacts=contacts)
    return Frame(data, Operation.OTHER, board, WHOLE_BOARD)


def _one_channel(data: bytes, operation: Operation, board: int, body: bytes) -> Frame:
    if len(body) == 1 and body[0] == FAILED:
        return Frame(data, operation, board, WHOLE_BOARD, refused=_refusal(FAILED))
    if len(body) == 1 and 0 < body[0] <= MOST_DOORS:
        return Frame(data, operation, board, body[0], is_request=True)
    if len(body) == 3 and 0 < body[1] <= MOST_DOORS:  # noqa: PLR2004  # status, channel, door
        status, channel, door = body
        if status != DONE:
            return Frame(data, operation, board, channel, refused=_refusal(status))
        return Frame(data, operation, board, channel, contacts=_bits({channel: door}))
    return Frame(data, Operation.OTHER, board, WHOLE_BOARD)


def _whole_board(data: bytes, board: int, body: bytes) -> Frame:
    if not body:
        return Frame(data, Operation.QUERY, board, WHOLE_BOARD, is_request=True)
    status, doors = body[0], body[2:]
    if status != DONE:
        return Frame(data, Operation.QUERY, board, WHOLE_BOARD, refused=_refusal(status))
    if len(body) == 1 or body[1] != len(doors):
        return Frame(data, Operation.OTHER, board, WHOLE_BOARD)
    contacts = _bits(dict(enumerate(doors, start=1)))
    return Frame(data, Operation.QUERY, board, WHOLE_BOARD, contacts=contacts)


def _other_in_words(frame: Frame) -> str:
    command = frame.data[COMMAND_AT]
    what = OTHERS.get(command, f"command {command:02X} in a form that is not known")
    no = f"; refused, {frame.refused}" if frame.refused else ""
    return f"board {frame.board}: {what}, request or answer{no}; this program never sends it"
