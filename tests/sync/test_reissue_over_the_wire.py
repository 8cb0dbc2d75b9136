"""The merge table of DESIGN §5 cell by cell: a real central, a real line, the real core and its doors.

Until `fetch` or `report` central and kiosk know nothing of each other, as when the network is away.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.core.events import Key
from kiosk.core.memory import Phase
from kiosk.core.scenes import Open, Opening, Ready, Why
from kiosk.core.staff_scenes import LoadOpening
from tests.sync.online import DOSSIER, Online
from tests.sync.orders import (
    accepted,
    authorised,
    collected,
    listed,
    mended,
    no_longer_authorised,
    numbered,
    order_re_issue,
    phase,
    re_issued,
    refused,
    revoked,
    why,
)
from tests.sync.world import World, received


@pytest.fixture
def online(world: World, url: str, tmp_path: Path) -> Iterator[Online]:
    made = Online(tmp_path, world, url)
    yield made
    made.close()


@pytest.fixture
def cid(online: Online) -> str:
    """Registered, loaded, and central knows."""
    cid = online.world.register()
    online.fetch()
    online.load(cid)
    online.report()
    return cid


# Online


def test_a_re_issue_ends_the_poll_under_way_and_the_old_code_is_dead_from_then_on(
    online: Online, cid: str, url: str
) -> None:
    old = online.code(cid)
    poll = online.begin_poll()
    online.enter(old)
    online.at(Ready)  # until the kiosk is told, the old one is good
    online.kiosk.press(Key.NOT_MINE)
    assert why(online) is Why.NOT_MINE
    order_re_issue(url, online.world, cid)
    online.serve(poll)
    assert online.consequences() == {"floors": [[cid, "h1", 1, 1]]}
    online.enter(old)
    assert why(online) is Why.REPLACED
    assert online.code(cid) != old
    collected(online, online.code(cid))
    online.report()
    assert len(received(online.world)) == online.kiosk.journal.head.seq


# live, counter c, same gen


def test_a_newer_counter_when_loaded_raises_the_floor(online: Online, cid: str) -> None:
    old = online.code(cid)
    online.change(re_issued(cid))
    online.sync()
    assert online.consequences() == {"floors": [[cid, "h1", 1, 1]]}
    online.enter(old)
    assert why(online) is Why.REPLACED
    collected(online, online.code(cid))


def test_an_older_counter_when_loaded_leaves_the_floor(online: Online, cid: str) -> None:
    old = online.code(cid)
    for counter in (3, 1):
        online.change(numbered(cid, 1, counter))
        online.sync()
    assert online.consequences() == {}
    assert online.kiosk.state.memory.accounts[(cid, "h1")].floor == 3
    online.enter(old)
    assert why(online) is Why.REPLACED


def test_a_newer_counter_when_accepted_voids_the_acceptance_for_good(
    online: Online, cid: str
) -> None:
    old = online.code(cid)
    accepted(online, old)
    online.change(re_issued(cid))
    pulses = online.pulses
    online.fetch()
    assert online.consequences() == {"voided": [cid]}  # the floor is beyond it already
    mended(online)
    online.kiosk.press(Key.RETRY)
    assert why(online) is Why.REPLACED
    online.enter(old)
    assert why(online) is Why.REPLACED
    assert online.pulses == pulses
    collected(online, online.code(cid))


def test_the_same_counter_when_accepted_lets_it_finish(online: Online, cid: str) -> None:
    accepted(online, online.code(cid))
    online.change(authorised(cid))
    online.fetch()
    mended(online)
    online.kiosk.press(Key.RETRY)
    online.kiosk.wait(500)
    online.at(Open)


@pytest.mark.parametrize("fresh", [False, True], ids=["newer counter", "higher gen"])
def test_a_new_code_when_collected_opens_nothing_again(
    online: Online, cid: str, *, fresh: bool
) -> None:
    collected(online, online.code(cid))
    online.change(re_issued(cid, fresh=fresh))  # central does not know yet
    pulses = online.pulses
    online.fetch()
    online.enter(online.code(cid))
    assert why(online) is Why.USED
    assert (phase(online), online.pulses) == (Phase.COLLECTED, pulses)
    online.report()


# Another gen


def test_a_higher_gen_when_loaded_starts_from_its_counter(online: Online, cid: str) -> None:
    old = online.code(cid)
    online.change(re_issued(cid, fresh=True))
    online.sync()
    assert online.consequences() == {"floors": [[cid, "h1", 2, 0]]}
    online.enter(old)
    assert refused(online)
    collected(online, online.code(cid))


def test_a_higher_gen_when_accepted_voids_the_acceptance(online: Online, cid: str) -> None:
    accepted(online, online.code(cid))
    online.change(re_issued(cid, fresh=True))
    online.fetch()
    assert online.consequences() == {"floors": [[cid, "h1", 2, 0]], "voided": [cid]}
    mended(online)
    online.kiosk.press(Key.RETRY)
    assert why(online) is Why.REPLACED
    collected(online, online.code(cid))


def test_a_lower_gen_opens_nothing_and_alarms(online: Online, cid: str) -> None:
    for gen in (3, 2):
        online.change(numbered(cid, gen, 9))
        online.sync()
    assert online.consequences() == {}
    online.enter(online.code(cid))
    assert refused(online)
    assert [fault["what"] for fault in online.said("fault")] == [f"lower_gen:{cid}"]


# A holder is no longer listed


def test_a_holder_no_longer_listed_opens_nothing_and_the_others_do(
    online: Online, cid: str
) -> None:
    online.change(authorised(cid))
    online.sync()
    code = online.code(cid, "h2")
    online.change(no_longer_authorised(cid))
    online.sync()
    assert online.consequences() == {}
    online.enter(code)
    assert refused(online)
    assert online.kiosk.state.memory.accounts[(cid, "h2")].floor == 0  # kept
    collected(online, online.code(cid))


def test_a_holder_no_longer_listed_cannot_finish(online: Online, cid: str) -> None:
    online.change(authorised(cid))
    online.sync()
    code = online.code(cid, "h2")
    accepted(online, code)
    online.change(no_longer_authorised(cid))
    pulses = online.pulses
    online.fetch()
    mended(online)
    online.kiosk.press(Key.RETRY)
    why(online)
    assert online.pulses == pulses
    online.enter(code)
    assert refused(online)


def test_what_a_holder_no_longer_listed_collected_stays_collected(online: Online, cid: str) -> None:
    online.change(authorised(cid))
    online.sync()
    collected(online, online.code(cid, "h2"))
    online.change(no_longer_authorised(cid))
    online.fetch()
    assert online.consequences() == {}
    assert phase(online) is Phase.COLLECTED


# Revoked


def test_revoked_when_loaded_is_recalled_for_good(online: Online, cid: str) -> None:
    online.change(revoked(cid))
    online.sync()
    assert online.consequences() == {"recalled": [cid]}
    pulses = online.pulses
    online.enter(online.code(cid))
    assert not isinstance(online.kiosk.scene, Ready)
    assert online.pulses == pulses
    assert online.said("conflict") == []


@pytest.mark.parametrize("name", ["recalled", "suspended"])
def test_revoked_or_absent_when_accepted_nothing_more_opens(
    online: Online, cid: str, name: str
) -> None:
    accepted(online, online.code(cid))
    online.change(revoked(cid) if name == "recalled" else listed(cid, there=False))
    pulses = online.pulses
    online.fetch()
    assert online.consequences() == {name: [cid]}
    mended(online)
    online.kiosk.press(Key.RETRY)
    assert not isinstance(online.kiosk.scene, Opening | Open)
    assert online.pulses == pulses
    reported = [said["cid"] for said in online.said("conflict")]
    assert reported == ([cid] if name == "recalled" else [])


def test_revoked_when_collected_keeps_and_reports_it_once(online: Online, cid: str) -> None:
    collected(online, online.code(cid))
    online.change(revoked(cid))
    online.fetch()
    assert online.consequences() == {}
    assert phase(online) is Phase.COLLECTED
    online.sync()
    assert [said["cid"] for said in online.said("conflict")] == [cid]


# Absent from the list


def test_absent_when_loaded_is_suspended_until_it_is_listed_again(online: Online, cid: str) -> None:
    online.change(listed(cid, there=False))
    online.fetch()
    assert online.consequences() == {"suspended": [cid]}
    online.enter(online.code(cid))
    assert refused(online)
    online.change(listed(cid, there=True))
    online.fetch()
    assert online.consequences() == {"lifted": [cid]}
    collected(online, online.code(cid))


def test_absent_when_collected_is_let_go(online: Online, cid: str) -> None:
    collected(online, online.code(cid))
    online.change(listed(cid, there=False))
    online.fetch()
    assert "suspended" not in online.consequences()
    assert online.said("conflict") == []


def test_absent_when_only_expected_is_dropped(online: Online) -> None:
    cid = online.world.register()
    online.sync()
    online.change(listed(cid, there=False))
    online.sync()
    assert online.consequences() == {"forgotten": [cid]}
    online.sign_in()
    online.kiosk.scan(DOSSIER)
    assert not isinstance(online.kiosk.scene, LoadOpening)  # nobody expects it any more
