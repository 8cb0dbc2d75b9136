import json

import pytest

from sync.envelopes import Opened, Refused, seal_manifest
from sync.keys import new_opening_key, new_signing_key, public
from sync.messages import MAX_MANIFEST_BYTES, Refusal
from tests.sync.hostile import (
    HOLDER,
    INNER,
    KIOSK,
    MANIFEST,
    OPENER,
    OUTER,
    RESULT,
    SIGNER,
    STRANGER,
    VER,
    as_json,
    b64,
    manifest,
    opened,
    sealed,
    signed,
    signed_raw,
    unb64,
    with_header,
)

PAYLOAD = as_json(MANIFEST)
GOOD = manifest()
INNER_TEXT = signed(PAYLOAD)
DOTS = [at for at, letter in enumerate(GOOD) if letter == "."]
UNSIGNED = b64(as_json({**INNER, "alg": "none"})) + "." + b64(PAYLOAD) + "."
ALG_TWICE = as_json(INNER)[:-1] + b', "alg": "Ed25519"}'
NINES = "9" * 5000
EPK = json.loads(unb64(GOOD.split(".")[0]))["epk"]


def _swap(text: str, segment: int, at: int) -> str:
    """One bit of one segment turned over."""
    parts = text.split(".")
    data = bytearray(unb64(parts[segment]))
    data[at] ^= 1
    parts[segment] = b64(bytes(data))
    return ".".join(parts)


def _segment(text: str, number: int, other: str) -> str:
    return ".".join(other if at == number else part for at, part in enumerate(text.split(".")))


