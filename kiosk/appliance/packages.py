"""What the program needs from Debian besides Python: libraries of the screen, a voice, the GPIO pins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kiosk.appliance.ground import Ground, ask

# package → what it is for, as people are told when it is missing
NEEDED: Mapping[str, str] = {
    "libdrm2": "screen",
    "libgbm1": "screen",
    "libegl1": "screen",
    "libgles2": "screen",
    "libgl1-mesa-dri": "screen",
    "espeak-ng": "voice",
}
ON_A_PI: Mapping[str, str] = {"python3-lgpio": "locks, light and buzzer on the Pi's own pins"}
INSTALLED = "installed"


def missing(ground: Ground, roles: Sequence[str], *, pi: bool) -> dict[str, str]:
    """What is not there; nothing where there is no dpkg to ask."""
    wanted = {**(NEEDED if "kiosk" in roles else {}), **(ON_A_PI if pi else {})}
    if not wanted:
        return {}
    admin = [] if str(ground.root) == "/" else [f"--root={ground.root}"]
    form = "${Package} ${db:Status-Status}\n"
    asked = ask(["dpkg-query", *admin, "--show", f"--showformat={form}", *wanted])
    there = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(INSTALLED)}
    return {name: use for name, use in wanted.items() if name not in there}


def install(ground: Ground, lacking: Mapping[str, str], *, fetch: bool) -> None:
    """From the network where that is wanted and goes; otherwise each is named with its use."""
    if not lacking:
        return
    names = sorted(lacking)
    if ground.dry:
        ground.changed.append("packages")
        ground.say(f"packages: apt-get install {' '.join(names)}")
        return
    live = str(ground.root) == "/"
    got = fetch and live and _fetched(ground, names)
    if not got:
        ground.say("missing, and not installed now (the kiosk runs without, but worse):")
        for name in names:
            ground.say(f"  {name}: {lacking[name]}")
        ground.say(f"  with a network: sudo apt-get install {' '.join(names)}, then this again")


def _fetched(ground: Ground, names: Sequence[str]) -> bool:
    ground.say(f"packages from Debian: {' '.join(names)}")
    quick = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]
    unasked = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2", *quick]
    return ground.tried(*unasked, "update") and ground.tried(
        *unasked, "install", "--yes", "--no-install-recommends", *names
    )
