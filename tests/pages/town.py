"""A small fictional town for the pages: central with kiosks, results in every state, people signed in."""

from __future__ import annotations

import shutil
from copy import copy
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyotp

from sync.central import journal
from sync.central.accounts import Fresh, PageRole, add_account
from sync.central.enrol import enrol_kiosk
from sync.central.holders import NewHolder
from sync.central.notices import send_due
from sync.central.results import NewResult, register, revoke
from sync.central.settings import load_settings
from sync.central.store import Store
from sync.central.tables import Kiosk
from sync.central.texts import VIETNAM
from sync.envelopes import hash_of, sign_statement
from sync.messages import Clock, Statement
from tests.sync.world import Hand, Keys

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
COMPARTMENTS = list(range(1, 25))


def local_ms(text: str) -> int:
    """`2026-11-18 20:15` on Vietnamese clocks."""
    return int(datetime.fromisoformat(text).replace(tzinfo=VIETNAM).timestamp()) * 1000


class Town:
    """Its clock stands still unless it is moved; every kiosk states what it is told to."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        self.now = Hand()
        self.now.ms = local_ms("2026-11-18 09:30")
        settings = load_settings(folder / "central", {})
        self.store = Store(replace(settings, database=database), self.now)
        self.kiosks: dict[str, Cabinet] = {}
        self.accounts: dict[str, Fresh] = {}

    def copy(self, folder: Path) -> Town:
        """Another town that has come as far as this one, whose store must be closed."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        made = Town(folder)
        made.now.ms, made.accounts = self.now.ms, dict(self.accounts)
        for name, old in self.kiosks.items():
            made.kiosks[name] = copy(old)
            made.kiosks[name].town = made
        return made

    def kiosk(self, name: str, unit: str = "P.Bình Tiên", address: str = "123 Đường 45") -> Cabinet:
        self.kiosks[name] = Cabinet(self, name, unit, address)
        return self.kiosks[name]

    def account(self, name: str, role: PageRole, *kiosks: str) -> Fresh:
        self.accounts[name] = add_account(self.store, name, role, kiosks)
        return self.accounts[name]

    def code(self, name: str) -> str:
        return pyotp.TOTP(self.accounts[name].totp_secret).at(self.now.ms // 1000)

    def register(
        self, kiosk: str, dossier: str, name: str = "Nguyễn Văn Anh", due_ms: int = 0
    ) -> str:
        people = (NewHolder("0530004821"),)
        new = NewResult(kiosk, (dossier,), name, people, due_ms=due_ms)
        with self.store.begin() as session:
            return register(self.store, session, new).cid

    def revoke(self, cid: str) -> None:
        with self.store.begin() as session:
            revoke(self.store, session, cid)

    def send(self) -> int:
        return send_due(self.store)


class Cabinet:
    """One kiosk's voice: signed and chained statements, taken in at once."""

    def __init__(self, town: Town, name: str, unit: str, address: str) -> None:
        self.town, self.name, self.keys = town, name, Keys()
        enrol_kiosk(town.store, name, self.keys.public(), unit=unit, address=address)
        self.seq, self.prev = 0, ""
        self.state("started", version="0.1", compartments=COMPARTMENTS)

    def state(self, kind: str, *, clock: Clock = Clock.SYNCED, **fields: object) -> int:
        self.seq += 1
        at = self.town.now.ms
        row = Statement(self.name, 1, self.seq, self.prev, at, clock, self.seq * 1000, kind, fields)
        compact = sign_statement(row.payload(), self.keys.statement)
        self.prev = hash_of(compact)
        with self.town.store.begin() as session:
            held = self.town.store.kiosk(session, self.name)
            assert journal.take(self.town.store, session, held, [compact]).stop is None
            held.contact_ms = at
        return self.seq

    def health(self, **fields: object) -> None:
        with self.town.store.begin() as session:
            row = session.get_one(Kiosk, self.name)
            row.health, row.health_ms = {"serving": True, **fields}, self.town.now.ms
            row.contact_ms = self.town.now.ms

    def load(self, cid: str, compartment: int) -> None:
        self.state("loaded", cid=cid, compartment=compartment, staff="7")

    def collect(self, cid: str, compartment: int, holder: str = "h1") -> None:
        self.state("accepted", cid=cid, holder=holder, gen=1, counter=0, compartments=[compartment])
        self.state("opened", cid=cid, compartment=compartment, ms=300)
        self.state("collected", cid=cid, holder=holder, compartment=compartment)
