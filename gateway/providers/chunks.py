"""What makes a chat completion whole, in one piece and in chunks."""

from collections.abc import Mapping
from typing import Any

import orjson

from gateway.providers.foreign_errors import cut, nonsense

Chunk = dict[str, Any]

_DONE = b"[DONE]"


def is_end(data: bytes) -> bool:
    """Whether an event says that the stream has ended; OpenAI's own client asks no more than this."""
    return data.startswith(_DONE)


def parse_completion(body: bytes) -> dict[str, Any]:
    """An OpenAI `chat.completion` with all the fields that the provider sent; raises ProviderFailed."""
    document = parse(body)
    choices = document.get("choices")
    if not isinstance(choices, list) or not choices or not all(_is_choice(choice) for choice in choices):
        raise nonsense()
    return document


def parse_chunk(data: bytes) -> Chunk:
    """One `chat.completion.chunk`; raises ProviderCut for an error event, ProviderFailed for nonsense."""
    document = parse(data)
    if document.get("error") is not None:
        raise cut(document)
    document["choices"] = [] if document.get("choices") is None else document["choices"]  # Azure's null
    if not isinstance(document["choices"], list):
        raise nonsense()
    return document


def parse(body: bytes) -> dict[str, Any]:
    """A JSON object; raises ProviderFailed for anything else."""
    document: Any = None
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise nonsense()
    return document


def _is_choice(choice: object) -> bool:
    return isinstance(choice, dict) and isinstance(choice.get("message"), dict)


class Completeness:
    """Watches the chunks of one stream and tells whether an end of it is a clean one."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        choices = request.get("n")
        self._expected = choices if isinstance(choices, int) else 1
        self._seen: set[int] = set()
        self._finished: set[int] = set()

    def watch(self, chunk: Chunk) -> None:
        """Note which choices have begun and which have their finish_reason."""
        for choice in chunk.get("choices", ()):
            if not isinstance(choice, dict):
                raise nonsense()
            index = choice.get("index", 0)
            self._seen.add(index)
            if choice.get("finish_reason"):
                self._finished.add(index)

    def check_end(self) -> None:
        """The stream has ended without `[DONE]`; raises ProviderCut unless every choice has finished."""
        if len(self._finished) < self._expected or not self._finished >= self._seen:
            raise cut()
