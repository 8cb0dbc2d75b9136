"""From one release to another, and back by itself when the other one does not prove itself.

    prepare   lay the new release and try it, while the old one serves: nothing is stopped for a broken one
    request   trial.json says from where to where; from here on `settle` brings the machine to rest
    carry_out wait for a quiet moment, stop, switch, start, watch; keep it or go back
    settle    after a crash of the above, or at boot after a power cut: back to the good one

The law of this file: `good` is moved only to a release that has proved itself, and whoever judges runs from
`good`. As long as trial.json lies there the end is not reached; whatever cuts in, the next `settle` ends it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk import clock
from kiosk.appliance import outcome as outcomes
from kiosk.appliance import release as releases
from kiosk.appliance import services as border
from kiosk.appliance import system_files, trial
from kiosk.appliance.bundle import Bundle
from kiosk.appliance.ground import ApplianceError, Ground
from kiosk.appliance.outcome import Outcome
from kiosk.appliance.places import CURRENT, GOOD, TRIAL, Places
from kiosk.appliance.services import Services
from kiosk.appliance.trial import Next, Watch, Why

LOOK_S = 2.0
QUIET_LOOK_S = 5.0
QUIET_S = 1_800.0  # so long a quiet moment is waited for
KEPT = 2  # releases: the one that serves and the one before it


@dataclass(frozen=True, slots=True)
class Request:
    """An upgrade that is wanted: names of releases that are laid. `units`: what ran when it was."""

    old: str
    new: str
    version: str  # of the new one
    before: str  # version of the old one
    at_once: bool = False  # do not wait for a quiet moment
    units: tuple[str, ...] = ()


class BusyError(ApplianceError):
    """There was no quiet moment. Nothing was stopped, nothing has failed."""


def roles_of(places: Places, name: str = "") -> tuple[str, ...]:
    """What a release is for; without a name, the one that has proved itself: what this machine is.

    Raises:
        ApplianceError: nothing is installed.
    """
    roles = releases.read_stamp(places, name or places.linked(GOOD)).get("roles")
    if not isinstance(roles, list) or not roles:
        raise ApplianceError("nothing is installed here: systemd/install comes first")
    return tuple(str(role) for role in roles)


def prepare(ground: Ground, services: Services, bundle: Bundle, wheels: Path | None) -> str:
    """The new release laid, started once, and seen by its own doctor; the old one serves meanwhile.

    Raises:
        ApplianceError: it will not do; that is written down for central, and nothing was stopped.
    """
    places = Places(ground.root)
    name = bundle.name(roles_of(places))
    releases.prune(ground, KEPT)
    try:
        releases.check_room(places)
        releases.lay(ground, bundle, roles_of(places), wheels)
    except releases.BrokenError as error:
        fail(ground, name, bundle.version, Why.BROKEN, str(error))
        raise
    except (ApplianceError, OSError) as error:
        fail(ground, name, bundle.version, Why.PACKAGES, str(error))
        raise ApplianceError(str(error)) from error
    ask_doctor(ground, services, name)
    return name


def ask_doctor(ground: Ground, services: Services, name: str) -> None:
    """Whether the doctor of a release that is laid finds no more wrong than the one of the good one.

    Raises:
        ApplianceError: it does; that is written down for central, and nothing was stopped.
    """
    places = Places(ground.root)
    version = str(releases.read_stamp(places, name).get("version", ""))
    worse = sorted(services.doctor(name) - services.doctor(places.linked(GOOD)))
    if worse:
        words = f"the doctor of {name} finds wrong what was right: {', '.join(worse)}"
        fail(ground, name, version, Why.DOCTOR, words)
        raise ApplianceError(f"{words}. The old release goes on; nothing was stopped.")


def request(ground: Ground, services: Services, name: str, *, at_once: bool = False) -> Request:
    """It is written down that this release, which is laid, is to serve.

    Raises:
        ApplianceError: it serves already, is not laid, or another upgrade is under way.
    """
    places = Places(ground.root)
    if places.at(TRIAL).exists():
        raise ApplianceError("an upgrade is under way: journalctl -fu kiosk-trial says how far")
    old, stamp = places.linked(CURRENT), releases.read_stamp(places, name)
    if not stamp:
        raise ApplianceError(f"{name} is not laid here")
    if name == old:
        raise ApplianceError(f"{name} serves already")
    before = str(releases.read_stamp(places, old).get("version", ""))
    wanted = Request(old, name, str(stamp["version"]), before, at_once, services.running())
    ground.write(TRIAL, json.dumps(asdict(wanted)).encode())
    return wanted


def requested(places: Places) -> Request | None:
    """The upgrade that is under way; None: none is."""
    try:
        raw = json.loads(places.at(TRIAL).read_text(encoding="utf-8"))
        return Request(**{**raw, "units": tuple(raw["units"])})
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise ApplianceError(f"{TRIAL} cannot be read: {error}") from error


def carry_out(ground: Ground, services: Services) -> Outcome:
    """The whole trial. The release that serves afterwards is the new one, or the old one again.

    Raises:
        BusyError: there was no quiet moment; the request is withdrawn.
        ApplianceError: there is no request; or going back itself failed, and `settle` is to try again.
    """
    wanted = requested(Places(ground.root))
    if wanted is None:
        raise ApplianceError("no upgrade is under way")
    if not (wanted.at_once or _quiet_moment(services)):
        ground.remove(TRIAL)
        raise BusyError("there was no quiet moment; nothing was stopped. Later, or with --now")
    before = border.before(services, wanted.units, services.doctor(wanted.old))
    try:
        switch(ground, services, wanted.new, wanted.units)
        why = _watch(services, Watch(before, wanted.version, services.seen().up_s), wanted.new)
    except (ApplianceError, OSError) as error:
        ground.say(f"{error}")
        why = Why.NOT_STARTED
    if why is None:
        return keep(ground, services, wanted)
    return go_back(ground, services, wanted, why)


def _quiet_moment(services: Services) -> bool:
    waited = 0.0
    while services.busy():
        if waited >= QUIET_S:
            return False
        services.pause(QUIET_LOOK_S)
        waited += QUIET_LOOK_S
    return True


def switch(ground: Ground, services: Services, name: str, units: Sequence[str]) -> None:
    """Another release serves: stopped with its own last words, files and link exchanged, started.

    Raises:
        ApplianceError: systemd would not do one of these.
    """
    services.stop()
    _lay(ground, name)
    services.start(units)


def _lay(ground: Ground, name: str) -> None:
    places = Places(ground.root)
    system_files.lay(ground, places.release(name), roles_of(places, name))
    ground.link(CURRENT, f"releases/{name}")


def _watch(services: Services, watch: Watch, name: str) -> Why | None:
    """Until it has proved itself (None) or has not."""
    while True:
        watch, then, why = trial.look(watch, services.seen())
        if then is Next.GO_BACK:
            return why
        if then is Next.ASK_DOCTOR:
            return trial.doctor_says(watch.before, services.doctor(name))
        services.pause(LOOK_S)


def keep(ground: Ground, services: Services, wanted: Request) -> Outcome:
    """The new release has proved itself: it is the good one now. May be done again after a cut."""
    places = Places(ground.root)
    ground.link(GOOD, f"releases/{wanted.new}")
    system_files.lay_keepers(ground, places.release(wanted.new), roles_of(places, wanted.new))
    made = Outcome(wanted.new, wanted.version, wanted.before, at_ms=clock.wall_ms())
    outcomes.write(ground, made)
    ground.remove(TRIAL)
    if border.RUN in wanted.units:
        services.start([border.TARGET])  # what the new release has besides what ran
    releases.prune(ground, KEPT)
    return made


def go_back(ground: Ground, services: Services, wanted: Request, why: Why) -> Outcome:
    """The old release serves again, and what happened is written down before it starts."""
    ground.say(f"{wanted.new} did not prove itself ({why}); back to {wanted.old}")
    try:
        if services.running():  # not at boot: they wait for us then, and start with what is laid
            services.stop()
        ground.link(CURRENT, f"releases/{wanted.old}")
        _lay(ground, wanted.old)
        made = fail(ground, wanted.new, wanted.version, why, f"back on {wanted.old}")
        # Nobody goes back to this one. The rest of it goes with the next `prune`: at boot people wait.
        releases.disown(ground, wanted.new)
    except (ApplianceError, OSError):
        # A full disk, perhaps. They serve meanwhile; trial.json stays, and `settle` tries again.
        services.start(wanted.units)
        raise
    services.start(wanted.units)
    ground.remove(TRIAL)
    return made


def settle(ground: Ground, services: Callable[[], Services]) -> Outcome | None:
    """End what was cut off: kept if it had proved itself, otherwise back. None: nothing is under way."""
    places = Places(ground.root)
    try:
        wanted = requested(places)
    except ApplianceError as error:
        # Written whole or not at all; whoever spoilt it, the good release is the one to serve.
        ground.say(f"{error}")
        good = places.linked(GOOD)
        wanted = Request(good, places.linked(CURRENT), "", "", units=services().running())
    if wanted is None:
        return None
    if places.linked(GOOD) == wanted.new:
        return keep(ground, services(), wanted)
    return go_back(ground, services(), wanted, Why.INTERRUPTED)


def fail(ground: Ground, name: str, version: str, why: Why, words: str) -> Outcome:
    """Written down for `kiosk run`, which states it; how often in a row counts for `kiosk update`."""
    places = Places(ground.root)
    last = outcomes.read(places.at(outcomes.FILE))
    again = last.tries + 1 if last is not None and last.why and last.release == name else 1
    before = str(releases.read_stamp(places, places.linked(GOOD)).get("version", ""))
    made = Outcome(name, version, before, why, words[:1000], again, clock.wall_ms())
    outcomes.write(ground, made)
    return made
