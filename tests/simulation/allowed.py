"""Promise 6 whenever a code is accepted, resumed or pulsed for: what the manifest in force allows."""

from __future__ import annotations

from sync.messages import Clock, Statement, Status
from tests.simulation.book import Authority, Book
from tests.simulation.moments import PromiseBrokenError, hold

RESUME_SLACK_MS = 1_000


def still_allowed(book: Book, authority: Authority) -> None:
    """Every pulse asks again: live, listed, holder listed, not void, the same gen."""
    cid = authority.cid
    result, accepted = book.result(cid), book.accepted[cid]
    holder = book.holder(cid, authority.who)
    if result is None or holder is None:
        raise PromiseBrokenError(f"6: {cid} is pulsed, but central does not list it or its holder")
    hold(result.status is Status.LIVE, f"6: {cid} is pulsed and is revoked")
    hold(cid not in book.recalled, f"6: {cid} is pulsed and was recalled")
    hold(not result.place, f"6: {cid} is pulsed and is elsewhere")
    hold(not accepted.void, f"6: {cid} is pulsed under a void acceptance")
    hold(holder.otp.gen == accepted.gen, f"6: {cid} is pulsed under another gen")


def accepting(book: Book, statement: Statement) -> None:
    """A counter from the floor on, within its holding time."""
    fields = statement.fields
    cid, who = str(fields["cid"]), (str(fields["cid"]), str(fields["holder"]))
    counter = (fields["gen"], fields["counter"])
    floor = book.floors.get(who)
    hold(floor is not None, f"6: {who} is accepted and never was allowed")
    hold(floor is None or counter >= floor, f"6: {who} is accepted at {counter}, floor {floor}")
    result = book.result(cid)
    if result is None:
        raise PromiseBrokenError(f"6: {cid} is accepted and not listed")
    known = statement.clock is not Clock.UNKNOWN
    expired = known and statement.at_ms > result.hold_until_ms
    hold(not expired, f"6: {cid} is accepted after its holding time")


def resuming(book: Book, cid: str, statement: Statement) -> None:
    """The same holder, not void, within the resume time."""
    accepted = book.accepted.get(cid)
    if accepted is None:
        raise PromiseBrokenError(f"6: {cid} is resumed and never was accepted")
    hold(not accepted.void, f"6: {cid} is resumed under a void acceptance")
    hold(accepted.holder == statement.fields["holder"], f"6: {cid} is resumed by somebody else")
    served = book.served_ms if book.served_ms is not None else book.now_ms
    late = book.now_ms - served > book.policy.resume_s * 1000 + RESUME_SLACK_MS
    hold(not late, f"6: {cid} is resumed after its time")
