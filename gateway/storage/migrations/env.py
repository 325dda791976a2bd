"""Alembic's entry: runs the migrations on the database named by `prepare`."""

from alembic import context
from sqlalchemy import create_engine

from gateway.storage.tables import metadata

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
