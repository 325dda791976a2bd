"""Sealed content opens with its case's key and the master key, and with nothing else."""

import secrets
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import opens
from gateway.storage import MasterKey, MasterKeyInvalid, SealedMissing, Vault, tables
from gateway.storage.database import SCHEMA_HEAD
from gateway.storage.migrations import versions
from tests.ledger import Ledger


def seal(ledger: Ledger, content: bytes, *, advice: str = "adv_1", scope: str = "case_1") -> str:
    return ledger.run(
        lambda transaction: ledger.vault.seal(
            transaction.connection, scope=scope, advice=advice, contents={"request": content}
        )["request"]
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(content=st.binary(max_size=2000))
def test_what_is_sealed_opens_again_and_proves_its_commitment(ledger: Ledger, content: bytes) -> None:
    advice = secrets.token_hex(8)
    commitment = seal(ledger, content, advice=advice)
    opened = ledger.database.read(
        lambda connection: ledger.vault.open(connection, advice=advice, kind="request")
    )
    assert opened.content == content
    assert opens(commitment, opened.content, opened.salt)


def test_the_file_holds_nothing_of_the_content(ledger: Ledger) -> None:
    seal(ledger, b"Zephyrine Quill lives in Leeds")
    written = b"".join(file.read_bytes() for file in ledger.path.parent.iterdir())
    assert b"Zephyrine" not in written


def test_another_master_key_opens_nothing(ledger: Ledger) -> None:
    seal(ledger, b"text")
    other = Vault(MasterKey(bytes(32)))
    with pytest.raises(MasterKeyInvalid):
        ledger.database.read(lambda connection: other.open(connection, advice="adv_1", kind="request"))


def test_content_moved_to_another_advice_does_not_open(ledger: Ledger) -> None:
    seal(ledger, b"text")
    moved = "UPDATE sealed SET advice = 'adv_2'"
    ledger.run(lambda transaction: transaction.connection.execute(moved) and None)
    with pytest.raises(SealedMissing):
        ledger.database.read(lambda connection: ledger.vault.open(connection, advice="adv_2", kind="request"))


def test_without_the_cases_key_content_and_pseudonyms_are_gone(ledger: Ledger) -> None:
    seal(ledger, b"text")
    ledger.run(lambda transaction: transaction.connection.execute("DELETE FROM case_keys") and None)
    with pytest.raises(SealedMissing):
        ledger.database.read(lambda connection: ledger.vault.open(connection, advice="adv_1", kind="request"))


def test_pseudonyms_come_back_for_their_own_case_only(ledger: Ledger) -> None:
    issued = [("<PERSON_1>", "PERSON", "Siobhan"), ("<UK_NINO_1>", "UK_NINO", "AB123456C")]
    ledger.run(lambda transaction: ledger.vault.keep_pseudonyms(transaction.connection, "case_1", issued))
    read = ledger.database.read
    assert sorted(read(lambda connection: ledger.vault.pseudonyms(connection, "case_1"))) == issued
    assert read(lambda connection: ledger.vault.pseudonyms(connection, "case_2")) == []


def test_a_pseudonym_is_given_once_in_a_case(ledger: Ledger) -> None:
    issued = [("<PERSON_1>", "PERSON", "Siobhan")]
    keep = ledger.vault.keep_pseudonyms
    ledger.run(lambda transaction: keep(transaction.connection, "case_1", issued))
    with pytest.raises(sqlite3.IntegrityError):
        ledger.run(lambda transaction: keep(transaction.connection, "case_1", issued))


def test_references_differ_by_part_and_not_by_joining() -> None:
    key = MasterKey(bytes(32))
    assert key.reference("a", "bc") != key.reference("ab", "c")
    assert key.reference("a", "bc") == key.reference("a", "bc")
    assert key.reference("a", "bc") != MasterKey(bytes([1] * 32)).reference("a", "bc")


@pytest.mark.parametrize("text", ["", "short", "é" * 40, "A" * 43])
def test_a_master_key_that_is_none_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(MasterKeyInvalid, match="32 bytes"):
        MasterKey.parse(text)


def test_a_generated_master_key_is_taken() -> None:
    assert MasterKey.parse(MasterKey.generate())


def test_the_migrations_make_the_tables_that_the_code_names(ledger: Ledger) -> None:
    for name, table in vars(tables).items():
        query = f"PRAGMA table_info({name})"
        columns = ledger.database.read(lambda connection, query=query: connection.execute(query).fetchall())
        assert [column[1] for column in columns] == [column.name for column in table.columns], name


def test_the_migrations_have_one_head() -> None:
    files = sorted(path.name for path in Path(next(iter(versions.__path__))).glob("[0-9]*.py"))
    assert files[-1].startswith(SCHEMA_HEAD)
    assert len({name[:4] for name in files}) == len(files)
