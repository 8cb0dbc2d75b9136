"""`kiosk enroll URL CODE`: keys made here, entered at central with a code, its signed reply checked.

The law of this file: what fails changes nothing. New keys lie in a folder of their own, named after the
code, until central's reply is kept with them; one rename then decides, and everything after it is only
carried on with, however often it is interrupted. The journal of the epoch before is set aside, never deleted.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from requests import codes as status

from kiosk import clock, identity
from kiosk.config import Config
from kiosk.identity import Enrolment, IdentityError
from sync import enrolment
from sync.calls import PROBLEM, Answer, Call, CallError, Calls, Stamp
from sync.compact import write_json
from sync.enrolment import Code, CodeError, Reply
from sync.enrolment_letter import read_letter
from sync.fetch import MANIFEST_MEDIA
from sync.framing import LineError
from sync.jws import BadEnvelope
from sync.keys import Key, public_jwk, sync_folder
from sync.line import Line
from sync.transport import NotAllowedError, Way

JOURNAL = "journal.db"
PENDING = "new-"  # folder of keys that central has not answered for yet, and the code's hash
NAME_CHARACTERS = 16  # of the hash
FILES = (
    identity.STATEMENT,
    identity.MANIFEST,
    identity.TRANSPORT,
    identity.CENTRAL,
    identity.ENROLMENT,  # last: it says that the others are there
)
_JSON = {"Content-Type": "application/json"}
_WHY = {
    "enrolment-code": "the code is unknown, over 24 hours old, replaced or used: ask for a new one",
    "slow-down": "too many tries from here: wait a minute",
    "stamp": "central's clock jumped: try again",
    "strange": "the answer came from something else than central; check the address",
    "invalid": "central takes these keys for another kiosk's: ask for a new code",
}


class NotEnrolledError(IdentityError):
    """Not enrolled, for a reason that has a word: `_WHY`'s, or down, strange, other_central, other_kiosk."""

    def __init__(self, word: str, text: str) -> None:
        super().__init__(text)
        self.word = word


@dataclass(frozen=True, slots=True)
class _Fresh:
    """Keys that were made for one code."""

    folder: Path
    statement: Key
    manifest: Key
    transport: Key

    def kids(self) -> dict[str, str]:
        keys = (self.statement, self.manifest, self.transport)
        return {use: key.kid for use, key in zip(enrolment.USES, keys, strict=True)}


def enroll(config: Config, url: str, text: str) -> Enrolment:
    """Enrol this kiosk at central; begun again after an interruption it goes on where it was.

    Raises:
        IdentityError: not enrolled; keys and epoch before stay in use.
    """
    try:
        code = read_letter(text).code
    except CodeError as error:
        raise IdentityError(str(error)) from error
    _must_not_run(config)
    try:
        config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        _take_over(config)
        if not _enrolled_with(config, code):
            fresh = _fresh_keys(config.keys, code)
            remembered = _remembered(config)
            reply = _ask(config, url, code, fresh, remembered)
            _must_fit(config, reply, fresh, remembered)
            _keep(config, reply, fresh)
            _take_over(config)
    except OSError as error:
        raise IdentityError(f"{error.filename}: {error.strerror}; run it again") from error
    return identity.enrolment(config.keys)


def _must_not_run(config: Config) -> None:
    with contextlib.suppress(LineError):  # nobody answers: it does not run
        Line(config.socket).status()
        raise IdentityError("kiosk run is serving: stop it and kiosk sync first")


def _enrolled_with(config: Config, code: Code) -> bool:
    try:
        return identity.enrolment(config.keys).code == code.hash
    except IdentityError:  # none yet, or damaged: what this command is for
        return False


def _remembered(config: Config) -> int:
    """The highest epoch that files here tell of; 0 for none."""
    aside = [_epoch_of(path) - 1 for path in config.data.glob(f"{_aside(0).split('0', 1)[0]}*.db")]
    with contextlib.suppress(IdentityError):  # none yet, or damaged: the set-aside journals tell
        aside.append(identity.enrolment(config.keys).epoch)
    return max(aside, default=0)


