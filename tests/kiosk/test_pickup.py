"""One whole pickup without a screen: real core, journal file, ladder, scrypt and simulated doors."""

import base64
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from kiosk.core.events import Key
from kiosk.core.scenes import Closed, Idle, Open, Opening, Out, Outage, Ready, Refused, Told, Why
from kiosk.core.staff_scenes import Loading, LoadOpen, LoadOpening
from kiosk.core.upkeep_scenes import Menu
from sync.envelopes import hash_of
from tests.kiosk.pipeline import Pipeline, PowerCutError

T = TypeVar("T")
DOSSIER = "H29.915-261121-0001"
HASHES = {"prev", "hash", "state"}


@pytest.fixture
def kiosk(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Pipeline]:
    caplog.set_level(logging.DEBUG)
    made = Pipeline(tmp_path)
    made.station.office.register("r1")
    made.wait(500)
    yield made
    made.close()


def _at(kiosk: Pipeline, scene: type[T]) -> T:
    """The scene that stands now, which has to be one of these."""
    assert isinstance(kiosk.scene, scene)
    return kiosk.scene


def _load(kiosk: Pipeline) -> None:
    """The first manifest, then a clerk lays the envelope in."""
    office = kiosk.station.office
    kiosk.offer()
    kiosk.wait(300)
    kiosk.press(Key.STAFF)
    kiosk.type("7")
    kiosk.type(office.pin())
    kiosk.type(office.totp(kiosk.now.wall_ms))
    kiosk.worked()
    _at(kiosk, Menu)
    kiosk.scan(DOSSIER)
    number = _at(kiosk, LoadOpening).compartment
    kiosk.wait(500)
    _at(kiosk, LoadOpen)
    assert kiosk.cabinet.put(number, "r1")
    kiosk.cabinet.push(number)
    kiosk.wait(500)
    _at(kiosk, Loading)
    kiosk.press(Key.SIGN_OUT)


def _enter(kiosk: Pipeline) -> None:
    office = kiosk.station.office
    kiosk.press(Key.START)
    kiosk.type(office.known_digits("r1"))
    kiosk.type(office.code("r1"))


def _open(kiosk: Pipeline) -> int:
    kiosk.press(Key.OPEN)
    _at(kiosk, Opening)
    kiosk.wait(500)
    return _at(kiosk, Open).compartment


def _take(kiosk: Pipeline, number: int) -> None:
    assert kiosk.cabinet.take(number) == ("r1",)
    kiosk.cabinet.push(number)
    kiosk.wait(500)
    _at(kiosk, Closed)


def _pickup(kiosk: Pipeline) -> None:
    _load(kiosk)
    _enter(kiosk)
    _at(kiosk, Ready)
    _take(kiosk, _open(kiosk))
    kiosk.press(Key.SKIP)


def test_a_citizen_fetches_what_a_clerk_laid_in(kiosk: Pipeline) -> None:
    assert _at(kiosk, Out).why is Outage.NEVER_SYNCED
    _pickup(kiosk)
    _at(kiosk, Idle)
    assert [kind for kind in kiosk.kinds() if kind != "checkpoint"] == [
        "started",
        "manifest_accepted",
        "staff_in",
        "staff_authorised",
        "pulsed",
        "opened",
        "loaded",
        "staff_out",
        "accepted",
        "pulsed",
        "opened",
        "collected",
    ]
    assert [answer.refusal for answer in kiosk.answers] == [None]
    assert list(kiosk.journal.verify()) == []


def test_each_row_names_the_one_before_it(kiosk: Pipeline) -> None:
    _pickup(kiosk)
    rows = kiosk.journal.after(0, most=100, most_bytes=10**9)
    texts = [row for row in rows if isinstance(row, str)]
    named = [payload["prev"] for payload in kiosk.payloads()]
    assert named == ["", *(hash_of(text) for text in texts[:-1])]


def test_the_code_is_dead_after_the_pickup_and_after_a_restart(kiosk: Pipeline) -> None:
    _pickup(kiosk)
    for _ in range(2):
        _enter(kiosk)
        assert _at(kiosk, Told).why is Why.USED
        kiosk.press(Key.FINISH)
        kiosk.cut()
        kiosk.wait(500)
    assert len(kiosk.cabinet.board.coil_runs()) == 2
    assert [kiosk.cabinet.is_open(n) for n in kiosk.cabinet.compartments] == [False] * 3


