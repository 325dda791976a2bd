"""Every way of changing a log is found, at its place, and told in words."""

import shutil
import sqlite3
from collections.abc import Callable
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import CHECKPOINT_FILE, DATABASE_FILE, VERIFIER_KEY_FILE, Signer, Unreadable, verify_directory
from audit.checking import spans
from audit.checkpoint import Checkpoint
from audit.events import canonical
from audit.merkle import Frontier, leaf_hash
from tests.audit.conftest import EVENT, ORIGIN, Folder, append

SIZE = 20
CHANGED = "bytes changed (leaf hash differs from the one recorded)"
ADDED = "added (no signed checkpoint covers it)"
REMOVED = "removed (a signed checkpoint covers it)"


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Folder:
    """A log of 20 events with a checkpoint after each of the first ten, and one after the last ten."""
    folder = Folder(tmp_path_factory.mktemp("written") / "data").begin()
    log = folder.open()
    for number in range(10):
        append(log, n=number)
    log.submit(lambda transaction: [transaction.append({**EVENT, "n": n}) for n in range(10, SIZE)]).result()
    log.close()
    return folder


@pytest.fixture
def log(written, tmp_path) -> Folder:
    shutil.copytree(written.path, tmp_path / "copy")
    return Folder(tmp_path / "copy")


@pytest.fixture(scope="module")
def altered(written, tmp_path_factory) -> Folder:
    """A copy for a test that changes it and puts it back many times; its guards stay removed."""
    folder = Folder(tmp_path_factory.mktemp("altered") / "copy")
    shutil.copytree(written.path, folder.path)
    return folder


def found(folder: Folder, **how) -> list[str]:
    """What is wrong; it must be the same wherever one span ends and the next begins."""
    report = verify_directory(folder.path, **how)
    with patch.object(spans, "SPAN", 3):
        assert verify_directory(folder.path, **how) == report
    return [str(finding) for finding in report.findings]


def set_event(index: int, text: str | bytes) -> tuple[str, tuple[object, ...]]:
    return "UPDATE events SET event = ? WHERE idx = ?", (text, index)


def event(folder: Folder, index: int) -> str:
    return folder.rows(f"SELECT event FROM events WHERE idx = {index}")[0][0]


def rewrite(folder: Folder, entries: list[bytes], *, sign: Callable[[int], bool] | None = None) -> None:
    """Make the database hold `entries` with all hashes to match; `sign` adds the log's own checkpoints."""
    folder.change("DELETE FROM events", "DELETE FROM hashes", *(["DELETE FROM checkpoints"] if sign else []))
    tree, signer = Frontier(), folder.signer
    with sqlite3.connect(folder.database) as connection:
        for index, entry in enumerate(entries):
            connection.execute("INSERT INTO events VALUES (?, CAST(? AS TEXT))", (index, entry))
            connection.execute("INSERT INTO hashes VALUES (?, ?)", (index, tree.append(leaf_hash(entry))))
            if sign and sign(index + 1):
                note = signer.sign(Checkpoint(ORIGIN, tree.size, tree.root()).body())
                connection.execute("INSERT INTO checkpoints VALUES (?, ?)", (tree.size, note.decode()))
                folder.checkpoint_file.write_bytes(note)
    connection.close()


def entries(folder: Folder) -> list[bytes]:
    return [row[0].encode() for row in folder.rows("SELECT event FROM events ORDER BY idx")]


