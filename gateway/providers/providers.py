"""Completions, embeddings and transcripts over the routes of countersign.yaml: a route's retries, then the next."""

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeVar

from opentelemetry.trace import Span, SpanKind

from gateway.providers.chunks import Chunk
from gateway.providers.direct import DirectChannel, address, credentials
from gateway.providers.embeddings import Embedder, EmbeddingResult
from gateway.providers.foreign_errors import nonsense
from gateway.providers.litellm_channel import DelegatedChannel
from gateway.providers.litellm_import import import_litellm
from gateway.providers.litellm_translation import TRANSLATED, TranslatedChannel
from gateway.providers.local_embeddings import LocalEmbedder
from gateway.providers.provider_channel import ProviderChannel
from gateway.providers.provider_errors import (
    ProviderError,
    ProviderFailed,
    ProvidersBusy,
    ResidencyUnmet,
    RouteInvalid,
)
from gateway.providers.rehearsal import register
from gateway.providers.route_terms import MAX_WAIT, RouteTerms
from gateway.providers.routes import DIRECT, OPENAI_BASE, EmbeddingModel, ModelRoute, conventional_key
from gateway.providers.stream import Attempt, Completion, CompletionStream, close
from gateway.providers.transcripts import Recording, TranscriptionResult
from gateway.providers.transport import Transport
from gateway.telemetry import set_failed, span

FIRST_WAIT: Final = 0.2

NEEDS_KEY: Final = DIRECT.union(TRANSLATED) - {
    "hosted_vllm",
    "llamafile",
    "lm_studio",
    "ollama_chat",
    "openai_like",
}
"""Providers whose own servers answer nobody without a key. What is delegated may sign in by other means."""

Sleep = Callable[[float], Awaitable[None]]
T = TypeVar("T")
C = TypeVar("C")


