"""How one device stands, told when it changes and only then.

The law of this file: a device is taken for well until it is found not to be; the same trouble is told once.
"""

from __future__ import annotations

from drivers.devices import Device, DeviceState, Tell, Trouble


class Standing:
    """The trouble of one device; for the one thread that serves it."""

    def __init__(self, tell: Tell, device: Device, name: str = "") -> None:
        self._tell = tell
        self._device = device
        self._name = name
        self._trouble = Trouble.NONE

    @property
    def trouble(self) -> Trouble:
        """What was found last."""
        return self._trouble

    def now(self, trouble: Trouble) -> None:
        """Found just now; tells of it when it is news."""
        if trouble is not self._trouble:
            self._trouble = trouble
            self._tell(DeviceState(self._device, trouble, self._name))
