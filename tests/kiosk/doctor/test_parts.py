"""Wires, clock, services, screen and sound: what each sentence follows from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.clock import BATTERY_CLOCK, SYNCED_FLAG, Source
from kiosk.core.memory import empty
from kiosk.doctor import clocks, media, places, services, wires
from kiosk.doctor.findings import Finding, Level, numbers
from kiosk.doctor.serving import Serving
from kiosk.version import BUILT_MS
from tests.kiosk.doctor.ward import (
    FAILED,
    OK,
    TOP,
    WARNING,
    Ward,
    boards,
    configured,
    gpio,
    levels,
    one,
)
from tests.kiosk.station import WALL_MS
from ui import probe
from ui.probe import Display, Mixer

STOPPED = Serving(there=False)
TWO_BOARDS = boards("/dev/x").replace("board = 1\nchannel = 2", "board = 2\nchannel = 2")


def wired(folder: Path, cabinet: str) -> list[Finding]:
    return list(wires.check(configured(folder, cabinet).cabinet))


# Wires


@pytest.mark.parametrize("text", [boards("/dev/x"), TWO_BOARDS, gpio()])
def test_wires_that_fit_are_fine(tmp_path: Path, text: str) -> None:
    assert levels(wired(tmp_path, text)) == {"wires": OK, "proven doors": OK}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (boards("/dev/x", "pulse_ms = 700"), "a pulse of 700 ms is not in 300 to 300"),
        (boards("/dev/x").replace("channel = 2", "channel = 99"), "channel 99 is not in"),
        (boards("/dev/x").replace("board = 1", "board = 200"), "board 200 is not in"),
        (gpio([(4, 27)]), "GPIO4 is pulled up from power-on"),
        (gpio().replace("lock_pin = 17", "lock_pin = 17\npulse_ms = 2500"), "2500 ms is out of"),
    ],
)
def test_wires_that_drivers_refuse_fail(tmp_path: Path, text: str, words: str) -> None:
    found = [f for f in wired(tmp_path, text) if f.level is FAILED]
    assert found
    assert all(f.name == "wires" and f.what_to_do for f in found)
    assert words in found[0].words


def test_a_bus_on_which_nothing_hangs_fails(tmp_path: Path) -> None:
    spare = '[[bus]]\nname = "b"\nfamily = "wkly"\nport = "/dev/y"\n'
    found = [f for f in wired(tmp_path, boards("/dev/x") + spare) if f.level is FAILED]
    assert [f.words for f in found] == ["nothing hangs on bus b"]


def test_unproven_doors_are_named(tmp_path: Path) -> None:
    found = one(wired(tmp_path, boards("/dev/x", "proven = false")), "proven doors")
    assert (found.level, "compartment 1, 2;" in found.words) == (WARNING, True)


def test_a_proof_by_key_stands_in_the_journal_and_run_is_asked(tmp_path: Path) -> None:
    cabinet = configured(tmp_path, boards("/dev/x", "proven = false")).cabinet
    by_key = one(wires.check(cabinet, {"unproven": []}), "proven doors")
    assert (by_key.level, "1, 2 by key" in by_key.words) == (OK, True)
    half = one(wires.check(cabinet, {"unproven": [2]}), "proven doors")
    assert (half.level, "compartment 2;" in half.words) == (WARNING, True)


def test_a_simulated_scanner_before_real_doors_fails(tmp_path: Path) -> None:
    text = boards("/dev/x") + '[scanner]\nkind = "simulated"\n'
    assert one(wired(tmp_path, text), "scanner kind").level is FAILED


def test_a_simulated_cabinet_is_said_to_be_one(tmp_path: Path) -> None:
    text = '[cabinet]\ndriver = "simulated"\n[[compartment]]\nnumber = 1\nrow = 1\ncolumn = 1\n'
    assert levels(wired(tmp_path, text)) == {"wires": WARNING}


def test_several_boards_in_one_bank_are_warned_of(tmp_path: Path) -> None:
    text = TWO_BOARDS.replace("column = 1", 'column = 1\nbank = "all"')
    found = one(wired(tmp_path, text), "banks")
    assert (found.level, "whole cabinet" in found.words) == (WARNING, True)


def test_a_board_in_several_banks_is_warned_of(tmp_path: Path) -> None:
    text = boards("/dev/x").replace("row = 2", 'row = 2\nbank = "other"')
    found = one(wired(tmp_path, text), "banks")
    assert (found.level, "a/1 lies in several" in found.words) == (WARNING, True)


def test_a_panel_pin_that_serves_two_things_fails(tmp_path: Path) -> None:
    text = boards("/dev/x") + "[panel]\nlight_pin = 12\nbuzzer_pin = 12\n"
    assert one(wired(tmp_path, text), "panel pins").words == "GPIO12 serves two things of [panel]"


# Clock


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    return Ward(tmp_path)


def clock_of(ward: Ward, serving: Serving = STOPPED) -> dict[str, Level]:
    return levels(clocks.check(ward.machine, Source.TIMESYNCD, None, serving))


def test_a_synchronised_clock_with_a_battery_is_fine(ward: Ward) -> None:
    for path in (SYNCED_FLAG, BATTERY_CLOCK, Path("/sys/class/rtc/rtc0/name")):
        ward.lay(str(path))
    assert clock_of(ward) == {"clock": OK, "battery clock": OK}


def test_a_clock_that_nobody_set_is_warned_of(ward: Ward) -> None:
    assert clock_of(ward) == {"clock": WARNING, "battery clock": WARNING}
    ward.lay(str(BATTERY_CLOCK))
    ward.lay("/sys/class/rtc/rtc0/name")
    assert clock_of(ward) == {"clock": WARNING, "battery clock": OK}


def test_a_clock_before_what_is_over_fails(ward: Ward) -> None:
    ward.lay(str(SYNCED_FLAG))
    ward.wall_ms = BUILT_MS - 1
    assert clock_of(ward)["clock"] is FAILED
    ward.wall_ms = WALL_MS
    later = replace(empty("bt1", 1, ()), iat_ms=WALL_MS + 1)
    found = clocks.check(ward.machine, Source.TIMESYNCD, later, STOPPED)
    assert one(found, "clock").level is FAILED


def test_a_clock_that_the_running_kiosk_doubts_is_told(ward: Ward) -> None:
    ward.lay(str(SYNCED_FLAG))
    serving = Serving(there=True, health={"clock": "unknown"})
    assert clock_of(ward, serving)["clock"] is WARNING
    assert clock_of(ward, Serving(there=True, health={"clock": "synced"}))["clock"] is OK


def test_a_host_that_keeps_its_own_clock_is_believed(ward: Ward) -> None:
    assert levels(clocks.check(ward.machine, Source.HOST, None, STOPPED)) == {"clock": OK}


# What has to be there before anything starts


def test_what_would_keep_the_kiosk_from_starting_is_told(ward: Ward, tmp_path: Path) -> None:
    top = TOP.replace("[central]", '[central]\nsync_user = "nobody-of-that-name"\nca = "ca.pem"')
    config = configured(tmp_path, gpio(), top)
    found = levels(places.check(config, ward.machine, STOPPED))
    assert found == {"socket": OK, "sync user": FAILED, "central's CA": FAILED}
    (tmp_path / "ca.pem").write_text("", encoding="ascii")
    ward.allowed = False
    found = levels(places.check(config, ward.machine, STOPPED))
    assert found == {"socket": FAILED, "sync user": FAILED}
    assert "socket" not in levels(places.check(config, ward.machine, Serving(there=True)))


def test_a_socket_whose_name_is_too_long_fails(ward: Ward, tmp_path: Path) -> None:
    top = TOP.replace('"run.sock"', f'"{"x" * 120}"')
    assert levels(places.check(configured(tmp_path, gpio(), top), ward.machine, STOPPED)) == {
        "socket": FAILED
    }


# Services


def test_without_systemd_no_service_is_looked_for(ward: Ward) -> None:
    assert list(services.check(ward.machine)) == []
    ward.lay("/run/systemd/system/x")
    assert list(services.check(ward.machine)) == []  # and no systemctl


@pytest.mark.parametrize(
    ("load", "active", "file", "level"),
    [
        ("loaded", "active", "enabled", OK),
        ("loaded", "active", "disabled", WARNING),
        ("loaded", "inactive", "enabled", WARNING),
        ("loaded", "failed", "enabled", FAILED),
        ("not-found", "inactive", "", WARNING),
    ],
)
def test_a_service_is_judged_by_what_systemd_says(
    ward: Ward, load: str, active: str, file: str, level: Level
) -> None:
    ward.lay("/run/systemd/system/x")
    ward.said["kiosk.service"] = f"LoadState={load}\nActiveState={active}\nUnitFileState={file}\n"
    assert levels(services.check(ward.machine)) == {"kiosk.service": level}


# Screen and sound


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (Display("kmsdrm", ((720, 1280),)), OK),
        (Display("kmsdrm", ((1280, 720),)), WARNING),
        (Display("kmsdrm", ((800, 480),)), WARNING),
        (Display("dummy", ((720, 1280),)), WARNING),
        (Display(error="no such device"), FAILED),
    ],
)
def test_a_screen_is_held_against_the_configuration(
    tmp_path: Path, found: Display, level: Level
) -> None:
    config = configured(tmp_path, gpio(), TOP + "[screen]\nfullscreen = true\n")
    assert media.screen(config, found).level is level


def test_a_window_need_not_fill_the_screen(tmp_path: Path) -> None:
    found = Display("x11", ((1920, 1080),))
    assert media.screen(configured(tmp_path, gpio()), found).level is OK


@pytest.mark.parametrize(
    ("found", "level"),
    [(Mixer("alsa"), OK), (Mixer("dummy"), WARNING), (Mixer(error="no card"), WARNING)],
)
def test_silence_is_a_warning(found: Mixer, level: Level) -> None:
    assert media.sound(found).level is level


def test_the_libraries_are_asked_for_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    display, mixer = probe.display(), probe.mixer()
    assert (display.driver, display.seen, display.error) == ("dummy", False, "")
    assert (mixer.driver, mixer.heard, mixer.error) == ("dummy", False, "")
    assert probe.missing_fonts() == ()


def test_a_driver_that_is_not_there_is_an_error_and_no_end(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "nonsense")
    monkeypatch.setenv("SDL_AUDIODRIVER", "nonsense")
    display, mixer = probe.display(), probe.mixer()
    assert (display.seen, mixer.heard) == (False, False)
    assert (bool(display.error), bool(mixer.error)) == (True, True)
    assert capfd.readouterr().err == ""


def test_of_many_numbers_the_first_dozen_is_shown() -> None:
    assert numbers([3, 1]) == "1, 3"
    assert numbers(list(range(1, 16))).endswith("12 and 3 more")
