"""Amounts of money: whole millionths of a currency's unit, so that sums are exact."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

MICRO: Final = 1_000_000
"""Millionths of one unit."""
_WRITTEN: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?) ([A-Z]{3})")


@dataclass(frozen=True)
class Money:
    """An amount: `micro` millionths of one unit of `currency` (ISO 4217)."""

    micro: int
    currency: str

    def __str__(self) -> str:
        return f"{plain_amount(self.micro)} {self.currency}"


def plain_amount(micro: int) -> str:
    """`12.50` of 12,500,000 millionths: two places, more where they are needed."""
    whole, rest = divmod(abs(micro), MICRO)
    places = f"{rest:06}".rstrip("0").ljust(2, "0")
    return f"{'-' if micro < 0 else ''}{whole}.{places}"


def rounded_amount(micro: int) -> str:
    """To two places, as people read it; what is less than that and not nothing says so."""
    if 0 < micro < MICRO // 200:
        return "< 0.01"
    return f"{Decimal(micro) / MICRO:,.2f}"


def parse_money(text: object) -> Money:
    """`12.50 USD`; raises ValueError for anything else, an amount of nothing too."""
    match = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("write an amount and a currency in three capitals: 12.50 USD")
    return Money(int(Decimal(match[1]) * MICRO), match[2])


Amount = Annotated[
    Money,
    BeforeValidator(lambda given: given if isinstance(given, Money) else parse_money(given)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_WRITTEN.pattern}$"}),
]
"""As files have it: `12.50 USD`."""
