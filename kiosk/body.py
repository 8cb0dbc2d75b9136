"""The body of this kiosk, built from its configuration: locks, readers, panel, printer.

Each driver is imported only where the configuration names it: a kiosk with boards needs no GPIO library, and
none without a printer loads one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, cast

from drivers.devices import DeviceEvent
from drivers.doors import DriverEvent, LockBank, Scanned
from drivers.locks.duty import Duty
from drivers.locks.plan import USUAL_PULSE_MS, usual_pulse_ms
from drivers.simulated.remote import RemoteBank, ScriptRequest
from kiosk.config_table import ConfigError
from kiosk.hardware import Cabinet, Driver, Wiring

if TYPE_CHECKING:
    from drivers.panel.panel import Panel
    from drivers.panel.printer import ReceiptPrinter
    from drivers.pins import Factory

Post = Callable[[DriverEvent | DeviceEvent | ScriptRequest], None]


class Part(Protocol):
    """Something with a thread of its own."""

    def start(self) -> None:
        """Begin."""
        ...

    def close(self) -> None:
        """Stop; safe twice."""
        ...


@dataclass(frozen=True, slots=True)
class Body:
    """Everything with a wire. `line` is the demo's: scans, scripted touches and pictures."""

    bank: LockBank
    line: RemoteBank | None = None
    panel: Panel | None = None
    printer: ReceiptPrinter | None = None
    readers: tuple[Part, ...] = ()
    last: Callable[[], None] = field(default=lambda: None, repr=False)  # gives the GPIO chip back

    def start(self, post: Post) -> None:
        """Begin to read doors, scanner, pad and panel. No coil moves."""
        self.bank.start(post)
        if self.line is not None and self.line is not self.bank:
            self.line.start(lambda event: post(event) if isinstance(event, Scanned) else None)
        for part in (*self.readers, self.panel, self.printer):
            if part is not None:
                part.start()

    def close(self) -> None:
        """Every coil off first; then the rest, whatever fails on the way."""
        with ExitStack() as stack:
            stack.callback(self.last)
            for part in (*self.readers, self.panel, self.printer, self.line):
                if part is not None:
                    stack.callback(part.close)
            stack.callback(self.bank.close)


def build(cabinet: Cabinet, post: Post, up_ms: Callable[[], int]) -> Body:
    """The body that `cabinet` describes, not started.

    Raises:
        ConfigError: wires that cannot be driven, or no GPIO where the locks need it.
    """
    line = None
    if cabinet.driver is Driver.SIMULATED or cabinet.scanner.kind == "simulated":
        line = RemoteBank(cabinet.socket, post, up_ms)
    factory, last = _header(cabinet)
    try:
        bank = _bank(cabinet, line, factory, post, up_ms)
    except ValueError as error:
        last()
        raise ConfigError(f"the cabinet cannot be driven as it is configured: {error}") from error
    return Body(
        bank=bank,
        line=line,
        panel=_panel(cabinet, factory, post, up_ms),
        printer=_printer(cabinet, post, up_ms),
        readers=_readers(cabinet, post, up_ms),
        last=last,
    )


def _header(cabinet: Cabinet) -> tuple[Factory | None, Callable[[], None]]:
    """The GPIO chip where something hangs on it; without it only GPIO locks cannot go on."""
    panel = cabinet.panel
    pins = (panel.light_pin, panel.buzzer_pin, panel.tamper_pin, panel.mains_pin)
    if cabinet.driver is not Driver.GPIO and pins == (None,) * len(pins):
        return None, lambda: None
    from drivers.pins import PinError, header  # noqa: PLC0415 - most kiosks have none

    try:
        factory = header()
    except PinError as error:
        if cabinet.driver is Driver.GPIO:
            raise ConfigError(f"the locks hang on the GPIO header: {error}") from error
        return None, lambda: None  # the panel tells each of its devices as lost
    return factory, factory.close


def _bank(
    cabinet: Cabinet,
    line: RemoteBank | None,
    factory: Factory | None,
    post: Post,
    up_ms: Callable[[], int],
) -> LockBank:
    duty = Duty(cabinet.coils)
    match cabinet.driver:
        case Driver.SIMULATED:
            assert line is not None, "the simulated cabinet is at the other end of its line"
            return line
        case Driver.BOARDS:
            return _boards(cabinet, duty, post, up_ms)
        case Driver.GPIO:
            assert factory is not None, "without the chip `_header` has raised"
            return _gpio(cabinet, duty, post, up_ms, factory)


