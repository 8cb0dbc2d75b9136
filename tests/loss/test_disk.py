"""What to do when the disk is full, and when the journal is broken: docs/operations.md, step by step."""

from __future__ import annotations

import json
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from drivers.bench.wire import Pty
from kiosk.cli import main
from kiosk.core.scenes import Ready
from kiosk.demo import cast
from kiosk.demo.hands import Hands
from kiosk.demo.stage import Stage, wait_for
from kiosk.demo.story import Story
from kiosk.demo.wiring import Setup
from kiosk.journal_values import JournalError, Reason
from sync.central.tables import Row
from tests.loss.walks import walks
from tests.loss.ward import Ward

Capture = pytest.CaptureFixture[str]
SCANNER = "ttyScanner"
SOON_S = 30.0
STRANGE = f"HS1.{cast.KIOSK}." + "A" * 22


class Running:
    """A kiosk of real processes whose disk can be taken away: `run` may write no file any further."""

    def __init__(self, stack: ExitStack) -> None:
        self.stage = Stage(Setup(devices=f'[scanner]\nkind = "line"\nport = "{SCANNER}"'))
        self.scanner = Pty(self.stage.folder / SCANNER)
        stack.callback(self.scanner.unplug)
        self.scanner.plug()
        stack.enter_context(self.stage)
        self.hands = Hands(self.stage, None)
        self._pid = self.stage._processes["run"].pid

    def fill(self, *, full: bool) -> None:
        most = 1 if full else resource.RLIM_INFINITY
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def status(self, capsys: Capture) -> tuple[int, dict[str, object]]:
        capsys.readouterr()
        ended = main(["--config", str(self.stage.folder / "kiosk.toml"), "status", "--json"])
        return ended, json.loads(capsys.readouterr().out)

    def at_central(self, name: str) -> object:
        health = self.stage.office.kiosk()["health"]
        assert isinstance(health, dict)
        return health.get(name)


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as stack:
        yield Running(stack)


@pytest.mark.slow
@walks("The disk is full")
def test_it_says_so_everywhere_loses_nothing_and_comes_back_by_itself(
    running: Running, capsys: Capture
) -> None:
    stage, hands = running.stage, running.hands
    story = Story(stage, hands)
    story.registered()
    story.manifest_accepted()
    hands.see("Idle")
    rows = len(hands.statements())

    running.fill(full=True)
    running.scanner.write(STRANGE.encode() + b"\r\n")  # to be refused: nothing is shown unwritten
    hands.see("OutOfService")
    ended, told = running.status(capsys)  # 1
    assert (ended, told["state"], told["outage"]) == (1, "out_of_service", "journal")
    assert (told["journal"], told["light"]) == ("io", "alarm")
    wait_for(lambda: running.at_central("outage") == "journal", "central knows", SOON_S)
    running.scanner.unplug()  # what breaks meanwhile is not forgotten
    assert len(hands.statements()) == rows

    running.fill(full=False)  # 3
    hands.see("Idle")  # 4: by itself
    hands.wait_stated("fault", what="scanner_lost")
    running.scanner.plug()
    hands.wait_stated("fault_cleared", what="scanner_lost")
    wait_for(lambda: running.status(capsys)[1]["state"] == "serves", "it serves", SOON_S)
    wait_for(lambda: running.at_central("serving") is True, "central knows", SOON_S)
    arguments = ["--config", str(stage.folder / "kiosk.toml"), "journal", "verify"]
    assert main(arguments) == 0  # 5


def damage(path: Path) -> None:
    """One letter of the newest row is another."""
    with sqlite3.connect(path) as file:
        (newest,) = file.execute("SELECT compact FROM statements ORDER BY seq DESC").fetchone()
    file.close()
    data = bytearray(path.read_bytes())
    data[data.rindex(newest[-40:].encode())] ^= 1
    path.write_bytes(data)


@walks("The journal is broken")
def test_the_broken_one_is_kept_and_a_new_epoch_finds_the_papers(
    ward: Ward, a_code: Callable[[], str], tmp_path: Path, capsys: Capture
) -> None:
    result = ward.register()
    ward.sync()
    (place,) = ward.load(result)
    ward.sync()
    ward.power_off()
    damage(ward.card.path)
    broken = ward.card.path.read_bytes()
    with pytest.raises(JournalError) as caught:
        ward.power_on()
    assert caught.value.reason is Reason.DAMAGED  # and the screen: out of service, until 1

    shutil.copytree(ward.card.config.data, tmp_path / "stick" / "data")  # 2
    capsys.readouterr()
    assert ward.command("journal", "verify") == 1  # 3
    assert "row " in capsys.readouterr().out
    ward.enroll(a_code())  # 4, 5
    kept = ward.card.config.data / "journal-before-epoch-2.db"
    assert kept.read_bytes() == broken
    kiosk = ward.power_on()  # 6
    assert kiosk.journal.head.seq == 1
    ward.sync()
    ward.audit()  # 7
    ward.sync()
    ward.collect(result[0], place)
    assert not ward.stands(Ready)
    ward.sync()
    with ward.store.begin() as session:
        epochs = {row.epoch for row in session.query(Row)}
    assert epochs == {1, 2}
    assert ward.received() == ward.written()
    assert ward.command("journal", "verify") == 0
