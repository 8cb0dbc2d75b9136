"""The public keys of kiosks: read, held against each other, and kept for every epoch.

The law of this file: a key belongs to one kiosk, one epoch and one use, for ever. Keys that are over are
kept, so that whoever still signs with them is told by name that somebody else took their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.central.enrolment_tables import KioskKey
from sync.central.tables import Kiosk
from sync.enrolment import USES
from sync.envelopes import seal_manifest
from sync.keys import OPENING, SIGNING, BadKeyError, Key, new_signing_key, public_jwk, read_key


@dataclass(frozen=True, slots=True)
class KioskKeys:
    """The public halves of a kiosk's keys."""

    statement: Key  # Ed25519
    manifest: Key  # X25519
    transport: Key  # Ed25519

    def jwks(self) -> list[dict[str, str]]:
        """As JWK, in the order of the fields."""
        return [public_jwk(key) for key in (self.statement, self.manifest, self.transport)]

    def kids(self) -> dict[str, str]:
        """Key ids by use."""
        return {use: jwk["kid"] for use, jwk in zip(USES, self.jwks(), strict=True)}


def read_kiosk_keys(jwks: Mapping[str, object]) -> KioskKeys:
    """Keys from {"statement", "manifest", "transport"} as JWK.

    Raises:
        BadKeyError: one of them is none of its kind, or two are the same.
    """
    keys = KioskKeys(
        read_key(jwks.get("statement"), curve=SIGNING),
        read_key(jwks.get("manifest"), curve=OPENING),
        read_key(jwks.get("transport"), curve=SIGNING),
    )
    if keys.statement.kid == keys.transport.kid:
        raise BadKeyError("two of the keys are the same")
    try:  # a point of low order (RFC 7748 §6.1) would come out only when a manifest is made
        seal_manifest({}, signer=new_signing_key(), recipient_public=keys.manifest)
    except ValueError:
        raise BadKeyError("nothing can be sealed for the manifest key") from None
    return keys


def note(
    session: Session, kiosk: Kiosk, keys: KioskKeys, now_ms: int, *, by_hand: bool = False
) -> None:
    """Keep these as the keys of the kiosk's present epoch.

    `by_hand`: from a file, where a kiosk that lost one key may keep the others (protocol §6.1).

    Raises:
        BadKeyError: another kiosk, epoch or use has one of them; undo the transaction.
    """
    for use, jwk in zip(USES, keys.jwks(), strict=True):
        row = session.get(KioskKey, jwk["kid"])
        if row is None:
            row = KioskKey(kid=jwk["kid"], kiosk=kiosk.id, use=use, jwk=jwk)
            session.add(row)
        elif not by_hand or (row.kiosk, row.use) != (kiosk.id, use):
            raise BadKeyError("one of the keys belongs to another kiosk, or to an earlier epoch")
        row.epoch, row.entered_ms = kiosk.epoch, now_ms


def former(session: Session, kiosk: Kiosk, use: str) -> dict[str, Key]:
    """The keys of earlier epochs for one use, by key id."""
    theirs = (KioskKey.kiosk == kiosk.id, KioskKey.epoch < kiosk.epoch, KioskKey.use == use)
    rows = session.scalars(select(KioskKey).where(*theirs))
    return {row.kid: read_key(row.jwk) for row in rows}
