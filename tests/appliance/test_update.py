"""A newer signed release from a folder or over https; everything else is refused with a word."""

import json
import socket
import ssl
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import cli_appliance
from kiosk.appliance import bundle_make, outcome, update
from kiosk.appliance.ground import ApplianceError, Ground, quiet
from kiosk.appliance.outcome import Outcome
from kiosk.appliance.places import CURRENT, STAMP, Places
from kiosk.appliance.signing import NOTE, SIGNATURE, order, sign
from kiosk.appliance.trial import Why
from tests.appliance import tiny
from tests.sync.certificates import certificate
from tests.sync.wire import http, listening, read_request

PEM = serialization.Encoding.PEM
PRIVATE = serialization.PrivateFormat.PKCS8
PUBLIC = serialization.PublicFormat.SubjectPublicKeyInfo
PLAIN = serialization.NoEncryption()
SERVES = "1.0.0+00000000"


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    """A machine with release 1.0.0 that looks for newer ones in a folder."""
    root = tmp_path / "root"
    home = Places(root).release(SERVES)
    home.mkdir(parents=True)
    (home / STAMP).write_text('{"version": "1.0.0"}', encoding="utf-8")
    ground = Ground(root, say=quiet)
    ground.link(CURRENT, f"releases/{SERVES}")
    key = Ed25519PrivateKey.generate()
    (tmp_path / "key.pem").write_bytes(key.private_bytes(PEM, PRIVATE, PLAIN))
    ground.write("/etc/kiosk/release-key.pem", key.public_key().public_bytes(PEM, PUBLIC))
    ground.write("/etc/kiosk/update.toml", f'source = "{tmp_path / "source"}"\n'.encode())
    publish(tmp_path, "1.1.0")
    return ground


def publish(tmp_path: Path, version: str) -> None:
    """As `./dev bundle OUT --sign KEY` does."""
    source = tmp_path / "source"
    source.mkdir(exist_ok=True)
    made = tiny.bundle(tmp_path / f"bundle-{version}", version)
    archive = source / f"kiosk-{version}.tar.gz"
    bundle_make.pack(made, archive)
    bundle_make.sign(made, archive, tmp_path / "key.pem")


def test_a_newer_one_is_found_fetched_and_unpacked(ground: Ground) -> None:
    found = update.newer(ground)
    assert found is not None
    assert found.version == "1.1.0"
    with update.fetched(found) as archive, cli_appliance.unpacked(archive) as folder:
        assert (folder / "kiosk/version.py").read_text(encoding="utf-8") == 'VERSION = "1.1.0"\n'
    assert not archive.exists()


@pytest.mark.parametrize("version", ["1.0.0", "0.9.9"])
def test_never_the_same_one_and_never_an_older_one(
    ground: Ground, tmp_path: Path, version: str
) -> None:
    publish(tmp_path, version)
    assert update.newer(ground) is None


def test_versions_are_compared_as_numbers() -> None:
    assert order("1.10.0") > order("1.9.0") > order("1.9") == order("x")


def test_without_update_toml_nothing_is_looked_for(ground: Ground) -> None:
    ground.remove("/etc/kiosk/update.toml")
    ground.remove("/etc/kiosk/release-key.pem")
    assert update.newer(ground) is None


def changed_note(source: Path) -> None:
    note = json.loads((source / NOTE).read_text(encoding="utf-8"))
    (source / NOTE).write_text(json.dumps(note | {"version": "9.0.0"}), encoding="utf-8")


def anothers_key(source: Path) -> None:
    signed = Ed25519PrivateKey.generate().sign((source / NOTE).read_bytes())
    import base64  # noqa: PLC0415

    (source / SIGNATURE).write_bytes(base64.b64encode(signed))


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "note changed": (changed_note, "tampered"),
    "another's key": (anothers_key, "tampered"),
    "no signature": (lambda s: (s / SIGNATURE).unlink(), "No such file"),
    "signature is text": (lambda s: (s / SIGNATURE).write_text("né", "utf-8"), "tampered"),
    "note too long": (lambda s: (s / NOTE).write_bytes(b" " * 9999), "too long"),
    "folder gone": (lambda s: s.rename(s.with_name("away")), "No such file"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_not_signed_is_not_used(ground: Ground, tmp_path: Path, how: str) -> None:
    spoil, words = SPOILT[how]
    spoil(tmp_path / "source")
    with pytest.raises(ApplianceError, match=words):
        update.newer(ground)


@pytest.mark.parametrize("more", [b"x", b""], ids=["longer", "shorter"])
def test_another_archive_than_the_signed_one_is_not_unpacked(
    ground: Ground, tmp_path: Path, more: bytes
) -> None:
    found = update.newer(ground)
    assert found is not None
    archive = tmp_path / "source" / found.note.file
    content = archive.read_bytes()
    archive.write_bytes(content + more if more else content[:-1])
    with pytest.raises(ApplianceError, match="not the archive"), update.fetched(found):
        pytest.fail("it was unpacked")
    archive.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ApplianceError, match="not the archive"), update.fetched(found):
        pytest.fail("it was unpacked")


