"""The database itself refuses what would change a log."""

import sqlite3

import pytest


@pytest.fixture
def connection(folder):
    folder.write(4)
    connection = sqlite3.connect(folder.database, isolation_level=None)
    yield connection
    connection.close()


def contents(connection) -> list[list[object]]:
    return [
        connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
        for table in ("events", "hashes", "checkpoints")
    ]


REFUSED = [
    "UPDATE events SET event = '{}'",
    "UPDATE events SET idx = 9 WHERE idx = 3",
    "UPDATE OR REPLACE events SET idx = 1 WHERE idx = 3",
    "UPDATE OR IGNORE events SET event = '{}'",
    "DELETE FROM events",
    "DELETE FROM events WHERE idx = 3",
    "REPLACE INTO events VALUES (1, '{}')",
    "REPLACE INTO events VALUES ('1', '{}')",
    "INSERT OR REPLACE INTO events VALUES (3, '{}')",
    "INSERT OR IGNORE INTO events VALUES (3, '{}')",
    "INSERT INTO events VALUES (1, '{}') ON CONFLICT DO UPDATE SET event = '{}'",
    "INSERT INTO events VALUES (5, '{}')",
    "INSERT INTO events VALUES (-1, '{}')",
    "INSERT INTO events (event) VALUES ('{}')",
    "INSERT INTO events VALUES (NULL, '{}')",
    "INSERT INTO events VALUES (4, NULL)",
    "INSERT INTO events VALUES (4, x'7b7d')",
    "UPDATE hashes SET nodes = zeroblob(32)",
    "DELETE FROM hashes",
    "REPLACE INTO hashes VALUES (1, zeroblob(64))",
    "INSERT INTO hashes VALUES (4, zeroblob(32))",
    "UPDATE checkpoints SET note = ''",
    "DELETE FROM checkpoints",
    "REPLACE INTO checkpoints VALUES (4, 'x')",
    "REPLACE INTO checkpoints VALUES (2, 'x')",
    "INSERT INTO checkpoints VALUES (5, 'x')",
    "INSERT INTO checkpoints VALUES (NULL, 'x')",
]


@pytest.mark.parametrize("recursive", ["OFF", "ON"])
@pytest.mark.parametrize("statement", REFUSED)
def test_refused(connection, statement, recursive):
    connection.execute(f"PRAGMA recursive_triggers = {recursive}")
    before = contents(connection)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert contents(connection) == before


def test_only_the_next_row_can_be_added(connection):
    connection.execute("INSERT INTO events VALUES (4, '{}')")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO checkpoints VALUES (5, 'x')")
    connection.execute("INSERT INTO hashes VALUES (4, zeroblob(32))")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO hashes VALUES (5, zeroblob(32))")
    connection.execute("INSERT INTO checkpoints VALUES (5, 'x')")
