"""Manifests that come in the middle of a visit, race one another, or do not fit this journal."""

from __future__ import annotations

import json

import pytest

from kiosk.core.events import Key
from kiosk.core.scenes import (
    Idle,
    Opening,
    Ready,
    Stuck,
    Told,
    Why,
)
from sync.messages import Kind, Refusal
from tests.flows.walk import Do, Walk, press, published, pull, seconds
from tests.flows.ways import collecting, right_code


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
def test_a_head_that_this_journal_has_not_merges_nothing_and_stops_nobody(
    refusal: Refusal,
) -> None:
    walk = Walk({"r1": (1,)})
    before = walk.memory
    walk.publish(head_fits=refusal)
    assert walk.answers[-1] is refusal
    assert (walk.memory.ver, walk.memory.recalled) == (before.ver, before.recalled)
    assert walk.said(Kind.CONFLICT) == []
    assert walk.state.head_named == walk.central.head.seq
    walk.go(*collecting(walk, "r1", 1))
