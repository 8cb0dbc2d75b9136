"""The database is brought to the tables of the program, once, and no database of others is touched."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, insert, inspect, select, text

from sync.central.database import DownError, open_engine, read_url
from sync.central.migrate import FIRST, FOLDER, HEAD, migrate, revision, upgrade
from sync.central.settings import Settings, SettingsError, load_settings
from sync.central.store import Store
from sync.central.tables import Kiosk, Table
from tests.sync.postgres import EMPTY, Server
from tests.sync.replicas import at_once
from tests.sync.world import KIOSK, NOW, World

for _tables in FOLDER.parent.glob("*tables.py"):
    importlib.import_module(f"sync.central.{_tables.stem}")


@contextmanager
def engine_at(url: str) -> Iterator[Engine]:
    engine = open_engine(read_url(url))
    try:
        yield engine
    finally:
        engine.dispose()


def stands(engine: Engine) -> str:
    with engine.begin() as connection:
        return revision(connection)


def difference(engine: Engine) -> list[object]:
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Table.metadata))


def opened(settings: Settings) -> Store:
    return Store(settings, lambda: NOW)


def test_the_migrations_make_the_tables_of_the_program_on_sqlite(tmp_path: Path) -> None:
    with engine_at(f"sqlite:///{tmp_path / 'central.db'}") as engine:
        migrate(engine)
        assert (difference(engine), stands(engine)) == ([], HEAD)


def test_the_migrations_make_the_tables_of_the_program_on_postgresql(postgres: Server) -> None:
    with postgres.database(EMPTY) as url, engine_at(url) as engine:
        assert difference(engine) != []
        migrate(engine)
        assert (difference(engine), stands(engine)) == ([], HEAD)


def test_the_program_knows_its_newest_migration() -> None:
    scripts = ScriptDirectory(str(FOLDER))
    assert scripts.get_heads() == [HEAD]
    assert [s.revision for s in scripts.walk_revisions()][-1] == FIRST


def test_a_database_from_before_there_were_migrations_keeps_its_rows(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    with engine_at(settings.database_url()) as engine:
        with engine.begin() as connection:
            upgrade(connection, "", FIRST)
            connection.execute(text("DROP TABLE alembic_version"))
            numbers = {"epoch", "head_seq", "highest_ver", "revision", "contact_ms", "health_ms"}
            later = {
                "revoked_ms",
                "revoked_by",
                "key_stated",
                "next_stated",
            }  # columns of migrations after the first
            columns = [c for c in Kiosk.__table__.columns if c.name not in later]
            values = {c.name: 1 if c.name in numbers else "" for c in columns}
            connection.execute(insert(Kiosk).values(**{**values, "id": KIOSK}))
        assert stands(engine) == ""
        store = opened(settings)
        with store.begin() as session:
            assert session.scalars(select(Kiosk.id)).all() == [KIOSK]
        assert (difference(engine), stands(engine)) == ([], HEAD)
        store.close()


def test_replicas_that_start_together_migrate_once(postgres: Server, tmp_path: Path) -> None:
    with postgres.database(EMPTY) as url:
        settings = replace(load_settings(tmp_path, {}), database=url)
        stores = at_once(*[partial(opened, settings)] * 4)
        assert [stands(store.engine) for store in stores] == [HEAD] * 4
        for store in stores:
            store.close()


def test_processes_that_start_together_on_a_new_folder_migrate_once(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    stores = at_once(*[partial(opened, settings)] * 4)
    assert [stands(store.engine) for store in stores] == [HEAD] * 4
    for store in stores:
        store.close()


def test_a_database_that_a_newer_program_changed_is_not_touched(world: World) -> None:
    with world.store.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="9999"):
        opened(world.store.settings)
    assert stands(world.store.engine) == "9999"


@pytest.mark.parametrize("file", ["secret.jwk", "central.jwk"])
def test_a_replica_with_a_folder_of_its_own_making_does_not_start(
    world: World, tmp_path: Path, file: str
) -> None:
    other = load_settings(tmp_path / "other", {})
    mine = world.store.settings
    mixed = replace(mine, secret=other.secret) if file == "secret.jwk" else None
    mixed = mixed or replace(mine, signer=other.signer)
    with pytest.raises(SettingsError, match="belongs to another"):
        opened(mixed)
    opened(mine).close()


def test_a_database_that_is_not_there_is_named_at_the_start(tmp_path: Path) -> None:
    nowhere = f"postgresql://central:hidden@/central?host={tmp_path}"
    with pytest.raises(DownError) as caught:
        opened(replace(load_settings(tmp_path / "central", {}), database=nowhere))
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("bad", ["mysql://u:pw@host/db", "nonsense", "postgresql//x", "://"])
def test_another_kind_of_database_is_refused_without_repeating_its_password(
    tmp_path: Path, bad: str
) -> None:
    with pytest.raises(SettingsError, match="database") as caught:
        load_settings(tmp_path, {"KIOSK_CENTRAL_DATABASE": bad})
    assert "pw" not in str(caught.value)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "central.toml").write_text('database = "sqlite:///file.db"\n')
    assert load_settings(tmp_path, {}).database == "sqlite:///file.db"
    said = load_settings(tmp_path, {"KIOSK_CENTRAL_DATABASE": "sqlite:///other.db"})
    assert said.database == "sqlite:///other.db"


def test_what_alembic_keeps_is_the_only_table_more(tmp_path: Path) -> None:
    with engine_at(f"sqlite:///{tmp_path / 'central.db'}") as engine:
        migrate(engine)
        names = {*inspect(engine).get_table_names()}
    assert names - {*Table.metadata.tables} == {"alembic_version"}
