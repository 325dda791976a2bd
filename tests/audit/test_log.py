import sqlite3
import threading
from concurrent.futures import CancelledError
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone

import pytest

from audit import (
    EventInvalid,
    LogFull,
    LogUnavailable,
    NotInLog,
    TileInvalid,
    Verifier,
    decode_event,
    leaf_hash,
    open_checkpoint,
    verify_consistency,
    verify_directory,
    verify_inclusion,
)
from audit.checkpoint import Checkpoint
from tests.audit.conftest import EVENT, ORIGIN, append


def opened(log, note: bytes | None = None) -> Checkpoint:
    verifier = Verifier.parse(log._writer.signer.verifier_key)
    return open_checkpoint(note or log.checkpoint(), [verifier], ORIGIN)[0]


class Held:
    """Holds the writer inside a command, so that others have to wait."""

    def __init__(self, log) -> None:
        self._begun, self._go = threading.Event(), threading.Event()
        self.future = log.submit(self._command)
        assert self._begun.wait(10)

    def _command(self, transaction) -> None:
        self._begun.set()
        assert self._go.wait(10)

    def release(self) -> None:
        self._go.set()
        self.future.result(10)


class TestAppending:
    def test_an_event_is_stored_in_canonical_bytes_with_the_logs_time(self, folder):
        log = folder.open(clock=lambda: datetime(2026, 1, 2, 3, 4, 5, 6, UTC))
        committed = log.submit(
            lambda transaction: transaction.append({"type": "a.b", "z": 1, "b": "é"})
        ).result()
        assert (committed.result, committed.indices) == (0, (0,))
        assert log.read(0, 1) == [
            '{"b":"é","time":"2026-01-02T03:04:05.000006Z","type":"a.b","z":1}'.encode()
        ]

    def test_a_new_log_is_empty_and_has_a_signed_checkpoint(self, folder):
        log = folder.open()
        assert (log.size, opened(log).size) == (0, 0)

    def test_the_answer_holds_a_checkpoint_that_covers_the_event_at_once(self, folder):
        log = folder.open()
        for expected in range(20):
            committed = log.submit(lambda transaction: transaction.append(EVENT)).result()
            checkpoint = opened(log, committed.checkpoint)
            [index] = committed.indices
            assert (index, checkpoint.size) == (expected, expected + 1)
            proof = log.inclusion_proof(index, checkpoint.size)
            leaf = leaf_hash(log.read(index, index + 1)[0])
            assert verify_inclusion(leaf, index, checkpoint.size, proof, checkpoint.root)

    def test_one_command_may_append_many_events(self, folder):
        log = folder.open()
        append(log)
        committed = log.submit(lambda transaction: [transaction.append(EVENT) for _ in range(3)]).result()
        assert committed.result == [1, 2, 3]
        assert committed.indices == (1, 2, 3)

    def test_a_command_that_appends_nothing_gets_the_newest_checkpoint_and_makes_none(self, folder):
        log = folder.open()
        append(log)
        before = log.checkpoint()
        committed = log.submit(lambda transaction: "looked").result()
        assert (committed.result, committed.indices, committed.checkpoint) == ("looked", (), before)
        assert folder.rows("SELECT count(*) FROM checkpoints") == [(2,)]

    def test_an_event_that_breaks_a_rule_is_refused_and_leaves_nothing(self, folder):
        log = folder.open()
        with pytest.raises(EventInvalid, match="score: a float"):
            append(log, score=0.5)
        assert append(log) == 0

    def test_every_commits_checkpoint_is_kept(self, folder):
        folder.write(5)
        assert folder.rows("SELECT size FROM checkpoints ORDER BY size") == [(n,) for n in range(6)]

    def test_a_log_goes_on_where_it_was_closed(self, folder):
        folder.write(3)
        log = folder.open()
        assert append(log) == 3
        log.close()
        assert verify_directory(folder.path).ok


class TestOrder:
    def test_waiting_commands_are_committed_together_in_the_order_of_their_submission(self, folder):
        log = folder.open()
        held = Held(log)
        futures = [log.submit(lambda transaction: transaction.append(EVENT)) for _ in range(64)]
        held.release()
        committed = [future.result() for future in futures]
        assert [answer.result for answer in committed] == list(range(64))
        assert len({answer.checkpoint for answer in committed}) == 1
        assert folder.rows("SELECT size FROM checkpoints ORDER BY size") == [(0,), (64,)]

    def test_of_many_threads_each_gets_an_index_of_its_own_without_gaps(self, folder):
        log = folder.open()
        found: list[int] = []
        threads = [
            threading.Thread(target=lambda: found.extend(append(log) for _ in range(20))) for _ in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == list(range(320))
        log.close()
        assert verify_directory(folder.path).ok

    def test_times_never_go_back_when_the_clock_does_not_even_over_a_restart(self, folder):
        moments = iter([5, 3, 9, 1])
        clock = lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(moments))  # noqa: E731 - short
        log = folder.open(clock=clock)
        append(log)
        append(log)
        log.close()
        log = folder.open(clock=clock)
        append(log)
        append(log)
        times = [decode_event(event)["time"] for event in log.read(0, 4)]
        assert [time[17:19] for time in times] == ["05", "05", "09", "09"]

    def test_a_clock_in_another_zone_is_recorded_in_utc(self, folder):
        zone = timezone(timedelta(hours=2))
        log = folder.open(clock=lambda: datetime(2026, 1, 1, 1, tzinfo=zone))
        append(log)
        assert decode_event(log.read(0, 1)[0])["time"] == "2025-12-31T23:00:00.000000Z"

    def test_a_command_sees_the_time_that_its_events_get(self, folder):
        log = folder.open()
        now = log.submit(lambda transaction: (transaction.append(EVENT), transaction.now)[1]).result().result
        assert decode_event(log.read(0, 1)[0])["time"] == now


