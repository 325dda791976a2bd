"""One log in PostgreSQL, written by several gateways: one order, no fork, nothing lost that was answered."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from audit import (
    ForkRefused,
    Log,
    LogInUse,
    LogUnavailable,
    Signer,
    StartRefused,
    parse_checkpoint,
    verify_inclusion,
)
from audit import leaf_hash as hash_of
from gateway.storage import DatabaseAway, DatabaseUnfit
from gateway.storage.postgresql import prepare_log
from gateway.storage.postgresql.connections import Postgres
from tests.postgres_server import ROLE, PostgresServer, own_server
from tests.shared_log import EVENT, SharedLog, append, shared_log
from tests.waiting import wait_for

SERVED = 60
"""Events of each of several callers at each gateway."""


@pytest.fixture
def shared(postgres: PostgresServer, tmp_path: Path) -> Iterator[SharedLog]:
    with shared_log(postgres, tmp_path) as opened:
        yield opened


def load(log: Log, gateway: str, callers: int = 4) -> dict[int, str]:
    """Several callers at once; what each event was, by the index that its caller was given."""

    def caller(number: int) -> dict[int, str]:
        return {
            append(log, n=f"{gateway}-{number}-{count}"): f"{gateway}-{number}-{count}"
            for count in range(SERVED)
        }

    with ThreadPoolExecutor(callers) as pool:
        return {
            index: name for answered in pool.map(caller, range(callers)) for index, name in answered.items()
        }


def recorded(log: Log) -> dict[int, str]:
    return {index: json.loads(raw)["n"] for index, raw in enumerate(log.read(0, log.size))}


class TestOneOrder:
    @pytest.mark.parametrize("isolation", ["read committed", "repeatable read", "serializable"])
    @pytest.mark.parametrize("gateways", [2, 4])
    def test_every_answer_holds_and_no_append_fails_whatever_the_servers_default(
        self, shared: SharedLog, gateways: int, isolation: str
    ) -> None:
        shared.sql(f"ALTER DATABASE {shared.name} SET default_transaction_isolation = '{isolation}'")
        names = [f"g{number}" for number in range(gateways)]
        logs = [shared.open(names[0]), *(shared.join(name, names[0]) for name in names[1:])]
        with ThreadPoolExecutor(gateways) as pool:
            answers = list(pool.map(load, logs, names))
        answered = {index: name for one in answers for index, name in one.items()}
        assert len(answered) == gateways * 4 * SERVED, "no index was given twice"
        assert recorded(logs[0]) == answered
        for log in logs:
            log.close()
        for name in names:
            report = shared.verify(name)
            assert report.ok, report.findings
            assert report.size == len(answered)

    def test_times_never_go_back_though_one_gateways_clock_is_late(self, shared: SharedLog) -> None:
        log, late = shared.open("a"), shared.join("b", clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
        append(log, n=0)
        append(late, n=1)
        first, second = (json.loads(raw)["time"] for raw in log.read(0, 2))
        assert second == first

    def test_what_one_gateway_committed_the_other_reads_and_proves_at_once(self, shared: SharedLog) -> None:
        one, other = shared.open("a"), shared.join("b")
        index = append(one, n=0)
        checkpoint = parse_checkpoint(other.checkpoint())
        (entry,) = other.read(index, index + 1)
        proof = other.inclusion_proof(index, checkpoint.size)
        assert verify_inclusion(hash_of(entry), index, checkpoint.size, proof, checkpoint.root)
        assert other.size == 1
        assert other.tile("tile/0/000.p/1") == hash_of(entry)

    def test_a_gateway_that_was_away_for_long_goes_on_from_what_others_appended(
        self, shared: SharedLog
    ) -> None:
        one, other = shared.open("a"), shared.join("b")
        append(other, n="first")
        one.submit(lambda t: [t.append({**EVENT, "n": number}) for number in range(3_000)]).result()
        assert append(other, n="last") == 3_001
        assert append(one, n="after") == 3_002

    def test_what_another_appended_is_hashed_before_it_is_signed_over(self, shared: SharedLog) -> None:
        one, other = shared.open("a"), shared.join("b")
        append(one, n=0)
        shared.sql(
            "ALTER TABLE events DISABLE TRIGGER ALL; UPDATE events SET event = replace(event, 'adv-1', 'adv-2')"
        )
        with pytest.raises(LogUnavailable, match="event 0: bytes changed"):
            append(other, n=1)
        assert not other.running


class TestStarting:
    def test_gateways_may_begin_an_empty_log_at_the_same_time(self, shared: SharedLog) -> None:
        with ThreadPoolExecutor(4) as pool:
            logs = list(pool.map(shared.open, ["a", "b", "c", "d"]))
        assert sorted(append(log) for log in logs) == [0, 1, 2, 3]

    def test_two_on_one_data_folder_are_refused(self, shared: SharedLog) -> None:
        shared.open("a")
        with pytest.raises(LogInUse, match="use another folder"):
            shared.open("a")

    def test_a_gateway_that_joins_without_the_checkpoint_file_is_refused(self, shared: SharedLog) -> None:
        append(shared.open("a"))
        with pytest.raises(ForkRefused, match="checkpoint is missing"):
            shared.open("b")

    def test_a_database_put_back_from_a_copy_is_refused_by_every_gateway_that_saw_more(
        self, postgres: PostgresServer, shared: SharedLog
    ) -> None:
        log = shared.open("a")
        append(log, n=0)
        log.close()
        copy = postgres.copy_of(shared.name)
        log = shared.open("a")
        append(log, n=1)
        log.close()
        shared.name = copy
        with pytest.raises(ForkRefused, match=r"older copy: .* size 1 .* size 2"):
            shared.open("a")
        assert shared.sql("SELECT count(*) FROM checkpoints") == [(2,)], "nothing was signed"

    def test_a_database_put_back_under_running_gateways_stops_them(
        self, postgres: PostgresServer, shared: SharedLog
    ) -> None:
        log = shared.open("a")
        append(log, n=0)
        copy = postgres.copy_of(shared.name)
        wait_for(lambda: goes_on(log))
        postgres.put_in_place(copy, shared.name)
        with pytest.raises(LogUnavailable):
            append(log, n=2)
        with pytest.raises(LogUnavailable, match="older copy"):
            append(log, n=3)

    def test_the_wrong_key_is_refused(self, shared: SharedLog) -> None:
        shared.open("a").close()
        shared.signer = Signer.generate(shared.signer.origin)
        with pytest.raises(StartRefused, match="with this key"):
            shared.open("a")


class TestRights:
    """What the gateway's role, and then what the owner by mistake, can do to what is on record."""

    @pytest.mark.parametrize("table", ["events", "hashes", "checkpoints"])
    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM {}",
            "TRUNCATE {}",
            "UPDATE {0} SET {1} = {1}",
            "DROP TABLE {}",
            "ALTER TABLE {} DISABLE TRIGGER ALL",
        ],
    )
    def test_the_gateways_role_may_not_change_it(self, shared: SharedLog, table: str, statement: str) -> None:
        append(shared.open())
        column = "size" if table == "checkpoints" else "idx"
        with (
            shared.server.connect(shared.name, ROLE) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement.format(table, column).encode())

    @pytest.mark.parametrize("table", ["events", "hashes", "checkpoints"])
    @pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {0} SET {1} = {1}"])
    def test_the_owner_is_stopped_by_the_guards(self, shared: SharedLog, table: str, statement: str) -> None:
        append(shared.open())
        column = "size" if table == "checkpoints" else "idx"
        with pytest.raises(psycopg.errors.RaiseException, match="never changed"):
            shared.sql(statement.format(table, column))

    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO events VALUES (2, '{{}}')",
            "INSERT INTO events VALUES (1, '{{}}'), (3, '{{}}')",
            "INSERT INTO hashes VALUES (1, sha256(''))",
            "INSERT INTO checkpoints VALUES (2, 'x')",
            "INSERT INTO checkpoints VALUES (0, 'x')",
        ],
    )
    def test_rows_are_added_in_order_only(self, shared: SharedLog, statement: str) -> None:
        append(shared.open())
        with pytest.raises((psycopg.errors.RaiseException, psycopg.errors.UniqueViolation)):
            shared.sql(statement.replace("{{}}", "{}"))

    @pytest.mark.parametrize(
        "given",
        [
            f"GRANT DELETE ON hashes TO {ROLE}",
            f"GRANT owner TO {ROLE}",
            f"ALTER TABLE events OWNER TO {ROLE}",
        ],
    )
    def test_a_role_that_could_change_the_record_is_refused(self, shared: SharedLog, given: str) -> None:
        shared.open().close()
        shared.sql(given)
        try:
            with pytest.raises(DatabaseUnfit, match="may change or remove"):
                shared.open()
        finally:
            shared.sql(f"REVOKE owner FROM {ROLE}")  # it is the server's, which other tests use too

    def test_a_database_that_was_not_prepared_says_so(self, shared: SharedLog) -> None:
        shared.sql("DROP TABLE checkpoints")
        with pytest.raises(DatabaseUnfit, match="countersign database prepare"):
            shared.open()

    def test_preparing_again_changes_nothing_and_mends_the_guards(self, shared: SharedLog) -> None:
        append(shared.open())
        shared.sql("DROP TRIGGER events_keep ON events")
        assert shared.database().guards_missing() == ["events_keep"]
        with closing(Postgres(shared.server.address(shared.name, "owner")).connect()) as owner:
            prepare_log(owner, ROLE)
        assert shared.database().guards_missing() == []
        assert append(shared.logs[0]) == 1


