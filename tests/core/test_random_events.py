"""Anything may come in any order: nothing raises, and no lock moves without its statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.devices import Device, DeviceState, Trouble, Vitals
from drivers.doors import DoorsRead, Outcome, PulseDone, Reading, Scanned
from kiosk.core.events import (
    Contacted,
    Event,
    Key,
    ManifestRefused,
    PinChecked,
    Pressed,
    SpaceLeft,
    StoryRead,
    Tick,
)
from kiosk.core.scenes import Idle, Out
from kiosk.core.upkeep_scenes import Act, Answer, Entry, Happening, Reason
from sync.messages import Clock, Kind, Refusal
from tests.flows import reach
from tests.flows.reach import LOADED
from tests.flows.walk import Do, Walk, press, push, scanned, typed

WAYS: list[Do] = [way for name, way in vars(reach).items() if name.startswith("to_")]
NUMBERS = st.integers(1, 7)  # one more than there are
READINGS = st.dictionaries(NUMBERS, st.sampled_from(Reading), max_size=7)
TEXTS = st.sampled_from(
    ["", "x", "H29.915-261121-0001", "H29.915-261121-0003", "HS1.bt2." + "A" * 22]
)
WORDS = [*Entry, *Answer, *Act, *Reason]  # some words stand in several of these
VALUES = st.sampled_from(["", "0", "1", "2", "4", "8", "12", "x", "\uff11", *WORDS])

# What walks on: each takes the walk somewhere, or nowhere.
DEEDS = st.one_of(
    st.tuples(st.just("press"), st.sampled_from(Key), VALUES),
    st.tuples(st.just("code"), st.sampled_from(["r1", "r2"]), st.sampled_from([-1, 0, 1])),
    st.tuples(st.just("qr"), st.sampled_from(["r1", "r2"]), st.none()),
    st.tuples(st.just("staff"), st.booleans(), st.none()),
    st.tuples(st.just("scan"), TEXTS, st.none()),
    st.tuples(st.just("wait"), st.sampled_from([1, 100, 400, 2_600, 30_000, 190_000]), st.none()),
    st.tuples(st.just("door"), st.integers(1, 6), st.sampled_from(Reading)),
    st.tuples(st.just("jam"), st.integers(1, 6), st.sampled_from([*Outcome])),
    st.tuples(
        st.just("central"),
        st.sampled_from(["revoke", "drop", "relist", "re_issue", "fresh"]),
        TEXTS,
    ),
    st.tuples(st.just("cut"), st.booleans(), st.none()),
    st.tuples(st.just("open"), st.none(), st.none()),
)


def events() -> st.SearchStrategy[Event]:
    """Raw events, sensible or not."""
    return st.one_of(
        st.builds(Pressed, st.sampled_from(Key), VALUES),
        st.builds(Tick),
        st.builds(Scanned, TEXTS | st.text(max_size=40)),
        st.builds(PulseDone, NUMBERS, st.sampled_from(Outcome)),
        st.builds(PinChecked, st.sampled_from(["7", "8"]), st.booleans()),
        st.builds(ManifestRefused, st.sampled_from(Refusal), st.integers(0, 9), st.just("h")),
        st.builds(StoryRead, NUMBERS, st.just((Happening("loaded", 1),))),
        st.builds(Contacted, st.integers(0, 10**9)),
        st.builds(SpaceLeft, st.integers(0, 10**9)),
        st.builds(
            DeviceState,
            st.sampled_from(Device),
            st.sampled_from(Trouble),
            st.sampled_from(["", "b"]),
            st.lists(NUMBERS, max_size=3).map(tuple),
        ),
        st.builds(
            Vitals,
            st.sampled_from([None, False, True]),
            st.none() | st.integers(0, 100),
            st.none() | st.integers(-30, 90),
        ),
        READINGS,
    )


def by_code(walk: Walk, cid: str, ahead: int) -> None:
    counter = walk.central.results[cid].holders["h1"].counter + ahead
    code = walk.central.code(cid, ahead=ahead) if counter >= 0 else "0" * 8
    typing(walk, [walk.central.known_digits(cid), code])


def by_login(walk: Walk, right: bool, _: None) -> None:  # noqa: FBT001  # drawn by hypothesis
    walk.pin_right = right
    press(Key.STAFF)(walk)
    typing(walk, ["7", walk.central.pin(), walk.central.totp(walk.wall_ms)])


def by_jam(walk: Walk, number: int, outcome: Outcome) -> None:
    walk.jammed ^= {number}
    walk.outcome = outcome


def by_opening(walk: Walk, _: None, __: None) -> None:
    press(Key.OPEN)(walk)
    walk.wait(400)


DOINGS: dict[str, Callable[[Walk, Any, Any], object]] = {
    "press": lambda walk, key, value: walk.give(Pressed(key, value)),
    "code": by_code,
    "qr": lambda walk, cid, _: scanned(walk.central.qr(cid))(walk),
    "staff": by_login,
    "scan": lambda walk, text, _: walk.give(Scanned(text)),
    "wait": lambda walk, ms, _: walk.wait(ms),
    "door": lambda walk, number, reading: walk.readings.__setitem__(number, reading),
    "jam": by_jam,
    "central": lambda walk, verb, _: central(walk, verb),
    "cut": lambda walk, reboot, _: walk.boot(1_000, reboot=reboot),
    "open": by_opening,
}


def typing(walk: Walk, texts: list[str]) -> None:
    if isinstance(walk.scene, Idle):
        press(Key.START)(walk)
    for text in texts:
        typed(text)(walk)
        press(Key.CONFIRM)(walk)


def central(walk: Walk, verb: str) -> None:
    if verb in {"re_issue", "fresh"}:
        walk.central.re_issue("r1", fresh=verb == "fresh")
    else:
        getattr(walk.central, verb)("r1")
    walk.publish()


def begun() -> Walk:
    walk = Walk(LOADED)
    walk.central.register("r7", "0530007754")
    walk.publish()
    return walk


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.sampled_from(WAYS), st.lists(events(), max_size=60), st.sampled_from(Clock))
def test_no_order_of_raw_events_makes_the_core_fail_in_any_scene(
    way: Do, given_events: list[Event | dict[int, Reading]], claim: Clock
) -> None:
    walk = begun()
    way(walk)
    walk.claim = claim
    for event in given_events:
        walk.up_ms += 170
        walk.wall_ms += 170
        walk.give(DoorsRead(walk.up_ms, event) if isinstance(event, dict) else event)
    assert walk.refolded() == walk.memory


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.sampled_from(WAYS), st.lists(DEEDS, max_size=25))
def test_whatever_people_do_a_pulse_has_its_statement_and_one_grant_opens_one_door_once(
    way: Do, deeds: list[tuple[str, object, object]]
) -> None:
    walk = begun()
    way(walk)
    for what, one, two in deeds:
        DOINGS[what](walk, one, two)  # the walk itself checks every pulse against its journal
    assert walk.refolded() == walk.memory
    opened_once_per_grant(walk)
    walk.wait(500_000)
    for number in walk.readings:
        push(number)(walk)
    walk.wait(200_000)
    assert isinstance(walk.scene, Idle | Out)


def opened_once_per_grant(walk: Walk) -> None:
    """Between two acceptances a part opens at most once for its code (promise 2)."""
    spent: set[tuple[object, object]] = set()
    for statement in walk.journal:
        f = statement.fields
        part = (f.get("cid"), f.get("compartment"))
        if statement.kind == Kind.REOPENED:
            spent.discard(part)
        elif statement.kind == Kind.OPENED and part[0]:
            assert part not in spent, f"{part} was opened twice"
            spent.add(part)
