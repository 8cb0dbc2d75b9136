"""What a person does with pages: sign in, look, press a button on the page that they see."""

from __future__ import annotations

import re
from html import unescape

import httpx2
from starlette.testclient import TestClient

from tests.pages.town import Town

TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class Browser:
    """Keeps cookies; follows no redirect by itself."""

    def __init__(self, town: Town, client: TestClient) -> None:
        self.town = town
        self.client = client
        self.token = ""

    def enter(
        self, name: str, *, password: str | None = None, code: str | None = None
    ) -> httpx2.Response:
        """Press *sign in*; without more the right password and code."""
        told = self.town.accounts.get(name)
        form = {
            "name": name,
            "password": password if password is not None else (told.password if told else "x"),
            "code": code if code is not None else (self.town.code(name) if told else "000000"),
        }
        return self.client.post("/login", data=form, headers=self._origin())

    def sign_in(self, name: str) -> Browser:
        answer = self.enter(name)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        return self

    def get(self, path: str) -> httpx2.Response:
        answer = self.client.get(path)
        found = TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        return answer

    def see(self, path: str) -> str:
        """The words of a page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text[:200]
        return words(answer.text)

    def press(self, path: str, **form: str) -> httpx2.Response:
        """Send a form of the page looked at last."""
        return self.client.post(
            path, data={"form_token": self.token, **form}, headers=self._origin()
        )

    def _origin(self) -> dict[str, str]:
        return {"Origin": str(self.client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}


def words(html: str) -> str:
    """What a reader sees, roughly."""
    body = html.partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
