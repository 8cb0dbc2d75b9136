"""How alembic runs the migrations: on the connection that `sync.central.migrate` hands in.

The law of this file: one transaction for all that is missing, held by the caller.
"""

from alembic import context

from sync.central.page_tables import Account

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Account.metadata,  # of every table: all are loaded by now
    render_as_batch=True,  # SQLite cannot alter a table in place
)
context.run_migrations()
