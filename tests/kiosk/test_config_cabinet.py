"""The cabinet's part of the configuration: wires that cannot be are told before anything starts."""

from pathlib import Path

import pytest

from kiosk.config import ConfigError, load
from kiosk.config_table import KeyDoc
from kiosk.hardware import Bus, Driver, Gpio, Wiring
from tests.kiosk.station import CONFIG, config_file

TOP = CONFIG.partition("[cabinet]")[0]
BOARDS = """
[cabinet]
driver = "boards"
coils = 2
[[bus]]
name = "a"
family = "xor-8a80"
port = "/dev/serial/by-id/usb-a"
[[bus]]
name = "b"
family = "kerong-cu16"
port = "ttyB"
baud = 9600
[[compartment]]
number = 1
row = 1
column = 1
bus = "a"
board = 1
channel = 1
[[compartment]]
number = 2
row = 2
column = 1
bus = "b"
board = 0
channel = 16
shut_when = "open"
pulse_ms = 300
cool_down_ms = 3000
proven = false
"""
GPIO = """
[cabinet]
driver = "gpio"
[gpio]
safeguard = "rail_relay"
rail_pin = 4
active_high = false
[panel]
light_pin = 12
battery = true
[[compartment]]
number = 1
row = 1
column = 1
lock_pin = 17
contact_pin = 27
"""


def test_boards_on_two_buses_are_read_with_their_defaults(tmp_path: Path) -> None:
    cabinet = load(config_file(tmp_path, TOP + BOARDS)).cabinet
    assert (cabinet.driver, cabinet.coils, cabinet.scanner.kind) == (Driver.BOARDS, 2, "none")
    assert cabinet.buses == (
        Bus("a", "xor-8a80", Path("/dev/serial/by-id/usb-a"), 0, status_first=False),
        Bus("b", "kerong-cu16", tmp_path / "ttyB", 9600, status_first=False),
    )
    assert cabinet.wiring == (
        Wiring(1, "a", 1, 1),
        Wiring(
            2,
            "b",
            0,
            16,
            shut_when="open",
            pulse_ms=300,
            cool_down_ms=3000,
            proven=False,
        ),
    )
    assert [plan.bank for plan in cabinet.compartments] == ["a/1", "b/0"]


def test_gpio_names_its_safeguard_and_pins(tmp_path: Path) -> None:
    cabinet = load(config_file(tmp_path, TOP + GPIO)).cabinet
    assert cabinet.gpio == Gpio("rail_relay", 4, active_high=False)
    assert cabinet.wiring == (Wiring(1, lock_pin=17, contact_pin=27),)
    assert (cabinet.panel.light_pin, cabinet.panel.buzzer_pin) == (12, None)
    assert cabinet.panel.battery


def test_a_cabinet_file_beside_it_holds_the_cabinet(tmp_path: Path) -> None:
    config_file(tmp_path, TOP)
    (tmp_path / "cabinet.toml").write_text(GPIO, encoding="utf-8")
    assert load(tmp_path / "kiosk.toml").cabinet.driver is Driver.GPIO


@pytest.mark.parametrize(
    ("apart", "told"),
    [
        ("[cabinet]\ndriver = 'gpio'", "stands in kiosk.toml too"),
        ("unit = 'x'", "belongs into kiosk.toml"),
        ("[[[", "cabinet.toml: cannot be read"),
    ],
)
def test_a_cabinet_file_that_says_other_things_is_refused(
    tmp_path: Path, apart: str, told: str
) -> None:
    config_file(tmp_path)
    (tmp_path / "cabinet.toml").write_text(apart, encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        load(tmp_path / "kiosk.toml")


@pytest.mark.parametrize(
    ("text", "was", "becomes", "told"),
    [
        (BOARDS, 'bus = "a"', 'bus = "c"', r"no \[\[bus\]\] 'c'; there are: a, b"),
        (BOARDS, 'name = "b"', 'name = "a"', "bus.name: a stands there twice"),
        (BOARDS, 'port = "ttyB"', 'port = "/dev/serial/by-id/usb-a"', "bus.port: .* twice"),
        (
            BOARDS,
            'bus = "b"\nboard = 0\nchannel = 16',
            'bus = "a"\nboard = 1\nchannel = 1',
            "a/1/1 stands there twice",
        ),
        (BOARDS, "baud = 9600", "baud = 9601", "bus #2.baud: 9601; allowed: 0, 9600"),
        (BOARDS, "xor-8a80", "abc", "bus #1.family: 'abc'"),
        (BOARDS, 'bus = "a"\n', "", "compartment #1.bus: missing"),
        (BOARDS, "channel = 16", "channel = 0", "compartment #2.channel"),
        (BOARDS, "pulse_ms = 300", "pulse_ms = 3001", "from 0 to 3000"),
        (BOARDS, "channel = 1\n", "channel = 1\nlock_pin = 3\n", "lock_pin: 3; .*not known here"),
        (BOARDS, "coils = 2", "coils = 9", "cabinet.coils"),
        (GPIO, 'safeguard = "rail_relay"', "", "without one no coil is driven"),
        (GPIO, "rail_pin = 4", "", "gpio.rail_pin: missing"),
        (GPIO, "contact_pin = 27", "contact_pin = 17", "GPIO line: 17 stands there twice"),
        (GPIO, "light_pin = 12", "light_pin = 4", "GPIO line: 4 stands there twice"),
        (GPIO, "light_pin = 12", "light_pin = 28", "panel.light_pin"),
    ],
)
def test_wires_that_cannot_be_are_refused(
    tmp_path: Path, text: str, was: str, becomes: str, told: str
) -> None:
    assert was in text
    with pytest.raises(ConfigError, match=told):
        load(config_file(tmp_path, TOP + text.replace(was, becomes)))


def test_every_key_that_is_read_explains_itself(tmp_path: Path) -> None:
    docs: list[KeyDoc] = []
    load(config_file(tmp_path, TOP + BOARDS), docs.append)
    load(config_file(tmp_path, TOP + GPIO), docs.append)
    keys = {(doc.table, doc.key) for doc in docs}
    assert {("", "unit"), ("bus", "family"), ("compartment", "lock_pin")} <= keys
    assert all(doc.help and doc.allowed for doc in docs)