def _boards(cabinet: Cabinet, duty: Duty, post: Post, up_ms: Callable[[], int]) -> LockBank:
    from drivers.locks.bank import BoardsBank  # noqa: PLC0415 - only with boards
    from drivers.locks.families import FAMILIES  # noqa: PLC0415
    from drivers.locks.plan import BusPlan, Wire  # noqa: PLC0415

    plans = {
        bus.name: BusPlan(
            bus.name, FAMILIES[bus.family], bus.port, bus.baud, status_first=bus.status_first
        )
        for bus in cabinet.buses
    }
    wires = [
        Wire(
            wire.compartment,
            wire.bus,
            wire.board,
            wire.channel,
            _shut_when(wire),
            wire.pulse_ms or usual_pulse_ms(plans[wire.bus].codec.capabilities.pulse_ms),
            wire.cool_down_ms,
        )
        for wire in cabinet.wiring
    ]
    return BoardsBank(tuple(plans.values()), wires, duty, post, up_ms)


def _shut_when(wire: Wiring) -> Literal["closed", "open"]:
    return cast(Literal["closed", "open"], wire.shut_when)


def _gpio(
    cabinet: Cabinet, duty: Duty, post: Post, up_ms: Callable[[], int], factory: Factory
) -> LockBank:
    from drivers.locks.gpio import GpioBank  # noqa: PLC0415 - only with GPIO
    from drivers.locks.gpio_wiring import GpioWire, GpioWiring, Safeguard  # noqa: PLC0415

    wires = tuple(
        GpioWire(
            wire.compartment,
            wire.lock_pin,
            wire.contact_pin,
            _shut_when(wire),
            wire.pulse_ms or USUAL_PULSE_MS,
            wire.cool_down_ms,
        )
        for wire in cabinet.wiring
    )
    wiring = GpioWiring(
        wires,
        Safeguard(cabinet.gpio.safeguard),
        cabinet.gpio.rail_pin,
        active_high=cabinet.gpio.active_high,
    )
    return GpioBank(wiring, duty, post, up_ms, factory=factory)


@contextmanager
def panel_alone(cabinet: Cabinet, post: Post, up_ms: Callable[[], int]) -> Iterator[Panel | None]:
    """Light, buzzer and what is measured, without locks: for a test before the kiosk serves.

    Raises:
        ConfigError: the locks hang on a GPIO header that is not there.
    """
    factory, last = _header(cabinet)
    panel = _panel(cabinet, factory, post, up_ms)
    try:
        if panel is not None:
            panel.start()
        yield panel
    finally:
        if panel is not None:
            panel.close()
        last()


def _panel(
    cabinet: Cabinet, factory: Factory | None, post: Post, up_ms: Callable[[], int]
) -> Panel | None:
    fitted = cabinet.panel
    pins = (fitted.light_pin, fitted.buzzer_pin, fitted.tamper_pin, fitted.mains_pin)
    thermometer = None if fitted.thermometer == "none" else fitted.thermometer
    if pins == (None,) * len(pins) and not fitted.battery and thermometer is None:
        return None
    from drivers.panel.panel import Fitted, Panel  # noqa: PLC0415 - only where one is fitted
    from drivers.panel.sysfs import Thermometer  # noqa: PLC0415

    return Panel(
        Fitted(
            light_pin=fitted.light_pin,
            buzzer_pin=fitted.buzzer_pin,
            tamper_pin=fitted.tamper_pin,
            mains_pin=fitted.mains_pin,
            mains_when=cast(Literal["closed", "open"], fitted.mains_when),
            battery=fitted.battery,
            thermometer=None if thermometer is None else Thermometer(thermometer),
        ),
        post,
        up_ms,
        factory=factory,
    )


def _printer(cabinet: Cabinet, post: Post, up_ms: Callable[[], int]) -> ReceiptPrinter | None:
    if cabinet.printer.port is None:
        return None
    from drivers.panel.printer import ReceiptPrinter, line_to  # noqa: PLC0415 - it loads slowly
    from drivers.panel.slip import PaperWidth  # noqa: PLC0415

    width = PaperWidth(cabinet.printer.width_px)
    return ReceiptPrinter(line_to(cabinet.printer.port), width, post, up_ms)


def _readers(cabinet: Cabinet, post: Post, up_ms: Callable[[], int]) -> tuple[Part, ...]:
    parts: list[Part] = []
    reader = cabinet.scanner
    if reader.port is not None and reader.kind == "wedge":
        from drivers.readers.keys import WedgeScanner  # noqa: PLC0415

        parts.append(WedgeScanner(reader.port, post, post, up_ms))
    elif reader.port is not None and reader.kind != "none":
        from drivers.readers.scanner import ScannerKind, SerialScanner  # noqa: PLC0415

        parts.append(SerialScanner(reader.port, ScannerKind(reader.kind), post, post, up_ms))
    if cabinet.keypad is not None:
        from drivers.readers.keys import NumberPad  # noqa: PLC0415

        parts.append(NumberPad(cabinet.keypad, post, post))
    return tuple(parts)
