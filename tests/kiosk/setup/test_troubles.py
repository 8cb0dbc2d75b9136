"""What can stand against a guided start: codes, networks, centrals, sealers."""

from __future__ import annotations

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from kiosk import identity
from kiosk.commission.session import Answer, Asked
from kiosk.config import load
from kiosk.setup import pages
from kiosk.setup.place import SEALED, UNFINISHED, configured, facts
from kiosk.setup.steps import Said, Step, next_step
from sync.central.enrolments import new_code
from sync.central.settings import load_settings
from sync.central.store import Store
from tests.kiosk.setup.outcome import PLACE, finished, letter
from tests.kiosk.setup.person import Bench, Person
from tests.kiosk.station import WALL_MS
from tests.sync.world import serving
from ui.service_screens import Wizard


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


def test_services_that_cannot_be_started_leave_the_start_unfinished(
    bench: Bench, store: Store, url: str
) -> None:
    person = bench.person(letter(store, url))
    systemctl = Path(bench.place.systemctl[0])
    works = systemctl.read_text()
    systemctl.write_text(f"{works}case $1 in start) exit 1;; esac\n")
    told = troubled(bench, person, {"setup.why": "stop"})
    assert told == ["setup.why"]
    assert bench.place.unfinished.exists()
    systemctl.write_text(works)
    again = bench.person("")
    assert bench.guide(again).run() == 0
    assert [page.title.key for page in again.pages][:2] == ["setup.welcome.again", "setup.report"]
    finished(bench, store)


def test_a_broken_configuration_and_a_folder_that_cannot_be_made_are_told(bench: Bench) -> None:
    bench.place.folder.mkdir()
    bench.place.config.write_text("kiosk =")
    assert troubled(bench, bench.person(""), {"setup.why": "stop"}) == ["setup.why"]
    bench.place.config.unlink()
    bench.place.folder.rmdir()
    bench.place.folder.write_text("a file is in the way")
    assert troubled(bench, bench.person(""), {"setup.why": "stop"}) == ["setup.why"]
