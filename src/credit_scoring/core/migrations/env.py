"""Run by Alembic for each upgrade: migrates the connection that `Schema.upgrade` was given."""

from alembic import context

schema, connection = (context.config.attributes[name] for name in ("schema", "connection"))
context.configure(connection=connection, target_metadata=schema.tables, version_table=schema.revision_table)
with context.begin_transaction():
    context.run_migrations()
