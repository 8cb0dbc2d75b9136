"""What devices said last, for a loop that starts anew within one run: they speak only when something changes.

A journal that fails takes the core with it, and what is told meanwhile is passed over; the next core must
know of a board that was lost then, or long before.
"""

from __future__ import annotations

from drivers.devices import Device, DeviceState, Trouble, Vitals


class LastTold:
    """The troubles that stand, and the newest figures."""

    def __init__(self) -> None:
        self._devices: dict[tuple[Device, str], DeviceState] = {}
        self._vitals: Vitals | None = None

    def heard(self, item: object) -> None:
        """Anything out of the inbox; only what devices say of themselves is kept."""
        if isinstance(item, Vitals):
            self._vitals = item
        elif isinstance(item, DeviceState):
            if item.trouble is Trouble.NONE:
                self._devices.pop((item.device, item.name), None)
            else:
                self._devices[item.device, item.name] = item

    def events(self) -> tuple[DeviceState | Vitals, ...]:
        """What a core that knows nothing yet is to be told."""
        return (*self._devices.values(), *([self._vitals] if self._vitals is not None else []))
