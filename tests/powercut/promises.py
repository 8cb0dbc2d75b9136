"""What must hold after any power cut, asked of the journal on the disk and of the life that goes on."""

from __future__ import annotations

from kiosk.core.memory import Phase
from kiosk.core.scenes import Idle
from sync.envelopes import peek_statement
from tests.powercut.life import Life


def promises_hold(life: Life) -> None:
    """No part was opened twice, none collected without being opened, no pulse without authority."""
    rows = [
        peek_statement(r)
        for r in life.journal.after(0, most=10_000, most_bytes=2**26)
        if isinstance(r, str)
    ]
    opened = [(r["cid"], r["compartment"]) for r in rows if r["kind"] == "opened" and "cid" in r]
    assert len(opened) == len(set(opened))
    collected = {(r["cid"], r["compartment"]) for r in rows if r["kind"] == "collected"}
    assert collected <= set(opened)
    authorised: set[object] = set()
    for row in rows:
        if row["kind"] == "staff_authorised":
            authorised.add(row["compartment"])
        if row["kind"] == "accepted":
            numbers = row["compartments"]
            assert isinstance(numbers, list)
            authorised |= set(numbers)
        if row["kind"] == "pulsed":
            assert row["compartment"] in authorised


def finish(life: Life, cid: str) -> None:
    """The citizen comes back and collects with the same code."""
    life.until(Idle)
    life.collect(cid)
    assert {p for (c, _), p in life.state.memory.parts.items() if c == cid} == {Phase.COLLECTED}
