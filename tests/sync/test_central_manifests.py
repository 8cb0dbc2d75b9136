"""Manifests as central makes them: readable, once per version, and only when there is a reason."""

from __future__ import annotations

import pytest

from sync.central import manifests
from sync.central.enrol import remove_staff
from sync.central.manifests import AFTER_COLLECTED_MS, DAY_MS, OVERTAKEN_MS, Current
from sync.central.results import extend, re_issue, revoke
from sync.envelopes import Opened, hash_of, open_manifest
from sync.messages import Head, Manifest, Status
from tests.sync.test_central_journal import alarms, take
from tests.sync.world import KIOSK, NOW, World


def current(world: World, named: Head | None = None) -> Current:
    with world.store.begin() as session:
        kiosk = world.store.kiosk(session, KIOSK)
        return manifests.current(world.store, session, kiosk, named)


def opened(world: World, found: Current) -> Manifest:
    central = world.enrolled.central
    read = open_manifest(
        found.jwe,
        opening_key=world.keys.manifest,
        central_keys={central.kid: central},
        kiosk=KIOSK,
        epoch=world.enrolled.epoch,
        in_force=None,
    )
    assert isinstance(read, Opened)
    assert read.hash == found.hash
    return read.manifest


def test_it_says_what_was_registered_and_climbs_the_whole_ladder(world: World) -> None:
    world.add_staff()
    cid = world.register("0530004821", "0540001111")
    manifest = opened(world, current(world))
    (result,) = manifest.results
    assert (manifest.iss, manifest.aud, manifest.epoch) == ("central", KIOSK, 1)
    assert (manifest.ver, manifest.iat_ms) == (NOW // 1000, NOW)
    assert (result.cid, result.recipient) == (cid, "NGUYỄN V*** A***")
    assert [h.known_digits for h in result.holders] == ["4821", "1111"]
    assert [(s.number, s.role) for s in manifest.staff] == [("7", "clerk")]


def test_a_version_is_signed_once_and_served_as_it_is(world: World) -> None:
    world.register()
    first = current(world)
    world.now.ms += 60_000
    assert current(world) == first


def test_whatever_the_kiosk_must_know_makes_a_new_version(world: World) -> None:
    cid = world.register()
    versions = [current(world).ver]
    with world.store.begin() as session:
        extend(world.store, session, cid, NOW + 9 * DAY_MS)
    versions.append(current(world).ver)
    with world.store.begin() as session:
        re_issue(world.store, session, cid, "h1", fresh=True)
    versions.append(current(world).ver)
    world.add_staff()
    versions.append(current(world).ver)
    remove_staff(world.store, KIOSK, "7")
    versions.append(current(world).ver)
    with world.store.begin() as session:
        revoke(world.store, session, cid)
    versions.append(current(world).ver)
    assert versions == [versions[0] + n for n in range(6)]
    assert opened(world, current(world)).results[0].status is Status.REVOKED


def test_statements_alone_make_no_new_version(world: World) -> None:
    cid = world.register()
    first = current(world)
    take(world, world.journal.state("loaded", cid=cid, compartment=3))
    take(world, world.journal.state("staff_out", staff="7"))
    head = Head(2, hash_of(world.journal.rows[-1]))
    assert current(world, head) == first


def test_a_day_makes_a_new_version_that_knows_where_the_parts_lie(world: World) -> None:
    cid = world.register()
    first = current(world)
    take(world, world.journal.state("loaded", cid=cid, compartment=3))
    world.now.ms += DAY_MS
    second = opened(world, current(world))
    assert second.ver > first.ver
    assert second.head == Head(1, hash_of(world.journal.rows[-1]))
    (part,) = second.results[0].last_known
    assert (part.compartment, part.phase) == (3, "loaded")


def test_the_version_never_goes_back_behind_what_the_kiosk_stated(world: World) -> None:
    first = current(world)
    take(world, world.journal.state("manifest_accepted", ver=first.ver + 5000, hash="x"))
    world.now.ms += DAY_MS // 100
    world.register()
    assert current(world).ver == first.ver + 5001


def test_a_kiosk_that_lost_its_memory_is_told_so_once(world: World) -> None:
    rows = [world.journal.state("started") for _ in range(3)]
    take(world, *rows)
    first = current(world, Head(3, hash_of(rows[2])))
    take(world, world.journal.state("fault"))
    world.now.ms += OVERTAKEN_MS
    told = current(world, Head(1, hash_of(rows[0])))
    assert told.ver > first.ver
    assert opened(world, told).head.seq == 4
    assert current(world, Head(1, hash_of(rows[0]))) == told
    assert alarms(world) == ["fault", "memory"]


@pytest.mark.parametrize("seq", [1, 2])
def test_another_hash_at_a_known_row_is_a_lost_memory_at_once(world: World, seq: int) -> None:
    first = current(world)
    take(world, *(world.journal.state("started") for _ in range(2)))
    assert current(world, Head(seq, "x" * 43)).ver > first.ver


def test_a_poll_overtaken_by_a_report_is_no_lost_memory(world: World) -> None:
    row = world.journal.state("started")
    take(world, row)
    first = current(world, Head(1, hash_of(row)))
    take(world, world.journal.state("fault"))
    assert current(world, Head(1, hash_of(row))) == first
    assert current(world, Head(9, "x" * 43)) == first


def test_a_collected_result_stays_listed_for_a_day(world: World) -> None:
    cid = world.register()
    take(world, world.journal.state("loaded", cid=cid, compartment=3))
    take(world, world.journal.state("collected", cid=cid, compartment=3))
    world.now.ms += AFTER_COLLECTED_MS
    assert [r.cid for r in opened(world, current(world)).results] == [cid]
    world.now.ms += DAY_MS
    assert opened(world, current(world)).results == ()


def test_a_new_epoch_gets_a_manifest_for_its_own_keys(world: World) -> None:
    first = current(world)
    world.keys = type(world.keys)()
    world.enrolled = world.enrol(world.keys)
    second = current(world)
    assert second.ver > first.ver
    assert opened(world, second).epoch == 2
