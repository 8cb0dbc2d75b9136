"""The power goes between any two steps, and the process is killed for real."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from kiosk.journal import Journal
from sync.keys import save_key
from tests.contract.journal_contract import (
    ENCODING,
    EPOCH,
    KEY,
    KIOSK,
    PLENTY,
    accept,
    checkpoint,
    fill,
)

ACKNOWLEDGED = 200  # rows after which the writer is killed


def _open(path: Path) -> Journal:
    return Journal.open(path, kiosk=KIOSK, epoch=EPOCH, key=KEY)


def picture(path: Path, folder: Path) -> Path:
    """What a card would hold if the power went now: the files, without SQLite's shared memory."""
    folder.mkdir()
    for name in ("journal.db", "journal.db-wal"):
        if path.with_name(name).exists():
            shutil.copy(path.with_name(name), folder / name)
    return folder / "journal.db"


def test_every_boundary_of_a_story_opens_with_all_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "live" / "journal.db"
    journal = _open(path)
    steps: list[Callable[[], object]] = [
        lambda: fill(journal, 2),
        lambda: accept(journal, 7, "sealed-7"),
        lambda: checkpoint(journal, b"state"),
        lambda: fill(journal, 6),
    ]
    for number, step in enumerate(steps):
        step()
        after = _open(picture(path, tmp_path / f"cut{number}"))
        assert after.head == journal.head
        assert after.in_force() == journal.in_force()
        assert list(after.verify()) == []
        fill(after, journal.head.seq + 2)
        assert list(after.verify()) == []
        after.close()
    journal.close()


def test_a_cut_inside_a_transaction_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "live" / "journal.db"
    journal = _open(path)
    fill(journal, 2)
    pictures: list[Path] = []

    def cut(*_: object) -> None:
        pictures.append(picture(path, tmp_path / f"cut{len(pictures)}"))

    sa.event.listen(journal._file.engine, "before_cursor_execute", cut)
    sa.event.listen(journal._file.engine, "after_cursor_execute", cut)
    accept(journal, 7, "sealed-7" * 5000)
    checkpoint(journal, b"state" * 5000)
    sa.event.remove(journal._file.engine, "before_cursor_execute", cut)
    sa.event.remove(journal._file.engine, "after_cursor_execute", cut)
    journal.close()
    seen = set()
    for card in pictures:
        after = _open(card)
        head = after.head.seq
        assert (after.in_force() is not None) == (head >= 3)
        assert (after.start(ENCODING).folded is not None) == (head >= 4)
        assert list(after.verify()) == []
        after.close()
        seen.add(head)
    assert seen == {2, 3, 4}


def test_a_cut_while_the_file_is_made_leaves_one_that_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "journal.db").touch()
    journal = _open(tmp_path / "journal.db")
    fill(journal, 1)
    journal.close()


WRITER = """
import sys
from pathlib import Path
from kiosk.journal import Journal
from sync.keys import load_key
from tests.contract.journal_contract import EPOCH, KIOSK, accept, checkpoint, fill

folder = Path(sys.argv[1])
key = load_key(folder / "statement.jwk")
journal = Journal.open(folder / "journal.db", kiosk=KIOSK, epoch=EPOCH, key=key)
while True:
    fill(journal, journal.head.seq + 3)
    accept(journal, journal.head.seq, "sealed" * 500)
    checkpoint(journal, b"state" * 500)
    print(journal.head.seq, journal.head.hash, flush=True)
"""


def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    save_key(tmp_path / "statement.jwk", KEY)
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged: list[tuple[int, str]] = []
        for line in writer.stdout:
            seq, name = line.split()
            acknowledged.append((int(seq), name))
            if int(seq) >= ACKNOWLEDGED:
                writer.send_signal(signal.SIGKILL)
                break
        acknowledged += [(int(seq), name) for seq, name in map(str.split, writer.stdout)]
    journal = _open(tmp_path / "journal.db")
    assert writer.returncode == -signal.SIGKILL
    assert journal.head.seq >= acknowledged[-1][0]
    assert [journal.hash_at(seq) for seq, _ in acknowledged] == [name for _, name in acknowledged]
    assert list(journal.verify()) == []
    assert len(journal.after(0, most=9999, most_bytes=100 * PLENTY)) == journal.head.seq
    journal.close()
