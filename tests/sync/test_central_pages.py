"""The pages on PostgreSQL: every question that they ask is asked once."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sync.central import accounts
from sync.central.accounts import PageRole
from sync.central.app import make_app
from tests.pages import scenes
from tests.pages.browser import Browser
from tests.pages.town import Town


def test_every_page_is_made_on_postgresql_as_on_sqlite(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "SCRYPT_N", 2**10)
    town = Town(tmp_path, database)
    town.kiosk("bt01")
    town.account("lan", PageRole.WARD, "bt01")
    town.account("minh", PageRole.CITY)
    collected = scenes.morning(town)
    scenes.fleet(town)
    with TestClient(
        make_app(town.store), base_url="https://central.test", follow_redirects=False
    ) as client:
        city = Browser(town, client).sign_in("minh")
        assert "6 tủ mất liên lạc cùng lúc" in city.see("/fleet")
        assert "Nhận ngoài giờ hành chính 100 % n = 1" in city.see("/figures?period=2026-Q4")
        client.cookies.clear()
        ward = Browser(town, client).sign_in("lan")
        page = ward.see("/kiosks/bt01")
        assert "PHẠM N*** D***" in page
        alarm = ward.get("/kiosks/bt01").text.partition("/alarms/")[2].partition("/")[0]
        assert ward.press(f"/alarms/{alarm}/handled").status_code == 303
        found = ward.get("/find?dossier=H29.915-261116-0031")
        assert found.headers["location"] == f"/results/{collected}"
        assert "ghi nhận người nhận h1 đã lấy" in ward.see(f"/results/{collected}")
        waiting = ward.get("/find?dossier=H29.915-261116-0033").headers["location"]
        ward.get(f"{waiting}/re-issue")
        assert ward.press(f"{waiting}/re-issue", holder="h1").status_code == 303
        assert ward.press(f"{waiting}/re-issue", holder="h1").status_code == 409
        assert "lan yêu cầu gửi lại mã" in ward.see(waiting)
    town.store.close()
