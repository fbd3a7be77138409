"""Alembic runs our migrations over the connection that `worker.desk.migrate` hands it."""

from alembic import context

from worker.desk.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False
)
context.run_migrations()