class TestUnchanged:
    def test_a_log_that_nobody_touched_verifies(self, log):
        report = verify_directory(log.path)
        assert report.ok
        assert report.size == SIZE
        assert report.checkpoint.size == SIZE
        assert report.checkpoints == 12
        assert report.notices == ()
        assert report.verifier_key == log.signer.verifier_key
        assert report.time in event(log, SIZE - 1)

    def test_an_empty_log_verifies(self, folder):
        folder.write(0)
        report = verify_directory(folder.path)
        assert report.ok
        assert (report.size, report.time) == (0, "")

    def test_beside_a_running_log(self, folder):
        running = folder.open()
        for size in range(1, 30):
            append(running)
            report = verify_directory(folder.path)
            assert report.ok, report.findings
            assert report.size == size

    def test_the_checkpoint_file_may_lag(self, log):
        note = log.rows("SELECT note FROM checkpoints WHERE size = 7")[0][0]
        log.checkpoint_file.write_text(note)
        assert found(log) == []

    def test_with_the_published_key(self, log):
        (log.path / VERIFIER_KEY_FILE).unlink()
        assert found(log, verifier_key=log.signer.verifier_key) == []

    def test_verifying_changes_nothing(self, log):
        before = {path.name: path.read_bytes() for path in log.path.iterdir()}
        verify_directory(log.path)
        after = {path.name: path.read_bytes() for path in log.path.iterdir()}
        assert {name: after[name] for name in before} == before

    def test_progress_is_told(self, log):
        told: list[tuple[int, int]] = []
        verify_directory(log.path, progress=lambda done, total: told.append((done, total)))
        assert told[-1] == (SIZE, SIZE)


class TestChangedEvents:
    def test_one_byte_changed(self, log):
        log.change(set_event(17, event(log, 17).replace("adv-1", "adv-2")))
        assert found(log) == [f"event 17: {CHANGED}"]

    @pytest.mark.parametrize("index", [0, 1, 9, 10, SIZE - 1])
    def test_wherever_it_is(self, log, index):
        log.change(set_event(index, event(log, index).replace("adv-1", "adv-2")))
        assert found(log) == [f"event {index}: {CHANGED}"]

    def test_every_bad_event_is_named_the_first_one_first(self, log):
        for index in (17, 3, 4, 5, 12):
            log.change(set_event(index, event(log, index).replace("adv-1", "adv-2")))
        assert found(log) == [f"events 3 to 5: {CHANGED}", f"event 12: {CHANGED}", f"event 17: {CHANGED}"]

    def test_two_events_swapped(self, log):
        fourth, fifth = event(log, 4), event(log, 5)
        log.change(set_event(4, fifth), set_event(5, fourth))
        assert found(log) == [f"events 4 to 5: {CHANGED}"]

    @pytest.mark.parametrize("content", ["", "{}", "not json", b"\xff\xfe", "null", "\0"])
    def test_an_event_replaced_by_anything(self, log, content):
        log.change(set_event(6, content))
        assert found(log) == [f"event 6: {CHANGED}"]

    def test_an_event_that_became_null(self, log):
        log.change("CREATE TABLE other AS SELECT * FROM events", "DROP TABLE events")
        log.change("ALTER TABLE other RENAME TO events", "UPDATE events SET event = NULL WHERE idx = 6")
        assert found(log) == [f"event 6: {REMOVED}"]


class TestRemovedEvents:
    def test_one_removed(self, log):
        log.change("DELETE FROM events WHERE idx = 7")
        assert found(log) == [f"event 7: {REMOVED}"]

    def test_one_removed_with_its_hash(self, log):
        log.change("DELETE FROM events WHERE idx = 7", "DELETE FROM hashes WHERE idx = 7")
        assert found(log) == [f"event 7: {REMOVED}"]

    def test_one_removed_and_the_rest_moved_up(self, log):
        log.change("DELETE FROM events WHERE idx = 7", "UPDATE events SET idx = idx - 1 WHERE idx > 7")
        assert found(log)[0] == f"events 7 to 18: {CHANGED}"
        assert found(log)[1] == f"event 19: {REMOVED}"

    def test_one_removed_with_all_hashes_rebuilt(self, log):
        kept = entries(log)
        rewrite(log, kept[:7] + kept[8:])
        assert found(log)[0].startswith("event 7: not what was signed")
        assert f"event 19: {REMOVED}" in found(log)

    def test_the_last_ones_removed_with_their_hashes(self, log):
        log.change("DELETE FROM events WHERE idx >= 15", "DELETE FROM hashes WHERE idx >= 15")
        assert found(log) == [f"events 15 to 19: {REMOVED}"]

    def test_the_last_ones_removed_with_hashes_and_checkpoints_but_the_file_knows(self, log):
        log.change(*(f"DELETE FROM {table} WHERE idx >= 10" for table in ("events", "hashes")))
        log.change("DELETE FROM checkpoints WHERE size > 10")
        assert found(log) == [
            f"events 10 to 19: {REMOVED}",
            "checkpoint 20: is in the file checkpoint, but not in the database: this is an older or a changed copy",
        ]

    def test_all_removed(self, log):
        log.change("DELETE FROM events", "DELETE FROM hashes")
        assert found(log) == [f"events 0 to 19: {REMOVED}"]


