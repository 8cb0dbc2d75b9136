"""The one call that a kiosk makes before it is known: `POST /v1/enrolments`."""

from __future__ import annotations

import logging
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from sync.calls import REQUEST_HEADER
from sync.central import enrolments
from sync.central.desk import desk_of
from sync.central.kiosk_keys import read_kiosk_keys
from sync.central.problems import ProblemError, documented
from sync.central.store import Store
from sync.enrolment import MOST_EPOCH, MOST_REQUEST_BYTES, PATH
from sync.fetch import MANIFEST_MEDIA
from sync.jws import BadEnvelope
from sync.keys import BadKeyError, Key
from sync.stamps import check_request, check_stamp

THUMBPRINT = r"^[A-Za-z0-9_-]{43}$"
SLOWLY_S = 60  # then a new minute has begun
_LOG = logging.getLogger("kiosk.central")
router = APIRouter(tags=["kiosk"])


class SigningJwk(BaseModel):
    """A public JWK, Ed25519."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str = Field(pattern=THUMBPRINT)
    kid: str | None = Field(default=None, pattern=THUMBPRINT)


class OpeningJwk(BaseModel):
    """A public JWK, X25519."""

    kty: Literal["OKP"]
    crv: Literal["X25519"]
    x: str = Field(pattern=THUMBPRINT)
    kid: str | None = Field(default=None, pattern=THUMBPRINT)


class EnrolmentIn(BaseModel):
    """A code and the keys that were made at the kiosk."""

    code: str = Field(pattern=r"^[A-Za-z0-9_-]{22}$")
    epoch: int = Field(ge=0, le=MOST_EPOCH, strict=True)
    statement: SigningJwk
    manifest: OpeningJwk
    transport: SigningJwk


async def body_of(request: Request) -> bytes:
    """The bytes that were signed."""
    if int(request.headers.get("content-length", "0")) > MOST_REQUEST_BYTES:
        raise ProblemError(413, "too-large")
    return await request.body()


@router.post(
    PATH,
    response_class=Response,
    responses={
        200: {"content": {MANIFEST_MEDIA: {}}, "description": "The signed reply"},
        **documented(401, 403, 413, 422, 429),
    },
)
def enrol(
    request: Request, body: Annotated[bytes, Depends(body_of)], sent: EnrolmentIn
) -> Response:
    """Enter the keys that were made at a kiosk whose code this is; the same again: the same reply."""
    store = desk_of(request).store
    try:
        keys = read_kiosk_keys(sent.model_dump(exclude_none=True))
    except BadKeyError as error:
        raise ProblemError(422, "invalid", str(error)) from error
    _believe(store, request, body, keys.transport)
    try:
        enrolments.count_try(store, request.client.host if request.client else "")
        kiosk, reply = enrolments.enrol(store, enrolments.Asked(sent.code, sent.epoch, keys))
    except enrolments.TooOftenError as error:
        raise ProblemError(429, "slow-down", "ten tries a minute", retry_s=SLOWLY_S) from error
    except enrolments.RefusedError as error:
        raise ProblemError(403, "enrolment-code", "a new code is needed") from error
    except BadKeyError as error:
        raise ProblemError(422, "invalid", str(error)) from error
    _LOG.info("enrolled", extra={"fields": {"kiosk": kiosk}})
    return Response(reply, media_type=MANIFEST_MEDIA, headers={"Cache-Control": "no-store"})


def _believe(store: Store, request: Request, body: bytes, key: Key) -> None:
    """Whether the sender holds the transport key that it wants entered."""
    proof = request.headers.get(REQUEST_HEADER, "")
    try:
        stamp = check_request(proof, method=request.method, path=PATH, body=body, key=key)
    except BadEnvelope as error:
        raise ProblemError(401, "signature", str(error)) from error
    if not check_stamp(store.stamp_secret, stamp, store.now()):
        raise ProblemError(401, "stamp", "too old: repeat with the stamp of this answer")
