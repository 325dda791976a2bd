"""What routes cost, and where what they are sent stays."""

import asyncio
from typing import Any

import pytest

from gateway.money import Money
from gateway.providers import ModelRoute, Providers, ResidencyUnmet
from tests.provider_server import Fault, ProviderServer

REQUEST = {"messages": [{"role": "user", "content": "Hello."}]}


def prices(**routes: dict[str, Any]) -> dict[str, Any]:
    return dict(Providers({name: ModelRoute(**route) for name, route in routes.items()}).terms.prices)


@pytest.mark.parametrize(
    ("model", "cost"),
    [
        ("openai/gpt-4o", 12_500_000),
        ("azure/gpt-4o", 12_500_000),
        ("anthropic/claude-sonnet-4-5", 18_000_000),
        ("gemini/gemini-2.5-flash", 2_800_000),
        ("rehearsal/extract", 0),
    ],
)
def test_prices_come_from_the_table_that_litellm_ships(model: str, cost: int) -> None:
    price = prices(one={"model": model})["one"]
    assert price.cost({"prompt_tokens": 1_000_000, "completion_tokens": 1_000_000}) == Money(cost, "USD")


def test_a_routes_own_price_wins_and_rounds_up_to_a_millionth() -> None:
    own = {"input_per_million": "2.50 GBP", "output_per_million": "10 GBP"}
    price = prices(one={"model": "openai/gpt-4o", "price": own})["one"]
    assert price.cost({"prompt_tokens": 1}) == Money(3, "GBP")
    assert price.cost({"prompt_tokens": 2, "completion_tokens": 1}) == Money(15, "GBP")


@pytest.mark.parametrize(
    "route",
    [
        {"model": "openai/gpt-4o", "api_base": "http://127.0.0.1:9/v1"},
        {"model": "openai/no-such-model-at-all"},
        {"model": "ollama_chat/my-own"},
    ],
    ids=["own server", "unknown", "ollama"],
)
def test_what_nobody_knows_the_price_of_has_none(route: dict[str, Any]) -> None:
    assert prices(one=route) == {"one": None}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_no_fallback_leaves_the_residency_whatever_fails(stream: bool) -> None:
    with ProviderServer() as home, ProviderServer() as abroad:
        home.faults.extend([Fault(status=500), Fault(status=500)])
        routes = {
            "home": ModelRoute(model="openai/m", api_base=home.base_url, residency="UK", retries=0),
            "abroad": ModelRoute(model="openai/m", api_base=abroad.base_url, residency="US", retries=0),
            "unsaid": ModelRoute(model="openai/m", api_base=abroad.base_url, retries=0),
        }

        async def ask(*models: str) -> None:
            providers = Providers(routes)
            providers.load()
            try:
                call = providers.stream if stream else providers.complete
                await call(models, REQUEST, "UK")
            finally:
                await providers.aclose()

        with pytest.raises(ResidencyUnmet):
            asyncio.run(ask("home", "abroad", "unsaid"))
        with pytest.raises(ResidencyUnmet):
            asyncio.run(ask("abroad", "unsaid"))
        assert (len(home.requests), len(abroad.requests)) == (1, 0)