class TestAddedEvents:
    def test_one_added_after_the_last_checkpoint(self, log):
        entry = canonical({"type": "a.b"})
        row = Frontier.at(SIZE, reader(log)).append(leaf_hash(entry))
        log.change(
            ("INSERT INTO events VALUES (20, ?)", (entry.decode(),)),
            ("INSERT INTO hashes VALUES (20, ?)", (row,)),
        )
        assert found(log) == [f"event 20: {ADDED}"]

    @pytest.mark.parametrize("index", [20, 21, -1, -(2**63), 2**63 - 1])
    def test_one_added_anywhere_outside(self, log, index):
        log.change(("INSERT INTO events VALUES (?, '{}')", (index,)))
        assert found(log) == [f"event {index}: {ADDED}"]

    def test_one_put_between(self, log):
        log.change(
            "UPDATE events SET idx = -idx WHERE idx >= 5",
            "UPDATE events SET idx = 1 - idx WHERE idx < 0",
            "INSERT INTO events VALUES (5, '{}')",
        )
        assert found(log) == [f"events 5 to 19: {CHANGED}", f"event 20: {ADDED}"]

    def test_one_that_stands_twice(self, log):
        log.change("CREATE TABLE other AS SELECT * FROM events", "DROP TABLE events")
        log.change(
            "ALTER TABLE other RENAME TO events", "INSERT INTO events SELECT * FROM events WHERE idx = 3"
        )
        assert found(log) == ["event 3: stands twice"]

    @pytest.mark.parametrize("index", [None, "x", b"x", 1.5])
    def test_one_without_an_index(self, log, index):
        log.change("CREATE TABLE other AS SELECT * FROM events", "DROP TABLE events")
        log.change("ALTER TABLE other RENAME TO events", ("INSERT INTO events VALUES (?, '{}')", (index,)))
        assert found(log) == ["database: there are rows without a number"]


