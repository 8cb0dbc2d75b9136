"""Staff at the screen: number, PIN (scrypt, in a worker), TOTP; or card and PIN (DESIGN §7, §8).

Never the same TOTP step twice, whatever the clock does; a bucket per staff number, and one for all
numbers that nobody has, so that a refusal never says which part was wrong.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace

import pyotp

from kiosk.core import guessing
from kiosk.core.effects import CheckPin, TotpPair
from kiosk.core.entry import appended
from kiosk.core.fold import STRANGERS
from kiosk.core.guessing import full
from kiosk.core.recognise import StaffCardScan, recognise
from kiosk.core.staff_scenes import Login, LoginTrouble, Step
from kiosk.core.state import State, Turn
from sync.messages import Kind, Pin, Staff

LOGIN_MS = 60_000
NUMBER_DIGITS = 8
PIN_DIGITS = 6
TOTP_DIGITS = 6
TOTP_STEP_MS = 30_000
PAIR_STEPS = 200_000  # 69 days after what is surely past; a wrong pair fits once in 5 million
NOBODY = Pin(salt="AAAAAAAAAAAAAAAAAAAAAA", n=2**15, r=8, p=1, hash="A" * 43)


def login(turn: Turn, _scene: object, _value: str) -> None:
    """The hidden gesture was made."""
    turn.go(Login(turn.up_ms + LOGIN_MS))


def card_shown(turn: Turn, card: StaffCardScan) -> None:
    """A staff card, known here or not: its number stands, the PIN is asked, the TOTP is not."""
    shown = Login(turn.up_ms + LOGIN_MS, step=Step.PIN, number=card.number, card=card.token)
    turn.go(shown)


def scanned(turn: Turn, scene: Login, value: str) -> None:
    """A card instead of a typed number. Nothing else is looked for here."""
    what = recognise(value)
    if isinstance(what, StaffCardScan) and scene.step is Step.NUMBER:
        card_shown(turn, what)
    else:
        turn.tally("scan_ignored")


def card_fits(member: Staff, token: str) -> bool:
    """Whether these are the 22 characters of the member's present card; in constant time."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=")
    return bool(member.card) and hmac.compare_digest(digest, member.card.encode())


_FIELDS = {
    Step.NUMBER: ("number", NUMBER_DIGITS),
    Step.PIN: ("pin", PIN_DIGITS),
    Step.TOTP: ("totp", TOTP_DIGITS),
    Step.TOTP2: ("totp2", TOTP_DIGITS),
}


def _now_typed(scene: Login) -> str:
    """What stands in the boxes of this step."""
    return str(getattr(scene, _FIELDS[scene.step][0])) if scene.step in _FIELDS else ""


def _with_typed(scene: Login, text: str) -> Login:
    name = _FIELDS[scene.step][0]
    return replace(scene, **{name: text})  # type: ignore[arg-type]  # the four fields are texts


def digit(turn: Turn, scene: Login, value: str) -> None:
    """One more digit of whatever is asked."""
    if scene.step in _FIELDS:
        longer = appended(_now_typed(scene), value, _FIELDS[scene.step][1])
        _typed(turn, _with_typed(scene, longer))


def erase(turn: Turn, scene: Login, _value: str) -> None:
    """The last digit goes."""
    if scene.step in _FIELDS:
        _typed(turn, _with_typed(scene, _now_typed(scene)[:-1]))


def _typed(turn: Turn, scene: Login) -> None:
    later = turn.up_ms + LOGIN_MS
    turn.change(scene=replace(scene, until_ms=later, trouble=LoginTrouble.NONE))


def confirm(turn: Turn, scene: Login, _value: str) -> None:
    """The next step; after the last one the PIN goes to the worker, known number or not."""
    if scene.step is Step.NUMBER and scene.number:
        _typed(turn, replace(scene, step=Step.PIN))
    elif scene.step is Step.PIN and len(scene.pin) == PIN_DIGITS:
        if scene.card:
            _check(turn, scene)
        else:
            _typed(turn, replace(scene, step=Step.TOTP))
    elif scene.step is Step.TOTP and len(scene.totp) == TOTP_DIGITS:
        if turn.state.clock.trusted:
            _check(turn, scene)
        else:  # nobody knows the time: the code after this one as well
            _typed(turn, replace(scene, step=Step.TOTP2))
    elif scene.step is Step.TOTP2 and len(scene.totp2) == TOTP_DIGITS:
        _check(turn, scene)