class TestCommands:
    @pytest.fixture
    def log(self, folder):
        log = folder.open()
        log.submit(
            lambda transaction: transaction.connection.execute("CREATE TABLE state (n UNIQUE)")
        ).result()
        return log

    @staticmethod
    def insert(number: int, error: Exception | None = None):
        def command(transaction) -> int:
            transaction.connection.execute("INSERT INTO state VALUES (?)", (number,))
            index = transaction.append({**EVENT, "n": number})
            if error:
                raise error
            return index

        return command

    def test_state_and_event_are_one_transaction(self, folder, log):
        log.submit(self.insert(1)).result()
        assert folder.rows("SELECT n FROM state") == [(1,)]

    def test_a_command_that_raises_undoes_only_itself_and_its_caller_gets_the_error(self, folder, log):
        held = Held(log)
        error = RuntimeError("the second decision is contrary")
        first, second, third = (
            log.submit(self.insert(1)),
            log.submit(self.insert(2, error)),
            log.submit(self.insert(3)),
        )
        held.release()
        assert first.result().indices == (0,)
        assert second.exception() is error
        assert third.result().indices == (1,)
        assert folder.rows("SELECT n FROM state ORDER BY n") == [(1,), (3,)]
        assert [decode_event(event)["n"] for event in log.read(0, 2)] == [1, 3]

    def test_a_command_sees_what_those_before_it_in_the_batch_wrote(self, log):
        def count(transaction) -> int:
            transaction.connection.execute("INSERT INTO state VALUES (NULL)")
            return transaction.connection.execute("SELECT count(*) FROM state").fetchone()[0]

        held = Held(log)
        futures = [log.submit(count) for _ in range(10)]
        held.release()
        assert [future.result().result for future in futures] == list(range(1, 11))

    def test_an_sql_error_is_the_commands_own(self, folder, log):
        log.submit(self.insert(1)).result()
        with pytest.raises(sqlite3.IntegrityError):
            log.submit(self.insert(1)).result()
        assert log.running
        assert log.submit(self.insert(2)).result().indices == (1,)

    def test_even_an_exit_inside_a_command_does_not_end_the_writer(self, log):
        def leave(transaction) -> None:
            raise SystemExit(1)

        with pytest.raises(SystemExit):
            log.submit(leave).result()
        assert log.submit(self.insert(1)).result().indices == (0,)

    @pytest.mark.parametrize("statement", ["COMMIT", "ROLLBACK"])
    def test_a_command_that_ends_the_transaction_itself_fails_its_batch_but_not_the_log(
        self, folder, log, statement
    ):
        def command(transaction) -> None:
            transaction.append(EVENT)
            transaction.connection.execute(statement)

        held = Held(log)
        futures = [log.submit(self.insert(1)), log.submit(command), log.submit(self.insert(2))]
        held.release()
        for future in futures:
            with pytest.raises(LogUnavailable):
                future.result()
        assert log.submit(self.insert(3)).result().indices == (0,)
        log.close()
        assert verify_directory(folder.path).ok

    def test_nothing_can_be_appended_once_the_command_has_ended(self, log):
        kept = log.submit(lambda transaction: transaction).result().result
        with pytest.raises(LogUnavailable, match="has ended"):
            kept.append(EVENT)

    def test_a_command_cannot_touch_the_log_itself(self, log):
        append(log)
        for statement in ("DELETE FROM events", "UPDATE events SET event = '{}'"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                log.submit(lambda transaction, do=statement: transaction.connection.execute(do)).result()

    def test_a_cancelled_command_never_runs(self, log):
        held = Held(log)
        future = log.submit(self.insert(1))
        assert future.cancel()
        held.release()
        with pytest.raises(CancelledError):
            future.result()
        assert log.submit(self.insert(2)).result().indices == (0,)


class TestLimits:
    def test_a_full_log_refuses_at_once_and_serves_what_waits(self, folder):
        log = folder.open(max_waiting=3)
        held = Held(log)
        futures = [log.submit(lambda transaction: transaction.append(EVENT)) for _ in range(3)]
        with pytest.raises(LogFull, match="try again"):
            log.submit(lambda transaction: transaction.append(EVENT))
        held.release()
        assert [future.result().result for future in futures] == [0, 1, 2]
        assert append(log) == 3

    def test_closing_serves_what_waits_and_refuses_what_comes_later(self, folder):
        log = folder.open()
        futures = [log.submit(lambda transaction: transaction.append(EVENT)) for _ in range(100)]
        log.close()
        assert [future.result(0).result for future in futures] == list(range(100))
        with pytest.raises(LogUnavailable, match="closed"):
            log.submit(lambda transaction: None)
        assert not log.running

    def test_closing_twice_is_no_error(self, folder):
        log = folder.open()
        log.close()
        log.close()

    def test_a_closed_log_leaves_the_newest_checkpoint_file_and_no_write_ahead_log(self, folder):
        log = folder.open()
        append(log)
        log.close()
        assert folder.checkpoint_file.read_bytes() == log.checkpoint()
        assert not folder.database.with_name(folder.database.name + "-wal").exists()


class TestReading:
    def test_consistency_between_any_two_sizes_is_proven(self, folder):
        log = folder.open()
        notes = [log.checkpoint()] + [
            log.submit(lambda transaction: transaction.append(EVENT)).result().checkpoint for _ in range(12)
        ]
        for old, note in enumerate(notes):
            proof = log.consistency_proof(old, 12)
            before, after = opened(log, note), opened(log, notes[12])
            assert verify_consistency(old, before.root, 12, after.root, proof)

    def test_tiles_and_bundles_are_those_of_the_log(self, folder):
        log = folder.open()
        log.submit(lambda transaction: [transaction.append(EVENT) for _ in range(260)]).result()
        entries = log.read(0, 260)
        assert log.tile("tile/0/000") == b"".join(leaf_hash(entry) for entry in entries[:256])
        assert log.tile("tile/0/001.p/4") == b"".join(leaf_hash(entry) for entry in entries[256:])
        assert log.tile("tile/0/001.p/2") == b"".join(leaf_hash(entry) for entry in entries[256:258])
        assert len(log.tile("tile/1/000.p/1")) == 32
        assert log.tile("tile/entries/001.p/1") == len(entries[256]).to_bytes(2, "big") + entries[256]

    @pytest.mark.parametrize(
        "path", ["tile/0/000", "tile/0/000.p/4", "tile/1/000.p/1", "tile/entries/001.p/1"]
    )
    def test_a_tile_beyond_the_checkpoint_is_not_in_the_log(self, folder, path):
        log = folder.open()
        log.submit(lambda transaction: [transaction.append(EVENT) for _ in range(3)]).result()
        with pytest.raises(NotInLog):
            log.tile(path)

    def test_a_path_that_names_no_tile_is_refused(self, folder):
        with pytest.raises(TileInvalid):
            folder.open().tile("tile/0/../../log.key")

    @pytest.mark.parametrize(("start", "end"), [(-1, 1), (0, 3), (2, 1), (3, 3)])
    def test_a_range_beyond_the_log_is_refused(self, folder, start, end):
        log = folder.open()
        append(log)
        append(log)
        with pytest.raises(NotInLog):
            log.read(start, end)

    @pytest.mark.parametrize(("index", "size"), [(2, 2), (0, 3), (-1, 2), (0, 0)])
    def test_a_proof_beyond_the_log_is_refused(self, folder, index, size):
        log = folder.open()
        append(log)
        append(log)
        with pytest.raises(NotInLog):
            log.inclusion_proof(index, size)
        with pytest.raises(NotInLog):
            log.consistency_proof(3, 2)

    def test_reading_does_not_wait_for_the_writer(self, folder):
        log = folder.open()
        append(log)
        held = Held(log)
        assert len(log.read(0, 1)) == 1
        assert log.inclusion_proof(0, 1) == []
        held.release()

    def test_many_threads_read_at_once(self, folder):
        log = folder.open()
        log.submit(lambda transaction: [transaction.append(EVENT) for _ in range(50)]).result()
        found: list[bool] = []

        def read() -> None:
            found.extend(log.read(i, i + 1) == [log.read(0, 50)[i]] for i in range(50))

        threads = [threading.Thread(target=read) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [True] * 400


def test_while_several_callers_are_at_work_their_commands_share_a_commit(folder) -> None:
    log = folder.open(commit_delay=60.0)
    with ExitStack() as working:
        for _ in range(4):
            working.enter_context(log.at_work())
        first = log.submit(lambda transaction: transaction.append(EVENT))
        assert not first.done()
        second = log.submit(lambda transaction: transaction.append(EVENT))
        assert first.result(30).checkpoint == second.result(30).checkpoint


def test_a_command_of_callers_that_are_few_waits_for_nobody(folder) -> None:
    log = folder.open(commit_delay=60.0)
    with log.at_work():
        assert log.submit(lambda transaction: transaction.append(EVENT)).result(30).result == 0


def test_closing_does_not_wait_for_company(folder) -> None:
    log = folder.open(commit_delay=60.0)
    with ExitStack() as working:
        for _ in range(10):
            working.enter_context(log.at_work())
        alone = log.submit(lambda transaction: transaction.append(EVENT))
        log.close()
        assert alone.result(0).result == 0
