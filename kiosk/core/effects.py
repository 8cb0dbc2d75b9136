"""Everything the core asks for. Carried out in order; a `Record` is on the disk before the next starts."""

from __future__ import annotations

from dataclasses import dataclass, field

from sync.messages import Pin, Refusal, Statement


@dataclass(frozen=True, slots=True)
class Record:
    """Sign and store this statement (its `prev` is filled in by the journal)."""

    statement: Statement
    sealed: str = field(default="", repr=False)  # a manifest to store in the same transaction
    folded: bytes = field(default=b"", repr=False)  # a checkpoint's state, likewise


@dataclass(frozen=True, slots=True)
class Pulse:
    """Free one latch, once. Only ever after the `Record` that authorises it."""

    compartment: int


@dataclass(frozen=True, slots=True)
class TotpPair:
    """Two consecutive TOTP codes, typed while nobody knows the time: searched for after step `after`."""

    secret: str = field(repr=False)
    first: str = field(repr=False)
    second: str = field(repr=False)
    after: int


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Run scrypt in the worker, and the search for a pair of codes, and answer with `PinChecked`."""

    number: str
    entered: str = field(repr=False)
    pin: Pin = field(repr=False)
    pair: TotpPair | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ReadStory:
    """Read what happened to one compartment from the journal and answer with `StoryRead`."""

    compartment: int


@dataclass(frozen=True, slots=True)
class AnswerOffer:
    """Tell whoever offered a manifest what became of it."""

    offer: int
    ver: int
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class KeepManifest:
    """Store this manifest again: a row accepted it, and its copy is not on this card."""

    ver: int
    hash: str
    sealed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnswerRows:
    """Tell whoever offered own rows after which one more are wanted; or, with `done`, how it ended."""

    offer: int
    after: int = 0
    done: str = ""


@dataclass(frozen=True, slots=True)
class TakeIn:
    """The rows that lie aside become the journal, these follow, and the program starts anew from it."""

    statements: tuple[Statement, ...]


STICK_OFFER = -1  # `AnswerOffer.offer` of a manifest that came on a stick


@dataclass(frozen=True, slots=True)
class CallCentre:
    """Wake `sync`: it reports and fetches at once."""


@dataclass(frozen=True, slots=True)
class LookForStick:
    """Answer with `StickSeen`."""


@dataclass(frozen=True, slots=True)
class ImportStick:
    """Offer the newest manifest on the stick to the ladder; `in_force` is version and hash."""

    in_force: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class ExportStick:
    """Write the signed statements after this seq to the stick; answers `StickDone`."""

    after: int


StickEffect = LookForStick | ImportStick | ExportStick
RestoreEffect = KeepManifest | AnswerRows | TakeIn
Effect = (
    Record | Pulse | CheckPin | ReadStory | AnswerOffer | CallCentre | StickEffect | RestoreEffect
)
