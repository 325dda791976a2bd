"""Which database: PostgreSQL where the settings name it, else a SQLite file."""

from pathlib import Path

from gateway.storage.database import Database


def open_database(file: Path, address: str | None) -> Database:
    """The database at `address` in PostgreSQL, or where none is given the SQLite file `file`."""
    if address is None:
        return Database(file)
    from gateway.storage.postgresql import PostgresDatabase  # its driver, only for those who use it

    return PostgresDatabase(address, folder_lock=file)


def prepare_log(address: str, owner: str) -> str:
    """Make the log's tables in PostgreSQL as their owner, for the role of `address`; gives that role's name."""
    from gateway.storage.postgresql import prepare_database  # as above

    return prepare_database(address, owner)
