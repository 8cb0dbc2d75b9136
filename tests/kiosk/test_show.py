"""Projection: every scene has its screen, and what stands on it is so."""

import typing
from dataclasses import asdict, replace
from datetime import datetime

import pytest

from drivers.devices import Device, DeviceState, Trouble
from drivers.doors import DoorsRead, Reading
from kiosk import show
from kiosk.core import doors
from kiosk.core import scenes as at
from kiosk.core import staff_scenes as staff
from kiosk.core.guessing import Bucket
from kiosk.core.memory import Compartment, Held
from kiosk.core.state import Face
from kiosk.times import local
from sync.messages import Clock
from tests.flows.walk import WALL_MS, Walk
from tests.kiosk.showing import GRANT, MATCH, SCENES, SINCE, UNTIL, moment, shown
from ui import screens, staff_screens, walls


@pytest.fixture(scope="module")
def walk() -> Walk:
    return Walk({"r1": (3,)})


def test_every_scene_of_the_core_has_a_sample_here() -> None:
    assert set(SCENES) == set(typing.get_args(at.Scene))


@pytest.mark.parametrize(("scene", "body"), SCENES.values(), ids=lambda v: type(v).__name__)
def test_every_scene_has_its_screen(walk: Walk, scene: at.Scene, body: type) -> None:
    assert type(shown(walk, scene).body) is body


@pytest.mark.parametrize("scene", [s for s, _ in SCENES.values()], ids=lambda v: type(v).__name__)
def test_help_covers_every_scene_and_leaves_its_sound(walk: Walk, scene: at.Scene) -> None:
    helped = shown(walk, scene, face=Face(help=True))
    assert helped.body == screens.Help()
    assert helped.sound == shown(walk, scene).sound
    assert helped.frame.incident


# Time


@pytest.mark.parametrize(
    ("open_s", "urge"),
    [
        (-60, walls.Urge.CALM),
        (0, walls.Urge.CALM),
        (29.999, walls.Urge.CALM),
        (30, walls.Urge.WARN),
        (59.999, walls.Urge.WARN),
        (60, walls.Urge.ALARM),
        (170, walls.Urge.ALARM),
    ],
)
@pytest.mark.parametrize(
    "scene",
    [s for s, _ in SCENES.values() if hasattr(s, "since_ms")],
    ids=lambda s: type(s).__name__,
)
def test_an_open_door_warns_at_30_s_and_sounds_at_60(
    walk: Walk, scene: at.Scene, open_s: float, urge: walls.Urge
) -> None:
    seen = shown(walk, scene, SINCE + round(open_s * 1000))
    assert getattr(seen.body, "urge", None) is urge
    assert (seen.sound is screens.Sound.ALARM) is (urge is walls.Urge.ALARM)
    if urge is walls.Urge.WARN:
        assert seen.sound is screens.Sound.CLOSE


@pytest.mark.parametrize(
    ("left_ms", "seconds"), [(60_000, 60), (59_001, 60), (59_000, 59), (1, 1), (0, 0), (-500, 0)]
)
def test_the_countdown_shows_whole_seconds_and_never_less_than_none(
    walk: Walk, left_ms: int, seconds: int
) -> None:
    seen = shown(walk, at.Digits(SINCE + left_ms))
    assert seen.frame.closes_in_s == seconds


def test_where_time_does_not_run_there_is_no_countdown(walk: Walk) -> None:
    for scene in (at.Idle(), at.Out(at.Outage.DOORS), SCENES[at.Opening][0]):
        frame = shown(walk, scene).frame
        assert (frame.closes_in_s, frame.more_time) == (None, False)


def test_more_time_is_offered_three_times(walk: Walk) -> None:
    offered = [
        shown(walk, at.Code(UNTIL, "9999"), face=Face(extended=n)).frame.more_time for n in range(5)
    ]
    assert offered == [True, True, True, False, False]


