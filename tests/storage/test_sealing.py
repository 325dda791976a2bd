"""Sealed content opens with its own key, in its own place, and with nothing else; a key that is destroyed is gone."""

import secrets
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import opens
from gateway.storage import RowTaken, SealedDamaged, SealedMissing, tables
from gateway.storage.database import SCHEMA_HEAD
from gateway.storage.migrations import versions
from tests.ledger import Ledger


def seal(ledger: Ledger, content: bytes, *, advice: str = "adv_1", kind: str = "request") -> str:
    return ledger.run(
        lambda transaction: ledger.vault.seal(
            transaction.connection, advice=advice, contents={kind: content}
        )[kind]
    )


def opened(ledger: Ledger, advice: str = "adv_1", kind: str = "request") -> bytes:
    return ledger.database.read(
        lambda connection: ledger.vault.open(connection, advice=advice, kind=kind)
    ).content


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


def swap(ledger: Ledger, table: str, column: str) -> None:
    """Exchange a column's values between the first two rows, as somebody with the file could."""

    (one, first), (two, second) = ledger.rows(f"SELECT rowid, {column} FROM {table} ORDER BY rowid LIMIT 2")
    ledger.change(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", second, one)
    ledger.change(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", first, two)


@pytest.mark.parametrize("column", ["ciphertext", "scope", "commitment"])
def test_content_swapped_between_two_pieces_of_advice_does_not_open(ledger: Ledger, column: str) -> None:
    for advice in ("adv_1", "adv_2"):
        seal(ledger, advice.encode(), advice=advice)
    swap(ledger, "sealed", column)
    for advice in ("adv_1", "adv_2"):
        with pytest.raises(SealedDamaged):
            opened(ledger, advice)


def test_content_and_its_key_moved_together_to_another_advice_do_not_open(ledger: Ledger) -> None:
    seal(ledger, b"text")
    ledger.change("UPDATE sealed SET advice = 'adv_2'")
    with pytest.raises(SealedDamaged):
        opened(ledger, "adv_2")
    ledger.change("UPDATE sealed SET scope = 'adv_2'")
    ledger.change("UPDATE content_keys SET scope = 'adv_2'")
    with pytest.raises(SealedDamaged):
        opened(ledger, "adv_2")


def test_two_pieces_of_one_advice_swapped_do_not_open(ledger: Ledger) -> None:
    seal(ledger, b"what was asked")
    seal(ledger, b"what was answered", kind="answer")
    ledger.change("UPDATE sealed SET kind = 'sent' WHERE kind = 'answer'")
    ledger.change("UPDATE sealed SET kind = 'answer' WHERE kind = 'request'")
    for kind in ("answer", "sent"):
        with pytest.raises(SealedDamaged):
            opened(ledger, kind=kind)


def test_keys_swapped_between_two_pieces_of_advice_do_not_open(ledger: Ledger) -> None:
    for advice in ("adv_1", "adv_2"):
        seal(ledger, advice.encode(), advice=advice)
    swap(ledger, "content_keys", "wrapped")
    with pytest.raises(SealedDamaged):
        opened(ledger)


def test_erased_content_is_gone_and_its_key_is_not_made_again(ledger: Ledger) -> None:
    seal(ledger, b"text")
    seal(ledger, b"other", advice="adv_2")
    ledger.run(lambda transaction: ledger.vault.erase(transaction.connection, "adv_1"))
    with pytest.raises(SealedMissing):
        opened(ledger)
    with pytest.raises(SealedMissing):
        seal(ledger, b"late", kind="answer")
    assert opened(ledger, "adv_2") == b"other"


def test_a_row_that_was_put_back_after_its_erasure_does_not_open(ledger: Ledger) -> None:
    seal(ledger, b"text")
    (row,) = ledger.rows("SELECT * FROM sealed")
    ledger.run(lambda transaction: ledger.vault.erase(transaction.connection, "adv_1"))
    ledger.change("INSERT INTO sealed VALUES (?, ?, ?, ?, ?)", *row)
    with pytest.raises(SealedMissing):
        opened(ledger)


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
    with pytest.raises(RowTaken):
        ledger.run(lambda transaction: keep(transaction.connection, "case_1", issued))


def test_a_case_whose_pseudonyms_were_erased_gets_a_new_key(ledger: Ledger) -> None:
    issued = [("<PERSON_1>", "PERSON", "Siobhan")]
    keep = ledger.vault.keep_pseudonyms
    ledger.run(lambda transaction: keep(transaction.connection, "case_1", issued))
    wrapped = "SELECT wrapped FROM content_keys WHERE scope = 'case_1'"
    before = ledger.database.read(lambda connection: connection.execute(wrapped).fetchone())
    assert (
        ledger.run(lambda transaction: ledger.vault.erase_pseudonyms(transaction.connection, "case_1")) == 1
    )
    assert ledger.database.read(lambda connection: ledger.vault.pseudonyms(connection, "case_1")) == []
    ledger.run(lambda transaction: keep(transaction.connection, "case_1", issued))
    assert ledger.database.read(lambda connection: ledger.vault.pseudonyms(connection, "case_1")) == issued
    assert ledger.database.read(lambda connection: connection.execute(wrapped).fetchone()) != before


def test_pseudonyms_swapped_within_a_case_do_not_open(ledger: Ledger) -> None:
    issued = [("<PERSON_1>", "PERSON", "Siobhan"), ("<PERSON_2>", "PERSON", "Aoife")]
    ledger.run(lambda transaction: ledger.vault.keep_pseudonyms(transaction.connection, "case_1", issued))
    swap(ledger, "pseudonyms", "ciphertext")
    with pytest.raises(SealedDamaged):
        ledger.database.read(lambda connection: ledger.vault.pseudonyms(connection, "case_1"))


def test_the_migrations_make_the_tables_that_the_code_names(ledger: Ledger) -> None:
    for name, table in vars(tables).items():
        query = f"SELECT * FROM {name}"
        columns = ledger.database.read(lambda connection, query=query: connection.execute(query).description)
        assert [column[0] for column in columns] == [column.name for column in table.columns], name


def test_the_migrations_have_one_head() -> None:
    files = sorted(path.name for path in Path(next(iter(versions.__path__))).glob("[0-9]*.py"))
    assert files[-1].startswith(SCHEMA_HEAD)
    assert len({name[:4] for name in files}) == len(files)
