"""Files on a USB stick: real folders, sealed manifests of a real office, a journal file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk import stick
from kiosk.core.effects import STICK_OFFER, ExportStick, ImportStick, LookForStick
from kiosk.core.events import Event, ManifestOpened, ManifestRefused, StickSeen
from kiosk.core.upkeep_scenes import StickAct, StickDone
from kiosk.inbox import Inbox
from kiosk.work import Worker
from sync.messages import MAX_MANIFEST_BYTES, Kind, Refusal
from tests.kiosk.station import NET_S, Station, said


class Bench:
    """A worker with a stick plugged in; what it posts is taken one by one."""

    def __init__(self, folder: Path) -> None:
        self.station = Station(folder)
        self.stick = folder / "usb"
        self.stick.mkdir()
        self.journal = self.station.journal()
        self.inbox = Inbox()
        self.worker = Worker(
            self.inbox.post,
            self.station.keys,
            self.station.enrolment,
            self.station.reader,
            self.stick,
        )

    def close(self) -> None:
        self.worker.close()
        self.journal.close()

    def answer(self) -> Event:
        event = self.inbox.take(NET_S)
        assert event is not None
        return event  # type: ignore[return-value]  # no script runs here

    def states(self, count: int) -> list[str]:
        """So many rows more; their signed texts."""
        first = self.journal.head.seq + 1
        return [
            self.journal.append(said(seq, Kind.RATED)).compact
            for seq in range(first, first + count)
        ]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_stick_is_seen_when_a_file_lies_on_it(bench: Bench) -> None:
    bench.worker.stick(LookForStick())
    assert bench.answer() == StickSeen(present=False)
    (bench.stick / "readme.txt").write_text("x")
    bench.worker.stick(LookForStick())
    assert bench.answer() == StickSeen(present=True)
    bench.close()


def test_no_folder_is_no_stick(tmp_path: Path) -> None:
    assert not stick.present(tmp_path / "nothing")
    with pytest.raises(stick.StickError, match="unreadable"):
        stick.newest_manifest(tmp_path / "nothing")


def test_the_newest_manifest_climbs_the_ladder_as_an_offer_of_its_own(bench: Bench) -> None:
    old, new = bench.stick / "a.manifest", bench.stick / "manifest.jose"
    old.write_text("an older one")
    os.utime(old, (1_000, 1_000))
    new.write_text(bench.station.sealed().jwe + "\n")
    bench.worker.stick(ImportStick(None))
    opened = bench.answer()
    assert isinstance(opened, ManifestOpened)
    assert opened.offer == STICK_OFFER
    bench.close()


def test_a_manifest_that_is_none_is_refused_by_the_ladder(bench: Bench) -> None:
    (bench.stick / "x.manifest").write_text("no such thing")
    bench.worker.stick(ImportStick(None))
    refused = bench.answer()
    assert isinstance(refused, ManifestRefused)
    assert refused.offer == STICK_OFFER
    bench.close()


def test_what_the_ladder_says_becomes_what_the_screen_says() -> None:
    assert stick.imported(7, None) == StickDone(StickAct.IMPORT, "accepted", 7)
    assert stick.imported(7, Refusal.AUDIENCE) == StickDone(StickAct.IMPORT, "audience", 7)


def nothing(_folder: Path) -> None:
    """An empty stick."""


def too_large(folder: Path) -> None:
    with (folder / "x.manifest").open("wb") as stream:
        stream.truncate(MAX_MANIFEST_BYTES + 1)


def a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "x.manifest")


def a_link(folder: Path) -> None:
    (folder / "x.manifest").symlink_to("/etc/hostname")


def hidden(folder: Path) -> None:
    (folder / ".x.manifest").write_text("half written by somebody")


@pytest.mark.parametrize(
    ("lay", "outcome"),
    [
        (nothing, "nothing"),
        (too_large, "too_large"),
        (a_pipe, "nothing"),
        (a_link, "nothing"),
        (hidden, "nothing"),
    ],
)
def test_what_is_no_manifest_is_not_offered(
    bench: Bench, lay: Callable[[Path], None], outcome: str
) -> None:
    lay(bench.stick)
    bench.worker.stick(ImportStick(None))
    assert bench.answer() == StickDone(StickAct.IMPORT, outcome)
    bench.close()


def test_the_statements_that_central_does_not_know_are_written_whole(bench: Bench) -> None:
    rows = bench.states(450)
    bench.worker.stick(ExportStick(3))
    assert bench.answer() == StickDone(StickAct.EXPORT, "written", 447)
    (file,) = bench.stick.iterdir()
    assert file.name == "statements-bt1-450.json"
    assert [json.loads(line) for line in file.read_text().splitlines()] == rows[3:]
    bench.close()


def test_nothing_to_save_writes_nothing(bench: Bench) -> None:
    bench.states(3)
    bench.worker.stick(ExportStick(3))
    assert bench.answer() == StickDone(StickAct.EXPORT, "nothing")
    assert list(bench.stick.iterdir()) == []
    bench.close()


def test_saving_again_replaces_the_file(bench: Bench) -> None:
    bench.states(2)
    for _ in range(2):
        bench.worker.stick(ExportStick(0))
        assert bench.answer() == StickDone(StickAct.EXPORT, "written", 2)
    assert len(list(bench.stick.iterdir())) == 1
    bench.close()


def test_a_stick_that_was_pulled_out_is_said_to_have_failed(bench: Bench) -> None:
    bench.states(2)
    bench.stick.rmdir()
    bench.worker.stick(ExportStick(0))
    assert bench.answer() == StickDone(StickAct.EXPORT, "failed")
    bench.close()


@pytest.mark.parametrize(
    ("number", "outcome"),
    [(30, "read_only"), (28, "full"), (5, "failed")],  # EROFS, ENOSPC, EIO
)
def test_a_failure_in_the_middle_leaves_no_file_that_anybody_reads(
    tmp_path: Path, number: int, outcome: str
) -> None:
    def lines() -> list[str]:
        raise OSError(number, "as the system says it")

    class Breaking:
        def __iter__(self) -> object:
            return iter(lines())

    with pytest.raises(stick.StickError, match=outcome):
        stick.write_statements(tmp_path, "statements.json", Breaking())  # type: ignore[arg-type]  # breaks
    assert list(tmp_path.iterdir()) == []
