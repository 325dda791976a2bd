"""Projections made again beside those in use: others go on writing the log, and rows that are right stay untouched."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.advice import bring_up_beside, rebuild, rebuild_from, record
from gateway.storage import ScratchTables
from tests.ledger import Ledger, open_ledger
from tests.postgres_server import PostgresServer

HOLDS = "SELECT scope, why, event, xmin::text FROM holds ORDER BY scope"


def place(ledger: Ledger, case: str) -> None:
    event = {"type": "hold.placed", "actor": "operator", "case": case, "why": "inquest"}
    ledger.run(lambda transaction: record(transaction, event))


@pytest.fixture
def held(postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """Five holds; read two events at a time."""
    monkeypatch.setattr(rebuild, "_PAGE", 2)
    with open_ledger(tmp_path, postgres.address(postgres.database())) as ledger:
        for case in "abcde":
            place(ledger, case)
        rebuild_from(ledger.log, ledger.database)
        yield ledger


def before_the_end(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, do: Any) -> None:
    """Have `do` called once the projections have been filled beside, before the log's order is taken."""
    opened = ledger.database.scratch_tables

    @contextmanager
    def watched(tables: Any) -> Iterator[ScratchTables | None]:
        with opened(tables) as scratch:
            assert scratch is not None
            in_log_order = scratch.in_log_order

            def doing_first() -> Any:
                do()
                return in_log_order()

            monkeypatch.setattr(scratch, "in_log_order", doing_first)
            yield scratch

    monkeypatch.setattr(ledger.database, "scratch_tables", watched)


def test_what_others_record_meanwhile_is_in_what_was_made_again(
    held: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_the_end(held, monkeypatch, lambda: place(held, "f"))
    assert rebuild_from(held.log, held.database) == 6
    assert [row[0] for row in held.rows(HOLDS)] == list("abcdef")


def test_until_it_is_complete_readers_have_what_there_was(
    held: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.change("DELETE FROM holds WHERE scope = 'a'")
    seen: list[Any] = []
    before_the_end(held, monkeypatch, lambda: seen.append(held.rows("SELECT count(*) FROM holds")))
    rebuild_from(held.log, held.database)
    assert seen == [[(4,)]]
    assert held.rows("SELECT count(*) FROM holds") == [(5,)]


def test_only_rows_that_differ_are_written(held: Ledger) -> None:
    before = held.rows(HOLDS)
    held.change("DELETE FROM holds WHERE scope = 'a'")
    held.change("UPDATE holds SET event = 77 WHERE scope = 'b'")
    held.change("INSERT INTO holds (scope, why, placed_at, event) VALUES ('z', 'inquest', 'now', 9)")
    rebuild_from(held.log, held.database)
    after = held.rows(HOLDS)
    assert [row[:3] for row in after] == [row[:3] for row in before]
    assert after[2:] == before[2:], "rows c, d and e were written again"


def test_what_is_interrupted_leaves_everything_as_it_was(
    held: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.change("UPDATE projected SET version = 1")
    held.change("DELETE FROM holds WHERE scope = 'a'")
    before = held.rows(HOLDS)
    with monkeypatch.context() as patch:
        patch.setattr(rebuild, "decode_event", None)
        with pytest.raises(TypeError):
            bring_up_beside(held.database)
    assert held.rows(HOLDS) == before
    assert held.rows("SELECT version FROM projected") == [(1,)]
    assert bring_up_beside(held.database) == 5
    assert bring_up_beside(held.database) is None, "it was done"


def test_a_role_that_may_make_no_temporary_tables_rebuilds_in_one_transaction(
    held: Ledger, postgres: PostgresServer
) -> None:
    ((name,),) = held.rows("SELECT current_database()")
    with postgres.connect("postgres") as owner:
        owner.execute(f"REVOKE TEMP ON DATABASE {name} FROM PUBLIC")
    held.change("UPDATE projected SET version = 1")
    held.change("DELETE FROM holds WHERE scope = 'a'")
    assert bring_up_beside(held.database) is None
    rebuild.bring_up(held.log, held.database)
    assert held.rows("SELECT count(*) FROM holds") == [(5,)]
    assert held.rows("SELECT version FROM projected") == [(rebuild.SHAPE,)]
