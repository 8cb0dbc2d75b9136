"""Sticks: what the desk of `run` gives out, and to whom."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.core.upkeep_scenes import StickAct
from kiosk.line_fields import RequestError
from kiosk.usb_desk import SEVERAL, SILENT, Did, UsbDesk
from sync.framing import LineError
from sync.line import Line
from tests.kiosk.station import NET_S
from tests.kiosk.usb_bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def test_nothing_is_to_be_done_before_staff_ask(bench: Bench) -> None:
    line = Line(bench.socket)
    assert line.usb("sda1", 0.0) is None
    assert not bench.usb.exporting()


def asked(bench: Bench, act: StickAct, do: Callable[[Line], Did | None]) -> Did:
    """Staff ask; one helper takes the work and does `do`."""
    line = Line(bench.socket)
    with ThreadPoolExecutor(1) as staff:
        did = staff.submit(bench.usb.ask, act, 0, 2, NET_S)
        job = None
        while job is None:
            job = line.usb("sda1", NET_S)
        assert (job.act, job.kiosk, job.after, job.last) == (act, "bt1", 0, 2)
        result = do(line)
        if result is not None:
            line.usb_done("sda1", job.number, result.outcome, result.count, result.sealed)
        return did.result()


def test_statements_are_roots_only_while_an_export_is_under_way(bench: Bench) -> None:
    seen: list[bool] = []

    def export(_: Line) -> Did:
        seen.append(bench.usb.exporting())
        return Did("written", 2)

    assert asked(bench, StickAct.EXPORT, export) == Did("written", 2)
    assert asked(bench, StickAct.IMPORT, export) == Did("written", 2)
    assert seen == [True, False]
    assert not bench.usb.exporting()


def test_the_answer_of_another_job_counts_for_nothing(bench: Bench) -> None:
    def late(line: Line) -> Did:
        line.usb_done("sda1", 99, "written", 7, "")
        line.usb_done("sdb1", 1, "written", 7, "")
        return Did("failed")

    assert asked(bench, StickAct.EXPORT, late) == Did("failed")


def test_two_sticks_are_refused_and_a_silent_one_is_not_waited_for() -> None:
    now = [0]
    desk = UsbDesk(lambda: now[0])
    assert desk.take("sda1", 0.0) is None
    assert desk.ask(StickAct.IMPORT, wait_s=0.0) == Did(SILENT)
    assert desk.take("sdb1", 0.0) is None
    assert desk.ask(StickAct.IMPORT, wait_s=0.0) == Did(SEVERAL)
    now[0] = 6_000
    assert not desk.present()


def test_strangers_may_not_ask_for_work_nor_sync_for_sticks(bench: Bench) -> None:
    stranger = os.getuid() + 4711
    for verb in ("usb", "usb_done", "statements", "status"):
        with pytest.raises(RequestError):
            bench.server._allowed(stranger, verb)
    bench.server._all_of_it = {stranger}  # it is sync now
    assert bench.server._allowed(stranger, "statements") == "statements"
    with pytest.raises(RequestError):
        bench.server._allowed(stranger, "usb")
    assert bench.server._allowed(0, "usb") == "usb"
    with pytest.raises(RequestError):  # nobody has asked for an export
        bench.server._allowed(0, "statements")
    with pytest.raises(RequestError):
        bench.server._allowed(0, "offer_manifest")


def test_a_hub_full_of_sticks_leaves_the_socket_to_sync(bench: Bench) -> None:
    bench.usb._asking = {"sda1", "sdb1"}
    with pytest.raises(LineError, match="busy"):
        Line(bench.socket).usb("sdc1", NET_S)