def _same_bits_spelt_otherwise(text: str) -> str:
    """The tag's last character carries four bits that mean nothing: set one."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def _raw(text: str) -> str:
    return sealed(signed(text.encode()))


def _twice(name: str) -> str:
    return PAYLOAD.decode().replace(f'"{name}"', f'"{name}": "0000", "{name}"')


def _dossier(code: str) -> dict[str, object]:
    return {**RESULT, "dossiers": [code]}


def _otp(**other: object) -> dict[str, object]:
    otp = HOLDER["otp"]
    assert isinstance(otp, dict)
    return {**RESULT, "holders": [{**HOLDER, "otp": {**otp, **other}}]}


ROWS: list[tuple[str, Refusal, str | bytes]] = [
    ("more than 8 MiB", Refusal.SIZE, "a" * (MAX_MANIFEST_BYTES + 1)),
    ("more than 8 MiB of bytes", Refusal.SIZE, b"." * (MAX_MANIFEST_BYTES + 1)),
    ("nothing", Refusal.OUTER_FORM, ""),
    ("no JOSE at all", Refusal.OUTER_FORM, "<html>502 Bad Gateway</html>"),
    ("letters outside ASCII", Refusal.OUTER_FORM, "tủ.hồ.sơ.24.7"),
    ("bytes outside ASCII", Refusal.OUTER_FORM, b"\xff\xfe.\x00.a.b.c"),
    ("signed but not sealed", Refusal.OUTER_FORM, INNER_TEXT),
    ("JSON serialisation", Refusal.OUTER_FORM, '{"protected":"e30","ciphertext":""}'),
    ("two recipients", Refusal.OUTER_FORM, '{"recipients":[{},{}],"ciphertext":""}'),
    ("a sixth segment", Refusal.OUTER_FORM, GOOD + ".AAAA"),
    ("a line end behind it", Refusal.OUTER_FORM, GOOD + "\n"),
    ("padding", Refusal.OUTER_FORM, GOOD + "=="),
    ("the same bits spelt otherwise", Refusal.OUTER_FORM, _same_bits_spelt_otherwise(GOOD)),
    ("an outer header that is a list", Refusal.OUTER_FORM, _segment(GOOD, 0, b64(b"[]"))),
    ("an outer header of dust", Refusal.OUTER_FORM, _segment(GOOD, 0, b64(b"[" * 700))),
    ("an endless outer header", Refusal.OUTER_FORM, _segment(GOOD, 0, "e" * 1025)),
    ("zip in its name only", Refusal.OUTER_FORM, with_header(GOOD, zip="DEF")),
    ("really zipped", Refusal.OUTER_FORM, sealed(INNER_TEXT, {**OUTER, "zip": "DEF"})),
    ("crit", Refusal.OUTER_FORM, with_header(GOOD, crit=["exp"], exp=1)),
    ("another enc", Refusal.OUTER_FORM, sealed(INNER_TEXT, {**OUTER, "enc": "A128GCM"})),
    ("a CBC enc", Refusal.OUTER_FORM, sealed(INNER_TEXT, {**OUTER, "enc": "A256CBC-HS512"})),
    ("a wrapped key", Refusal.OUTER_FORM, sealed(INNER_TEXT, {**OUTER, "alg": "ECDH-ES+A256KW"})),
    ("a key beside the agreement", Refusal.OUTER_FORM, _segment(GOOD, 1, b64(b"k" * 32))),
    ("alg dir", Refusal.OUTER_FORM, with_header(GOOD, alg="dir")),
    ("alg a list", Refusal.OUTER_FORM, with_header(GOOD, alg=["ECDH-ES"])),
    ("no kid", Refusal.OUTER_FORM, sealed(INNER_TEXT, {"alg": "ECDH-ES", "enc": "A256GCM"})),
    ("epk with a private half", Refusal.OUTER_FORM, with_header(GOOD, epk={**EPK, "d": "AA"})),
    ("epk on another curve", Refusal.OUTER_FORM, with_header(GOOD, epk={**EPK, "crv": "X448"})),
    ("epk too short", Refusal.OUTER_FORM, with_header(GOOD, epk={**EPK, "x": "AAAA"})),
    ("epk no object", Refusal.OUTER_FORM, with_header(GOOD, epk="x")),
    ("a short iv", Refusal.OUTER_FORM, _segment(GOOD, 2, b64(b"i" * 8))),
    ("a short tag", Refusal.OUTER_FORM, _segment(GOOD, 4, b64(b"t" * 12))),
    ("a point of low order", Refusal.DECRYPT, with_header(GOOD, epk={**EPK, "x": b64(bytes(32))})),
    ("tampered iv", Refusal.DECRYPT, _swap(GOOD, 2, 0)),
    ("tampered ciphertext", Refusal.DECRYPT, _swap(GOOD, 3, 200)),
    ("tampered tag", Refusal.DECRYPT, _swap(GOOD, 4, 3)),
    ("tampered outer header", Refusal.DECRYPT, with_header(GOOD, kid="somebody")),
    ("sealed for another kiosk", Refusal.DECRYPT, sealed(INNER_TEXT, to=new_opening_key())),
    ("no ciphertext", Refusal.DECRYPT, _segment(GOOD, 3, "")),
    ("sealed emptiness", Refusal.INNER_FORM, sealed("")),
    ("sealed but not signed", Refusal.INNER_FORM, sealed(PAYLOAD.decode())),
    ("inner JSON serialisation", Refusal.INNER_FORM, sealed('{"payload":"e30","signatures":[]}')),
    ("inner letters outside ASCII", Refusal.INNER_FORM, sealed("tủ.hồ.sơ")),
    ("a fourth inner segment", Refusal.INNER_FORM, sealed(INNER_TEXT + ".AAAA")),
    ("alg none", Refusal.INNER_FORM, sealed(signed(PAYLOAD, {**INNER, "alg": "none"}))),
    ("alg none, unsigned", Refusal.INNER_FORM, sealed(UNSIGNED)),
    ("alg EdDSA", Refusal.INNER_FORM, sealed(signed(PAYLOAD, {**INNER, "alg": "EdDSA"}))),
    ("alg HS256", Refusal.INNER_FORM, sealed(signed(PAYLOAD, {**INNER, "alg": "HS256"}))),
    ("alg a number", Refusal.INNER_FORM, sealed(signed(PAYLOAD, {**INNER, "alg": 1}))),
    ("b64 false", Refusal.INNER_FORM, sealed(signed(PAYLOAD, {**INNER, "b64": False}))),
    ("inner crit", Refusal.INNER_FORM, sealed(signed(PAYLOAD, {**INNER, "crit": ["b64"]}))),
    ("inner zip", Refusal.INNER_FORM, sealed(signed(PAYLOAD, {**INNER, "zip": "DEF"}))),
    ("a key of its own", Refusal.INNER_FORM, sealed(signed(PAYLOAD, {**INNER, "jwk": {}}))),
    ("alg twice", Refusal.INNER_FORM, sealed(signed_raw(PAYLOAD, ALG_TWICE))),
    ("an endless inner header", Refusal.INNER_FORM, sealed("e" * 600 + ".e30.AAAA")),
    ("inner payload no base64url", Refusal.INNER_FORM, sealed(_segment(INNER_TEXT, 1, "a+b/"))),
    ("no inner kid", Refusal.KEY_ID, sealed(signed(PAYLOAD, {**INNER, "kid": None}))),
    ("inner kid a list", Refusal.KEY_ID, sealed(signed(PAYLOAD, {**INNER, "kid": [SIGNER.kid]}))),
    ("a stranger's kid", Refusal.KEY_ID, sealed(signed(PAYLOAD, {**INNER, "kid": STRANGER.kid}))),
    ("a stranger's signature", Refusal.SIGNATURE, sealed(signed(PAYLOAD, key=STRANGER))),
    ("tampered payload", Refusal.SIGNATURE, sealed(_swap(INNER_TEXT, 1, 30))),
    ("tampered signature", Refusal.SIGNATURE, sealed(_swap(INNER_TEXT, 2, 5))),
    ("no signature", Refusal.SIGNATURE, sealed(_segment(INNER_TEXT, 2, ""))),
    ("short signature", Refusal.SIGNATURE, sealed(INNER_TEXT[:-4])),
    ("a statement", Refusal.TYPE, sealed(signed(PAYLOAD, {**INNER, "typ": "hoso-statement+jws"}))),
    ("no typ", Refusal.TYPE, sealed(signed(PAYLOAD, {"alg": "Ed25519", "kid": SIGNER.kid}))),
    ("no JSON", Refusal.SCHEMA, _raw("papers")),
    ("a JSON list", Refusal.SCHEMA, _raw("[1]")),
    ("a field twice", Refusal.SCHEMA, _raw(PAYLOAD.decode()[:-1] + ', "ver": 1}')),
    ("a field of a holder twice", Refusal.SCHEMA, _raw(_twice("known_digits"))),
    ("NaN", Refusal.SCHEMA, _raw(PAYLOAD.decode().replace(str(VER), "NaN"))),
    ("Infinity", Refusal.SCHEMA, _raw(PAYLOAD.decode().replace(str(VER), "-Infinity"))),
    ("a number of 5,000 digits", Refusal.SCHEMA, _raw(PAYLOAD.decode().replace(str(VER), NINES))),
    ("a number of 400 digits", Refusal.SCHEMA, manifest(ver=10**400)),
    ("a version that is a fraction", Refusal.SCHEMA, manifest(ver=VER + 0.5)),
    ("a version that is true", Refusal.SCHEMA, manifest(ver=True)),
    ("100,000 brackets", Refusal.SCHEMA, _raw("[" * 100_000)),
    ("100,000 objects", Refusal.SCHEMA, _raw('{"a":' * 100_000)),
    ("UTF-16", Refusal.SCHEMA, sealed(signed(PAYLOAD.decode().encode("utf-16")))),
    ("a byte order mark", Refusal.SCHEMA, sealed(signed(b"\xef\xbb\xbf" + PAYLOAD))),
    ("half a character", Refusal.SCHEMA, manifest(results=[{**RESULT, "recipient": "\ud800"}])),
    ("half a character in a list", Refusal.SCHEMA, manifest(results=[_dossier("\udfff")])),
    ("no results", Refusal.SCHEMA, manifest(results=None)),
    ("a cid twice", Refusal.SCHEMA, manifest(results=[RESULT, RESULT])),
    ("a code of six digits", Refusal.SCHEMA, manifest(results=[_otp(digits=6)])),
    ("for another kiosk", Refusal.AUDIENCE, manifest(aud="q1-p07")),
    ("for this kiosk in capitals", Refusal.AUDIENCE, manifest(aud=KIOSK.upper())),
    ("of an earlier epoch", Refusal.EPOCH, manifest(epoch=2)),
    ("of a later epoch", Refusal.EPOCH, manifest(epoch=4)),
    ("older", Refusal.VERSION, manifest(ver=VER - 1)),
    ("same version, other hash", Refusal.SAME_VERSION_OTHER_HASH, manifest(policy={"bucket": 5})),
]


@pytest.mark.parametrize(("why", "text"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_hostile_manifest_is_refused_by_its_own_name(why: Refusal, text: str | bytes) -> None:
    verdict = opened(text, in_force=(VER, "the-one-in-force"))
    assert isinstance(verdict, Refused)
    assert verdict.refusal is why


def test_every_rung_of_the_ladder_has_a_hostile_example() -> None:
    merging = {Refusal.HEAD_AHEAD, Refusal.HEAD_DIFFERS}  # judged by the core, against the journal
    assert {row[1] for row in ROWS} == set(Refusal) - merging


def test_a_good_manifest_is_opened_and_named_by_its_inner_hash() -> None:
    made = seal_manifest(MANIFEST, signer=SIGNER, recipient_public=public(OPENER))
    verdict = opened(made.jwe)
    assert isinstance(verdict, Opened)
    assert (verdict.ver, verdict.hash) == (VER, made.hash)
    assert verdict.manifest.results[0].recipient == "Nguyễn V** A"


def test_the_manifest_in_force_opens_again_after_a_restart() -> None:
    made = seal_manifest(MANIFEST, signer=SIGNER, recipient_public=public(OPENER))
    assert isinstance(opened(made.jwe, in_force=(VER, made.hash)), Opened)
    assert isinstance(opened(made.jwe.encode(), in_force=(VER, made.hash)), Opened)


def test_sealing_one_signed_manifest_twice_keeps_its_name() -> None:
    one, two = (seal_manifest(MANIFEST, signer=SIGNER, recipient_public=OPENER) for _ in range(2))
    assert one.jwe != two.jwe
    assert one.hash == two.hash


def test_a_replayed_older_manifest_is_refused_and_says_which() -> None:
    verdict = opened(GOOD, in_force=(VER + 1, "newer"))
    assert isinstance(verdict, Refused)
    assert (verdict.refusal, verdict.ver) == (Refusal.VERSION, VER)
    assert len(verdict.hash) == 43


def test_a_refusal_below_the_seal_names_neither_version_nor_hash() -> None:
    verdict = opened(GOOD[:-30])
    assert isinstance(verdict, Refused)
    assert (verdict.ver, verdict.hash) == (None, "")


def test_a_manifest_cut_short_anywhere_is_refused() -> None:
    cuts = [*range(0, len(GOOD), 97), *(dot + more for dot in DOTS for more in (0, 1))]
    verdicts = [opened(GOOD[:cut]) for cut in cuts]
    assert {type(verdict) for verdict in verdicts} == {Refused}


def test_a_signed_text_cut_short_anywhere_is_refused() -> None:
    verdicts = [opened(sealed(INNER_TEXT[:cut])) for cut in range(0, len(INNER_TEXT), 41)]
    assert {type(verdict) for verdict in verdicts} == {Refused}


def test_names_are_taken_in_one_normal_form() -> None:
    verdict = opened(manifest(results=[{**RESULT, "recipient": "Nguye\u0302\u0303n"}]))
    assert isinstance(verdict, Opened)
    assert verdict.manifest.results[0].recipient == "Nguy\u1ec5n"


def test_a_field_that_a_later_version_adds_is_passed_over() -> None:
    assert isinstance(opened(manifest(later={"x": [1.5, None]})), Opened)


def test_a_detail_quotes_no_secret() -> None:
    rows = [manifest(results=[_otp(secret="short-secret")]), _raw(_twice("known_digits"))]
    details = [verdict.detail for verdict in map(opened, rows) if isinstance(verdict, Refused)]
    assert len(details) == 2
    assert not [text for text in details if "short-secret" in text or "4827" in text]


def test_a_manifest_too_large_to_be_read_is_never_made() -> None:
    with pytest.raises(ValueError, match="bytes"):
        seal_manifest({"x": "y" * 5_000_000}, signer=SIGNER, recipient_public=OPENER)


def test_a_manifest_beyond_the_default_limits_of_the_library_is_opened() -> None:
    results = [{**RESULT, "cid": f"c{n}"} for n in range(500)]
    assert isinstance(opened(manifest(results=results)), Opened)


def test_a_manifest_is_neither_signed_nor_sealed_with_the_wrong_kind_of_key() -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        seal_manifest(MANIFEST, signer=OPENER, recipient_public=OPENER)
    with pytest.raises(ValueError, match="X25519"):
        seal_manifest(MANIFEST, signer=SIGNER, recipient_public=new_signing_key())
