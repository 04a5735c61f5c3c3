"""What Alembic runs for every step: in the transaction that `nexuslic.server.migrate` hands over."""

from alembic import context

from nexuslic.server.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, compare_type=True)
context.run_migrations()
