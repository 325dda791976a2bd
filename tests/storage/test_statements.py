"""Every statement of the gateway is understood by both kinds of database."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import gateway
from gateway.storage import Statement
from tests.ledger import Ledger


def statements() -> Iterator[tuple[str, Statement]]:
    for module in pkgutil.walk_packages(gateway.__path__, "gateway."):
        if ".migrations" in module.name or module.name == "gateway.__main__":
            continue
        for name, found in vars(importlib.import_module(module.name)).items():
            for number, one in enumerate(found if isinstance(found, list) else [found]):
                if isinstance(one, Statement):
                    yield f"{module.name}.{name}.{number}", one


STATEMENTS = dict(statements())


def test_there_are_statements() -> None:
    assert len(STATEMENTS) > 50


@pytest.mark.parametrize("ledger", ["postgresql"], indirect=True)
def test_postgresql_knows_the_type_of_every_parameter(ledger: Ledger) -> None:
    """It plans each statement without values: `x IS NULL` alone would not tell what `x` is."""
    unclear = []
    with ledger.database.postgres.borrow() as connection:
        for name, statement in STATEMENTS.items():
            sql, _ = statement._postgresql
            names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", sql)))
            for number, parameter in enumerate(names, 1):
                sql = sql.replace(f"%({parameter})s", f"${number}")
            try:
                connection.control(f"PREPARE tried AS {sql.replace('%%', '%')}")
                connection.control("DEALLOCATE tried")
            except Exception as error:  # noqa: BLE001 - all of them are to be named
                unclear.append(f"{name}: {error}")
    assert unclear == []