def test_the_clock_is_local_to_the_minute_and_dark_after_nightfall(walk: Walk) -> None:
    noon = 1_795_236_000_000  # 2026-11-21T04:40:00Z
    for hours, local_hour, night in ((0, 11, False), (7, 18, False), (8, 19, True), (18, 5, True)):
        wall = noon + hours * 3_600_000 + 59_999
        frame = show.screen(walk.state, moment(wall_ms=wall)).frame
        assert frame.now is not None
        assert (frame.now.hour, frame.now.minute, frame.now.second) == (local_hour, 40, 0)
        assert frame.night is night


def test_a_clock_that_is_not_trusted_is_shown_nowhere(walk: Walk) -> None:
    unknown = replace(walk.state.clock, trust=Clock.UNKNOWN)
    for scene, _ in SCENES.values():
        if isinstance(scene, at.Told | at.Closed):
            continue  # theirs are of the manifest, or noted while the clock was trusted
        seen = shown(walk, scene, clock=unknown)
        assert seen.frame.now is None
        assert not seen.frame.night
        assert [v for v in asdict(seen.body).values() if isinstance(v, datetime)] == []


def test_a_pause_names_the_minute_at_which_a_try_is_there_again(walk: Walk) -> None:
    refill = walk.memory.policy.refill_s * 1000
    memory = replace(walk.memory, bucket=Bucket(refill - 61_000, SINCE))
    body = shown(walk, at.Paused(UNTIL), memory=memory).body
    assert isinstance(body, screens.Paused)
    assert body.minutes == 2
    assert body.again_at is not None
    assert body.again_at >= local(WALL_MS + 61_000)
    unknown = replace(walk.state.clock, trust=Clock.UNKNOWN)
    body = shown(walk, at.Paused(UNTIL), memory=memory, clock=unknown).body
    assert body == screens.Paused(2, None)


def test_without_contact_for_five_minutes_the_screen_says_so(walk: Walk) -> None:
    for contact, up_ms, offline in (
        (SINCE, SINCE + 300_000, False),
        (SINCE, SINCE + 300_001, True),
        (None, walk.state.started_ms + 300_000, False),
        (None, walk.state.started_ms + 300_001, True),
    ):
        assert shown(walk, at.Idle(), up_ms, contact_ms=contact).frame.offline is offline


# Facts


def test_every_error_carries_its_incident_number(walk: Walk) -> None:
    stated, newest = "BT1-0005", f"BT1-{walk.memory.seq:04d}"
    told: dict[str, tuple[type, ...]] = {
        stated: (at.Refused, at.Told, at.PutBack, at.WrongDoor),
        newest: (at.Out, at.Stuck, at.Paused),
        "": (at.Idle, at.Digits, at.Code, at.Ready, at.Open, at.Closed),
    }
    for number, kinds in told.items():
        for kind in kinds:
            assert shown(walk, SCENES[kind][0]).frame.incident == number


def test_the_wall_shows_what_reads_open_and_what_was_asked(walk: Walk) -> None:
    seen, _ = doors.observe(doors.Doors(), DoorsRead(SINCE, {2: Reading.OPEN, 3: Reading.CLOSED}))
    seen, _ = doors.observe(seen, DoorsRead(SINCE + 150, {2: Reading.OPEN, 3: Reading.CLOSED}))
    body = shown(walk, SCENES[at.Opening][0], SINCE + 150, doors=seen).body
    assert isinstance(body, screens.Opening)
    looks = {d.number: d.look.value for d in body.cabinet.doors}
    assert looks == {1: "shut", 2: "open", 3: "asked", 4: "shut", 5: "shut", 6: "shut"}
    later = shown(walk, SCENES[at.Opening][0], SINCE + 9_000, doors=seen).body
    assert isinstance(later, screens.Opening)
    assert {d.look for d in later.cabinet.doors if d.number == 2} == {walls.DoorLook.SHUT}


