"""What the office gives out, and what a guided start that has ended leaves behind."""

from __future__ import annotations

from kiosk import identity
from kiosk.config import load
from kiosk.setup import vault
from kiosk.setup.place import SEALED
from sync.central.enrolments import new_code
from sync.central.store import Store
from sync.central.tables import Kiosk
from sync.enrolment_letter import Letter
from tests.kiosk.setup.person import Bench

PLACE = {"unit": "P.Bình Tiên", "address": "123 Đường Số 45"}


def letter(store: Store, url: str, kiosk: str = "bt1") -> str:
    code = new_code(store, kiosk, **PLACE)
    return Letter(code, url, kiosk, "Phường Bình Tiên", PLACE["address"]).text


def epoch_at(store: Store) -> int:
    with store.begin() as session:
        return session.get_one(Kiosk, "bt1").epoch


def finished(bench: Bench, store: Store) -> None:
    """Everything that a start leaves when it has ended."""
    place = bench.place
    config = load(place.config)
    assert (config.kiosk, config.unit) == ("bt1", "Phường Bình Tiên")
    assert {(w.compartment, w.channel, w.proven) for w in config.cabinet.wiring} == {
        (1, 2, True),
        (2, 1, True),
    }
    assert sorted(path.name for path in place.credstore.iterdir()) == sorted(
        f"kiosk.{name}" for name in SEALED
    )
    assert [name for name in SEALED if (config.keys / name).exists()] == []
    assert not place.opened.exists()
    with vault.opened(place, config.keys) as keys:
        held = identity.enrolment(keys)
        kids = [identity.run_keys(keys).statement.kid, identity.transport_key(keys).kid]
    assert (held.kiosk, held.epoch, epoch_at(store)) == ("bt1", 1, 1)
    assert held.central.kid == store.settings.signer.kid
    report = place.report.read_text(encoding="utf-8")
    assert [kid for kid in (*kids, held.central.kid) if kid not in report] == []
    assert "Cửa đã thử: 2/2" in report
    assert "battery clock" in report
    assert "kiosk run" not in report
    assert not place.unfinished.exists()
    assert bench.cabinet.dangers() == ()
    assert not [path.name for path in place.folder.rglob("*.part")]
