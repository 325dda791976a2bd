"""Alembic's entry: runs the migrations on the database of the engine that it is given."""

from alembic import context

from gateway.storage.tables import metadata

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")  # what a migration moves leaves no copy behind
        connection.commit()
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
