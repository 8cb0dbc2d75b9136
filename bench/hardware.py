"""The group `hardware`: what the serial lock driver costs, and how soon it sees and acts.

Real: `BoardsBank` with its threads, codec and pyserial, in a process of its own. Fake: the boards, on ptys,
in the bench's process; bytes take their time on the wire (9600 baud, 10 bits each), a board 10 ms to answer.
The family is `xor-8a80`, the commonest.

`poll_cpu_percent`: CPU time of the driver's process, all threads, user and system, while nothing stirs at
120 doors on four boards of one bus; `poll_cpu_percent_4_buses`: with a bus for each board.

`notice_ms`: from a door's movement (its contact's first bounce) to the event in the driver's inbox, the 95th
percentile; `notice_median_ms` the median. Four boards share each bus. Half of the movements come out of
calm, when boards are polled seldom; the other half follow within three seconds, as at a visit.

`pulse_ratio`: from the effect *pulse this lock* to the last byte of the request on the wire, over writing the
same bytes and draining the line; the poll that is under way on a bus with four boards is waited for.
`pulse_added_ms`: the same as a difference.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from random import Random
from threading import Event

from bench.hardware_rig import Layout, Rig
from bench.measure import FULL, Measure, Metric, Numbers, Size, percentile, tell

CPU_S = 30.0
SETTLE_S = 4.0  # after the start the boards are polled faster for a while
CALM_S = 3.8  # after a movement likewise
PHASE_S = 0.4  # movements come at any moment of a round
ROUNDS = 13  # over four buses, twice each: 104 movements
PULSES = 60

ONE_BUS = Layout(buses=1, boards=4, doors=30)
FOUR_BUSES = Layout(buses=4, boards=1, doors=30)
WATCHED = Layout(buses=4, boards=4, doors=3)  # four buses like ONE_BUS, moved at independently


def poll(size: Size) -> Numbers:
    """`poll_cpu_percent` and `poll_cpu_percent_4_buses`."""
    return {
        "hardware.poll_cpu_percent": _share(ONE_BUS, size),
        "hardware.poll_cpu_percent_4_buses": _share(FOUR_BUSES, size),
    }


def _share(layout: Layout, size: Size) -> float:
    """CPU per time of a calm driver, in per cent."""
    seconds, never = min(CPU_S, size.idle_s), Event()
    with Rig(layout) as rig:
        never.wait(min(SETTLE_S, seconds))
        begun = rig.spent()
        never.wait(seconds)
        ended = rig.spent()
    return 100 * (ended.cpu_s - begun.cpu_s) / (ended.at_s - begun.at_s)


def notice(size: Size) -> Numbers:
    """`notice_ms` and `notice_median_ms`."""
    full = size.pairs >= FULL.pairs
    took: list[float] = []
    chance, never = Random(1), Event()
    with Rig(WATCHED) as rig:
        for turn in range(ROUNDS if full else 1):
            doors = [rig.door(bus, turn) for bus in range(WATCHED.buses)]
            never.wait((CALM_S if full else 0) + chance.random() * PHASE_S)
            took += rig.noticed_ms(doors, opening=True)
            never.wait(chance.random() * PHASE_S)
            took += rig.noticed_ms(doors, opening=False)
    tell(f"{len(took)} movements, slowest {max(took):.0f} ms")
    return {
        "hardware.notice_ms": percentile(took, 0.95),
        "hardware.notice_median_ms": statistics.median(took),
    }


def pulse(size: Size) -> Numbers:
    """`pulse_ratio` and `pulse_added_ms`."""
    with Rig(ONE_BUS, drained=True) as rig:
        ratio, added_ms = rig.pulses(min(PULSES, size.pairs))
    return {"hardware.pulse_ratio": ratio, "hardware.pulse_added_ms": added_ms}


METRICS: Mapping[str, Metric] = {
    "hardware.poll_cpu_percent": Metric("%", 3, below=True),
    "hardware.poll_cpu_percent_4_buses": Metric("%", 3, below=True),
    "hardware.notice_ms": Metric("ms", 250, below=True),
    "hardware.notice_median_ms": Metric("ms"),
    "hardware.pulse_ratio": Metric("×"),
    "hardware.pulse_added_ms": Metric("ms"),
}

MEASURES: Mapping[str, Measure] = {"poll": poll, "notice": notice, "pulse": pulse}
