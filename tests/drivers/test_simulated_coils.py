"""The coils that fake boards drive: how long each is on, and what it moves."""

from __future__ import annotations

from drivers.simulated.board import LATCH_MS, PULSE_MS, CoilRun
from drivers.simulated.cabinet import Cabinet

SETTLED_MS = 200  # the latch is drawn, the spring has thrown the door, its contact is at rest


def test_a_board_on_a_real_wire_drives_coils_of_its_own_and_one_meter_sees_them_all() -> None:
    cabinet = Cabinet([1, 2, 3])
    cabinet.coils.drive(1, 500)
    cabinet.coils.drive(2, None)
    cabinet.board.pulse(3)
    cabinet.at(SETTLED_MS)
    assert cabinet.coils_on() == {1, 2, 3}
    assert all(cabinet.is_open(n) for n in (1, 2, 3))
    cabinet.at(700)
    cabinet.coils.cut_all()
    assert cabinet.coils_on() == frozenset()
    runs = {(run.compartment, run.off_ms - run.on_ms) for run in cabinet.coil_runs()}
    assert runs == {(1, 500), (2, 700), (3, PULSE_MS)}


def test_a_coil_that_is_cut_before_its_latch_moved_opens_nothing() -> None:
    cabinet = Cabinet([1])
    cabinet.coils.drive(1, 500)
    cabinet.at(LATCH_MS - 1)
    cabinet.coils.cut(1)
    cabinet.at(1_000)
    assert not cabinet.is_open(1)
    assert cabinet.coils.next_ms() is None


def test_driving_a_coil_again_makes_one_longer_run() -> None:
    cabinet = Cabinet([1])
    cabinet.coils.drive(1, 300)
    cabinet.at(200)
    cabinet.coils.drive(1, 300)
    cabinet.at(1_000)
    assert cabinet.coil_runs() == (CoilRun(0, 500, 1),)


def test_a_welded_relay_holds_its_coil_until_the_power_goes_or_it_is_mended() -> None:
    cabinet = Cabinet([1, 2])
    for n in (1, 2):
        cabinet.coils.weld(n)
        cabinet.coils.drive(n, 300)
    cabinet.at(5_000)
    cabinet.coils.cut_all()
    assert cabinet.coils_on() == {1, 2}
    cabinet.mend(1)
    assert cabinet.coils_on() == {2}
    cabinet.kill_board()
    assert cabinet.coils_on() == frozenset()
