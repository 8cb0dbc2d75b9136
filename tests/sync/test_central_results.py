"""Which codes leave central, when they become others, and what rests unencrypted (nothing)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from sync.central import codes, holders
from sync.central.enrol import enrol_kiosk
from sync.central.holders import NewHolder
from sync.central.people import PersonError, masked, mobile, seven_bit, unaccented
from sync.central.results import (
    NewResult,
    OrderError,
    default_hold,
    extend,
    move,
    re_issue,
    register,
    revoke,
)
from sync.central.store import UnknownError
from sync.central.tables import Holder, Result
from sync.central.texts import TextError, check_place, collected, last_full_day, local, ready
from sync.central.vault import Vault, VaultError
from tests.sync.test_central_journal import take
from tests.sync.world import KIOSK, NOW, Keys, World

DAY_MS = 86_400_000


def holder(world: World, cid: str, name: str = "h1") -> Holder:
    with world.store.begin() as session:
        return session.get_one(Holder, (cid, name))


def again(world: World, cid: str, phone: str = "") -> tuple[int, int]:
    with world.store.begin() as session:
        held = re_issue(world.store, session, cid, "h1", phone=phone)
        return held.gen, held.counter


def acknowledge(world: World, ver: int) -> None:
    take(world, world.journal.state("manifest_accepted", ver=ver, hash="x"))


@pytest.mark.parametrize(
    "code",
    ["00000000", "12345678", "87654321", "89012345", "13579135", "12341234", "10000001"],
)
def test_codes_that_people_try_first_are_trivial(code: str) -> None:
    assert codes.trivial(code)


@pytest.mark.parametrize("code", ["48271639", "10482937", "11223345", "90817263"])
def test_ordinary_codes_are_not(code: str) -> None:
    assert not codes.trivial(code)


def test_a_secret_whose_next_codes_are_taken_is_not_acceptable() -> None:
    secret = codes.new_secret(())
    assert codes.acceptable(secret, 0, ())
    assert not codes.acceptable(secret, 0, {codes.code_at(secret, 0)})
    assert not codes.acceptable(secret, 0, {codes.code_at(secret, 1)})
    assert codes.acceptable(secret, 0, {codes.code_at(secret, 2)})


def test_a_new_secret_never_gives_a_code_that_is_taken() -> None:
    class Everything(set[str]):
        def __contains__(self, _: object) -> bool:
            return True

    with pytest.raises(codes.NoCodeError):
        codes.new_secret(Everything())


def test_central_stays_at_most_one_counter_ahead_of_the_kiosk(world: World) -> None:
    cid = world.register()
    assert [again(world, cid) for _ in range(3)] == [(1, 0)] * 3
    with world.store.begin() as session:
        session.get_one(Holder, (cid, "h1")).carried_ver = 10
    acknowledge(world, 9)
    assert again(world, cid) == (1, 0)
    acknowledge(world, 10)
    assert [again(world, cid) for _ in range(3)] == [(1, 1)] * 3


def test_an_accepted_code_is_acknowledged_as_well(world: World) -> None:
    cid = world.register()
    take(world, world.journal.state("loaded", cid=cid, compartment=3))
    fields = {"holder": "h1", "gen": 1, "counter": 0, "compartments": [3]}
    take(world, world.journal.state("accepted", cid=cid, **fields))
    assert again(world, cid) == (1, 1)


def test_another_phone_and_a_locked_holder_get_a_new_gen_at_once(world: World) -> None:
    cid = world.register()
    assert again(world, cid, "0540001111") == (2, 0)
    assert again(world, cid, "0540001111") == (2, 0)
    take(world, world.journal.state("result_locked", cid=cid, holder="h1"))
    assert again(world, cid) == (3, 0)
    assert holder(world, cid).locked is False


def test_papers_that_lie_there_again_get_a_code_that_was_not_used(world: World) -> None:
    cid = world.register()
    for kind, fields in (
        ("loaded", {"compartment": 3}),
        ("accepted", {"holder": "h1", "gen": 1, "counter": 0, "compartments": [3]}),
        ("opened", {"compartment": 3}),
        ("retrieved", {"compartment": 3}),
        ("loaded", {"compartment": 5}),
    ):
        take(world, world.journal.state(kind, cid=cid, **fields))
    assert holder(world, cid).counter == 1


def test_a_door_that_stayed_shut_leaves_the_code_as_it_is(world: World) -> None:
    cid = world.register()
    for kind, fields in (
        ("loaded", {"compartment": 3}),
        ("accepted", {"holder": "h1", "gen": 1, "counter": 0, "compartments": [3]}),
        ("not_opened", {"compartment": 3}),
        ("loaded", {"compartment": 3}),
    ):
        take(world, world.journal.state(kind, cid=cid, **fields))
    assert (holder(world, cid).counter, holder(world, cid).floor) == (0, 0)


def test_equal_known_digits_never_get_equal_codes(world: World) -> None:
    cids = [world.register(f"053{n:03d}4821") for n in range(20)]
    with world.store.begin() as session:
        held = [holders.of(session, cid)[0] for cid in cids]
        secrets = [holders.open_holder(world.store, h)[1] for h in held]
    live = [code for secret in secrets for code in codes.live_codes(secret, 0)[:2]]
    assert len(set(live)) == 40


def test_a_revoked_or_collected_result_takes_no_more_orders(world: World) -> None:
    cid = world.register()
    with world.store.begin() as session:
        revoke(world.store, session, cid)
        revoke(world.store, session, cid)
    with pytest.raises(OrderError), world.store.begin() as session:
        extend(world.store, session, cid, NOW + DAY_MS)
    with pytest.raises(UnknownError), world.store.begin() as session:
        revoke(world.store, session, "nobody")


def test_papers_that_are_put_back_come_under_a_new_cid_and_the_old_one_is_never_given_again(
    world: World,
) -> None:
    old = world.register()
    state = world.journal.state
    take(world, state("loaded", cid=old, compartment=3))
    take(world, state("collected", cid=old, holder="h1", compartment=3))
    given = {old}
    for _ in range(20):  # the office enters the same envelope anew
        fresh = world.register()
        assert fresh not in given
        given.add(fresh)
    with pytest.raises(OrderError):
        again(world, old)


def test_a_move_recalls_here_and_registers_there_with_new_codes(world: World) -> None:
    cid = world.register("0530004821", "0540001111")
    there = {"unit": "P.Cầu Kiệu", "address": "5 Phan Xích Long"}
    enrol_kiosk(world.store, "ck1", Keys().public(), **there)
    with world.store.begin() as session:
        moved = move(world.store, session, cid, "ck1")
        old = session.get_one(Result, cid)
        people = [holders.open_holder(world.store, h) for h in holders.of(session, moved.cid)]
        before = [holders.open_holder(world.store, h) for h in holders.of(session, cid)]
    assert (old.status, old.place) == ("revoked", "5 Phan Xích Long")
    assert [phone for phone, _, _ in people] == ["0530004821", "0540001111"]
    assert not {secret for _, secret, _ in people} & {secret for _, secret, _ in before}


@pytest.mark.parametrize(
    "change",
    [
        {"dossiers": ()},
        {"dossiers": ("",)},
        {"dossiers": ("x" * 65,)},
        {"dossiers": ("H29\n",)},
        {"size": "A0"},
        {"holders": ()},
        {"hold_until_ms": NOW - 1},
        {"hold_until_ms": NOW + 400 * DAY_MS},
    ],
)
def test_what_a_kiosk_could_not_read_is_not_registered(
    world: World, change: dict[str, object]
) -> None:
    good = NewResult(KIOSK, ("H29.915-261121-0042",), "Trần Bình", (NewHolder("0530004821"),))
    with pytest.raises(OrderError), world.store.begin() as session:
        register(world.store, session, replace(good, **change))  # type: ignore[arg-type]
    with world.store.begin() as session:
        assert session.scalars(select(Result)).all() == []


def test_names_are_masked_to_a_fixed_width() -> None:
    assert masked("Nguyễn Văn Anh") == "NGUYỄN V*** A***"
    assert masked("Y Bhăm Êban") == "Y B*** Ê***"
    assert masked("Điểu") == "Đ***"
    assert masked("NGUYỄN V*** A***") == "NGUYỄN V*** A***"
    for bad in ("", "  ", "x" * 201, "A\x00B"):
        with pytest.raises(PersonError):
            masked(bad)


def test_phones_are_mobile_numbers_of_ten_digits() -> None:
    assert mobile("+84 530 004 821") == mobile("0530.004.821") == "0530004821"
    for bad in ("0130004821", "053000482", "05300048211", "٠٥٣٠٠٠٤٨٢١", ""):
        with pytest.raises(PersonError):
            mobile(bad)


def test_vietnamese_loses_its_marks_and_fits_seven_bits() -> None:
    assert unaccented("Đường số 45, phường Bình Tiên, ỡ Ẫ ử") == (
        "Duong so 45, phuong Binh Tien, o A u"
    )
    assert not seven_bit("€")
    assert not seven_bit("đ")


def test_every_message_is_one_sms_or_the_kiosk_is_not_entered() -> None:
    sms = ready("vi", "P.Bình Tiên", "123 Đường Số 45", "48271639", NOW + 7 * DAY_MS)
    assert sms == (
        "UBND P.Binh Tien: co ket qua ho so. MA 4827 1639. Nhan 24/7 o tu 123 Duong So 45,"
        " het 24/11. Bam 4 so cuoi SDT nay, roi bam ma. Giu kin ma. Hoi 1022"
    )
    for lang in ("vi", "en"):
        assert len(ready(lang, "P.Bình Tiên", "123 Đường Số 45", "48271639", NOW)) <= 160
        assert len(collected(lang, "P.Bình Tiên", "123 Đường Số 45", NOW)) <= 160
    with pytest.raises(TextError, match="too long"):
        check_place("P.Bình Tiên", "123 Đường Số 45, phường Bình Tiên, Thành phố Hồ Chí Minh")
    with pytest.raises(TextError, match="character"):
        check_place("P.Bình Tiên", "123 {Đường}")


def test_holding_ends_when_the_counter_opens_after_five_working_days() -> None:
    until = local(default_hold(NOW))  # NOW is Wednesday 18 November 2026, evening
    assert (until.day, until.hour, until.minute) == (26, 7, 30)
    assert last_full_day(default_hold(NOW)).day == 25


def test_a_sealed_value_opens_in_its_own_place_only() -> None:
    vault = Vault(b"k" * 32)
    sealed = vault.seal("holder/a/h1", {"phone": "0530004821"})
    assert vault.open("holder/a/h1", sealed) == {"phone": "0530004821"}
    changed = sealed[:-4] + ("AAAA" if sealed[-4:] != "AAAA" else "BBBB")
    for place, text, key in (
        ("holder/b/h1", sealed, b"k"),
        ("holder/a/h1", changed, b"k"),
        ("holder/a/h1", sealed, b"x"),
    ):
        with pytest.raises(VaultError):
            Vault(key * 32).open(place, text)


def test_no_secret_phone_or_name_rests_in_the_database(world: World) -> None:
    cid = world.register()
    totp = world.add_staff()
    with world.store.begin() as session:
        phone, secret, token = holders.open_holder(world.store, holders.of(session, cid)[0])
    world.store.close()
    folder = world.store.settings.folder
    raw = b"".join(file.read_bytes() for file in folder.glob("central.db*"))
    assert cid.encode() in raw
    for word in (phone, phone[-4:] + '"', secret, token, totp, "NGUYỄN", "135790"):
        assert word.encode() not in raw
    assert codes.code_at(secret, 0).encode() not in raw
    modes = {file.name: file.stat().st_mode & 0o777 for file in folder.glob("*.*key*")}
    assert set(modes.values()) <= {0o600}
