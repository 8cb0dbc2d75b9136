"""The group `sync`: what the line to central costs a kiosk, and how soon a new code is there.

Real: central, `kiosk run` and `kiosk sync`, each a process of its own (the demo's), over HTTP on loopback.

`rss_mb`: resident memory of `kiosk sync` after more than ten polls, each of which brought a manifest, and
after all that came of them was reported. `reissue_s`: from the office's order of a new code to the kiosk
going by it, the median; nobody stands there.

The bytes are HTTP with its headers, both ways, without TLS and TCP, counted between sync's own parts
(`Fetcher`, `Reporter`, in this process) and that central. `idle_bytes_per_minute`: long polls of 50 s that
bring nothing with the pause behind them, one in six naming the journal's head, and a health snapshot every
600 s, every third one with the question for central's head, as so many a minute. `report_bytes_per_pickup`:
everything that goes out and comes back while one envelope is collected, as its statements are made.
"""

from __future__ import annotations

import secrets
import statistics
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from time import perf_counter

from bench.collect_process import _resident_mb, kept_byte_code
from bench.measure import FULL, Measure, Metric, Numbers, Size, tell
from bench.sync_meter import Meter
from kiosk import identity
from kiosk.demo.cast import DOSSIERS, KIOSK, Dossier
from kiosk.demo.hands import Hands
from kiosk.demo.office import TIMEOUT_S
from kiosk.demo.stage import Stage, wait_for
from kiosk.demo.story import Story
from sync.calls import Calls, Stamp
from sync.fetch import AFTER_NOTHING_S, NAME_AGAIN, POLL_S, Fetcher
from sync.framing import LineError
from sync.line import Line
from sync.messages import Head
from sync.report import HEAD_S, HEALTH_S, Reporter
from sync.transport import Way

POLLS = 12  # that bring something, before memory is looked at
LONGEST_S = 60.0
MINUTE_S = 60.0
QUICK_POLL_S = 0.2


class Still(Line):
    """The kiosk's socket, except that nobody waits there for what will not happen."""

    def listen(self, after: int, timeout_s: float, calls: int) -> tuple[Head, int]:
        """At once: nothing new."""
        del timeout_s
        return self.wait(after, 0.0), calls


def line(size: Size) -> Numbers:
    """Every number of the group, from one kiosk."""
    with kept_byte_code(), Stage() as stage:
        hands = Hands(stage, None)
        numbers = {"sync.reissue_s": _reissues(stage, hands)}
        numbers["sync.rss_mb"] = _resident_mb(stage._processes["sync"].pid)
        stage._processes["sync"].terminate()
        stage._processes["sync"].wait(LONGEST_S)
        with _metered(stage) as meter:
            numbers["sync.idle_bytes_per_minute"] = _idle(stage, meter, size)
            numbers["sync.report_bytes_per_pickup"] = _pickup(stage, hands, meter)
    return numbers


@contextmanager
def _metered(stage: Stage) -> Iterator[Meter]:
    meter = Meter(stage.wire.port)
    try:
        yield meter
    finally:
        meter.close()


def _reissues(stage: Stage, hands: Hands) -> float:
    """So many results registered, and a new code ordered for each, one after the other; seconds."""
    tell(f"{POLLS} new codes")
    cids = [
        stage.office.register(Dossier(f"H29.915-261121-{n:04d}", "Nguyễn Văn An", f"053123{n:04d}"))
        for n in range(1, POLLS + 1)
    ]
    wait_for(lambda: set(cids) <= _told(hands), "all are expected", LONGEST_S)
    took = []
    for cid in cids:
        _reported(stage)  # a new code takes the place of one that the kiosk has acknowledged
        took.append(_reissued_s(stage, cid))
    _reported(stage)
    return statistics.median(took)


def _reissued_s(stage: Stage, cid: str) -> float:
    """From the office's order to the kiosk going by a manifest that it did not have before."""
    office, before = stage.office, stage.line.manifest().ver
    begun = perf_counter()
    answer = office._session.post(
        f"{office._url}/results/{cid}/re-issue",
        json={"holder": "h1"},
        headers={"Idempotency-Key": secrets.token_urlsafe(16)},
        timeout=TIMEOUT_S,
    )
    answer.raise_for_status()
    wait_for(lambda: stage.line.manifest().ver > before, "a new code is there", LONGEST_S)
    return perf_counter() - begun


