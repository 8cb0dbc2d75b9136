"""A town per test, and browsers that speak to its central without a network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sync.central import accounts
from sync.central.accounts import PageRole
from sync.central.app import make_app
from tests.pages.browser import Browser
from tests.pages.town import Town


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Made once; passwords are cheap to try here, since every test tries some."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "SCRYPT_N", 2**10)
        made = Town(tmp_path_factory.mktemp("town"))
        made.kiosk("bt01")
        made.account("lan", PageRole.WARD, "bt01")
        made.account("minh", PageRole.CITY)
        made.store.close()
        yield made


@pytest.fixture
def town(founded: Town, tmp_path: Path) -> Iterator[Town]:
    made = founded.copy(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def browse(town: Town) -> Iterator[Callable[..., Browser]]:
    """A fresh browser each time; over TLS unless said otherwise."""
    with TestClient(make_app(town.store)) as alive:

        def made(address: str = "203.0.113.9", base: str = "https://central.test") -> Browser:
            client = TestClient(
                alive.app, base_url=base, client=(address, 5000), follow_redirects=False
            )
            client.portal = alive.portal  # the same event loop as the desk's
            return Browser(town, client)

        yield made
