"""Translates a place in the chat completion request to the place in the caller's own request, so that errors name the
latter.
"""

from collections.abc import Mapping
from typing import Final

from gateway.errors import GatewayError
from gateway.http import translate
from gateway.providers import ProviderError

EARLIER: Final = "previous_response_id"
"""The place of all that came with an earlier response: the caller has not written it now."""
_RENAMED: Final[Mapping[str, str]] = {
    "messages": "input",
    "max_completion_tokens": "max_output_tokens",
    "reasoning_effort": "reasoning.effort",
    "verbosity": "text.verbosity",
    "response_format": "text.format",
    "response_format.json_schema": "text.format",
    "tool_choice.function": "tool_choice",
    "tool_choice.allowed_tools": "tool_choice",
}


def as_written(error: Exception, places: Mapping[str, str]) -> GatewayError:
    """An error about the chat completion request, with the place as the caller wrote it."""
    refusal = translate(error)
    if isinstance(error, ProviderError) and (refusal.param or "").startswith("messages"):
        refusal.param = "input"  # the provider counts the policy's prompt, too
    elif refusal.param is not None:
        refusal.param = place_of(refusal.param, places)
    return refusal


def place_of(param: str, places: Mapping[str, str]) -> str:
    """The place by the longest beginning of `param` that is known; what follows it stays."""
    known = {**_RENAMED, **places}
    for end in range(len(param), 0, -1):
        if (end == len(param) or param[end] in ".[") and param[:end] in known:
            place = known[param[:end]]
            return place if place == EARLIER else place + param[end:]
    return param