def _told(hands: Hands) -> set[str]:
    """Results that the kiosk has been told of."""
    rows = [row["floors"] for row in hands.statements() if row["kind"] == "manifest_accepted"]
    return {str(floor[0]) for floors in rows if isinstance(floors, list) for floor in floors}


def _reported(stage: Stage) -> None:
    """Wait until central holds the whole journal."""

    def same() -> bool:
        there = stage.office.kiosk()
        return bool(there["head_hash"] == stage.line.statements(2**40, 1).head.hash)

    wait_for(same, "central holds the whole journal", LONGEST_S)


def _calls(stage: Stage, meter: Meter) -> Calls:
    return Calls(meter.url, identity.transport_key(stage.config.keys), Way(), Stamp())


def _idle(stage: Stage, meter: Meter, size: Size) -> float:
    """Each part once for its stamp, and then once for the count."""
    poll_s = POLL_S if size.pairs >= FULL.pairs else QUICK_POLL_S
    tell(f"a poll of {poll_s:g} s")
    paced, at_once = threading.Event(), Still(stage.config.socket)
    paced.set()
    fetcher = Fetcher(KIOSK, at_once, calls := _calls(stage, meter), 0.0)
    fetcher.step(paced)
    fetcher._named = None
    meter.read()
    fetcher.step(paced)
    naming = meter.read()
    fetcher._poll_s = poll_s
    fetcher.step(paced)
    plain = meter.read()
    poll = (naming + plain * (NAME_AGAIN - 1)) / NAME_AGAIN
    clock = iter((0.0, 0.0, HEALTH_S, HEALTH_S + HEAD_S))
    reporter = Reporter(KIOSK, at_once, calls, lambda: next(clock))
    reporter.step()
    meter.read()
    reporter.step()
    health = meter.read()
    reporter.step()
    head = meter.read() - health
    tell(
        f"bytes: {naming} a poll that names the head, {plain} others, {health} health, {head} head"
    )
    often = ((poll, POLL_S + AFTER_NOTHING_S), (health, HEALTH_S), (head, HEAD_S))
    return sum(passed * MINUTE_S / every_s for passed, every_s in often)


def _pickup(stage: Stage, hands: Hands, meter: Meter) -> float:
    """A clerk loads, a citizen collects; what is reported meanwhile by a reporter of its own."""
    tell("a pickup")
    fetcher = Fetcher(KIOSK, stage.line, _calls(stage, meter), 0.0)
    reporter = Reporter(KIOSK, stage.line, _calls(stage, meter), lambda: 0.0)
    story, over, pause = Story(stage, hands), threading.Event(), threading.Event()
    pause.set()
    for dossier in DOSSIERS:
        story._cids[dossier.code] = stage.office.register(dossier)
    story.told.cid = story._cids[DOSSIERS[0].code]
    fetcher.step(pause)
    aside = threading.Thread(target=_keep_reporting, args=(reporter, over), daemon=True)
    aside.start()
    for step in (story.staff_in, story.loaded, story.staff_out, story.message_spooled):
        step()
    _reported(stage)
    before = stage.line.statements(2**40, 1).head.seq
    meter.read()
    story.type_in()
    hands.see("Ready")
    hands.tap("open")
    for step in (story.opened, story.papers_taken, story.closed):
        step()
    _reported(stage)
    passed = meter.read()
    over.set()
    stated = stage.line.statements(2**40, 1).head.seq - before
    tell(f"{stated} statements, {passed} bytes")
    return float(passed)


def _keep_reporting(reporter: Reporter, over: threading.Event) -> None:
    with suppress(LineError):  # the stage is taken down while it listens
        while not over.is_set():
            reporter.step()


METRICS: Mapping[str, Metric] = {
    "sync.rss_mb": Metric("MB", 45, below=True),
    "sync.idle_bytes_per_minute": Metric("B", 1_200, below=True),
    "sync.report_bytes_per_pickup": Metric("B"),
    "sync.reissue_s": Metric("s", 2, below=True),
}

MEASURES: Mapping[str, Measure] = {"line": line}
