"""The price of tokens: the route's own, else the one in the table that litellm ships. Nothing is fetched.

Tokens that a provider takes from its cache count at the full price, so a cost is never too low for that.
"""

import functools
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from gateway.money import MICRO, Money
from gateway.providers.routes import OPENAI_BASE, ModelRoute

_TABLE: Final = "model_prices_and_context_window_backup.json"
_TABLE_CURRENCY: Final = "USD"


@dataclass(frozen=True)
class Price:
    """What a million tokens cost, in millionths of the currency's unit."""

    currency: str
    input_micro: int
    output_micro: int

    def fits(self, currency: str) -> bool:
        """Whether it can be held to a limit in this currency; what costs nothing can be in any."""
        return self.currency == currency or not (self.input_micro or self.output_micro)

    def cost(self, usage: Mapping[str, int]) -> Money:
        """Of `prompt_tokens` and `completion_tokens`, rounded up to a millionth."""
        sent = usage.get("prompt_tokens", 0) * self.input_micro
        output_cost = usage.get("completion_tokens", 0) * self.output_micro
        return Money(-(-(sent + output_cost) // MICRO), self.currency)


FREE: Final = Price(_TABLE_CURRENCY, 0, 0)
"""Of what runs in the gateway's own process."""


def price_of(route: ModelRoute) -> Price | None:
    """The price of a route's tokens; None where nobody knows it.

    The table's price does not apply to a server of one's own that uses the name of a model.
    """
    if route.price is not None:
        own = route.price
        return Price(
            own.input_per_million.currency, own.input_per_million.micro, own.output_per_million.micro
        )
    if route.provider == "rehearsal":
        return FREE
    if route.provider == "openai" and route.api_base and not route.api_base.startswith(OPENAI_BASE):
        return None
    table = _table()
    names = [route.model, *([route.target] if route.provider in _BY_BARE_NAME else [])]
    entry = next((table[name] for name in names if name in table), None)
    return None if entry is None else _from_table(entry)


_BY_BARE_NAME: Final = frozenset({"openai", "anthropic"})
"""Providers whose models the table has without the provider's name."""


def _from_table(entry: Mapping[str, Any]) -> Price | None:
    input_cost, output_cost = entry.get("input_cost_per_token"), entry.get("output_cost_per_token", 0)
    if not isinstance(input_cost, int | float) or not isinstance(output_cost, int | float):
        return None
    return Price(_TABLE_CURRENCY, _per_million(input_cost), _per_million(output_cost))


def _per_million(each: float) -> int:
    """Millionths of a dollar for a million tokens, of dollars for one."""
    return int((Decimal(repr(each)) * MICRO * MICRO).to_integral_value())


@functools.cache
def _table() -> Mapping[str, Any]:
    """The file of litellm alone: importing it would take seconds."""
    spec = importlib.util.find_spec("litellm")
    folders = [] if spec is None else list(spec.submodule_search_locations or ())
    for folder in folders:
        path = Path(folder) / _TABLE
        if path.is_file():
            table: Mapping[str, Any] = json.loads(path.read_bytes())
            return table
    return {}
