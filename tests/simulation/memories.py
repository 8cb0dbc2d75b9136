"""Promises about what the kiosk remembers: 2, 4, 5, 6 and 7 compare its memory with the book."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.codes import Standing
from kiosk.core.memory import Phase
from kiosk.core.state import State
from sync.messages import Kind, Statement
from tests.simulation.book import Book
from tests.simulation.moments import Started, Stepped, hold

SHUT = frozenset({Phase.LOADED, Phase.ACCEPTED})  # phases in which a code may still open a part
WHOLE_TRY = 1 - 1e-6


def phases_hold(book: Book, moment: Stepped) -> None:
    """2: what was opened, taken back or missed once is never *loaded* or *accepted* again."""
    parts = moment.after.memory.parts
    if book.card_restored:
        return  # rows that central never received cannot be known; from contact on nothing opens
    if parts is moment.before.memory.parts:
        return
    for part in book.opened.keys() | book.over:
        hold(parts.get(part) not in SHUT, f"2: {part} was out and is {parts.get(part)} again")


def replay_is_the_memory(book: Book, moment: Started) -> None:
    """4: the fold of what lies on the disk is what was durable when the machine went down."""
    if book.card_restored:
        return
    hold(moment.rows == len(book.statements), f"4: {moment.rows} rows for {len(book.statements)}")
    hold(moment.replayed == moment.remembered, "4: the replay is another memory")


def nothing_changed(before: State, after: State) -> None:
    """5: a refused manifest leaves the memory as it was, but for the number of rows and a lost head."""
    kept = replace(
        after.memory,
        seq=before.memory.seq,
        bucket=before.memory.bucket,
        lost=before.memory.lost,
        conflicts=before.memory.conflicts,
        checkpoint_seq=before.memory.checkpoint_seq,
        checkpoint_ms=before.memory.checkpoint_ms,
    )
    settled = after.memory.parts is not before.memory.parts  # by time, not by the manifest
    hold(settled or kept == before.memory, "5: a refused manifest changed the memory")
    hold(after.manifest is before.manifest, "5: a refused manifest is in force")
    hold(settled or after.codes == before.codes, "5: a refused manifest changed the codes")


def floors_hold(book: Book, moment: Stepped) -> None:
    """6: floors are where statements put them, so that what was used or superseded stays dead."""
    accounts = moment.after.memory.accounts
    if accounts is moment.before.memory.accounts or book.card_restored:
        return
    for who, account in accounts.items():
        floor = book.floors.get(who)
        here = (account.gen, account.floor)
        hold(floor == here, f"6: the floor of {who} is {here}, statements say {floor}")
        hold(account.locked or who not in book.locked, f"7: {who} was guessed at and is not locked")


def acceptances_hold(book: Book, moment: Stepped) -> None:
    """6: who was accepted, by what, and whether central has made it void since."""
    acceptances = moment.after.memory.acceptances
    if acceptances is moment.before.memory.acceptances or book.card_restored:
        return
    for cid, there in acceptances.items():
        stated = book.accepted.get(cid)
        hold(stated is not None, f"6: {cid} has an acceptance that was never stated")
        if stated is not None:
            same = (stated.holder, stated.gen, stated.counter, stated.void)
            here = (there.holder, there.gen, there.counter, there.void)
            hold(here == same, f"6: the acceptance of {cid} is {here}, statements say {same}")


def prepared_codes_hold(book: Book, moment: Stepped) -> None:
    """6: what a submission is compared with are codes from the floor on, and one that may finish."""
    codes = moment.after.codes
    if codes is moment.before.codes or book.card_restored:
        return
    for match in (*codes.typed.matches, *codes.tokens.matches):
        who = (match.cid, match.holder)
        here = (match.gen, match.counter)
        floor = book.floors.get(who)
        if match.standing is Standing.GOOD:
            hold(floor is not None and here >= floor, f"6: {who} could use {here}, floor {floor}")
        elif match.standing is Standing.FINISHES:
            accepted = book.accepted.get(match.cid)
            same = accepted is not None and here == (accepted.gen, accepted.counter)
            hold(same and accepted and not accepted.void, f"6: {who} could finish with {here}")


def guessing_holds(book: Book, statement: Statement) -> None:
    """7: the bucket, the lock per holder, and a TOTP step that is never used twice."""
    fields = statement.fields
    if statement.kind == Kind.REFUSED and fields["via"] == "code":
        book.refill()
        hold(book.bucket >= WHOLE_TRY, f"7: one more try with {book.bucket:.2f} in the bucket")
    elif statement.kind == Kind.ACCEPTED and fields["via"] == "code":
        who = (str(fields["cid"]), str(fields["holder"]))
        hold(who not in book.locked, f"7: {who} is locked and accepted by code")
    elif statement.kind == Kind.STAFF_IN and fields.get("card") is not True:
        last = book.staff_steps.get(str(fields["staff"]), -1)
        step = fields["step"]
        assert isinstance(step, int)
        hold(step > last, f"7: TOTP step {step} of staff {fields['staff']} is used again")
