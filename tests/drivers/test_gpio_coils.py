"""How long a coil behind a GPIO relay can stay on, by a clock that the test moves."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

import pytest

from drivers.doors import Outcome
from drivers.locks.gpio_coils import GRACE_MS, RAIL_EDGE_MS, RAIL_LEAD_MS, Coils
from drivers.locks.gpio_wiring import LONGEST_PULSE_MS, GpioWiring, Safeguard
from drivers.pins import PinError
from tests.drivers.gpio_rig import (
    LOCK_PINS,
    NET_S,
    RAIL_PIN,
    Header,
    Time,
    Trap,
    mock_factory,
    runs_ms,
    wiring,
)

COILS = tuple(LOCK_PINS.values())
ONE_SHOT_MS = 200  # the shortest that docs/wiring.md allows behind a rail pin


class Bench:
    def __init__(
        self, wires: GpioWiring | None = None, pause: Callable[[float], object] | None = None
    ) -> None:
        self.time = Time()
        self.header = Header(self.time.now_ms)
        self.factory = mock_factory(self.header)
        self.stopped = False
        self.coils = Coils(
            wires or wiring(),
            factory=self.factory,
            now_ms=self.time.now_ms,
            pause=pause or self.time.wait,
            stopped=lambda: self.stopped,
        )

    def is_on(self) -> bool:
        return any(self.factory.pin(pin)._state for pin in COILS)


@pytest.mark.parametrize("pulse_ms", [50, 333, LONGEST_PULSE_MS])
def test_a_coil_is_on_for_exactly_its_pulse(pulse_ms: int) -> None:
    bench = Bench(wiring(pulse_ms=pulse_ms))
    assert bench.coils.pulse(3, pulse_ms) is Outcome.ACKNOWLEDGED
    assert runs_ms(bench.header, COILS) == [pulse_ms]
    assert {pin for _, pin, _ in bench.header.log} == {LOCK_PINS[3]}


def test_the_wait_of_a_pulse_that_fails_leaves_the_coil_off() -> None:
    def fails(_: float) -> None:
        raise MemoryError

    bench = Bench(pause=fails)
    with pytest.raises(MemoryError):
        bench.coils.pulse(3, 500)
    assert [level for _, _, level in bench.header.log] == [True, False]
    assert runs_ms(bench.header, COILS) == [0]


def test_a_pulse_that_hangs_is_ended_by_the_watchdogs_look() -> None:
    trap = Trap()
    bench = Bench(pause=trap.wait)
    start = bench.time.ms
    thread = threading.Thread(target=bench.coils.pulse, args=(3, 500), daemon=True)
    thread.start()
    assert trap.entered.wait(NET_S)
    bench.time.ms = start + 500 + GRACE_MS
    assert not bench.coils.check(bench.time.ms)  # late, but it may be the machine
    assert bench.is_on()
    bench.time.ms += 1
    assert bench.coils.check(bench.time.ms)
    assert not bench.is_on()
    trap.released.set()
    thread.join(NET_S)
    assert not bench.is_on()
    assert not bench.coils.check(bench.time.ms)  # it hangs no more


def test_a_coil_that_is_on_without_a_pulse_is_put_off() -> None:
    bench = Bench()
    bench.factory.pin(LOCK_PINS[4]).state = True
    assert not bench.coils.check(bench.time.ms)  # nobody hangs
    assert not bench.is_on()


def test_a_pulse_in_its_time_is_left_alone_by_the_watchdog() -> None:
    bench = Bench()
    looked: list[bool] = []

    def wait(seconds: float) -> None:
        looked.append(bench.coils.check(bench.time.ms))
        bench.time.wait(seconds)

    bench.coils._pause = wait
    assert bench.coils.pulse(3, 500) is Outcome.ACKNOWLEDGED
    assert looked
    assert not any(looked)
    assert runs_ms(bench.header, COILS) == [500]


def test_a_relay_that_does_not_obey_is_noticed_and_keeps_no_other_on() -> None:
    bench = Bench()
    bench.header.welded = {LOCK_PINS[3]}
    bench.coils.pulse(3, 500)
    assert bench.coils.stuck
    bench.factory.pin(LOCK_PINS[7]).state = True
    bench.coils.check(bench.time.ms)
    assert not bench.factory.pin(LOCK_PINS[7])._state
    bench.header.welded = set()
    bench.coils.check(bench.time.ms)  # tried again without being asked
    assert not bench.is_on()
    assert not bench.coils.stuck


def test_a_write_that_fails_may_have_fired() -> None:
    bench = Bench()
    bench.header.dead = True
    assert bench.coils.pulse(3, 500) is Outcome.NO_ANSWER
    assert bench.coils.lost
    bench.header.dead = False
    bench.coils.check(bench.time.ms)
    assert not bench.coils.lost


def test_a_rail_that_cannot_be_written_leaves_the_coil_untouched() -> None:
    bench = Bench(wiring(safeguard=Safeguard.RAIL_RELAY))
    bench.header.dead = True
    assert bench.coils.pulse(3, 500) is Outcome.NOT_SENT


def test_the_rail_comes_before_the_coil_and_goes_after_it() -> None:
    bench = Bench(wiring(safeguard=Safeguard.RAIL_RELAY))
    start = bench.time.ms
    bench.coils.pulse(3, 500)
    beginning, *_, end = bench.header.log
    coil_on = next(at for at, pin, level in bench.header.log if pin == LOCK_PINS[3] and level)
    assert beginning[:2] == (start, RAIL_PIN)
    assert coil_on == start + RAIL_LEAD_MS
    assert not end[2]
    assert not bench.factory.pin(RAIL_PIN)._state


def test_the_rail_one_shot_is_kept_on_throughout_a_pulse() -> None:
    bench = Bench(wiring(safeguard=Safeguard.RAIL_RELAY))
    start = bench.time.ms
    bench.coils.pulse(3, LONGEST_PULSE_MS)
    edges = [at for at, pin, level in bench.header.log if pin == RAIL_PIN and level]
    gaps = [later - earlier for earlier, later in itertools.pairwise(edges)]
    assert max(gaps) == 2 * RAIL_EDGE_MS < ONE_SHOT_MS
    assert edges[-1] + ONE_SHOT_MS > start + RAIL_LEAD_MS + LONGEST_PULSE_MS


@pytest.mark.parametrize("dies_at_ms", [60, 333, 1_990])
def test_a_process_that_stops_in_a_pulse_leaves_the_coil_to_the_rail_one_shot(
    dies_at_ms: int,
) -> None:
    bench = Bench(wiring(safeguard=Safeguard.RAIL_RELAY))
    start = bench.time.ms
    bench.coils.pulse(3, LONGEST_PULSE_MS)
    # Whatever the pins were left at, there is no edge after the moment of death.
    edges = [at for at, pin, _ in bench.header.log if pin == RAIL_PIN and at <= start + dies_at_ms]
    assert start + dies_at_ms < edges[-1] + ONE_SHOT_MS <= start + dies_at_ms + ONE_SHOT_MS


def test_being_stopped_ends_a_pulse_at_once_and_begins_none() -> None:
    bench = Bench()

    def stop(_: float) -> None:
        bench.stopped = True

    bench.coils._pause = stop
    bench.coils.pulse(3, 500)
    assert runs_ms(bench.header, COILS) == [0]
    assert bench.coils.pulse(4, 500) is Outcome.NOT_SENT
    assert runs_ms(bench.header, COILS) == [0]


def test_an_active_low_relay_is_off_at_level_one_from_the_first_moment() -> None:
    bench = Bench(wiring(active_high=False))
    assert [bench.factory.pin(pin)._state for pin in COILS] == [True, True, True]
    bench.header.log.clear()
    bench.coils.pulse(3, 500)
    assert [level for _, _, level in bench.header.log] == [False, True]
    bench.coils.close()
    bench.coils.close()
    assert [bench.factory.pin(pin)._state for pin in COILS] == [True, True, True]


def test_pins_that_were_taken_are_given_back_when_another_cannot_be_had() -> None:
    bench = Bench()
    with pytest.raises(PinError, match="GPIO17 cannot be used as an output"):
        Coils(
            wiring(),
            factory=bench.factory,
            now_ms=bench.time.now_ms,
            pause=bench.time.wait,
            stopped=lambda: False,
        )
    bench.coils.close()
    Coils(
        wiring(),
        factory=bench.factory,
        now_ms=bench.time.now_ms,
        pause=bench.time.wait,
        stopped=lambda: False,
    ).close()