def _check(turn: Turn, scene: Login) -> None:
    if staff_wait_ms(turn.state, scene.number, turn.up_ms) > 0:
        turn.tally("staff_paused")
        _again(turn, scene, LoginTrouble.LOCKED)
    else:
        member = member_of(turn.state, scene.number)
        pin = NOBODY if member is None else member.pin
        turn.effects.append(CheckPin(scene.number, scene.pin, pin, _pair(turn, scene, member)))
        waiting = replace(scene, step=Step.WAIT, pin="", until_ms=turn.up_ms + LOGIN_MS)
        turn.change(scene=waiting, pins_due=turn.state.pins_due + 1)


def _pair(turn: Turn, scene: Login, member: Staff | None) -> TotpPair | None:
    """The search for two consecutive codes, from what is surely past: the floor and the last step."""
    if member is None or not scene.totp2:
        return None
    last = turn.memory.staff_steps.get(member.number, -1)
    after = max(last, turn.state.clock.floor_ms // TOTP_STEP_MS - 1)
    return TotpPair(member.totp_secret, scene.totp, scene.totp2, after)


def find_pair(pair: TotpPair) -> int:
    """The step of the first code of a pair, -1 for none within `PAIR_STEPS` (RFC 6238, 30 s steps)."""
    make = pyotp.HOTP(pair.secret, digits=TOTP_DIGITS)
    before = ""
    for step in range(pair.after + 1, pair.after + PAIR_STEPS):
        code = make.at(step)
        if hmac.compare_digest(before, pair.first) and hmac.compare_digest(code, pair.second):
            return step - 1
        before = code
    return -1


def _again(turn: Turn, scene: Login, trouble: LoginTrouble) -> None:
    number = scene.number if trouble is LoginTrouble.LOCKED else ""
    turn.go(Login(turn.up_ms + LOGIN_MS, number=number, trouble=trouble))


def member_of(state: State, number: str) -> Staff | None:
    """The staff member with this number in the manifest in force."""
    staff = state.manifest.staff if state.manifest is not None else ()
    return next((s for s in staff if s.number == number), None)


def staff_wait_ms(state: State, number: str, up_ms: int) -> int:
    """Uptime until this staff number may try again; 0: now."""
    key = number if member_of(state, number) is not None else STRANGERS
    bucket = state.memory.staff_buckets.get(key, full(state.memory.policy, up_ms))
    return guessing.wait_ms(bucket, up_ms, state.memory.policy)


def pin_step(turn: Turn, scene: Login, *, fits: bool, pair_step: int = -1) -> Staff | None:
    """The worker has answered: the staff member who is in, or None after stating the refusal."""
    if scene.step is not Step.WAIT or turn.state.pins_due:
        return None  # the answer to somebody who went away meanwhile
    member = member_of(turn.state, scene.number)
    proof = _proof(turn, scene, member, pair_step) if member is not None else None
    if member is None or not fits or proof is None:
        turn.record(Kind.STAFF_REFUSED, staff=scene.number if member is not None else "")
        locked = staff_wait_ms(turn.state, scene.number, turn.up_ms) > 0
        _again(turn, scene, LoginTrouble.LOCKED if locked else LoginTrouble.REFUSED)
        return None
    end_paused(turn)
    fields: dict[str, object] = {"staff": member.number, "role": str(member.role), **proof}
    turn.record(Kind.STAFF_IN, sealed="", **fields)
    return member


def end_paused(turn: Turn) -> None:
    """Work that nobody came back to is over: stated, so that central sends the codes."""
    paused = turn.state.paused
    if paused is not None:
        turn.change(paused=None)
        turn.record(Kind.STAFF_OUT, staff=paused.session.staff, reason="idle")


def _proof(turn: Turn, scene: Login, member: Staff, pair_step: int) -> dict[str, object] | None:
    """What is stated of the second proof besides the PIN; None when it does not fit."""
    if scene.card:
        return {"card": True} if card_fits(member, scene.card) else None
    last = turn.memory.staff_steps.get(member.number, -1)
    step: int | None = None
    if scene.totp2:
        step = pair_step + 1 if pair_step > last else None  # the second code is used up too
    elif turn.state.clock.trusted:
        step = totp_step(member, scene.totp, turn.now.wall_ms, last)
    return None if step is None else {"step": step}


def totp_step(member: Staff, typed: str, wall_ms: int, last: int) -> int | None:
    """The TOTP step that `typed` belongs to (RFC 6238, 30 s, one step either way), newer than `last`."""
    if len(typed) != TOTP_DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    now = wall_ms // TOTP_STEP_MS
    make = pyotp.HOTP(member.totp_secret, digits=TOTP_DIGITS)
    hits = [s for s in (now - 1, now, now + 1) if hmac.compare_digest(make.at(s), typed)]
    fresh = [s for s in hits if s > last]
    return fresh[0] if fresh else None
