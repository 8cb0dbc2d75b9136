"""What lies on a kiosk's SD card, and `kiosk run` started on it before a cabinet that outlives both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from drivers.simulated.cabinet import Cabinet
from kiosk import compose, identity
from kiosk.config import Config
from kiosk.core.clock import Now
from kiosk.identity import Enrolment, RunKeys
from kiosk.journal import Journal
from sync.messages import Clock
from tests.kiosk.pipeline import Pipeline

TOML = """
kiosk = "bt1"
unit = "Phường Bình Tiên"
address = "123 Đường Số 45"
data = "data"
socket = "run.sock"
[central]
url = "https://central.example"
[cabinet]
driver = "simulated"
""" + "".join(f"[[compartment]]\nnumber = {n}\nrow = {n}\ncolumn = 1\n" for n in (1, 2, 3))


@dataclass
class Card:
    """What lies on the card: kiosk.toml, keys, journal. As `Pipeline` wants a station."""

    config: Config

    @property
    def keys(self) -> RunKeys:
        return identity.run_keys(self.config.keys)

    @property
    def enrolment(self) -> Enrolment:
        return identity.enrolment(self.config.keys)

    @property
    def path(self) -> Path:
        return self.config.data / compose.JOURNAL

    def journal(self) -> Journal:
        held = self.enrolment
        return Journal.open(self.path, kiosk=held.kiosk, epoch=held.epoch, key=self.keys.statement)

    def reader(self) -> Journal:
        return Journal.read_only(self.path, key=self.keys.statement)


class Kiosk(Pipeline):
    """`kiosk run` on this card, before this cabinet. `claim`, `wrong_ms`: what its clock says of itself."""

    def __init__(
        self, card: Card, cabinet: Cabinet, usb: Path, claim: Clock, wrong_ms: int
    ) -> None:
        self.station = card  # type: ignore[assignment]  # a card is one, on the disk
        self.usb, self.cabinet = usb, cabinet
        self.site = compose.site(card.config, card.enrolment)
        self.cut_after, self.answers, self.told = "", [], []
        self.claim, self.wrong_ms = claim, wrong_ms
        self.boot()

    @property
    def now(self) -> Now:
        real = super().now
        return Now(real.up_ms, real.wall_ms + self.wrong_ms, self.claim)
