"""What the firmware and the kernel of a Raspberry Pi were told, held against the wires of this cabinet."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.doctor import pi_files
from kiosk.doctor.findings import Finding, doubt, numbers, well, wrong
from kiosk.doctor.machine import Machine
from kiosk.doctor.pi_files import PRIMARY, Boot
from kiosk.hardware import Cabinet, Driver

PERSIST = (
    "/sys/module/pinctrl_rp1/parameters/persist_gpio_outputs",
    "/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs",
)
RELEASED = ("pinctrl_rp1.persist_gpio_outputs=n", "pinctrl_bcm2835.persist_gpio_outputs=n")
ON = frozenset({"on", "1", "true", "yes", "y"})
RESTART = "then start the Pi anew"


def check(cabinet: Cabinet, machine: Machine) -> Iterator[Finding]:
    """Nothing but one line where this is no Raspberry Pi."""
    boot = pi_files.read(machine.text)
    if boot is None:
        yield well("boot settings", "not a Raspberry Pi: boot settings not checked")
        return
    if not boot.path:
        todo = f"is the boot partition mounted? {' or '.join(pi_files.FOLDERS)}"
        yield wrong("boot settings", f"{boot.model}: no config.txt is found", todo)
        return
    yield well("boot settings", f"{boot.model}, {boot.path}")
    yield _strict(boot, cabinet, machine)
    if cabinet.driver is Driver.GPIO:
        yield from _pulls(boot, cabinet)
    yield _watchdog(boot, machine)
    yield from _uarts(boot, cabinet)
    if boot.is_pi5:
        yield _cell(boot)
    yield from _blank(boot)


def _strict(boot: Boot, cabinet: Cabinet, machine: Machine) -> Finding:
    """A killed program must not leave a relay driven (Raspberry Pi kernels keep it otherwise)."""
    told = boot.params.get("strict_gpiod", "") in ON or any(r in boot.cmdline for r in RELEASED)
    now = next((t.strip() for path in PERSIST if (t := machine.text(path))), "")
    if now == "N" or (told and not now):
        return well("strict_gpiod", "on: a killed program lets go of every pin")
    if told:
        return doubt("strict_gpiod", "is set, but the running kernel keeps pins", RESTART)
    words = "off: a pin stays as it is when its program is killed"
    todo = f"add dtparam=strict_gpiod to {boot.path}, {RESTART}"
    if cabinet.driver is Driver.GPIO:
        return wrong("strict_gpiod", f"{words}, a relay may stay on", todo)
    return doubt("strict_gpiod", words, todo)


def _pulls(boot: Boot, cabinet: Cabinet) -> Iterator[Finding]:
    """Relay pins are to be off from the firmware on, long before this program runs."""
    high = cabinet.gpio.active_high
    off = "dl" if high else "dh"
    locks = {wire.lock_pin for wire in cabinet.wiring}
    if cabinet.gpio.rail_pin is not None and high:
        locks.add(cabinet.gpio.rail_pin)
    held: set[int] = set()
    for pins, options in map(pi_files.pins_of, boot.all_of("gpio")):
        # A later line about a pin takes the place of an earlier one.
        held = held | pins if {"op", off} <= options else held - pins
    loose = sorted(locks - held)
    if not loose:
        yield well("relay pins", f"held off from the firmware on ({off})")
        return
    todo = f"add gpio={','.join(map(str, sorted(locks)))}=op,{off} to {boot.path}, {RESTART}"
    words = f"GPIO {numbers(loose)}: not held off while the Pi starts"
    if high:
        yield doubt("relay pins", words, todo)
    else:
        yield wrong("relay pins", f"{words}; a low level switches these relays on", todo)


def _watchdog(boot: Boot, machine: Machine) -> Finding:
    if boot.params.get("watchdog", "") in ON or machine.at("/dev/watchdog0").exists():
        return well("watchdog", "the Pi's own is there: a kernel that hangs is started anew")
    todo = f"add dtparam=watchdog=on to {boot.path}, {RESTART}"
    return doubt("watchdog", "off: a kernel that hangs stays so", todo)


def _uarts(boot: Boot, cabinet: Cabinet) -> Iterator[Finding]:
    uarts = sorted(pi_files.uarts(cabinet))
    consoles = [w.removeprefix("console=").partition(",")[0] for w in boot.cmdline]
    for name in uarts:
        if any(console == name or {console, name} <= PRIMARY for console in consoles):
            yield wrong(
                "serial console",
                f"the kernel writes its messages to /dev/{name}, where a device listens",
                "take console=serial0,115200 out of cmdline.txt "
                "(raspi-config, interface, serial port: no shell, yes hardware)",
            )
    primary = [name for name in uarts if name in PRIMARY]
    if primary and boot.last("enable_uart") != "1" and not _has_uart0(boot):
        todo = f"add enable_uart=1 to {boot.path}, {RESTART}"
        yield wrong("uart", f"/dev/{primary[0]} is used, but enable_uart is not set", todo)
    elif uarts:
        yield well("uart", f"{', '.join(uarts)} on the header")


def _has_uart0(boot: Boot) -> bool:
    """On a Pi 5 the header's own is switched on by a parameter or an overlay."""
    overlay = any(value.partition(",")[0] == "uart0-pi5" for value in boot.all_of("dtoverlay"))
    return overlay or boot.params.get("uart0", "") in ON


def _cell(boot: Boot) -> Finding:
    charge = boot.params.get("rtc_bbat_vchg")
    if charge:
        return well("clock's cell", f"charged (rtc_bbat_vchg={charge}): official cell only")
    words = "not charged: right for none and for one that cannot be charged"
    return well("clock's cell", f"{words}; official one: dtparam=rtc_bbat_vchg=3000000")


def _blank(boot: Boot) -> Iterator[Finding]:
    blank = next((w for w in reversed(boot.cmdline) if w.startswith("consoleblank=")), "")
    if blank not in ("", "consoleblank=0"):
        todo = "set consoleblank=0 in cmdline.txt, " + RESTART
        yield doubt("screen blanking", f"{blank}: the screen goes dark when left alone", todo)
