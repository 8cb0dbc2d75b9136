"""The whole guided start: a real central on loopback, fake boards on a pty, power cuts at every write."""

from __future__ import annotations

import itertools
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from kiosk import identity
from kiosk.commission.session import Answer, Asked
from kiosk.config import load
from kiosk.setup import pages, vault
from kiosk.setup.place import SEALED, UNFINISHED, configured, facts
from kiosk.setup.report import to_read
from kiosk.setup.steps import Said, Step, next_step
from sync.central.enrolments import new_code
from sync.central.settings import load_settings
from sync.central.store import Store
from sync.central.tables import Kiosk
from sync.enrolment_letter import Letter
from tests.kiosk.setup.person import Bench, Person
from tests.kiosk.station import WALL_MS
from tests.sync.world import serving
from ui.service_screens import Wizard

PLACE = {"unit": "P.Bình Tiên", "address": "123 Đường Số 45"}


class CutError(BaseException):
    """The power fails here."""


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    made = Bench(tmp_path)
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    clock = itertools.count(WALL_MS, 7_000)
    made = Store(replace(load_settings(tmp_path / "central", {}), port=0), clock.__next__)
    yield made
    made.close()


@pytest.fixture
def url(store: Store) -> Iterator[str]:
    with serving(store) as address:
        yield address


def letter(store: Store, url: str, kiosk: str = "bt1") -> str:
    code = new_code(store, kiosk, **PLACE)
    return Letter(code, url, kiosk, "Phường Bình Tiên", PLACE["address"]).text


def epoch_at(store: Store) -> int:
    with store.begin() as session:
        return session.get_one(Kiosk, "bt1").epoch


def finished(bench: Bench, store: Store) -> None:
    """Everything that a start leaves when it has ended."""
    place = bench.place
    config = load(place.config)
    assert (config.kiosk, config.unit) == ("bt1", "Phường Bình Tiên")
    assert {(w.compartment, w.channel, w.proven) for w in config.cabinet.wiring} == {
        (1, 2, True),
        (2, 1, True),
    }
    assert sorted(path.name for path in place.credstore.iterdir()) == sorted(
        f"kiosk.{name}" for name in SEALED
    )
    assert [name for name in SEALED if (config.keys / name).exists()] == []
    assert not place.opened.exists()
    with vault.opened(place, config.keys) as keys:
        held = identity.enrolment(keys)
        kids = [identity.run_keys(keys).statement.kid, identity.transport_key(keys).kid]
    assert (held.kiosk, held.epoch, epoch_at(store)) == ("bt1", 1, 1)
    assert held.central.kid == store.settings.signer.kid
    report = place.report.read_text(encoding="utf-8")
    assert [kid for kid in (*kids, held.central.kid) if kid not in report] == []
    assert "Cửa đã thử: 2/2" in report
    assert "battery clock" in report
    assert "kiosk run" not in report
    assert not place.unfinished.exists()
    assert bench.cabinet.dangers() == ()
    assert not [path.name for path in place.folder.rglob("*.part")]


def test_from_a_bare_machine_to_services_that_start(bench: Bench, store: Store, url: str) -> None:
    bench.real_doors = True
    person = bench.person(letter(store, url))
    assert bench.guide(person).run() == 0
    finished(bench, store)
    units = "kiosk.target kiosk.service kiosk-sync.service"
    assert bench.asked_of_systemd() == [f"enable {units}", f"start --no-block {units}"]
    assert person.keys()[0] == "setup.welcome"
    assert person.keys()[-1] == "setup.started"
    text = bench.place.report.read_text(encoding="utf-8")
    assert person.told[-len(text.splitlines()) :] == text.splitlines()
    head = to_read(text)
    assert head.startswith("Biên bản bàn giao tủ bt1\nNgày 21/11/2026 14:03 (giờ đã đồng bộ)")
    assert re.search(r"SHA-256 [0-9a-f]{64}$", head)
    with bench.cabinet.hands() as cabinet:
        assert [run.compartment for run in cabinet.coil_runs()] == [2, 1]


