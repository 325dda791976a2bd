"""What models were used for in a month: requests, tokens and cost by policy, application, person and model."""

import csv
import io
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import bindparam, select

from gateway.advice import usage_rows
from gateway.money import plain_amount, rounded_amount
from gateway.storage import Connection, Row, Statement, tables

UsageBy = Literal["policy", "application", "person", "model", "day"]
USAGE_GROUPINGS: Final[tuple[UsageBy, ...]] = ("policy", "application", "person", "model", "day")
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_KEYS: Final = ("policy", "application", "person", "model", "currency")
_COUNTS: Final = ("requests", "prompt_tokens", "completion_tokens", "micro")
_COLUMNS: Final = (
    "month",
    "policy",
    "application",
    "person",
    "model",
    "requests",
    "prompt_tokens",
    "completion_tokens",
    "cost",
    "currency",
)
_warnings = tables.limits_told
_limits = Statement(
    select(_warnings)
    .where(_warnings.c.told_at >= bindparam("since"), _warnings.c.told_at < bindparam("after"))
    .order_by(_warnings.c.event.desc())
    .limit(bindparam("most"))
)
_MAX_WARNED: Final = 50


@dataclass
class Usage:
    """The usage of one group. `micro`: its cost in millionths, by currency. `unpriced`: requests of unknown price."""

    group: str
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    micro: Counter[str] = field(default_factory=Counter)
    unpriced: int = 0

    @property
    def tokens(self) -> int:
        """Those that were sent and those that models wrote."""
        return self.prompt_tokens + self.completion_tokens

    @property
    def costs(self) -> list[str]:
        """`12.50 USD`, for each currency, rounded."""
        return [f"{rounded_amount(micro)} {currency}" for currency, micro in sorted(self.micro.items())]

    def add(self, row: Row) -> None:
        """One row of the projection more."""
        self.requests += row["requests"]
        self.prompt_tokens += row["prompt_tokens"]
        self.completion_tokens += row["completion_tokens"]
        if row["currency"]:
            self.micro[row["currency"]] += row["micro"]
        else:
            self.unpriced += row["requests"]


def is_month(text: str) -> bool:
    """Whether `text` is a month as it is asked for: `2026-11`."""
    return _MONTH.fullmatch(text) is not None


def usage_of_month(connection: Connection, month: str) -> list[Row]:
    """Every row of a month such as `2026-11`, by day (UTC), policy, application, person, model and currency."""
    year, number = map(int, month.split("-"))
    return usage_rows(connection, f"{month}-01", f"{month}-{monthrange(year, number)[1]:02}")


def usage_by(rows: Iterable[Row], by: UsageBy) -> list[Usage]:
    """Grouped, each group once."""
    groups: dict[str, Usage] = {}
    for row in rows:
        groups.setdefault(row[by], Usage(row[by])).add(row)
    return [groups[name] for name in sorted(groups)]


def usage_total(rows: Iterable[Row]) -> Usage:
    """All of it."""
    total = Usage("")
    for row in rows:
        total.add(row)
    return total


def usage_table(rows: Iterable[Row], month: str) -> list[dict[str, Any]]:
    """A row for each policy, application, person, model and currency; `cost` is text, and empty without a price."""
    sums: dict[tuple[str, ...], Counter[str]] = {}
    for row in rows:
        counts = {name: row[name] for name in _COUNTS}
        sums.setdefault(tuple(row[name] for name in _KEYS), Counter()).update(counts)
    return [
        {
            "month": month,
            **dict(zip(_KEYS, key, strict=True)),
            **{name: counts[name] for name in _COUNTS if name != "micro"},
            "cost": plain_amount(counts["micro"]) if key[-1] else "",
        }
        for key, counts in sorted(sums.items())
    ]


def usage_csv(rows: Iterable[Row], month: str) -> str:
    """The table as a file (RFC 4180)."""
    text = io.StringIO()
    table = csv.DictWriter(text, _COLUMNS)
    table.writeheader()
    table.writerows(usage_table(rows, month))
    return text.getvalue()


def limit_warnings_in(connection: Connection, month: str) -> Sequence[Row]:
    """The newest limits that were nearly used up, or were, in a month."""
    return _limits.all(connection, since=month, after=f"{month}-99", most=_MAX_WARNED)
