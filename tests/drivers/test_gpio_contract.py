"""GPIO relays keep the contract of the port, on mock pins with springs and with real threads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from drivers.locks.gpio_wiring import Safeguard
from tests.contract.doors_contract import DoorsContract, DoorsRig
from tests.drivers.gpio_rig import GpioRig, wiring


class TestGpio(DoorsContract):
    @pytest.fixture(params=list(Safeguard))
    def rig(self, request: pytest.FixtureRequest) -> Iterator[DoorsRig]:
        rig = GpioRig(wiring(safeguard=request.param))
        yield rig
        rig.bank.close()
