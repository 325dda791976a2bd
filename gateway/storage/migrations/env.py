"""Alembic's entry: runs the migrations on the database named by `prepare`."""

from alembic import context
from sqlalchemy import create_engine

from gateway.storage.tables import metadata

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    connection.exec_driver_sql("PRAGMA secure_delete=ON")  # what a migration moves leaves no copy behind
    connection.commit()
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
