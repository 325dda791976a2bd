"""All other providers, and the rehearsal model: litellm does the whole call, with its own clients and
signing.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.providers.chunks import Chunk
from gateway.providers.foreign_errors import cut, translate, unsupported
from gateway.providers.provider_channel import OWN_FIELDS, without_stream
from gateway.providers.provider_errors import ProviderError
from gateway.providers.routes import ModelRoute
from gateway.telemetry import outgoing_headers


@dataclass(frozen=True)
class DelegatedChannel:
    """One route through `litellm.acompletion`."""

    litellm: Any
    route: ModelRoute
    key: str | None

    async def complete(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """See ProviderChannel."""
        response = await self._call(without_stream(request))
        body: dict[str, Any] = response.model_dump(exclude_none=True)
        for choice in body["choices"]:
            choice["message"].setdefault("content", None)
        return body

    async def stream(self, request: Mapping[str, Any]) -> AsyncIterator[Chunk]:
        """See ProviderChannel."""
        response = await self._call({**request, "stream": True})
        deadline = asyncio.get_running_loop().time() + self.route.timeout_seconds
        try:
            while (raw := await self._next(response, deadline)) is not None:
                yield _chunk(raw, response)
            if response.received_finish_reason is None:
                raise cut()
        finally:
            await response.aclose()

    async def _call(self, request: Mapping[str, Any]) -> Any:
        arguments = self._arguments(request)
        failure: ProviderError
        try:
            async with asyncio.timeout(self.route.timeout_seconds):
                return await self.litellm.acompletion(**arguments)
        except Exception as error:  # noqa: BLE001 - litellm raises whatever its providers' libraries raise
            failure = translate(error)
        raise failure

    async def _next(self, response: Any, deadline: float) -> Any:
        now = asyncio.get_running_loop().time()
        failure: ProviderError
        try:
            async with asyncio.timeout_at(min(deadline, now + self.route.idle_seconds)):
                return await anext(response, None)
        except Exception as error:  # noqa: BLE001 - litellm raises whatever its providers' libraries raise
            failure = translate(error)
        raise failure

    def _arguments(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Only fields that the provider has: litellm's own arguments, such as `api_base`, are no caller's to
        give.
        """
        known = self._known_fields()
        fields = {name: value for name, value in request.items() if name != "model" and value is not None}
        for name in fields:
            if name not in known and self.route.provider != "rehearsal" and (name, fields[name]) != ("n", 1):
                raise unsupported(name, self.route.provider)
        route = {
            "model": self.route.model,
            "api_base": self.route.api_base,
            "api_key": self.key,
            "api_version": self.route.api_version,
            "extra_headers": {**outgoing_headers(), **self.route.headers} or None,
        }
        return {
            **{name: value for name, value in fields.items() if name in known},
            **self.route.params,
            **{name: value for name, value in route.items() if value is not None},
            "timeout": self.route.timeout_seconds,
            "max_retries": 0,
            "num_retries": 0,
        }

    def _known_fields(self) -> frozenset[str]:
        always = {"messages", "stream", "stream_options"}
        if self.route.provider == "rehearsal":
            return frozenset({*always, "n"})  # it looks at nothing else
        supported = self.litellm.get_supported_openai_params(
            model=self.route.target, custom_llm_provider=self.route.provider
        )
        own = OWN_FIELDS.get(self.route.provider, ())
        return frozenset(always.union(supported or (), own)) - {"extra_headers", "max_retries"}


def _chunk(raw: Any, response: Any) -> Chunk:
    """The chunk as a dict. litellm makes up a finish_reason where the provider sent none: that is a cut
    stream.
    """
    chunk: Chunk = raw.model_dump(exclude_none=True)
    for choice in chunk.get("choices", ()):
        choice.setdefault("delta", {})
        finish = choice.setdefault("finish_reason", None)
        if finish is not None and choice["index"] == 0 and response.received_finish_reason is None:
            raise cut()
    return chunk
