"""The guided start in parts: what is next, keys and the real sealer, the touchscreen, the report."""

from __future__ import annotations

import itertools
import os
import stat
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from drivers.readers import keycodes
from drivers.readers.grabbed import EV_KEY, EVENT
from kiosk import identity
from kiosk.cli import main
from kiosk.commission.session import STOP, Text
from kiosk.commission.terminal import blocks
from kiosk.commission.touch import BACK, TYPE, TouchConsole
from kiosk.hardware import Reader
from kiosk.setup import gear, pages, stick, vault
from kiosk.setup.place import SEAL, SEALED, Place
from kiosk.setup.qr import pattern
from kiosk.setup.steps import Facts, Said, Step, done, next_step
from sync.keys import new_signing_key
from tests.kiosk.setup.person import Bench
from ui.face import Face
from ui.hands import Action, Keyed, Pressed
from ui.screens import Frame
from ui.setup_screens import KEY_PAGES
from ui.sizes import ScreenSize

NEW = Facts(
    configured=False,
    enrolled=False,
    sealed=False,
    commissioned=False,
    reported=False,
    unfinished=False,
)
ALL = Said(begun=True, letter=True, gear=True, doctor=True)
ORDER = list(Step)


def test_the_steps_come_in_their_order() -> None:
    stands, said, came = NEW, Said(), []
    learnt = {
        Step.WELCOME: lambda f, s: (replace(f, unfinished=True), replace(s, begun=True)),
        Step.LETTER: lambda f, s: (f, replace(s, letter=True)),
        Step.ENROL: lambda f, s: (replace(f, configured=True, enrolled=True), s),
        Step.SEAL: lambda f, s: (replace(f, sealed=True), s),
        Step.COMMISSION: lambda f, s: (replace(f, commissioned=True), s),
        Step.GEAR: lambda f, s: (f, replace(s, gear=True)),
        Step.DOCTOR: lambda f, s: (f, replace(s, doctor=True)),
        Step.REPORT: lambda f, s: (replace(f, reported=True), s),
        Step.START: lambda f, s: (replace(f, unfinished=False), s),
    }
    while (step := next_step(stands, said)) is not Step.DONE:
        came.append(step)
        stands, said = learnt[step](stands, said)
    assert came == ORDER[:-1]


def test_whatever_the_disk_says_a_step_is_never_before_what_it_needs() -> None:
    for bits in itertools.product((False, True), repeat=6):
        stands = Facts(*bits)
        step = next_step(stands, ALL)
        if step is Step.DONE:
            assert (stands.configured, stands.reported, stands.unfinished) == (True, True, False)
        elif ORDER.index(step) > ORDER.index(Step.ENROL):
            assert (stands.configured, stands.enrolled) == (True, True)
        assert len(done(stands)) < len(ORDER)


def test_every_page_that_is_shown_offers_a_way_on(tmp_path: Path) -> None:
    code = pattern("x")
    shown = (
        pages.welcome(NEW),
        pages.welcome(replace(NEW, enrolled=True)),
        pages.wants_letter(None, again=True),
        pages.identity("a", "b", "c", "d"),
        pages.failed(Step.SEAL, f"{tmp_path}/{'x' * 90}: no room"),
        pages.not_enrolled("enrolment-code", "why"),
        pages.not_enrolled("something else", "why"),
        pages.doctor(()),
        pages.report("bt1", tmp_path, code, printed=None),
    )
    assert [page for page in shown if not page.choices] == []
    assert pages.not_enrolled("enrolment-code", "").choices[0] == "other_code"
    assert max(len(word) for word in pages.legible("/" * 200 + " b").split()) <= 28


def keys_in(folder: Path) -> dict[str, bytes]:
    identity.make(folder)
    identity.keep_enrolment(folder, identity.Enrolment("bt1", 1, new_signing_key()))
    return {name: (folder / name).read_bytes() for name in SEALED}


def test_systemds_own_sealer_takes_and_gives_every_key(tmp_path: Path) -> None:
    if not vault.can_seal(SEAL):
        pytest.skip("NOT CHECKED: systemd-creds and root are wanted")
    place = Place(tmp_path / "kiosk.toml", tmp_path / "creds", opened=tmp_path / "open")
    keys = tmp_path / "keys"
    before = keys_in(keys)
    vault.seal(place, keys)
    assert list(keys.iterdir()) == []
    sealed = {path.name: path.read_bytes() for path in place.credstore.iterdir()}
    assert sorted(sealed) == sorted(f"kiosk.{name}" for name in SEALED)
    assert not [name for name, raw in before.items() if raw in sealed[f"kiosk.{name}"]]
    with vault.opened(place, keys) as opened:
        assert {name: (opened / name).read_bytes() for name in SEALED} == before
        assert {stat.S_IMODE(path.stat().st_mode) for path in opened.iterdir()} == {0o600}
        assert os.environ["CREDENTIALS_DIRECTORY"] == str(opened)
    assert not place.opened.exists()
    assert "CREDENTIALS_DIRECTORY" not in os.environ


