"""One kiosk of the fleet: real keys, journal, envelopes and sync; only cabinet, screen and disk are missing.

Its line to central is sync's own: `Fetcher`, `Reporter` and `Activity`, each on a thread as in `kiosk sync`.
What `kiosk run` answers over its socket is answered here from memory, and is signed, chained and judged by
the same envelopes. The rows of a loading and of a pickup are those that the real kiosk states.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from requests import codes as status

from kiosk import clock
from sync import enrolment
from sync.calls import Call, Calls, Stamp
from sync.client import Activity, SyncConfig
from sync.compact import write_json
from sync.envelopes import Opened, hash_of, open_manifest, sign_statement
from sync.fetch import POLL_S, Fetcher
from sync.keys import Key, new_opening_key, new_signing_key, public_jwk
from sync.line import Batch, Damaged, InForce, Line, Refused, Taken
from sync.messages import Clock, Head, Manifest, Otp, Statement
from sync.pace import MOST_DOUBLINGS, Pause
from sync.report import Reporter
from sync.transport import Way

NOWHERE = Path("/dev/null")  # in place of the socket of `kiosk run`
COMPARTMENTS = 40
STAFF = "1001"
GAPS_S = (0.3, 0.1, 0.4)  # between the four rows of a pickup, as measured in the demo
NOTHING_ELSE = ("voided", "recalled", "suspended", "lifted", "forgotten")  # consequences
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Told:
    """A manifest that was accepted, and when (`perf_counter`)."""

    manifest: Manifest
    hash: str
    at: float


class Run(Line):
    """The answering end of the line, and the journal behind it. Safe for several threads."""

    def __init__(self, kiosk: str) -> None:
        super().__init__(NOWHERE)
        self.kiosk = kiosk
        self.statement, self.opening = new_signing_key(), new_opening_key()
        self.rows: list[str] = []
        self.hashes: list[str] = []
        self.told: Told | None = None
        self.ended = False
        self._epoch = 0
        self._central: dict[str, Key] = {}
        self._known: dict[tuple[str, str], Otp] = {}
        self._places: dict[str, int] = {}
        self._changed = threading.Condition(threading.RLock())

    def entered(self, reply: enrolment.Reply) -> None:
        """Central has entered this kiosk: it starts."""
        self._epoch, self._central = reply.epoch, {reply.central.kid: reply.central}
        compartments = list(range(1, COMPARTMENTS + 1))
        self.state("started", version="0.1.0", compartments=compartments, unproven=[])

    def end(self) -> None:
        """Nobody waits here any longer."""
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    # The journal

    def state(self, kind: str, **fields: object) -> None:
        """One more row, and whoever waits for it hears of it."""
        with self._changed:
            seq, prev = len(self.rows) + 1, self.hashes[-1] if self.rows else ""
            now, up = clock.wall_ms(), clock.up_ms()
            row = Statement(self.kiosk, self._epoch, seq, prev, now, Clock.SYNCED, up, kind, fields)
            self.rows.append(sign_statement(row.payload(), self.statement))
            self.hashes.append(hash_of(self.rows[-1]))
            self._changed.notify_all()

    def load(self, cids: list[str]) -> None:
        """A clerk's morning: so many envelopes, one after the other."""
        self.state("staff_in", staff=STAFF, role="clerk", step=59863215)
        for cid in cids:
            at = {"compartment": self.compartment(cid)}
            self.state("staff_authorised", **at, staff=STAFF, reason="load", cid=cid)
            self.state("pulsed", **at, outcome="acknowledged")
            self.state("opened", **at, staff=STAFF, ms=491)
            self.state("loaded", cid=cid, **at, staff=STAFF)
        self.state("staff_out", staff=STAFF, reason="signed_out")

    def collect(self, cid: str, pause: threading.Event | None = None) -> None:
        """A citizen's visit, in real time when there is a `pause` to wait with."""
        at = {"compartment": self.compartment(cid)}
        with self._changed:
            otp = self._known[cid, "h1"]
            used = {"gen": otp.gen, "counter": otp.counter}
            where = {"compartments": [at["compartment"]], "via": "code"}
            self.state("accepted", cid=cid, holder="h1", **used, **where)
        rest: tuple[tuple[str, dict[str, object]], ...] = (
            ("pulsed", {**at, "outcome": "acknowledged"}),
            ("opened", {**at, "cid": cid, "ms": 428}),
            ("collected", {"cid": cid, "holder": "h1", **at}),
        )
        for gap, (kind, fields) in zip(GAPS_S, rest, strict=True):
            if pause is not None:
                pause.wait(gap)
            self.state(kind, **fields)

    def compartment(self, cid: str) -> int:
        """Where it lies."""
        return self._places.setdefault(cid, len(self._places) % COMPARTMENTS + 1)

    def counter(self, cid: str) -> tuple[int, int]:
        """Gen and counter of the code that counts here."""
        otp = self._known[cid, "h1"]
        return otp.gen, otp.counter

    def await_code(self, cid: str, after: tuple[int, int], most_s: float) -> float | None:
        """When a newer code than `after` counted here; None: not within `most_s`."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.counter(cid) > after, most_s):
                return None
            assert self.told is not None
            return self.told.at

    # What sync asks

    def statements(self, after: int, most: int) -> Batch:
        with self._changed:
            rows: list[str | Damaged] = [*self.rows[after : after + most]]
            return Batch(tuple(rows), self._head())

    def wait(self, after: int, timeout_s: float) -> Head:
        with self._changed:
            self._changed.wait_for(lambda: self.ended or len(self.rows) > after, timeout_s)
            return self._head()

    def listen(self, after: int, timeout_s: float, calls: int) -> tuple[Head, int]:
        return self.wait(after, timeout_s), calls

    def manifest(self) -> InForce:
        told = self.told
        return InForce(told.manifest.ver, told.hash) if told else InForce(0, "")

    def offer_manifest(self, jwe: str) -> Taken | Refused:
        held = self.told
        opened = open_manifest(
            jwe,
            opening_key=self.opening,
            central_keys=self._central,
            kiosk=self.kiosk,
            epoch=self._epoch,
            in_force=(held.manifest.ver, held.hash) if held else None,
        )
        if not isinstance(opened, Opened):
            return Refused(str(opened.refusal), opened.detail)
        if held is None or opened.hash != held.hash:
            self._go_by(opened)
        return Taken(opened.ver)

    def health(self) -> dict[str, object]:
        return {
            "kiosk": self.kiosk,
            "epoch": self._epoch,
            "version": "0.1.0",
            "clock": "synced",
            "up_s": clock.up_ms() // 1000,
            "serving": True,
            "outage": "",
            "manifest": self.manifest().ver,
            "statements": len(self.rows),
            "compartments": {"free": COMPARTMENTS},
            "faults": [],
            "mains": True,
            "celsius": 31.5,
            "free_mb": 20_000,
        }

    def contact(self, at: str) -> None:
        del at

    def _go_by(self, opened: Opened) -> None:
        manifest = opened.manifest
        codes = {(r.cid, h.id): h.otp for r in manifest.results for h in r.holders}
        floors = [[*who, o.gen, o.counter] for who, o in codes.items() if self._known.get(who) != o]
        none: dict[str, object] = {name: [] for name in NOTHING_ELSE}
        key = public_jwk(next(iter(self._central.values())))
        with self._changed:
            first, self._known = self.told is None, codes
            self.told = Told(manifest, opened.hash, perf_counter())
            named = {"ver": opened.ver, "hash": opened.hash, "floors": floors}
            self.state("manifest_accepted", **named, **none, key=key, next=None)
            if first:
                self.state("checkpoint", encoding=5, state=opened.hash)

    def _head(self) -> Head:
        return Head(len(self.rows), self.hashes[-1] if self.rows else "")


@contextmanager
def _unwatched(_: float) -> Iterator[None]:
    yield


class FleetKiosk:
    """`Run`, and a sync that talks to central for it from an address of its own."""

    def __init__(self, name: str, address: str, url: str) -> None:
        self.run = Run(name)
        self._transport = new_signing_key()
        self._stamp = Stamp()
        self._address = address
        self._url = url
        self._pauses: list[Pause] = []
        self._activities: list[Activity] = []

    def enrol(self, text: str) -> None:
        """Enter this kiosk's keys with a code, over HTTP, as `kiosk enroll` does."""
        code = enrolment.read_code(text)
        halves = (self.run.statement, self.run.opening, self._transport)
        keys = {use: public_jwk(key) for use, key in zip(enrolment.USES, halves, strict=True)}
        body = write_json({"code": code.secret, "epoch": 0, **keys})
        answer = self.calls().make(Call("POST", enrolment.PATH, body, _JSON))
        assert answer.status == status.ok, f"{self.run.kiosk} was not enrolled: {answer.body!r}"
        self.run.entered(enrolment.check_reply(answer.body.decode("ascii"), code))

    def calls(self) -> Calls:
        """As sync makes them, but from this kiosk's address."""
        calls = Calls(self._url, self._transport, Way(), self._stamp)
        calls._transport.init_poolmanager(10, 10, source_address=(self._address, 0))
        # A thread beside each call, for a central that dawdles: thousands of them for nothing here.
        calls._transport.cut.within = _unwatched  # type: ignore[assignment, method-assign]
        return calls

    def once(self, stop: threading.Event) -> None:
        """Fetch and report a first time, without waiting."""
        Fetcher(self.run.kiosk, self.run, self.calls(), 0.0).step(stop)
        self.reporter().step()

    def start(self, stop: threading.Event, *, reports: bool) -> None:
        """The activities of sync, each on its thread, until `stop`."""
        fetcher = Fetcher(self.run.kiosk, self.run, self.calls(), POLL_S)
        self._begin("fetch", lambda: fetcher.step(stop), stop)
        if reports:
            self._begin("report", self.reporter().step, stop)

    def reporter(self) -> Reporter:
        """Sync's own, with a connection of its own."""
        return Reporter(self.run.kiosk, self.run, self.calls(), lambda: clock.up_ms() / 1000)

    def long_out(self) -> None:
        """As far as the pauses go, it has been without a line for a day."""
        for activity in self._activities:
            activity._calls._failures = MOST_DOUBLINGS

    def ring(self) -> None:
        """End the pause that is under way."""
        for pause in self._pauses:
            pause.ring()

    def _begin(self, name: str, step: Callable[[], None], stop: threading.Event) -> None:
        config = SyncConfig(self._url, self.run.kiosk, NOWHERE, self._transport)
        activity, pause = Activity(name, step, config), Pause(stop)
        self._pauses.append(pause)
        self._activities.append(activity)
        threading.Thread(target=activity.repeat, args=(pause,), name=name, daemon=True).start()
