"""What was used is what the events say, by whatever it is grouped, and stays so when the projections are made again."""

import csv
import io
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.advice import rebuild_from, record
from gateway.commands.cli import app
from gateway.money import parse_money, plain_amount, rounded_amount
from gateway.oversight import (
    USAGE_GROUPINGS,
    UsageBy,
    is_month,
    usage_by,
    usage_csv,
    usage_of_month,
    usage_table,
    usage_total,
)
from tests.ledger import Ledger

REVIEW = {"gate": "release", "deciders": 1}
POLICIES = ("case-summary", "letters")
APPLICATIONS = ("casebook", "tribunal-desk")
PEOPLE = (None, "p_ana", "p_ben")
MODELS = ("default", "reserve")
CURRENCIES = ("USD", "GBP", None)


def write(ledger: Ledger, pieces: int, seed: int) -> None:
    """Advice and embeddings over some months; some without a price, some that fail after an answer."""
    draw = random.Random(seed)
    events: list[dict[str, Any]] = []
    for number in range(pieces):
        kind = draw.choice(["advice", "advice", "embedding"])
        about = {kind: f"{kind}_{number}", "policy": {"id": draw.choice(POLICIES), "version": "0" * 64}}
        person = draw.choice(PEOPLE)
        requested = {"actor": f"application:{draw.choice(APPLICATIONS)}", "redactions": {}, "review": REVIEW}
        if person is not None:
            requested["requester"] = person
        events.append({**about, **requested, "type": f"{kind}.requested"})
        usage = {"prompt_tokens": draw.randrange(5_000)}
        if kind == "advice":
            usage["completion_tokens"] = draw.randrange(2_000)
        answered: dict[str, Any] = {"actor": "gateway", "model": draw.choice(MODELS), "usage": usage}
        currency = draw.choice(CURRENCIES)
        if currency is not None:
            answered["cost"] = {"currency": currency, "micro": draw.randrange(10**7)}
        failed = kind == "advice" and draw.random() < 0.1
        if failed and draw.random() < 0.5:
            answered = {"actor": "gateway"}
        received = {"caveats": [], "attempts": [], "words": 1, "decide_by": "2027-12-24T09:00:00.000000Z"}
        more = {"code": "provider_cut"} if failed else received
        events.append({**about, **answered, **more, "type": f"{kind}.{'failed' if failed else 'received'}"})
    for start in range(0, len(events), 20):
        ledger.clock.forward(days=draw.choice([0, 1, 5]))
        batch = events[start : start + 20]
        ledger.run(lambda transaction, batch=batch: [record(transaction, event) for event in batch] and None)


def recounted(ledger: Ledger, month: str, by: UsageBy) -> dict[str, tuple[int, int, dict[str, int]]]:
    """From the events alone: requests, tokens and cost by group."""
    asked: dict[str, dict[str, Any]] = {}
    found: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for event in ledger.events():
        name = event.get("advice") or event.get("embedding")
        if event["type"].endswith(".requested"):
            asked[name] = event
        if "usage" not in event or not event["time"].startswith(month):
            continue
        group = {
            "policy": event["policy"]["id"],
            "application": asked[name]["actor"].removeprefix("application:"),
            "person": asked[name].get("requester", ""),
            "model": event["model"],
            "day": event["time"][:10],
        }[by]
        counts, costs = found.setdefault(group, (Counter(), Counter()))
        counts.update(requests=1, tokens=sum(event["usage"].values()))
        if "cost" in event:
            costs[event["cost"]["currency"]] += event["cost"]["micro"]
    return {
        group: (counts["requests"], counts["tokens"], dict(costs)) for group, (counts, costs) in found.items()
    }


@pytest.fixture
def used(ledger: Ledger) -> Ledger:
    write(ledger, 150, seed=5)
    return ledger


def rows(ledger: Ledger, month: str) -> list[dict[str, Any]]:
    return ledger.database.read(lambda connection: usage_of_month(connection, month))


