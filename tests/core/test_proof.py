"""Which locks are to be proven, as the fold of starts, keys and contacts."""

from __future__ import annotations

import pytest

from kiosk.core.memory import ENCODING, Memory, Proof, decode, encode
from kiosk.core.site import CompartmentPlan
from sync.messages import Kind
from tests.core.make import Said, a_memory, a_result, a_site, a_state, loaded, merged

KEY: Said = (Kind.AUDITED, {"compartment": 1, "staff": "7", "finding": "by_key", "reason": "lock"})
PROVEN: Said = (Kind.AUDITED, {"compartment": 1, "finding": "proven"})


def started(*unproven: int) -> Said:
    return Kind.STARTED, {"version": "t", "compartments": [1, 2], "unproven": list(unproven)}


def proofs(memory: Memory) -> list[Proof]:
    return [held.proof for held in memory.compartments.values()]


@pytest.mark.parametrize(
    ("said", "proof"),
    [
        ((started(),), Proof.NOT_NEEDED),
        ((started(1),), Proof.WANTED),
        ((started(1), started(1)), Proof.WANTED),
        ((started(1), KEY), Proof.BY_KEY),
        ((started(1), KEY, started(1)), Proof.BY_KEY),
        ((started(1), KEY, PROVEN), Proof.GIVEN),
        ((started(1), KEY, PROVEN, started(1, 2), KEY), Proof.GIVEN),
        ((started(1), KEY, PROVEN, started()), Proof.NOT_NEEDED),
        ((started(1), KEY, PROVEN, started(2), started(1)), Proof.WANTED),
        ((KEY,), Proof.NOT_NEEDED),
    ],
)
def test_a_proof_lasts_while_its_number_stays_listed(said: tuple[Said, ...], proof: Proof) -> None:
    memory = a_memory(*said)
    assert proofs(memory)[0] is proof
    assert decode(encode(memory)) == memory


def test_starts_that_were_stated_before_there_were_proofs_list_nothing() -> None:
    assert proofs(a_memory((Kind.STARTED, {"compartments": [1, 2]}))) == [Proof.NOT_NEEDED] * 2


def test_a_proof_touches_neither_papers_nor_the_doubt_that_a_key_leaves() -> None:
    papers = (merged(a_result()), loaded())
    keyed, proven = a_memory(*papers, started(1), KEY), a_memory(*papers, started(1), KEY, PROVEN)
    before, after = keyed.compartments[1], proven.compartments[1]
    assert (after.held, after.cid, after.unchecked) == (before.held, "r1", "by_key")
    assert proven.parts == keyed.parts


def test_an_unproven_compartment_is_barred_for_everybody_and_a_proven_one_for_nobody() -> None:
    site = a_site(CompartmentPlan(1, 1, 1, proven=False), CompartmentPlan(2, 2, 1))
    state = a_state(a_memory(started(1)), site=site)
    barred = [state.barred(n, staff=staff) for n in (1, 2) for staff in (False, True)]
    assert barred == [True, True, False, False]
    assert not a_state(a_memory(started(1), KEY, PROVEN), site=site).barred(1)


def test_a_state_of_an_older_encoding_has_no_proofs_and_is_refused() -> None:
    older = encode(a_memory()).replace(b'"proof":"",', b"")
    assert ENCODING >= 4
    with pytest.raises(ValueError, match="encoding"):
        decode(older)
