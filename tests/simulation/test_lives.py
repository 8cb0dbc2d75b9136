"""Simulated lives: whatever happens, the promises of DESIGN §6 hold. More lives: KIOSK_SEEDS=5000."""

import os
from pathlib import Path

import pytest

from kiosk.core.fold import fold
from kiosk.core.memory import Memory, empty
from sync.messages import Clock, Kind, Statement
from tests.simulation.campaign import Campaign
from tests.simulation.fates import FATES, Fate
from tests.simulation.machine import Machine
from tests.simulation.moments import PromiseBrokenError
from tests.simulation.plan import KIOSK
from tests.simulation.sabotage import SABOTAGES, Sabotage
from tests.simulation.world import World

SEEDS = int(os.environ.get("KIOSK_SEEDS", "200"))
FATEFUL_LIVES = 2
LIVES_TO_CATCH = 25  # within so many lives a sabotage must show


def test_every_promise_holds_in_every_life_and_no_life_is_blind(tmp_path: Path) -> None:
    campaign = Campaign()
    campaign.live(range(SEEDS), tmp_path, log=None)
    assert campaign.failures == {}
    assert campaign.never_seen() == set()
    assert campaign.cuts > SEEDS


def test_the_same_seed_gives_the_same_life_to_the_last_statement() -> None:
    digests = []
    for seed in (7, 7, 8):
        world = World(seed, hours=12)
        world.live()
        digests.append((world.digest.hexdigest(), world.disk.rows))
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_skipping_quiet_time_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    skipped = World(3, hours=1)
    skipped.live()
    monkeypatch.setattr(Machine, "_calm", lambda _self: False)
    monkeypatch.setattr("tests.simulation.world.MOST_STEPS", 10**6)
    swept = World(3, hours=1)
    swept.live()
    assert swept.machine.steps > 10 * skipped.machine.steps
    assert swept.disk.rows == skipped.disk.rows


@pytest.mark.parametrize("fate", FATES, ids=lambda f: f.__name__)
def test_an_honest_core_keeps_every_promise_whatever_its_fate(fate: Fate) -> None:
    for seed in range(FATEFUL_LIVES):
        World(seed, fate=fate).live()


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda s: s.name)
def test_a_sabotaged_core_breaks_its_promise(
    sabotage: Sabotage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sabotage.put_in(monkeypatch)
    caught = []
    for seed in range(sabotage.seed, sabotage.seed + LIVES_TO_CATCH):
        try:
            World(seed, fate=sabotage.fate).live()
        except PromiseBrokenError as broken:
            caught.append(str(broken).partition(":")[0])
        if caught and caught[-1] in sabotage.promise:
            return
    pytest.fail(f"nothing but {caught} was broken in {LIVES_TO_CATCH} lives")


# What lives have found in the core, as plain facts that no change of the world can lose.

POLICY = {"bucket": 10, "refill_s": 900, "holder_refusals": 10, "resume_s": 600}


def _folded(*rows: tuple[Kind, dict[str, object]]) -> Memory:
    memory = empty(KIOSK, 1, (1, 2))
    for seq, (kind, fields) in enumerate(rows, 1):
        memory = fold(memory, Statement(KIOSK, 1, seq, "", 0, Clock.SYNCED, 0, kind, fields))
    return memory


def _merged(ver: int, **changes: object) -> tuple[Kind, dict[str, object]]:
    names = ("floors", "voided", "recalled", "suspended", "lifted", "forgotten")
    nothing: dict[str, object] = {name: [] for name in names}
    rest = {"ver": ver, "hash": "h", "iat_ms": 0, "policy": POLICY}
    return Kind.MANIFEST_ACCEPTED, {**nothing, **rest, **changes}


def test_a_holder_guessed_at_is_locked_though_the_power_went_before_it_was_stated() -> None:
    """Found by seed 41: cut between the tenth `refused` and `result_locked`."""
    refused: tuple[Kind, dict[str, object]] = (
        Kind.REFUSED,
        {"via": "code", "typed_for": [["c", "h"]]},
    )
    memory = _folded(_merged(1, floors=[["c", "h", 1, 0]]), *[refused] * 10)
    assert memory.accounts["c", "h"].locked


def test_a_collected_result_that_is_dropped_and_listed_again_stays_spent() -> None:
    """Found by seed 1: the list lost it, the kiosk forgot it, the list had it again."""
    memory = _folded(
        _merged(1, floors=[["c", "h", 1, 0]]),
        (Kind.LOADED, {"cid": "c", "compartment": 1, "staff": "7"}),
        (
            Kind.ACCEPTED,
            {
                "cid": "c",
                "holder": "h",
                "gen": 1,
                "counter": 0,
                "compartments": [1],
                "via": "code",
            },
        ),
        (Kind.OPENED, {"cid": "c", "compartment": 1}),
        (Kind.COLLECTED, {"cid": "c", "holder": "h", "compartment": 1}),
        _merged(2, forgotten=["c"]),
    )
    assert memory.spent == {"c"}
    assert not memory.accounts
