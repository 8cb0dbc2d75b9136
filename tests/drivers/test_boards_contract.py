"""Every serial family on a pty keeps the contract of the port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.locks.families import FAMILIES
from tests.contract.doors_contract import DoorsContract, DoorsRig
from tests.drivers.boards_rig import BoardsRig


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class TestBoards(DoorsContract):
    @pytest.fixture
    def rig(self, tmp_path: Path, family: str) -> Iterator[DoorsRig]:
        rig = BoardsRig(tmp_path, family)
        yield rig
        rig.close()
