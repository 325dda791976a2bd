"""Embeddings in OpenAI's shape: what makes them, and what makes an answer whole."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np

from gateway.providers.chunks import parse
from gateway.providers.foreign_errors import nonsense
from gateway.providers.stream import Attempt

_FLOAT: Final = "<f4"
"""How numbers are written in base64: 32 bits, the least significant byte first."""


class Embedder(Protocol):
    """What makes embeddings, ready to use."""

    async def embed(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """A list of embeddings, one for each text of `input`, in its order; raises ProviderError."""
        ...


@dataclass(frozen=True)
class EmbeddingResult:
    """An answer, and which model gave it."""

    body: dict[str, Any] = field(repr=False)
    model: str
    attempts: tuple[Attempt, ...]

    @property
    def vectors(self) -> list[Any]:
        """One for each text: numbers, or those in base64."""
        return [item["embedding"] for item in self.body["data"]]

    @property
    def usage(self) -> Mapping[str, Any]:
        """As the model counted."""
        usage = self.body.get("usage")
        return usage if isinstance(usage, Mapping) else {}


def parse_embeddings(body: bytes, request: Mapping[str, Any]) -> dict[str, Any]:
    """A provider's answer, ordered as the texts were; raises ProviderFailed."""
    document = parse(body)
    data = document.get("data")
    if not isinstance(data, list) or not all(_is_embedding(item) for item in data):
        raise nonsense()
    data = sorted(data, key=lambda item: item["index"])
    if [item["index"] for item in data] != list(range(len(request["input"]))):
        raise nonsense()
    return {**document, "data": data}


def in_format(vector: Any, encoding_format: str) -> Any:
    """A vector as `float` or `base64`, whichever of them it came in."""
    if encoding_format == "base64" and not isinstance(vector, str):
        return base64.b64encode(np.array(vector, _FLOAT).tobytes()).decode()
    if encoding_format == "float" and isinstance(vector, str):
        return np.frombuffer(base64.b64decode(vector), _FLOAT).tolist()
    return vector


def _is_embedding(value: object) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("index"), int):
        return False
    vector = value.get("embedding")
    return _is_base64(vector) if isinstance(vector, str) else _is_numbers(vector)


def _is_base64(vector: str) -> bool:
    try:
        raw = base64.b64decode(vector, validate=True)
    except binascii.Error:
        return False
    return len(raw) > 0 and len(raw) % 4 == 0


def _is_numbers(vector: object) -> bool:
    return (
        isinstance(vector, Sequence)
        and len(vector) > 0
        and all(type(component) in (float, int) for component in vector)
    )
