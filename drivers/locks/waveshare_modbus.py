"""Waveshare Modbus RTU relay boards of 8 to 32 channels, with or without inputs. Pure.

A lock is pulsed with *flash on*: the board itself opens the relay again, so no crash of ours keeps a
coil on. A relay is never switched on to stay, nor flashed *off* (that ends with it closed). Relays and
inputs count from 0 on the wire and from 1 everywhere else. Source: the maker's protocol pages.
"""

from __future__ import annotations

from drivers.boards import WHOLE_BOARD, Frame, Operation, Request, Scan
from drivers.doors import Capabilities, Integrity
from drivers.locks import framing, modbus
from drivers.locks.framing import Damaged, Sight
from drivers.locks.modbus import EXCEPTION

ANSWER_MS = 400  # from the last byte written; boards answer within a few
STEP_MS = 100  # the board counts its flash in these
PULSE_MS = (STEP_MS, 3_000)  # the board could do hours; the coil could not

# On the wire; each is the address of channel 1.
_FLASH_ON = 0x0200
_FLASH_OFF = 0x0400
_MODES = 0x1000
_ALL = 0x00FF  # every relay at once
_ON, _OFF, _TOGGLE = 0xFF00, 0x0000, 0x5500

_SETTINGS = {0x2000: "baud and parity", 0x4000: "board address", 0x8000: "version"}
_MODE_NAMES = {0: "normal", 1: "linkage: the input drives its relay", 2: "toggle", 3: "edge"}
_REASONS = {
    1: "it does not know this function",
    2: "it has no such channel or register",
    3: "it does not take this value",
    4: "it failed",
    6: "it is busy",
}
_READS = {
    modbus.READ_COILS: Operation.OUTPUTS,
    modbus.READ_INPUTS: Operation.QUERY,
    modbus.READ_REGISTERS: Operation.MODES,
}