class TestRewrittenHashes:
    def test_an_event_and_all_hashes_rewritten_are_bracketed_by_the_signed_checkpoints(self, log):
        changed = entries(log)
        changed[14] = changed[14].replace(b"adv-1", b"adv-2")
        rewrite(log, changed)
        assert found(log) == [
            "events 10 to 19: not what was signed: changed, with the recorded hashes, somewhere between"
            " the checkpoint of size 10 and the checkpoint of size 20"
        ]

    def test_with_a_checkpoint_after_each_event_the_bracket_is_one_event(self, log):
        changed = entries(log)
        changed[4] = changed[4].replace(b"adv-1", b"adv-2")
        rewrite(log, changed)
        [finding] = found(log)
        assert finding.startswith("event 4: not what was signed")
        assert "size 4 and the checkpoint of size 5" in finding

    def test_a_recorded_leaf_hash_changed(self, log):
        log.change("UPDATE hashes SET nodes = zeroblob(32) WHERE idx = 12")
        assert found(log)[0] == "event 12: its recorded leaf hash was changed (the event itself is as signed)"

    def test_a_recorded_tree_hash_changed(self, log):
        log.change("UPDATE hashes SET nodes = substr(nodes, 1, 32) || zeroblob(32) WHERE idx = 13")
        assert found(log) == ["event 13: its recorded tree hashes were changed"]

    @pytest.mark.parametrize("nodes", ["NULL", "x''", "x'00'", "zeroblob(31)"])
    def test_a_recorded_hash_that_is_none(self, log, nodes):
        log.change("CREATE TABLE other AS SELECT * FROM hashes", "DROP TABLE hashes")
        log.change("ALTER TABLE other RENAME TO hashes", f"UPDATE hashes SET nodes = {nodes} WHERE idx = 12")
        assert found(log) == ["event 12: its recorded hash is missing"]

    def test_a_recorded_hash_removed(self, log):
        log.change("DELETE FROM hashes WHERE idx = 12")
        assert found(log) == ["event 12: its recorded hash is missing"]

    def test_all_recorded_hashes_removed(self, log):
        log.change("DELETE FROM hashes")
        assert found(log) == ["events 0 to 19: its recorded hash is missing"]


class TestCheckpoints:
    def test_a_signature_changed(self, log):
        log.change("UPDATE checkpoints SET note = replace(note, '=\n', 'A\n') WHERE size = 6")
        [finding] = found(log)
        assert finding.startswith("checkpoint 6: can't be relied on")

    def test_a_checkpoint_filed_under_another_size(self, log):
        log.change(
            "DELETE FROM checkpoints WHERE size = 20", "UPDATE checkpoints SET size = 20 WHERE size = 6"
        )
        assert "checkpoint 20: stands in the row of another size" in found(log)

    @pytest.mark.parametrize("note", ["", "x", b"\xff", "\n\n", 5])
    @pytest.mark.parametrize("size", [0, 7, SIZE])
    def test_a_checkpoint_replaced_by_anything(self, log, size, note):
        log.change(("UPDATE checkpoints SET note = ? WHERE size = ?", (note, size)))
        assert found(log)[0].startswith(f"checkpoint {size}: can't be relied on")

    def test_no_checkpoint_left_but_the_file(self, log):
        log.change("DELETE FROM checkpoints")
        assert found(log) == [
            "checkpoint 20: is in the file checkpoint, but not in the database: this is an older or a changed copy"
        ]

    def test_a_key_that_did_not_sign(self, log):
        stranger = Signer.generate(ORIGIN).verifier_key
        lines = found(log, verifier_key=stranger)
        assert lines[0].startswith("file checkpoint: can't be relied on")
        assert f"events 0 to 19: {ADDED}" in lines

    def test_two_roots_signed_for_one_size_are_a_fork(self, log):
        other = Checkpoint(ORIGIN, SIZE, bytes(32))
        log.checkpoint_file.write_bytes(log.signer.sign(other.body()))
        assert found(log) == [
            "checkpoint 20: two different roots are signed for this size: the log was forked"
        ]

    def test_a_rewritten_log_signed_anew_is_caught_by_a_checkpoint_kept_elsewhere(self, log):
        kept, changed = log.checkpoint_file.read_bytes(), entries(log)
        changed[4] = changed[4].replace(b"adv-1", b"adv-2")
        rewrite(log, changed, sign=lambda size: size == SIZE)
        assert found(log) == []
        log.checkpoint_file.write_bytes(kept)
        assert found(log) == [
            "checkpoint 20: two different roots are signed for this size: the log was forked"
        ]

    def test_a_checkpoint_file_that_is_none(self, log):
        log.checkpoint_file.write_bytes(b"garbage")
        [finding] = found(log)
        assert finding.startswith("file checkpoint: can't be relied on")


