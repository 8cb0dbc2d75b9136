"""Guessing stays hopeless across restarts and clock changes, and shuts out nobody with a QR (§7)."""

from __future__ import annotations

from kiosk.core.entry import typed_tries
from kiosk.core.events import Key
from kiosk.core.scenes import Closed, Idle, Opening, Paused, Ready, Refused, Stuck, Told, Why
from kiosk.core.state import Turn
from sync.messages import Clock, Kind
from tests.flows.walk import Step, Walk, cut, press, published, push, scanned, seconds
from tests.flows.ways import collecting, opening, right_code, to_the_hub, typing

REFILL_S = 900


def tries(walk: Walk) -> int:
    return typed_tries(Turn(walk.state, walk.now))


def guess(known: str = "0001", leads_to: type = Refused) -> list[Step]:
    return [*typing(known, "00000000", leads_to), (press(Key.FINISH), Idle)]


def emptied(walk: Walk) -> Walk:
    for _ in range(9):
        walk.go(*guess())
    return walk.go(*guess(leads_to=Paused))


def test_ten_refusals_pause_typing_and_raise_one_alarm() -> None:
    walk = emptied(Walk({"r1": (1,)}))
    assert len(walk.said(Kind.REFUSED)) == 10
    assert [f["what"] for f in walk.said(Kind.FAULT)] == ["guessing"]
    walk.go((press(Key.START), Paused))


def test_one_try_comes_back_per_quarter_of_an_hour_of_uptime() -> None:
    walk = emptied(Walk({"r1": (1,)}))
    walk.go((seconds(REFILL_S - 1), Idle), (press(Key.START), Paused), (press(Key.FINISH), Idle))
    walk.go((seconds(1), Idle), *guess(leads_to=Paused))
    walk.go((seconds(2 * REFILL_S), Idle))
    assert tries(walk) == 2


def test_the_bucket_is_full_again_after_ten_quarters_and_the_alarm_is_over() -> None:
    walk = emptied(Walk({"r1": (1,)}))
    walk.go((seconds(20 * REFILL_S), Idle))
    assert tries(walk) == 10
    assert walk.said(Kind.FAULT_CLEARED) == [{"what": "guessing"}]


def test_restarts_do_not_refill_the_bucket() -> None:
    walk = emptied(Walk({"r1": (1,)}))
    for _ in range(20):
        walk.go((cut(86_400), Idle), (press(Key.START), Paused), (press(Key.FINISH), Idle))
    assert tries(walk) == 0


def test_a_long_uptime_before_the_program_starts_again_counts_as_uptime() -> None:
    walk = emptied(Walk({"r1": (1,)}))
    walk.boot(2 * REFILL_S * 1000)
    walk.wait(400)
    assert tries(walk) == 2


def test_clock_changes_do_not_refill_the_bucket() -> None:
    walk = emptied(Walk({"r1": (1,)}))
    for jump, claim in [(10**10, Clock.SYNCED), (-(10**10), Clock.HOLDOVER), (0, Clock.UNKNOWN)]:
        walk.wall_ms, walk.claim = walk.wall_ms + jump, claim
        walk.go((press(Key.START), Paused), (press(Key.FINISH), Idle))


def test_right_answers_are_never_charged() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)})
    for _ in range(30):
        walk.go(*right_code(walk), (press(Key.NOT_MINE), Told), (press(Key.FINISH), Idle))
    walk.go(*collecting(walk, "r1", 1), *collecting(walk, "r2", 2))
    assert walk.said(Kind.REFUSED) == []
    assert tries(walk) == 10


def test_qr_and_staff_go_on_while_typing_pauses() -> None:
    walk = emptied(Walk({"r1": (1,)}))
    walk.go((scanned(walk.central.qr("r1")), Ready), *opening(), (push(1), Closed))
    walk.go((press(Key.SKIP), Idle), *to_the_hub(walk), (press(Key.SIGN_OUT), Idle))


def test_a_vandal_with_a_thousand_junk_qrs_shuts_out_nobody() -> None:
    walk = Walk({"r1": (1,)})
    for number in range(1_000):
        walk.go((scanned(f"HS1.bt1.{number:022d}"), Refused))
    assert len(walk.said(Kind.REFUSED)) == 5
    assert tries(walk) == 10
    walk.go((scanned(walk.central.qr("r1")), Ready))
    walk.wait(600_000)
    assert {"of": "token", "count": 1_000, "seconds": 600} in walk.said(Kind.TALLY)


