"""The first half of a visit: known digits, code or QR, and what a submission is answered with.

A refusal is durable before its answer shows, takes one from the bucket, and never says which half was
wrong (DESIGN §5, §7). A right answer is never charged.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core import codes, guessing
from kiosk.core.judge import verdict
from kiosk.core.recognise import JunkScan, TokenScan, recognise
from kiosk.core.scenes import Again, Code, Digits, Idle, Paused, Ready, Refused, Told, Why
from kiosk.core.state import Turn
from sync.messages import CODE_DIGITS, KNOWN_DIGITS, Kind

DIGITS_MS = 60_000
CODE_MS = 90_000
REFUSED_MS = 60_000
PAUSED_MS = 30_000
TOLD_MS = 60_000
READY_MS = 45_000
CHARGED = frozenset({Why.USED, Why.REPLACED})  # what a superseded code is told
TOKEN_ROWS = 5  # refused tokens stated one by one per tally window; the rest are counted


def start(turn: Turn, _scene: object, _value: str) -> None:
    """Somebody touched the screen, or wants to enter another code."""
    if typed_tries(turn) == 0:
        turn.tally("paused")
        turn.go(Paused(turn.up_ms + PAUSED_MS))
    else:
        turn.go(Digits(turn.up_ms + DIGITS_MS))


def typed_tries(turn: Turn) -> int:
    """Refusals left before typing pauses."""
    return guessing.tries(turn.memory.bucket, turn.up_ms, turn.memory.policy)


def idle(turn: Turn, _scene: object, _value: str) -> None:
    """Nobody stands here any more."""
    turn.go(Idle())


def appended(entered: str, value: str, most: int) -> str:
    """`entered` with one more ASCII digit; anything else, or a full row of boxes, changes nothing."""
    single = len(value) == 1 and value.isascii() and value.isdigit()
    return entered + value if single and len(entered) < most else entered


def digit(turn: Turn, scene: Digits | Code | Again, value: str) -> None:
    """One more digit."""
    most = CODE_DIGITS if isinstance(scene, Code) else KNOWN_DIGITS
    _retyped(turn, scene, appended(scene.entered, value, most))


def erase(turn: Turn, scene: Digits | Code | Again, _value: str) -> None:
    """The last digit goes."""
    _retyped(turn, scene, scene.entered[:-1])


def _retyped(turn: Turn, scene: Digits | Code | Again, entered: str) -> None:
    if isinstance(scene, Again):  # its minute began when the door closed
        turn.change(scene=replace(scene, entered=entered))
        return
    time = DIGITS_MS if isinstance(scene, Digits) else CODE_MS
    turn.change(scene=replace(scene, entered=entered, until_ms=turn.up_ms + time))


def digits_confirmed(turn: Turn, scene: Digits, _value: str) -> None:
    """Four digits: on to the code, which is kept when somebody only came back to correct them."""
    if len(scene.entered) == KNOWN_DIGITS:
        turn.go(Code(turn.up_ms + CODE_MS, scene.entered, scene.code))


def change(turn: Turn, scene: Code | Refused, _value: str) -> None:
    """Back to the known digits; nothing typed is lost."""
    kept = scene.entered if isinstance(scene, Code) else ""
    turn.go(Digits(turn.up_ms + DIGITS_MS, scene.known, kept))


def retry(turn: Turn, scene: Refused, _value: str) -> None:
    """Once more: the code again, or from the start after a QR."""
    if scene.qr or not scene.known or typed_tries(turn) == 0:
        start(turn, scene, "")
    else:
        turn.go(Code(turn.up_ms + CODE_MS, scene.known))


def submit(turn: Turn, scene: Code, _value: str) -> None:
    """Eight digits: compare, judge, answer."""
    if len(scene.entered) != CODE_DIGITS:
        return
    if typed_tries(turn) == 0:
        turn.tally("paused")
        turn.go(Paused(turn.up_ms + PAUSED_MS))
        return
    match = codes.the_one(codes.check_typed(turn.state.codes, scene.known, scene.entered))
    if match is None:
        seq = _charge(turn, scene.known)
        _answer_refusal(turn, seq, scene.known)
        return
    answer(turn, match, known=scene.known)


def answer(turn: Turn, match: codes.Match, known: str = "") -> None:
    """What a match leads to: *ready*, or plain words why not."""
    why = verdict(turn.state, match, turn.now)
    if why is None:
        turn.go(Ready(turn.up_ms + READY_MS, match))
        return
    seq = 0
    if why in CHARGED and match.standing is codes.Standing.SUPERSEDED and not match.by_token:
        seq = _charge(turn, known)
    tell(turn, why, match.cid, seq=seq)


def tell(turn: Turn, why: Why, cid: str = "", *, seq: int = 0, place: str = "") -> None:
    """Plain words for 60 s."""
    result = turn.state.result(cid)
    at_ms = result.hold_until_ms if result is not None and why is Why.EXPIRED else 0
    where = result.place if result is not None and why is Why.ELSEWHERE else place
    turn.go(Told(turn.up_ms + TOLD_MS, why, seq or turn.memory.seq, where, at_ms))


def _charge(turn: Turn, known: str) -> int:
    """State the refusal, then every holder's lock and the alarm that it brings about."""
    rows = codes.typed_for(turn.state.codes, known)
    before = turn.memory.accounts
    seq = turn.record(Kind.REFUSED, via="code", typed_for=rows)
    for cid, holder in rows:
        old, account = before.get((cid, holder)), turn.memory.accounts.get((cid, holder))
        if account is not None and account.locked and not (old is not None and old.locked):
            turn.record(Kind.RESULT_LOCKED, cid=cid, holder=holder)
    if typed_tries(turn) == 0:
        turn.fault("guessing")
    return seq


def _answer_refusal(turn: Turn, seq: int, known: str) -> None:
    if typed_tries(turn) == 0:
        turn.go(Paused(turn.up_ms + PAUSED_MS))
    else:
        turn.go(Refused(turn.up_ms + REFUSED_MS, seq, known))


def scan(turn: Turn, scene: object, value: str) -> None:
    """A line from the scanner while a citizen may show a QR. Junk never disturbs somebody typing."""
    what = recognise(value)
    if isinstance(what, TokenScan) and what.kiosk == turn.memory.kiosk:
        _token(turn, what.token)
    elif isinstance(what, TokenScan):
        tell(turn, Why.OTHER_KIOSK, place=what.kiosk)
    else:
        turn.tally("scan" if isinstance(what, JunkScan) else "scan_other")
        if isinstance(scene, Idle | Refused):
            turn.go(Refused(turn.up_ms + REFUSED_MS, turn.memory.seq, qr=True))


def _token(turn: Turn, token: str) -> None:
    match = codes.the_one(codes.check_token(turn.state.codes, token))
    if match is not None:
        answer(turn, match)
        return
    turn.tally("token")
    if turn.state.tallies["token"].count <= TOKEN_ROWS:
        turn.record(Kind.REFUSED, via="token", typed_for=[])
    turn.go(Refused(turn.up_ms + REFUSED_MS, turn.memory.seq, qr=True))
