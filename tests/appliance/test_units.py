"""The units around an upgrade: who judges, what happens when the judge is gone, the order at boot."""

from pathlib import Path

import pytest

from kiosk import cli
from kiosk.appliance import system_files, trial, upgrade
from kiosk.appliance.ground import Ground
from kiosk.appliance.places import GOOD, TRIAL
from kiosk.appliance.services import CENTRAL, DOCTOR_S, KEYS, RUN, SYNC, TARGET, as_kiosk
from tests.systemd.units import FOLDER, PROGRAM, SERVICES, read, words

JUDGE = f"{GOOD}/bin/kiosk upgrade"


def test_the_release_that_has_proved_itself_judges_and_its_end_is_settled() -> None:
    unit = read("kiosk-trial.service")
    assert unit["ExecStart"] == [f"{JUDGE} --try"]
    assert unit["ExecStopPost"] == [f"{JUDGE} --settle"]
    assert unit["Type"] == ["oneshot"]
    longest_s = upgrade.QUIET_S + trial.LONGEST_S + 2 * DOCTOR_S
    assert unit["TimeoutStartSec"] == ["60min"]
    assert longest_s < 60 * 60


def test_at_boot_it_is_settled_before_anything_serves() -> None:
    unit = read("kiosk-settle.service")
    assert unit["ExecStart"] == [f"{JUDGE} --settle"]
    assert unit["ConditionPathExists"] == [TRIAL]
    assert words(unit, "Before") == {RUN, SYNC, CENTRAL} == set(SERVICES)
    assert unit["WantedBy"] == ["multi-user.target"]


def test_whoever_judges_is_laid_only_by_a_release_that_has_proved_itself() -> None:
    judges = {p.name for p in FOLDER.iterdir() if p.is_file() and GOOD in p.read_text("utf-8")}
    assert judges <= system_files.KEEPERS
    early = [target for _, target in system_files.files(FOLDER.parent, ["kiosk"], keepers=False)]
    assert [t for t in early if t.rpartition("/")[2] in system_files.KEEPERS] == []
    late = {
        t.rpartition("/")[2] for _, t in system_files.files(FOLDER.parent, ["kiosk"], keepers=True)
    }
    assert late == system_files.KEEPERS


def test_the_doctor_is_asked_with_the_keys_that_run_has(tmp_path: Path) -> None:
    sealed = {c.partition(":") for c in read(RUN)["LoadCredentialEncrypted"]}
    assert {name for name, _, _ in sealed} == set(KEYS)
    ground = Ground(tmp_path)
    assert as_kiosk(ground)[:3] == ["runuser", "-u", "kiosk"]
    for _, _, path in sealed:
        ground.write(path, b"sealed")
    asked = as_kiosk(ground)
    assert {f"LoadCredentialEncrypted={name}:{path}" for name, _, path in sealed} <= set(asked)
    assert {"User=kiosk", "Group=kiosk-line"} <= set(asked)


def test_updates_are_off_until_somebody_names_a_source() -> None:
    for unit in ("kiosk-update.service", "kiosk-update.timer"):
        assert read(unit)["ConditionPathExists"] == ["/etc/kiosk/update.toml"]
    assert read("kiosk-update.timer")["WantedBy"] == [TARGET]
    assert "RandomizedDelaySec" in read("kiosk-update.timer")


@pytest.mark.parametrize("roles", [["kiosk"], ["central"], ["central", "kiosk"]])
def test_each_role_gets_its_units(roles: list[str]) -> None:
    names = {
        target.rpartition("/")[2]
        for keepers in (False, True)
        for _, target in system_files.files(FOLDER.parent, roles, keepers=keepers)
    }
    assert (CENTRAL in names) is ("central" in roles)
    assert ({RUN, SYNC, TARGET} <= names) is ("kiosk" in roles)
    assert "kiosk.conf" in names


def test_the_jobs_that_these_units_call_are_there() -> None:
    for job in ("upgrade", "update"):
        with pytest.raises(SystemExit) as ended:
            cli.main([job, "--help"])
        assert ended.value.code == 0
    assert PROGRAM.startswith("/opt/kiosk/current/")
