"""What a manifest brings about, as the fields of one statement; the journeys are in tests/flows."""

from __future__ import annotations

import json

from kiosk.core.merge import conflicts, consequences, lower_gens, mass_absence
from sync.messages import Kind, Status
from tests.core.make import a_holder, a_manifest, a_memory, a_result, accepted, at, loaded, merged


def test_consequences_are_plain_json_and_name_version_and_hash() -> None:
    fields = consequences(a_memory(), a_manifest(a_result(), ver=42), "abc")
    assert json.loads(json.dumps(fields)) == fields
    assert (fields["ver"], fields["hash"]) == (42, "abc")
    assert fields["floors"] == [["r1", "h1", 1, 0]]


def test_merging_the_same_manifest_twice_changes_nothing_more() -> None:
    memory = a_memory(merged(a_result()), loaded())
    names = ("floors", "voided", "recalled", "suspended", "lifted", "forgotten")
    fields = consequences(memory, a_manifest(a_result()), "abc")
    assert [name for name in names if fields[name]] == []


def test_a_result_over_and_no_longer_listed_is_forgotten() -> None:
    memory = a_memory(merged(a_result()), loaded(), accepted(), at(Kind.OPENED), at(Kind.COLLECTED))
    assert consequences(memory, a_manifest(), "abc")["forgotten"] == ["r1"]


def test_a_result_whose_papers_may_still_lie_here_is_not_forgotten() -> None:
    memory = a_memory(merged(a_result()), loaded(), accepted(), at(Kind.UNCONFIRMED))
    fields = consequences(memory, a_manifest(), "abc")
    assert (fields["forgotten"], fields["suspended"]) == ([], ["r1"])


def test_an_acceptance_is_void_by_counter_or_gen_but_not_by_what_it_was_accepted_with() -> None:
    memory = a_memory(merged(a_result("r1", a_holder(counter=3))), loaded(), accepted(counter=3))
    for holder, voided in [
        (a_holder(counter=3), []),
        (a_holder(counter=4), ["r1"]),
        (a_holder(gen=2, counter=0), ["r1"]),
        (a_holder("h2", counter=9), []),
    ]:
        fields = consequences(memory, a_manifest(a_result("r1", holder)), "abc")
        assert fields["voided"] == voided


def test_a_conflict_is_reported_for_accepted_opened_and_collected_once() -> None:
    revoked = a_manifest(a_result(status=Status.REVOKED))
    said = [merged(a_result()), loaded(), accepted(), at(Kind.OPENED), at(Kind.COLLECTED)]
    expected = {2: [], 3: ["r1"], 4: ["r1"], 5: ["r1"]}
    assert {n: conflicts(a_memory(*said[:n]), revoked) for n in expected} == expected
    known = (Kind.CONFLICT, {"cid": "r1", "what": "revoked_after_opening"})
    assert conflicts(a_memory(*said, known), revoked) == []


def test_a_lower_gen_is_named() -> None:
    memory = a_memory(merged(a_result("r1", a_holder(gen=3))), loaded())
    assert lower_gens(memory, a_manifest(a_result("r1", a_holder(gen=2)))) == ["r1"]
    assert lower_gens(memory, a_manifest(a_result("r1", a_holder(gen=3)))) == []


def test_half_absent_is_no_mass_absence_and_more_is() -> None:
    results = [a_result(cid) for cid in ("r1", "r2", "r3", "r4")]
    memory = a_memory(
        merged(*results),
        *[loaded(cid, n) for n, cid in enumerate(("r1", "r2", "r3", "r4"), start=1)],
        numbers=range(1, 5),
    )
    assert not mass_absence(memory, a_manifest(*results[:2]))
    assert mass_absence(memory, a_manifest(*results[:1]))
    assert not mass_absence(a_memory(), a_manifest())
