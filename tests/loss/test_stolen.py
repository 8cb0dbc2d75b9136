"""What to do when keys or a staff card are stolen, on the kiosk or at central: docs/operations.md."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from kiosk import identity
from kiosk.config import load
from kiosk.core.scenes import Idle, Ready
from kiosk.core.staff_scenes import Login
from kiosk.core.upkeep_scenes import Menu
from sync.calls import Call, CallError
from sync.central.settings import NEXT, SIGNER, load_settings
from sync.envelopes import seal_manifest
from sync.keys import Key, load_key, public, save_key
from sync.messages import Role
from tests.kiosk.station import KIOSK
from tests.loss.walks import walks
from tests.loss.ward import PIN, Ward
from tests.sync.world import calls

Capture = pytest.CaptureFixture[str]


def loaded(ward: Ward) -> tuple[str, int]:
    """One result in the cabinet."""
    result = ward.register()
    ward.sync()
    (place,) = ward.load(result)
    ward.sync()
    return result[0], place


@walks("Keys are stolen")
def test_what_the_thief_holds_is_worth_nothing_after_a_new_enrolment(
    ward: Ward, a_code: Callable[[], str], tmp_path: Path
) -> None:
    cid, place = loaded(ward)
    guessed = ward.code(cid)  # the sealed manifest and its key are enough for that
    shutil.copytree(ward.home, tmp_path / "thief", ignore=shutil.ignore_patterns("*.sock"))
    thief = load(tmp_path / "thief" / "kiosk.toml")

    ward.power_off()  # 1
    ward.enroll(a_code())  # 2, 3
    ward.add_staff(pin="864209")  # 4
    kiosk = ward.power_on()  # 5
    ward.sync()
    caller = calls(ward.url, identity.transport_key(thief.keys))
    for call in (
        Call("GET", f"/v1/kiosks/{KIOSK}/manifest"),
        Call("GET", f"/v1/kiosks/{KIOSK}/journal/head"),
    ):
        answer = caller.make(call)
        assert (answer.status, answer.json()["type"]) == (403, "urn:hoso:problem:stale-epoch")
    ward.sign_in(PIN, leads_to=Login)  # the old PIN
    kiosk.wait(300_000)
    ward.audit()
    ward.sync()
    ward.enter(guessed)
    assert not ward.stands(Ready)
    kiosk.wait(120_000)
    ward.collect(cid, place)
    ward.sync()
    assert ward.phase(cid) == "collected"


def staff(ward: Ward, url: str, method: str, what: str) -> requests.Response:
    """The office's door, as the page's curl calls it."""
    key = (ward.office / "office.key").read_text(encoding="ascii").strip()
    head = {"Authorization": f"Bearer {key}"}
    address = f"{url}/v1/office/kiosks/{KIOSK}/staff/7{what}"
    return requests.request(method, address, headers=head, timeout=10)


@walks("A staff card is stolen")
def test_a_card_that_was_withdrawn_opens_no_login_and_a_new_one_does(ward: Ward) -> None:
    old = staff(ward, ward.url, "POST", "/card").json()["card"]
    ward.sync()
    ward.kiosk.scan(old)
    assert ward.stands(Login)
    ward.kiosk.wait(120_000)

    assert staff(ward, ward.url, "DELETE", "/card").status_code == 204  # 1
    ward.sync()  # 2
    ward.kiosk.scan(old)
    ward.kiosk.type(PIN)
    ward.kiosk.worked()
    assert not ward.stands(Menu)
    ward.kiosk.wait(120_000)
    assert ward.stands(Idle)
    ward.add_staff(Role.CLERK, pin="864209")  # 3: whoever stole it may have seen the PIN
    new = staff(ward, ward.url, "POST", "/card").json()["card"]
    ward.sync()
    ward.kiosk.scan(new)
    ward.kiosk.type("864209")
    ward.kiosk.worked()
    assert ward.stands(Menu)


@walks("Central's key is stolen")
def test_another_key_is_believed_after_a_new_enrolment_and_the_stolen_one_no_more(
    ward: Ward, a_code: Callable[[], str], capsys: Capture
) -> None:
    cid, place = loaded(ward)
    stolen = load_key(ward.office / SIGNER)
    ward.stop_central()  # 1
    assert ward.central("--replace-key") == 0  # 2
    assert f"until it is enrolled anew: {KIOSK}" in capsys.readouterr().out
    assert load_key(ward.office / SIGNER).kid != stolen.kid
    assert not (ward.office / NEXT).exists()
    ward.start_central()  # 3
    with pytest.raises(CallError, match="key_id"):
        ward.sync()
    ward.power_off()
    ward.enroll(a_code())  # 4
    kiosk = ward.power_on()
    ward.sync()
    memory = kiosk.state.memory
    forged = seal_manifest(
        {"aud": KIOSK, "ver": memory.ver + 1},
        signer=stolen,
        recipient_public=public(ward.card.keys.manifest),
    )
    assert kiosk.worker.open_manifest(forged.jwe, (memory.ver, memory.manifest_hash), 9)
    kiosk.worked()
    assert kiosk.payloads()[-1]["refusal"] == "key_id"
    ward.audit()
    ward.sync()
    ward.collect(cid, place)
    ward.sync()
    assert ward.phase(cid) == "collected"


@pytest.mark.parametrize("rotating", [False, True])
def test_cut_off_anywhere_the_key_is_replaced_when_it_is_run_again(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, *, rotating: bool
) -> None:
    old = load_key(ward.office / SIGNER).kid
    ward.stop_central()
    if rotating:
        assert ward.central("--rotate") == 0
        old_next = load_key(ward.office / NEXT).kid
    for where in ("sync.central.loss.Store.run", "sync.central.loss.save_key"):
        with monkeypatch.context() as power:
            if where.endswith("save_key"):
                power.setattr(where, _cut_at_signer)
            else:
                power.setattr("sync.central.store.Store.run", _cut)
            assert ward.central("--replace-key") == 1
    assert ward.central("--replace-key") == 0
    new = load_settings(ward.office, {}).signer.kid
    assert new != old
    assert not rotating or new != old_next
    assert not (ward.office / NEXT).exists()
    ward.start_central()


def _cut(*_: object) -> None:
    raise OSError("cut")


def _cut_at_signer(path: Path, key: object) -> None:
    if path.name == SIGNER:
        raise OSError("cut")
    assert isinstance(key, Key)
    save_key(path, key)
