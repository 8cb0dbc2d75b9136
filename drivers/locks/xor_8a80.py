"""8A/80 boards ("485 lock control board", CM06 and clones): five bytes, the last an XOR of the others.

An answer to an opening may equal its request byte for byte (contact closed, or an adapter's echo), so no
frame with head 8A is called a request here: the line, which knows whether it echoes, decides.

A whole-board answer carries no length. Its beginning can look like a shorter frame, so frames with head
80 are judged at the quiet, or when more bytes follow than the longest of them has: the shortest that fits
and is followed by nothing or by another head is taken. Source: HARDWARE notes §1.2.
"""

from __future__ import annotations

from drivers.boards import WHOLE_BOARD, Frame, Operation, Request, Scan
from drivers.doors import Capabilities, Integrity
from drivers.locks.framing import (
    BYTE_BITS,
    Damaged,
    Sight,
    bits_of,
    channels_in_words,
    check_pulse,
    check_query,
    hex_of,
    scan,
    xor_of,
)

OPEN, QUERY = 0x8A, 0x80
REPORT_81, REPORT_82 = 0x81, 0x82  # each on some firmware only, one source each
SEVERAL, HOLD_ON, HOLD_OFF = 0x90, 0x9A, 0x9B
CLOSED, CIRCUIT_OPEN, ASKED = 0x11, 0x00, 0x33
PROBE, FIRMWARE = 0x99, 0x22
HEADS = frozenset({OPEN, QUERY, REPORT_81, REPORT_82, SEVERAL, HOLD_ON, HOLD_OFF})

PULSE_MS = 300  # as delivered; the variant with whole seconds has one source and is not used
OPEN_ANSWER_MS = 1500  # the board answers when its pulse is over; time-outs in use: 750 to 1500
QUERY_ANSWER_MS = 500
SHORT = 5  # bytes of every frame but the next three
LONG = 6  # an opening with its own on-time, or of several channels
MOST_SECONDS = 9
LEAST_GROUPS, MOST_GROUPS = 2, 7  # status bytes of a whole board; 7 hold 50 channels
AROUND_GROUPS = 4  # head and board before them, 33 and check behind


