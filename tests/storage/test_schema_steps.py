"""Migrations expand the schema in one release and contract it in a later one, and a newer schema is left alone."""

import ast
import re
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from gateway.advice import rebuild
from gateway.storage import SCHEMA_HEAD, DatabaseUnfit
from gateway.storage.migrations import versions
from gateway.storage.postgresql import prepare_database
from tests.ledger import Ledger
from tests.postgres_server import PostgresServer

ROOT = Path(__file__).parent.parent.parent
FIRST_MARKED = "0016"
"""Those before are from before there was a release."""
FILES = {
    path.name[:4]: path.read_text("utf-8")
    for path in sorted(Path(next(iter(versions.__path__))).glob("[0-9]*.py"))
    if path.name[:4] >= FIRST_MARKED
}
RELEASE = str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])
ADDING = {"create_table", "add_column", "create_index", "bulk_insert", "execute", "get_bind"}
REMOVING_SQL = re.compile(r"\b(DROP|RENAME|ALTER\s+COLUMN|DELETE\s+FROM|TRUNCATE)\b(?! OR)", re.IGNORECASE)


def marks(source: str) -> dict[str, str]:
    """The names that a migration sets to a text."""
    return {
        node.targets[0].id: node.value.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))


def faults(migrations: dict[str, str], release: str) -> Iterator[str]:
    """What would keep gateways of two releases in a row from running side by side."""
    known = {number: marks(source) for number, source in migrations.items()}
    for number, source in migrations.items():
        mark = known[number]
        if mark.get("step") not in ("expand", "contract") or "release" not in mark:
            yield f"{number}: mark it with step (expand or contract) and release"
            continue
        if numbers(mark["release"]) > numbers(release):
            yield f"{number}: its release is none yet"
        if mark["step"] == "expand":
            yield from (f"{number}: {fault}" for fault in removals(source))
            continue
        completes = known.get(mark.get("completes", ""), {})
        if completes.get("step") != "expand":
            yield f"{number}: name in `completes` the expansion that it completes"
        elif numbers(completes["release"]) >= numbers(mark["release"]):
            yield f"{number}: contracts in the release of its expansion; leave it for the next one"
        if "UPDATE oldest_schema" not in source:
            yield f"{number}: say in oldest_schema which gateways may still run"


def removals(source: str) -> Iterator[str]:
    """What of an expansion is none."""
    made = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and REMOVING_SQL.search(node.value):
            yield f"`{node.value}` removes something"
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "op"):
            continue
        name = node.func.attr
        if name not in ADDING:
            yield f"op.{name} is none of {', '.join(sorted(ADDING))}"
        if name == "create_table" and isinstance(node.args[0], ast.Constant):
            made.add(node.args[0].value)
        if (
            name == "add_column"
            and "nullable=False" in ast.unparse(node)
            and "server_default" not in ast.unparse(node)
        ):
            yield "a column that may not be empty keeps older gateways from adding rows"


def test_migrations_let_gateways_of_two_releases_run_side_by_side() -> None:
    assert list(faults(FILES, RELEASE)) == []


EXPAND = 'step = "expand"\nrelease = "0.1.0"\n'
CONTRACT = (
    'step = "contract"\ncompletes = "0020"\nop.execute("UPDATE oldest_schema SET version = \'0020\'")\n'
)


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ("", "mark it"),
        (CONTRACT + 'release = "0.1.0"\nop.drop_table("a")', "in the release of its expansion"),
        (CONTRACT.replace("0020", "0021") + 'release = "0.2.0"', "name in `completes`"),
        ('step = "contract"\ncompletes = "0020"\nrelease = "0.2.0"', "say in oldest_schema"),
        (EXPAND + 'op.drop_column("a", "b")', "op.drop_column is none"),
        (EXPAND + 'op.alter_column("a", "b", nullable=False)', "op.alter_column is none"),
        (EXPAND + 'op.execute("ALTER TABLE a RENAME TO b")', "removes something"),
        (EXPAND + 'op.add_column("a", sa.Column("b", sa.Text, nullable=False))', "may not be empty"),
        (EXPAND.replace("0.1.0", "9.9.9"), "none yet"),
    ],
)
def test_a_migration_that_would_stop_older_gateways_is_told(later: str, said: str) -> None:
    found = list(faults({"0020": EXPAND + 'op.create_table("a")', "0022": later}, "0.2.0"))
    assert any(said in fault for fault in found), found


def test_a_contraction_in_a_later_release_is_taken() -> None:
    later = CONTRACT + 'release = "0.2.0"\nop.drop_table("a")'
    assert list(faults({"0020": EXPAND + 'op.create_table("a")', "0022": later}, "0.2.0")) == []


def write(ledger: Ledger, statement: str) -> None:
    ledger.log.submit(lambda transaction: transaction.connection.execute(statement)).result()


def test_a_schema_of_a_newer_gateway_is_left_as_it_is(ledger: Ledger) -> None:
    write(ledger, "UPDATE alembic_version SET version_num = '9998'")
    ledger.database.prepare()
    found = ledger.database.read(lambda c: c.execute("SELECT version_num FROM alembic_version").fetchone())
    assert found == ("9998",)


def test_a_schema_that_has_lost_what_this_gateway_needs_is_refused(ledger: Ledger) -> None:
    write(ledger, "UPDATE alembic_version SET version_num = '9998'")
    write(ledger, "UPDATE oldest_schema SET version = '9997'")
    with pytest.raises(DatabaseUnfit, match=f"older than 9997.*knows {SCHEMA_HEAD}"):
        ledger.database.prepare()


def test_projections_of_a_newer_gateway_are_left_and_older_ones_made_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made_by() -> Any:
        return ledger.database.read(lambda c: c.execute("SELECT version FROM projected").fetchone())

    rebuild.bring_up(ledger.log, ledger.database)
    assert made_by() == (rebuild.SHAPE,)
    write(ledger, "UPDATE projected SET version = version + 1")
    rebuild.bring_up(ledger.log, ledger.database)
    assert made_by() == (rebuild.SHAPE + 1,)
    write(ledger, "UPDATE projected SET version = 1")
    rebuild.bring_up(ledger.log, ledger.database)
    assert made_by() == (rebuild.SHAPE,)


def test_preparing_waits_for_a_long_read_and_holds_up_nobody_meanwhile(postgres: PostgresServer) -> None:
    name = postgres.database()
    addresses = postgres.address(name), postgres.address(name, "owner")
    with ThreadPoolExecutor(1) as pool, postgres.connect(name) as reader, postgres.connect(name) as other:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events")
        preparing = pool.submit(prepare_database, *addresses)
        # Twice as long as a change waits before it lets the others go on, with a wide margin for a slow machine.
        other.execute("SET lock_timeout = '30s'")
        for _ in range(3):
            other.execute("SELECT count(*) FROM events")
        assert not preparing.done()
        reader.execute("COMMIT")
        assert preparing.result(120)
