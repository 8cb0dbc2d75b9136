"""The simulated cabinet keeps the contract of the port, in process and over its socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.doors_contract import DoorsContract, DoorsRig
from tests.drivers.rigs import InProcess, OverSocket


class TestInProcess(DoorsContract):
    @pytest.fixture
    def rig(self) -> DoorsRig:
        return InProcess()


class TestOverSocket(DoorsContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> Iterator[DoorsRig]:
        rig = OverSocket(tmp_path)
        yield rig
        rig.close()