class TestServerAway:
    def test_killed_and_started_again_under_load_nothing_answered_is_lost(self, tmp_path: Path) -> None:
        """SIGKILL of the whole server while two gateways write; they go on by themselves."""
        with (
            own_server("default_transaction_isolation=repeatable read") as server,
            shared_log(server, tmp_path) as shared,
        ):
            logs = {"a": shared.open("a"), "b": shared.join("b")}
            answered: dict[int, str] = {}
            stop = threading.Event()

            def caller(gateway: str, number: int) -> None:
                count = 0
                while not stop.is_set():
                    name = f"{gateway}-{number}-{(count := count + 1)}"
                    try:
                        index = append(logs[gateway], n=name)
                    except LogUnavailable:
                        stop.wait(0.02)
                    else:
                        assert answered.setdefault(index, name) == name

            with ThreadPoolExecutor(8) as pool:
                calls = [pool.submit(caller, gateway, number) for gateway in logs for number in range(4)]
                for _ in range(3):
                    before = len(answered)
                    wait_for(lambda before=before: len(answered) > before + 50)
                    server.kill()
                    server.start()
                before = set(answered.values())
                wait_for(lambda: {"a", "b"} <= {name[0] for name in set(answered.values()) - before})
                stop.set()
                for call in calls:
                    call.result()
            on_record = recorded(logs["a"])
            assert {index: on_record[index] for index in answered} == answered
            for log in logs.values():
                log.close()
            for gateway in logs:
                report = shared.verify(gateway)
                assert report.ok, report.findings

    def test_while_it_is_away_everything_is_refused_and_then_it_goes_on(self, tmp_path: Path) -> None:
        with own_server() as server, shared_log(server, tmp_path) as shared:
            log = shared.open()
            append(log, n=0)
            server.stop()
            for _ in range(3):
                with pytest.raises(LogUnavailable) as caught:
                    append(log, n=1)
                assert "127.0.0.1" not in str(caught.value)
            assert not log.running
            with pytest.raises(DatabaseAway):
                log.checkpoint()
            server.start()
            wait_for(lambda: log.running)
            assert append(log, n=2) == 1
            assert log.size == 2

    def test_a_gateway_that_hangs_in_its_transaction_lets_the_others_go_on(self, shared: SharedLog) -> None:
        log, other = shared.open("a"), shared.join("b")
        hang, began = threading.Event(), threading.Event()

        def hanging(transaction: Any) -> None:
            transaction.connection.execute("SET idle_in_transaction_session_timeout = '200ms'")
            transaction.append(EVENT)
            began.set()
            hang.wait(60)

        waiting = log.submit(hanging)
        began.wait(60)
        assert append(other) == 0
        hang.set()
        with pytest.raises(LogUnavailable):
            waiting.result()
        assert append(log) == 1


def goes_on(log: Log) -> bool:
    """Whether an event could be recorded: a gateway that was sent away comes back by itself."""
    try:
        append(log, n=1)
    except LogUnavailable:
        return False
    return True
