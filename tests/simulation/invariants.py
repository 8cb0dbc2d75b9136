"""The promises of DESIGN §6, one function each; every moment of a simulated life is put before all of them.

A promise is told of a moment before the book enters it, so that it judges by what was known until then.
It raises `PromiseBrokenError`, never repairs, and never asks the core for an opinion.
"""

from __future__ import annotations

from drivers.simulated.board import PULSE_MS
from kiosk.core.events import Key, ManifestOpened, ManifestRefused, Pressed
from kiosk.core.scenes import Code, Refused
from sync.messages import Kind
from tests.simulation.allowed import accepting, resuming, still_allowed
from tests.simulation.book import Book
from tests.simulation.devices_kept import boards_hold, power_holds, proofs_hold
from tests.simulation.doors_kept import BY_CODE, promise_1, promise_2, promise_3
from tests.simulation.honesty import (
    doors_are_stated,
    no_known_digits_in,
    no_secret_in,
    nobody_is_kept_waiting,
    screen_is_true,
    the_right_papers,
)
from tests.simulation.keeping import (
    kept_at_last,
    locked_in_time,
    no_name_for,
    unlocking,
)
from tests.simulation.memories import (
    acceptances_hold,
    floors_hold,
    guessing_holds,
    nothing_changed,
    prepared_codes_hold,
    replay_is_the_memory,
)
from tests.simulation.moments import (
    Ended,
    Left,
    Moment,
    Pulsed,
    Received,
    Started,
    Stated,
    Stepped,
    hold,
)


def promise_4(book: Book, moment: Moment) -> None:
    """No statement is lost, changed, reordered or counted twice, across power cuts, month-long outages
    and lost replies, as long as the card or central holds it."""
    match moment:
        case Started():
            replay_is_the_memory(book, moment)
        case Stated(statement, _):
            follows = statement.seq == len(book.statements) + 1
            hold(follows, f"4: statement {statement.seq} after {len(book.statements)}")
        case Received():
            here, there = len(book.statements), len(book.office.received)
            hold(there <= here or book.card_restored, "4: central has more than was stated")
            hold(not book.office.forked or book.card_restored, "4: central sees a fork")
        case Ended(rows, _) if not book.card_restored:
            hold(len(rows) == len(book.statements), "4: the disk holds another number of rows")
            there = len(book.office.received)
            hold(there == len(rows), f"4: {len(rows)} stated, {there} received")
            hold(tuple(book.office.received) == rows, "4: central received other rows")
        case _:
            pass


def promise_5(book: Book, moment: Moment) -> None:
    """A manifest that is forged, altered, older, for another kiosk or malformed changes nothing."""
    match moment:
        case Stepped(before, ManifestRefused(), after, _):
            nothing_changed(before, after)
        case Stepped(before, ManifestOpened() as event, after, _):
            again = before.manifest is None and event.hash == before.memory.manifest_hash
            if after.memory.ver == before.memory.ver and not again:
                nothing_changed(before, after)
            elif again:  # the very one in force, whose copy lay on another card
                hold(after.memory.accounts == before.memory.accounts, "5: it was merged again")
            else:
                hold(event.head_fits is None, "5: a manifest with another head was merged")
        case Stated(statement, _) if statement.kind == Kind.MANIFEST_ACCEPTED:
            fields = statement.fields
            hold(fields["hash"] in book.office.genuine, "5: central never made this manifest")
            older = book.manifest is not None and fields["ver"] <= book.manifest.ver  # type: ignore[operator]  # JSON number
            hold(book.card_restored or not older, f"5: version {fields['ver']} is not newer")
        case _:
            pass


def promise_6(book: Book, moment: Moment) -> None:
    """Revoked, superseded and expired codes open nothing, once known here."""
    if book.unaware:
        return
    match moment:
        case Pulsed(number, _):
            authority = book.authorities.get(number)
            if authority is not None and authority.kind in BY_CODE:
                still_allowed(book, authority)
        case Stated(statement, _) if statement.kind == Kind.ACCEPTED:
            accepting(book, statement)
        case Stated(statement, _) if statement.kind == Kind.RESUMED:
            resuming(book, str(statement.fields["cid"]), statement)
        case Stepped():
            floors_hold(book, moment)
            acceptances_hold(book, moment)
            prepared_codes_hold(book, moment)
        case _:
            pass


