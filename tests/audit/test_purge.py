"""Purging: what commands deleted is in none of the database's files once it gave True, even while others read."""

import sqlite3
from pathlib import Path

import pytest

from audit import LogUnavailable, verify_directory
from audit.sqlite import SQLiteStore as Store
from tests.audit.conftest import Folder, append

SECRET = b"Zephyrine Quillfeather, 12 High Street"


def keep_and_delete(log, *, delete: bool) -> None:
    def command(transaction) -> None:
        run = transaction.connection.execute
        run("CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, secret BLOB)")
        run(
            "DELETE FROM kept" if delete else "INSERT INTO kept (secret) VALUES (?)",
            () if delete else (SECRET,),
        )

    log.submit(command).result()


def found(folder: Folder) -> list[str]:
    return [path.name for path in Path(folder.path).iterdir() if SECRET in path.read_bytes()]


def test_what_was_deleted_stays_in_the_write_ahead_log_until_it_is_purged(folder):
    log = folder.open()
    keep_and_delete(log, delete=False)
    keep_and_delete(log, delete=True)
    assert found(folder) == ["countersign.db-wal"]
    assert log.purge().result()
    assert found(folder) == []
    assert append(log) == 0
    assert verify_directory(folder.path).ok


def test_while_somebody_reads_an_older_copy_it_says_so_and_others_go_on(folder):
    log = folder.open()
    keep_and_delete(log, delete=False)
    reading = sqlite3.connect(folder.database)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM kept").fetchone()
    keep_and_delete(log, delete=True)
    assert not log.purge().result()
    assert append(log) == 0
    assert found(folder)
    reading.close()
    assert log.purge().result()
    assert found(folder) == []


def test_what_a_process_left_that_ended_before_purging_is_gone_after_the_next_start(folder):
    log = folder.open()
    keep_and_delete(log, delete=False)
    keep_and_delete(log, delete=True)
    copy = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    log.close()
    for name, content in copy.items():  # as a SIGKILL leaves the folder
        (folder.path / name).write_bytes(content)
    assert found(folder)
    folder.open()
    assert found(folder) == []


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_purge_that_fails_is_told_and_the_log_goes_on(folder, after):
    class Breaking(Store):
        fails = True

        def purge(self) -> bool:
            done = super().purge() if after else False
            if Breaking.fails:
                Breaking.fails = False
                raise sqlite3.OperationalError(f"disk I/O error near {SECRET.decode()}")
            return done or super().purge()

    log = folder.open(store=Breaking)
    append(log)
    with pytest.raises(LogUnavailable) as caught:
        log.purge().result()
    assert "Zephyrine" not in str(caught.value)
    assert append(log) == 1
    assert log.purge().result()
    assert verify_directory(folder.path).ok


def test_a_purge_comes_after_the_commands_before_it(folder):
    log = folder.open()
    futures = [log.submit(lambda transaction: transaction.append({"type": "a.b"})) for _ in range(5)]
    assert log.purge().result()
    assert all(future.done() for future in futures)
