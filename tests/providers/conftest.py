"""A provider on loopback for each test, and providers that lead to it."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from gateway.providers import ModelRoute, Providers
from tests.provider_server import ProviderServer

REQUEST: dict[str, Any] = {
    "model": "a-policy",
    "messages": [{"role": "user", "content": "What happened on 3 May?"}],
}

Build = Callable[..., Providers]


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    with ProviderServer() as running:
        yield running


class Waits(list[float]):
    """Stands in for sleeping: notes how long."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
async def build(waits: Waits) -> AsyncIterator[Build]:
    """Loaded providers from routes, closed after the test."""
    built: list[Providers] = []

    def make(environ: dict[str, str] | None = None, **routes: ModelRoute) -> Providers:
        providers = Providers(routes, environ=environ or {}, sleep=waits)
        providers.load()
        built.append(providers)
        return providers

    yield make
    for providers in built:
        await providers.aclose()
