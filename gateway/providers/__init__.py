"""Models behind the gateway: routes, retries, fallbacks and errors in our words; litellm, and nothing else
knows of it.

A request and an answer are OpenAI's chat completions as dicts. Three ways lead to a provider: directly where
it speaks OpenAI's interface, by litellm's translations over our own client, or through litellm's whole call
(docs/decisions/0001). The rehearsal model stands in where there is none.
"""

from typing import TYPE_CHECKING

from gateway.lazy_imports import load_when_used

if TYPE_CHECKING:
    from gateway.providers.embeddings import EmbeddingResult, in_format
    from gateway.providers.prices import Price
    from gateway.providers.provider_errors import (
        ProviderCut,
        ProviderError,
        ProviderFailed,
        ProviderRateLimited,
        ProviderRefused,
        ProvidersBusy,
        ProviderTimeout,
        ResidencyUnmet,
        RouteInvalid,
    )
    from gateway.providers.providers import Providers
    from gateway.providers.route_terms import RouteTerms
    from gateway.providers.routes import DEFAULT_ROUTE, REHEARSAL, EmbeddingModel, ModelRoute, default_routes
    from gateway.providers.stream import Attempt, Completion, CompletionStream
    from gateway.providers.token_count import count_tokens
    from gateway.providers.transcripts import Recording, TranscriptionResult
else:
    __getattr__ = load_when_used(__name__, __file__)

__all__ = [
    "DEFAULT_ROUTE",
    "REHEARSAL",
    "Attempt",
    "Completion",
    "CompletionStream",
    "EmbeddingModel",
    "EmbeddingResult",
    "ModelRoute",
    "Price",
    "ProviderCut",
    "ProviderError",
    "ProviderFailed",
    "ProviderRateLimited",
    "ProviderRefused",
    "ProviderTimeout",
    "Providers",
    "ProvidersBusy",
    "Recording",
    "ResidencyUnmet",
    "RouteInvalid",
    "RouteTerms",
    "TranscriptionResult",
    "count_tokens",
    "default_routes",
    "in_format",
]
