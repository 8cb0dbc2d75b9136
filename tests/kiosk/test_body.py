"""The body is built from the configuration: what is not fitted is not there, what cannot be is told."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from docs import configuration as examples
from drivers.locks.bank import BoardsBank
from drivers.locks.plan import usual_pulse_ms
from drivers.simulated.remote import RemoteBank
from kiosk import body
from kiosk.config_cabinet import FAMILIES
from kiosk.config_table import ConfigError
from kiosk.hardware import Cabinet, Reader

Build = Callable[[Cabinet], body.Body]


@pytest.fixture
def build() -> Iterator[Build]:
    with ExitStack() as stack:

        def built(cabinet: Cabinet) -> body.Body:
            made = body.build(cabinet, _ignored, _zero)
            stack.callback(made.close)
            return made

        yield built


def _ignored(_event: object) -> None:
    """Nothing is started here."""


def _zero() -> int:
    return 0


def test_the_simulated_cabinet_is_bank_and_line_in_one(build: Build) -> None:
    built = build(examples.simulated())
    assert isinstance(built.bank, RemoteBank)
    assert built.line is built.bank
    assert (built.panel, built.printer, built.readers) == (None, None, ())


def test_the_simulated_cabinet_keeps_its_line_when_a_real_scanner_is_tried(build: Build) -> None:
    scanner = Reader("line", Path("no-such-port"))
    built = build(replace(examples.simulated(), scanner=scanner))
    assert built.line is built.bank
    assert [type(reader).__name__ for reader in built.readers] == ["SerialScanner"]


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_becomes_a_bank_of_boards(family: str, build: Build) -> None:
    built = build(examples.of_family(family))
    assert isinstance(built.bank, BoardsBank)
    assert built.line is None
    assert built.panel is not None
    assert built.printer is not None
    assert [type(reader).__name__ for reader in built.readers] == ["SerialScanner", "NumberPad"]


def test_boards_may_be_tried_with_the_demo_s_scanner_and_touches(build: Build) -> None:
    cabinet = replace(examples.of_family("xor-8a80"), scanner=Reader("simulated", None))
    built = build(cabinet)
    assert isinstance(built.bank, BoardsBank)
    assert isinstance(built.line, RemoteBank)


def test_locks_on_gpio_are_refused_where_there_is_no_header(build: Build) -> None:
    with pytest.raises(ConfigError, match=r"the locks hang on the GPIO header: .*lgpio"):
        build(examples.of_gpio())


def _wired(**changes: object) -> Callable[[Cabinet], Cabinet]:
    def changed(cabinet: Cabinet) -> Cabinet:
        first, *others = cabinet.wiring
        return replace(cabinet, wiring=(replace(first, **changes), *others))  # type: ignore[arg-type]  # by name

    return changed


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_wired(channel=77), "compartment 1: .*77"),
        (_wired(board=200), "compartment 1: .*200"),
        (_wired(pulse_ms=900), "compartment 1: .*900"),
    ],
)
def test_a_wire_that_the_family_has_not_is_told(
    change: Callable[[Cabinet], Cabinet], told: str, build: Build
) -> None:
    with pytest.raises(ConfigError, match=f"cannot be driven as it is configured: {told}"):
        build(change(examples.of_family("xor-8a80")))


def test_a_coil_gets_half_a_second_or_as_near_as_its_board_can() -> None:
    assert usual_pulse_ms((300, 300)) == 300
    assert usual_pulse_ms((100, 3000)) == 500
    assert usual_pulse_ms((800, 3000)) == 800


def test_close_reaches_every_part_even_when_one_fails(tmp_path: Path) -> None:
    closed: list[str] = []

    class Broken:
        def start(self) -> None: ...

        def close(self) -> None:
            closed.append("reader")
            raise OSError("it is gone")

    built = body.build(replace(examples.simulated(), socket=tmp_path / "no.sock"), _ignored, _zero)
    built = replace(built, readers=(Broken(),), last=lambda: closed.append("chip"))
    with pytest.raises(OSError, match="it is gone"):
        built.close()
    assert closed == ["reader", "chip"]
