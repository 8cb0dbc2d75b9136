"""A kiosk's `run` and a central to talk to, both real at their borders: sockets, HTTP, SQLite files."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyotp
from sqlalchemy import select

from sync.calls import Calls, Stamp
from sync.central.app import Central
from sync.central.enrol import Enrolled, KioskKeys, add_staff, enrol_kiosk
from sync.central.holders import NewHolder
from sync.central.results import NewResult, register
from sync.central.settings import load_settings
from sync.central.store import Store
from sync.central.tables import Row
from sync.envelopes import Opened, hash_of, open_manifest, sign_statement
from sync.fetch import Fetcher
from sync.framing import LineError, receive_message, send_message
from sync.keys import Key, new_opening_key, new_signing_key, public
from sync.line import Line
from sync.messages import Clock, Manifest, Role, Statement
from sync.report import Reporter
from sync.transport import Way

NOW = 1_795_000_000_000
KIOSK = "bt1"
LINE_S = 5.0
SHORT_S = 4.0  # as long as a slow central is waited for here: a loaded machine is not one


class Hand:
    """Wall time that only moves when it is moved."""

    def __init__(self) -> None:
        self.ms = NOW

    def __call__(self) -> int:
        return self.ms


class Keys:
    """A kiosk's three private keys."""

    def __init__(self) -> None:
        self.statement = new_signing_key()
        self.manifest = new_opening_key()
        self.transport = new_signing_key()

    def public(self) -> KioskKeys:
        return KioskKeys(*(public(k) for k in (self.statement, self.manifest, self.transport)))


class Journal:
    """Statements of one kiosk, signed and chained."""

    def __init__(self, keys: Keys, epoch: int = 1, kiosk: str = KIOSK) -> None:
        self.keys = keys
        self.kiosk = kiosk
        self.epoch = epoch
        self.rows: list[str] = []

    @property
    def head(self) -> dict[str, object]:
        return {"seq": len(self.rows), "hash": hash_of(self.rows[-1]) if self.rows else ""}

    def state(self, kind: str, **fields: object) -> str:
        prev = hash_of(self.rows[-1]) if self.rows else ""
        seq = len(self.rows) + 1
        statement = Statement(
            self.kiosk, self.epoch, seq, prev, NOW, Clock.SYNCED, 1000 * seq, kind, fields
        )
        self.rows.append(sign_statement(statement.payload(), self.keys.statement))
        return self.rows[-1]


