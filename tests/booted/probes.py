"""What a service can reach, tried from within its own unit: a drop-in runs these before its program.

A probe that finds a way which must not be there fails, and the service does not start.
"""

from __future__ import annotations

from tests.booted.inside import RUN, SYNC
from tests.booted.stage import Appliance

COMMON = """
import os, socket, sys

def shut(what, way):
    try:
        way()
    except OSError:
        return
    sys.exit("probe: it can " + what)

def may(*families):
    for name in ("AF_UNIX", "AF_NETLINK", "AF_INET", "AF_INET6", "AF_PACKET"):
        family = getattr(socket, name)
        kind = socket.SOCK_RAW if name in ("AF_NETLINK", "AF_PACKET") else socket.SOCK_STREAM
        if name in families:
            socket.socket(family, kind).close()
        else:
            shut("open " + name, lambda: socket.socket(family, kind).close())

def writes_only(*folders):
    for folder in ("/", "/etc", "/etc/kiosk", "/opt/kiosk", "/usr/local", "/root", "/home", "/srv", "/mnt",
                   "/var", "/var/lib", "/var/log", "/run", "/dev", "/sys", "/var/lib/kiosk", "/run/kiosk"):
        path = os.path.join(folder, "probe")
        if folder in folders:
            open(path, "w").close()
            os.unlink(path)
        else:
            shut("write to " + folder, lambda: open(path, "w"))

def keys(*names):
    there = sorted(os.listdir(os.environ["CREDENTIALS_DIRECTORY"]))
    if there != sorted(names):
        sys.exit("probe: it has the keys " + " ".join(there))

powers = [line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff:")]
if os.getuid() == 0 or int(powers[0], 16):
    sys.exit("probe: it has powers")
"""
OF_RUN = (
    COMMON
    + """
may("AF_UNIX", "AF_NETLINK")
writes_only("/var/lib/kiosk", "/run/kiosk")
keys("statement.jwk", "manifest.jwk", "central.jwk", "enrolment.json")
open("/dev/kiosk-bus-a", "rb+", buffering=0).close()
"""
)
OF_SYNC = (
    COMMON
    + """
may("AF_UNIX", "AF_INET", "AF_INET6")
writes_only()
keys("transport.jwk")
shut("look into run's folder", lambda: os.listdir("/var/lib/kiosk"))
shut("read sealed keys", lambda: os.listdir("/etc/credstore.encrypted"))
shut("open the locks' port", lambda: open("/dev/kiosk-bus-a", "rb"))
strange = set(os.listdir("/dev")) & {"gpiochip0", "dri", "snd", "input", "ttyS0", "ttyAMA0", "ttyUSB0"}
if strange:
    sys.exit("probe: it sees " + " ".join(strange))
"""
)


def lay(appliance: Appliance) -> None:
    """From their next start on both services try every door that must be shut."""
    for unit, probe in ((RUN, OF_RUN), (SYNC, OF_SYNC)):
        path = f"/usr/local/lib/probe-{unit}.py"
        appliance.write(path, probe)
        drop_in = f"[Service]\nExecStartPre=/usr/bin/python3 -I -B {path}\n"
        appliance.write(f"/etc/systemd/system/{unit}.d/probe.conf", drop_in)
    appliance.inside("systemctl", "daemon-reload")