def test_new_keys_take_the_place_of_sealed_ones_and_only_of_sealed_ones(bench: Bench) -> None:
    place, keys = bench.place, bench.folder / "keys"
    first = keys_in(keys)
    assert not vault.renew(place, keys)
    assert {name: (keys / name).read_bytes() for name in SEALED} == first
    vault.seal(place, keys)
    second = keys_in(keys)
    assert second != first
    assert vault.renew(place, keys)
    assert list(keys.iterdir()) == []
    with vault.opened(place, keys) as opened:
        assert {name: (opened / name).read_bytes() for name in SEALED} == second


def test_a_question_for_a_text_is_answered_by_fingers_a_keyboard_or_a_scanner() -> None:
    face = Face(ScreenSize())
    console = TouchConsole(face, Frame("", "", "", None), lambda: 0, lambda: datetime(2026, 11, 21))  # noqa: DTZ001
    page = pages.wants_letter(None, again=False)
    try:
        console.show(page)
        assert not face.tap(Action.DIGIT, "a")  # the keys were not asked for
        assert face.tap(Action.CHOOSE, TYPE)
        assert console.poll() == []
        console.show(page)
        for keys, letter in ((KEY_PAGES[0], "h"), (KEY_PAGES[0], "e")):
            assert letter in keys
            assert face.tap(Action.DIGIT, letter)
        assert console.poll() == []
        console.show(page)
        assert face.tap(Action.CONFIRM)
        assert console.poll() == [Text("he")]
        console.show(page)
        assert face.tap(Action.CHOOSE, BACK)
        assert console.poll() == []
        for heard in (*map(Keyed, "HE1.ABCD\b"), Keyed("\n")):
            answer = console._answer(heard)
        assert answer == Text("HE1.ABC")
        console.show(page)
        assert face.tap(Action.CHOOSE, STOP)
        assert console.poll() == [STOP]
    finally:
        face.close()


def test_tones_join_the_letter_before_them() -> None:
    face = Face(ScreenSize())
    console = TouchConsole(face, Frame("", "", "", None), lambda: 0, lambda: datetime(2026, 11, 21))  # noqa: DTZ001
    try:
        console.show(pages.wants_fact("unit"))
        for key in "Tiê\u0301n":
            console._answer(Pressed(Action.DIGIT, key))
        assert console._answer(Pressed(Action.CONFIRM)) == Text("Tiến")
    finally:
        face.close()


def test_a_code_for_a_terminal_is_dark_on_light_with_a_border() -> None:
    rows = blocks(("10", "01"))
    assert len({len(row) for row in rows}) == 1
    assert rows[0] == "█" * 6
    assert rows[1] == "██▄▀██"


def test_letters_on_a_stick_are_plain_short_files_and_no_links(tmp_path: Path) -> None:
    (tmp_path / "bt1.enrolment").write_text("HE1.x\n")
    (tmp_path / ".hidden.enrolment").write_text("HE1.y")
    (tmp_path / "note.txt").write_text("HE1.z")
    (tmp_path / "folder.enrolment").mkdir()
    (tmp_path / "link.enrolment").symlink_to("/etc/shadow")
    assert list(stick.in_folder(tmp_path)) == ["HE1.x"]


def test_the_command_in_a_terminal_begins_and_stops_with_the_end_of_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--config", str(tmp_path / "kiosk.toml"), "setup", "--trial", "--lang", "en"]
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        assert main(command) == 1
    assert "Setting up this cabinet" in capsys.readouterr().out


def test_the_centre_writes_a_letter_for_a_stick(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--unit", "P.Bình Tiên", "--address", "123 Đường Số 45"]
    where = ["--url", "https://tu.example.vn", "--letter", str(tmp_path)]
    assert main(["central", str(tmp_path / "c"), "--enrolment-code", "bt1", *place, *where]) == 0
    (letter,) = stick.in_folder(tmp_path)
    told = capsys.readouterr().out
    assert letter.startswith(told.split()[-1])
    assert "unit=Ph%C6%B0%E1%BB%9Dng" in letter
    assert (
        main(["central", str(tmp_path / "c"), "--enrolment-code", "bt1", "--url", "ftp://x"]) == 1
    )


def _typed(line: str) -> bytes:
    """Events of a US keyboard."""
    codes = {letter: code for code, letter in keycodes.PLAIN.items()}
    shifted = {letter: code for code, letter in keycodes.SHIFTED.items()}
    shift, enter = min(keycodes.SHIFTS), min(keycodes.ENTERS)
    events: list[tuple[int, int]] = []
    for letter in line:
        if letter in codes:
            events += [(codes[letter], 1), (codes[letter], 0)]
        else:
            events += [(shift, 1), (shifted[letter], 1), (shifted[letter], 0), (shift, 0)]
    events += [(enter, 1), (enter, 0)]
    return b"".join(EVENT.pack(0, 0, EV_KEY, *event) for event in events)


def test_a_scanner_that_poses_as_a_keyboard_is_heard_whole_beside_the_window(
    tmp_path: Path,
) -> None:
    code = "HE1.aZ-_9?url=https%3A%2F%2Fx&u=1"
    fifo = tmp_path / "event-kbd"
    os.mkfifo(fifo)
    ears, heard = gear.Ears((Reader("wedge", fifo),), alone=False), None
    with ears, fifo.open("wb", buffering=0) as keyboard:
        keyboard.write(_typed("https://typed.by.hand"))
        keyboard.write(_typed(code))
        while heard is None:
            heard = ears.text()
    assert heard == Text(code)
