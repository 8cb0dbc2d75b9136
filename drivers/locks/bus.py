"""One serial bus and the one thread that may use it: pulses first, then safety, then polls.

The law of this file: one request is in flight, a pulse is written at most once, and each is answered
exactly once. Whatever breaks, the doors become unknown and the queue is refused; coils need nothing of us,
since every board of a bus times its own pulses. One exception to *pulse first*: a board that is overdue
is read in between, so that a long row of pulses does not blind us.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Thread

from drivers.boards import Frame, Operation, Request
from drivers.devices import Device, DeviceState, Trouble
from drivers.doors import Outcome, Reading
from drivers.locks.duty import Duty
from drivers.locks.exchange import Asker, Ear, Heard, Line, Verdict, drain, quiet_ms
from drivers.locks.outlet import Outlet
from drivers.locks.plan import BusPlan, Wire
from drivers.locks.port import PortGone
from drivers.locks.rounds import Rounds
from drivers.locks.row import RUN_MARGIN_MS, Row
from drivers.locks.watch import Watch

REOPEN_MS = (50, 1_000)  # first and longest wait before the port is tried again
CLOSE_S = 5.0  # the longest pulse, an exchange, and some

_OUTCOMES = {
    Verdict.SILENT: Outcome.NO_ANSWER,
    Verdict.CORRUPT: Outcome.CORRUPT,
    Verdict.FOREIGN: Outcome.FOREIGN,
}


class Bus:
    """The boards of one plan. `start`, `pulse` and `stop` may be called from any thread."""

    def __init__(
        self,
        plan: BusPlan,
        wires: Sequence[Wire],
        duty: Duty,
        up_ms: Callable[[], int],
        line: Line,
    ) -> None:
        self._plan = plan
        self._duty = duty
        self._up_ms = up_ms
        self._line = line
        self._asker = Asker(line, plan.codec, plan.speed, up_ms)
        boards = sorted({wire.board for wire in wires})
        by_board = {n: [wire for wire in wires if wire.board == n] for n in boards}
        self._watches = {n: Watch(plan.name, n, of, plan.codec) for n, of in by_board.items()}
        self._rounds = Rounds(tuple(self._watches.values()))
        self._compartments = tuple(sorted(wire.compartment for wire in wires))
        self._row = Row(duty, self._ready, plan.codec.capabilities.parallel_pulses)
        self._outlet: Outlet | None = None
        self._thread = Thread(target=self._run, name=f"bus-{plan.name}", daemon=True)
        self.turned_ms = 0  # when the thread last came round; written by it alone
        # Of the thread alone:
        self._port_lost = False
        self._reopen_ms = REOPEN_MS[0]
        self._echo: bool | None = None
        self._coils_off_ms = 0

    # From any thread

    def start(self, outlet: Outlet) -> None:
        """Begin; what happens is said through `outlet`."""
        self._outlet = outlet
        self._thread.start()

    def pulse(self, wire: Wire) -> None:
        """Ask for one pulse. Returns at once."""
        if not self._row.ask(wire, self._up_ms()):
            self._say.pulsed(wire.compartment, Outcome.NOT_SENT)

    def stop(self) -> None:
        """Forget what waits; the thread puts every coil off and ends."""
        self._row.close()

    def join(self) -> None:
        """Wait for the thread, at most CLOSE_S."""
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)

    # The thread

    @property
    def _say(self) -> Outlet:
        assert self._outlet is not None, "a bus is started before it is used"
        return self._outlet

    def _is_stopping(self) -> bool:
        return not self._row.is_open

    def _run(self) -> None:
        try:
            while self._row.is_open:
                self._session()
        finally:  # whatever it was that nobody foresaw: it is not hidden, and the doors are unknown
            self._line.close()
            self._row.close()
            self._lose_all()

    def _session(self) -> None:
        self.turned_ms = self._up_ms()
        if not self._line.open():
            self._lose_port()
            return
        self._echo = None
        if self._port_lost:
            self._port_lost = False
            self._tell_port(Trouble.NONE)
        self._rounds.begin_session(self._up_ms())
        try:
            while self._row.is_open:
                self._turn()
            self._put_off()
        except PortGone:
            self._lose_port()
        finally:
            self._line.close()

    def _turn(self) -> None:
        self.turned_ms = now = self._up_ms()
        watch = self._rounds.next(now)
        if watch is not None and self._rounds.is_overdue(watch, now):
            self._visit(watch)
        elif (wire := self._next_pulse(now)) is not None:
            self._fire(wire)
        elif watch is not None:
            self._visit(watch)
        else:
            self._row.rest(now, self._rounds.due_ms())

    # Pulses

    def _ready(self, wire: Wire) -> bool | None:
        watch = self._watches[wire.board]
        return None if watch.refuses else watch.ready

    def _next_pulse(self, now: int) -> Wire | None:
        chosen, refused = self._row.take(now)
        self._refuse(refused)
        return chosen

    def _refuse(self, wires: Iterable[Wire]) -> None:
        for wire in wires:
            self._say.pulsed(wire.compartment, Outcome.NOT_SENT)

    def _fire(self, wire: Wire) -> None:
        watch = self._watches[wire.board]
        request = self._plan.codec.open(wire.board, wire.channel, wire.pulse_ms)
        outcome = Outcome.NOT_SENT
        try:
            self._drain()
            outcome = Outcome.NO_ANSWER  # from here on bytes may have left
            off_ms = self._up_ms() + wire.pulse_ms + RUN_MARGIN_MS
            self._coils_off_ms = max(self._coils_off_ms, off_ms)
            heard = self._ask(request, Ear(self._echo, self._plan.status_first))
            outcome = _OUTCOMES.get(heard.verdict, Outcome.ACKNOWLEDGED)
            if heard.answer is not None and heard.answer.refused:
                outcome = Outcome.REFUSED
        finally:
            if outcome in (Outcome.NOT_SENT, Outcome.REFUSED):
                self._duty.end(wire.compartment, self._up_ms())
            self._say.pulsed(wire.compartment, outcome)
        now = self._up_ms()
        self._rounds.stir(now)
        watch.pulsed(wire.channel, outcome, off_ms, now)
        if heard.answer is None:
            self._read(watch.missed(now))
        self._tell(watch)
        self._resync(heard)

    # Safety and polls

    def _visit(self, watch: Watch) -> None:
        self._drain()
        began = self._up_ms()
        request = watch.request(began)
        is_query = request.operation is Operation.QUERY
        first = self._plan.status_first
        ear = Ear(None, first, watch.size) if is_query else Ear(self._echo, first)
        heard = self._ask(self._rounds.patience(watch, request), ear)
        now = self._up_ms()
        if heard.answer is None:
            self._read(watch.missed(now))
        else:
            self._reopen_ms = REOPEN_MS[0]
            self._read(watch.answered(request, heard.answer, now))
            if is_query:
                watch.size = heard.size
                self._rounds.answered_in(now - began)
        self._rounds.visited(watch, now)
        self._tell(watch)
        self._resync(heard)

    def _ask(self, request: Request, ear: Ear) -> Heard:
        heard = self._asker.ask(request, ear, self._is_stopping)
        if heard.echo is not None:
            # Once heard it is expected: an echo may be garbled now and then.
            self._echo = self._echo or heard.echo
        self._unasked(heard.unasked)
        return heard

    def _drain(self) -> None:
        data = drain(self._line)
        if data:
            first = self._plan.status_first
            self._unasked(self._plan.codec.scan(data, final=True, status_first=first).frames)

    def _resync(self, heard: Heard) -> None:
        if heard.verdict in (Verdict.CORRUPT, Verdict.FOREIGN):
            drain(self._line, quiet_ms(self._plan.speed))

    def _unasked(self, frames: Iterable[Frame]) -> None:
        now = self._up_ms()
        for frame in frames:
            watch = self._watches.get(frame.board)
            if frame.operation is Operation.CHANGE and watch is not None:
                self._read(watch.changed(frame, now))
                self._rounds.stir(now)

    # Words

    def _read(self, readings: Mapping[int, Reading] | None) -> None:
        if readings:
            self._say.doors(readings)

    def _tell(self, watch: Watch) -> None:
        state = watch.trouble(self._up_ms())
        if state is not None:
            self._say.device(state)

    def _tell_port(self, trouble: Trouble) -> None:
        state = DeviceState(Device.PORT, trouble, self._plan.name, self._compartments)
        self._say.device(state)

    # Losing and ending

    def _lose_port(self) -> None:
        """Everything behind the port is out of reach; wait a little before it is tried again."""
        if not self._port_lost:
            self._port_lost = True
            self._tell_port(Trouble.LOST)
        until = self._up_ms() + self._reopen_ms
        self._reopen_ms = min(2 * self._reopen_ms, REOPEN_MS[1])
        self._lose_all()
        while self._row.is_open and (now := self._up_ms()) < until:
            self._row.rest(now, until)
            self._refuse(self._row.empty())

    def _lose_all(self) -> None:
        for watch in self._watches.values():
            self._read(watch.lose(self._up_ms()))
            self._tell(watch)
        self._refuse(self._row.empty())

    def _put_off(self) -> None:
        """Every coil off before we go: by order where the family has one, else by waiting it out."""
        off = True
        for watch in self._watches.values():
            if watch.met and watch.all_off is not None:
                self._drain()
                heard = self._asker.ask(watch.all_off, Ear(self._echo), lambda: False)
                off &= heard.verdict is Verdict.ANSWERED
            else:
                off = False
        while not off and (left := self._coils_off_ms - self._up_ms()) > 0:
            self._line.read(left / 1_000)
