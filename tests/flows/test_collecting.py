"""A citizen collects, and everything that may be wrong with what was typed or shown."""

from __future__ import annotations

import pytest

from kiosk.core.events import Key
from kiosk.core.scenes import Closed, Digits, Idle, Paused, Ready, Refused, Told, Why
from sync.messages import Clock, Kind
from tests.flows.walk import Walk, press, published, push, scanned, seconds, typed
from tests.flows.ways import collecting, opening, right_code, typing

DAY_S = 86_400


def told(walk: Walk) -> Why:
    assert isinstance(walk.scene, Told)
    return walk.scene.why


def wrong(code: str) -> str:
    """Another code, never one of the neighbours that a test uses."""
    return f"{(int(code) + 12_345_678) % 10**8:08d}"


def test_a_citizen_collects_with_the_code() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*collecting(walk, "r1", 1))
    story = [k for k in walk.kinds() if k in {"accepted", "pulsed", "opened", "collected"}]
    assert story == ["accepted", "pulsed", "opened", "collected"]
    assert walk.pulses == [1]


def test_a_citizen_collects_with_the_qr() -> None:
    walk = Walk({"r1": (1,)})
    walk.go((scanned(walk.central.qr("r1")), Ready), *opening(), (push(1), Closed))
    assert walk.said(Kind.ACCEPTED)[0]["via"] == "token"


def test_the_right_code_with_wrong_known_digits_is_refused() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*typing("4822", walk.central.code("r1"), Refused))
    assert walk.said(Kind.REFUSED) == [{"via": "code", "typed_for": []}]


def test_a_wrong_code_is_refused_and_counted_for_everybody_with_these_known_digits() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*typing("4821", wrong(walk.central.code("r1")), Refused))
    assert walk.said(Kind.REFUSED) == [{"via": "code", "typed_for": [["r1", "h1"]]}]
    assert walk.memory.accounts[("r1", "h1")].refusals == 1


def test_both_kinds_of_refusal_look_the_same() -> None:
    half, other = Walk({"r1": (1,)}), Walk({"r1": (1,)})
    half.go(*typing("4822", half.central.code("r1"), Refused))
    other.go(*typing("4821", wrong(other.central.code("r1")), Refused))
    assert isinstance(half.scene, Refused)
    assert isinstance(other.scene, Refused)
    assert (half.scene.seq, half.scene.qr) == (other.scene.seq, other.scene.qr)


def test_a_refusal_is_durable_before_its_answer_shows() -> None:
    walk = Walk({"r1": (1,)})
    rows = len(walk.journal)
    walk.go(*typing("4821", "00000000", Refused))
    assert walk.kinds()[rows:] == ["refused"]


def test_a_code_used_once_is_told_used_and_charged() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*collecting(walk, "r1", 1), *right_code(walk, "r1", leads_to=Told))
    assert told(walk) is Why.USED
    assert len(walk.said(Kind.REFUSED)) == 1
    assert walk.pulses == [1]


@pytest.mark.parametrize("behind", [1, 2, 3])
def test_three_superseded_codes_are_recognised_and_charged(behind: int) -> None:
    walk = Walk({"r1": (1,)})
    walk.central.results["r1"].holders["h1"].counter = 7
    walk.go((published, Idle))
    walk.go(*typing("4821", walk.central.code("r1", ahead=-behind), Told))
    assert told(walk) is Why.REPLACED
    assert len(walk.said(Kind.REFUSED)) == 1


def test_the_fourth_superseded_code_is_unknown() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.results["r1"].holders["h1"].counter = 7
    walk.go((published, Idle), *typing("4821", walk.central.code("r1", ahead=-4), Refused))


def test_central_may_run_one_counter_ahead_but_not_two() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*typing("4821", walk.central.code("r1", ahead=2), Refused), (seconds(60), Idle))
    walk.go(*typing("4821", walk.central.code("r1", ahead=1), Ready), *opening())
    assert walk.said(Kind.ACCEPTED)[0]["counter"] == 1


def test_an_expired_code_opens_nothing_while_the_clock_is_trusted() -> None:
    walk = Walk({"r1": (1,)})
    walk.boot(8 * DAY_S * 1000)
    walk.wait(400)
    walk.go(*right_code(walk, leads_to=Told))
    assert told(walk) is Why.EXPIRED
    assert walk.said(Kind.REFUSED) == []


def test_nothing_expires_by_a_clock_that_is_not_trusted() -> None:
    walk = Walk({"r1": (1,)})
    walk.claim = Clock.UNKNOWN
    walk.boot(8 * DAY_S * 1000)
    walk.wait(400)
    walk.go(*right_code(walk, leads_to=Ready))


def test_an_extended_result_opens_again() -> None:
    walk = Walk({"r1": (1,)})
    walk.boot(8 * DAY_S * 1000)
    walk.wait(400)
    walk.central.results["r1"].hold_until_ms = walk.wall_ms + DAY_S * 1000
    walk.go((published, Idle), *right_code(walk, leads_to=Ready))


def test_a_recalled_result_opens_nothing() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.revoke("r1")
    walk.go((published, Idle), *right_code(walk, leads_to=Told))
    assert told(walk) is Why.RECALLED
    assert walk.said(Kind.REFUSED) == []


