"""A ward in service: enrolled by code, one result in the cabinet, its citizen told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kiosk.station import KIOSK, WALL_MS
from tests.loss.ward import Ward

Code = Callable[[], str]


@pytest.fixture
def ward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Ward]:
    held: list[Ward] = []
    monkeypatch.setattr("kiosk.clock.wall_ms", lambda: held[0].time() if held else WALL_MS)
    made = Ward(tmp_path)
    held.append(made)
    made.enroll(code_in(capsys.readouterr().out))
    made.add_staff()
    made.power_on()
    made.sync()
    yield made
    made.close()


def code_in(printed: str) -> str:
    """The enrolment code as it stands on the terminal."""
    return str(re.findall(r"^HE1\.\S+$", printed, re.MULTILINE)[-1])


@pytest.fixture
def a_code(ward: Ward, capsys: pytest.CaptureFixture[str]) -> Code:
    """`kiosk central FOLDER --enrolment-code KIOSK`, read off the terminal."""

    def ask() -> str:
        capsys.readouterr()
        assert ward.central("--enrolment-code", KIOSK) == 0
        return code_in(capsys.readouterr().out)

    return ask
