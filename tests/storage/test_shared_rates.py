"""Requests a minute that several gateways count together in PostgreSQL."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gateway.storage.postgresql.connections import Postgres
from gateway.storage.postgresql.database import PostgresDatabase
from gateway.storage.postgresql.rates import RequestRates
from gateway.storage.postgresql.writing_apart import WritingApart
from tests.postgres_server import PostgresServer


def test_counts_at_one_moment_all_succeed_whatever_isolation_the_server_prefers(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    name = postgres.database()
    with postgres.connect(name) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
    PostgresDatabase(postgres.address(name), tmp_path / "lock").prepare()
    counters = [RequestRates(WritingApart(Postgres(postgres.address(name)))) for _ in range(4)]

    def count(number: int) -> bool:
        return counters[number % 4].count("application", "policy", 150) is None

    with ThreadPoolExecutor(4) as pool:
        assert Counter(pool.map(count, range(200))) == {True: 150, False: 50}
