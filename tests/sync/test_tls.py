"""TLS as sync sees it: a pinned authority is the only one, and it is really asked for."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import NameOID

from sync.calls import Call, CallError, Calls, Stamp
from sync.keys import new_signing_key
from tests.sync.wire import Scripted, http, listening

CALL = Call("GET", "/v1/kiosks/bt1/journal/head")
HEAD = http("200 OK", "Content-Type: application/json", body=b'{"seq":0,"hash":""}')


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "central")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, None)
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    (folder / "ca.pem").write_bytes(made.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(private)
    return folder / "ca.pem", folder / "key.pem"


@pytest.mark.parametrize("pinned", [True, False])
def test_only_the_pinned_authority_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, pinned: bool
) -> None:
    ca, key = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca, key)
    central = Scripted(HEAD)

    def secured(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as inner:
            central(inner)

    # What the environment names must not stand in for what the configuration pins.
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(_certificate(other)[0]))
    with listening(secured) as url:
        address = url.replace("http://", "https://")
        calls = Calls(address, new_signing_key(), ca if pinned else None, Stamp(), 5.0)
        if pinned:
            assert calls.make(CALL).json() == {"seq": 0, "hash": ""}
        else:
            with pytest.raises(CallError, match="SSLError"):
                calls.make(CALL)
    assert len(central.asked) == (1 if pinned else 0)
