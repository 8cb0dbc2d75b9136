"""The whole of it, in the order in which a technician would look. No door moves, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.config import ConfigError, load
from kiosk.doctor import (
    boards,
    boot,
    clocks,
    gear,
    media,
    nodes,
    places,
    records,
    services,
    serving,
    wires,
)
from kiosk.doctor.findings import Finding, doubt, well, wrong
from kiosk.doctor.machine import Machine, user
from kiosk.setup.place import UNFINISHED


def examine(path: Path, machine: Machine) -> Iterator[Finding]:
    """Every finding about the kiosk that `path` configures, one after the other as it is found."""
    try:
        config = load(path)
    except ConfigError as error:
        todo = "mend that (docs/configuration.md) and ask again: nothing else can be looked at"
        yield wrong("configuration", str(error), todo)
        return
    yield well("configuration", f"{path} is complete; kiosk {config.kiosk}, asked by {user()}")
    if path.with_name(UNFINISHED).exists():
        words = "was begun and has not ended: kiosk.service and kiosk-sync.service wait for it"
        yield doubt(
            "guided start", words, f"end it: kiosk setup; or rm {path.with_name(UNFINISHED)}"
        )
    run = serving.look(config.socket)
    yield from serving.check(run)
    yield from services.check(machine)
    yield from wires.check(config.cabinet, run.health)
    found, held = records.check_keys(config)
    yield from found
    found, held = records.check_journal(config, held)
    yield from found
    yield from records.check_manifest(config, held, machine.wall_ms())
    yield from records.check_disk(config, machine)
    yield from places.check(config, machine, run)
    yield from clocks.check(machine, config.clock, held.memory, run)
    yield from nodes.check(config, machine)
    yield from boards.check(config.cabinet, machine, run)
    yield from gear.check(config, machine, run)
    yield from media.check(config, run)
    yield from boot.check(config.cabinet, machine)
