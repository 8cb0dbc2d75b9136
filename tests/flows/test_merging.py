"""The merge table of DESIGN §5 row by row, in every phase, and manifests in the middle of a visit."""

from __future__ import annotations

import pytest

from kiosk.core.events import Key
from kiosk.core.memory import Phase
from kiosk.core.scenes import (
    Closed,
    Idle,
    Next,
    Open,
    Opening,
    Ready,
    Refused,
    Stuck,
    Told,
    Why,
)
from sync.messages import Kind
from tests.flows.walk import Walk, press, published, push, scanned, seconds
from tests.flows.ways import collecting, opening, right_code, typing


def told(walk: Walk) -> Why:
    assert isinstance(walk.scene, Told)
    return walk.scene.why


def accepted(walk: Walk) -> Walk:
    """Accepted, and the door is stuck: nothing is opened yet."""
    walk.jammed = {1}
    return walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(2.5), Stuck))


def consequences(walk: Walk) -> dict[str, object]:
    """What the newest manifest changed here, empty lists left out."""
    newest = walk.said(Kind.MANIFEST_ACCEPTED)[-1]
    names = ("floors", "voided", "recalled", "suspended", "lifted", "forgotten")
    return {name: newest[name] for name in names if newest[name]}


# live, counter c, same gen


def test_live_loaded_the_floor_rises_to_the_counter_and_older_codes_die() -> None:
    walk = Walk({"r1": (1,)})
    old = walk.central.code("r1")
    walk.central.re_issue("r1")
    walk.go((published, Idle))
    assert consequences(walk) == {"floors": [["r1", "h1", 1, 1]]}
    walk.go(*typing("4821", old, Told))
    assert told(walk) is Why.REPLACED


def test_live_loaded_the_floor_never_falls() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.results["r1"].holders["h1"].counter = 5
    walk.go((published, Idle))
    walk.central.results["r1"].holders["h1"].counter = 2
    walk.go((published, Idle))
    assert walk.memory.accounts[("r1", "h1")].floor == 5


def test_live_accepted_a_newer_counter_voids_the_acceptance_for_good() -> None:
    walk = accepted(Walk({"r1": (1,)}))
    walk.central.re_issue("r1")
    walk.go((published, Stuck), (press(Key.RETRY), Told))
    assert told(walk) is Why.REPLACED
    assert consequences(walk) == {"voided": ["r1"]}  # floor 1 was reached by the acceptance
    assert walk.pulses == [1]
    assert walk.memory.accounts[("r1", "h1")].floor == 1
    walk.jammed = set()
    walk.go((press(Key.FINISH), Idle), *collecting(walk, "r1", 1))


def test_live_accepted_the_same_counter_leaves_the_acceptance_alone() -> None:
    walk = accepted(Walk({"r1": (1,)}))
    walk.jammed = set()
    walk.go((published, Stuck), (press(Key.RETRY), Opening), (seconds(0.4), Open))


def test_live_opened_or_collected_no_code_opens_it_again() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*collecting(walk, "r1", 1))
    walk.central.re_issue("r1", fresh=True)
    walk.go((published, Idle), *right_code(walk, leads_to=Told))
    assert told(walk) is Why.USED
    other = Walk({"r1": (1,)})
    other.go(*right_code(other), *opening())
    other.central.re_issue("r1")
    other.go((published, Open), (push(1), Closed), (press(Key.SKIP), Idle))
    other.go(*right_code(other, leads_to=Told))
    assert other.pulses == [1]


# live, higher and lower gen


def test_a_higher_gen_sets_the_floor_voids_the_acceptance_and_lifts_the_lock() -> None:
    walk = accepted(Walk({"r1": (1,)}))
    walk.central.re_issue("r1", fresh=True)
    walk.go((published, Stuck), (press(Key.RETRY), Told), (press(Key.FINISH), Idle))
    assert consequences(walk) == {"floors": [["r1", "h1", 2, 0]], "voided": ["r1"]}
    walk.jammed = set()
    walk.go(*collecting(walk, "r1", 1))


def test_a_void_acceptance_leaves_the_floor_alone_when_it_goes_back() -> None:
    walk = accepted(Walk({"r1": (1,)}))
    old = walk.central.code("r1")
    walk.central.re_issue("r1")
    walk.go((published, Stuck), (press(Key.FINISH), Told), (press(Key.FINISH), Idle))
    assert walk.memory.parts[("r1", 1)] is Phase.LOADED
    assert walk.memory.accounts[("r1", "h1")].floor == 1
    walk.go(*typing("4821", old, Told))
    assert told(walk) is Why.REPLACED


def test_a_lower_gen_opens_nothing_and_alarms() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.results["r1"].holders["h1"].gen = 3
    walk.go((published, Idle))
    walk.central.results["r1"].holders["h1"].gen = 2
    walk.go((published, Idle), *right_code(walk, leads_to=Refused))
    assert walk.said(Kind.FAULT) == [{"what": "lower_gen:r1", "cid": "r1"}]
    walk.go((scanned(walk.central.qr("r1")), Refused))


def test_a_lower_gen_ends_the_finishing_of_an_acceptance() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.results["r1"].holders["h1"].gen = 3
    walk.publish()
    accepted(walk)
    walk.central.results["r1"].holders["h1"].gen = 2
    walk.go((published, Stuck), (press(Key.RETRY), Told))
    assert walk.pulses == [1]


# a holder is no longer listed


