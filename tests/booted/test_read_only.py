"""A root that forgets, or cannot be written, beside a data partition that keeps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kiosk.demo import cast
from kiosk.demo.stage import wait_for
from tests.booted.conftest import nightly
from tests.booted.inside import RUN, SEALED
from tests.booted.stage import KEYS, PARTITION, Appliance
from tests.booted.ward import Ward

pytestmark = [nightly, pytest.mark.slow]

FIRST = cast.DOSSIERS[0]
NET_S = 60.0
LOST = "243"  # systemd's exit status for credentials that cannot be opened


@pytest.fixture
def partition(tmp_path: Path) -> Path:
    made = tmp_path / "partition"
    made.mkdir()
    return made


def again(appliance: Appliance, ward: Ward) -> None:
    """The power goes, and comes back."""
    appliance.power_cut()
    appliance.power_on()
    ward.back()


@pytest.mark.parametrize("read_only", [False, True], ids=["forgets", "read-only"])
def test_keys_and_journal_outlive_such_a_root(
    layers: Sequence[Path], partition: Path, *, read_only: bool
) -> None:
    with Appliance(layers, partition=partition) as appliance:
        ward = Ward(appliance)
        appliance.on.power_off()
        appliance.disk.becomes_an_image()
        appliance.read_only = read_only
        appliance.power_on()
        ward.back()
        ward.fill([FIRST])
        before = appliance.rows()
        for _ in range(2):
            again(appliance, ward)
            assert appliance.health()["epoch"] == 1
        ward.collect(FIRST)
        ward.reported()
        assert appliance.rows()[: len(before)] == before
        assert "all as they were signed" in appliance.verify()


def test_where_the_secret_is_forgotten_every_key_is_gone(
    layers: Sequence[Path], partition: Path
) -> None:
    """The control of the test above: the same machine but for one mount."""
    with Appliance(layers, partition=partition) as appliance:
        ward = Ward(appliance)
        appliance.inside("rm", "/etc/systemd/system/var-lib-systemd.mount")
        appliance.on.power_off()
        appliance.disk.becomes_an_image()
        appliance.power_on()
        plain = partition / "plain"
        plain.mkdir()
        for name in KEYS:
            (plain / name).write_bytes((appliance.config.keys / name).read_bytes())
            sealed = f"{SEALED}/kiosk.{name}"
            appliance.inside("rm", sealed)
            appliance.inside(
                "systemd-creds", "encrypt", f"--name={name}", f"{PARTITION}/plain/{name}", sealed
            )
        appliance.inside("systemctl", "restart", "kiosk.target")
        ward.back()  # sealed with a secret of this start: well, until the next one
        appliance.power_cut()
        appliance.power_on()
        wait_for(lambda: appliance.on.asks(RUN, "ExecMainStatus") == LOST, "no key opens", NET_S)
        assert not appliance.cabinet.wait_connected(0)