class TestSignedButWrong:
    """What the log's own key signed, but no log may hold."""

    @pytest.mark.parametrize(
        ("entry", "what"),
        [
            (b'{"type": "a.b"}', "is not in canonical form"),
            (b'{"b":1,"a":2}', "is not in canonical form"),
            (b'{"a":1,"a":2}', "has two members of one name"),
            (b'{"a":0.5}', "has a number that is no integer"),
            (b"[]", "is no JSON object"),
            (b"", "is not valid JSON"),
            (b"\xef\xbb\xbf{}", "is not valid JSON"),
            (b'{"type":"a.b"}', "has no time in the form of the log"),
            (b'{"time":"2026-01-01T00:00:00Z"}', "has no time in the form of the log"),
            (b'{"time":5}', "has no time in the form of the log"),
            (b'{"time":"2001-01-01T00:00:00.000000Z"}', "is older than the event before it"),
        ],
    )
    def test_an_event_that_breaks_the_format(self, log, entry, what):
        changed = entries(log)
        changed[5] = entry
        rewrite(log, changed, sign=lambda size: True)
        assert found(log) == [f"event 5: {what}"]


class TestGuards:
    def test_removed_guards_are_told_though_nothing_is_proven(self, log):
        log.change()
        report = verify_directory(log.path)
        assert report.ok
        assert "events_keep_delete" in report.notices[0]


class TestUnreadable:
    @pytest.mark.parametrize("name", [DATABASE_FILE, VERIFIER_KEY_FILE, CHECKPOINT_FILE])
    def test_a_missing_file(self, log, name):
        (log.path / name).unlink()
        with pytest.raises(Unreadable, match=name):
            verify_directory(log.path)

    @pytest.mark.parametrize("content", [b"", b"x", b"SQLite format 3\0" + bytes(4080)])
    def test_a_file_that_is_no_database(self, log, content):
        log.database.write_bytes(content)
        with pytest.raises(Unreadable, match=DATABASE_FILE):
            verify_directory(log.path)

    @pytest.mark.parametrize("table", ["events", "hashes", "checkpoints"])
    def test_a_database_without_a_table(self, log, table):
        log.change(f"DROP TABLE {table}")
        with pytest.raises(Unreadable, match=table):
            verify_directory(log.path)

    @pytest.mark.parametrize("key", ["", "x", "a+b+c"])
    def test_a_key_that_is_none(self, log, key):
        with pytest.raises(Unreadable, match="verifier key"):
            verify_directory(log.path, verifier_key=key)

    def test_a_table_of_another_shape_is_a_finding(self, log):
        log.change("ALTER TABLE events RENAME COLUMN event TO other")
        assert "can't be read" in found(log)[0]


def reader(folder: Folder):
    rows = dict(folder.rows("SELECT idx, nodes FROM hashes"))
    return lambda level, index: rows[(index + 1 << level) - 1][32 * level : 32 * level + 32]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_bit_of_any_event_flipped_is_found_at_its_index(altered, data):
    index = data.draw(st.integers(0, SIZE - 1))
    original = event(altered, index)
    raw = bytearray(original.encode())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    stored: str | bytes = bytes(raw)
    altered.change(("UPDATE events SET event = CAST(? AS TEXT) WHERE idx = ?", (stored, index)))
    try:
        assert found(altered) == [f"event {index}: {CHANGED}"]
    finally:
        altered.change(set_event(index, original))


def test_two_processes_tell_the_same_as_one(written):
    with patch.object(spans, "SPAN", 3):
        assert verify_directory(written.path, processes=2) == verify_directory(written.path, processes=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_byte_of_the_file_changed_never_hides_a_changed_event(written, tmp_path_factory, data):
    intact = entries(written)
    folder = Folder(tmp_path_factory.mktemp("damaged"))
    shutil.copytree(written.path, folder.path, dirs_exist_ok=True)
    raw = bytearray(folder.database.read_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    folder.database.write_bytes(raw)
    try:
        ok = verify_directory(folder.path).ok
    except Unreadable:
        return
    if ok:
        assert entries(folder) == intact
