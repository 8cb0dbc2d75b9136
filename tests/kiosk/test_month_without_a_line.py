"""Central, a stick and a kiosk, and no network at all: by the commands and at the screen (issue 3, 6)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import identity
from kiosk.cli import main
from kiosk.cli_central import settings
from kiosk.core.events import Key, Pressed
from kiosk.core.scenes import Idle
from kiosk.core.staff_scenes import Loading, LoadOpening
from kiosk.core.upkeep_scenes import Entry, KioskState, Menu, StickAct
from sync.central import cards, results
from sync.central.enrol import add_staff
from sync.central.holders import NewHolder
from sync.central.store import Store
from sync.messages import Role
from tests.kiosk.pipeline import Pipeline
from tests.kiosk.station import KIOSK, WALL_MS, Station, config_file

DOSSIER = "H29.915-261121-0001"
PIN = "135790"
TOTP = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class Month:
    """Everything on one table: central's folder, the kiosk, and the stick that goes between."""

    def __init__(self, folder: Path) -> None:
        self.central, self.usb = folder / "central", folder / "usb"
        self.usb.mkdir()
        config = config_file(folder)
        request, answer = folder / "request.json", folder / "answer.json"
        place = ("--unit", "P.Bình Tiên", "--address", "123 Đường Số 45")
        assert main(["--config", str(config), "enroll", "request", str(request)]) == 0
        enter = ["--enrol", str(request), *place, "--answer", str(answer)]
        assert main(["central", str(self.central), *enter]) == 0
        keys = identity.run_keys(folder / "data" / "keys")
        self.store = Store(settings(self.central), lambda: WALL_MS)
        add_staff(self.store, KIOSK, "7", Role.SUPERVISOR, pin=PIN, totp_secret=TOTP)
        with self.store.begin() as session:
            self.card = cards.issue(self.store, session, KIOSK, "7")
        station = Station(folder, keys, settings(self.central).signer)
        self.kiosk = Pipeline(folder, station, self.usb)
        self.kiosk.wait(500)

    def close(self) -> None:
        self.kiosk.close()
        self.store.close()

    def register(self, dossier: str) -> str:
        with self.store.begin() as session:
            new = results.NewResult(
                KIOSK, (dossier,), "NGUYỄN VĂN AN", (NewHolder("0530004821", "self", "vi"),)
            )
            return results.register(self.store, session, new).cid

    def phase(self, cid: str) -> str:
        with self.store.begin() as session:
            return results.find(self.store, session, cid)[1].phase

    def to_the_kiosk(self) -> None:
        """A manifest onto the stick; whoever is at the kiosk reads it there."""
        assert main(["central", str(self.central), "--export-manifest", KIOSK, str(self.usb)]) == 0

    def at_the_state_page(self) -> None:
        self.kiosk.give(Pressed(Key.CHOOSE, Entry.STATE))
        self.kiosk.worked()  # a stick is there
        assert isinstance(self.kiosk.scene, KioskState)

    def stick(self, act: StickAct) -> None:
        before = self.kiosk.kinds().count("staff_did")
        self.kiosk.give(Pressed(Key.CHOOSE, act))
        assert self.kiosk.kinds().count("staff_did") == before + 1
        seen = self.kiosk.kinds()
        while self.kiosk.kinds() == seen:  # besides, a stick is looked for
            self.kiosk.worked()

    def sign_in(self) -> None:
        self.kiosk.scan(self.card)
        self.kiosk.type(PIN)
        self.kiosk.worked()
        assert isinstance(self.kiosk.scene, Menu)

    def load(self, dossier: str) -> None:
        self.kiosk.scan(dossier)
        opening = self.kiosk.scene
        assert isinstance(opening, LoadOpening)
        self.kiosk.wait(500)
        self.kiosk.cabinet.put(opening.compartment, dossier)
        self.kiosk.cabinet.push(opening.compartment)
        self.kiosk.wait(500)
        loading = self.kiosk.scene
        assert isinstance(loading, Loading)
        assert loading.done_at == opening.compartment

    def exported(self) -> Path:
        return max(self.usb.glob("statements-*.json"), key=lambda file: file.stat().st_mtime_ns)


