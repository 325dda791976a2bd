"""A destroyed key is nowhere in the database's files, however its pages were split, merged and moved before.

`secure_delete` alone does not give that: where rows are deleted, SQLite merges pages and may leave copies of what it
moved in their gaps (docs/decisions/0002). So a destroyed key's row stays, overwritten where it lies.
"""

import random
from pathlib import Path
from typing import Any

import pytest

from gateway.storage import DESTROYED
from tests.ledger import Ledger

SEED = 3
ADVICE = 1_200
AT_ONCE = 20


def wrapped_keys(ledger: Ledger) -> dict[str, bytes]:
    query = "SELECT scope, wrapped FROM content_keys"
    return ledger.database.read(lambda connection: dict(connection.execute(query).fetchall()))


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_keys_destroyed_between_many_others_leave_no_copy(ledger: Ledger) -> None:
    order = random.Random(SEED)
    live: list[str] = []
    destroyed: list[bytes] = []

    def command(transaction: Any, names: list[str], leaving: list[str], case: str) -> None:
        for name in names:
            contents = {kind: order.randbytes(order.choice((50, 900, 5_000))) for kind in ("request", "sent")}
            ledger.vault.seal(transaction.connection, advice=name, contents=contents)
        ledger.vault.erase_pseudonyms(transaction.connection, case)
        ledger.vault.keep_pseudonyms(transaction.connection, case, [("<PERSON_1>", "PERSON", names[0])])
        for name in leaving:
            ledger.vault.erase(transaction.connection, name)

    for number in range(ADVICE // AT_ONCE):
        names = [f"adv_{order.randbytes(20).hex()}" for _ in range(AT_ONCE)]
        leaving = [
            live.pop(order.randrange(len(live))) for _ in range(min(len(live), order.randint(1, AT_ONCE)))
        ]
        case = f"case_{number % 5}"
        before = wrapped_keys(ledger)
        ledger.run(lambda transaction, more=(names, leaving, case): command(transaction, *more))
        live += names
        destroyed += [before[name] for name in (*leaving, case) if name in before]
    assert ledger.log.purge().result()
    written = {path: path.read_bytes() for path in Path(ledger.path.parent).iterdir()}
    assert len(destroyed) > 500
    assert not [key for key in destroyed if any(key[1:17] in content for content in written.values())]
    kept = wrapped_keys(ledger)
    assert list(kept.values()).count(DESTROYED) == ADVICE - len(live)
    assert all(written[ledger.path].count(kept[name]) == 1 for name in live)
