"""The terms of the routes: prices, residency, and timeouts."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from gateway.providers.prices import FREE, Price, price_of
from gateway.providers.routes import DIRECT, EmbeddingModel, ModelRoute

MAX_WAIT: Final = 2.0
"""Seconds between two attempts; a provider that asks for more is not waited for, the caller is told instead.
"""


class RouteTerms:
    """Of all models that policies can name."""

    def __init__(
        self, routes: Mapping[str, ModelRoute], embedding_models: Mapping[str, EmbeddingModel]
    ) -> None:
        self._routes = routes
        self._embedding_models = embedding_models

    @property
    def routes(self) -> frozenset[str]:
        """The routes' names: what a policy's `models` may hold."""
        return frozenset(self._routes)

    @property
    def residencies(self) -> Mapping[str, str | None]:
        """Where what a route is sent stays, as the route declares it."""
        return {name: route.residency for name, route in self._routes.items()}

    @property
    def rehearsals(self) -> frozenset[str]:
        """The routes behind which there is no model, so that nothing leaves."""
        return frozenset(name for name, route in self._routes.items() if route.provider == "rehearsal")

    @property
    def local(self) -> frozenset[str]:
        """What nothing leaves for: rehearsals, and models in the gateway's own process."""
        return self.rehearsals.union(self._embedding_models)

    @property
    def embedders(self) -> Mapping[str, bool]:
        """The models that a policy's `embeddings.models` may name, and whether each is local (nothing leaves)."""
        return {**self.transcribers, **dict.fromkeys(self._embedding_models, True)}

    @property
    def transcribers(self) -> Mapping[str, bool]:
        """What a policy's `transcriptions.models` may hold, and whether its server is the organisation's own."""
        return {name: not route.leaves for name, route in self._routes.items() if route.provider in DIRECT}

    @cached_property
    def prices(self) -> Mapping[str, Price | None]:
        """The price of each model's tokens; None if it is unknown."""
        routes = {name: price_of(route) for name, route in self._routes.items()}
        return {**routes, **dict.fromkeys(self._embedding_models, FREE)}

    def stays(self, name: str, residency: str | None) -> bool:
        """Whether what this model is sent stays within the residency, if one is asked for."""
        if residency is None or name in self.local:
            return True
        route = self._routes.get(name)
        return route is not None and route.residency == residency

    def longest_seconds(self, models: Sequence[str]) -> float:
        """How long an answer can take at most, with every retry and every fallback."""
        routes = [self._routes[name] for name in models if name in self._routes]
        return sum((route.timeout_seconds + MAX_WAIT) * (route.retries + 1) for route in routes)
