"""A restored card at the screen: pickups stop when own rows come back, and staff look before it serves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk import status
from kiosk.core.effects import AnswerRows
from kiosk.core.events import Key
from kiosk.core.memory import Phase
from kiosk.core.restored import HARMLESS, Verdict
from kiosk.core.scenes import Idle, Opening, Out, Outage, Ready, Stuck, Told, Why
from kiosk.core.staff_scenes import Loading, Trouble
from kiosk.core.upkeep_scenes import Answer, Audit, CabinetView, DoorOpening, Entry, Menu
from sync.messages import Clock, Kind, Role, Statement
from tests.flows.older import Older
from tests.flows.upkeep import looked
from tests.flows.walk import Walk, cut, press, scanned, seconds
from tests.flows.ways import collecting, entering, right_code, signing_in, to_the_hub


def row(walk: Walk, seq: int, kind: Kind, **fields: object) -> Statement:
    return Statement("bt1", 1, seq, "", walk.wall_ms, Clock.SYNCED, walk.up_ms, kind, fields)


def collected_since(walk: Walk, common: int) -> list[Statement]:
    """What central holds after row `common`: somebody has fetched r1."""
    used = {"holder": "h1", "gen": 1, "counter": 0, "compartments": [1], "via": "code"}
    return [
        row(walk, common + 1, Kind.ACCEPTED, cid="r1", **used),
        row(walk, common + 2, Kind.OPENED, compartment=1, cid="r1", ms=120),
        row(walk, common + 3, Kind.COLLECTED, cid="r1", holder="h1", compartment=1),
    ]


def an_old_copy(role: Role = Role.SUPERVISOR) -> tuple[Older, int]:
    """Two results lie there, as this copy believes; the newest row that central has too."""
    walk = Older(role, {"r1": (1,), "r2": (2,)})
    common = len(walk.journal)
    walk.boot()
    walk.wait(400)
    return walk, common


def restored() -> Older:
    walk, common = an_old_copy()
    walk.weigh(Verdict.WHOLE, common, *collected_since(walk, common))
    walk.wait(400)
    return walk


def out_for(walk: Walk, why: Outage) -> bool:
    return isinstance(walk.scene, Out) and walk.scene.why is why


def typed_only(walk: Walk) -> None:
    walk.go(*right_code(walk)[:-1])


def ready(walk: Walk) -> None:
    walk.go(*right_code(walk))


def stuck(walk: Walk) -> None:
    walk.jammed = {1}
    walk.go(*right_code(walk), (press(Key.OPEN), Opening), (seconds(2.5), Stuck))


@pytest.mark.parametrize(
    ("where", "key"), [(typed_only, Key.CONFIRM), (ready, Key.OPEN), (stuck, Key.RETRY)]
)
def test_the_first_row_stops_a_pickup_wherever_it_is(
    where: Callable[[Walk], None], key: Key
) -> None:
    walk, common = an_old_copy()
    where(walk)
    pulses = len(walk.pulses)
    walk.weigh(Verdict.MORE, common, *collected_since(walk, common)[:1])
    assert walk.told[-1] == AnswerRows(1, after=common + 1)
    walk.go((press(key), Told))
    assert isinstance(walk.scene, Told)
    assert walk.scene.why is Why.CHECKED
    assert len(walk.pulses) == pulses
    walk.go((press(Key.FINISH), Out))
    assert out_for(walk, Outage.RESTORING)


def test_a_restart_does_not_forget_that_rows_lie_aside() -> None:
    walk, common = an_old_copy()
    walk.weigh(Verdict.MORE, common, *collected_since(walk, common)[:1])
    walk.go((cut(), Out), (press(Key.START), Out), (scanned(walk.central.qr("r1")), Out))
    assert out_for(walk, Outage.RESTORING)
    assert walk.pulses == []


def test_staff_open_no_door_while_rows_come_back() -> None:
    walk, common = an_old_copy()
    walk.central.register("r9")
    walk.publish()
    walk.go(*to_the_hub(walk))
    walk.weigh(Verdict.MORE, common, *collected_since(walk, common)[:1])
    walk.go((scanned(walk.central.results["r9"].dossiers[0]), Loading))
    walk.go((press(Key.BACK), Menu), *entering(Entry.AUDIT, Audit), (press(Key.CONFIRM), Audit))
    assert isinstance(walk.scene, Audit)
    assert walk.scene.trouble is Trouble.RESTORING
    assert walk.pulses == []


def test_what_came_back_is_the_memory_and_everything_is_to_be_looked_into() -> None:
    walk = restored()
    said = walk.said(Kind.CONFLICT)
    assert [f["what"] for f in said] == ["set_aside", "restored"]
    assert (said[0]["rows"], said[0]["hash"], said[1]["rows"]) == (1, "here", 3)
    assert said[0]["common"] == said[1]["common"]
    assert walk.told[-1] == AnswerRows(1, done="restored")
    assert walk.memory.parts_of("r1") == {1: Phase.COLLECTED}
    assert {c.unchecked for c in walk.memory.compartments.values()} == {"restored"}
    health = status.health(walk.state, walk.now, 0)
    assert (health["serving"], health["audit"], health["outage"]) == (True, "restored", "")


def test_the_used_code_is_dead_and_the_other_one_waits_for_staff() -> None:
    walk = restored()
    walk.go(*right_code(walk, "r1", leads_to=Told), (press(Key.FINISH), Idle))
    walk.go(*right_code(walk, "r2", leads_to=Told), (press(Key.FINISH), Idle))
    assert walk.pulses == []


def test_it_serves_again_compartment_by_compartment_as_staff_look_in() -> None:
    walk = restored()
    walk.go(*signing_in(walk), *entering(Entry.AUDIT, Audit))
    walk.go((press(Key.CONFIRM), DoorOpening), *looked(1, Answer.EMPTY, Audit))
    walk.go((press(Key.CONFIRM), DoorOpening), *looked(2, Answer.LEFT, Audit))
    walk.go((press(Key.BACK), Menu), (press(Key.SIGN_OUT), Idle))
    assert [n for n, c in walk.memory.compartments.items() if not c.unchecked] == [1, 2]
    walk.go(*collecting(walk, "r2", 2))
    assert status.health(walk.state, walk.now, 0)["audit"] == "restored"


def test_a_clerk_may_look_in_as_well() -> None:
    walk, common = an_old_copy(Role.CLERK)
    walk.weigh(Verdict.WHOLE, common, *collected_since(walk, common))
    walk.wait(400)
    walk.go(*signing_in(walk), *entering(Entry.CABINET, CabinetView))


def test_what_was_stated_meanwhile_is_weighed_first() -> None:
    walk, common = an_old_copy()
    came = collected_since(walk, common)
    walk.weigh(Verdict.MORE, common, *came)
    walk.state_as(Kind.TALLY, of="scan", count=1, seconds=600)  # not known to the core
    walk.weigh(Verdict.WHOLE, common, *came)
    assert walk.told[-1] == AnswerRows(1, after=common + 3)
    assert walk.said(Kind.CONFLICT) == []


def test_a_torn_journal_says_so_once_and_serves_nobody_for_good() -> None:
    walk, common = an_old_copy()
    for _ in range(2):
        walk.weigh(Verdict.TORN, common)
        walk.wait(400)
        assert out_for(walk, Outage.MEMORY)
        assert walk.told[-1] == AnswerRows(1, done="torn")
    walk.go((cut(), Out), (press(Key.START), Out))
    assert out_for(walk, Outage.MEMORY)
    assert [f["what"] for f in walk.said(Kind.CONFLICT)] == ["memory"]


def test_a_memory_that_version_1_0_gave_up_comes_back() -> None:
    walk, common = an_old_copy()
    walk.state_as(Kind.CONFLICT, what="memory", seq_there=common + 3)
    walk.boot()
    assert out_for(walk, Outage.STARTING) or out_for(walk, Outage.MEMORY)
    walk.weigh(Verdict.WHOLE, common, *collected_since(walk, common))
    walk.wait(400)
    assert not walk.memory.lost
    assert isinstance(walk.scene, Idle)


def test_the_newest_journal_is_told_so_and_goes_on() -> None:
    walk, common = an_old_copy()
    walk.weigh(Verdict.NEWEST, common)
    assert walk.told == [AnswerRows(1, done="newest")]
    walk.go(*collecting(walk, "r1", 1))


def test_until_the_manifest_is_there_nothing_opens_and_it_is_stored_without_a_statement() -> None:
    walk, common = an_old_copy()
    held = walk.manifests.pop(walk.memory.manifest_hash)  # this card never had it
    digest = walk.memory.manifest_hash
    walk.weigh(Verdict.WHOLE, common, *collected_since(walk, common))
    walk.wait(400)
    assert out_for(walk, Outage.NEVER_SYNCED)
    before = len(walk.said(Kind.MANIFEST_ACCEPTED))
    walk.hold_again(held, digest)
    walk.wait(400)
    assert isinstance(walk.scene, Idle)
    assert [(k.ver, k.hash) for k in walk.kept] == [(held.ver, digest)]
    assert len(walk.said(Kind.MANIFEST_ACCEPTED)) == before


def test_every_kind_that_moves_or_allows_a_door_tears_two_copies() -> None:
    doors = (
        "accepted resumed pulsed opened closed not_opened unconfirmed wrong_door left_open "
        "opened_unasked reopened collected disputed staff_authorised loaded retrieved audited "
        "blocked released recalled"
    )
    assert set(Kind) - HARMLESS == set(doors.split())


def test_ready_is_not_reached_while_rows_come_back() -> None:
    walk, common = an_old_copy()
    walk.weigh(Verdict.MORE, common, *collected_since(walk, common)[:1])
    walk.wait(400)
    assert not isinstance(walk.scene, Ready)
