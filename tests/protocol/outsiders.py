"""Other people's JOSE: jwcrypto in this process, and the npm package `jose` where node can have it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS, InvalidJWSSignature

Jwk = Mapping[str, str]
INSTALL_S = 60
ANSWER_S = 30
NPM_PACKAGE = "jose@6"
SCRIPT = Path(__file__).with_name("outsider.mjs")


class Outsider(Protocol):
    """What another team needs of its JOSE."""

    def open(self, sealed: str, key: Jwk, central: Jwk) -> str:
        """The payload of a manifest, its signature checked."""
        ...

    def sign(self, payload: str, typ: str, key: Jwk) -> str:
        """A compact JWS."""
        ...

    def check(self, compact: str, typ: str, key: Jwk) -> str | None:
        """The payload, or None when it is not signed by that key."""
        ...


class JwCrypto:
    """Python, on `cryptography`, by people who have nothing to do with ours."""

    def open(self, sealed: str, key: Jwk, central: Jwk) -> str:
        outer = JWE(algs=["ECDH-ES", "A256GCM"])
        outer.deserialize(sealed, key=JWK(**key))
        told = self.check(outer.payload.decode(), "hoso-manifest+jws", central)
        assert told is not None
        return told

    def sign(self, payload: str, typ: str, key: Jwk) -> str:
        own = JWK(**key)
        text = JWS(payload.encode())
        text.allowed_algs = ["Ed25519"]
        header = {"alg": "Ed25519", "typ": typ, "kid": own.thumbprint()}
        text.add_signature(own, None, json.dumps(header))
        return str(text.serialize(compact=True))

    def check(self, compact: str, typ: str, key: Jwk) -> str | None:
        text = JWS()
        text.allowed_algs = ["Ed25519"]
        try:
            text.deserialize(compact, key=JWK(**key))
        except InvalidJWSSignature:
            return None
        header = text.jose_header
        assert (header["typ"], header["kid"]) == (typ, JWK(**key).thumbprint())
        return bytes(text.payload).decode()


class NotHereError(Exception):
    """Node or the package cannot be had; the text says why."""


class NodeJose:
    """JavaScript. Installed into `folder`, which the caller throws away."""

    def __init__(self, folder: Path) -> None:
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            raise NotHereError("node and npm are not installed")
        self._node = node
        self._script = folder / "outsider.mjs"
        shutil.copy(SCRIPT, self._script)
        order = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", NPM_PACKAGE]
        environ = {**os.environ, "npm_config_cache": str(folder / "cache")}
        try:
            subprocess.run(
                order, cwd=folder, env=environ, capture_output=True, timeout=INSTALL_S, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise NotHereError(f"npm install {NPM_PACKAGE}: {type(error).__name__}") from error

    def open(self, sealed: str, key: Jwk, central: Jwk) -> str:
        return str(self._ask("open", sealed=sealed, key=key, central=central))

    def sign(self, payload: str, typ: str, key: Jwk) -> str:
        return str(self._ask("sign", payload=payload, typ=typ, key=key))

    def check(self, compact: str, typ: str, key: Jwk) -> str | None:
        told = self._ask("check", compact=compact, typ=typ, key=key)
        return None if told is None else str(told)

    def _ask(self, ask: str, **question: object) -> object:
        answer = subprocess.run(
            [self._node, str(self._script)],
            input=json.dumps({"ask": ask, **question}),
            capture_output=True,
            text=True,
            timeout=ANSWER_S,
            check=True,
        )
        return json.loads(answer.stdout)["answer"]
