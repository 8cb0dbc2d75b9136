"""The workers beside the loop: scrypt as RFC 7914 has it, and the ladder with the journal's own look."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import cli_central as central
from kiosk.config import load
from kiosk.core.effects import CheckPin
from kiosk.core.events import ManifestOpened, ManifestRefused, PinChecked
from kiosk.enroll import request
from kiosk.inbox import Inbox
from kiosk.journal import Journal
from kiosk.work import MOST_OFFERS, Worker, pin_fits
from sync.central.enrol import add_staff, enrol_kiosk, read_kiosk_keys
from sync.central.manifests import _staff
from sync.central.store import Store
from sync.messages import Head, Kind, Pin, Refusal, Role
from tests.kiosk.station import NET_S, WALL_MS, Station, config_file, said

# RFC 7914 §12, second vector but one, first 32 bytes.
VECTOR = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _pin(salt: bytes, hash_: bytes, n: int = 1024) -> Pin:
    return Pin(salt=_text(salt), n=n, r=8, p=1, hash=_text(hash_))


def test_scrypt_is_that_of_the_standard() -> None:
    pin = _pin(b"SodiumChloride", bytes.fromhex(VECTOR), n=16384)
    assert pin_fits(CheckPin("7", "pleaseletmein", pin))
    assert not pin_fits(CheckPin("7", "pleaseletmeIn", pin))


def test_a_pin_set_at_central_fits_at_the_kiosk(tmp_path: Path) -> None:
    path = tmp_path / "request.json"
    request(load(config_file(tmp_path)), path)
    raw = json.loads(path.read_text())
    store = Store(central.settings(tmp_path / "central"), lambda: WALL_MS)
    enrol_kiosk(store, "bt1", read_kiosk_keys(raw), unit="P.Bình Tiên", address="123 Đường Số 45")
    add_staff(store, "bt1", "7", Role.CLERK, pin="135790", totp_secret="A" * 32)
    with store.begin() as session:
        entry = _staff(store, session, store.kiosk(session, "bt1"))[0]["pin"]
    store.close()
    assert isinstance(entry, dict)
    pin = Pin(**entry)
    assert pin_fits(CheckPin("7", "135790", pin))
    assert not pin_fits(CheckPin("7", "135791", pin))


@pytest.fixture
def station(tmp_path: Path) -> Station:
    made = Station(tmp_path)
    journal = made.journal()
    for seq in range(1, 4):
        journal.append(said(seq, Kind.RATED, score=seq))
    journal.close()
    return made


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def worker(station: Station, inbox: Inbox) -> Iterator[Worker]:
    made = Worker(inbox.post, station.keys, station.enrolment, station.reader)
    yield made
    made.close()


def test_a_checked_pin_comes_back_as_one_event(worker: Worker, inbox: Inbox) -> None:
    salt = b"0123456789abcdef"
    hash_ = hashlib.scrypt(b"135790", salt=salt, n=1024, r=8, p=1, dklen=32)
    for entered, ok in (("135790", True), ("135791", False)):
        worker.check_pin(CheckPin("7", entered, _pin(salt, hash_)))
        assert inbox.take(NET_S) == PinChecked("7", ok)
    assert inbox.take(0) is None


@pytest.mark.parametrize(
    "pin",
    [
        Pin(salt="A", n=1024, r=8, p=1, hash="A" * 43),
        Pin(salt="AAAA", n=2**17, r=32, p=1, hash="A" * 43),
    ],
    ids=["salt", "memory"],
)
def test_a_pin_that_cannot_be_computed_is_refused_and_not_waited_for(
    worker: Worker, inbox: Inbox, caplog: pytest.LogCaptureFixture, pin: Pin
) -> None:
    worker.check_pin(CheckPin("7", "135790", pin))
    assert inbox.take(NET_S) == PinChecked("7", ok=False)
    assert "a PIN cannot be checked" in caplog.text
    assert "135790" not in caplog.text


def _heads(station: Station) -> dict[str, Head]:
    journal = station.reader()
    second = journal.hash_at(2)
    journal.close()
    assert second
    return {
        "none yet": Head(0, ""),
        "ours": Head(2, second),
        "ahead": Head(9, "A" * 43),
        "another row": Head(2, "A" * 43),
        "no row": Head(0, "A" * 43),
        "a hole at central": Head(2, ""),
    }


@pytest.mark.parametrize(
    ("head", "fits"),
    [
        ("none yet", None),
        ("ours", None),
        ("ahead", Refusal.HEAD_AHEAD),
        ("another row", Refusal.HEAD_DIFFERS),
        ("no row", Refusal.HEAD_DIFFERS),
        ("a hole at central", None),
    ],
)
def test_the_head_that_central_names_is_looked_up_in_the_journal(
    station: Station, worker: Worker, inbox: Inbox, head: str, fits: Refusal | None
) -> None:
    station.office.head = _heads(station)[head]
    sealed = station.sealed()
    assert worker.open_manifest(sealed.jwe, None, 5)
    opened = inbox.take(NET_S)
    assert isinstance(opened, ManifestOpened)
    assert (opened.head_fits, opened.hash, opened.sealed, opened.offer) == (
        fits,
        sealed.hash,
        sealed.jwe,
        5,
    )


def test_codes_are_made_with_the_manifest(station: Station, worker: Worker, inbox: Inbox) -> None:
    station.office.register("r1")
    worker.open_manifest(station.sealed().jwe, None, 1)
    opened = inbox.take(NET_S)
    assert isinstance(opened, ManifestOpened)
    wanted = station.office.known_digits("r1") + station.office.code("r1")
    assert opened.made["r1", "h1", 1, 0] == wanted.encode()
    assert wanted not in repr(opened)


def _payload(station: Station, **other: object) -> dict[str, object]:
    return {**station.office.publish(WALL_MS), **other}


def test_each_rung_has_its_own_name(station: Station, worker: Worker, inbox: Inbox) -> None:
    held = station.sealed()
    ver = WALL_MS // 1000
    header, key, iv, text, tag = held.jwe.split(".")
    twin = _payload(station, ver=ver, iss="another")
    for sealed, in_force, refusal in (
        ("rubbish", None, Refusal.OUTER_FORM),
        ("ầ" * 50, None, Refusal.OUTER_FORM),
        (".".join((header, key, iv, text[:-4] + "AAAA", tag)), None, Refusal.DECRYPT),
        (station.sealed(_payload(station, results=5)).jwe, None, Refusal.SCHEMA),
        (station.sealed(_payload(station, aud="bt2")).jwe, None, Refusal.AUDIENCE),
        (station.sealed(_payload(station, epoch=2)).jwe, None, Refusal.EPOCH),
        (held.jwe, (ver + 1, "A" * 43), Refusal.VERSION),
        (station.sealed(twin).jwe, (ver, held.hash), Refusal.SAME_VERSION_OTHER_HASH),
    ):
        assert worker.open_manifest(sealed, in_force, 7)
        refused = inbox.take(NET_S)
        assert isinstance(refused, ManifestRefused)
        assert (refused.refusal, refused.offer) == (refusal, 7)


def test_a_journal_that_cannot_be_read_is_logged_and_the_next_offer_is_taken(
    station: Station, worker: Worker, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    away = station.path.rename(station.folder / "away.db")
    for _ in range(MOST_OFFERS + 1):  # a failed job gives its place back
        assert worker.open_manifest(station.sealed().jwe, None, 1)
        worker._manifests.submit(int).result(NET_S)
    assert "a job could not read the journal" in caplog.text
    away.rename(station.path)
    assert worker.open_manifest(station.sealed().jwe, None, 2)
    assert isinstance(inbox.take(NET_S), ManifestOpened)


def test_more_manifests_than_can_be_opened_are_not_taken(station: Station, inbox: Inbox) -> None:
    gate = threading.Event()

    def slow() -> Journal:
        assert gate.wait(NET_S)
        return station.reader()

    worker = Worker(inbox.post, station.keys, station.enrolment, slow)
    jwe = station.sealed().jwe
    taken = [worker.open_manifest(jwe, None, n) for n in range(MOST_OFFERS + 2)]
    assert taken == [True] * MOST_OFFERS + [False, False]
    gate.set()
    opened = [inbox.take(NET_S) for _ in range(MOST_OFFERS)]
    assert [o.offer for o in opened if isinstance(o, ManifestOpened)] == list(range(MOST_OFFERS))
    worker._manifests.submit(int).result(NET_S)
    assert worker.open_manifest(jwe, None, 9)
    assert isinstance(inbox.take(NET_S), ManifestOpened)
    worker.close()
