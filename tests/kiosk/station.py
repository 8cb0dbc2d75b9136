"""A kiosk's shell without its loop: real keys, a real journal file, and the office that seals for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.core.site import CompartmentPlan, Site
from kiosk.identity import Enrolment, RunKeys
from kiosk.journal import Journal
from sync.envelopes import Sealed, seal_manifest
from sync.keys import Key, new_opening_key, new_signing_key, public
from sync.messages import Clock, Kind, Statement
from tests.central import Central

KIOSK = "bt1"
EPOCH = 1
WALL_MS = 1_795_305_600_000
UP_MS = 60_000
NET_S = 20.0  # a safety net, never a measure

CONFIG = """
kiosk = "bt1"
unit = "Phường Bình Tiên"
address = "123 Đường Số 45"
data = "data"
socket = "run.sock"
[central]
url = "https://central.example"
[cabinet]
driver = "simulated"
[[compartment]]
number = 1
row = 1
column = 1
[[compartment]]
number = 2
row = 2
column = 1
"""


def config_file(folder: Path, text: str = CONFIG) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return path


def a_site(*numbers: int) -> Site:
    plans = tuple(CompartmentPlan(number=n, row=n, column=1) for n in numbers or (1, 2, 3))
    return Site(
        kiosk=KIOSK,
        epoch=EPOCH,
        unit="Phường Bình Tiên",
        address="123 Đường Số 45",
        hotline="1022",
        language="vi",
        version="test",
        built_ms=WALL_MS - 86_400_000,
        compartments=plans,
    )


@dataclass
class Station:
    """Everything that `kiosk run` is given, in one folder."""

    folder: Path
    keys: RunKeys = field(default_factory=lambda: RunKeys(new_signing_key(), new_opening_key()))
    signer: Key = field(default_factory=new_signing_key)
    office: Central = field(default_factory=lambda: Central(KIOSK, wall_ms=WALL_MS))

    @property
    def path(self) -> Path:
        return self.folder / "journal.db"

    @property
    def enrolment(self) -> Enrolment:
        return Enrolment(KIOSK, EPOCH, public(self.signer))

    def journal(self) -> Journal:
        """For writing."""
        return Journal.open(self.path, kiosk=KIOSK, epoch=EPOCH, key=self.keys.statement)

    def reader(self) -> Journal:
        return Journal.read_only(self.path, key=self.keys.statement)

    def sealed(self, payload: Mapping[str, object] | None = None) -> Sealed:
        """The office's next manifest (or this one), signed and sealed for this kiosk."""
        return seal_manifest(
            payload or self.office.publish(WALL_MS),
            signer=self.signer,
            recipient_public=public(self.keys.manifest),
        )


def said(seq: int, kind: Kind, **fields: object) -> Statement:
    """A plain statement of this kiosk."""
    return Statement(KIOSK, EPOCH, seq, "", WALL_MS + seq, Clock.SYNCED, UP_MS + seq, kind, fields)
