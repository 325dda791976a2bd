"""The three ways to a provider have one shape; `gateway.providers.providers` picks one for each route at
start.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, Protocol

OWN_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "anthropic": frozenset({"top_k"}),
    "gemini": frozenset({"top_k"}),
    "ollama_chat": frozenset({"top_k"}),
    "vertex_ai": frozenset({"top_k"}),
}
"""By provider: fields that it has under this name beside OpenAI's, and that litellm passes on as they are."""


class ProviderChannel(Protocol):
    """One route, ready to use. Both methods raise ProviderError, and close what they opened on any
    exception.
    """

    async def complete(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """A whole `chat.completion`."""
        ...

    def stream(self, request: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """The chunks as they come; raises ProviderCut instead of ending where the provider ended too early.

        An async generator: closing it closes the connection.
        """
        ...


def without_stream(request: Mapping[str, Any]) -> dict[str, Any]:
    """The request for one whole answer, whatever the caller asked for."""
    return {name: value for name, value in request.items() if name not in ("stream", "stream_options")}