@pytest.fixture
def month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Month]:
    monkeypatch.setattr("kiosk.clock.wall_ms", lambda: WALL_MS)
    made = Month(tmp_path)
    yield made
    made.close()


def first_manifest(month: Month) -> None:
    """Nobody can sign in before one is there: the administrator offers it at the kiosk."""
    month.to_the_kiosk()
    sealed = next(month.usb.glob("*.manifest")).read_text(encoding="ascii").strip()
    assert month.kiosk.worker.open_manifest(sealed, None, 1)
    month.kiosk.worked()
    month.kiosk.wait(300)
    assert isinstance(month.kiosk.scene, Idle)


def test_a_result_goes_through_a_month_without_a_line(
    month: Month, capsys: pytest.CaptureFixture[str]
) -> None:
    cid = month.register(DOSSIER)
    first_manifest(month)
    month.sign_in()
    month.load(DOSSIER)
    month.kiosk.press(Key.BACK)
    month.at_the_state_page()
    month.stick(StickAct.EXPORT)
    rows = len(month.kiosk.payloads())
    told = month.kiosk.payloads()[-1]
    assert (told["kind"], told["outcome"]) == ("staff_did", "written")

    capsys.readouterr()
    taking = ["central", str(month.central), "--import-statements", str(month.exported())]
    assert main(taking) == 0
    assert f"{KIOSK}: {rows - 1} new, received up to {rows - 1}" in capsys.readouterr().out
    assert month.phase(cid) == "loaded"
    assert main(taking) == 0
    assert f"{KIOSK}: 0 new" in capsys.readouterr().out

    later = month.register("H29.915-261121-0002")
    for old in month.usb.glob("*.manifest"):
        old.unlink()
    month.to_the_kiosk()
    month.stick(StickAct.IMPORT)
    kinds = month.kiosk.kinds()
    assert kinds[-2:] == ["staff_did", "manifest_accepted"]
    manifest = month.kiosk.state.manifest
    assert manifest is not None
    assert (manifest.head.seq, {r.cid for r in manifest.results}) == (rows - 1, {cid, later})
    assert manifest.policy.settings == ("language", "sound")


def test_it_says_what_it_will_not_take(
    month: Month, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first_manifest(month)
    month.sign_in()
    month.at_the_state_page()
    month.stick(StickAct.EXPORT)
    lines = month.exported().read_text(encoding="utf-8").splitlines()
    file = tmp_path / "some.json"
    for rest, why in (
        (lines[2:], "gap: the rows after 0 are missing"),
        ([lines[0], '{"seq": 2, "damaged": true}'], "damaged: the kiosk calls the row after 1"),
        ([lines[0], lines[1][:-9] + 'AAAAAAAA"'], "foreign: the row after 1 is not signed"),
        (["[]"], "no export of statements: line 1"),
    ):
        file.write_text("\n".join(rest), encoding="utf-8")
        assert main(["central", str(month.central), "--import-statements", str(file)]) == 1
        assert why in capsys.readouterr().err
    holes = ["--import-statements", str(file), "--take-damaged"]
    file.write_text("\n".join([lines[0], '{"seq": 2, "damaged": true}', lines[2]]), "utf-8")
    assert main(["central", str(month.central), *holes]) == 0


@pytest.mark.parametrize(
    "wrong", [["--export-manifest", "strange", "x"], ["--import-statements", "nowhere"]]
)
def test_a_strange_kiosk_or_a_missing_file_changes_nothing(
    month: Month, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["central", str(month.central), *wrong]) == 1
    assert capsys.readouterr().err.startswith("kiosk: ")