class Xor8A80:
    """Codec of the family `xor-8a80`. A contact bit is True when the contact is closed (short)."""

    family = "xor-8a80"
    baud = 9600
    boards = range(1, 33)
    channels = 50
    longest = AROUND_GROUPS + MOST_GROUPS
    capabilities = Capabilities(
        board_times_pulse=True,
        has_feedback=True,
        parallel_pulses=1,
        pulse_ms=(PULSE_MS, PULSE_MS),
        integrity=Integrity.XOR,
    )

    def open(self, board: int, channel: int, pulse_ms: int) -> Request:
        """One pulse of the board's own length."""
        check_pulse(self, board, channel, pulse_ms)
        data = _sealed(OPEN, board, channel, CLOSED)
        return Request(data, Operation.OPEN, board, channel, OPEN_ANSWER_MS)

    def query(self, board: int, channels: int) -> Request:
        """All contacts at once; how many groups come back is the board's affair."""
        check_query(self, board, channels)
        data = _sealed(QUERY, board, WHOLE_BOARD, ASKED)
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
        """What `data` holds; see the head of this file for answers without a length."""

        def look(window: bytes, last: bool) -> Frame | Damaged | Sight:  # noqa: FBT001  # a Look
            if window[0] not in HEADS:
                return Sight.NOTHING
            if window[0] == QUERY:
                return self._look_at_80(window, final=last, status_first=status_first)
            return self._look_at_others(window, final=last)

        return scan(data, look, longest=self.longest, final=final)

    def answers(self, request: Request, frame: Frame) -> bool:
        """Same operation, board and channel, and not of a form that only a controller sends."""
        asked = (request.operation, request.board, request.channel)
        return not frame.is_request and asked == (frame.operation, frame.board, frame.channel)

    def explain(self, frame: Frame) -> str:
        """In words; polarity is the installation's, so contacts are named, not doors."""
        if frame.operation is Operation.OTHER:
            return _other_in_words(frame)
        where = f"board {frame.board} channel {frame.channel}"
        if frame.operation is Operation.CHANGE:
            return f"{where} reports unasked: {_contact(frame)} (some firmware only)"
        if frame.operation is Operation.OPEN:
            if frame.contacts[frame.channel]:
                return (
                    f"request to open {where}, or the answer to it: {_contact(frame)}; "
                    "the two are the same bytes (and so is an adapter's echo)"
                )
            return f"answer to opening {where}: {_contact(frame)}"
        if frame.is_request:
            where = where if frame.channel else f"all channels of board {frame.board}"
            return f"request for the contacts of {where}"
        if frame.channel:
            return f"answer: {where}, {_contact(frame)}"
        return (
            f"answer: contacts of board {frame.board}; "
            f"closed: {channels_in_words(frame.contacts, given=True)}; "
            f"open: {channels_in_words(frame.contacts, given=False)}"
        )

    def _look_at_80(
        self, window: bytes, *, final: bool, status_first: bool
    ) -> Frame | Damaged | Sight:
        if not final and len(window) <= self.longest:
            return Sight.INCOMPLETE
        found = [
            frame
            for length in range(SHORT, min(len(window), self.longest) + 1)
            if (frame := self._fits_80(window[:length], status_first=status_first))
        ]
        for frame in found:
            behind = window[len(frame.data) :]
            if not behind or behind[0] in HEADS:
                return frame
        if found:
            return found[0]
        return Damaged(SHORT) if len(window) >= SHORT else Sight.NOTHING

    def _fits_80(self, data: bytes, *, status_first: bool) -> Frame | None:
        board = data[1]
        if xor_of(data) or board not in self.boards:
            return None
        if len(data) == SHORT:
            return self._short_80(data)
        groups = data[2:-2]
        if len(groups) < LEAST_GROUPS or data[-2] != ASKED:
            return None
        lowest_first = groups if status_first else groups[::-1]
        contacts = bits_of(lowest_first, BYTE_BITS * len(groups))
        return Frame(data, Operation.QUERY, board, WHOLE_BOARD, contacts=contacts)

    def _short_80(self, data: bytes) -> Frame | None:
        _, board, channel, what, _ = data
        if channel > self.channels:
            return None
        if what == ASKED:
            return Frame(data, Operation.QUERY, board, channel, is_request=True)
        if what == PROBE and channel == WHOLE_BOARD:
            return Frame(data, Operation.OTHER, board, channel)
        if what in (CLOSED, CIRCUIT_OPEN) and channel:
            contacts = {channel: what == CLOSED}
            return Frame(data, Operation.QUERY, board, channel, contacts=contacts)
        return None

    def _look_at_others(self, window: bytes, *, final: bool) -> Frame | Damaged | Sight:
        length = LONG if window[0] == SEVERAL else SHORT
        if len(window) < length:
            return Sight.NOTHING if final else Sight.INCOMPLETE
        if not xor_of(window[:length]):
            return self._known(window[:length]) or Sight.NOTHING
        if window[0] == OPEN and window[3] == CLOSED and 0 < window[4] <= MOST_SECONDS:
            if len(window) < LONG and not final:
                return Sight.INCOMPLETE
            if len(window) >= LONG and not xor_of(window[:LONG]):
                return self._known(window[:LONG]) or Sight.NOTHING
        return Damaged(length)

    def _known(self, data: bytes) -> Frame | None:
        """A frame whose check fits, with head other than 80; None when its values make no sense."""
        head, board, channel, what = data[:4]
        if board not in self.boards:
            return None
        if head == SEVERAL:
            return Frame(data, Operation.OTHER, board, WHOLE_BOARD, is_request=True)
        if channel > self.channels:
            return None
        if _never_sent(data):
            asks = len(data) == LONG or head == REPORT_82
            return Frame(data, Operation.OTHER, board, channel, is_request=asks)
        if head in (HOLD_ON, HOLD_OFF) or not channel or what not in (CLOSED, CIRCUIT_OPEN):
            return None
        operation = Operation.OPEN if head == OPEN else Operation.CHANGE
        return Frame(data, operation, board, channel, contacts={channel: what == CLOSED})


def _sealed(*values: int) -> bytes:
    return bytes(values) + bytes([xor_of(bytes(values))])


def _never_sent(data: bytes) -> bool:
    """Hold, probe, firmware, opening for whole seconds, opening of everything."""
    head, _, channel, what = data[:4]
    if head == OPEN:
        return what == CLOSED and (channel == WHOLE_BOARD or len(data) == LONG)
    return (head, what) in (
        (HOLD_ON, CLOSED),
        (HOLD_OFF, CLOSED),
        (REPORT_81, PROBE),
        (REPORT_82, FIRMWARE),
    )


def _contact(frame: Frame) -> str:
    return "contact closed (11)" if frame.contacts[frame.channel] else "contact open (00)"


def _other_in_words(frame: Frame) -> str:
    never = "this program never sends it"
    board, channel, head = frame.board, frame.channel, frame.data[0]
    where = f"channel {channel} of board {board}" if channel else f"every channel of board {board}"
    if head == HOLD_ON:
        return f"HOLD ON: keeps {where} under current and burns a pulse coil; {never}"
    if head == HOLD_OFF:
        return f"hold off: ends a hold of {where}; {never}"
    if head == SEVERAL:
        return (
            f"opens several channels of board {board} at once ({hex_of(frame.data[2:5])}); {never}"
        )
    if head == OPEN:
        seconds = f" for {frame.data[4]} s each" if len(frame.data) == LONG else ""
        return f"opens {where}{seconds}, or says that this is done; {never}"
    what = (
        "asks for the firmware of" if head == REPORT_82 else "asks whether there is, or answers as,"
    )
    return f"{what} board {board}; {never}"