def test_a_power_cut_between_accepted_and_pulse_lets_the_citizen_finish(kiosk: Pipeline) -> None:
    _load(kiosk)
    _enter(kiosk)
    kiosk.cut_after = "accepted"
    with pytest.raises(PowerCutError):
        kiosk.press(Key.OPEN)
    pulses = len(kiosk.cabinet.board.coil_runs())
    kiosk.cut()
    kiosk.wait(5_000)
    assert len(kiosk.cabinet.board.coil_runs()) == pulses, "start-up pulses nothing"
    _at(kiosk, Idle)
    _enter(kiosk)
    _at(kiosk, Ready)
    _take(kiosk, _open(kiosk))
    assert len(kiosk.cabinet.board.coil_runs()) == pulses + 1
    assert kiosk.kinds().count("accepted") == 1
    assert kiosk.kinds().count("resumed") == 1


def test_the_memory_after_a_restart_is_the_one_before_it(kiosk: Pipeline) -> None:
    _pickup(kiosk)
    kiosk.wait(500)
    before = kiosk.state.memory
    kiosk.cut()
    after = kiosk.state.memory
    assert after.seq == before.seq + 1  # `started`
    assert (after.parts, after.accounts, after.acceptances, after.compartments) == (
        before.parts,
        before.accounts,
        before.acceptances,
        before.compartments,
    )
    assert kiosk.state.manifest is not None


# Promise 10


def _spellings(secret: str) -> list[bytes]:
    """As text, and as it looks inside base64url wherever it begins there."""
    plain = secret.encode()
    spelt = [plain]
    for before in range(3):
        text = base64.urlsafe_b64encode(b"\0" * before + plain)
        first = (before * 8 + 5) // 6  # characters that hold bits of what stands before
        whole = (before + len(plain)) * 8 // 6  # characters without bits of what follows
        spelt.append(text[first:whole])
    return spelt


def test_the_search_finds_what_is_there() -> None:
    for before in ("", "a", "ab", "abc"):
        hidden = base64.urlsafe_b64encode(f'{before}{{"code":"48271639"}}'.encode())
        assert any(spelling in hidden for spelling in _spellings("48271639"))


def _secrets(kiosk: Pipeline) -> dict[str, str]:
    office = kiosk.station.office
    result = office.results["r1"]
    holder = result.holders["h1"]
    codes = {f"code {n}": office.code("r1", ahead=n) for n in range(3)}
    return {
        **codes,
        "known digits and code": office.known_digits("r1") + office.code("r1"),
        "token": holder.token,
        "secret": holder.secret,
        "phone": holder.phone,
        "name": result.recipient,
        "PIN": office.pin(),
        "TOTP secret": str(office._staff["7"]["totp_secret"]),
    }


def test_no_secret_and_no_person_lies_in_the_raw_bytes_or_in_the_log(
    kiosk: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    _pickup(kiosk)
    _enter(kiosk)  # a refusal too: the code is used up
    kiosk.press(Key.FINISH)
    kiosk.scan(kiosk.station.office.qr("r1"))
    kiosk.wait(500)
    files = sorted(kiosk.station.folder.glob("journal.db*"))
    assert [file.name for file in files][:2] == ["journal.db", "journal.db-shm"]
    assert "refused" in kiosk.kinds()
    assert "checkpoint" in kiosk.kinds()
    places = {file.name: file.read_bytes() for file in files}
    places["log"] = caplog.text.encode()
    places["payloads"] = repr(kiosk.payloads()).encode()
    found = [
        (name, place)
        for name, secret in _secrets(kiosk).items()
        for place, data in places.items()
        if any(spelling in data for spelling in _spellings(secret))
    ]
    assert found == []


def _values(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in HASHES:
                yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    else:
        yield str(value)


def test_known_digits_stand_in_no_field_of_any_statement(
    kiosk: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    known = kiosk.station.office.known_digits("r1")
    _load(kiosk)
    kiosk.press(Key.START)
    kiosk.type(known)
    kiosk.type("00000000")
    _at(kiosk, Refused)
    told = [value for payload in kiosk.payloads() for value in _values(payload)]
    assert [value for value in told if known in value] == []
    assert ["r1", "h1"] in [v for p in kiosk.payloads() for v in p.get("typed_for", [])]  # type: ignore[attr-defined]  # JSON
    assert known not in caplog.text