def test_a_holder_no_longer_listed_opens_nothing_and_the_floor_is_kept() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.authorise("r1", "h2", "0530009999")
    walk.go((published, Idle))
    code = walk.central.code("r1", "h2")
    walk.central.unlist("r1", "h2")
    walk.go((published, Idle), *typing("9999", code, Refused))
    assert ("r1", "h2") in walk.memory.accounts
    walk.go((press(Key.FINISH), Idle), *collecting(walk, "r1", 1))


def test_a_holder_no_longer_listed_may_not_finish() -> None:
    walk = accepted(Walk({"r1": (1,)}))
    walk.central.authorise("r1", "h2", "0530009999")
    walk.central.unlist("r1", "h1")
    walk.go((published, Stuck), (press(Key.RETRY), Told), (press(Key.FINISH), Idle))
    walk.jammed = set()
    walk.go(*typing("9999", walk.central.code("r1", "h2"), Ready), *opening())


# revoked


def test_revoked_when_only_expected_it_is_recalled_for_good() -> None:
    walk = Walk()
    walk.central.register("r9")
    walk.go((published, Idle))
    walk.central.revoke("r9")
    walk.go((published, Idle))
    assert consequences(walk)["recalled"] == ["r9"]
    walk.central.results["r9"].status = "live"
    walk.go((published, Idle), *right_code(walk, "r9", leads_to=Told))
    assert told(walk) is Why.RECALLED


def test_revoked_when_loaded_it_is_recalled_for_good() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.revoke("r1")
    walk.go((published, Idle))
    assert consequences(walk) == {"recalled": ["r1"]}
    assert walk.said(Kind.CONFLICT) == []
    walk.central.results["r1"].status = "live"
    walk.go((published, Idle), *right_code(walk, leads_to=Told))
    assert told(walk) is Why.RECALLED


def test_revoked_when_accepted_the_rest_is_recalled_and_the_conflict_is_reported_once() -> None:
    walk = Walk({"r1": (1, 2)})
    walk.go(*right_code(walk), *opening(), (push(1), Next))
    walk.central.revoke("r1")
    walk.go((published, Next), (press(Key.OPEN), Told))
    assert told(walk) is Why.RECALLED
    walk.go((published, Told))
    assert walk.said(Kind.CONFLICT) == [{"cid": "r1", "what": "revoked_after_opening"}]
    assert walk.pulses == [1]
    assert walk.memory.parts[("r1", 1)] is Phase.COLLECTED
    assert walk.memory.parts[("r1", 2)] is Phase.LOADED


def test_revoked_between_pulse_and_door_the_opened_door_is_kept() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), (press(Key.OPEN), Opening))
    walk.central.revoke("r1")
    walk.go((published, Opening), (seconds(0.4), Open), (push(1), Closed))
    assert walk.said(Kind.CONFLICT) == [{"cid": "r1", "what": "revoked_after_opening"}]


@pytest.mark.parametrize("closed", [False, True])
def test_revoked_when_opened_or_collected_the_phase_is_kept(closed: bool) -> None:  # noqa: FBT001  # a parameter
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening())
    if closed:
        walk.go((push(1), Closed))
    walk.central.revoke("r1")
    walk.publish()
    kept = Phase.COLLECTED if closed else Phase.OPENED
    assert walk.memory.parts[("r1", 1)] is kept
    assert walk.said(Kind.CONFLICT) == [{"cid": "r1", "what": "revoked_after_opening"}]
    assert consequences(walk) == {}


# absent


def test_absent_when_only_expected_it_is_dropped() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.register("r9")
    walk.go((published, Idle))
    walk.central.drop("r9")
    walk.go((published, Idle))
    assert consequences(walk) == {"forgotten": ["r9"]}
    assert ("r9", "h1") not in walk.memory.accounts


def test_absent_when_loaded_it_is_suspended_and_lifted_by_a_later_live_entry() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.drop("r1")
    walk.go((published, Idle))
    assert consequences(walk) == {"suspended": ["r1"]}
    assert walk.memory.compartments[1].cid == "r1"
    walk.central.relist("r1")
    walk.go((published, Idle))
    assert consequences(walk) == {"lifted": ["r1"]}


def test_absent_keeps_the_floor_of_a_spent_code() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)})
    walk.central.results["r1"].holders["h1"].counter = 4
    walk.go((published, Idle))
    walk.central.drop("r1")
    walk.go((published, Idle))
    walk.central.results["r1"].holders["h1"].counter = 0
    walk.central.relist("r1")
    walk.go((published, Idle))
    assert walk.memory.accounts[("r1", "h1")].floor == 4


def test_absent_when_accepted_it_may_not_finish() -> None:
    walk = accepted(Walk({"r1": (1,)}))
    walk.central.drop("r1")
    walk.go((published, Stuck), (press(Key.RETRY), Told))
    assert told(walk) is Why.CHECKED
    assert consequences(walk) == {"suspended": ["r1"]}
    assert walk.pulses == [1]


def test_absent_when_opened_it_is_kept_and_collected() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), *opening())
    walk.central.drop("r1")
    walk.go((published, Open))
    assert consequences(walk) == {}
    walk.go((push(1), Closed), (press(Key.SKIP), Idle))
    assert walk.memory.parts[("r1", 1)] is Phase.COLLECTED
    walk.go((published, Idle))
    assert consequences(walk) == {"forgotten": ["r1"]}


def test_more_than_half_of_the_loaded_results_absent_at_once_is_an_alarm() -> None:
    walk = Walk({"r1": (1,), "r2": (2,), "r3": (3,)})
    walk.central.drop("r1")
    walk.go((published, Idle))
    assert walk.said(Kind.FAULT) == []
    walk.central.drop("r2")
    walk.go((published, Idle))
    assert [f["what"] for f in walk.said(Kind.FAULT)] == ["mass_absence"]