class Providers:
    """All models that policies can name. Built without effects; `load` once, before the first completion."""

    def __init__(
        self,
        routes: Mapping[str, ModelRoute],
        embedding_models: Mapping[str, EmbeddingModel] = MappingProxyType({}),
        *,
        environ: Mapping[str, str] = os.environ,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._routes = dict(routes)
        self._embedding_models = dict(embedding_models)
        self.terms = RouteTerms(self._routes, self._embedding_models)
        self._environ = environ
        self._sleep = sleep
        self._transport: Transport | None = None
        self._channels: dict[str, ProviderChannel] = {}
        self._embedders: dict[str, Embedder] = {}
        self._transcribers: dict[str, DirectChannel] = {}

    @property
    def names(self) -> frozenset[str]:
        """The routes' names: what a policy's `models` may hold."""
        return frozenset(self._routes)

    @property
    def loaded(self) -> bool:
        """Whether `load` has run."""
        return self._transport is not None

    def load(self) -> None:
        """Make every route ready; raises RouteInvalid. Takes seconds where a route needs litellm: use a
        thread.
        """
        transport = Transport()
        self._channels = {name: self._channel(name, route, transport) for name, route in self._routes.items()}
        direct = {
            name: channel for name, channel in self._channels.items() if isinstance(channel, DirectChannel)
        }
        local = {
            name: LocalEmbedder.load(channel.folder, where=f"embedding_models.{name}.folder")
            for name, channel in self._embedding_models.items()
        }
        self._embedders = {**direct, **local}
        self._transcribers = {name: channel for name, channel in direct.items() if not channel.route.leaves}
        self._transport = transport

    async def complete(
        self, models: Sequence[str], request: Mapping[str, Any], residency: str | None = None
    ) -> Completion:
        """The first answer that one of the routes `models` gives to the OpenAI request; raises
        ProviderError. Only routes that declare the `residency`, if one is named, are sent anything.
        """
        body, model, attempts = await self._first_answer(
            models, self._channels, lambda channel: channel.complete(request), residency
        )
        return Completion(body, model, attempts)

    async def stream(
        self, models: Sequence[str], request: Mapping[str, Any], residency: str | None = None
    ) -> CompletionStream:
        """Like `complete`, as chunks; returns once the first one is here. The caller closes it."""
        opened, model, attempts = await self._first_answer(
            models, self._channels, lambda channel: _open(channel, request), residency
        )
        return CompletionStream(*opened, model, attempts)

    async def embed(
        self, models: Sequence[str], request: Mapping[str, Any], residency: str | None = None
    ) -> EmbeddingResult:
        """Vectors for the `input` of OpenAI's embeddings request, by the first of `models` that answers."""
        body, model, attempts = await self._first_answer(
            models, self._embedders, lambda embedder: embedder.embed(request), residency
        )
        return EmbeddingResult(body, model, attempts)

    async def transcribe(
        self, models: Sequence[str], recording: Recording, residency: str | None = None
    ) -> TranscriptionResult:
        """The transcript by the first of `models` that answers; what leaves the organisation is none of them."""
        content, model, attempts = await self._first_answer(
            models, self._transcribers, lambda channel: channel.transcribe(recording), residency
        )
        return TranscriptionResult(content, model, attempts)

    async def aclose(self) -> None:
        """Close every connection."""
        if self._transport is not None:
            await self._transport.aclose()

    async def _first_answer(
        self,
        models: Sequence[str],
        channels: Mapping[str, C],
        ask: Callable[[C], Awaitable[T]],
        residency: str | None,
    ) -> tuple[T, str, tuple[Attempt, ...]]:
        attempts: list[Attempt] = []
        failure: ProviderError = self._not_ready(models)
        for name in models if self.loaded else ():
            if not self.terms.stays(name, residency):
                failure = ResidencyUnmet("A model of this policy does not declare the policy's residency.")
                continue
            answer, failed = await self._ask_route(name, channels.get(name), ask, attempts)
            if failed is None:
                return answer, name, tuple(attempts)  # type: ignore[return-value]  # an answer, since nothing failed
            failure = failed
            if not failure.retryable:
                break
        raise failure

    async def _ask_route(
        self, name: str, channel: C | None, ask: Callable[[C], Awaitable[T]], attempts: list[Attempt]
    ) -> tuple[T | None, ProviderError | None]:
        if channel is None:
            return None, ProviderFailed(f"There is no model {name!r} in countersign.yaml.", retryable=False)
        retries = self._routes[name].retries if name in self._routes else 0
        for tried in range(retries + 1):
            with span("chat", kind=SpanKind.CLIENT) as current:
                answer, failure = await _attempt(name, channel, ask, attempts)
                self._describe(current, name, answer, failure)
            wait = _wait(tried, failure)
            if failure is None or tried == retries or wait is None:
                break
            await self._sleep(wait)
        return answer, failure

    def _describe(self, current: Span, name: str, answer: object, failure: ProviderError | None) -> None:
        """The attributes of an attempt by OpenTelemetry's conventions for generative AI: the model, none of the
        content.
        """
        current.set_attribute("countersign.model", name)
        route = self._routes.get(name)
        if route is not None:
            current.update_name(f"chat {route.target}")
            current.set_attribute("gen_ai.operation.name", "chat")
            current.set_attribute("gen_ai.provider.name", route.provider)
            current.set_attribute("gen_ai.request.model", route.target)
        if failure is not None:
            set_failed(current, failure.code)
        usage = answer.get("usage") if isinstance(answer, Mapping) else None
        for own_name, openai_name in (
            ("prompt_tokens", "input_tokens"),
            ("completion_tokens", "output_tokens"),
        ):
            if isinstance(usage, Mapping) and isinstance(usage.get(own_name), int):
                current.set_attribute(f"gen_ai.usage.{openai_name}", usage[own_name])

    def _not_ready(self, models: Sequence[str]) -> ProviderError:
        if not self.loaded:
            return ProvidersBusy("The models are still loading. Try again in some seconds.", code="starting")
        return ProviderFailed(
            f"The policy names {len(models)} models; at least one is needed.", retryable=False
        )

    def _channel(self, name: str, route: ModelRoute, transport: Transport) -> ProviderChannel:
        key = self._key(name, route)
        if route.provider in DIRECT:
            base = _base(name, route)
            paths = ("chat/completions", "embeddings", "audio/transcriptions")
            chat, embeddings, transcriptions = (address(route, base, path) for path in paths)
            return DirectChannel(transport, route, chat, embeddings, transcriptions, credentials(route, key))
        litellm = import_litellm()
        if route.provider == "rehearsal":
            register(litellm)
        elif route.provider not in litellm.provider_list:
            raise RouteInvalid(f"models.{name}.model: litellm knows no provider {route.provider!r}.")
        if route.provider in TRANSLATED:
            config = litellm.ProviderConfigManager.get_provider_chat_config(
                model=route.target, provider=litellm.LlmProviders(route.provider)
            )
            return TranslatedChannel(transport, route, key, litellm, config)
        return DelegatedChannel(litellm, route, key)

    def _key(self, name: str, route: ModelRoute) -> str | None:
        """The route's key. The provider's usual variable is read only for the provider's own server."""
        if route.api_key_env is not None:
            if key := self._environ.get(route.api_key_env):
                return key
            raise RouteInvalid(f"models.{name}.api_key_env: the variable {route.api_key_env} is not set.")
        if route.api_base:
            return None
        key = self._environ.get(conventional_key(route.provider)) or None
        if key is None and route.provider in NEEDS_KEY:
            raise RouteInvalid(
                f"models.{name}: set {conventional_key(route.provider)}, or api_key_env, or api_base."
            )
        return key


def _base(name: str, route: ModelRoute) -> str | None:
    """The provider's own address; litellm knows it, and is asked only where nobody says it."""
    if route.api_base or route.provider == "openai":
        return OPENAI_BASE
    base = None if route.provider == "azure" else import_litellm().get_llm_provider(model=route.model)[3]
    if base is None:
        raise RouteInvalid(f"models.{name}.api_base: say where the server of {route.provider} is.")
    return str(base)


async def _open(channel: ProviderChannel, request: Mapping[str, Any]) -> tuple[Chunk, Any]:
    chunks = channel.stream(request)
    try:
        first = await anext(chunks, None)
        if first is None:
            raise nonsense()
    except BaseException:
        await close(chunks)
        raise
    return first, chunks


async def _attempt(
    name: str, channel: C, ask: Callable[[C], Awaitable[T]], attempts: list[Attempt]
) -> tuple[T | None, ProviderError | None]:
    started = time.monotonic()
    answer, failure = None, None
    try:
        answer = await ask(channel)
    except ProviderError as error:
        failure = error
    taken = round((time.monotonic() - started) * 1000)
    outcome = failure.code if failure else "answered"
    attempts.append(Attempt(name, outcome, failure.provider_status if failure else 200, taken))
    return answer, failure


def _wait(tried: int, failure: ProviderError | None) -> float | None:
    """Seconds before the same route is asked again; None if it is not."""
    if failure is None or not failure.retryable:
        return None
    if failure.retry_after is not None:
        return float(failure.retry_after) if failure.retry_after <= MAX_WAIT else None
    # Jittered, so that many callers who failed together don't come back together.
    longest: float = min(MAX_WAIT, FIRST_WAIT * 2**tried)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - spreads load, no secret
