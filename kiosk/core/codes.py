"""Codes are prepared when they change, not when somebody types (DESIGN §5).

Every holder in the manifest in force has a few 12-digit strings ready: known digits and code together,
for the counters that may open (floor, floor + 1), the accepted one while it may still finish, and three
superseded ones for wording only. A submission is compared with all of them in constant time.
HOTP is RFC 4226 with 8 digits, made by pyotp.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import compress, repeat

import pyotp

from kiosk.core.memory import Memory
from sync.messages import CODE_DIGITS, KNOWN_DIGITS, Holder, Manifest, Result

LOOK_AHEAD = 1  # counters above the floor that still open: central never runs further ahead
SUPERSEDED = 3  # counters below the floor that are recognised, for wording only
TYPED = KNOWN_DIGITS + CODE_DIGITS

MadeKey = tuple[str, str, int, int]  # cid, holder, gen, counter
Made = Mapping[MadeKey, bytes]


class Standing(IntEnum):
    """What a prepared code can still do; higher wins when one holder matches twice."""

    SUPERSEDED = 0
    GOOD = 1
    FINISHES = 2


@dataclass(frozen=True, slots=True)
class Match:
    """Whose code or token was submitted."""

    cid: str
    holder: str
    gen: int
    counter: int
    standing: Standing
    by_token: bool = False


Entry = tuple[bytes, Match]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Texts, and beside them whose each is: a comparison runs over the texts alone."""

    texts: tuple[bytes, ...] = field(default=(), repr=False)
    matches: tuple[Match, ...] = field(default=(), repr=False)

    def hits(self, given: bytes) -> tuple[Match, ...]:
        """Every match, in constant time."""
        same = map(hmac.compare_digest, self.texts, repeat(given))
        return tuple(compress(self.matches, same))

    def without(self, cids: frozenset[str]) -> Prepared:
        """All but those of a few results."""
        kept = [match.cid not in cids for match in self.matches]
        return Prepared(tuple(compress(self.texts, kept)), tuple(compress(self.matches, kept)))

    def plus(self, entries: Iterable[Entry]) -> Prepared:
        """These and more."""
        texts, matches = list(self.texts), list(self.matches)
        for text, match in entries:
            texts.append(text)
            matches.append(match)
        return Prepared(tuple(texts), tuple(matches))


@dataclass(frozen=True, slots=True)
class Codes:
    """Everything that a submission is compared with."""

    typed: Prepared = field(default_factory=Prepared)
    tokens: Prepared = field(default_factory=Prepared)
    made: Made = field(default_factory=dict, repr=False)
    who: Mapping[str, list[list[str]]] = field(default_factory=dict, repr=False)


def hotp(secret: str, counter: int) -> str:
    """The 8-digit code of one counter."""
    return pyotp.HOTP(secret, digits=CODE_DIGITS).at(counter)


def made_ahead(manifest: Manifest) -> Made:
    """Every code that a manifest may need at first, for a worker: the slow part, without any state."""
    return {
        (result.cid, holder.id, holder.otp.gen, counter): _make(holder, counter)
        for result in manifest.results
        for holder in result.holders
        for counter in _window(holder.otp.counter)
    }


def _window(floor: int) -> range:
    return range(max(0, floor - SUPERSEDED), floor + LOOK_AHEAD + 1)


def _make(holder: Holder, counter: int) -> bytes:
    return (holder.known_digits + hotp(holder.otp.secret, counter)).encode()


def prepare(manifest: Manifest | None, memory: Memory, made: Made) -> Codes:
    """All codes for a manifest; `made` spares those that are known already."""
    if manifest is None:
        return Codes()
    return _prepared(manifest.results, memory, made, kept=Codes(who=_who(manifest)))


def _who(manifest: Manifest) -> dict[str, list[list[str]]]:
    """Known digits → everybody whose they are."""
    who: dict[str, list[list[str]]] = {}
    for result in manifest.results:
        for holder in result.holders:
            who.setdefault(holder.known_digits, []).append([result.cid, holder.id])
    return who


def refresh(codes: Codes, manifest: Manifest | None, memory: Memory, cids: frozenset[str]) -> Codes:
    """The same codes after the floors of a few results have moved."""
    if manifest is None or not cids:
        return codes
    kept = Codes(codes.typed.without(cids), codes.tokens.without(cids), who=codes.who)
    changed = [r for r in manifest.results if r.cid in cids]
    return _prepared(changed, memory, codes.made, kept)


