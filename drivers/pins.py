"""Pins of the Pi's header as outputs and switches, through gpiozero.

The law of this file: an output starts at its *off* level and never passes through another one, and
whatever goes wrong underneath leaves here as a `PinError`. gpiozero's own lgpio pins claim an output
at level 0 and write the wanted level afterwards, which makes every active-low relay click at start;
`header` gives pins that claim at the wanted level in one call. lgpio is imported there and not
before: it exists on the Pi only (Debian: python3-lgpio), and its import makes a FIFO in the working
folder, which must therefore be writable.

Pin numbers are BCM numbers, 0 to 27. Everything may be called from any thread of one process; after
a fork lines read as busy.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol, cast

from gpiozero import InputDevice, OutputDevice
from gpiozero.exc import GPIOZeroError

PINS = range(28)  # of the 40-pin header
# Those with a pull-up from power-on until a program takes them; 9 to 27 are pulled down.
PULLED_UP_AT_POWER_ON = range(9)

# What can fail below, whichever factory is in use.
_FAILURES = (GPIOZeroError, OSError)
_CALLS = (
    "__init__",
    "close",
    "_get_function",
    "_set_function",
    "_get_state",
    "_set_state",
    "_get_pull",
    "_set_pull",
)


class PinError(OSError):
    """A pin cannot be had, read or written; the text says which and why."""


class Factory(Protocol):
    """A gpiozero pin factory; opened once per process, closed by who opened it."""

    def close(self) -> None:
        """Give the chip back."""
        ...


def header(chip: int | None = None) -> Factory:
    """The header's pins through lgpio; `chip` is the n of /dev/gpiochipN, None: as the Pi's model says.

    PinError: lgpio is not installed, the chip is not there, or this user may not open it.
    """
    try:
        lgpio, pins = import_module("lgpio"), import_module("gpiozero.pins.lgpio")
    except ImportError as error:
        raise PinError(
            "GPIO needs lgpio, which is not installed: on the Pi run 'sudo apt install python3-lgpio'"
        ) from error
    try:
        factory = pins.LGPIOFactory(chip)
    except (*_FAILURES, lgpio.error) as error:
        raise PinError(
            f"the GPIO chip cannot be opened ({error}): is this a Raspberry Pi, and is this user in "
            "the group gpio?"
        ) from error
    factory.pin_class = level_first(pins.LGPIOPin, lgpio.gpio_claim_output, lgpio.error)
    return cast(Factory, factory)


def level_first(
    pin_class: type, claim_output: Callable[[int, int, int], object], failure: type[Exception]
) -> type:
    """An lgpio pin class whose outputs are claimed at their level in one call, no 0 in between.

    `failure` is what the library raises; it becomes `PinError`.
    """

    def output_with_state(pin: Any, state: object) -> None:  # noqa: ANN401 - gpiozero ships no types
        claim_output(pin.factory._handle, pin._number, int(bool(state)))  # noqa: SLF001 - no other way

    def translated(call: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*args: object) -> object:
            try:
                return call(*args)
            except failure as error:
                raise PinError(f"the GPIO chip refused: {error}") from error

        return wrapped

    calls = {name: translated(getattr(pin_class, name)) for name in _CALLS}
    calls["output_with_state"] = translated(output_with_state)
    return type("LevelFirstPin", (pin_class,), calls)


class Output:
    """Something switched by a pin: a relay, a light, a buzzer. Off from the first moment."""

    def __init__(self, pin: int, *, factory: Factory, active_high: bool = True) -> None:
        """PinError: the pin cannot be had, or is in use already."""
        self._pin = pin
        try:
            self._device = OutputDevice(
                pin, active_high=active_high, initial_value=False, pin_factory=factory
            )
        except _FAILURES as error:
            raise PinError(f"GPIO{pin} cannot be used as an output: {error}") from error

    def put(self, *, on: bool) -> None:
        """Switch. PinError: nobody knows what it is now."""
        try:
            if on:
                self._device.on()
            else:
                self._device.off()
        except _FAILURES as error:
            raise PinError(f"GPIO{self._pin} cannot be written: {error}") from error

    def is_on(self) -> bool:
        """The level of the pin, read back; it proves nothing about what hangs on it. PinError."""
        try:
            return bool(self._device.value)
        except _FAILURES as error:
            raise PinError(f"GPIO{self._pin} cannot be read: {error}") from error

    def close(self) -> None:
        """Off, then give the pin back as an input. Safe twice. PinError: it could not be put off."""
        if self._device.closed:
            return
        try:
            self._device.off()
        except _FAILURES as error:
            raise PinError(f"GPIO{self._pin} cannot be put off: {error}") from error
        finally:
            _give_back(self._device)


class Switch:
    """A contact between a pin and ground, held up by the Pi's pull-up."""

    def __init__(self, pin: int, *, factory: Factory) -> None:
        """PinError: the pin cannot be had, or is in use already."""
        self._pin = pin
        try:
            self._device = InputDevice(pin, pull_up=True, pin_factory=factory)
        except _FAILURES as error:
            raise PinError(f"GPIO{pin} cannot be used as an input: {error}") from error

    def is_closed(self) -> bool:
        """Whether the contact joins its pin to ground now; not debounced. PinError: not readable."""
        try:
            return bool(self._device.value)
        except _FAILURES as error:
            raise PinError(f"GPIO{self._pin} cannot be read: {error}") from error

    def close(self) -> None:
        """Give the pin back. Safe twice."""
        _give_back(self._device)


def _give_back(device: Any) -> None:  # noqa: ANN401 - gpiozero ships no types
    try:
        device.close()
    except _FAILURES as error:
        raise PinError(f"a GPIO pin cannot be given back: {error}") from error
