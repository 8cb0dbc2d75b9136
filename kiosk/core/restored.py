"""A restored card: own rows that central gave back, and what they say about this journal (protocol §9).

The law of this file: only rows that bear this kiosk's own signature stop pickups, and nothing but a look
by staff makes a compartment serve again after they were taken in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.core.effects import AnswerRows, TakeIn
from kiosk.core.state import Turn
from sync.messages import Head, Kind

NOTHING = Head(0, "")
# Rows that neither authorise nor observe a door. A kind that is not known counts as one that does.
HARMLESS = frozenset(
    {
        Kind.STARTED,
        Kind.CHECKPOINT,
        Kind.MANIFEST_ACCEPTED,
        Kind.MANIFEST_REFUSED,
        Kind.REFUSED,
        Kind.RESULT_LOCKED,
        Kind.RATED,
        Kind.CONFLICT,
        Kind.STAFF_IN,
        Kind.STAFF_REFUSED,
        Kind.STAFF_OUT,
        Kind.FAULT,
        Kind.FAULT_CLEARED,
        Kind.TALLY,
        Kind.STAFF_DID,
        Kind.SETTING,
    }
)


class Verdict(StrEnum):
    """What this journal is, beside the rows that central holds."""

    NEWEST = "newest"
    MORE = "more"  # not to be said yet: other rows are wanted
    WHOLE = "restored"  # an older copy: all that it lacks lies aside
    TORN = "torn"  # two copies went on, or a row between is a hole: only a new epoch mends it


@dataclass(frozen=True, slots=True)
class Weighed:
    """Own rows were held beside the journal; those that it lacks lie aside on the disk."""

    offer: int
    verdict: Verdict
    aside: bool  # whether any do
    after: int = 0  # with MORE: the row after which they are wanted
    common: int = 0  # the newest row that both have alike
    here: Head = NOTHING  # the newest of this journal when it was looked at
    there: Head = NOTHING  # the newest of those that came back


def weighed(turn: Turn, event: Weighed) -> None:
    """Stop pickups as soon as one row lies aside; take all in once all are there; or say that it is torn."""
    turn.change(aside=event.aside)
    match event.verdict:
        case Verdict.WHOLE if turn.memory.seq != event.here.seq:
            # Something was stated since: look again, with that in the journal.
            turn.effects.append(AnswerRows(event.offer, after=event.there.seq))
        case Verdict.WHOLE:
            _take_in(turn, event)
        case Verdict.MORE:
            turn.effects.append(AnswerRows(event.offer, after=event.after))
        case Verdict.TORN | Verdict.NEWEST:
            if event.verdict is Verdict.TORN and not turn.memory.lost:
                turn.record(Kind.CONFLICT, what="memory", seq_there=event.there.seq)
            turn.effects.append(AnswerRows(event.offer, done=str(event.verdict)))


def _take_in(turn: Turn, event: Weighed) -> None:
    """One transaction; the program starts anew from what lies on the disk then."""
    here, there, common = event.here, event.there, event.common
    said: list[dict[str, object]] = []
    if here.seq > common:
        rows = here.seq - common
        said.append({"what": "set_aside", "common": common, "rows": rows, "hash": here.hash})
    said.append({"what": "restored", "common": common, "rows": there.seq - common})
    statements = tuple(
        turn.statement(Kind.CONFLICT, fields, seq) for seq, fields in enumerate(said, there.seq + 1)
    )
    turn.effects += [TakeIn(statements), AnswerRows(event.offer, done=str(event.verdict))]
    turn.over = True
