"""What central sees over time: silence, service, faults that end; and the one message about it."""

from __future__ import annotations

from dataclasses import replace

import requests
from sqlalchemy import select

from sync.calls import Call
from sync.central import rotation
from sync.central.alarm_words import ALARMS
from sync.central.enrol import enrol_kiosk
from sync.central.fault_words import FAULTS
from sync.central.pages.figure_facts import sums_of
from sync.central.periods import read_period
from sync.central.revocation import revoke_kiosk
from sync.central.settings import load_settings
from sync.central.tables import Alarm
from sync.central.watch_tables import ServiceGap
from sync.compact import write_json
from sync.keys import new_signing_key, public_jwk
from tests.pages.town import DAY_MS, HOUR_MS, MINUTE_MS
from tests.sync.technician import MORNING, open_alarms, state
from tests.sync.world import KIOSK, Keys, World, calls, serving

# Faults and alarms


def test_a_fault_that_heals_ends_and_one_that_a_person_must_see_stays(world: World) -> None:
    for what in ("board_lost:rs485/1", "tamper_opened", "stuck:9"):
        state(world, "fault", what=what)
    assert open_alarms(world) == [
        ("fault", "board_lost:rs485/1"),
        ("fault", "tamper_opened"),
        ("fault", "stuck:9"),
    ]
    state(world, "started", version="1", compartments=[9])
    assert open_alarms(world) == [("fault", "tamper_opened"), ("fault", "stuck:9")]
    for what in ("stuck:9", "tamper_opened"):
        state(world, "fault_cleared", what=what)
    assert open_alarms(world) == [("fault", "tamper_opened")]


def test_every_alarm_says_what_it_means_and_what_to_do_in_both_languages(world: World) -> None:
    state(world, "fault", what="upgrade_failed")
    state(world, "left_open", compartment=14)
    state(world, "fault", what="from_the_future:3")
    with serving(world.store) as url:
        headers = {"Authorization": f"Bearer {world.store.settings.office_key}"}
        found = requests.get(f"{url}/v1/office/alarms", headers=headers, timeout=10).json()
    assert [(a["kind"], a["what"], a["compartment"]) for a in found] == [
        ("fault", "upgrade_failed", 0),
        ("left_open", "", 14),
        ("fault", "from_the_future:3", 0),
    ]
    assert found[0]["told"]["en"].startswith("The new version did not report healthy")
    assert "journalctl" in found[0]["todo"]["vi"]
    assert all(
        a[name][lang] for a in found for name in ("name", "told", "todo") for lang in a[name]
    )
    sentences = [text for a in (*ALARMS.values(), *FAULTS.values()) for text in (*a.told, *a.todo)]
    assert all(text.endswith(".") for text in sentences)


# Service and silence


def test_silence_and_service_are_kept_as_they_were_over_http(world: World) -> None:
    world.now.ms = MORNING
    state(world, "started", version="1", compartments=[1])
    with serving(world.store) as url:
        caller = calls(url, world.keys.transport)

        def says(**health: object) -> None:
            headers = {"Content-Type": "application/json"}
            path = f"/v1/kiosks/{KIOSK}/health"
            assert caller.make(Call("PUT", path, write_json(health), headers)).status == 204

        says(serving=True)
        world.now.ms += 4 * MINUTE_MS
        says(serving=False, outage="doors")
        world.now.ms += 4 * MINUTE_MS
        says(serving=False, outage="power")
        world.now.ms += 2 * MINUTE_MS
        says(serving=True)
        world.now.ms += 110 * MINUTE_MS
        says(serving=True)
    with world.store.begin() as session:
        gaps = session.scalars(select(ServiceGap).order_by(ServiceGap.since_ms)).all()
        found = [
            (
                g.kind,
                (g.since_ms - MORNING) // MINUTE_MS,
                (g.until_ms - MORNING) // MINUTE_MS,
                g.why,
            )
            for g in gaps
        ]
    assert found == [("out", 4, 10, "power"), ("silent", 10, 120, "")]
    sums = sums_of(world.store, [KIOSK], read_period("2026-11"))
    minutes = (sums.span_ms, sums.down_ms, sums.silent_ms)
    assert [ms // MINUTE_MS for ms in minutes] == [120, 6, 110]


# Rotation


def rotating(world: World) -> World:
    """A rotation has begun; the world's own kiosk has not followed."""
    world.now.ms = MORNING
    rotation.rotate(world.store)
    reloaded = load_settings(world.store.settings.folder, {})
    world.store.settings = replace(world.store.settings, next=reloaded.next)
    return world


def late(world: World) -> list[str]:
    rotation.alarm_late(world.store)
    with world.store.begin() as session:
        return list(session.scalars(select(Alarm.kiosk).where(Alarm.kind == "rotation")))


def test_who_has_not_followed_a_rotation_after_thirty_days_is_an_alarm_once(world: World) -> None:
    rotating(world)
    enrol_kiosk(world.store, "gone", Keys().public(), unit="P.Mẫu", address="1 Đường 7")
    revoke_kiosk(world.store, "gone", "test")
    world.now.ms += 20 * DAY_MS
    enrol_kiosk(world.store, "new", Keys().public(), unit="P.Mẫu", address="2 Đường 7")
    world.now.ms += 10 * DAY_MS - HOUR_MS
    assert late(world) == []
    world.now.ms += HOUR_MS
    assert late(world) == [KIOSK]
    assert late(world) == [KIOSK]
    world.now.ms += 20 * DAY_MS
    assert late(world) == [KIOSK, "new"]
    with world.store.begin() as session:
        assert rotation.behind(world.store, session) == (KIOSK, "new")


def test_whoever_follows_ends_the_alarm_and_the_end_of_the_rotation_ends_its_count(
    world: World,
) -> None:
    rotating(world)
    world.now.ms += 31 * DAY_MS
    assert late(world) == [KIOSK]
    assert ("rotation", "") in open_alarms(world)
    key = world.store.settings.next
    assert key is not None
    accepted = {"ver": 1, "hash": "A" * 43, "key": public_jwk(key), "next": None}
    state(world, "manifest_accepted", **accepted)
    assert ("rotation", "") not in open_alarms(world)
    with world.store.begin() as session:
        assert rotation.behind(world.store, session) == ()
    assert rotation.rotate(world.store).done
    world.store.settings = replace(world.store.settings, next=new_signing_key())
    world.now.ms += 29 * DAY_MS
    assert late(world) == [KIOSK]  # another one: its thirty days begin now
    world.now.ms += 29 * DAY_MS
    assert late(world) == [KIOSK]


def test_the_office_and_the_operator_see_who_is_still_to_follow(world: World) -> None:
    rotating(world)
    with serving(world.store) as url:
        headers = {"Authorization": f"Bearer {world.store.settings.office_key}"}
        (kiosk,) = requests.get(f"{url}/v1/office/kiosks", headers=headers, timeout=10).json()
        assert kiosk["rotation_behind"] is True
        assert "hoso_central_rotation_behind 1.0" in requests.get(f"{url}/metrics", timeout=9).text
