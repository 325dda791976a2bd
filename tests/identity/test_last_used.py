"""On which day a credential was last used: written once a day, however often it is used, and nowhere in the log."""

from gateway.identity import LastUsedTracker, create_application, identify, list_credentials, write_last_used
from tests.ledger import Ledger


class Days:
    today = "2026-11-24"

    def __call__(self) -> str:
        return self.today


def used_on(ledger: Ledger) -> str | None:
    day: str | None = ledger.database.read(list_credentials)[0]["used_on"]
    return day


def test_a_use_is_written_down_once_a_day(ledger: Ledger) -> None:
    key = ledger.run(lambda transaction: create_application(transaction, "casebook", actor="operator"))
    days = Days()
    uses = LastUsedTracker(days)

    def use(uses: LastUsedTracker) -> dict[str, str]:
        ledger.database.read(lambda connection: identify(connection, f"Bearer {key}", uses.record_use))
        due = dict(uses.pending)
        ledger.run(lambda transaction: write_last_used(transaction.connection, due))
        uses.pending.clear()
        return due

    assert used_on(ledger) is None
    events = len(ledger.events())
    assert list(use(uses).values()) == ["2026-11-24"]
    assert used_on(ledger) == "2026-11-24"
    assert use(uses) == {}
    assert use(LastUsedTracker(days)) == {}  # another gateway, or this one after a restart
    days.today = "2026-11-25"
    assert list(use(uses).values()) == ["2026-11-25"]
    assert used_on(ledger) == "2026-11-25"
    assert len(ledger.events()) == events


def test_a_day_is_never_put_back(ledger: Ledger) -> None:
    ledger.run(lambda transaction: create_application(transaction, "casebook", actor="operator"))
    credential = ledger.database.read(list_credentials)[0]["id"]
    for day in ("2026-11-25", "2026-11-24"):
        ledger.run(lambda transaction, day=day: write_last_used(transaction.connection, {credential: day}))
    assert used_on(ledger) == "2026-11-25"
