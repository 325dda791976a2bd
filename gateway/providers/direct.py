"""Providers that speak OpenAI's own interface: JSON in, JSON out, nothing to translate, so litellm is not
asked.

The request reaches the provider as it is, but for `model`, the route's own `params`, and at OpenAI's own address the
newer name of `max_tokens`; the answer comes back as the provider wrote it.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from gateway.providers.chunks import Chunk, Completeness, is_end, parse_chunk, parse_completion
from gateway.providers.embeddings import parse_embeddings
from gateway.providers.events import EventReader
from gateway.providers.foreign_errors import unsupported
from gateway.providers.provider_channel import without_stream
from gateway.providers.routes import OPENAI_BASE, ModelRoute
from gateway.providers.transcripts import Recording, parse_transcript
from gateway.providers.transport import ByteStream, Transport, encode

AZURE_VERSION: Final = "2024-10-21"
"""Azure OpenAI's latest stable api-version for chat completions by deployment."""


_WITHOUT_TOP_K: Final = frozenset({"azure", "cerebras", "groq"})


@dataclass(frozen=True)
class DirectChannel:
    """One route to an OpenAI-compatible server."""

    transport: Transport
    route: ModelRoute
    url: str
    embeddings_url: str
    transcriptions_url: str
    headers: Mapping[str, str]

    async def complete(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """See ProviderChannel."""
        body = encode(self._body(without_stream(request)))
        return parse_completion(await self.transport.post(self.url, self.headers, body, self.route))

    async def stream(self, request: Mapping[str, Any]) -> AsyncIterator[Chunk]:
        """See ProviderChannel."""
        body = encode(self._body({**request, "stream": True}))
        stream = await self.transport.open(self.url, self.headers, body, self.route)
        try:
            async for chunk in _chunks(stream, Completeness(request)):
                yield chunk
        finally:
            await stream.aclose()

    async def embed(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """See Embedder."""
        body = encode({**request, **self.route.params, "model": self.route.target})
        answer = await self.transport.post(self.embeddings_url, self.headers, body, self.route)
        return parse_embeddings(answer, request)

    async def transcribe(self, recording: Recording) -> dict[str, Any] | str:
        """The transcript in the form that `recording` asks for; raises ProviderError."""
        kind, body = recording.form({**self.route.params, "model": self.route.target})
        headers = {**self.headers, "content-type": kind}
        answer = await self.transport.post(self.transcriptions_url, headers, body, self.route)
        return parse_transcript(answer, recording.response_format)

    def _body(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = {**request, **self.route.params, "model": self.route.target}
        own = self.url.startswith(OPENAI_BASE)
        if body.get("top_k") is not None and (own or self.route.provider in _WITHOUT_TOP_K):
            raise unsupported("top_k", self.route.provider)
        if own and "max_tokens" in body:
            # Its newer models refuse the old name, and all of its models know the new one.
            body.setdefault("max_completion_tokens", body.pop("max_tokens"))
        return body


async def _chunks(stream: ByteStream, completeness: Completeness) -> AsyncIterator[Chunk]:
    reader = EventReader()
    while packet := await stream.read():
        for data in reader.feed(packet):
            if is_end(data):
                await stream.finish()
                return
            chunk = parse_chunk(data)
            completeness.watch(chunk)
            yield chunk
    for data in reader.end():
        if is_end(data):
            return
    completeness.check_end()


def address(route: ModelRoute, base: str | None, path: str) -> str:
    """The address of the route's requests for `path`; `base` is the provider's own address, if the route names none."""
    root = (route.api_base or base or OPENAI_BASE).rstrip("/")
    if route.provider != "azure":
        return f"{root}/{path}"
    version = urlencode({"api-version": route.api_version or AZURE_VERSION})
    return f"{root}/openai/deployments/{quote(route.target, safe='')}/{path}?{version}"


def credentials(route: ModelRoute, key: str | None) -> dict[str, str]:
    """The route's headers, with its key as the provider wants it."""
    if key is None:
        return dict(route.headers)
    own = {"api-key": key} if route.provider == "azure" else {"authorization": f"Bearer {key}"}
    return {**own, **route.headers}