def test_usage_is_what_the_events_say_by_whatever_it_is_grouped(used: Ledger) -> None:
    months = {event["time"][:7] for event in used.events()}
    assert len(months) > 1
    for month in months:
        for by in USAGE_GROUPINGS:
            told = {
                one.group: (one.requests, one.tokens, dict(one.micro))
                for one in usage_by(rows(used, month), by)
            }
            assert told == recounted(used, month, by)


def test_projections_that_are_made_again_say_the_same(used: Ledger) -> None:
    before = used.rows("SELECT * FROM usage ORDER BY 1, 2, 3, 4, 5, 6")
    rebuild_from(used.log, used.database)
    assert used.rows("SELECT * FROM usage ORDER BY 1, 2, 3, 4, 5, 6") == before


def test_a_check_that_only_the_log_tells_of_does_not_count_once_it_is_revealed(ledger: Ledger) -> None:
    write(ledger, 30, seed=6)
    month = ledger.events()[-1]["time"][:7]
    before = usage_total(rows(ledger, month))
    received = next(
        one for one in reversed(ledger.events("advice.received")) if one["time"].startswith(month)
    )
    revealed = {"type": "check.revealed", "actor": "gateway", "check": "wrong-date", "caught": True}
    about = {"advice": received["advice"], "policy": received["policy"]}
    ledger.run(lambda transaction: record(transaction, {**about, **revealed}) and None)
    after = usage_total(rows(ledger, month))
    assert before.requests - after.requests == 1
    assert before.tokens - after.tokens == sum(received["usage"].values())


def test_the_file_has_exact_amounts_and_each_group_once(used: Ledger) -> None:
    month = used.events()[-1]["time"][:7]
    found = list(csv.DictReader(io.StringIO(usage_csv(rows(used, month), month))))
    names = [
        tuple(one[name] for name in ("policy", "application", "person", "model", "currency")) for one in found
    ]
    assert len(set(names)) == len(names) > 5
    total = usage_total(rows(used, month))
    assert sum(int(one["requests"]) for one in found) == total.requests
    micro = sum(parse_money(f"{one['cost']} USD").micro for one in found if one["currency"] == "USD")
    assert micro == total.micro["USD"]
    assert {one["cost"] for one in found if not one["currency"]} == {""}
    assert usage_table([], month) == []


def test_the_command_writes_a_table_json_and_csv_beside_the_log(tmp_path: Path, ledger: Ledger) -> None:
    if ledger.database.shared:
        pytest.skip("the command finds PostgreSQL by the settings")
    write(ledger, 30, seed=8)
    month = ledger.events()[-1]["time"][:7]
    wanted = ["usage", "--data", str(ledger.path.parent), "--month", month]
    run = CliRunner().invoke
    total = usage_total(rows(ledger, month))
    text = run(app, wanted).stdout
    assert "by person" in text
    assert f"{total.requests:,}" in text.splitlines()[-1]
    told = json.loads(run(app, [*wanted, "--json"]).stdout)
    assert sum(one["requests"] for one in told["rows"]) == total.requests
    assert (
        run(app, [*wanted, "--csv"]).stdout.splitlines() == usage_csv(rows(ledger, month), month).splitlines()
    )
    assert run(app, ["usage", "--month", "2026-13"]).exit_code == 2


@pytest.mark.parametrize(
    ("micro", "exact", "rounded"),
    [
        (0, "0.00", "0.00"),
        (1, "0.000001", "< 0.01"),
        (12_500_000, "12.50", "12.50"),
        (1_234_567_890, "1234.56789", "1,234.57"),
    ],
)
def test_amounts_are_written_exactly_and_rounded(micro: int, exact: str, rounded: str) -> None:
    assert (plain_amount(micro), rounded_amount(micro)) == (exact, rounded)
    assert not micro or parse_money(f"{exact} GBP").micro == micro


@pytest.mark.parametrize("text", ["2026-00", "2026-13", "26-11", "2026-11-01", "' OR 1"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert not is_month(text)
    assert is_month("2026-11")