def _prepared(results: Iterable[Result], memory: Memory, made: Made, kept: Codes) -> Codes:
    typed: list[Entry] = []
    tokens: list[Entry] = []
    new: dict[MadeKey, bytes] = {}
    for result in results:
        for holder in result.holders:
            for match in _matches(result.cid, holder, memory):
                key = (match.cid, match.holder, match.gen, match.counter)
                code = made.get(key) or new.get(key)
                if code is None:
                    code = new[key] = _make(holder, match.counter)
                typed.append((code, match))
            tokens.extend(_token(result.cid, holder, memory))
    made = made if not new else {**made, **new}
    return Codes(kept.typed.plus(typed), kept.tokens.plus(tokens), made, kept.who)


def _matches(cid: str, holder: Holder, memory: Memory) -> list[Match]:
    """The counters of one holder that are worth preparing. A lower gen than known here: none."""
    account = memory.accounts.get((cid, holder.id))
    if account is None or account.gen != holder.otp.gen:
        return []
    finishing = _finishing(cid, holder, memory)
    return [
        Match(cid, holder.id, account.gen, counter, _standing(counter, account.floor, finishing))
        for counter in _window(account.floor)
    ]


def _standing(counter: int, floor: int, finishing: int | None) -> Standing:
    if counter == finishing:
        return Standing.FINISHES
    return Standing.GOOD if counter >= floor else Standing.SUPERSEDED


def _finishing(cid: str, holder: Holder, memory: Memory) -> int | None:
    acceptance = memory.acceptances.get(cid)
    if acceptance is None or acceptance.void or acceptance.holder != holder.id:
        return None
    if acceptance.gen != holder.otp.gen or not _unfinished(cid, memory):
        return None
    return acceptance.counter


def _unfinished(cid: str, memory: Memory) -> bool:
    return any(phase == "accepted" for phase in memory.parts_of(cid).values())


def _token(cid: str, holder: Holder, memory: Memory) -> list[tuple[bytes, Match]]:
    """A token dies when the floor passes its counter, but may finish what it began."""
    account = memory.accounts.get((cid, holder.id))
    if holder.token is None or account is None or account.gen != holder.otp.gen:
        return []
    counter = holder.token.counter
    standing = _standing(counter, account.floor, _finishing(cid, holder, memory))
    match = Match(cid, holder.id, account.gen, counter, standing, by_token=True)
    return [(holder.token.sha256.encode(), match)]


def check_typed(codes: Codes, known: str, code: str) -> tuple[Match, ...]:
    """Every match of one submission, in constant time. Anything but 4 + 8 ASCII digits matches none."""
    text = known + code
    if len(known) != KNOWN_DIGITS or len(text) != TYPED or not (text.isascii() and text.isdigit()):
        return ()
    return codes.typed.hits(text.encode())


def check_token(codes: Codes, token: str) -> tuple[Match, ...]:
    """Every match of a scanned token (22 base64url characters), in constant time."""
    digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
    return codes.tokens.hits(base64.urlsafe_b64encode(digest).rstrip(b"="))


def the_one(matches: tuple[Match, ...]) -> Match | None:
    """The only holder who matches; None when nobody or more than one does.

    Superseded codes exist for wording only, so they never stand in the way of a good one.
    """
    best = [m for m in matches if m.standing is not Standing.SUPERSEDED] or list(matches)
    if len({(m.cid, m.holder) for m in best}) != 1:
        return None
    return max(best, key=lambda m: (m.standing, m.counter))


def typed_for(codes: Codes, known: str) -> list[list[str]]:
    """Everybody whose known digits were typed: [[cid, holder], …]; for the count per holder."""
    return [list(holder) for holder in codes.who.get(known, ())]


def forget_stale(codes: Codes) -> Codes:
    """Drop made codes that nothing prepared uses any more, so that they do not pile up."""
    used = {(m.cid, m.holder, m.gen, m.counter) for m in codes.typed.matches}
    return replace(codes, made={k: v for k, v in codes.made.items() if k in used})


def as_it_stands(codes: Codes, match: Match) -> Match | None:
    """The same counter of the same holder with its standing of now; None when it opens nothing more."""
    prepared = codes.tokens if match.by_token else codes.typed
    same = (match.cid, match.holder, match.gen, match.counter)
    found = (m for m in prepared.matches if m.cid == match.cid)
    return next((m for m in found if (m.cid, m.holder, m.gen, m.counter) == same), None)
