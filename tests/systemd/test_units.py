"""What the units must say (DESIGN §3), whatever else they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk import cli, cli_locks_off, cli_usb, clock, config, identity, usb_mount
from kiosk.doctor import services
from kiosk.notify import BEAT_MS
from kiosk.setup import guide
from kiosk.setup.place import Place
from sync import client
from sync.fetch import POLL_S
from tests.systemd.units import FOLDER, HELPERS, PROGRAM, SERVICES, lines, read, words

CABINET = ("kiosk.service", "kiosk-sync.service")
WITHIN_S = 10  # a kiosk that hangs serves again


def seconds(unit: str, key: str) -> int:
    return int(read(unit)[key][-1])


def test_run_has_no_network_and_sync_has_no_device() -> None:
    run, sync = map(read, CABINET)
    assert words(run, "RestrictAddressFamilies") == {"AF_UNIX", "AF_NETLINK"}
    assert run["IPAddressDeny"] == ["any"]
    assert "IPAddressAllow" not in run
    assert words(sync, "RestrictAddressFamilies") == {"AF_UNIX", "AF_INET", "AF_INET6"}
    assert sync["PrivateDevices"] == ["yes"]
    assert "DeviceAllow" not in sync


@pytest.mark.parametrize("unit", SERVICES)
def test_devices_are_closed_but_for_classes(unit: str) -> None:
    settings = read(unit)
    assert settings["DevicePolicy"] == ["closed"]
    assert [d for d in settings["DeviceAllow"] if not re.fullmatch(r"char-\w+ rw?", d)] == []


def test_classes_that_come_with_a_module_are_known_before_the_start() -> None:
    modules = set(lines("modules-load.d/kiosk.conf"))
    assert {"char-ttyUSB rw", "char-ttyACM rw"} <= set(read("kiosk.service")["DeviceAllow"])
    assert {"usbserial", "cdc_acm"} <= modules


def test_each_has_its_own_keys_and_no_others() -> None:
    run, sync = map(read, CABINET)
    ids = [{c.split(":")[0] for c in unit["LoadCredentialEncrypted"]} for unit in (run, sync)]
    assert ids == [
        {identity.STATEMENT, identity.MANIFEST, identity.CENTRAL, identity.ENROLMENT},
        {identity.TRANSPORT},
    ]
    assert "LoadCredential" not in {*run, *sync}  # in the clear only where somebody chose so


def test_keys_are_taken_from_where_systemd_puts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(config.CREDENTIALS, "/run/credentials/kiosk.service")
    path = tmp_path / "kiosk.toml"
    path.write_text(
        'kiosk = "bt1"\nunit = "u"\naddress = "a"\n[central]\nurl = "https://central.example"\n'
        '[cabinet]\ndriver = "simulated"\n[[compartment]]\nnumber = 1\nrow = 1\ncolumn = 1\n',
        encoding="utf-8",
    )
    assert config.load(path).keys == Path("/run/credentials/kiosk.service")


def test_two_users_share_a_group_and_no_folder() -> None:
    run, sync = map(read, CABINET)
    assert (run["User"], sync["User"]) == (["kiosk"], ["kiosk-sync"])
    assert (run["Group"], run["RuntimeDirectoryMode"]) == (["kiosk-line"], ["0750"])
    assert run["UMask"] == sync["UMask"] == ["0077"]
    assert run["StateDirectoryMode"] == ["0700"]
    assert [key for key in ("StateDirectory", "RuntimeDirectory", "Group") if key in sync] == []
    assert "-/var/lib/kiosk" in words(sync, "InaccessiblePaths")


def test_every_user_and_group_is_made() -> None:
    made = [line.split(maxsplit=3) for line in lines("sysusers.d/kiosk.conf")]
    users = {name for kind, name, *_ in made if kind == "u"}
    members = {(name, group) for kind, name, group, *_ in made if kind == "m"}
    groups = {name for kind, name, *_ in made if kind == "g"}
    assert {read(unit)["User"][0] for unit in SERVICES} == users
    assert {user for user, group in members if group == "kiosk-line"} == {"kiosk", "kiosk-sync"}
    assert {group for user, group in members if user == "kiosk-sync"} == {"kiosk-line"}
    assert "kiosk-line" in groups


def test_nobody_shares_its_peers_uids_away_from_run() -> None:
    assert "PrivateUsers" not in read("kiosk.service")  # SO_PEERCRED would name nobody


def test_gpiozero_can_read_the_model_of_the_pi() -> None:
    assert "ProcSubset" not in read("kiosk.service")


def test_lgpio_can_make_its_fifo() -> None:
    unit = read("kiosk.service")
    assert unit["WorkingDirectory"] == ["%t/" + unit["RuntimeDirectory"][0]]


def test_the_socket_lies_where_run_may_make_it(tmp_path: Path) -> None:
    unit = read("kiosk.service")
    path = tmp_path / "kiosk.toml"
    path.write_text('kiosk = "bt1"\nunit = "u"\naddress = "a"\n[central]\nurl = "https://c.vn"\n')
    plain = config.load_without_cabinet(path)
    assert plain is not None
    assert plain.socket.parent == Path("/run", unit["RuntimeDirectory"][0])
    assert plain.data == Path("/var/lib", unit["StateDirectory"][0])


@pytest.mark.parametrize("unit", SERVICES)
def test_starting_anew_never_ends_but_slows_down(unit: str) -> None:
    settings = read(unit)
    assert settings["Restart"] == ["always"]
    assert settings["StartLimitIntervalSec"] == ["0"]
    assert int(settings["RestartSec"][0]) >= 1  # systemd 252 knows no slower
    assert settings["RestartSteps"]
    assert settings["RestartMaxDelaySec"]


def test_a_kiosk_that_hangs_serves_again_in_time_with_its_locks_off() -> None:
    unit = "kiosk.service"
    assert read(unit)["Type"] == ["notify"]
    assert read(unit)["ExecStopPost"] == [f"{PROGRAM} locks-off"]
    ended = seconds(unit, "WatchdogSec") + seconds(unit, "TimeoutAbortSec")
    assert ended + cli_locks_off.LONGEST_MS / 1_000 + seconds(unit, "RestartSec") <= WITHIN_S
    assert seconds(unit, "WatchdogSec") * 1_000 >= 3 * BEAT_MS


def test_a_poll_of_sync_fits_into_its_watchdog_several_times() -> None:
    assert seconds("kiosk-sync.service", "WatchdogSec") >= 3 * POLL_S
    assert seconds("kiosk-sync.service", "WatchdogSec") >= 3 * client.LOOK_S


def test_the_jobs_that_the_units_call_are_there() -> None:
    calls = [
        c for unit in SERVICES for key in ("ExecStart", "ExecStopPost") for c in read(unit)[key]
    ]
    jobs = {call.removeprefix(PROGRAM).split()[0] for call in calls}
    assert jobs == {"run", "sync", "central", "locks-off"}
    begun = [read(unit)["ExecStart"][0].removeprefix(PROGRAM).split() for unit in HELPERS]
    assert begun == [["setup", "--touch"], ["usb", "/dev/%I"]]
    jobs |= {"setup", "usb"}
    for job in jobs:
        with pytest.raises(SystemExit) as ended:
            cli.main([job, "--help"])
        assert ended.value.code == 0


def test_the_target_and_the_doctor_know_the_services_by_their_names() -> None:
    assert words(read("kiosk.target"), "Wants") == {*CABINET, HELPERS[0]}
    assert set(CABINET) == set(services.UNITS)
    assert set(guide.UNITS) == {"kiosk.target", *CABINET}
    assert {read(unit)["PartOf"][0] for unit in CABINET} == {"kiosk.target"}


def test_services_wait_for_the_end_of_a_guided_start() -> None:
    setup = read("kiosk-setup.service")
    place = Place()
    assert set(setup["ConditionPathExists"]) == {f"|!{place.config}", f"|{place.unfinished}"}
    assert words(setup, "Before") == set(CABINET)
    for unit in CABINET:
        assert f"!{place.unfinished}" in read(unit)["ConditionPathExists"]
    assert setup["Type"] == ["oneshot"]  # only then does `Before` wait for its end
    assert setup["Restart"] == ["on-failure"]
    assert str(place.opened) == f"/run/{setup['RuntimeDirectory'][0]}"


def test_the_helper_of_a_stick_has_one_power_one_device_and_no_network() -> None:
    unit = read("kiosk-usb@.service")
    assert unit["CapabilityBoundingSet"] == ["CAP_SYS_ADMIN"]
    assert unit["DeviceAllow"] == ["/dev/%I rw"]
    assert (unit["PrivateNetwork"], unit["PrivateMounts"]) == (["yes"], ["yes"])
    assert words(unit, "RestrictAddressFamilies") == {"AF_UNIX"}
    assert unit["BindsTo"] == ["dev-%i.device"]
    assert str(cli_usb.MOUNTS) == f"/run/{unit['RuntimeDirectory'][0]}"


def test_only_sticks_with_their_two_file_systems_wake_a_helper() -> None:
    rules = "\n".join(lines("udev/90-kiosk-usb.rules"))
    assert 'ENV{ID_BUS}!="usb", GOTO' in rules
    assert f'ENV{{ID_FS_TYPE}}!="{"|".join(usb_mount.KINDS)}", GOTO' in rules
    assert "kiosk-usb@$kernel.service" in rules
    assert "RUN" not in rules


def test_no_file_holds_a_secret() -> None:
    texts = [p.read_text(encoding="utf-8") for p in FOLDER.rglob("*") if p.is_file()]
    assert texts
    held = re.compile(r"SetCredential|PASSWORD=|SECRET=|\"d\":|BEGIN .*PRIVATE", re.IGNORECASE)
    assert [text[:40] for text in texts if held.search(text)] == []


def test_the_clock_is_judged_by_a_file_and_not_by_the_bus_that_run_cannot_reach() -> None:
    assert Path("/run/systemd/timesync/synchronized") == clock.SYNCED_FLAG


def test_logs_are_bounded() -> None:
    journald = read("journald.conf.d/kiosk.conf")
    assert {"SystemMaxUse", "SystemKeepFree", "MaxRetentionSec", "RateLimitBurst"} <= set(journald)


@pytest.mark.parametrize("name", ["60-kiosk", "90-kiosk-usb"])
def test_udev_rules_are_pairs_and_every_jump_has_its_label(name: str) -> None:
    rules = lines(f"udev/{name}.rules")
    pair = r'[A-Z]+(\{\w+\})?(==|!=|\+=|=)"[^"]*"'
    assert [rule for rule in rules if not re.fullmatch(rf"{pair}(, {pair})*", rule)] == []
    jumps = {name for rule in rules for name in re.findall(r'GOTO="(\w+)"', rule)}
    assert jumps == set(re.findall(r'LABEL="(\w+)"', "\n".join(rules)))
