"""The group `collect`: every number of it with its aim, and the measures that give them."""

from __future__ import annotations

from collections.abc import Mapping

from bench.collect_check import check
from bench.collect_decision import decision
from bench.collect_paint import paint
from bench.collect_process import process
from bench.collect_replay import replay
from bench.measure import Measure, Metric

METRICS: Mapping[str, Metric] = {
    "collect.decision_ratio": Metric("×", 3),
    "collect.decision_added_ms": Metric("ms", 1, below=True),
    "collect.check_ratio": Metric("×", 2.5),
    "collect.check_us_120": Metric("µs"),
    "collect.check_us_500": Metric("µs"),
    "collect.check_us_5000": Metric("µs"),
    "collect.paint_ratio": Metric("×", 15),
    "collect.replay_s": Metric("s", 2, below=True),
    "collect.idle_cpu_percent": Metric("%", 1, below=True),
    "collect.rss_mb": Metric("MB", 110, below=True),
    "collect.cold_start_ratio": Metric("×", 1.5),
    "collect.touch_to_frame_ms": Metric("ms", 60, below=True),
}

MEASURES: Mapping[str, Measure] = {
    "decision": decision,
    "check": check,
    "paint": paint,
    "replay": replay,
    "process": process,
}
