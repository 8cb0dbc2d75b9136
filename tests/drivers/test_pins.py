"""Pins of the header: outputs through lgpio start at their off level, and its failures have words.

lgpio exists on a Pi only: a child process finds one here that writes down what it is asked, under the
real gpiozero.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from drivers.pins import Output, PinError, Switch

ROOT = Path(__file__).resolve().parents[2]
LGPIO = """
SET_PULL_NONE = SET_PULL_UP = SET_PULL_DOWN = 0
BOTH_EDGES, RISING_EDGE, FALLING_EDGE = 3, 1, 2
outputs = {}
broken = False

class error(Exception):
    pass

def gpiochip_open(chip):
    if broken:
        raise error("can not open gpiochip")
    return 7

def gpiochip_close(handle):
    pass

def gpio_get_mode(handle, pin):
    return 2 if pin in outputs else 0

def gpio_claim_input(handle, pin, flags=0):
    outputs.pop(pin, None)
    print("input", pin)

def gpio_claim_output(handle, pin, level=0, flags=0):
    outputs[pin] = level
    print("output", pin, level)

def gpio_write(handle, pin, level):
    if broken:
        raise error("GPIO not allocated")
    outputs[pin] = int(level)
    print("write", pin, int(level))

def gpio_read(handle, pin):
    return outputs.get(pin, 0)

def gpio_free(handle, pin):
    pass
"""
NO_PI = """
import gpiozero.pins.local
gpiozero.pins.local.get_pi_revision = lambda: 0xA02082  # this machine is no Pi
"""


def run(folder: Path, script: str, lgpio: str = LGPIO) -> list[str]:
    (folder / "lgpio.py").write_text(lgpio)
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", NO_PI + script],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_an_active_low_relay_is_claimed_off_in_one_call(tmp_path: Path) -> None:
    script = """
from drivers.pins import Output, header
relay = Output(17, factory=header(), active_high=False)
print("there")
"""
    said = run(tmp_path, script)
    assert said[: said.index("there")] == ["input 17", "output 17 1"]


def test_gpiozero_alone_would_have_made_it_click(tmp_path: Path) -> None:
    script = """
from gpiozero import OutputDevice
from gpiozero.pins.lgpio import LGPIOFactory
relay = OutputDevice(17, active_high=False, pin_factory=LGPIOFactory())
print("there")
"""
    said = run(tmp_path, script)
    # When this fails, gpiozero has mended it, and `level_first` can go.
    assert said[: said.index("there")] == ["input 17", "output 17 0", "write 17 1"]


def test_what_lgpio_refuses_is_a_pin_error_in_words(tmp_path: Path) -> None:
    script = """
import lgpio
from drivers.pins import Output, PinError, header
relay = Output(17, factory=header())
relay.put(on=True)
lgpio.broken = True
for attempt in (lambda: relay.put(on=False), header):
    try:
        attempt()
    except PinError as error:
        print("error:", error)
"""
    errors = [line for line in run(tmp_path, script) if line.startswith("error:")]
    assert errors == [
        "error: GPIO17 cannot be written: the GPIO chip refused: GPIO not allocated",
        (
            "error: the GPIO chip cannot be opened (can not open gpiochip): is this a Raspberry Pi, and is "
            "this user in the group gpio?"
        ),
    ]


def test_without_lgpio_one_is_told_what_to_install(tmp_path: Path) -> None:
    script = """
from drivers.pins import PinError, header
try:
    header()
except PinError as error:
    print(error)
"""
    said = run(tmp_path, script, lgpio="raise ImportError('No module named lgpio')")
    assert "python3-lgpio" in said[0]


def test_a_pin_serves_one_thing() -> None:
    factory = MockFactory()
    light = Output(17, factory=factory)
    with pytest.raises(PinError, match="GPIO17 cannot be used as an input"):
        Switch(17, factory=factory)
    light.close()
    light.close()
    with pytest.raises(PinError, match="GPIO17 cannot be written"):
        light.put(on=True)
    switch = Switch(17, factory=factory)
    assert not switch.is_closed()
    factory.pin(17).drive_low()
    assert switch.is_closed()
