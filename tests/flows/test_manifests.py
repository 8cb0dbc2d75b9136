"""Manifests that come in the middle of a visit, race one another, or do not fit this journal."""

from __future__ import annotations

import json

import pytest

from kiosk.core.events import Key
from kiosk.core.scenes import (
    Idle,
    Opening,
    Out,
    Outage,
    Ready,
    Stuck,
    Told,
    Why,
)
from kiosk.core.staff_scenes import Loading
from sync.messages import Kind, Refusal
from tests.flows.walk import Do, Walk, press, published, pull, scanned, seconds
from tests.flows.ways import right_code, to_the_hub


def told(walk: Walk) -> Why:
    assert isinstance(walk.scene, Told)
    return walk.scene.why


def accepted(walk: Walk) -> Walk:
    """Accepted, and the door is stuck: nothing is opened yet."""
    walk.jammed = {1}
    return walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(2.5), Stuck))


# in the middle of a visit, before anything is accepted


def revoke(walk: Walk) -> None:
    walk.central.revoke("r1")
    walk.publish()


def drop(walk: Walk) -> None:
    walk.central.drop("r1")
    walk.publish()


def unlist(walk: Walk) -> None:
    walk.central.unlist("r1", "h1")
    walk.publish()


def re_issue(walk: Walk) -> None:
    walk.central.re_issue("r1")
    walk.publish()


def move(walk: Walk) -> None:
    walk.central.results["r1"].place = "quầy 3"
    walk.publish()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (revoke, Why.RECALLED),
        (drop, Why.CHECKED),
        (unlist, Why.REPLACED),
        (re_issue, Why.REPLACED),
        (move, Why.ELSEWHERE),
    ],
)
def test_ready_is_checked_again_when_open_is_pressed(change: Do, why: Why) -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), (change, Ready), (press(Key.OPEN), Told))
    assert told(walk) is why
    assert walk.pulses == []
    assert "accepted" not in walk.kinds()


def test_ready_does_not_stand_on_when_the_door_opened_unasked_meanwhile() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), (pull(1), Told))
    assert told(walk) is Why.CHECKED
    assert walk.pulses == []


# versions and heads


def test_a_manifest_in_force_already_is_acknowledged_and_stated_once() -> None:
    walk = Walk({"r1": (1,)})
    rows, same = len(walk.journal), walk.state.manifest
    assert same is not None
    text = json.dumps(walk.central.published[-1], sort_keys=True)
    walk.offer(same, text)
    assert walk.answers[-1] is None
    assert len(walk.journal) == rows


def test_the_same_version_with_another_hash_is_refused_with_an_alarm() -> None:
    walk = Walk({"r1": (1,)})
    rows, same = len(walk.journal), walk.state.manifest
    assert same is not None
    walk.offer(same, "other text")
    assert walk.answers[-1] is Refusal.SAME_VERSION_OTHER_HASH
    assert walk.kinds()[rows:] == ["manifest_refused", "fault"]


def test_an_older_version_that_lost_the_race_changes_nothing() -> None:
    walk = Walk({"r1": (1,)})
    old = walk.state.manifest
    assert old is not None
    walk.central.revoke("r1")
    walk.go((published, Idle))
    before = walk.memory
    walk.offer(old, "old")
    assert walk.answers[-1] is Refusal.VERSION
    assert walk.state.manifest is not old
    assert walk.memory.accounts == before.accounts
    assert walk.memory.recalled == before.recalled


@pytest.mark.parametrize("refusal", [Refusal.HEAD_AHEAD, Refusal.HEAD_DIFFERS])
def test_a_head_that_this_journal_has_not_merges_nothing_and_stops_pickups(
    refusal: Refusal,
) -> None:
    walk = Walk({"r1": (1,)})
    before = walk.memory
    walk.central.revoke("r1")
    walk.publish(head_fits=refusal)
    assert walk.answers[-1] is refusal
    assert (walk.memory.ver, walk.memory.recalled) == (before.ver, before.recalled)
    assert isinstance(walk.scene, Out)
    assert walk.scene.why is Outage.MEMORY
    walk.go((press(Key.START), Out), (scanned(walk.central.qr("r1")), Out))
    walk.publish(head_fits=refusal)
    assert walk.said(Kind.CONFLICT)[0]["what"] == "memory"
    assert len(walk.said(Kind.CONFLICT)) == 1
    walk.boot(1_000)
    walk.wait(400)
    assert isinstance(walk.scene, Out)


@pytest.mark.parametrize("entry", ["typed", "ready", "stuck"])
def test_lost_memory_stops_a_pickup_in_the_middle_of_a_visit(entry: str) -> None:
    walk = Walk({"r1": (1,)})
    if entry == "stuck":
        accepted(walk)
        done, key = 1, Key.RETRY
    elif entry == "ready":
        walk.go(*right_code(walk))
        done, key = 0, Key.OPEN
    else:
        walk.go(*right_code(walk)[:-1])
        done, key = 0, Key.CONFIRM
    walk.publish(head_fits=Refusal.HEAD_AHEAD)
    walk.go((press(key), Told))
    assert told(walk) is Why.CHECKED
    assert len(walk.pulses) == done
    walk.go((press(Key.FINISH), Out))


def test_lost_memory_offers_no_compartment_for_loading() -> None:
    walk = Walk()
    walk.central.register("r9")
    walk.publish()
    walk.go(*to_the_hub(walk))
    walk.publish(head_fits=Refusal.HEAD_AHEAD)
    walk.go((scanned(walk.central.results["r9"].dossiers[0]), Loading))
    assert walk.pulses == []