def promise_7(book: Book, moment: Moment) -> None:
    """Guessing stays hopeless across restarts and clock changes, and no vandal shuts out people with a
    QR. Every refusal is durable before its answer; a right answer is never charged."""
    match moment:
        case Stated(statement, _) if not book.unaware:
            guessing_holds(book, statement)
        case Stepped() if moment.after.scene is not moment.before.scene:
            unlocking(moment)
            _answer_stated(book, moment)
        case _:
            pass


def _answer_stated(book: Book, moment: Stepped) -> None:
    """A refusal is durable before its answer shows."""
    match moment:
        case Stepped(before, Pressed(Key.CONFIRM, _), after, _) if isinstance(before.scene, Code):
            _answered(book, moment, before.scene)
            if isinstance(after.scene, Refused) and after.scene.known:
                newest = book.statements[after.scene.seq - 1]
                refused = newest.kind == Kind.REFUSED and after.scene.seq > before.memory.seq
                hold(refused, "7: a refusal is shown that was not stated")
        case _:
            pass


def _answered(book: Book, moment: Stepped, scene: Code) -> None:
    """Compare with what central itself holds to be the code of the counter in force."""
    manifest = book.manifest
    if manifest is None or book.card_restored or len(scene.entered) != len("12345678"):
        return
    right = [
        (result.cid, held.id)
        for result in manifest.results
        for held in result.holders
        if held.known_digits == scene.known
        and book.floors.get((result.cid, held.id)) == (held.otp.gen, held.otp.counter)
        and scene.entered == book.code(held)
    ]
    charged = any(
        statement.kind == Kind.REFUSED for statement in book.statements[moment.before.memory.seq :]
    )
    hold(not (right and charged), f"7: the right code of {right} is refused")


def promise_8(book: Book, moment: Moment) -> None:
    """A coil is never energised longer than its rating, by any crash of ours; no more locks at once than
    the supply bears."""
    power_holds(book, moment)
    proofs_hold(book, moment)
    if not isinstance(moment, Stepped | Started | Ended):
        return
    runs = book.cabinet.board.coil_runs()
    for run in runs[book.coil_runs :]:
        hold(run.off_ms - run.on_ms <= PULSE_MS, f"8: coil {run.compartment} was on too long")
        hold(run.on_ms >= book.coil_off_ms, f"8: coil {run.compartment} beside another one")
        book.coil_off_ms = run.off_ms
    book.coil_runs = len(runs)


def promise_9(book: Book, moment: Moment) -> None:
    """A broken board, sensor, scanner, printer, network, disk, clock or neighbour process degrades what
    it must and nothing else; the screen says the truth in plain words and whom to call."""
    boards_hold(book, moment)
    match moment:
        case Stepped():
            nobody_is_kept_waiting(book, moment)
            doors_are_stated(book)
            screen_is_true(book, moment)
            locked_in_time(moment)
        case Left():
            the_right_papers(book, moment)
        case Ended():
            kept_at_last(book, moment)
        case _:
            pass


def promise_10(book: Book, moment: Moment) -> None:
    """No secret and no personal data rests unencrypted, or appears in a log, screenshot, statement or
    error."""
    match moment:
        case Stated(statement, _):
            no_secret_in(book, repr(dict(statement.fields)), f"statement {statement.kind}")
            no_known_digits_in(book, dict(statement.fields), str(statement.kind))
        case Stepped() if moment.after.scene is not moment.before.scene:
            no_name_for(moment)
        case Stepped(_, event, after, effects) if book.machine.steps % 256 == 0:
            no_secret_in(book, repr((event, after, effects)), "what a debugger would print")
        case _:
            pass


PROMISES = (
    promise_1,
    promise_2,
    promise_3,
    promise_4,
    promise_5,
    promise_6,
    promise_7,
    promise_8,
    promise_9,
    promise_10,
)