def test_a_kiosk_that_is_set_up_asks_nothing(bench: Bench, store: Store, url: str) -> None:
    assert bench.guide(bench.person(letter(store, url))).run() == 0
    again = bench.person("")
    assert bench.guide(again).run() == 0
    assert again.pages == []


def test_whoever_stops_anywhere_goes_on_there(bench: Bench, store: Store, url: str) -> None:
    text, stopped = letter(store, url), []

    def stop_once(page: Asked) -> Answer | None:
        offered = "stop" in page.choices and page.title.key not in stopped
        if offered and page.title.key != "wizard.looking":
            stopped.append(page.title.key)
            return "stop"
        return bench.wall(page)

    for _ in range(40):
        person = bench.person(text)
        person.instead = stop_once
        bench.push_all()
        if bench.guide(person).run() == 0:
            break
    finished(bench, store)
    wanted = {"setup.letter", "setup.is", "setup.commission", "setup.gear.scan"}
    assert wanted <= set(stopped)


@pytest.mark.parametrize("what", ["replace", "fsync", "unlink", "rename", "mkdir"])
def test_the_power_may_fail_at_any_write(
    bench: Bench, store: Store, url: str, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    text, cuts = letter(store, url), 0
    bench.real_doors = "KIOSK_POWER_CUTS" in os.environ  # seven seconds a round
    owner: Any = os if what == "fsync" else Path
    real = getattr(owner, what)
    for until in range(200):
        left = itertools.count(until, -1)

        def cut(*arguments: object, left: Iterator[int] = left, **named: object) -> object:
            if next(left) == 0:
                raise CutError
            return real(*arguments, **named)

        with monkeypatch.context() as patch:
            patch.setattr(owner, what, cut)
            person = bench.person(text)
            try:
                assert bench.guide(person).run() == 0
                break
            except CutError:
                cuts += 1
        bench.push_all()
    assert cuts
    finished(bench, store)


def test_after_the_enrolment_a_power_cut_asks_for_no_code_again(
    bench: Bench, store: Store, url: str
) -> None:
    person = bench.person(letter(store, url))

    def cut(page: Asked) -> Answer | None:
        if page.title.key == "setup.commission":
            raise CutError
        return None

    person.instead = cut
    with pytest.raises(CutError):
        bench.guide(person).run()
    again = bench.person("no letter at all")
    assert bench.guide(again).run() == 0
    assert not [page for page in again.pages if page.title.key == "setup.letter"]
    finished(bench, store)


def troubled(bench: Bench, person: Person, mend: dict[str, Answer]) -> list[str]:
    """Every trouble that was told; `mend` says what is answered to the first of each."""
    told: list[str] = []

    def instead(page: Asked) -> Answer | None:
        heed = page.heed if isinstance(page, Wizard) else None
        if heed is not None and heed.key.startswith("setup."):
            told.append(heed.key)
            if heed.key in mend:
                return mend.pop(heed.key)
        return bench.wall(page)

    person.instead = instead
    bench.guide(person).run()
    return told


def test_a_used_code_is_told_and_another_one_goes(bench: Bench, store: Store, url: str) -> None:
    used = letter(store, url)
    person = bench.person(used)
    fresh = letter(store, url)  # it ends the one before

    def give_the_fresh_one(page: Asked) -> Answer | None:
        if page.title.key == "setup.enrol.not":
            person.letter = fresh
            return "other_code"
        return bench.wall(page)

    person.instead = give_the_fresh_one
    assert bench.guide(person).run() == 0
    assert "setup.enrol.enrolment-code" in person.heeds()
    finished(bench, store)


def test_without_a_network_it_says_so_and_spends_no_code(
    bench: Bench, store: Store, url: str
) -> None:
    text = letter(store, "http://127.0.0.1:1")
    told = troubled(bench, bench.person(text), {"setup.network.down": "stop"})
    assert told == ["setup.network.down"]
    assert bench.place.unfinished.exists()
    assert next_step(facts(bench.place, configured(bench.place)), Said(begun=True)) is Step.LETTER
    person = bench.person(text.replace("http%3A%2F%2F127.0.0.1%3A1", url.replace(":", "%3A")))
    assert bench.guide(person).run() == 0
    finished(bench, store)


def test_another_central_than_the_codes_is_not_believed(
    bench: Bench, store: Store, tmp_path: Path
) -> None:
    other = Store(replace(load_settings(tmp_path / "other", {}), port=0), lambda: WALL_MS)
    with serving(other) as elsewhere:
        text = letter(store, elsewhere)
        person = bench.person(text)
        told = troubled(bench, person, {"setup.enrol.enrolment-code": "stop"})
    other.close()
    assert told == ["setup.enrol.enrolment-code"]
    assert not facts(bench.place, configured(bench.place)).enrolled


class Portal(BaseHTTPRequestHandler):
    """Answers everything with a page to log in on."""

    def do_GET(self) -> None:
        body = b"<html>Wi-Fi</html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


def test_a_captive_portal_is_not_taken_for_central(bench: Bench, store: Store) -> None:
    with HTTPServer(("127.0.0.1", 0), Portal) as portal:
        threading.Thread(target=portal.serve_forever, daemon=True).start()
        person = bench.person(letter(store, f"http://127.0.0.1:{portal.server_port}"))
        told = troubled(bench, person, {"setup.network.strange": "stop"})
        portal.shutdown()
    assert told == ["setup.network.strange"]


def test_a_bare_code_is_asked_for_the_rest(bench: Bench, store: Store, url: str) -> None:
    person = bench.person(new_code(store, "bt1", **PLACE).text)
    person.facts = {
        "url": url,
        "kiosk": "bt1",
        "unit": "Phường Bình Tiên",
        "address": PLACE["address"],
    }
    assert bench.guide(person).run() == 0
    finished(bench, store)


def test_a_letter_comes_from_a_stick(bench: Bench, store: Store, url: str) -> None:
    person = bench.person("")
    bench.sticks = ("HE1.other", letter(store, url))

    def stick(page: Asked) -> Answer | None:
        return "stick" if page.title.key == "setup.letter" else bench.wall(page)

    def clean(page: Asked) -> Answer | None:
        heed = getattr(page, "heed", None)
        if heed is not None and heed.key == "setup.letter.many":
            bench.sticks = bench.sticks[1:]
        return stick(page)

    person.instead = clean
    assert bench.guide(person).run() == 0
    finished(bench, store)


def test_a_machine_that_cannot_seal_says_so_and_leaves_files(
    bench: Bench, store: Store, url: str
) -> None:
    person = bench.person(letter(store, url))
    place = replace(bench.place, seal=(), systemctl=())
    assert bench.guide(person, place=place).run() == 0
    report = place.report.read_text(encoding="utf-8")
    assert "chưa niêm phong" in report
    assert person.pages[-1] == pages.started(services=False)
    assert identity.enrolment(load(place.config).keys).epoch == 1
    assert not (place.folder / UNFINISHED).exists()


def test_a_failing_sealer_destroys_no_key(bench: Bench, store: Store, url: str) -> None:
    place = replace(bench.place, seal=("false",))
    person = bench.person(letter(store, url))

    def stop(page: Asked) -> Answer | None:
        return "stop" if page.title.key == "setup.failed" else bench.wall(page)

    person.instead = stop
    assert bench.guide(person, place=place).run() == 1
    config = configured(place)
    assert config is not None
    assert all((config.keys / name).exists() for name in SEALED)
    assert bench.guide(bench.person("")).run() == 0  # a sealer that works
    finished(bench, store)
