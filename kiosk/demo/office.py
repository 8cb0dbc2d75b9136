"""The office's one-stop system, as far as the demo needs it: it talks to central's own door by HTTP."""

from __future__ import annotations

import secrets
from typing import cast as typed

import requests

from kiosk.demo.cast import KIOSK, Dossier

TIMEOUT_S = 10.0


def _holders(dossier: Dossier) -> list[dict[str, str]]:
    """The citizen, and whoever is authorised besides."""
    people = [{"phone": dossier.phone}]
    if dossier.authorised:
        people.append({"phone": dossier.authorised, "role": "authorised"})
    return people


class Office:
    """Registers results and asks how they stand."""

    def __init__(self, url: str, key: str) -> None:
        self._url = f"{url}/v1/office"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {key}"
        self._session.trust_env = False  # loopback: no proxy

    def register(self, dossier: Dossier) -> str:
        """Register one result; its cid."""
        body = {
            "kiosk": KIOSK,
            "dossiers": [dossier.code],
            "recipient": dossier.recipient,
            "holders": _holders(dossier),
            "overdue": dossier.overdue,
            "low": dossier.low,
            "size": dossier.size,
        }
        answer = self._session.post(
            f"{self._url}/results",
            json=body,
            headers={"Idempotency-Key": secrets.token_urlsafe(16)},
            timeout=TIMEOUT_S,
        )
        answer.raise_for_status()
        return str(answer.json()["cid"])

    def result(self, cid: str) -> dict[str, object]:
        """How a result stands, as central tells it."""
        answer = self._session.get(f"{self._url}/results/{cid}", timeout=TIMEOUT_S)
        answer.raise_for_status()
        return typed("dict[str, object]", answer.json())

    def kiosk(self) -> dict[str, object]:
        """How far central knows this kiosk's journal."""
        answer = self._session.get(f"{self._url}/kiosks", timeout=TIMEOUT_S)
        answer.raise_for_status()
        rows = typed("list[dict[str, object]]", answer.json())
        return next(row for row in rows if row["id"] == KIOSK)
