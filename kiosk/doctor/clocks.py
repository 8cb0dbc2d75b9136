"""The clock: who sets it, whether it is believed, whether it survives a power cut."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk import clock
from kiosk.clock import Source
from kiosk.core import clock as core
from kiosk.core.clock import ClockState, Now
from kiosk.core.memory import Memory
from kiosk.doctor.findings import Finding, doubt, well, wrong
from kiosk.doctor.machine import Machine
from kiosk.doctor.serving import Serving
from kiosk.version import BUILT_MS
from sync.messages import Clock, rfc3339

RTC = "/sys/class/rtc/rtc0"
MEANS = "pickups go on, nothing expires, staff log in with two passwords in a row"


def claim(machine: Machine, source: Source) -> Clock:
    """As `kiosk run` takes it (kiosk/clock.py), on this machine."""
    if source is Source.HOST or machine.at(clock.SYNCED_FLAG).exists():
        return Clock.SYNCED
    return Clock.HOLDOVER if machine.at(clock.BATTERY_CLOCK).exists() else Clock.UNKNOWN


def check(
    machine: Machine, source: Source, memory: Memory | None, serving: Serving
) -> Iterator[Finding]:
    """Trust, floor, synchronisation, battery clock."""
    floor = max(BUILT_MS, memory.iat_ms if memory else 0)
    now = Now(machine.up_ms(), machine.wall_ms(), claim(machine, source))
    told = f"{rfc3339(now.wall_ms)[:16]}Z"
    trust = core.judge(ClockState(floor), now).trust
    said = serving.health.get("clock")
    if now.wall_ms < floor:
        todo = "bring the network, or set it: sudo timedatectl set-time …"
        words = f"{told} is before {rfc3339(floor)[:16]}Z, which is over: {MEANS}"
        yield wrong("clock", words, todo)
    elif said == Clock.UNKNOWN and trust is not Clock.UNKNOWN:
        todo = "it heals with the next manifest of central; see that the time is right"
        yield doubt("clock", f"{told}; kiosk run does not believe it (it jumped): {MEANS}", todo)
    elif trust is Clock.SYNCED:
        who = "taken from this machine" if source is Source.HOST else "synchronised"
        yield well("clock", f"{told}, {who}")
    else:
        gone = "kept by the battery clock" if trust is Clock.HOLDOVER else f"not believed: {MEANS}"
        yield doubt(
            "clock",
            f"{told}, not synchronised since start, {gone}",
            "timedatectl timesync-status; open UDP port 123 to the time server",
        )
    if source is Source.TIMESYNCD:
        yield _battery(machine)


def _battery(machine: Machine) -> Finding:
    if machine.at(RTC).exists() and machine.at(clock.BATTERY_CLOCK).exists():
        return well("battery clock", "there is one")
    return doubt(
        "battery clock",
        "none: after a power cut without network nobody knows the time",
        "fit one: dtoverlay=i2c-rtc,ds3231 in config.txt; a Pi 5 has it, its cell is extra",
    )
