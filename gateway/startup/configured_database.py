"""The database that the settings name, apart from all else that a gateway stands on."""

from gateway.settings import DATABASE, Settings
from gateway.storage import Database, open_database


def database_of(settings: Settings) -> Database:
    """PostgreSQL where the settings name it, else the SQLite file in the data folder."""
    address = None if settings.database is None else settings.database.get_secret_value()
    return open_database(settings.data / DATABASE, address)