@pytest.mark.parametrize(
    "fields",
    [
        {"file": "../x.tar.gz"},
        {"file": "/x.tar.gz"},
        {"version": "2"},
        {"size": 0},
        {"sha256": "x"},
    ],
)
def test_a_signed_note_that_no_release_has(
    ground: Ground, tmp_path: Path, fields: dict[str, str]
) -> None:
    found = update.newer(ground)
    assert found is not None
    wrong = replace(found.note, **fields)  # type: ignore[arg-type]  # wrong on purpose
    note, signature = sign(wrong, tmp_path / "key.pem")
    (tmp_path / "source" / NOTE).write_bytes(note)
    (tmp_path / "source" / SIGNATURE).write_bytes(signature)
    with pytest.raises(ApplianceError, match="signed, and"):
        update.newer(ground)


def test_one_that_failed_here_is_not_tried_again_by_itself(ground: Ground, tmp_path: Path) -> None:
    failed = Outcome("1.1.0+1", "1.1.0", "1.0.0", Why.CRASH_LOOP)
    outcome.write(ground, failed)
    assert update.newer(ground) is None
    publish(tmp_path, "1.1.1")
    assert update.newer(ground) is not None


@pytest.mark.parametrize(
    ("why", "tries", "again"),
    [(Why.INTERRUPTED, 1, True), (Why.INTERRUPTED, 3, False), (Why.PACKAGES, 9, True)],
)
def test_what_is_no_verdict_is_tried_again(
    ground: Ground,
    why: Why,
    tries: int,
    again: bool,  # noqa: FBT001
) -> None:
    outcome.write(ground, Outcome("1.1.0+1", "1.1.0", "1.0.0", why, "", tries))
    assert (update.newer(ground) is not None) is again


@contextmanager
def shop(source: Path, ca: Path, key: Path) -> Iterator[str]:
    """The folder over https; whatever else is asked for is not there."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca, key)

    def talk(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as inner:
            asked = read_request(inner).split()[1].decode()
            path = source / asked.rpartition("/")[2]
            if path.is_file():
                inner.sendall(http("200 OK", body=path.read_bytes()))
            else:
                inner.sendall(http("404 Not Found"))

    with listening(talk) as address:
        yield address.replace("http://", "https://")


def test_over_https_with_the_authority_that_is_named(ground: Ground, tmp_path: Path) -> None:
    folder = ground.at("/etc/kiosk")
    ca, key = certificate(folder)
    with shop(tmp_path / "source", ca, key) as address:
        ground.write("/etc/kiosk/update.toml", f'source = "{address}/r/"\nca = "ca.pem"'.encode())
        found = update.newer(ground)
        assert found is not None
        with update.fetched(found) as archive:
            assert archive.read_bytes() == (tmp_path / "source" / found.note.file).read_bytes()
        (tmp_path / "source" / SIGNATURE).unlink()
        with pytest.raises(ApplianceError, match="answered 404"):
            update.newer(ground)
        ground.write("/etc/kiosk/update.toml", f'source = "{address}"'.encode())
        with pytest.raises(ApplianceError, match="nothing changed"):
            update.newer(ground)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('source = "http://a.example"', "https"),
        ('source = "ftp"', "https"),
        ('sorce = "/x"', "source"),
        ('source = "/x"\nkeys = "y"', "not known"),
        ("source = ", "update.toml"),
        ('source = "/x"\nkey = "nowhere.pem"', "nowhere.pem"),
    ],
)
def test_a_wrong_update_toml_is_told(ground: Ground, text: str, words: str) -> None:
    ground.write("/etc/kiosk/update.toml", text.encode())
    with pytest.raises(ApplianceError, match=words):
        update.newer(ground)


def test_a_key_of_another_kind_is_none(ground: Ground) -> None:
    other = generate_private_key(SECP256R1()).public_key().public_bytes(PEM, PUBLIC)
    ground.write("/etc/kiosk/release-key.pem", other)
    with pytest.raises(ApplianceError, match="no Ed25519 key"):
        update.newer(ground)


@pytest.mark.parametrize("content", [b"", b"x" * 1000])
def test_a_file_that_is_no_archive(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_bytes(content)
    with pytest.raises(ApplianceError, match="no bundle"), cli_appliance.unpacked(path):
        pytest.fail("it was unpacked")


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("../evil", tarfile.REGTYPE, "outside"),
        ("/evil", tarfile.REGTYPE, "outside"),
        ("kiosk-1/link", tarfile.SYMTYPE, "neither"),
        ("kiosk-1/hard", tarfile.LNKTYPE, "neither"),
        ("kiosk-1/null", tarfile.CHRTYPE, "neither"),
        ("lonely", tarfile.REGTYPE, "one folder"),
    ],
)
def test_an_archive_that_holds_more_than_a_folder_of_files(
    tmp_path: Path, name: str, kind: bytes, words: str
) -> None:
    path = tmp_path / "x.tar.gz"
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    with tarfile.open(path, "w:gz") as archive:
        archive.addfile(member)
    with pytest.raises(ApplianceError, match=words), cli_appliance.unpacked(path):
        pytest.fail("it was unpacked")


def test_half_an_archive_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.tar.gz"
    bundle_make.pack(tiny.bundle(tmp_path / "b", "1.0.0"), path)
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(ApplianceError, match="no bundle"), cli_appliance.unpacked(path):
        pytest.fail("it was unpacked")
