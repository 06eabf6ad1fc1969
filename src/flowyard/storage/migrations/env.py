"""Alembic runs this: it migrates over the connection that `storage.migrate` hands it, in one transaction."""

from alembic import context

from flowyard.storage.schema import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("run migrations with `flowyard db migrate`, not with the alembic command")
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
