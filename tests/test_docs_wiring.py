"""What a technician wires from must be what the drivers declare, accept and check."""

import re
import tomllib
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from docs.configuration import KIOSK
from drivers.boards import Codec
from drivers.doors import Capabilities
from drivers.locks.families import FAMILIES
from drivers.locks.gpio_wiring import (
    LONGEST_PULSE_MS,
    SHORTEST_PULSE_MS,
    GpioWire,
    GpioWiring,
    Safeguard,
)
from drivers.locks.plan import USUAL_PULSE_MS, usual_pulse_ms
from drivers.pins import PULLED_UP_AT_POWER_ON
from drivers.readers.scanner import HABITS
from kiosk.config import Config, load
from kiosk.core.devices import OURS
from kiosk.doctor.pi_files import pins_of
from kiosk.hardware import Cabinet, Driver

PAGE = Path(__file__).parents[1] / "docs" / "wiring.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXCERPTS = re.findall(r"^```toml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)

# What an excerpt leaves out, by the table that it would stand in.
BOARDS = {
    "cabinet": '[cabinet]\ndriver = "boards"\n',
    "bus": '[[bus]]\nname = "a"\nfamily = "xor-8a80"\nport = "/dev/serial/by-id/a"\n',
    "compartment": "[[compartment]]\nnumber = 1\nrow = 1\ncolumn = 1\n"
    'bus = "a"\nboard = 1\nchannel = 1\n',
}
GPIO = {
    "cabinet": '[cabinet]\ndriver = "gpio"\n',
    "compartment": "[[compartment]]\nnumber = 1\nrow = 1\ncolumn = 1\n"
    "lock_pin = 17\ncontact_pin = 5\n",
}


def rows(first: str) -> list[list[str]]:
    """The table whose head begins with `first`, without head and rule; code marks taken off."""
    lines = TEXT.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    found = []
    for line in lines[at + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
    return found


def span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}–{last}"


def declared(can: Capabilities) -> list[str]:
    return [
        "board" if can.board_times_pulse else "controller",
        span(*can.pulse_ms),
        "yes" if can.has_feedback else "no",
        str(can.integrity),
        "yes" if can.reports_unasked else "no",
        "yes" if can.reads_outputs else "no",
        str(can.parallel_pulses),
    ]


def of_codec(codec: Codec) -> list[str]:
    addresses = span(codec.boards[0], codec.boards[-1])
    place = [codec.family, str(codec.baud), addresses, str(codec.channels)]
    return place + declared(codec.capabilities)


def of_gpio() -> list[str]:
    can = Capabilities(
        board_times_pulse=False,
        has_feedback=True,
        parallel_pulses=1,
        pulse_ms=(SHORTEST_PULSE_MS, LONGEST_PULSE_MS),
    )
    return ["gpio", "–", "–", "–", *declared(can)]


def loaded(excerpt: str, folder: Path) -> Config:
    """The excerpt as `cabinet.toml`, whatever it leaves out filled in."""
    tables = tomllib.loads(excerpt)
    is_gpio = "gpio" in tables or any("lock_pin" in row for row in tables.get("compartment", []))
    rest = [text for name, text in (GPIO if is_gpio else BOARDS).items() if name not in tables]
    (folder / "kiosk.toml").write_text(KIOSK, encoding="utf-8")
    (folder / "cabinet.toml").write_text("\n".join([excerpt, *rest]), encoding="utf-8")
    return load(folder / "kiosk.toml")


def drive(cabinet: Cabinet) -> int:
    """Ask the drivers whether they take these wires, as the kiosk does at its start; how many."""
    if cabinet.driver is Driver.GPIO:
        wires = tuple(
            GpioWire(
                w.compartment, w.lock_pin, w.contact_pin, "closed", w.pulse_ms or USUAL_PULSE_MS
            )
            for w in cabinet.wiring
        )
        gpio = cabinet.gpio
        safeguard = Safeguard(gpio.safeguard)
        return len(GpioWiring(wires, safeguard, gpio.rail_pin, active_high=gpio.active_high).wires)
    family = {bus.name: FAMILIES[bus.family] for bus in cabinet.buses}
    for wire in cabinet.wiring:
        codec = family[wire.bus]
        pulse_ms = wire.pulse_ms or usual_pulse_ms(codec.capabilities.pulse_ms)
        assert codec.open(wire.board, wire.channel, pulse_ms).data
    return len(cabinet.wiring)


def header_lines() -> dict[str, list[tuple[int, int]]]:
    """GPIO line and pin of the header, by what the page uses them for."""
    lines = rows("for")
    return {
        what: [(int(line), int(pin)) for line, pin in re.findall(r"(\d+) \((\d+)\)", cell)]
        for what, cell in lines
        if "(" in cell
    }


def test_the_table_of_families_is_what_the_drivers_declare() -> None:
    assert rows("family") == [*(of_codec(codec) for codec in FAMILIES.values()), of_gpio()]


def test_every_family_has_a_section_and_an_excerpt() -> None:
    named = {bus["family"] for text in EXCERPTS for bus in tomllib.loads(text).get("bus", [])}
    assert named == set(FAMILIES)
    assert [family for family in FAMILIES if f". {family}\n" not in TEXT] == []


@pytest.mark.parametrize("excerpt", EXCERPTS)
def test_every_excerpt_is_read_and_can_be_driven(excerpt: str, tmp_path: Path) -> None:
    config = loaded(excerpt, tmp_path)
    assert drive(config.cabinet) == len(config.cabinet.compartments) > 0


def test_the_scanners_are_those_that_are_known_with_their_speed() -> None:
    told = {kind: baud for kind, _, baud, _ in rows("`kind`")}
    assert told == {str(kind): str(habits.baud) for kind, habits in HABITS.items()} | {"wedge": "–"}


def test_every_line_of_the_small_cabinet_lies_where_the_page_says_on_the_header() -> None:
    factory = MockFactory()
    pins = factory.board_info.headers["J8"].pins
    factory.close()
    told = [line for lines in header_lines().values() for line in lines]
    assert len(told) == len({line for line, _ in told}) == 28
    assert [(n, pin) for n, pin in told if pins[pin].name != f"GPIO{n}"] == []


def test_no_relay_of_the_small_cabinet_hangs_on_a_line_that_is_pulled_up() -> None:
    lines = header_lines()
    outputs = {line for line, _ in lines["relays 1 to 8"] + lines["rail"]}
    assert len(outputs) == 9
    assert outputs & set(PULLED_UP_AT_POWER_ON) == set()


def test_the_boot_file_holds_every_relay_off_and_every_contact_up() -> None:
    values = re.findall(r"^gpio=(.*)$", TEXT, re.MULTILINE)
    told = [(set(pins), set(options)) for pins, options in map(pins_of, values)]
    lines = header_lines()
    off = {line for line, _ in lines["relays 1 to 8"] + lines["rail"]}
    up = {line for line, _ in lines["contacts 1 to 8"]}
    assert told == [(off, {"op", "dl"}), (up, {"ip", "pu"})]


def test_every_link_of_the_page_leads_somewhere() -> None:
    heads = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert links
    files = [link for link in links if not link.startswith("#")]
    assert [link for link in files if not (PAGE.parent / link).exists()] == []
    assert [link for link in links if link[:1] == "#" and link[1:] not in anchors] == []


def test_the_hardware_faults_that_operations_explains_are_those_that_are_stated() -> None:
    page = PAGE.with_name("operations.md").read_text(encoding="utf-8")
    part = page.split("## When hardware breaks")[1].split("\n## ")[0]
    heads = re.findall(r"^\| (`[^|]*) \|", part, re.MULTILINE)
    told = {name.partition(":")[0] for head in heads for name in re.findall(r"`([^`]+)`", head)}
    assert told >= {"port_lost", "board_lost", "board_output_stuck", "battery_low", "flapping"}
    assert told - OURS - {"sensor_stuck"} == set()
