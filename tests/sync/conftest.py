"""One world per test, closed behind it; where it matters once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sync.postgres import Server, serving_postgres
from tests.sync.technician import MORNING, PHONE
from tests.sync.world import FakeRun, World, serving

ON_BOTH = {
    "batches",
    "by_hand",
    "duty",
    "enrolment",
    "office",
    "http",
    "journal",
    "manifests",
    "notices",
    "refusals",
    "revoked_calls",
    "alarm_messages",
    "results",
    "revocation",
    "slips",
    "watching",
}
SQLITE, POSTGRES = "sqlite", "postgres"
# Of `watching`, what asks the database something that the others do not.
ON_BOTH_TOO = ("silence_and_service", "network_outage", "not_serve", "rotation", "cannot_leave")
READS_THE_FILE = "test_no_secret_phone_or_name_rests_in_the_database"
NO_TABLES = ("nonsense", "proof", "stamp", "bodies", "openapi", "secret", "ends_at_once")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    module = metafunc.module.__name__.rpartition(".test_central_")[2]
    if "world" in metafunc.fixturenames and module in ON_BOTH:
        name = metafunc.function.__name__
        alike = module == "http" and any(word in name for word in NO_TABLES)
        alike |= module in ("watching", "alarm_messages") and not any(
            word in name for word in ON_BOTH_TOO
        )
        kinds = [SQLITE] if alike or name == READS_THE_FILE else [SQLITE, POSTGRES]
        metafunc.parametrize("world", kinds, indirect=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with serving_postgres() as server:
        yield server


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    with postgres.database() as url:
        yield url


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    on = getattr(request, "param", SQLITE)
    made = World(tmp_path, request.getfixturevalue("database") if on == POSTGRES else "")
    yield made
    made.store.close()


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with serving(world.store) as address:
        yield address


@pytest.fixture
def kiosk(world: World, tmp_path: Path) -> Iterator[FakeRun]:
    made = FakeRun(tmp_path / "run.sock", world.keys, world.enrolled.central)
    yield made
    made.close()


@pytest.fixture
def watched(world: World) -> World:
    """It is a working morning, and one technician hears of alarms."""
    world.now.ms = MORNING
    world.store.settings = replace(world.store.settings, technicians=(PHONE,))
    return world
