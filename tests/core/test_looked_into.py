"""What simulated lives have found in maintenance, as plain facts about the fold."""

from kiosk.core import audit
from kiosk.core.fold import fold
from kiosk.core.memory import Memory, Phase, empty
from sync.messages import Clock, Kind, Statement

LOADED: tuple[Kind, dict[str, object]] = (
    Kind.LOADED,
    {"cid": "c", "compartment": 1, "staff": "7"},
)
ACCEPTED: tuple[Kind, dict[str, object]] = (
    Kind.ACCEPTED,
    {"cid": "c", "holder": "h", "gen": 1, "counter": 0, "compartments": [1], "via": "code"},
)


def _folded(*rows: tuple[Kind, dict[str, object]]) -> Memory:
    memory = empty("bt1", 1, (1, 2))
    for seq, (kind, fields) in enumerate(rows, 1):
        memory = fold(memory, Statement("bt1", 1, seq, "", 0, Clock.SYNCED, 0, kind, fields))
    return memory


def _audited(finding: str, number: int = 1) -> tuple[Kind, dict[str, object]]:
    return Kind.AUDITED, {"cid": "c", "compartment": number, "staff": "8", "finding": finding}


def test_papers_that_a_citizen_had_open_stay_out_though_their_closing_was_not_seen() -> None:
    """Found by seed 3: opened, cut, unconfirmed, audited as inside, and collectible again."""
    unconfirmed: dict[str, object] = {"cid": "c", "compartment": 1, "reason": "closing_unseen"}
    memory = _folded(
        LOADED,
        ACCEPTED,
        (Kind.OPENED, {"cid": "c", "compartment": 1}),
        (Kind.UNCONFIRMED, unconfirmed),
        _audited("papers"),
    )
    assert memory.parts["c", 1] is not Phase.LOADED
    assert memory.compartments[1].blocked == "found"


def test_what_became_unchecked_after_its_audit_is_asked_again_in_the_same_round() -> None:
    """Found by seed 8: opened by key after its audit, and no round looked into it any more."""
    memory = _folded(_audited("begun", 0), _audited("empty"), _audited("by_key"))
    assert audit.left(memory) == (1,)


def test_a_result_taken_back_and_dropped_from_the_list_is_never_loaded_again() -> None:
    """Found by seed 1: relisted under the same cid, it got its old floor and a new code."""
    names = ("floors", "voided", "recalled", "suspended", "lifted")
    policy = {"bucket": 10, "refill_s": 900, "holder_refusals": 10, "resume_s": 600}
    fields: dict[str, object] = {name: [] for name in names}
    fields |= {"ver": 2, "hash": "h", "iat_ms": 0, "policy": policy, "forgotten": ["c"]}
    taken: dict[str, object] = {"cid": "c", "compartment": 1, "staff": "7", "undo": False}
    memory = _folded(LOADED, (Kind.RETRIEVED, taken), (Kind.MANIFEST_ACCEPTED, fields))
    assert memory.spent == {"c"}
