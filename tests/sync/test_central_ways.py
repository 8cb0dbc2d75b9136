"""Which way messages leave by, as central.toml and the environment say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.central.settings import SettingsError, load_settings
from tests.sync.gateway import KEY


def settings(folder: Path, text: str, **environ: str) -> dict[str, object]:
    (folder / "central.toml").write_text(text)
    return {name: way.to for name, way in load_settings(folder, environ).posts.items()}


def test_the_settings_choose_a_way_per_channel(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == {"sms": "spool", "rich": "off"}
    told_key = {"KIOSK_CENTRAL_RICH_KEY": KEY}
    found = settings(tmp_path, 'rich = "https://zalo.example/send"', **told_key)
    assert found == {"sms": "spool", "rich": "https://zalo.example/send"}
    (tmp_path / "sms.key").write_text(KEY + "\n")
    assert settings(tmp_path, 'sms = "http://127.0.0.1:9/x"')["sms"] == "http://127.0.0.1:9/x"
    loaded = load_settings(tmp_path, {})
    assert loaded.posts["sms"].key == KEY
    assert KEY not in repr(loaded)


@pytest.mark.parametrize(
    "text",
    [
        'sms = "off"',
        'sms = "https://sms.example/x"',
        'rich = "http://sms.example/x"',
        'rich = "https://user:hidden@sms.example/x"',
        "give_up_hours = 0",
        "reminder_hours = true",
    ],
)
def test_a_way_that_cannot_be_used_is_named_at_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, text, KIOSK_CENTRAL_RICH_KEY=KEY)
    assert "hidden" not in str(caught.value)