def test_a_suspended_result_matches_nothing_until_it_is_listed_again() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)})
    walk.central.drop("r1")
    walk.go((published, Idle), *right_code(walk, leads_to=Refused), (seconds(60), Idle))
    walk.central.relist("r1")
    walk.go((published, Idle), *collecting(walk, "r1", 1))


def test_a_result_that_is_elsewhere_says_where() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.results["r1"].place = "quầy 3"
    walk.go((published, Idle), *right_code(walk, leads_to=Told))
    assert told(walk) is Why.ELSEWHERE
    assert isinstance(walk.scene, Told)
    assert walk.scene.place == "quầy 3"


def test_a_result_that_is_not_loaded_yet_is_told_so_and_not_charged() -> None:
    walk = Walk()
    walk.central.register("r9")
    walk.go((published, Idle), *right_code(walk, "r9", leads_to=Told))
    assert told(walk) is Why.NOT_YET
    assert walk.said(Kind.REFUSED) == []


def test_another_kiosks_qr_is_told_so_and_states_nothing() -> None:
    walk = Walk({"r1": (1,)})
    rows = len(walk.journal)
    walk.go((scanned("HS1.bt2.AAAAAAAAAAAAAAAAAAAAAA"), Told))
    assert isinstance(walk.scene, Told)
    assert (walk.scene.why, walk.scene.place) == (Why.OTHER_KIOSK, "bt2")
    assert len(walk.journal) == rows


def test_an_unknown_qr_is_refused_but_takes_nothing_from_the_bucket() -> None:
    walk = Walk({"r1": (1,)})
    before = walk.memory.bucket.level_ms
    walk.go((scanned("HS1.bt1.AAAAAAAAAAAAAAAAAAAAAA"), Refused))
    assert walk.said(Kind.REFUSED) == [{"via": "token", "typed_for": []}]
    assert walk.memory.bucket.level_ms == before


def test_full_width_digits_are_no_digits() -> None:
    walk = Walk({"r1": (1,)})
    wide = "".join(chr(ord("\N{FULLWIDTH DIGIT ZERO}") + int(d)) for d in "4821")
    walk.go((press(Key.START), Digits), (typed(wide), Digits), (press(Key.CONFIRM), Digits))
    walk.go((press(Key.DIGIT, "48"), Digits), (press(Key.CONFIRM), Digits))


def test_two_results_with_the_same_known_digits_have_each_their_own_code() -> None:
    walk = Walk({"r4": (1,), "r5": (2,)})
    assert walk.central.known_digits("r4") == walk.central.known_digits("r5")
    walk.go(*collecting(walk, "r5", 2), *collecting(walk, "r4", 1))
    assert walk.pulses == [2, 1]


def test_equal_twelve_digits_of_two_holders_open_nothing() -> None:
    walk = Walk({"r4": (1,), "r5": (2,)})
    walk.central.results["r5"].holders["h1"].secret = (
        walk.central.results["r4"].holders["h1"].secret
    )
    walk.go((published, Idle), *right_code(walk, "r4", leads_to=Refused))
    assert walk.pulses == []


def test_a_token_dies_when_the_floor_passes_its_counter() -> None:
    walk = Walk({"r1": (1,)})
    qr = walk.central.qr("r1")
    walk.go(*collecting(walk, "r1", 1), (scanned(qr), Told))
    assert told(walk) is Why.USED
    other = Walk({"r1": (1,)})
    qr = other.central.qr("r1")
    other.central.re_issue("r1")
    other.go((published, Idle), (scanned(qr), Refused))  # its hash has gone with the old manifest
    other.go((scanned(other.central.qr("r1")), Ready))


def test_not_mine_opens_nothing_and_uses_nothing_up() -> None:
    walk = Walk({"r1": (1,)})
    rows = len(walk.journal)
    walk.go(*right_code(walk), (press(Key.NOT_MINE), Told), (press(Key.FINISH), Idle))
    assert len(walk.journal) == rows
    walk.go(*collecting(walk, "r1", 1))


def test_a_code_stays_good_when_ready_times_out() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk), (seconds(44.9), Ready), (seconds(0.1), Idle))
    walk.go(*collecting(walk, "r1", 1))


def test_two_holders_each_collect_with_their_own_code_but_only_one_gets_it() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.authorise("r1", "h2", "0530009999")
    walk.go((published, Idle), *typing("9999", walk.central.code("r1", "h2"), Ready), *opening())
    walk.go((push(1), Closed), (press(Key.ANOTHER), Digits), (seconds(60), Idle))
    walk.go(*right_code(walk, leads_to=Told))
    assert told(walk) is Why.USED


def test_digits_are_kept_when_somebody_corrects_them() -> None:
    walk = Walk({"r1": (1,)})
    code = walk.central.code("r1")
    walk.go(*typing("4831", code, Refused), (press(Key.CHANGE), Digits))
    assert isinstance(walk.scene, Digits)
    assert walk.scene.entered == "4831"


def test_the_empty_bucket_pauses_typing_only() -> None:
    walk = Walk({"r1": (1,)})
    for _ in range(9):
        walk.go(*typing("0001", "00000000", Refused), (press(Key.FINISH), Idle))
    walk.go(*typing("0001", "00000000", Paused), (press(Key.FINISH), Idle))
    walk.go((press(Key.START), Paused), (scanned(walk.central.qr("r1")), Ready), *opening())
    walk.go((push(1), Closed), (press(Key.ANOTHER), Paused))
