"""Log and tables in PostgreSQL, for several gateways; imported only where the settings name a database."""

from gateway.storage.postgresql.connections import PostgresConnection
from gateway.storage.postgresql.database import PostgresDatabase, prepare_database
from gateway.storage.postgresql.guards import prepare_log

__all__ = ["PostgresConnection", "PostgresDatabase", "prepare_database", "prepare_log"]
