"""Estimates the tokens of a request with the tokenizer that litellm ships."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.providers.litellm_import import import_litellm


def count_tokens(messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] | None) -> int:
    """An estimate for any model: OpenAI's `cl100k_base`, whatever the model's own tokenizer is.

    Takes seconds the first time, where no route has loaded litellm: use a thread.
    """
    counted: int = import_litellm().token_counter(
        messages=list(messages), tools=list(tools) if tools else None
    )
    return counted
