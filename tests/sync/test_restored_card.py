"""A restored card, a copied card: a real central over real HTTP, the real line, journal file and core."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.core.events import Key
from kiosk.core.memory import Phase
from kiosk.core.scenes import Closed, Open, Opening, Ready, Why
from kiosk.core.upkeep_scenes import Answer
from kiosk.journal_aside import set_aside
from kiosk.journal_file import JournalFile
from sync.calls import CallError
from tests.sync.cards import Carded
from tests.sync.orders import collected, phase, why
from tests.sync.world import World, received

MINUTE_MS = 60_000
BOTH = pytest.mark.parametrize("world", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def online(world: World, url: str, tmp_path: Path) -> Iterator[Carded]:
    made = Carded(tmp_path, world, url)
    yield made
    made.close()


@pytest.fixture
def cid(online: Carded) -> str:
    """Registered, loaded, and central knows."""
    cid = online.world.register()
    online.fetch()
    online.load(cid)
    online.settled()
    return cid


@BOTH
def test_a_restored_card_gets_its_rows_back_and_serves_again_as_staff_look_in(
    online: Carded, cid: str
) -> None:
    common = online.copy()
    code = online.code(cid)
    collected(online, code)
    second = online.world.register("0530004877")
    online.sync()
    online.kiosk.wait(MINUTE_MS)
    number = online.load(second)
    online.settled()
    newest = received(online.world)
    online.put_back()
    assert phase(online) is Phase.LOADED  # this is what the old copy believes
    online.fetch()
    said = online.said("conflict")
    assert [f["what"] for f in said] == ["set_aside", "restored"]
    assert [f["common"] for f in said] == [common, common]
    assert received(online.world) == newest
    assert online.kiosk.journal.hash_at(len(newest)) == said[0]["prev"]
    assert online.kiosk.state.memory.parts_of(cid) == {1: Phase.COLLECTED}
    assert online.unchecked() == {"restored"}
    assert not online.has_list()  # its copy lay on the other card
    online.fetch()
    online.at_rest()
    assert online.has_list()
    online.enter(code)
    assert why(online) is Why.USED
    online.enter(online.code(second))
    assert why(online) is Why.CHECKED
    online.audit(**{f"c{number}": Answer.LEFT})
    collected(online, online.code(second))
    online.settled()
    assert {"memory", "set_aside", "restored"} <= set(online.alarms())
    assert "revoked_after_opening" not in online.alarms()
    assert online.kept_apart() == []
    file = JournalFile.reading(online.kiosk.station.path)
    gone = set_aside(file)
    file.close()
    assert [seq for seq, _ in gone] == list(range(common + 1, common + len(gone) + 1))


def test_the_reporter_notices_by_itself_that_central_is_ahead(online: Carded, cid: str) -> None:
    online.copy()
    collected(online, online.code(cid))
    online.settled()
    online.put_back()
    online.step()
    online.settled()
    assert online.said("conflict")[-1]["what"] == "restored"
    assert online.unchecked() == {"restored"}


def test_the_same_manifest_comes_back_without_another_statement(online: Carded, cid: str) -> None:
    online.copy()
    online.world.register("0530004877")
    online.sync()
    collected(online, online.code(cid))
    online.settled()
    accepted = len(online.said("manifest_accepted"))
    online.put_back()
    online.step()
    online.kiosk.wait(500)
    assert not online.has_list()
    assert online.kiosk.journal.in_force() is not None  # an older one, which is not believed
    assert online.why_out() == "never_synced"
    online.fetch()
    online.at_rest()
    assert len(online.said("manifest_accepted")) == accepted
    stored = online.kiosk.journal.in_force()
    assert stored is not None
    assert stored[0] == online.kiosk.state.memory.ver
    assert list(online.kiosk.journal.verify()) == []
    online.kiosk.cut()
    online.at_rest()


def test_a_code_used_on_the_lost_rows_is_dead_and_none_is_sent_again(
    online: Carded, cid: str
) -> None:
    online.copy()
    code = online.code(cid)
    online.enter(code)
    online.at(Ready)
    online.kiosk.press(Key.OPEN)
    online.at(Opening)
    online.kiosk.wait(500)
    online.at(Open)
    online.settled()  # accepted and opened have arrived; the card dies with the door open
    online.kiosk.cabinet.push(1)
    online.put_back()
    online.sync()
    online.fetch()
    online.at_rest()
    assert online.code(cid) == code
    online.audit(c1=Answer.LEFT)
    assert online.kiosk.state.memory.compartments[1].blocked == "found"
    online.enter(code)
    assert not isinstance(online.kiosk.scene, Ready)
    assert online.pulses == 1 + 1 + 3


@BOTH
def test_two_copies_that_both_moved_doors_are_a_fork_that_is_never_merged(
    online: Carded, cid: str
) -> None:
    online.copy()
    code = online.code(cid)
    collected(online, code)
    online.settled()
    newest = received(online.world)
    online.put_back()
    opened_again(online, code)
    with pytest.raises(CallError):
        online.step()
    online.kiosk.wait(500)
    assert online.why_out() == "memory"
    assert [f["what"] for f in online.said("conflict")] == ["memory"]
    assert received(online.world) == newest
    online.kiosk.cut()
    online.kiosk.wait(500)
    assert online.why_out() == "memory"
    for _ in range(3):
        with pytest.raises(CallError):
            online.step()
    assert len(online.said("conflict")) == 1


def opened_again(online: Carded, code: tuple[str, str]) -> None:
    """The old copy does not know that the papers are gone: before its first contact it opens the door."""
    kiosk = online.kiosk
    online.enter(code)
    online.at(Ready)
    kiosk.press(Key.OPEN)
    kiosk.wait(500)
    kiosk.cabinet.push(online.at(Open).compartment)
    kiosk.wait(500)
    online.at(Closed)
    kiosk.press(Key.SKIP)
