"""Central's key is changed without a visit: real central, HTTP, journal file, restarts of either side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.identity import Enrolment
from sync.central.enrol import enrol_kiosk
from sync.central.enrolments import Asked, enrol, new_code
from sync.central.kiosk_keys import KioskKeys
from sync.central.settings import NEXT, SettingsError
from sync.enrolment import check_reply
from sync.keys import read_key
from sync.messages import Kind, Refusal
from tests.kiosk.rotating import PLACE, Box, Office
from tests.kiosk.station import KIOSK
from tests.sync.world import Keys, serving


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "office")


@pytest.fixture
def box(office: Office, tmp_path: Path) -> Iterator[Box]:
    keys = Keys()
    store = office.store()
    told = enrol_kiosk(store, KIOSK, keys.public(), **PLACE)
    store.close()
    made = Box(tmp_path, Enrolment(KIOSK, told.epoch, told.central), keys)
    yield made
    made.close()


def exchange(office: Office, box: Box) -> None:
    """Central is started for it, and ends after it."""
    office.now += 1000
    store = office.store()
    try:
        box.exchange(store)
    finally:
        store.close()


@pytest.mark.parametrize("cuts", [False, True])
def test_a_kiosk_follows_to_the_new_key_in_two_manifests(
    office: Office, box: Box, *, cuts: bool
) -> None:
    old = office.kid()
    exchange(office, box)
    begun = office.rotate()
    new = begun.kid
    assert (begun.begun, begun.behind) == (True, (KIOSK,))
    believed = []
    for _ in range(2):
        exchange(office, box)
        believed.append(box.kids())
        if cuts:
            box.cut()
            assert box.kids() == believed[-1]
    assert believed == [{old, new}, {new}]
    assert office.rotate().done
    assert office.kid() == new
    assert not (office.folder / NEXT).exists()
    exchange(office, box)
    assert (set(box.answers), box.kids()) == ({None}, {new})


def test_the_old_key_stays_until_the_last_kiosk_has_followed(office: Office, box: Box) -> None:
    store = office.store()
    enrol_kiosk(store, "away", Keys().public(), **PLACE)
    store.close()
    exchange(office, box)
    old, new = office.kid(), office.rotate().kid
    exchange(office, box)
    exchange(office, box)
    told = office.rotate()
    assert (told.kid, told.done, told.behind) == (new, False, ("away",))
    assert office.kid() == old


def test_the_retired_key_is_believed_no_more_and_a_restart_knows_it(
    office: Office, box: Box
) -> None:
    exchange(office, box)
    store = office.store()
    with serving(store) as url:
        stale = box.fetch(url)
    store.close()
    office.rotate()
    exchange(office, box)
    exchange(office, box)
    for _ in range(2):
        box.offer(stale)
        assert box.answers[-1] is Refusal.KEY_ID
        box.cut()


def test_an_announcement_is_withdrawn_by_leaving_it_out(office: Office, box: Box) -> None:
    old = office.kid()
    office.rotate()
    exchange(office, box)
    assert len(box.kids()) == 2
    (office.folder / NEXT).unlink()
    office.now += 86_400_000
    exchange(office, box)
    assert box.kids() == {old}


def test_a_manifest_of_a_key_that_was_retired_while_it_was_opened_is_refused(
    office: Office, box: Box
) -> None:
    exchange(office, box)
    office.rotate()
    exchange(office, box)  # the new key is announced there, and stated
    manifests = []
    for after in (1, 2 * 86_400_000):  # the second: of the old key, as a central without the file
        office.now += after
        store = office.store()
        with serving(store) as url:
            manifests.append(box.fetch(url))
        store.close()
        (office.folder / NEXT).rename(office.folder / "away") if after == 1 else None
    by_new, by_old = manifests
    box.offer(by_old, race=by_new)
    assert box.answers[-2:] == [None, Refusal.KEY_ID]


def test_whoever_enrols_meanwhile_is_told_both_keys(
    office: Office, box: Box, tmp_path: Path
) -> None:
    exchange(office, box)
    office.rotate()
    store = office.store()
    code, keys = new_code(store, KIOSK), Keys()
    public: KioskKeys = keys.public()
    reply = check_reply(enrol(store, Asked(code.secret, 1, public))[1], code)
    store.close()
    anew = Box(tmp_path, Enrolment(KIOSK, reply.epoch, reply.central, reply.code, reply.next), keys)
    assert len(anew.kids()) == 2
    exchange(office, anew)
    exchange(office, anew)
    assert office.rotate().done
    exchange(office, anew)
    assert set(anew.answers) == {None}
    anew.close()


def test_an_end_cut_off_between_database_and_file_is_gone_on_with(
    office: Office, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = office.rotate().kid
    exchange(office, box)
    exchange(office, box)
    with monkeypatch.context() as power:
        power.setattr("sync.central.rotation._take_place", _cut)
        with pytest.raises(OSError, match="cut"):
            office.rotate()
    exchange(office, box)
    assert office.rotate().done
    assert office.kid() == new
    exchange(office, box)


def test_a_central_without_the_new_key_does_not_start_after_the_end(
    office: Office, box: Box
) -> None:
    old = (office.folder / "central.jwk").read_bytes()
    office.rotate()
    exchange(office, box)
    exchange(office, box)
    assert office.rotate().done
    (office.folder / "central.jwk").write_bytes(old)
    with pytest.raises(SettingsError, match="another signer"):
        office.store()


def test_what_is_stated_names_the_key_and_the_announced_one(office: Office, box: Box) -> None:
    old = office.kid()
    exchange(office, box)
    new = office.rotate().kid
    exchange(office, box)
    exchange(office, box)
    said = _accepted(box)
    assert said == [(old, None), (old, new), (new, None)]


def _accepted(box: Box) -> list[tuple[object, object]]:
    rows = box.journal.start(0).statements
    kinds = [s.fields for s in rows if s.kind == Kind.MANIFEST_ACCEPTED]
    return [(_kid(f["key"]), _kid(f["next"])) for f in kinds]


def _kid(jwk: object) -> str | None:
    return None if jwk is None else read_key(jwk).kid


def _cut(*_: object) -> None:
    raise OSError("cut")
