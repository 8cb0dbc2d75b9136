"""What is known of one board: whether it lives, may be pulsed, and what is to be asked next. Pure.

The law of this file: a board that has not answered a query in this port session is never pulsed, and one
that was silent three times knows nothing about its doors. The bus says what happened, with the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drivers.boards import Codec, Frame, Operation, Request
from drivers.devices import Device, DeviceState, Trouble
from drivers.doors import Outcome, Reading
from drivers.locks.plan import Wire

LOST_AFTER = 3  # missed answers in a row
BUSY_POLL_MS = 100  # between two polls of a board when something stirs on its bus
CALM_POLL_MS = 150  # otherwise
LOST_POLL_MS = 1_000  # a board that is silent holds the wire until its deadline: seldom
SETTLE_MS = 600  # after a change every poll is told, so that the core can debounce
REPEAT_MS = 300  # otherwise readings are repeated this often, to stay fresh
MODE_CHECK_MS = 60_000
READ_BACK_MS = 300  # from the end of a pulse until its relay must be off
STUCK_CHECK_MS = 1_000
CLASH_MS = 60_000  # an address clash is over when nothing foreign came for so long


class Watch:
    """One board. `wires` are its compartments (at least one)."""

    def __init__(self, bus: str, board: int, wires: Sequence[Wire], codec: Codec) -> None:
        self.board = board
        self.compartments = tuple(sorted(wire.compartment for wire in wires))
        self.size = 0  # bytes of its last answer to the query
        self.due_ms = 0
        self.lost = False
        self._name = f"{bus}/{board}"
        self._wires = {wire.channel: wire for wire in wires}
        channels = max(self._wires)
        self._query = codec.query(board, channels)
        self._outputs = codec.read_outputs(board, channels)
        self._at_start = codec.at_start(board, channels)
        self._met = False
        self._steps: list[Request] = []
        self._missed = 0
        self._refused_off = False
        self._modes: dict[int, int] = {}
        self._mode_check_ms: int | None = None
        self._ends_ms: dict[int, int] = {}  # by channel: pulses whose relay was not read back yet
        self._stuck = False
        self._stuck_check_ms = 0
        self._clash_until_ms: int | None = None
        self._told = Trouble.NONE
        self._last: Mapping[int, Reading] = {}
        self._changed_ms = 0
        self._posted_ms: int | None = None

    # What may be done with it

    @property
    def refuses(self) -> bool:
        """A pulse would not be sent, and waiting a moment will not help."""
        return self.lost or self._trouble_of_relays() is not Trouble.NONE

    @property
    def ready(self) -> bool:
        """A pulse may be sent."""
        return self._met and not self._steps and not self.refuses

    @property
    def met(self) -> bool:
        """It has answered a query since it was last lost, in this port session."""
        return self._met

    @property
    def hurries(self) -> bool:
        """It answers, and something is still to be asked before it can be trusted."""
        return bool(self._steps) and self._missed == 0

    @property
    def all_off(self) -> Request | None:
        """Every relay off, where the family can."""
        offs = [request for request in self._at_start if request.operation is Operation.ALL_OFF]
        return offs[0] if offs else None

    def next_ms(self) -> int:
        """When it next wants to be asked."""
        check = self._read_back_ms()
        return self.due_ms if check is None or self._missed else min(self.due_ms, check)

    def request(self, now_ms: int) -> Request:
        """What to ask it now."""
        if not self._met:
            return self._query
        if self._mode_check_ms is not None and now_ms >= self._mode_check_ms:
            self._mode_check_ms = now_ms + MODE_CHECK_MS
            again = (
                (Operation.MODES, Operation.ALL_OFF) if self._refused_off else (Operation.MODES,)
            )
            self._steps = [r for r in self._at_start if r.operation in again]
        if self._steps:
            return self._steps[0]
        check = self._read_back_ms()
        if self._outputs is not None and check is not None and now_ms >= check:
            return self._outputs
        return self._query

    def trouble(self, now_ms: int) -> DeviceState | None:
        """Its trouble, if that is another one than was told last."""
        clash = self._clash_until_ms is not None and now_ms < self._clash_until_ms
        trouble = Trouble.LOST if self.lost else self._trouble_of_relays()
        if trouble is Trouble.NONE and clash:
            trouble = Trouble.ADDRESS_CLASH
        if trouble is self._told:
            return None
        self._told = trouble
        return DeviceState(Device.BOARD, trouble, self._name, self.compartments)

    # What happened

    def begin_session(self, now_ms: int) -> None:
        """The port was opened anew: trust nothing."""
        self._forget()
        self._missed = 0
        self.due_ms = now_ms

    def answered(self, request: Request, frame: Frame, now_ms: int) -> Mapping[int, Reading] | None:
        """It answered. What is to be told about its doors, if anything."""
        self._missed = 0
        self.lost = False
        self.due_ms = now_ms
        match request.operation:
            case Operation.QUERY:
                return self._queried(frame, now_ms)
            case Operation.OUTPUTS:
                self._read_back(frame, now_ms)
            case Operation.MODES | Operation.ALL_OFF:
                self._stepped(request, frame)
        return None

    def changed(self, frame: Frame, now_ms: int) -> Mapping[int, Reading]:
        """It reported doors unasked. What is to be told: nothing as long as it is not trusted."""
        if not self._met or self.lost:
            return {}
        self.due_ms = now_ms
        readings = {
            wire.compartment: wire.reading(frame.contacts[channel])
            for channel, wire in self._wires.items()
            if channel in frame.contacts
        }
        self._note({**self._last, **readings}, now_ms)
        return readings

    def missed(self, now_ms: int) -> Mapping[int, Reading] | None:
        """It did not answer, or not intelligibly. What is to be told about its doors, if anything."""
        self._missed += 1
        if self._missed < LOST_AFTER and not self.lost:
            return None
        return self.lose(now_ms)

    def lose(self, now_ms: int) -> Mapping[int, Reading] | None:
        """It is out of reach. What is to be told about its doors, if it is time to."""
        first, self.lost = not self.lost, True
        self._forget()
        unknown = dict.fromkeys(self.compartments, Reading.UNKNOWN)
        self._note(unknown, now_ms)
        return self._told_now(unknown, now_ms) if first or self._repeats(now_ms) else None

    def pulsed(self, channel: int, outcome: Outcome, end_ms: int, now_ms: int) -> None:
        """A pulse left for it; the relay is off at `end_ms` if the board is well."""
        self.due_ms = now_ms
        if outcome is Outcome.FOREIGN:
            self._clash_until_ms = now_ms + CLASH_MS
        if self._outputs is not None and outcome is not Outcome.REFUSED:
            self._ends_ms[channel] = end_ms

    def is_stirring(self, now_ms: int) -> bool:
        """A reading changed a moment ago."""
        return bool(self._last) and now_ms - self._changed_ms <= SETTLE_MS

    # Its works

    def _trouble_of_relays(self) -> Trouble:
        if self._stuck:
            return Trouble.OUTPUT_STUCK
        wrong = self._refused_off or any(self._modes.values())
        return Trouble.WRONG_MODE if wrong else Trouble.NONE

    def _queried(self, frame: Frame, now_ms: int) -> Mapping[int, Reading] | None:
        if not self._met:
            self._met = True
            self._steps = list(self._at_start)
            if self._steps:
                self._mode_check_ms = now_ms + MODE_CHECK_MS
        readings = {
            wire.compartment: wire.reading(frame.contacts.get(channel))
            for channel, wire in self._wires.items()
        }
        self._note(readings, now_ms)
        if self.is_stirring(now_ms) or self._repeats(now_ms):
            return self._told_now(readings, now_ms)
        return None

    def _note(self, readings: Mapping[int, Reading], now_ms: int) -> None:
        if readings != self._last:
            self._last, self._changed_ms = dict(readings), now_ms

    def _repeats(self, now_ms: int) -> bool:
        return self._posted_ms is None or now_ms - self._posted_ms >= REPEAT_MS

    def _told_now(self, readings: Mapping[int, Reading], now_ms: int) -> Mapping[int, Reading]:
        self._posted_ms = now_ms
        return readings

    def _stepped(self, request: Request, frame: Frame) -> None:
        if self._steps and self._steps[0] is request:
            del self._steps[0]
        if request.operation is Operation.MODES:
            # A board that does not know the question has no modes that could be wrong.
            self._modes |= frame.modes
        else:
            self._refused_off = bool(frame.refused)

    def _read_back_ms(self) -> int | None:
        if self._stuck:
            return self._stuck_check_ms
        return min(self._ends_ms.values()) + READ_BACK_MS if self._ends_ms else None

    def _read_back(self, frame: Frame, now_ms: int) -> None:
        running = {n: end for n, end in self._ends_ms.items() if end + READ_BACK_MS > now_ms}
        self._ends_ms = running
        self._stuck = any(on for channel, on in frame.outputs.items() if channel not in running)
        if self._stuck:
            self._stuck_check_ms = now_ms + STUCK_CHECK_MS
            self._steps += [self.all_off] if self.all_off is not None else []

    def _forget(self) -> None:
        self._met = False
        self._steps = []
        self._mode_check_ms = None
        self._ends_ms = {}
        self.size = 0
