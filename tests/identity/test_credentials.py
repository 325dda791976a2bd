"""Credentials are hashed, found by their token, and revoked at once."""

import pytest

from gateway.errors import GatewayError
from gateway.identity import (
    Application,
    Person,
    create_application,
    create_person,
    find_person,
    identify,
    list_credentials,
    revoke,
)
from tests.ledger import Ledger


def bearer(token: str) -> str:
    return f"Bearer {token}"


def test_an_application_is_found_by_its_key(ledger: Ledger) -> None:
    token = ledger.run(lambda transaction: create_application(transaction, "casebook", actor="operator"))
    caller = ledger.database.read(lambda connection: identify(connection, bearer(token)))
    assert caller == Application("casebook")


def test_a_person_is_found_by_their_token_with_their_roles(ledger: Ledger) -> None:
    person, token = ledger.run(
        lambda transaction: create_person(
            transaction, "Ada Byron", ["reviewer", "caseworker"], actor="operator"
        )
    )
    caller = ledger.database.read(lambda connection: identify(connection, bearer(token)))
    assert caller == Person(person, "Ada Byron", frozenset({"caseworker", "reviewer"}))


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic abc"], ids=["none", "empty", "bare", "blank", "basic"]
)
def test_without_a_bearer_token_the_answer_is_401(ledger: Ledger, header: str | None) -> None:
    with pytest.raises(GatewayError) as refused:
        ledger.database.read(lambda connection: identify(connection, header))
    assert (refused.value.status, refused.value.code) == (401, "missing_credential")


@pytest.mark.parametrize("change", ["cut", "other_secret", "other_id", "garbage"])
def test_a_token_that_differs_in_anything_is_unknown(ledger: Ledger, change: str) -> None:
    token = ledger.run(lambda transaction: create_application(transaction, "casebook", actor="operator"))
    wrong = {
        "cut": token[:-1],
        "other_secret": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "other_id": token[:7] + "0" * 16 + token[23:],
        "garbage": "cs_app_é",
    }[change]
    with pytest.raises(GatewayError, match="unknown_credential"):
        ledger.database.read(lambda connection: identify(connection, bearer(wrong)))


def test_a_revoked_credential_stops_working_at_once_and_is_on_record(ledger: Ledger) -> None:
    person, token = ledger.run(
        lambda transaction: create_person(transaction, "Ada", ["caseworker"], actor="operator")
    )
    ledger.run(lambda transaction: revoke(transaction, person, actor="operator"))
    with pytest.raises(GatewayError, match="unknown_credential"):
        ledger.database.read(lambda connection: identify(connection, bearer(token)))
    assert ledger.database.read(lambda connection: find_person(connection, person)) is None
    assert [event["type"] for event in ledger.events()] == ["key.created", "key.revoked"]


def test_revoking_twice_makes_one_event(ledger: Ledger) -> None:
    ledger.run(lambda transaction: create_application(transaction, "casebook", actor="operator"))
    for _ in range(2):
        ledger.run(lambda transaction: revoke(transaction, "casebook", actor="operator"))
    assert len(ledger.events("key.revoked")) == 1


def test_revoking_what_does_not_exist_says_so(ledger: Ledger) -> None:
    with pytest.raises(GatewayError) as refused:
        ledger.run(lambda transaction: revoke(transaction, "nobody", actor="operator"))
    assert refused.value.status == 404


def test_neither_secret_nor_name_is_in_the_database_or_the_log(ledger: Ledger) -> None:
    _, token = ledger.run(
        lambda transaction: create_person(transaction, "Zephyrine Quill", ["admin"], actor="operator")
    )
    secret = token.split("_", 3)[3].encode()  # which may itself have an underscore
    written = b"".join(file.read_bytes() for file in ledger.path.parent.iterdir())
    assert secret not in written
    assert b"Zephyrine" not in b"".join(ledger.log.read(0, ledger.log.size))


@pytest.mark.parametrize("roles", [[], ["judge"], ["caseworker", "root"]])
def test_a_person_needs_known_roles(ledger: Ledger, roles: list[str]) -> None:
    with pytest.raises(GatewayError) as refused:
        ledger.run(lambda transaction: create_person(transaction, "Ada", roles, actor="operator"))
    assert refused.value.param == "roles"


@pytest.mark.parametrize("name", ["", "Case Book", "-x", "a" * 64, "é"])
def test_an_application_needs_a_plain_id(ledger: Ledger, name: str) -> None:
    with pytest.raises(GatewayError) as refused:
        ledger.run(lambda transaction: create_application(transaction, name, actor="operator"))
    assert refused.value.param == "application"


def test_the_list_shows_holders_and_no_secrets(ledger: Ledger) -> None:
    ledger.run(lambda transaction: create_application(transaction, "casebook", actor="operator"))
    (row,) = ledger.database.read(list_credentials)
    assert row["holder"] == "casebook"
    assert "secret_hash" not in row