def test_the_wall_is_as_large_as_doors_and_screen(walk: Walk) -> None:
    site = replace(walk.site, screen_cell=(5, 2, 4))
    cabinet = show.cabinet(replace(walk.state, site=site), SINCE)
    assert (cabinet.rows, cabinet.columns, cabinet.screen_row) == (8, 2, 5)
    assert (show.cabinet(walk.state, SINCE).rows, cabinet.screen_height) == (6, 4)


def test_ready_names_the_compartment_that_the_button_will_open() -> None:
    walk = Walk({"r1": (2, 4)})
    ready = at.Ready(UNTIL, MATCH)
    assert getattr(shown(walk, ready).body, "compartment", 0) == 2
    blocked = replace(walk.memory.compartments[2], blocked="disputed")
    memory = replace(walk.memory, compartments={**walk.memory.compartments, 2: blocked})
    body = shown(walk, ready, memory=memory).body
    assert isinstance(body, screens.Ready)
    assert (body.name, body.compartment, body.authorised) == ("NGUYỄN V*** A***", 4, False)


def test_one_who_collects_for_another_is_told_so(walk: Walk) -> None:
    authorised = Walk({"r1": (3,)})
    authorised.central.authorise("r1", "h2", "0530001111")
    authorised.publish()
    ready = at.Ready(UNTIL, replace(MATCH, holder="h2"))
    assert getattr(shown(authorised, ready).body, "authorised", None) is True
    assert getattr(shown(walk, at.Ready(UNTIL, MATCH)).body, "authorised", None) is False


@pytest.mark.parametrize(("after_s", "left"), [(0, 60), (0.5, 59), (59, 1), (60, 0), (70, 0)])
def test_forgotten_papers_may_be_fetched_for_a_minute(
    walk: Walk, after_s: float, left: int
) -> None:
    closed = at.Closed(UNTIL, GRANT, SINCE, WALL_MS)
    body = shown(walk, closed, SINCE + round(after_s * 1000)).body
    assert isinstance(body, screens.Closed)
    assert body.forgot_s == left
    reopened = replace(closed, grant=replace(GRANT, reopened=True))
    assert getattr(shown(walk, reopened).body, "forgot_s", None) == 0


def test_a_late_result_is_apologised_for() -> None:
    walk = Walk({"r1": (3,)})
    walk.central.results["r1"].overdue = True
    walk.publish()
    assert getattr(shown(walk, SCENES[at.Closed][0]).body, "late", None) is True
    assert getattr(shown(walk, SCENES[staff.LoadOpen][0]).body, "apology", None) is True


def test_whatever_is_believed_of_a_compartment_the_clerk_is_asked_to_look(walk: Walk) -> None:
    for held in Held:
        after = {**walk.memory.compartments, 3: Compartment(held=held)}
        memory = replace(walk.memory, compartments=after)
        body = shown(walk, SCENES[staff.LoadOpen][0], memory=memory).body
        assert getattr(body, "maybe_full", None) is True


def test_a_result_that_the_manifest_dropped_is_named_by_its_cid_alone(walk: Walk) -> None:
    body = shown(walk, SCENES[staff.Choosing][0]).body
    assert body == staff_screens.LoadChoose(
        (
            staff_screens.Choice("H29.915-261121-0001", "NGUYỄN V*** A***"),
            staff_screens.Choice("gone", ""),
        )
    )


@pytest.mark.parametrize(("device", "told"), [(Device.SCANNER, False), (Device.PRINTER, True)])
def test_nobody_is_told_to_hold_up_a_qr_code_while_the_scanner_is_gone(
    walk: Walk, device: Device, *, told: bool
) -> None:
    ill = {(device, ""): DeviceState(device, Trouble.LOST)}
    assert shown(walk, at.Idle()).body == screens.Idle(scanner=True)
    assert shown(walk, at.Idle(), devices=ill).body == screens.Idle(scanner=told)
