"""Bringing a database to the tables of this program, once, whoever starts first.

The law of this file: only forwards. A database that a newer program has changed is not touched, and
there is no way back but a copy made before. Replicas that start together wait for the first.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, inspect, select, text

from sync.central.database import POSTGRES
from sync.central.settings import Settings, SettingsError
from sync.central.tables import Mark
from sync.compact import encode

FOLDER = Path(__file__).parent / "migrations"
# Files are called mNNNN_what.py: the newest is what this program works on.
HEAD = max(path.name[1:5] for path in FOLDER.glob("versions/m[0-9]*.py"))
FIRST = "0001"  # the tables of a database made before there were migrations
_TURN = 0x686F736F01  # advisory lock: one migrates at a time
_VERSION = "alembic_version"


def revision(connection: Connection) -> str:
    """Which migration the database stands at; "" for one without any."""
    if not inspect(connection).has_table(_VERSION):
        return ""
    return str(connection.scalar(text(f"SELECT version_num FROM {_VERSION}")) or "")  # noqa: S608 - a constant


def migrate(engine: Engine) -> None:
    """Carry out every migration that is missing.

    Raises:
        SettingsError: a newer program has changed this database.
        SQLAlchemyError: it cannot be reached, or a migration failed; nothing was changed.
    """
    with engine.begin() as connection:
        if revision(connection) == HEAD:
            return
    with engine.begin() as connection:  # on SQLite this alone keeps others out (BEGIN IMMEDIATE)
        if engine.dialect.name == POSTGRES:
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
        upgrade(connection, revision(connection))


def upgrade(connection: Connection, stands: str, to: str = HEAD) -> None:
    """Bring a database that stands at one revision to another, in the caller's transaction.

    Raises:
        SettingsError: a newer program has changed this database.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it speaks while it is loaded
    # Late: it is slow to load and rarely needed.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if stands and stands not in known:
        raise SettingsError(
            f"the database stands at revision {stands}, this program ends at {HEAD}:"
            " start the newer program, or put back the copy made before it"
        )
    if not stands and inspect(connection).has_table("kiosk"):
        command.stamp(config, FIRST)
    command.upgrade(config, to)


def check_secrets(engine: Engine, settings: Settings) -> None:
    """Whether this database belongs to these secrets; the first to come leaves their mark.

    A replica started with an empty folder makes secrets of its own: it would refuse every stamp of
    the others, open nothing that they sealed, and sign manifests that no kiosk takes.

    Raises:
        SettingsError: it belongs to others.
    """
    mine = {
        "secret": encode(hashlib.sha256(settings.derived("mark")).digest()),
        "signer": settings.signer.kid,
    }
    with engine.begin() as connection:
        held = _marks(connection)
        if not mine.keys() <= held.keys():
            if engine.dialect.name == POSTGRES:
                connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
                held = _marks(connection)
            fresh = [{"name": n, "value": v} for n, v in mine.items() if n not in held]
            if fresh:
                connection.execute(insert(Mark), fresh)
                held = _marks(connection)
    for name, value in mine.items():
        # The end of a rotation was cut off between database and file: `--rotate` goes on with it.
        ended = name == "signer" and settings.next is not None and held[name] == settings.next.kid
        if held[name] != value and not ended:
            raise SettingsError(
                f"the database belongs to another {name} than this folder's: every replica needs"
                " the same secret, central.jwk and office key (docs/central.md, Replicas)"
            )


def _marks(connection: Connection) -> dict[str, str]:
    return {row.name: row.value for row in connection.execute(select(Mark.name, Mark.value))}