class WaveshareModbus:
    """The family `waveshare-modbus`; implements drivers.boards.Codec."""

    family = "waveshare-modbus"
    baud = 9_600
    boards = range(1, modbus.LAST_BOARD + 1)
    channels = modbus.MOST_CHANNELS
    longest = modbus.LONGEST
    capabilities = Capabilities(
        board_times_pulse=True,
        has_feedback=True,
        parallel_pulses=8,  # every relay of the smallest board; the supply bears less: see Duty
        pulse_ms=PULSE_MS,
        integrity=Integrity.CRC16,
        reports_unasked=False,
        reads_outputs=True,
    )

    def open(self, board: int, channel: int, pulse_ms: int) -> Request:
        """One flash, rounded up to the next 100 ms. ValueError: see Codec."""
        framing.check_pulse(self, board, channel, pulse_ms)
        steps = -(-pulse_ms // STEP_MS)
        data = modbus.request(board, modbus.WRITE_COIL, _FLASH_ON + channel - 1, steps)
        return Request(data, Operation.OPEN, board, channel, ANSWER_MS)

    def query(self, board: int, channels: int) -> Request:
        """The inputs 1 to `channels`."""
        return self._read(board, channels, modbus.READ_INPUTS, 0)

    def read_outputs(self, board: int, channels: int) -> Request:
        """The relays 1 to `channels`: all off once a pulse and a margin are over, or one is stuck."""
        return self._read(board, channels, modbus.READ_COILS, 0)

    def at_start(self, board: int, channels: int) -> tuple[Request, ...]:
        """All relays off; then the modes: any but 0 lets a door contact energise its own lock."""
        modes = self._read(board, channels, modbus.READ_REGISTERS, _MODES)
        off = modbus.request(board, modbus.WRITE_COIL, _ALL, _OFF)
        return Request(off, Operation.ALL_OFF, board, WHOLE_BOARD, ANSWER_MS), modes

    def scan(self, data: bytes, *, final: bool, status_first: bool = False) -> Scan:
        """See Codec. The order of status bytes is fixed by Modbus: `status_first` changes nothing."""
        del status_first
        return framing.scan(data, _look, longest=self.longest, final=final)

    def answers(self, request: Request, frame: Frame) -> bool:
        """Whether board, function and what it is about fit.

        A write is answered by its own bytes: an adapter's echo passes too, and must be kept away.
        """
        asked, told = request.data, frame.data
        if asked[0] != told[0] or frame.is_request:
            return False
        if frame.refused:
            return told[1] == asked[1] | EXCEPTION
        if asked[1] not in _READS:
            return told == asked
        count = int.from_bytes(asked[4:6], "big")
        size = 2 * count if asked[1] == modbus.READ_REGISTERS else -(-count // 8)
        return told[1] == asked[1] and told[2] == size

    def explain(self, frame: Frame) -> str:
        """One line, without the bytes."""
        board = f"board {frame.board}" if frame.board else "any board"
        return f"{board}: {_meaning(frame)}"

    def _read(self, board: int, channels: int, function: int, address: int) -> Request:
        framing.check_query(self, board, channels)
        data = modbus.request(board, function, address, channels)
        return Request(data, _READS[function], board, WHOLE_BOARD, ANSWER_MS)


def _look(window: bytes, final: bool) -> Frame | Damaged | Sight:  # noqa: FBT001 - framing.Look
    seen = modbus.look(window, final=final)
    return _frame(window[:seen]) if isinstance(seen, int) else seen


def _frame(piece: bytes) -> Frame:
    board, function = piece[0], piece[1]
    if function & EXCEPTION:
        refused = _REASONS.get(piece[2], f"exception {piece[2]}")
        about = _READS.get(function & ~EXCEPTION, Operation.OTHER)
        return Frame(piece, about, board, WHOLE_BOARD, refused=refused)
    if function in _READS:
        return _read_frame(piece)
    address, value = _address(piece), _value(piece)
    if function == modbus.WRITE_COIL:
        flash = _nth(address, _FLASH_ON)
        if flash and 0 < value < 0x8000:  # noqa: PLR2004 - the longest flash that the board takes
            return Frame(piece, Operation.OPEN, board, flash)
        if (address, value) == (_ALL, _OFF):
            return Frame(piece, Operation.ALL_OFF, board, WHOLE_BOARD)
        channel = flash or _nth(address, _FLASH_OFF) or _nth(address, 0)
        return Frame(piece, Operation.OTHER, board, channel)
    channel = _nth(address, _MODES) if function == modbus.WRITE_REGISTER else WHOLE_BOARD
    many = function == modbus.WRITE_COILS and len(piece) > 8  # noqa: PLR2004 - the answer has no bits
    return Frame(piece, Operation.OTHER, board, channel, is_request=many)


def _read_frame(piece: bytes) -> Frame:
    board, function, about = piece[0], piece[1], _READS[piece[1]]
    if _is_question(piece):
        strange = about is Operation.MODES and not _nth(_address(piece), _MODES)
        about = Operation.OTHER if strange else about
        return Frame(piece, about, board, WHOLE_BOARD, is_request=True)
    content = piece[3:-2]
    if function == modbus.READ_REGISTERS:
        if board == 0:  # asked of whoever is there: address or version, never modes
            return Frame(piece, Operation.OTHER, board, WHOLE_BOARD)
        values = [int.from_bytes(content[n : n + 2], "big") for n in range(0, len(content), 2)]
        return Frame(piece, about, board, WHOLE_BOARD, modes=dict(enumerate(values, 1)))
    bits = framing.bits_of(content, modbus.MOST_CHANNELS)
    if about is Operation.OUTPUTS:
        return Frame(piece, about, board, WHOLE_BOARD, outputs=bits)
    return Frame(piece, about, board, WHOLE_BOARD, contacts=bits)


def _is_question(piece: bytes) -> bool:
    return len(piece) != 5 + piece[2]


def _address(piece: bytes) -> int:
    return int.from_bytes(piece[2:4], "big")


def _value(piece: bytes) -> int:
    return int.from_bytes(piece[4:6], "big")


def _nth(address: int, first: int) -> int:
    """Which channel this address is in the row that begins at `first`; 0: not in it."""
    channel = address - first + 1
    return channel if 1 <= channel <= modbus.MOST_CHANNELS else 0


def _meaning(frame: Frame) -> str:
    match frame:
        case Frame(refused=why) if why:
            return f"refuses function {frame.data[1] & ~EXCEPTION}: {why}"
        case Frame(operation=Operation.OTHER):
            return _other(frame)
        case Frame(operation=Operation.OPEN):
            ms = STEP_MS * _value(frame.data)
            return f"relay {frame.channel} on for {ms} ms, then off by itself (order or answer)"
        case Frame(operation=Operation.ALL_OFF):
            return "every relay off (order or answer)"
        case Frame(is_request=True):
            what = {Operation.QUERY: "inputs", Operation.OUTPUTS: "relays"}
            count = _value(frame.data)
            return f"asks for {count} {what.get(frame.operation, 'modes')} from 1 on"
        case Frame(operation=Operation.QUERY):
            return f"inputs closed: {framing.channels_in_words(frame.contacts, given=True)}"
        case Frame(operation=Operation.OUTPUTS):
            return f"relays on: {framing.channels_in_words(frame.outputs, given=True)}"
    modes = [f"{n} {_MODE_NAMES.get(mode, f'unknown {mode}')}" for n, mode in frame.modes.items()]
    return f"modes by channel: {', '.join(modes)}"


def _other(frame: Frame) -> str:
    data, function = frame.data, frame.data[1]
    if function == modbus.READ_REGISTERS and not frame.is_request:
        return f"answers {data[3:-2].hex(' ').upper()}"
    address, value = _address(data), _value(data)
    if function == modbus.READ_REGISTERS:
        return f"asks for {_SETTINGS.get(address, f'register {address:04X}')}"
    if function == modbus.WRITE_COILS:
        return f"{value} relays from {address + 1} on set at once, to stay: wrong for locks"
    if function == modbus.WRITE_COIL:
        return _switched(frame.channel, address, value)
    if frame.channel:
        mode = _MODE_NAMES.get(value, f"unknown {value}")
        return f"mode of channel {frame.channel} set to {mode}"
    return f"{_SETTINGS.get(address, f'register {address:04X}')} set to {value}"


def _switched(channel: int, address: int, value: int) -> str:
    which = "every relay" if address == _ALL else f"relay {channel}"
    if not channel and address != _ALL:
        return f"coil {address:04X} set to {value:04X}: unknown"
    if _nth(address, _FLASH_OFF):
        return f"{which} off for {STEP_MS * value} ms, then ON to stay: wrong for locks"
    if _nth(address, _FLASH_ON):
        return f"{which} flashed for an impossible time ({value})"
    doing = {_ON: "ON to stay: wrong for locks", _OFF: "off", _TOGGLE: "toggled: wrong for locks"}
    return f"{which} {doing.get(value, f'set to {value:04X}: unknown')}"
