"""A destroyed key is nowhere in the database's files, however its pages were split, merged and moved before.

`secure_delete` alone does not give that: SQLite leaves copies of rows in gaps of the pages that it balances.
"""

import random
from pathlib import Path

from tests.ledger import Ledger

ROUNDS = 60
AT_ONCE = 12


def wrapped_keys(ledger: Ledger) -> dict[str, bytes]:
    query = "SELECT scope, wrapped FROM content_keys"
    return ledger.database.read(lambda connection: dict(connection.execute(query).fetchall()))


def test_keys_destroyed_between_many_others_leave_no_copy(ledger: Ledger) -> None:
    order = random.Random(7)
    live: list[str] = []
    destroyed: list[bytes] = []
    for number in range(ROUNDS):
        names = [f"adv_{order.randbytes(6).hex()}" for _ in range(AT_ONCE)]
        leaving = [live.pop(order.randrange(len(live))) for _ in range(min(len(live), AT_ONCE // 2))]
        case = f"case_{number % 5}"

        def command(transaction, names=names, leaving=leaving, case=case) -> None:  # type: ignore[no-untyped-def]
            for name in names:
                text = order.randbytes(order.choice((20, 400, 3_000, 9_000)))
                ledger.vault.seal(
                    transaction.connection, advice=name, contents={"request": text, "sent": text}
                )
            ledger.vault.erase_pseudonyms(transaction.connection, case)
            ledger.vault.keep_pseudonyms(transaction.connection, case, [("<PERSON_1>", "PERSON", names[0])])
            for name in leaving:
                ledger.vault.erase(transaction.connection, name)

        before = wrapped_keys(ledger)
        ledger.run(command)
        live += names
        destroyed += [before[name] for name in (*leaving, case) if name in before]
    assert ledger.log.purge().result()
    written = {path: path.read_bytes() for path in Path(ledger.path.parent).iterdir()}
    assert len(destroyed) > 300
    assert not [key for key in destroyed if any(key[1:17] in content for content in written.values())]
    kept = wrapped_keys(ledger)
    assert all(written[ledger.path].count(kept[name]) == 1 for name in live)