def test_ten_consecutive_refusals_on_known_digits_lock_the_typed_code_but_not_the_qr() -> None:
    walk = Walk({"r1": (1,), "r2": (2,)})
    for _ in range(10):
        walk.go(*guess("4821"), (seconds(REFILL_S), Idle))
    assert walk.said(Kind.RESULT_LOCKED) == [{"cid": "r1", "holder": "h1"}]
    walk.go(*right_code(walk, leads_to=Told))
    assert isinstance(walk.scene, Told)
    assert walk.scene.why is Why.CHECKED
    assert len(walk.said(Kind.REFUSED)) == 10
    walk.go((press(Key.FINISH), Idle), *right_code(walk, "r2"), (seconds(45), Idle))
    walk.go((cut(), Idle), *right_code(walk, leads_to=Told), (press(Key.FINISH), Idle))
    walk.go((scanned(walk.central.qr("r1")), Ready), *opening())


def test_a_lock_outlives_a_newer_counter_and_ends_with_a_new_gen() -> None:
    walk = Walk({"r1": (1,)})
    for _ in range(10):
        walk.go(*guess("4821"), (seconds(REFILL_S), Idle))
    walk.central.re_issue("r1")
    walk.go((published, Idle), *right_code(walk, leads_to=Told), (press(Key.FINISH), Idle))
    walk.central.re_issue("r1", fresh=True)
    walk.go((published, Idle), *collecting(walk, "r1", 1))


def test_an_accepted_code_ends_the_run_of_refusals() -> None:
    walk = Walk({"r1": (1,)})
    walk.jammed = {1}
    for _ in range(9):
        walk.go(*guess("4821"), (seconds(REFILL_S), Idle))
    walk.go(*right_code(walk), (seconds(45), Idle))
    assert walk.memory.accounts[("r1", "h1")].refusals == 9
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(2.5), Stuck))
    walk.go((press(Key.FINISH), Told), (press(Key.FINISH), Idle), *guess("4821"))
    assert walk.memory.accounts[("r1", "h1")].refusals == 1
    assert walk.said(Kind.RESULT_LOCKED) == []


def test_everybody_with_these_known_digits_is_counted_alike() -> None:
    walk = Walk({"r4": (1,), "r5": (2,)})
    for _ in range(10):
        walk.go(*guess("0000"), (seconds(REFILL_S), Idle))
    locked = [tuple(f.values()) for f in walk.said(Kind.RESULT_LOCKED)]
    assert locked == [("r4", "h1"), ("r5", "h1")]


def test_tries_on_an_empty_bucket_are_counted_not_stated() -> None:
    walk = emptied(Walk({"r1": (1,)}))
    rows = len(walk.journal)
    for _ in range(100):
        walk.go((press(Key.START), Paused), (press(Key.FINISH), Idle))
    assert len(walk.journal) == rows
    walk.wait(600_000)
    assert {"of": "paused", "count": 100, "seconds": 600} in walk.said(Kind.TALLY)


def test_two_million_bytes_of_junk_scans_do_not_grow_the_journal() -> None:
    walk = Walk({"r1": (1,)})
    rows = len(walk.journal)
    junk = ["x" * 512, "0" * 512, "HS1." * 128, "|" * 512]
    for index in range(4_096):
        walk.go((scanned(junk[index % 4]), Refused))
    assert len(walk.journal) == rows
    walk.go((scanned(walk.central.qr("r1")), Ready), (seconds(600), Idle))
    assert walk.kinds()[rows:].count("tally") == len(walk.journal) - rows == 1


def test_the_policy_may_tighten_the_bucket() -> None:
    walk = Walk({"r1": (1,)})
    walk.central.policy = {"bucket": 2, "refill_s": 3_600, "holder_refusals": 2}
    walk.go((published, Idle), *guess("4821"), *guess("4821", leads_to=Paused))
    assert len(walk.said(Kind.RESULT_LOCKED)) == 1
    walk.go((seconds(3_599), Idle), (press(Key.START), Paused))


def test_a_code_typed_while_the_bucket_runs_dry_is_not_looked_at() -> None:
    walk = Walk({"r1": (1,)})
    walk.go(*right_code(walk)[:-1])
    walk.central.policy = {"bucket": 1, "refill_s": 20_000}  # more than a full bucket has earned
    walk.publish()
    walk.go((press(Key.CONFIRM), Paused))
    assert walk.said(Kind.REFUSED) == []