def _aside(epoch: int) -> str:
    return f"journal-before-epoch-{epoch}.db"


def _epoch_of(path: Path) -> int:
    number = path.stem.rpartition("-")[2]
    return int(number) if number.isdecimal() else 0


def _fresh_keys(keys: Path, code: Code) -> _Fresh:
    folder = keys / f"{PENDING}{code.hash[:NAME_CHARACTERS]}"
    identity.make(folder)
    held = identity.run_keys(folder)
    return _Fresh(folder, held.statement, held.manifest, identity.transport_key(folder))


def _ask(config: Config, url: str, code: Code, fresh: _Fresh, remembered: int) -> Reply:
    halves = (fresh.statement, fresh.manifest, fresh.transport)
    keys = {use: public_jwk(key) for use, key in zip(enrolment.USES, halves, strict=True)}
    body = write_json({"code": code.secret, "epoch": remembered, **keys})
    call = Call("POST", enrolment.PATH, body, _JSON, most=enrolment.MOST_REPLY_BYTES)
    try:
        # A new Pi may not know the time; the reply bears the signature that the code names.
        way = Way(config.central_ca, config.central_proxy, lambda: clock.knows_time(config.clock))
        answer = Calls(url, fresh.transport, way, Stamp()).make(call)
        if answer.status != status.ok or answer.media != MANIFEST_MEDIA:
            word = _word(answer)
            why = _WHY.get(word) or f"central says {answer.status}"
            raise NotEnrolledError(word, f"not enrolled: {why}; nothing was changed")
        return enrolment.check_reply(answer.body.decode("ascii"), code)
    except (NotAllowedError, CallError) as error:
        text = f"{url}: {error}; nothing was changed here, run it again"
        raise NotEnrolledError("down", text) from error
    except (BadEnvelope, UnicodeDecodeError) as error:
        text = f"{url} is not the central that the code is from ({error}); nothing was changed"
        raise NotEnrolledError("other_central", text) from error


def _word(answer: Answer) -> str:
    if answer.media != PROBLEM:
        return "strange"
    return str(answer.json().get("type", "")).rpartition(":")[2]


def _must_fit(config: Config, reply: Reply, fresh: _Fresh, remembered: int) -> None:
    if reply.keys != fresh.kids():
        raise IdentityError("central entered other keys than these; ask for a new code")
    if reply.aud != config.kiosk:
        text = f"the code is for kiosk {reply.aud!r}, but {config.path} says {config.kiosk!r}"
        raise NotEnrolledError("other_kiosk", text)
    if reply.epoch <= remembered:
        raise IdentityError(f"epoch {reply.epoch} is not after {remembered}; ask for a new code")


def _keep(config: Config, reply: Reply, fresh: _Fresh) -> None:
    """Whole or not at all: the rename decides."""
    held = identity.Enrolment(reply.aud, reply.epoch, reply.central, reply.code, reply.next)
    identity.keep_enrolment(fresh.folder, held)
    fresh.folder.rename(config.keys / identity.ENROLLED)
    sync_folder(config.keys)


def _take_over(config: Config) -> None:
    """Put what was decided into its place; also what an earlier run left undone."""
    decided = config.keys / identity.ENROLLED
    if not decided.exists():
        return
    if (decided / FILES[0]).exists():  # nothing has moved yet: every file is there
        _set_journal_aside(config, identity.enrolment(decided).epoch)
    for name in FILES:
        if (decided / name).exists():
            (decided / name).replace(config.keys / name)
    sync_folder(config.keys)
    shutil.rmtree(decided)
    for left in config.keys.glob(f"{PENDING}*"):  # of codes that led nowhere
        shutil.rmtree(left)
    sync_folder(config.keys)


def _set_journal_aside(config: Config, epoch: int) -> None:
    """The write-ahead log first: until the journal itself has moved, this is done again."""
    path = config.data / JOURNAL
    if not path.exists():
        return
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(config.data / (_aside(epoch) + suffix))
    sync_folder(config.data)
