"""What goes to and fro when a kiosk is enrolled with a code (from version 1.1), as tables."""

from __future__ import annotations

from sync.forms import HASH, POSITIVE, Field, Form, number, object_of, text

THUMBPRINT = text("key id", "[A-Za-z0-9_-]{43}")
MOST_EPOCH = 1_000_000
ID = text("id", "[A-Za-z0-9._-]{1,64}")
KIOSK = text("kiosk id", "[A-Za-z0-9_-]{1,64}")
TIME = text("time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


def _jwk(curve: str) -> Form:
    fields = (
        Field("kty", Form("OKP", {"const": "OKP"})),
        Field("crv", Form(curve, {"const": curve})),
        Field("x", text("x", "[A-Za-z0-9_-]{43}")),
        Field("kid", THUMBPRINT, optional=True),
    )
    return Form(f"public JWK, {curve}", object_of(fields))


SIGNING = _jwk("Ed25519")
OPENING = _jwk("X25519")
NEXT = Form(
    "{kid, jwk}",
    object_of((Field("kid", THUMBPRINT), Field("jwk", SIGNING))),
)
KEY_IDS = Form(
    "{statement, manifest, transport}",
    object_of(Field(name, THUMBPRINT) for name in ("statement", "manifest", "transport")),
)
REQUEST = (
    Field("code", text("22 of base64url", "[A-Za-z0-9_-]{22}"), "the middle part of the code"),
    Field("epoch", number("whole", 0, MOST_EPOCH), "highest that this kiosk remembers, 0 for none"),
    Field("statement", SIGNING, "signs statements"),
    Field("manifest", OPENING, "opens manifests"),
    Field("transport", SIGNING, "signs requests, this one too"),
)
REPLY = (
    Field("iss", ID, "id of central"),
    Field("aud", KIOSK, "the kiosk that the code was made for"),
    Field("epoch", POSITIVE, "that counts from now on"),
    Field("iat", TIME, "when it was entered"),
    Field("code", HASH, "hash of the 22 characters: this reply is to that code"),
    Field("keys", KEY_IDS, "key ids that central has entered for this kiosk"),
    Field("central", SIGNING, "whose key id stands in the code: it signs this reply and manifests"),
    Field("next", NEXT, "as in a manifest, while a rotation is under way", optional=True),
)
