"""Starting is refused where signing could fork the log, with both checkpoints and the remedy."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import (
    AuditError,
    ForkRefused,
    LogDamaged,
    LogInUse,
    LogUnavailable,
    Signer,
    StartRefused,
    verify_directory,
)
from audit.log_folder import CHECKPOINT_FILE, DATABASE_FILE
from tests.audit.conftest import ORIGIN, Folder, append


def copy(folder, name: str) -> None:
    shutil.copyfile(folder.path / name, folder.path / f"{name}.yesterday")


def put_back(folder, name: str) -> None:
    shutil.copyfile(folder.path / f"{name}.yesterday", folder.path / name)


def refusal(folder, kind: type[AuditError]) -> str:
    with pytest.raises(kind) as caught:
        folder.open()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


def test_a_database_put_back_from_yesterday_is_refused_naming_both_checkpoints(folder):
    folder.write(3)
    copy(folder, DATABASE_FILE)
    folder.write(2)
    put_back(folder, DATABASE_FILE)
    said = refusal(folder, ForkRefused)
    assert "size 3 root" in said
    assert "size 5 root" in said
    assert "restore the newest database" in said


def test_a_database_that_went_another_way_is_refused_naming_both_checkpoints(folder):
    folder.write(3)
    copy(folder, DATABASE_FILE)
    copy(folder, CHECKPOINT_FILE)
    folder.write(1, way="this")
    shutil.copyfile(folder.checkpoint_file, folder.path / "this")
    put_back(folder, DATABASE_FILE)
    put_back(folder, CHECKPOINT_FILE)
    folder.write(2, way="that")
    shutil.copyfile(folder.path / "this", folder.checkpoint_file)
    said = refusal(folder, ForkRefused)
    assert "size 4 root" in said
    assert "size 5 root" in said
    assert "fork" in said


def test_an_empty_database_beside_a_checkpoint_is_refused(folder):
    folder.write(2)
    folder.database.unlink()
    assert "size 2 root" in refusal(folder, ForkRefused)


def test_a_log_whose_checkpoint_file_is_missing_is_refused_until_it_is_put_back(folder):
    folder.write(2)
    kept = folder.checkpoint_file.read_bytes()
    folder.checkpoint_file.unlink()
    assert "audit checkpoint" in refusal(folder, ForkRefused)
    folder.checkpoint_file.write_bytes(kept)
    assert append(folder.open()) == 2


def test_a_log_that_was_killed_before_its_first_checkpoint_file_starts(folder):
    folder.write(0)
    folder.checkpoint_file.unlink()
    assert append(folder.open()) == 0


def test_a_checkpoint_file_that_lags_is_brought_up_to_date(folder):
    folder.write(2)
    copy(folder, CHECKPOINT_FILE)
    folder.write(2)
    newest = folder.checkpoint_file.read_bytes()
    put_back(folder, CHECKPOINT_FILE)
    folder.open()
    assert folder.checkpoint_file.read_bytes() == newest


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\xff" * 200])
def test_a_checkpoint_file_that_cannot_be_read_is_refused(folder, damage):
    folder.write(2)
    folder.checkpoint_file.write_bytes(damage)
    assert "the checkpoint file checkpoint" in refusal(folder, LogDamaged)


def test_another_key_than_the_logs_is_refused(folder):
    folder.write(2)
    (folder.path / "log.key").unlink()
    Signer.generate(ORIGIN).save(folder.path / "log.key")
    assert "the log's own key" in refusal(folder, LogDamaged)


def test_a_log_may_be_kept_without_a_checkpoint_file(folder):
    log = folder.open(checkpoint_file=None)
    append(log)
    log.close()
    assert append(folder.open(checkpoint_file=None)) == 1
    assert not folder.checkpoint_file.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "UPDATE events SET event = replace(event, 'adv-1', 'adv-2') WHERE idx = 4",
            "event 4: bytes changed",
        ),
        (
            "UPDATE events SET event = replace(event, 'adv-1', 'adv-2') WHERE idx = 1",
            "event 1: bytes changed",
        ),
        ("UPDATE hashes SET nodes = zeroblob(32) WHERE idx = 4", "stored hashes"),
        ("UPDATE hashes SET nodes = zeroblob(96) WHERE idx = 3", "stored hashes"),
        ("UPDATE hashes SET nodes = zeroblob(32) WHERE idx = 3", "level 2, index 0 is not stored"),
        ("DELETE FROM events WHERE idx = 4", "4 events but 5 rows of hashes"),
        ("DELETE FROM checkpoints WHERE size = 5", "5 events, but the newest checkpoint is size 4"),
        ("DELETE FROM checkpoints", "no signed checkpoint"),
        ("UPDATE checkpoints SET note = 'x' WHERE size = 5", "newest checkpoint can't be used"),
    ],
)
def test_a_changed_right_edge_is_refused(folder, change, said):
    folder.write(5)
    folder.change(change)
    assert said in refusal(folder, LogDamaged)


def test_the_same_log_cannot_be_opened_twice_in_one_process(folder):
    log = folder.open()
    assert "open already" in refusal(folder, LogInUse)
    log.close()
    assert append(folder.open()) == 0


def test_the_same_log_cannot_be_opened_by_two_processes(folder):
    folder.open()
    script = (
        "import sys; from pathlib import Path; from audit import Log, LogInUse, Signer\n"
        "folder = Path(sys.argv[1])\n"
        "try: Log.open(folder / 'countersign.db', Signer.load(folder / 'log.key'), checkpoint_file=None)\n"
        "except LogInUse: print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder.path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "refused\n", done.stderr


def test_a_refused_start_leaves_the_log_to_be_opened_by_others(folder):
    folder.write(2)
    kept = folder.checkpoint_file.read_bytes()
    folder.checkpoint_file.write_bytes(b"garbage")
    refusal(folder, StartRefused)
    folder.checkpoint_file.write_bytes(kept)
    assert append(folder.open()) == 2


def test_a_file_that_is_no_database_is_unavailable_and_says_so(folder):
    folder.database.write_bytes(b"Jane Doe, 12 High Street. " * 100)
    said = refusal(folder, LogUnavailable)
    assert "SQLITE_NOTADB" in said
    assert "Jane" not in said


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_start_on_any_damaged_byte_ends_in_one_of_our_errors_or_goes_on(tmp_path_factory, data):
    folder = Folder(tmp_path_factory.mktemp("damaged") / "data").begin()
    folder.write(3)
    raw = bytearray(folder.database.read_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    folder.database.write_bytes(raw)
    try:
        log = folder.open()
    except AuditError:
        return
    with suppress(AuditError):
        append(log)
    log.close()


def test_a_folder_that_is_not_there_is_unavailable(folder):
    with pytest.raises(LogUnavailable, match="permissions"):
        folder.open(checkpoint_file=folder.path / "no" / "such" / "checkpoint")


def test_a_log_shares_its_database_with_other_tables(folder):
    connection = sqlite3.connect(folder.database)
    connection.execute("CREATE TABLE advice (id TEXT)")
    connection.close()
    log = folder.open()
    log.submit(lambda transaction: transaction.connection.execute("INSERT INTO advice VALUES ('a')")).result()
    append(log)
    log.close()
    assert folder.rows("SELECT id FROM advice") == [("a",)]
    assert verify_directory(folder.path).ok