class FakeRun:
    """The answering end of the line, with a journal and the manifest ladder, but no cabinet."""

    def __init__(self, path: Path, keys: Keys, central: Key, kiosk: str = KIOSK) -> None:
        self.path = path
        self.journal = Journal(keys, kiosk=kiosk)
        self.damaged: set[int] = set()
        self.manifest: Manifest | None = None
        self.hash = ""
        self.contacts: list[object] = []
        self.health: dict[str, object] = {"doors": "ok"}
        self.offers = 0
        self.given_back: list[
            tuple[object, object]
        ] = []  # pages of rows, and the head told with each
        self.says: list[dict[str, object]] = []  # its answers to them; the last one stays
        self.calls = 0
        self._keys = keys
        self._central = central
        self._changed = threading.Condition()
        self._socket = self._listen()

    def _listen(self) -> socket.socket:
        self.path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(self.path))
        listener.listen()
        threading.Thread(target=self._serve, args=(listener,), daemon=True).start()
        return listener

    def restart(self) -> None:
        self._socket = self._listen()

    def close(self) -> None:
        self.path.unlink(missing_ok=True)
        # `close` alone leaves the accepting thread asleep.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def state(self, kind: str, **fields: object) -> None:
        with self._changed:
            self.journal.state(kind, **fields)
            self._changed.notify_all()

    def call(self) -> None:
        """Staff press *call the centre*."""
        with self._changed:
            self.calls += 1
            self._changed.notify_all()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        with peer:
            try:
                send_message(peer, self._answer(receive_message(peer, LINE_S)), LINE_S)
            except LineError:
                return

    def _answer(self, ask: dict[str, object]) -> dict[str, object]:
        name = f"_{ask['ask']}"
        verb = getattr(self, name, None)
        return verb(ask) if verb else {"error": f"no such verb: {ask['ask']}"}

    def _statements(self, ask: dict[str, object]) -> dict[str, object]:
        after, most = ask["after"], ask["most"]
        assert isinstance(after, int)
        assert isinstance(most, int)
        rows = [
            {"seq": seq, "damaged": True} if seq in self.damaged else row
            for seq, row in enumerate(self.journal.rows, start=1)
        ]
        return {"statements": rows[after : after + most], "head": self.journal.head}

    def _wait(self, ask: dict[str, object]) -> dict[str, object]:
        after, timeout = ask["after"], ask["timeout_s"]
        known = ask.get("calls", self.calls)
        assert isinstance(after, int)
        assert isinstance(timeout, float | int)
        with self._changed:
            self._changed.wait_for(
                lambda: len(self.journal.rows) > after or known != self.calls, timeout
            )
            return {"head": self.journal.head, "calls": self.calls}

    def _manifest(self, _: dict[str, object]) -> dict[str, object]:
        return {"ver": self.manifest.ver if self.manifest else 0, "hash": self.hash}

    def _offer_manifest(self, ask: dict[str, object]) -> dict[str, object]:
        self.offers += 1
        opened = open_manifest(
            str(ask["jwe"]),
            opening_key=self._keys.manifest,
            central_keys={self._central.kid: self._central},
            kiosk=self.journal.kiosk,
            epoch=self.journal.epoch,
            in_force=(self.manifest.ver, self.hash) if self.manifest else None,
        )
        if not isinstance(opened, Opened):
            return {"refused": str(opened.refusal), "detail": opened.detail}
        if opened.hash != self.hash:
            self.manifest, self.hash = opened.manifest, opened.hash
            self.state("manifest_accepted", ver=opened.ver, hash=opened.hash)
        return {"accepted": True, "ver": opened.ver}

    def _offer_statements(self, ask: dict[str, object]) -> dict[str, object]:
        self.given_back.append((ask["statements"], ask["head"]))
        return self.says.pop(0) if len(self.says) > 1 else self.says[0]

    def _health(self, _: dict[str, object]) -> dict[str, object]:
        return {"health": self.health}

    def _contact(self, ask: dict[str, object]) -> dict[str, object]:
        self.contacts.append(ask["at"])
        return {}


class World:
    """One central with one enrolled kiosk, in one folder."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.now = Hand()
        self.keys = Keys()
        settings = load_settings(folder / "central", {})
        self.store = Store(replace(settings, database=database, port=0), self.now)
        self.enrolled: Enrolled = self.enrol(self.keys)
        self.journal = Journal(self.keys)

    def enrol(self, keys: Keys) -> Enrolled:
        place = {"unit": "P.Bình Tiên", "address": "123 Đường Số 45"}
        return enrol_kiosk(self.store, KIOSK, keys.public(), **place)

    def add_staff(self, role: Role = Role.CLERK) -> str:
        secret = pyotp.random_base32()
        add_staff(self.store, KIOSK, "7", role, pin="135790", totp_secret=secret)
        return secret

    def register(self, phone: str = "0530004821", *more: str) -> str:
        people = tuple(NewHolder(p) for p in (phone, *more))
        new = NewResult(KIOSK, ("H29.915-261121-0042",), "Nguyễn Văn Anh", people)
        with self.store.begin() as session:
            return register(self.store, session, new).cid


@contextmanager
def serving(store: Store) -> Iterator[str]:
    """Real HTTP on loopback, in a thread; yields the address."""
    up = threading.Event()
    central = Central(store, ready=lambda _: up.set())
    thread = threading.Thread(target=central.serve)
    thread.start()
    try:
        assert up.wait(10)
        yield f"http://127.0.0.1:{central.port}"
    finally:
        central.end()
        thread.join()


def now() -> threading.Event:
    """A waiter that does not wait."""
    event = threading.Event()
    event.set()
    return event


def reporter_of(world: World, kiosk: FakeRun, url: str) -> Reporter:
    caller = calls(url, world.keys.transport, SHORT_S)
    return Reporter(KIOSK, Line(kiosk.path), caller, lambda: 0.0)


def fetcher_of(world: World, kiosk: FakeRun, url: str) -> Fetcher:
    return Fetcher(KIOSK, Line(kiosk.path), calls(url, world.keys.transport, SHORT_S), 0.0)


def received(world: World) -> list[str]:
    """The journal as central holds it."""
    with world.store.begin() as session:
        return [row.compact for row in session.scalars(select(Row).order_by(Row.seq))]


def calls(url: str, key: Key, answer_s: float = 5.0) -> Calls:
    return Calls(url, key, Way(), Stamp(), answer_s)
