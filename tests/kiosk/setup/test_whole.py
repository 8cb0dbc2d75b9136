"""The whole guided start: a real central on loopback, fake boards on a pty, power cuts at every write."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.commission.session import Answer, Asked
from kiosk.setup import pages
from kiosk.setup.report import to_read
from sync.central.store import Store
from tests.kiosk.setup.outcome import finished, letter
from tests.kiosk.setup.person import Bench


class CutError(BaseException):
    """The power fails here."""


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


def test_a_pi_whose_boot_files_were_written_starts_anew_before_it_serves(
    bench: Bench, store: Store, url: str
) -> None:
    boot = bench.pi()
    person = bench.person(letter(store, url))
    assert bench.guide(person).run() == 0
    finished(bench, store)
    assert "dtparam=strict_gpiod" in (boot / "config.txt").read_text().splitlines()
    assert (boot / "config.txt.before-kiosk").read_text() == "dtparam=audio=on\n"
    assert "consoleblank=0" in (boot / "cmdline.txt").read_text().split()
    assert bench.asked_of_systemd()[1:] == ["reboot --no-block"]
    assert person.pages[-1] == pages.started(services=True, anew=True)


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
